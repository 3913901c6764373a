import { fold } from '../language/fold.ts'

type Words = { bn: string; en: string }

/** A post as a distribution line may mean it: its names and those of its office, wing and place. */
export type KnownPost = {
  id: string
  role: string
  title: Words
  titleAlt?: string[]
  /** Id of the office. */
  office: string
  officeName: Words
  officeAlt?: string[]
  /** The wing within the office, in Bangla; `wingAlt` has its short names and those of the units in it. */
  wing?: string
  wingAlt?: string[]
  /** Code of the place: division (2 digits), district (4), upazila (6); a code begins with that of the place around it. */
  place?: string
  placeName?: Words
  placeAlt?: string[]
  vacant?: boolean
}

/** The names of the known posts, ready for looking up. */
export type PostIndex = {
  posts: readonly KnownPost[]
  titles: Map<string, KnownPost[]>
  /** Office ids by name. */
  offices: Map<string, Set<string>>
  /** Place codes by name. */
  places: Map<string, Set<string>>
  wings: Map<KnownPost, Set<string>>
}

const cache = new WeakMap<readonly KnownPost[], PostIndex>()

/** The index of a list of posts, built once for each list (which must not be changed afterwards). */
export function indexPosts(posts: readonly KnownPost[]): PostIndex {
  const known = cache.get(posts)
  if (known) return known
  const index: PostIndex = { posts, titles: new Map(), offices: new Map(), places: new Map(), wings: new Map() }
  for (const post of posts) {
    for (const key of keysOf(post.title.bn, post.title.en, ...(post.titleAlt ?? []))) {
      const same = index.titles.get(key)
      if (same) same.push(post)
      else index.titles.set(key, [post])
    }
    for (const key of namesOf(post.officeName.bn, post.officeName.en, ...(post.officeAlt ?? [])))
      add(index.offices, key, post.office)
    if (post.place !== undefined)
      for (const key of keysOf(post.placeName?.bn, post.placeName?.en, ...(post.placeAlt ?? [])))
        add(index.places, key, post.place)
    if (post.wing !== undefined) index.wings.set(post, new Set(namesOf(post.wing, ...(post.wingAlt ?? []))))
  }
  cache.set(posts, index)
  return index
}

/** A name as compared: folded and without blanks, for লোক-প্রশাসন, লোক প্রশাসন and লোকপ্রশাসন are one. */
export function keyOf(name: string): string {
  return fold(name).replaceAll(' ', '')
}

/** The keys a name goes by: whole, without its brackets, and the brackets alone: "… কেন্দ্র (বিপিএটিসি)". */
export function namesOf(...names: (string | undefined)[]): string[] {
  return keysOf(
    ...names.flatMap((name) => {
      if (name === undefined) return []
      const inner = [...name.matchAll(/[([]([^()[\]]+)[)\]]/g)].map((match) => match[1])
      return [name, name.replace(/[([][^()[\]]*[)\]]/g, ' '), ...inner]
    }),
  )
}

function keysOf(...names: (string | undefined)[]): string[] {
  return [...new Set(names.map((name) => (name === undefined ? '' : keyOf(name))))].filter(Boolean)
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key)
  if (values) values.add(value)
  else map.set(key, new Set([value]))
}

/**
 * The one key nearest to `wanted` within the distance a scanner or a hurried hand makes (one sign in ten, at least one
 * in a word of five), or null when none or several are as near.
 */
export function nearest(wanted: string, keys: Iterable<string>): string | null {
  const length = [...wanted].length
  if (length < 4) return null
  const allowed = Math.min(4, Math.max(1, Math.floor(length / 10)))
  let best: string | null = null
  let least = allowed + 1
  let tied = false
  for (const key of keys) {
    if (Math.abs([...key].length - length) > allowed) continue
    const distance = distanceOf(wanted, key, least)
    if (distance > allowed || distance > least) continue
    tied = distance === least && key !== best
    best = key
    least = distance
  }
  return tied ? null : best
}

/** Levenshtein distance in code points; anything over `limit` may come back as any number over it. */
function distanceOf(a: string, b: string, limit: number): number {
  const [from, to] = [[...a], [...b]]
  let row = to.map((_, i) => i + 1)
  for (const [i, letter] of from.entries()) {
    const next: number[] = []
    let left = i + 1
    let corner = i
    for (const [j, other] of to.entries()) {
      left = Math.min(left + 1, row[j]! + 1, corner + (letter === other ? 0 : 1))
      corner = row[j]!
      next.push(left)
    }
    if (Math.min(i + 1, ...next) > limit) return limit + 1
    row = next
  }
  return row.at(-1) ?? from.length
}
