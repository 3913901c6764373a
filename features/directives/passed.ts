import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Id } from '../directory/index.ts'
import { type BoardNeeds, openBoard } from './board.ts'

/** How one addressee passed a directive on, as counts: what those below answered in words stays theirs and his. */
export type PassedOn = {
  /** The directive by which it was passed on, and the addressee who did so. */
  directive: Id
  post: Id
  issued: number
  due: number | null
  addressees: number
  acknowledged: number
  answered: number
  /** Addressees who owe something still. */
  owing: number
  /** Of one's own passing on: addressees whom the letter itself asks as well. They answer it themselves, and count there. */
  direct: Id[]
}

/**
 * How a directive was passed on by the addressees whose counts these posts may see, in the order it was done; and by these posts
 * themselves. Throws `Refusal('not_found')` for who has nothing to do with it.
 */
export async function passedOn(needs: BoardNeeds, posts: readonly Id[], id: Id): Promise<PassedOn[]> {
  const visible = await visibleTo(needs, posts, id)
  const rows = await needs.db.many<{
    number: number
    parent: number
    id: Bytes
    issuer: Bytes
    issued: number
    due: number | null
    addressees: number
    acknowledged: number
    answered: number
    owing: number
  }>(
    `SELECT d.number, p.number AS parent, d.id, d.issuer, d.issued, d.due, d.addressees,
            count(coalesce(t.acknowledged, t.spoke))::int AS acknowledged,
            count(t.replied)::int AS answered,
            count(*) FILTER (WHERE t.owed > 0)::int AS owing
     FROM directive d JOIN directive p ON p.id = d.parent LEFT JOIN tracking t ON t.directive = d.number AND t.clause = 0
     WHERE d.parent = $1 AND d.ended IS NULL
     GROUP BY d.number, p.number ORDER BY d.index`,
    [fromBase64url(id)],
  )
  const seen = rows.filter(({ issuer }) => visible(toBase64url(issuer)))
  return Promise.all(
    seen.map(async ({ number, parent, id: directive, issuer, ...row }) => {
      const post = toBase64url(issuer)
      const direct = posts.includes(post) ? await inBoth(needs, number, parent) : []
      return { ...row, directive: toBase64url(directive), post, direct }
    }),
  )
}

async function inBoth({ db, frozen }: BoardNeeds, passed: number, original: number): Promise<Id[]> {
  const [below, asked] = await Promise.all([frozen.get(db, passed), frozen.get(db, original)])
  return Array.from({ length: below.count }, (_, n) => below.id(n)).filter((post) => asked.has(post))
}

/** Whose passing on may be seen: everybody's by whoever sees the board; one's own by an addressee. */
async function visibleTo(needs: BoardNeeds, posts: readonly Id[], id: Id): Promise<(post: Id) => boolean> {
  try {
    const { audience, scope } = await openBoard(needs, posts, id)
    return (post) => {
      const n = audience.indexOf(post)
      return n >= 0 && (posts.includes(post) || scope.counts(audience.places[audience.placeOf[n]!]!))
    }
  } catch (error) {
    const mine = await needs.db.many<{ issuer: Bytes }>('SELECT issuer FROM directive WHERE parent = $1', [
      fromBase64url(id),
    ])
    if (!mine.some(({ issuer }) => posts.includes(toBase64url(issuer)))) throw error
    return (post) => posts.includes(post)
  }
}
