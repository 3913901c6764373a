import type { WordKey } from '../../../language/words.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'
import type { Board, BoardGroup, ClauseCounts, Counts } from '../board.ts'
import type { BoardRow } from '../rows.ts'
import { answerWords, type GlyphState } from './states.ts'

/** How far a post came, each post once: the five parts of the bar, and their glyphs. */
export const stages = ['sent', 'delivered', 'opened', 'acknowledged', 'complied'] as const
export type Stage = (typeof stages)[number]

/** The word of each stage. Of the last is known only that an answer came: it may say that it was not possible. */
export const stageWords = {
  sent: 'common.states.sent',
  delivered: 'common.states.delivered',
  opened: 'common.states.opened',
  acknowledged: 'common.states.acknowledged',
  complied: 'board.replied',
} as const satisfies Record<Stage, WordKey>

/** The counts, each part of the one before, as parts that add up to all. */
export function partsOf({ sent, delivered, opened, acknowledged, answered }: Counts): Record<Stage, number> {
  return {
    sent: sent - delivered,
    delivered: delivered - opened,
    opened: opened - acknowledged,
    acknowledged: acknowledged - Math.min(answered, acknowledged),
    complied: Math.min(answered, acknowledged),
  }
}

/** Whether anything of the letter wants an answer; otherwise acknowledging is all there is to do. */
export function wantsAnswers(clauses: readonly Pick<ClauseCounts, 'ask'>[]): boolean {
  return clauses.some(({ ask }) => ask === 'once' || ask === 'standing')
}

/** How many of a group are done, and the circle of it: filled when all are, by quarters before. */
export function doneOf(counts: Counts, answers: boolean): { done: number; all: number; glyph: GlyphState } {
  const done = answers ? counts.answered : counts.acknowledged
  return { done, all: counts.sent, glyph: glyphOfShare(done, counts.sent) }
}

/** The clauses that have a column: those that ask, and those that somebody answered though nobody asked. */
export function columnsOf<C extends Pick<ClauseCounts, 'label' | 'ask' | 'states'>>(clauses: readonly C[]): C[] {
  const columns = clauses.filter((clause) => clause.ask !== 'nothing' || (clause.label !== '' && answersIn(clause) > 0))
  // Where one acknowledgement of the whole is all that is asked, the column of the whole says it already.
  return columns.every(({ label, ask }) => label === '' && ask === 'acknowledge') ? [] : columns
}

/** What heads the column of a clause. Of the whole letter it is its acknowledgement only where no more is asked of it. */
export function columnName({ say }: Pick<Prefs, 'say'>, label: string, ask: ClauseCounts['ask']): string {
  return label || say(ask === 'acknowledge' ? 'issue.asks.acknowledge' : 'letter.parts.wholeLetter')
}

function answersIn({ states }: Pick<ClauseCounts, 'states'>): number {
  return Object.entries(states).reduce((sum, [state, n]) => (state === 'none' ? sum : sum + n), 0)
}

/**
 * One cell of a group: how many of those asked owe it no more. Where nobody is asked, how many answered all the same, with `all`
 * null; null where nobody did.
 */
export function cellOf(
  clause: Pick<ClauseCounts, 'asked' | 'owed' | 'states'> | undefined,
): { done: number; all: number | null; glyph: GlyphState } | null {
  if (!clause) return null
  const { asked, owed } = clause
  if (asked > 0) return { done: asked - owed, all: asked, glyph: glyphOfShare(asked - owed, asked) }
  const done = answersIn(clause)
  return done > 0 ? { done, all: null, glyph: 'complied' } : null
}

function glyphOfShare(done: number, all: number): GlyphState {
  if (all === 0 || done === 0) return 'sent'
  if (done === all) return 'complied'
  const quarters = Math.min(3, Math.max(1, Math.floor((done / all) * 4)))
  return (['delivered', 'opened', 'acknowledged'] as const)[quarters - 1]!
}

/** The circle of one post for the whole letter. */
export function glyphOfPost(row: BoardRow, answers: boolean): GlyphState {
  const { vacant, delivered, opened, acknowledged, answered } = row
  if (answered !== null) return glyphOfAnswers(statesOf(row))
  if (!answers && acknowledged !== null) return 'complied'
  if (acknowledged !== null) return 'acknowledged'
  if (opened !== null) return 'opened'
  if (delivered !== null) return 'delivered'
  return vacant ? 'vacant' : 'sent'
}

