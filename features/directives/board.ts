import { fromBase64url } from '../../core/bytes.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Read } from '../../server/db.ts'
import type { Directory, Id } from '../directory/index.ts'
import { areasOf, type CountCache, placesOf, readCounts } from './counts.ts'
import { ANSWER_STATES, type AnswerState, type Ask } from './entries.ts'
import type { Frozen, FrozenPlace } from './frozen.ts'
import { type FrozenCache, readDirectives, type Stored } from './store.ts'
import { type Scope, scopeOf } from './viewing.ts'

export const GROUPS = ['division', 'district', 'upazila', 'office'] as const
export type Group = (typeof GROUPS)[number]
export type Names = { bn: string; en: string }
/** The name of a division, district or upazila by its code. */
export type AreaNames = (code: string) => Names | undefined

/** Of so many posts: how many it reached, and what they did. Each is part of the one before. */
export type Counts = {
  sent: number
  delivered: number
  opened: number
  acknowledged: number
  /** To whom nothing asked is without an answer, work in progress included. */
  answered: number
  /** Who still owe something past its due time. */
  late: number
  vacant: number
}

/** How many posts each filter of `rows` shows. */
export type FilterCounts = {
  late: number
  unopened: number
  unacknowledged: number
  vacant: number
  undelivered48: number
}

export type ClauseCounts = {
  label: string
  ask: Ask
  /** Posts of whom this clause asks something. */
  asked: number
  /** Those of them who owe it still, and those past the due time. */
  owed: number
  late: number
  states: Record<AnswerState | 'none', number>
}

export type BoardGroup = { key: string; name?: Names; counts: Counts; clauses: ClauseCounts[] }

/** Screen 6. The counts are the server's; a cell opened shows signed items. Times in milliseconds since 1970. */
export type Board = {
  directive: Id
  issued: number
  due: number | null
  ended: { how: 'cancelled' | 'superseded'; time: number; successor: Id | null } | null
  /** When the server counted. */
  now: number
  /** How the viewer stands to it: posts above see counts, and no rows. */
  standing: Scope['standing']
  /** Rows are still being written: counts grow. */
  expanding: boolean
  counts: Counts
  filters: FilterCounts
  /** Who owe something still, in time or late: whom a reminder may go to. Nothing is asked of the issuing post itself. */
  remindable: number
  clauses: ClauseCounts[]
  group: Group
  within: string | null
  groups: BoardGroup[]
}

export type BoardNeeds = {
  db: Read
  directory: Directory
  frozen: FrozenCache
  now: () => number
  areas?: AreaNames
  /** Without it every look counts anew. */
  counts?: CountCache
}

/** Twice a day and more: what was not fetched in this time is worth another channel. */
export const UNDELIVERED_MS = 48 * 3_600_000

/** A directive with its audience, and what the viewer may see of it. Absent and hidden are the same `not_found`. */
export async function openBoard(
  { db, frozen, directory }: BoardNeeds,
  posts: readonly Id[],
  id: Id,
): Promise<{ stored: Stored; audience: Frozen; scope: Scope }> {
  const stored = isId(id) ? (await readDirectives(db, [id]))[0] : undefined
  if (!stored) throw notFound()
  const audience = await frozen.get(db, stored.number)
  const scope = scopeOf(stored, audience, posts, directory)
  if (!scope) throw notFound()
  return { stored, audience, scope }
}

/**
 * Counts by clause and state, in all and by area or office. `within` narrows to a division, district or upazila by its
 * code, or to an office by its id. Throws `Refusal('not_found')`.
 */
