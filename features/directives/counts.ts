import type { Read } from '../../server/db.ts'
import type { Frozen, FrozenPlace } from './frozen.ts'

/** Places counted together: whoever may count one of them may count all. `office` is '' where offices are not told apart. */
export type Units = { units: FrozenPlace[]; unitOf: Int32Array }

/** What the addressees of one unit did with the letter as a whole. */
export type Whole = {
  unit: number
  delivered: number
  opened: number
  acknowledged: number
  answered: number
  /** Who owe something, and who owe an acknowledgement. */
  owing: number
  silent: number
}

/** How many posts of one unit stand in one state of one clause. */
export type Cell = { unit: number; clause: number; state: number | null; posts: number; asked: number; owed: number }

export type Counted = Units & { wholes: Whole[]; cells: Cell[] }

/** The areas and supervisors of an audience, offices within them taken together. */
export function areasOf(audience: Frozen): Units {
  const units: FrozenPlace[] = []
  const numbers = new Map<string, number>()
  const unitOf = Int32Array.from(audience.places, ({ division, district, upazila, supervisor }) => {
    const key = [division, district, upazila, supervisor].join(' ')
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, units.length)
    return units.push({ division, district, upazila, supervisor, office: '' }) - 1
  })
  return { units, unitOf }
}

/** Every place that `wanted` picks, each for itself. */
export function placesOf(audience: Frozen, wanted: (place: FrozenPlace) => boolean): Units {
  const units: FrozenPlace[] = []
  const unitOf = Int32Array.from(audience.places, (place) => (wanted(place) ? units.push(place) - 1 : -1))
  return { units, unitOf }
}

/** Counts the tracking rows of a directive. One walk over them all, however many look: see `CountCache`. */
export async function readCounts(read: Read, directive: number, { units, unitOf }: Units): Promise<Counted> {
  const places = [...unitOf.keys()].filter((place) => unitOf[place]! >= 0)
  const params = [directive, places, places.map((place) => unitOf[place]!)]
  const [wholes, cells] = await Promise.all([
    read.many<Whole>(
      `SELECT unit, sum(delivered)::int AS delivered, sum(opened)::int AS opened,
              sum(acknowledged)::int AS acknowledged, sum(answered)::int AS answered,
              sum(owing)::int AS owing, sum(silent)::int AS silent
       FROM (
         SELECT place,
                count(coalesce(delivered, opened, acknowledged, spoke)) AS delivered,
                count(coalesce(opened, acknowledged, spoke)) AS opened,
                count(coalesce(acknowledged, spoke)) AS acknowledged,
                count(replied) AS answered,
                count(*) FILTER (WHERE owed > 0) AS owing,
                count(*) FILTER (WHERE ask > 0 AND acknowledged IS NULL AND spoke IS NULL) AS silent
         FROM tracking WHERE directive = $1 AND clause = 0 GROUP BY place
       ) t
       JOIN unnest($2::int[], $3::int[]) u (place, unit) USING (place)
       GROUP BY unit`,
      params,
    ),
    read.many<Cell>(
      `SELECT unit, clause, state, sum(posts)::int AS posts, sum(asked)::int AS asked, sum(owed)::int AS owed
       FROM (
         -- grouped before it is joined: there are far fewer places than posts
         SELECT place, clause, state, count(*) AS posts,
                count(*) FILTER (WHERE ask > 0) AS asked,
                count(*) FILTER (WHERE ask > 0 AND met IS NULL) AS owed
         FROM tracking WHERE directive = $1 GROUP BY place, clause, state
       ) t
       JOIN unnest($2::int[], $3::int[]) u (place, unit) USING (place)
       GROUP BY unit, clause, state`,
      params,
    ),
  ])
  return { units, unitOf, wholes, cells }
}

/** Older than this, counts are taken anew even if nothing is known to have changed: another server may have written. */
const FRESH_MS = 1_000

/**
 * Counts by area, shared: when a directive is in many hands, its issuer and every supervisor look at once, and again at
 * every change. They are counted once, whoever looks.
 */
export class CountCache {
  readonly #kept = new Map<number, { at: number; counted: Promise<Counted> }>()

  get(read: Read, directive: number, audience: Frozen, now: number): Promise<Counted> {
    const known = this.#kept.get(directive)
    if (known && Math.abs(now - known.at) < FRESH_MS) return known.counted
    const counted = readCounts(read, directive, areasOf(audience))
    this.#kept.set(directive, { at: now, counted })
    counted.catch(() => this.touch(directive)) // a failure is for those who asked, not for the next
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= 200) break
      this.#kept.delete(oldest)
    }
    return counted
  }

  /** The directive's rows have changed. */
  touch(directive: number): void {
    this.#kept.delete(directive)
  }
}
