import { type Bytes, concat } from './bytes.ts'
import { Frontier, HASH_LENGTH, type HashReader, nodeHash } from './merkle.ts'
import { Refusal } from './refusal.ts'

/**
 * C2SP tlog-tiles: the tree as files. Tile `index` of level `L` is 256 consecutive hashes of the tree's level `8 L`;
 * the right edge has partial tiles of 1 to 255 hashes, which are the beginnings of the full ones. Entry bundles hold
 * the leaf data behind the tiles of level 0.
 */

export const TILE_WIDTH = 256
const TILE_HEIGHT = 8
/** Sizes are safe integers, so no tree has a tile above level 6. C2SP allows 63. */
const MAX_LEVEL = 6

export type TilePlace = { level: number | 'entries'; index: number; width: number }
export type Tile = { level: number; index: number; bytes: Bytes }
/** The hashes of a tile, end to end. More of them than the caller needs are welcome: tiles only grow. */
export type ReadTile = (level: number, index: number) => Uint8Array

/** The address under a log's prefix: `tile/0/x001/x234/067`, `tile/entries/000.p/17`. */
export function tilePath({ level, index, width }: TilePlace): string {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g)!
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${name}${width === TILE_WIDTH ? '' : `.p/${width}`}`
}

/** Reads an address back. Throws `Refusal('not_found')` for any but the one spelling `tilePath` gives. */
export function parseTilePath(path: string): TilePlace {
  const match = /^tile\/(entries|\d)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path)
  if (match) {
    const level = match[1] === 'entries' ? 'entries' : Number(match[1])
    const index = Number(match[2]!.replaceAll(/[x/]/g, ''))
    const width = match[3] === undefined ? TILE_WIDTH : Number(match[3])
    const place: TilePlace = { level, index, width }
    if (Number.isSafeInteger(index) && width > 0 && tilePath(place) === path) return place
  }
  throw new Refusal('not_found', 'No tile has this address')
}

/** How many hashes tile `index` of `level` has in a tree of `size`: 0 to 256. Bundles are as wide as level 0. */
export function tileWidth(level: number | 'entries', index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level))
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH))
}

/** The full tiles a tree completes by growing, lowest level first, then by index. */
export function completedTiles(from: number, to: number): TilePlace[] {
  const places: TilePlace[] = []
  for (let level = 0; level <= MAX_LEVEL; level++) {
    const leaves = TILE_WIDTH ** (level + 1)
    for (let index = Math.floor(from / leaves); index < Math.floor(to / leaves); index++) {
      places.push({ level, index, width: TILE_WIDTH })
    }
  }
  return places
}

/** Reads hashes out of tiles. Throws `Refusal('bad_tile')` where a tile is too short or no whole number of hashes. */
export function hashReaderFromTiles(readTile: ReadTile): HashReader {
  return (level, index) => {
    const { tile, first, count } = withinTile(level, index)
    return subtreeIn(readTile(tile.level, tile.index), first, count)
  }
}

/**
 * Which tiles a piece of work will read, so that they can be fetched in one round before it is done:
 * `tilesFor((read) => inclusionProof(read, 5, 700), 700)`. The work runs once over zeros; what proofs read depends on
 * sizes alone. Widths are those of the tree of `size`.
 */
export function tilesFor(work: (read: HashReader) => unknown, size: number): TilePlace[] {
  const places = new Map<string, TilePlace>()
  work((level, index) => {
    const { tile } = withinTile(level, index)
    const place = { ...tile, width: tileWidth(tile.level, tile.index, size) }
    places.set(tilePath(place), place)
    return new Uint8Array(HASH_LENGTH)
  })
  return [...places.values()]
}

/**
 * The tiles from which `TileEdge.read` takes up a tree of `size`: the partial tile of leaves, if there is one, and the
 * full tiles that no full tile stands on yet. So partial tiles above level 0 need not be stored.
 */
export function tilesForEdge(size: number): { level: number; index: number; width: number }[] {
  const places: { level: number; index: number; width: number }[] = []
  const leaves = size % TILE_WIDTH
  if (leaves > 0) places.push({ level: 0, index: (size - leaves) / TILE_WIDTH, width: leaves })
  for (let level = 0; level < MAX_LEVEL; level++) {
    const full = Math.floor(size / TILE_WIDTH ** (level + 1))
    for (let index = full - (full % TILE_WIDTH); index < full; index++) places.push({ level, index, width: TILE_WIDTH })
  }
  return places
}

/**
 * The growing edge of the log: the frontier and the one partial tile of each level. Full tiles fall out of `append`
 * and are never needed again to grow. Old partial tiles are beginnings of what `tile` returns.
 */
export class TileEdge {
  #frontier: Frontier
  /** By level: hashes of the partial tile, fewer than 256. */
  #partial: Bytes[][]

  constructor(frontier = new Frontier(), partial: Bytes[][] = []) {
    this.#frontier = frontier
    this.#partial = partial
  }

  /**
   * Takes up the edge of a stored tree from the tiles `tilesForEdge` names. The caller compares `root()` with a
   * checkpoint it trusts.
   */
  static read(readTile: ReadTile, size: number): TileEdge {
    const partial: Bytes[][] = []
    for (const { level, index, width } of tilesForEdge(size)) {
      if (width < TILE_WIDTH) {
        partial[0] = hashesIn(readTile(0, index), 0, width)
      } else {
        partial[level + 1] ??= []
        partial[level + 1]!.push(subtreeIn(readTile(level, index), 0, TILE_WIDTH))
      }
    }
    const ownTiles = hashReaderFromTiles((level) => concat(...(partial[level] ?? [])))
    return new TileEdge(Frontier.read(ownTiles, size), partial)
  }

  get size(): number {
    return this.#frontier.size
  }

  root(): Bytes {
    return this.#frontier.root()
  }

  /** For trying a batch: the copy grows, the original stays until the transaction has committed. */
  clone(): TileEdge {
    return new TileEdge(
      this.#frontier.clone(),
      this.#partial.map((hashes) => [...hashes]),
    )
  }

  /** Adds a leaf and returns the full tiles it completes, lowest level first: mostly none. */
  append(leafHash: Uint8Array): Tile[] {
    const full: Tile[] = []
    this.#frontier.append(leafHash, (treeLevel, index, hash) => {
      if (treeLevel % TILE_HEIGHT !== 0) return
      const level = treeLevel / TILE_HEIGHT
      this.#partial[level] ??= []
      this.#partial[level].push(hash)
      if (this.#partial[level].length < TILE_WIDTH) return
      full.push({ level, index: (index + 1) / TILE_WIDTH - 1, bytes: concat(...this.#partial[level]) })
      this.#partial[level] = []
    })
    return full
  }

  /** The partial tile of a level, or `null` where the edge has none: the level is higher, or its last tile is full. */
  tile(level: number): Tile | null {
    const hashes = this.#partial[level] ?? []
    if (hashes.length === 0) return null
    return { level, index: Math.floor(this.size / TILE_WIDTH ** (level + 1)), bytes: concat(...hashes) }
  }
}

/** An entry bundle: each leaf's data behind its length as a big-endian uint16. */
export function encodeBundle(entries: readonly Uint8Array[]): Bytes {
  const parts: Uint8Array[] = []
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new RangeError('An entry of 64 KB or more')
    parts.push(Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry)
  }
  return concat(...parts)
}

/** Takes a bundle of exactly `width` entries apart. Throws `Refusal('bad_tile')` for anything else. */
export function decodeBundle(bytes: Uint8Array, width: number): Bytes[] {
  const entries: Bytes[] = []
  let at = 0
  while (at < bytes.length) {
    if (entries.length === width) throw new Refusal('bad_tile', 'More entries than the bundle has places')
    if (at + 2 > bytes.length) throw new Refusal('bad_tile', 'A length cut short')
    const end = at + 2 + ((bytes[at]! << 8) | bytes[at + 1]!)
    if (end > bytes.length) throw new Refusal('bad_tile', 'An entry cut short')
    entries.push(bytes.slice(at + 2, end) as Bytes)
    at = end
  }
  if (entries.length !== width) throw new Refusal('bad_tile', 'Fewer entries than the bundle has places')
  return entries
}

/** A node of the tree lies in the tile at or below its level, over `count` of that tile's hashes. */
function withinTile(
  level: number,
  index: number,
): { tile: { level: number; index: number }; first: number; count: number } {
  const tileLevel = Math.floor(level / TILE_HEIGHT)
  const count = 2 ** (level % TILE_HEIGHT)
  const place = index * count
  const tile = { level: tileLevel, index: Math.floor(place / TILE_WIDTH) }
  return { tile, first: place % TILE_WIDTH, count }
}

/** The root over `count` hashes of a tile, a power of two. */
function subtreeIn(tile: Uint8Array, first: number, count: number): Bytes {
  let hashes = hashesIn(tile, first, count)
  while (hashes.length > 1) {
    hashes = Array.from({ length: hashes.length / 2 }, (_, i) => nodeHash(hashes[2 * i]!, hashes[2 * i + 1]!))
  }
  return hashes[0]!
}

function hashesIn(tile: Uint8Array, first: number, count: number): Bytes[] {
  if (tile.length % HASH_LENGTH !== 0) throw new Refusal('bad_tile', 'Not a whole number of hashes')
  if (tile.length < (first + count) * HASH_LENGTH) throw new Refusal('bad_tile', 'A tile shorter than its tree')
  return Array.from({ length: count }, (_, i) => {
    return tile.slice((first + i) * HASH_LENGTH, (first + i + 1) * HASH_LENGTH) as Bytes
  })
}