export async function board(
  needs: BoardNeeds,
  posts: readonly Id[],
  id: Id,
  { group = 'division', within = null }: { group?: Group | undefined; within?: string | null } = {},
): Promise<Board> {
  const { db, directory } = needs
  const now = needs.now()
  const { stored, audience, scope } = await openBoard(needs, posts, id)
  const isLate = stored.due !== null && stored.due < now
  const isOld = stored.time + UNDELIVERED_MS < now
  const all = emptyGroup('', stored)
  const filters: FilterCounts = { late: 0, unopened: 0, unacknowledged: 0, vacant: 0, undelivered48: 0 }

  const isSeen = (place: FrozenPlace) => scope.counts(place) && isWithin(place, within)
  const byOffice = group === 'office' || audience.places.some(({ office }) => office === within)
  const counted = await (byOffice || !needs.counts
    ? readCounts(db, stored.number, byOffice ? placesOf(audience, isSeen) : areasOf(audience))
    : needs.counts.get(db, stored.number, audience, now))

  const groups: BoardGroup[] = []
  const numbers = new Map<string, number>()
  const groupOf = counted.units.map((unit): BoardGroup | undefined => {
    if (!isSeen(unit)) return undefined
    const key = unit[group] || '-'
    const known = numbers.get(key)
    if (known !== undefined) return groups[known]
    const fresh = emptyGroup(key, stored)
    numbers.set(key, groups.push(fresh) - 1)
    return fresh
  })
  /** Everything, and the group of a unit; nothing where the viewer does not see it. */
  const both = (unit: number): BoardGroup[] => {
    const own = groupOf[unit]
    return own ? [all, own] : []
  }

  for (const place of audience.placeOf) {
    for (const { counts } of both(counted.unitOf[place]!)) counts.sent += 1
  }
  for (const n of vacanciesOf(audience, directory)) {
    for (const { counts } of both(counted.unitOf[audience.placeOf[n]!]!)) counts.vacant += 1
  }
  let remindable = 0
  for (const row of counted.wholes) {
    for (const { counts } of both(row.unit)) {
      counts.delivered += row.delivered
      counts.opened += row.opened
      counts.acknowledged += row.acknowledged
      counts.answered += row.answered
      if (isLate) counts.late += row.owing
    }
    if (!groupOf[row.unit]) continue
    filters.unacknowledged += row.silent
    remindable += row.owing
  }
  for (const { unit, clause, state, posts, asked, owed } of counted.cells) {
    for (const { clauses } of both(unit)) {
      const counts = clauses[clause]!
      counts.states[state === null ? 'none' : ANSWER_STATES[state]!] += posts
      counts.asked += asked
      counts.owed += owed
      if (isLate) counts.late += owed
    }
  }
  filters.late = all.counts.late
  filters.unopened = all.counts.sent - all.counts.opened
  filters.vacant = all.counts.vacant
  filters.undelivered48 = isOld ? all.counts.sent - all.counts.delivered : 0

  const { ended } = stored
  return {
    directive: stored.id,
    issued: stored.time,
    due: stored.due,
    ended: ended && { how: ended.how, time: ended.time, successor: ended.successor },
    now,
    standing: scope.standing,
    expanding: !stored.expanded,
    counts: all.counts,
    filters,
    remindable,
    clauses: all.clauses,
    group,
    within,
    groups: groups
      .map((one) => ({ one, order: orderOf(one.key, group, directory) }))
      .sort((a, b) => (a.order < b.order ? -1 : 1))
      .map(({ one }) => ({ ...one, ...nameOf(one.key, group, needs) })),
  }
}

/** What `smarak track` prints. */
export type TrackingSummary = {
  addressees: number
  delivered: number
  opened: number
  acknowledged: number
  answered: number
  late: number
  vacant: number
  byClause: { label: string; ask: Ask; states: Record<AnswerState | 'none', number> }[]
}

export function summaryOf({ counts, clauses }: Board): TrackingSummary {
  const { sent, ...rest } = counts
  return { addressees: sent, ...rest, byClause: clauses.map(({ label, ask, states }) => ({ label, ask, states })) }
}

/** Numbers of the addressees nobody holds now. Abolished posts count as vacant. */
export function vacanciesOf(audience: Frozen, directory: Directory): readonly number[] {
  const known = vacancies.get(audience)
  if (known && known.size === directory.size) return known.numbers
  const numbers: number[] = []
  for (const post of directory.posts()) {
    if (post.holders.length > 0 && !post.abolished) continue
    const n = audience.indexOf(post.id)
    if (n >= 0) numbers.push(n)
  }
  vacancies.set(audience, { size: directory.size, numbers })
  return numbers
}

// @NOTE Looking through every post takes some milliseconds; the directory changes far less often than boards are read.
const vacancies = new WeakMap<Frozen, { size: number; numbers: number[] }>()

/** Whether a place lies in the area of this code, or is in this office. '-' is where there is no area. */
export function isWithin(place: FrozenPlace, within: string | null): boolean {
  if (within === null) return true
  if (within === '-') return place.division === ''
  return [place.division, place.district, place.upazila, place.office].includes(within)
}

function emptyGroup(key: string, { clauses }: Stored): BoardGroup {
  return {
    key,
    counts: { sent: 0, delivered: 0, opened: 0, acknowledged: 0, answered: 0, late: 0, vacant: 0 },
    clauses: clauses.map(({ label, ask }) => ({
      label,
      ask,
      asked: 0,
      owed: 0,
      late: 0,
      states: { none: 0, done: 0, progress: 0, impossible: 0, notours: 0, kept: 0, problem: 0 },
    })),
  }
}

/** As a directory lists them: by code, what has no area last; never by how they did. */
function orderOf(key: string, group: Group, directory: Directory): string {
  if (key === '-') return '~'
  return group === 'office' ? `${directory.office(key)?.place ?? '~'} ${directory.office(key)?.code}` : key
}

function nameOf(key: string, group: Group, { directory, areas }: BoardNeeds): { name?: Names } {
  const name = group === 'office' ? directory.office(key)?.name : areas?.(key)
  return name ? { name: { bn: name.bn, en: name.en } } : {}
}

function isId(id: string): boolean {
  try {
    return fromBase64url(id).length === 16
  } catch {
    return false // whatever somebody typed into the address
  }
}

function notFound(): Refusal {
  return new Refusal('not_found', 'No such directive')
}
