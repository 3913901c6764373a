import type { DirectiveRow, DraftView, Part, PostName } from '../../../client/views.ts'
import { REMIND_EVERY } from '../changes.ts'
import type { BoardRow } from '../rows.ts'
import { isOnPaper } from './amended.ts'

/** A reminder goes to no more addressees than this at once. */
export const MOST_REMINDED = 2000

/**
 * Whom a reminder may go to: who is late, and whoever owes something; each in the order of the board. As many as `remindable` of
 * the board says; the issuing post owes itself nothing.
 */
export function remindable(rows: readonly BoardRow[]): { late: BoardRow[]; owing: BoardRow[] } {
  const owing = rows.filter(({ clauses }) => clauses.some(({ owed }) => owed))
  return { late: owing.filter(({ late }) => late), owing }
}

/** From when another reminder may go; null when now. */
export function remindAgain({ changes }: Pick<DirectiveRow, 'changes'>, now: number): number | null {
  const last = changes.findLast(({ kind }) => kind === 'remind')
  return last && now - last.at < REMIND_EVERY ? last.at + REMIND_EVERY : null
}

/** A part of a letter that can be amended; paragraphs of one label are one, apart by blank lines. */
export type Amendable = { label: string; text: string }

export function amendable(parts: readonly Part[]): Amendable[] {
  const texts = parts.filter(
    (part): part is Part & { value: string } => isOnPaper(part.label) && typeof part.value === 'string',
  )
  return [...Map.groupBy(texts, ({ label }) => label)].map(([label, same]) => ({
    label,
    text: same.map(({ value }) => value).join('\n\n'),
  }))
}

/** The parts that stand in place of `label` from now on; nothing typed takes the part out. */
export function amendment(label: string, text: string): Part[] {
  const texts = label.startsWith('paragraph:') ? text.split(/\n\s*\n/).map((one) => one.trim()) : [text.trim()]
  const written = texts.filter(Boolean)
  return (written.length > 0 ? written : ['']).map((value) => ({ label, value }))
}

/** One line of what became of a directive, oldest first. */
export type Event = { at: number; reason: string } & (
  | { what: 'issued' | 'reminded' | 'withdrawn' }
  | { what: 'approved'; post: PostName }
  | { what: 'amended'; labels: string[] }
  | { what: 'extended'; from: number | null; to: number }
)

/** What was done to it before and after it was issued. */
export function historyOf(
  { accepted, changes, cancelled, firstDue }: Pick<DirectiveRow, 'accepted' | 'changes' | 'cancelled' | 'firstDue'>,
  draft?: Pick<DraftView, 'approvers'>,
): Event[] {
  const events: Event[] = (draft?.approvers ?? []).flatMap(({ post, at, reason = '' }) =>
    at === undefined ? [] : [{ what: 'approved', post, at, reason }],
  )
  events.push({ what: 'issued', at: accepted, reason: '' })
  let due = firstDue ?? null
  for (const change of changes) {
    const { at, reason } = change
    if (change.kind === 'remind') events.push({ what: 'reminded', at, reason })
    else if (change.kind === 'amend')
      events.push({ what: 'amended', at, reason, labels: [...new Set(change.parts.map(({ label }) => label))] })
    else {
      events.push({ what: 'extended', at, reason, from: due, to: change.due })
      due = change.due
    }
  }
  if (cancelled) events.push({ what: 'withdrawn', at: cancelled.at, reason: cancelled.reason })
  return events
}
