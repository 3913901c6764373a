import type { AnswerState, ClauseAsk, DirectiveRow, DraftView } from '../../../client/views.ts'
import { daysBetween } from '../../../language/calendar.ts'
import { dhakaTime, fromDhaka } from '../../../language/time.ts'
import { type WorkingCalendar, workingDaysBetween } from '../../../language/working-time.ts'
import type { GlyphState } from './states.ts'

/** The sections of আজ, in their order. */
export const sectionNames = ['late', 'dueToday', 'fresh', 'asked', 'upcoming', 'waiting'] as const
export type SectionName = (typeof sectionNames)[number]
/** `drafts`: letters that wait to be approved, mended or issued; only among what is asked. */
export type Section = { name: SectionName; rows: DirectiveRow[]; drafts: DraftView[] }

const cancelledShown = 3 * 86_400_000
/** How long after its due time (or its issue) a letter is still waited for in আজ. */
const waitedFor = 14 * 86_400_000

/**
 * What needs the reader of আজ at `now`, oldest due first within a section; sections with nothing in them are absent.
 * `post` limits it to one of his posts. A cancelled directive is shown among the new for three days and owes nothing.
 */
export function sectionsOf(
  rows: readonly DirectiveRow[],
  now: number,
  post?: string,
  drafts: readonly DraftView[] = [],
): Section[] {
  const midnight = fromDhaka(dhakaTime(now).date, 24)
  const found = new Map<SectionName, DirectiveRow[]>()
  for (const row of rows) {
    if (post && row.post !== post) continue
    const name = sectionOf(row, now, midnight)
    if (!name) continue
    const inIt = found.get(name)
    if (inIt) inIt.push(row)
    else found.set(name, [row])
  }
  const mine = drafts.filter(({ mineToDo, directive, mine }) => mineToDo && !directive && (!post || mine === post))
  return sectionNames.flatMap((name) => {
    const inIt = found.get(name) ?? []
    const beside = name === 'asked' ? mine : []
    return inIt.length + beside.length > 0 ? [{ name, rows: inIt.sort(oldestDueFirst), drafts: beside }] : []
  })
}

/** The same sections with no more than `most` rows in all: what lies further down is drawn when it comes near. */
export function firstOf(sections: readonly Section[], most: number): Section[] {
  let left = most
  return sections.flatMap((section) => {
    const rows = section.rows.slice(0, Math.max(0, left))
    left -= section.rows.length
    return rows.length + section.drafts.length > 0 ? [{ ...section, rows }] : []
  })
}

function sectionOf(row: DirectiveRow, now: number, midnight: number): SectionName | null {
  if (row.role === 'issuing' || row.role === 'supervising') {
    if (row.cancelled || row.supersededBy) return null
    return row.progress !== 'answered' && now < (row.due ?? row.accepted) + waitedFor ? 'waiting' : null
  }
  if (row.cancelled) return now - row.cancelled.at < cancelledShown ? 'fresh' : null
  if (row.supersededBy) return null
  const unopened = row.progress === 'sent' || row.progress === 'delivered'
  const asked = row.asked !== undefined
  if (row.owed.length === 0) return asked ? 'asked' : unopened ? 'fresh' : null
  if (row.late) return 'late'
  if (row.due !== null && row.due < midnight) return 'dueToday'
  if (unopened) return 'fresh'
  return asked || row.changes.some(({ kind }) => kind === 'remind') ? 'asked' : 'upcoming'
}

/** Rows without a due time come last, then the one accepted first. */
export function oldestDueFirst(a: DirectiveRow, b: DirectiveRow): number {
  const byDue = (a.due ?? Number.POSITIVE_INFINITY) - (b.due ?? Number.POSITIVE_INFINITY)
  return Number.isNaN(byDue) || byDue === 0 ? a.index - b.index : byDue
}

/** Whole days late at `now`: only working days count unless the directive is urgent. 0 on the day itself. */
export function daysLate(calendar: WorkingCalendar, due: number, now: number, urgency: number): number {
  const days = daysBetween(dhakaTime(due).date, dhakaTime(now).date)
  if (days <= 0) return 0
  return urgency > 0 ? days : workingDaysBetween(calendar, due, now)
}

/** What is still asked, as the row says it. */
export type Owed =
  | { what: 'acknowledge' | 'comply' | 'publish' | 'present' | 'nothing' }
  | { what: 'clauses'; labels: string[] }

/** `secretary`: the post reads for a principal, so what it does is present the letter. */
export function owedOf(row: Pick<DirectiveRow, 'owed' | 'publish'>, secretary = false): Owed[] {
  const owed: Owed[] = []
  if (row.owed.some(({ ask }) => ask === 'acknowledge')) owed.push({ what: 'acknowledge' })
  const duties = row.owed.filter(isDuty)
  if (duties.length === 0) return owed.length ? owed : [{ what: 'nothing' }]
  const publishes = owesPublishing(row)
  if (publishes) owed.push({ what: 'publish' })
  const others = publishes ? duties.filter(({ label }) => label !== '') : duties
  if (others.length === 0) return owed
  if (secretary) owed.push({ what: 'present' })
  else if (others.some(({ label }) => label === '')) owed.push({ what: 'comply' })
  else owed.push({ what: 'clauses', labels: others.map(({ label }) => label) })
  return owed
}

/** To publish a letter is owed for the whole of it; its clauses are complied with like anybody's. */
export function owesPublishing({ owed, publish }: Pick<DirectiveRow, 'owed' | 'publish'>): boolean {
  return publish && owed.some((clause) => clause.label === '' && isDuty(clause))
}

/** A clause that asks for an answer, not only to be known or acknowledged. */
export function isDuty({ ask }: ClauseAsk): boolean {
  return ask === 'once' || ask === 'standing'
}

/** Whether anything of it can be answered, owed still or answered already. */
export function asksAnswer(row: Pick<DirectiveRow, 'clauses'>): boolean {
  return row.clauses.some(isDuty)
}

/** The circle of a row. */
export function glyphOf(row: Pick<DirectiveRow, 'progress' | 'queued'>, last?: AnswerState): GlyphState {
  if (row.progress === 'queued') return 'queued'
  if (row.progress === 'answered') {
    if (last === 'impossible') return 'impossible'
    if (last === 'notours') return 'notOurs'
    return last === 'progress' || last === 'problem' ? 'acknowledged' : 'complied'
  }
  return row.progress
}
