/** The only place where what leaves through a channel gets its words. It is handed no text of any letter. */
import type { Lang } from '../../language/digits.ts'
import { say } from '../../language/words.ts'

/** What a notice says of its directive. `office`: the name, in both languages, of who sent it. */
export type Told = { kind: string; urgency: number; grade: number; office: { bn: string; en: string } | null }

/** Kind, urgency and office; of a graded directive only that something came; of several at once only how many. */
export function wordNotices(lang: Lang, told: readonly Told[]): string {
  const [first] = told
  if (!first) throw new Error('Nothing to tell')
  if (told.length > 1) {
    const allNew = told.every(({ kind }) => familyOf(kind) === 'directive')
    return say(lang, allNew ? 'channels.notice.directives' : 'channels.notice.several', { n: told.length })
  }
  const { kind, urgency, grade, office } = first
  if (grade > 0 || !office) return say(lang, 'channels.notice.graded')
  const family = familyOf(kind)
  const urgent = isUrgent(urgency) ? URGENT[family] : undefined
  return say(lang, `channels.notice.${urgent ?? family}`, { office: office[lang] })
}

/** জরুরি and above: clocks run at night and on holidays too. */
export function isUrgent(urgency: number): boolean {
  return urgency > 0
}

type Family = 'directive' | 'advice' | 'change' | 'reminder' | 'escalation' | 'question' | 'other'

const URGENT: Partial<Record<Family, 'urgent' | 'urgentReminder'>> = { directive: 'urgent', reminder: 'urgentReminder' }

/** Kinds of notice by how they are told; one that is not listed is news. */
const FAMILIES: Record<string, Family> = {
  new: 'directive',
  advice: 'advice',
  amended: 'change',
  extended: 'change',
  cancelled: 'change',
  superseded: 'change',
  remind: 'reminder',
  reminder: 'reminder',
  escalation: 'escalation',
  question: 'question',
}

/** `reminder-late`, `escalation-1`: the stage is not told to whoever carries the message. */
function familyOf(kind: string): Family {
  return FAMILIES[kind.split('-')[0]!] ?? 'other'
}