/** The word of one post for the whole letter: what it answered where that is one thing, else how far it came. */
export function wordOfPost(row: BoardRow) {
  const { vacant, delivered, opened, acknowledged, answered } = row
  if (answered !== null) {
    const words = new Set(statesOf(row).map((state) => answerWords[state]))
    return words.size === 1 ? [...words][0]! : stageWords.complied
  }
  if (acknowledged !== null) return stageWords.acknowledged
  if (opened !== null) return stageWords.opened
  if (delivered !== null) return stageWords.delivered
  return vacant ? 'common.states.vacant' : stageWords.sent
}

type State = NonNullable<BoardRow['clauses'][number]['state']>

function statesOf({ clauses }: BoardRow): State[] {
  return clauses.flatMap(({ state }) => state ?? [])
}

/** Full only where everything was done: in somebody's record "not possible" must not look like it. */
function glyphOfAnswers(states: State[]): GlyphState {
  if (states.some((state) => state === 'progress' || state === 'problem')) return 'acknowledged'
  if (states.includes('impossible')) return 'impossible'
  return states.length > 0 && states.every((state) => state === 'notours') ? 'notOurs' : 'complied'
}

/** The circle of one post for one clause, or null when it is asked nothing and said nothing. */
export function glyphOfCell(cell: BoardRow['clauses'][number], row: BoardRow): GlyphState | null {
  if (cell.ask === 'nothing' && cell.state === null) return null
  if (cell.state === 'done' || cell.state === 'kept') return 'complied'
  if (cell.state === 'impossible') return 'impossible'
  if (cell.state === 'notours') return 'notOurs'
  if (cell.state === 'progress' || cell.state === 'problem') return 'acknowledged'
  if (!cell.owed) return 'complied'
  return glyphOfPost({ ...row, answered: null }, true)
}

/** Of which areas a group consists: division → district → posts. Null when a group opens no further. */
export function insideOf(key: string): 'district' | 'rows' {
  return /^\d{2}$/.test(key) ? 'district' : 'rows'
}

/**
 * Groups inside an area, under keys that no other group has: the server calls whatever lies in none of the smaller areas
 * '-', in the country ('-') as in a division ('55-').
 */
export function keyedInside(area: string, groups: readonly BoardGroup[]): BoardGroup[] {
  return groups.map((group) => (group.key === '-' ? { ...group, key: `${area}-` } : group))
}

/** The area whose own offices a key of `keyedInside` stands for, or null. */
export function ownOf(key: string): string | null {
  return key.length > 1 && key.endsWith('-') ? key.slice(0, -1) : null
}

/** The area around an area: '5585' lies in '55'. '' is the whole country. */
export function aroundOf(key: string): string {
  const own = ownOf(key)
  if (own !== null) return own
  return /^\d{4,}$/.test(key) ? key.slice(0, -2) : ''
}

/** One line of a table that may be opened: a group or a post, at its depth. */
export type TreeLine =
  | { type: 'group'; depth: number; group: BoardGroup; open: boolean }
  | { type: 'post'; depth: number; row: BoardRow }
  | { type: 'more'; depth: number; key: string }

export type Inside = { groups: BoardGroup[] } | { rows: BoardRow[]; cursor: string | null }

/** The table from top to bottom, given what was fetched inside the groups that are open. */
export function treeOf(
  groups: readonly BoardGroup[],
  inside: ReadonlyMap<string, Inside>,
  open: ReadonlySet<string>,
  depth = 0,
): TreeLine[] {
  return groups.flatMap((group): TreeLine[] => {
    const isOpen = open.has(group.key)
    const line: TreeLine = { type: 'group', depth, group, open: isOpen }
    const within = isOpen ? inside.get(group.key) : undefined
    if (!within) return [line]
    if ('groups' in within) return [line, ...treeOf(within.groups, inside, open, depth + 1)]
    const rows = within.rows.map((row): TreeLine => ({ type: 'post', depth: depth + 1, row }))
    return [
      line,
      ...rows,
      ...(within.cursor === null ? [] : [{ type: 'more' as const, depth: depth + 1, key: group.key }]),
    ]
  })
}

/** A step line through points of time and count, in a box of `width` by `height`. */
export function stepPath(
  points: readonly { time: number; n: number }[],
  all: number,
  width: number,
  height: number,
): string {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last) return ''
  const span = Math.max(1, last.time - first.time)
  const x = (time: number) => round(((time - first.time) / span) * width)
  const y = (n: number) => round(height - (all > 0 ? n / all : 0) * height)
  const steps = points.slice(1).map(({ time, n }) => `H${x(time)}V${y(n)}`)
  return `M0 ${y(first.n)}${steps.join('')}H${width}`
}

function round(n: number): number {
  return Math.round(n * 10) / 10
}

export type { Board }
