import { type Bytes, compare, fromBase64url, toBase64url } from '../../core/bytes.ts'
import { ID_LENGTH } from '../../core/item.ts'
import type { Directory, Id, Post } from '../directory/index.ts'
import type { Audience } from './audience.ts'

/** Where an addressed post stood when the directive was placed: codes of the Bureau of Statistics, '' where it has none. */
export type FrozenPlace = {
  division: string
  district: string
  upazila: string
  office: Id
  supervisor: Id | null
}

/**
 * The audience of one directive as it was when placed, for ever: ids in order, how each was reached, and where it stood.
 * 21 bytes a post; looking one up takes a binary search.
 */
export class Frozen {
  readonly ids: Bytes
  readonly reached: Uint8Array
  /** For each post the number of its place in `places`. */
  readonly placeOf: Uint32Array
  readonly places: FrozenPlace[]

  constructor(parts: { ids: Bytes; reached: Uint8Array; placeOf: Uint32Array; places: FrozenPlace[] }) {
    this.ids = parts.ids
    this.reached = parts.reached
    this.placeOf = parts.placeOf
    this.places = parts.places
  }

  get count(): number {
    return this.ids.length / ID_LENGTH
  }

  /** The raw id of the n-th post. */
  raw(n: number): Bytes {
    return this.ids.subarray(n * ID_LENGTH, (n + 1) * ID_LENGTH)
  }

  id(n: number): Id {
    return toBase64url(this.raw(n))
  }

  /** The place of a post in the order of ids, or -1. */
  indexOf(post: Id): number {
    const wanted = fromBase64url(post)
    let [from, to] = [0, this.count]
    while (from < to) {
      const middle = (from + to) >>> 1
      const order = compare(this.raw(middle), wanted)
      if (order === 0) return middle
      if (order < 0) from = middle + 1
      else to = middle
    }
    return -1
  }

  has(post: Id): boolean {
    return this.indexOf(post) >= 0
  }

  /** The direct supervisors of the addressees, each once. */
  supervisors(): Id[] {
    return [...new Set(this.places.map(({ supervisor }) => supervisor))].filter((id) => id !== null)
  }
}

/**
 * Fixes an audience with the places and supervisors its posts have now. Places are numbered as a directory lists them: by
 * area, then by office.
 */
export function freeze(
  { posts, ids, reached }: Audience,
  directory: Pick<Directory, 'post' | 'office' | 'postsOf'>,
): Frozen {
  const numbers = new Map<string, number>()
  const found: (FrozenPlace & { order: string })[] = []
  const placeOf = Uint32Array.from(posts, (id) => {
    const post = standing(id, directory)
    const key = `${post.office} ${post.supervisor} ${post.place}`
    const known = numbers.get(key)
    if (known !== undefined) return known
    const office = directory.office(post.office)
    const area = areaOf(post.place ?? office?.place ?? '')
    const order = [area.division, area.district, area.upazila, office?.code ?? '', post.supervisor ?? ''].join(' ')
    numbers.set(key, found.length)
    return found.push({ ...area, office: post.office, supervisor: post.supervisor, order }) - 1
  })
  const listed = Uint32Array.from(found, (_, i) => i).sort((a, b) => (found[a]!.order < found[b]!.order ? -1 : 1))
  const rank = new Uint32Array(found.length)
  for (const [to, from] of listed.entries()) rank[from] = to
  const places = Array.from(listed, (from) => {
    const { order: _, ...place } = found[from]!
    return place
  })
  return new Frozen({ ids, reached, placeOf: placeOf.map((place) => rank[place]!), places })
}

/** Where an addressee stands: a post by itself, a person by the first post he holds, with nobody above who would read. */
function standing(id: Id, directory: Pick<Directory, 'post' | 'postsOf'>): Standing {
  const post = directory.post(id)
  if (post) return post
  const held = directory.postsOf(id)[0]
  const own = held && directory.post(held.post)
  return own ? { ...own, supervisor: null } : NOWHERE
}

type Standing = Pick<Post, 'office' | 'supervisor' | 'place'>
const NOWHERE: Standing = { office: toBase64url(new Uint8Array(ID_LENGTH)), supervisor: null, place: null }

/** A place's code begins with its district's (4 characters), and that with its division's (2). */
function areaOf(code: string): Pick<FrozenPlace, 'division' | 'district' | 'upazila'> {
  return {
    division: code.slice(0, 2),
    district: code.length >= 4 ? code.slice(0, 4) : '',
    upazila: code.length > 4 ? code : '',
  }
}
