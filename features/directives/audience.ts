import { type Bytes, compare, fromBase64url } from '../../core/bytes.ts'
import { sha256 } from '../../core/hash.ts'
import { ID_LENGTH } from '../../core/item.ts'
import type { Directory, Id, Post } from '../directory/index.ts'
import type { Line, Purpose, Selector } from './entries.ts'

/** What evaluating a distribution looks at. */
export type Posts = Pick<Directory, 'post' | 'postsOfRole' | 'person'>

/** Bits of `Audience.reached`: by which purposes of line a post was reached. */
export const REACHED: Record<Purpose, number> = { action: 1, information: 2, publish: 4 }

export type Audience = {
  /** Each post once (of a demi-official letter: each person), in the order of its raw id. */
  posts: Id[]
  /** The raw ids, one after the other, in that order. */
  ids: Bytes
  /** SHA-256 of `ids`; equals `audienceHash` of `core/item.ts`. */
  hash: Bytes
  /** By which purposes each post was reached, in that order. */
  reached: Uint8Array
}

/**
 * Evaluates a distribution on the directory as it stands: every post some selector means, abolished ones left out. The
 * order of lines, of selectors and of the directory does not matter; a post reached by two lines counts once.
 */
export function audience(lines: readonly Line[], posts: Posts): Audience {
  const found = new Map<Id, number>()
  const offices = new Map<string, Map<Id, Post[]>>()
  for (const { purpose, selectors } of lines) {
    const bit = REACHED[purpose]
    for (const selector of selectors) {
      if (selector.by === 'person') {
        const person = posts.person(selector.person)
        if (person) found.set(person.id, (found.get(person.id) ?? 0) | bit)
        continue
      }
      for (const post of meant(selector, posts, offices)) {
        if (!post.abolished) found.set(post.id, (found.get(post.id) ?? 0) | bit)
      }
    }
  }
  return sorted(found)
}

/** The lines that mean this post, in their own order: what a reader is shown as "the line that reached you". */
export function linesFor(post: Post, lines: readonly Line[]): Line[] {
  return lines.filter(({ selectors }) => selectors.some((selector) => means(selector, post)))
}

/** The lines that name this person. */
export function linesNaming(person: Id, lines: readonly Line[]): Line[] {
  return lines.filter(({ selectors }) => selectors.some((one) => one.by === 'person' && one.person === person))
}

export function means(selector: Selector, post: Post): boolean {
  if (selector.by === 'person') return false
  if (selector.by === 'post') return selector.post === post.id
  if (selector.role !== post.role) return false
  return selector.by === 'role' || selector.office === post.office
}

function meant(
  selector: Exclude<Selector, { by: 'person' }>,
  posts: Posts,
  offices: Map<string, Map<Id, Post[]>>,
): Iterable<Post> {
  if (selector.by === 'role') return posts.postsOfRole(selector.role)
  if (selector.by === 'office') {
    const known = offices.get(selector.role) ?? Map.groupBy(posts.postsOfRole(selector.role), (post) => post.office)
    offices.set(selector.role, known)
    return known.get(selector.office) ?? []
  }
  const post = posts.post(selector.post)
  return post ? [post] : []
}

/**
 * @NOTE Sorting 100,000 ids by their text is quick but another order, and comparing their bytes pair by pair takes a
 * quarter of a second. So: first by 32 bits of the id as a number with the position below them, which one array of
 * numbers sorts by itself; then neighbours whose 32 bits agree, of whom there are hardly any, by all their bytes.
 */
function sorted(found: Map<Id, number>): Audience {
  if (found.size > POSITIONS) throw new RangeError(`More than ${POSITIONS} posts`)
  const given = [...found.keys()]
  const raw = new Uint8Array(given.length * ID_LENGTH)
  for (const [i, id] of given.entries()) raw.set(fromBase64url(id), i * ID_LENGTH)
  const at = (i: number) => raw.subarray(i * ID_LENGTH, (i + 1) * ID_LENGTH)
  const view = new DataView(raw.buffer)
  const keys = Float64Array.from(given, (_, i) => view.getUint32(i * ID_LENGTH) * POSITIONS + i).sort()
  const order = Uint32Array.from(keys, (key) => key % POSITIONS)
  for (let i = 1; i < order.length; i++) {
    for (let j = i; j > 0 && Math.floor(keys[j]! / POSITIONS) === Math.floor(keys[j - 1]! / POSITIONS); j--) {
      if (compare(at(order[j - 1]!), at(order[j]!)) <= 0) break
      ;[order[j - 1], order[j]] = [order[j]!, order[j - 1]!]
    }
  }
  const ids = new Uint8Array(raw.length)
  const reached = new Uint8Array(given.length)
  const posts = Array.from(order, (from, to) => {
    ids.set(at(from), to * ID_LENGTH)
    reached[to] = found.get(given[from]!)!
    return given[from]!
  })
  return { posts, ids, hash: sha256(ids), reached }
}

/** 32 bits of id and 21 of position make the 53 that a number holds: two million posts. */
const POSITIONS = 2 ** 21
