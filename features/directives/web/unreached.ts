import type { Name } from '../../../client/views.ts'
import type { Unreached } from '../reach.ts'

const DAY = 24 * 3_600_000

export type Area = { key: string; name: Name | null; posts: Unreached[]; day: number; two: number }

/** Posts by district, where they lie in none by division, in the order in which they come: by the directory, never by how long. */
export function areasOf(posts: readonly Unreached[], names: ReadonlyMap<string, Name>, now: number): Area[] {
  const groups = Map.groupBy(posts, ({ place }) => place.district || place.division)
  return [...groups].map(([key, inside]) => ({
    key,
    name: names.get(key) ?? null,
    posts: inside,
    day: inside.length,
    two: inside.filter(({ since }) => now - since >= 2 * DAY).length,
  }))
}
