import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Way } from '../../server/channels/index.ts'
import type { Read } from '../../server/db.ts'
import type { Route } from '../../server/routes.ts'
import type { Directory, Id, Post } from '../directory/index.ts'
import { REASONS, type Reason } from './duty.ts'
import { isBelow } from './rules.ts'
import { type FrozenCache, readDirectives } from './store.ts'

type Names = { bn: string; en: string }

/** A post below and the ways by which those who hold it can be told something, besides their opening Smarak. */
export type Reachable = {
  post: Id
  name: Names
  office: Names
  vacant: boolean
  ways: Way[]
}

/** One at which something has been waiting for a day or more. */
export type Unreached = Reachable & {
  /** Codes, '' where there is none. */
  place: { division: string; district: string }
  /** Since when the oldest of what waits has waited, and how much of it there is. */
  since: number
  waiting: number
  /** What the post itself says of it. */
  absence: { reason: Reason; from: number; to: number | null; cover: Id | null } | null
}

/** `below`: how many posts stand below the asker's; where none does there is nothing to say. `direct`: those directly below. */
export type Reach = { below: number; posts: Unreached[]; direct: Reachable[] }

export type ReachNeeds = {
  db: Read
  directory: Directory
  frozen: FrozenCache
  now: () => number
  /** Ways of persons, by person; none where no channel is joined. */
  ways?: ((read: Read, persons: readonly Id[]) => Promise<Map<Id, Way[]>>) | undefined
}

/** A shorter silence is nobody's business. */
export const DARK_MS = 24 * 3_600_000

/** `GET /api/reach`: whom below the asker's posts something has not reached, and how those directly below can be told. */
export function reachRoute(needs: ReachNeeds): Route {
  return {
    method: 'GET',
    path: '/api/reach',
    who: 'person',
    answer: async ({ viewer }) => ({ json: await reach(needs, viewer?.posts ?? []) }),
  }
}

export async function reach(needs: ReachNeeds, posts: readonly Id[]): Promise<Reach> {
  const { db, directory } = needs
  const below = postsBelow(directory, posts)
  const dark = await unreached(needs, below)
  const direct = below.filter(({ supervisor }) => posts.includes(supervisor ?? ''))
  const shown = [...direct, ...dark.flatMap(({ post }) => directory.post(post) ?? [])]
  const byPerson = await needs.ways?.(
    db,
    shown.flatMap(({ holders }) => holders.map(({ person }) => person)),
  )
  const waysOf = (post: Id) =>
    together((directory.post(post)?.holders ?? []).flatMap(({ person }) => byPerson?.get(person) ?? []))
  return {
    below: below.length,
    posts: dark.map((post) => ({ ...post, ways: waysOf(post.post) })),
    direct: direct.map((post) => ({ ...named(post, directory), ways: waysOf(post.id) })),
  }
}

/** One a channel: where several hold a post, it can be used while it can of one of them. */
function together(ways: readonly Way[]): Way[] {
  const best = new Map<Way['channel'], Way>()
  for (const way of ways) {
    const known = best.get(way.channel)
    if (!known || (known.gone !== null && (way.gone === null || way.gone > known.gone))) best.set(way.channel, way)
  }
  return [...best.values()]
}

function postsBelow(directory: Directory, posts: readonly Id[]): Post[] {
  return [...directory.posts()].filter(
    ({ id, abolished }) => !abolished && posts.some((post) => isBelow(id, post, directory)),
  )
}

function named({ id, name, office, holders }: Post, directory: Directory): Omit<Reachable, 'ways'> {
  const where = directory.office(office)?.name ?? { bn: '', en: '' }
  return { post: id, name, office: where, vacant: holders.length === 0 }
}

/**
 * The posts below these that something has not reached for a day, in the order of the directory and never by how long: it says
 * where to help. Only what waits is looked at; when somebody was last seen is not told, and not known here.
 */
async function unreached(
  { db, directory, frozen, now }: ReachNeeds,
  below: readonly Post[],
): Promise<Omit<Unreached, 'ways'>[]> {
  if (below.length === 0) return []
  const above = new Set(below.flatMap(({ supervisor }) => supervisor ?? []))
  const rows = await db.many<{ id: Bytes; n: number; issued: number; division: string; district: string }>(
    `SELECT d.id, t.n, d.issued, p.division, p.district
     FROM directive_place p
     JOIN directive d ON d.number = p.directive AND d.ended IS NULL AND d.issued < $2
     JOIN tracking t ON t.directive = p.directive AND t.clause = 0 AND t.place = p.place
      AND coalesce(t.delivered, t.opened, t.acknowledged, t.spoke) IS NULL
     WHERE p.supervisor = any($1::bytea[])`,
    [[...above].map(fromBase64url), now() - DARK_MS],
  )
  const numbers = new Map(
    (await readDirectives(db, [...new Set(rows.map(({ id }) => toBase64url(id)))])).map((one) => [one.id, one.number]),
  )
  const waiting = new Map<Id, { since: number; waiting: number; place: Unreached['place'] }>()
  for (const { id, n, issued, division, district } of rows) {
    const post = (await frozen.get(db, numbers.get(toBase64url(id))!)).id(n)
    const known = waiting.get(post)
    waiting.set(post, {
      since: Math.min(issued, known?.since ?? issued),
      waiting: (known?.waiting ?? 0) + 1,
      place: { division, district },
    })
  }
  const absences = await readAbsences(db, [...waiting.keys()], now())
  return below.flatMap((post) => {
    const found = waiting.get(post.id)
    return found ? [{ ...named(post, directory), ...found, absence: absences.get(post.id) ?? null }] : []
  })
}

async function readAbsences(db: Read, posts: Id[], now: number): Promise<Map<Id, NonNullable<Unreached['absence']>>> {
  const rows = await db.many<{ post: Bytes; reason: number; since: number; until: number | null; cover: Bytes | null }>(
    `SELECT post, reason, since, until, cover FROM absence
     WHERE post = any($1::bytea[]) AND since <= $2 AND (until IS NULL OR until > $2)`,
    [posts.map(fromBase64url), now],
  )
  return new Map(
    rows.map(({ post, reason, since, until, cover }) => [
      toBase64url(post),
      { reason: REASONS[reason]!, from: since, to: until, cover: cover && toBase64url(cover) },
    ]),
  )
}
