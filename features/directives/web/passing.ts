import type { DirectiveRow, IssueDraft, ListedPost, Part, Smarak } from '../../../client/views.ts'
import { toBangla } from '../../../language/digits.ts'
import { dhakaTime, fromDhaka } from '../../../language/time.ts'
import { type Field, fieldsToCbor } from '../../../letters/fields.ts'
import { givenValue } from '../../../letters/fields-read.ts'
import { totalOf } from '../../../letters/fields-total.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'
import type { BoardRow, BoardRows } from '../rows.ts'
import { rowName } from './board-names.ts'
import type { Signatory } from './directing.ts'
import { asksAnswer } from './sections.ts'

/** What the passing officer chose and wrote; `date` is ISO or ''. Kept as a draft. */
export type Passing = { to: string[]; instruction: string; date: string; urgent: boolean }

export type PassingFault = 'nobody' | 'instruction' | 'dueLate' | 'duePast'

export function emptyPassing(urgent: boolean): Passing {
  return { to: [], instruction: '', date: '', urgent }
}

/** A draft as it was kept by this or an earlier version; whoever is no longer below is left out. */
export function passingOf(saved: unknown, below: readonly ListedPost[], urgent: boolean): Passing {
  if (typeof saved !== 'object' || saved === null) return emptyPassing(urgent)
  const { to, instruction, date, urgent: kept } = saved as Partial<Record<keyof Passing, unknown>>
  const known = new Set(below.map(({ id }) => id))
  return {
    to: Array.isArray(to) ? to.filter((id) => known.has(id)) : [],
    instruction: typeof instruction === 'string' ? instruction : '',
    date: typeof date === 'string' ? date : '',
    urgent: typeof kept === 'boolean' ? kept : urgent,
  }
}

/** The end of office on that day, or of one's own time where that falls on it; without a date one's own time. */
export function dueOf({ date }: Pick<Passing, 'date'>, own: number | null): number | null {
  if (date === '') return own
  const evening = fromDhaka(date, 17)
  return own !== null && dhakaTime(own).date === date ? Math.min(evening, own) : evening
}

/** One's own time, while it is ahead: what is late already binds those below to nothing. */
export function ownAhead(own: number | null, now: number): number | null {
  return own !== null && own > now ? own : null
}

/** What is missing or wrong, in the order of the form. Who is late himself has to name a day. */
export function passingFaults(passing: Passing, own: number | null, now: number): PassingFault[] {
  const faults: PassingFault[] = []
  if (passing.to.length === 0) faults.push('nobody')
  if (passing.instruction.trim() === '') faults.push('instruction')
  const ahead = ownAhead(own, now)
  const due = dueOf(passing, ahead)
  if (due === null ? own !== null : due <= now) faults.push('duePast')
  else if (ahead !== null && due !== null && due > ahead) faults.push('dueLate')
  return faults
}

/** Who below has the letter itself, as far as these eyes may see; nobody where the server does not say. */
export async function askedThemselves(client: Pick<Smarak, 'board'>, id: string): Promise<Set<string>> {
  const asked = new Set<string>()
  try {
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = (await client.board(id, { filter: '', ...(cursor && { cursor }) })) as BoardRows
      for (const { post } of page.rows) asked.add(post)
      cursor = page.cursor
    }
  } catch {
    // It is a hint: without a connection, or where one may see nobody else, there is none.
  }
  return asked
}

/** The letter that passes `row` on: one's own instruction and what was asked, so that the answers add up above. */
export function passingDraft(
  passing: Passing,
  row: Pick<DirectiveRow, 'id' | 'post' | 'due' | 'grade' | 'urgency'>,
  {
    fields,
    subject,
    signatory,
    titleOf,
    now,
  }: {
    fields: readonly Field[]
    subject: string
    signatory: Signatory
    titleOf: (post: string) => string
    now: number
  },
): IssueDraft {
  const date = dhakaTime(now).date
  const parts: Part[] = [
    { label: 'kind', value: 'endorsement' },
    { label: 'letterhead', value: signatory.office },
    { label: 'date', value: date },
    { label: 'subject', value: subject },
    { label: 'paragraph:', value: passing.instruction.trim() },
    { label: 'signatory.name', value: signatory.name },
    { label: 'signatory.post', value: signatory.post },
    ...passing.to.map((post, i): Part => ({ label: `line:${toBangla(i + 1)}`, value: titleOf(post) })),
    ...(fields.length > 0 ? [{ label: 'fields', value: fieldsToCbor(fields) } satisfies Part] : []),
  ]
  return {
    post: row.post,
    parent: row.id,
    form: 'letter',
    parts: parts.filter(({ value }) => value !== ''),
    summary: { memo: '', subject, date, issuer: signatory.post },
    lines: passing.to.map((post, i) => ({ n: i + 1, purpose: 0 as const, selectors: [[2, post]] })),
    clauses: [{ label: '', ask: 'once' }],
    due: dueOf(passing, ownAhead(row.due, now)),
    grade: row.grade,
    urgency: passing.urgent ? Math.max(1, row.urgency) : 0,
  }
}

