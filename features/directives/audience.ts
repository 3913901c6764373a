import { type Bytes, compare, fromBase64url } from '../../core/bytes.ts'
import { sha256 } from '../../core/hash.ts'
import { ID_LENGTH } from '../../core/item.ts'
import type { Directory, Id, Post } from '../directory/index.ts'
import type { Line, Purpose, Selector } from './entries.ts'

/** What evaluating a distribution looks at. */
export type Posts = Pick<Directory, 'post' | 'postsOfRole'>

/** Bits of `Audience.reached`: by which purposes of line a post was reached. */
export const REACHED: Record<Purpose, number> = { action: 1, information: 2, publish: 4 }

export type Audience = {
  /** Each post once, in the order of its raw id. */
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

export function means(selector: Selector, post: Post): boolean {
  if (selector.by === 'post') return selector.post === post.id
  if (selector.role !== post.role) return false
  return selector.by === 'role' || selector.office === post.office
}

function meant(selector: Selector, posts: Posts, offices: Map<string, Map<Id, Post[]>>): Iterable<Post> {
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
 * @NOTE Sorting 100,000 ids by their text is quick but another order, and comparing their bytes pair by pair takes half
 * a second. So: by their first six bytes as a number, and by all bytes only where those agree.
 */
function sorted(found: Map<Id, number>): Audience {
  const posts = [...found.keys()]
  const bytes = posts.map((post) => fromBase64url(post))
  const keys = Float64Array.from(bytes, (id) => {
    const view = new DataView(id.buffer, id.byteOffset)
    return view.getUint32(0) * 0x10000 + view.getUint16(4)
  })
  const order = Uint32Array.from(posts, (_, i) => i).sort(
    (a, b) => keys[a]! - keys[b]! || compare(bytes[a]!, bytes[b]!),
  )
  const ids = new Uint8Array(posts.length * ID_LENGTH)
  const reached = new Uint8Array(posts.length)
  const inOrder = Array.from(order, (from, to) => {
    ids.set(bytes[from]!, to * ID_LENGTH)
    reached[to] = found.get(posts[from]!)!
    return posts[from]!
  })
  return { posts: inOrder, ids, hash: sha256(ids), reached }
}
