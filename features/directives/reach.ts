import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Read } from '../../server/db.ts'
import type { Directory, Id } from '../directory/index.ts'
import { REASONS, type Reason } from './duty.ts'
import { isBelow } from './rules.ts'
import { type FrozenCache, readDirectives } from './store.ts'

type Names = { bn: string; en: string }

/** A post below, at which something has been waiting for a day or more. */
export type Unreached = {
  post: Id
  name: Names
  office: Names
  /** Codes, '' where there is none. */
  place: { division: string; district: string }
  /** Since when the oldest of what waits has waited, and how much of it there is. */
  since: number
  waiting: number
  vacant: boolean
  /** What the post itself says of it. */
  absence: { reason: Reason; from: number; to: number | null; cover: Id | null } | null
}

type Needs = { db: Read; directory: Directory; frozen: FrozenCache; now: () => number }

/** A shorter silence is nobody's business. */
export const DARK_MS = 24 * 3_600_000

/**
 * The posts below these that something has not reached for a day, in the order of the directory and never by how long: it says
 * where to help. Only what waits is looked at; when somebody was last seen is not told, and not known here.
 */
export async function unreached({ db, directory, frozen, now }: Needs, posts: readonly Id[]): Promise<Unreached[]> {
  const below = [...directory.posts()].filter(({ id }) => posts.some((post) => isBelow(id, post, directory)))
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
  return below.flatMap((post): Unreached[] => {
    const found = waiting.get(post.id)
    if (!found || post.abolished) return []
    const office = directory.office(post.office)?.name ?? { bn: '', en: '' }
    const absence = absences.get(post.id) ?? null
    return [{ post: post.id, name: post.name, office, ...found, vacant: post.holders.length === 0, absence }]
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