/**
 * What became of a letter after it was passed on, and those below are told of: it ended, or was changed. What one passed on is
 * one's own act, and stands until one withdraws or changes it oneself.
 */
export function behind(
  { cancelled, supersededBy, changes }: Pick<DirectiveRow, 'cancelled' | 'supersededBy' | 'changes'>,
  passed: readonly { issued: number }[],
): 'ended' | 'changed' | null {
  if (passed.length === 0) return null
  if (cancelled || supersededBy) return 'ended'
  const first = Math.min(...passed.map(({ issued }) => issued))
  return changes.some(({ kind, at }) => kind !== 'remind' && at > first) ? 'changed' : null
}

/** Whether the answers of those below can be given as one of one's own: also after it, as more come or one is corrected. */
export function answersTogether(row: Pick<DirectiveRow, 'cancelled' | 'supersededBy' | 'clauses'>): boolean {
  return !row.cancelled && !row.supersededBy && asksAnswer(row)
}

export type Together = {
  /** Exact sums of the number fields of which anybody gave one, by key. */
  values: Record<string, string>
  answered: number
  /** Posts that have not answered. */
  waiting: string[]
  /** Values that could not be read, and were not added. */
  unreadable: number
}

/** The answers of those below as one answer: numbers are added exactly, nothing else is guessed. */
export function together(
  fields: readonly Field[],
  rows: readonly { post: string; answer: { values?: Record<string, string>; state: string } | null }[],
): Together {
  const addressees = rows.map(({ answer }) => ({
    division: '',
    district: '',
    values: answer ? new Map(Object.entries(answer.values ?? {})) : null,
  }))
  const total = totalOf(fields, addressees)
  const values: Record<string, string> = {}
  fields.forEach(({ key, type }, i) => {
    const field = total.fields[i]!
    if (type === 'number' && field.given > 0) values[key] = field.sum
  })
  // What everybody says alike need not be written again.
  for (const field of fields) {
    if (field.type !== 'choice' && field.type !== 'date') continue
    const said = new Set(addressees.flatMap((one) => (one.values ? [givenValue(field, one.values)] : [])))
    const [only] = said
    if (said.size === 1 && only !== undefined) values[field.key] = only
  }
  return {
    values,
    answered: total.answered,
    waiting: rows.flatMap(({ post, answer }) => (answer ? [] : [post])),
    unreadable: total.fields.reduce((sum, { unreadable }) => sum + unreadable, 0),
  }
}

/** More names than this are not listed in a note; how many are missing stands in it anyway. */
const MOST_NAMED = 12

/**
 * The note of the one answer: how many it stands for, and who is missing, each with his place; then what the officer wrote
 * `before`. What an earlier gathering said of the numbers is true no longer and is left out.
 */
export function togetherNote(
  prefs: Prefs,
  rows: readonly BoardRow[],
  {
    answered,
    waiting,
    unreadable,
    direct = 0,
  }: Together & { /** Left out: they answer the letter themselves. */ direct?: number },
  before = '',
): string {
  const names = rows.filter(({ post }) => waiting.includes(post)).map((row) => rowName(prefs, row))
  return [
    rows.length > 0 && prefs.say('passing.below.note', { all: rows.length, answered }),
    direct > 0 && prefs.say('passing.below.noteDirect', { n: direct }),
    names.length > 0 &&
      names.length <= MOST_NAMED &&
      prefs.say('passing.below.noteWaiting', { posts: names.join('; ') }),
    unreadable > 0 && prefs.say('passing.below.cannotRead', { n: unreadable }),
    before
      .split('\n')
      .filter((line) => !isGathered(prefs, line))
      .join('\n')
      .trim(),
  ]
    .filter((line): line is string => Boolean(line))
    .join('\n')
}

/** Whether a line is one of those that `togetherNote` writes, whatever its numbers and names. */
function isGathered({ say }: Pick<Prefs, 'say'>, line: string): boolean {
  const shapeOf = (text: string) => text.replace(/[0-9০-৯]+/g, '#')
  if (line.startsWith(say('passing.below.noteWaiting', { posts: '|' }).split('|')[0]!)) return true
  return [
    say('passing.below.note', { all: 1, answered: 1 }),
    say('passing.below.noteDirect', { n: 1 }),
    say('passing.below.noteDirect', { n: 2 }),
    say('passing.below.cannotRead', { n: 1 }),
    say('passing.below.cannotRead', { n: 2 }),
  ].some((own) => shapeOf(own) === shapeOf(line))
}
