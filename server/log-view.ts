/** The log as it may be shown: a size whose checkpoint is on disk, and the tree up to there. */
import { type Bytes, concat, equal } from '../core/bytes.ts'
import { type Checkpoint, openCheckpoint, signCheckpoint } from '../core/checkpoint.ts'
import { sha256 } from '../core/hash.ts'
import { decodeLeaf } from '../core/leaf.ts'
import { type HashReader, leafHash, treeRoot } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import { hashReaderFromTiles, TILE_WIDTH, TileEdge, tilesFor, tilesForEdge } from '../core/tile.ts'
import type { Read } from './db.ts'
import type { LogKey } from './log-key.ts'
import { readLeafHashes, readLogState, readTile } from './log-store.ts'

/** Never changed: a new one takes its place when the log has grown. */
export type LogView = {
  size: number
  /** Accepted time of the newest item, 0 in an empty log. */
  time: number
  checkpoint: string
  edge: TileEdge
}

export async function signView(edge: TileEdge, time: number, key: LogKey): Promise<LogView> {
  const checkpoint = await signCheckpoint({ size: edge.size, root: edge.root() }, key.note, key.sign)
  return { size: edge.size, time, checkpoint, edge }
}

/**
 * Takes up the log from the database, and checks that tiles, newest leaves and newest items agree with the checkpoint
 * stored with them. Throws `Refusal('log_damaged')` naming what does not.
 */
export async function readView(db: Read, key: LogKey): Promise<LogView> {
  const state = await readLogState(db)
  if (!state) return signView(new TileEdge(), 0, key)
  const checkpoint = await openOwn(state.checkpoint, key)
  const edge = await readEdge(db, state.size)
  if (checkpoint.size !== state.size || !equal(edge.root(), checkpoint.root))
    throw damaged('the tree in the database is not the one its checkpoint signs')
  await checkNewestItems(db, state.size)
  return { ...state, edge }
}

async function openOwn(text: string, key: LogKey): Promise<Checkpoint> {
  try {
    return await openCheckpoint(text, key.note)
  } catch (error) {
    const refusal = damaged('its checkpoint is not signed by the key in the data directory')
    refusal.cause = error
    throw refusal
  }
}

async function readEdge(db: Read, size: number): Promise<TileEdge> {
  const tiles = new Map<string, Bytes>()
  for (const { level, index, width } of tilesForEdge(size)) {
    const full = width === TILE_WIDTH
    const bytes = full ? await readTile(db, level, index) : await readLeafHashes(db, index * TILE_WIDTH, width)
    tiles.set(`${level}/${index}`, bytes)
  }
  return TileEdge.read((level, index) => tiles.get(`${level}/${index}`)!, size)
}

/** The rows a torn disk would most likely have hit: the newest tile's. The whole log is checked offline. */
async function checkNewestItems(db: Read, size: number): Promise<void> {
  const rows = await db.many<{ index: number; cose: Bytes; leaf: Bytes; leaf_hash: Bytes }>(
    'SELECT index, cose, leaf, leaf_hash FROM item WHERE index >= $1 AND index < $2 ORDER BY index',
    [size - Math.min(size, TILE_WIDTH), size],
  )
  for (const { index, cose, leaf, leaf_hash } of rows) {
    if (!equal(leafHash(leaf), leaf_hash)) throw damaged(`the leaf of item ${index} was changed`)
    if (!equal(decodeLeaf(leaf).item, sha256(cose))) throw damaged(`item ${index} was changed`)
  }
}

/** One number for each node of a tree of fewer than 2^45 leaves. */
function nodeName(level: number, index: number): number {
  return level * 2 ** 45 + index
}

function damaged(what: string): Refusal {
  return new Refusal('log_damaged', `The log is damaged: ${what}. Restore a backup, then run \`smarak log recover\``)
}

/** Full tiles read before; they never change. 8 KB each. */
const MAX_CACHED = 1_000
/** Roots of complete subtrees read before, which never change either: a proof mostly asks for those of the last one. */
const MAX_NODES = 1 << 14

/** Reads tiles and hashes of one log in the database. */
export class TileReader {
  readonly #db: Read
  readonly #full = new Map<string, Bytes>()
  readonly #nodes = new Map<number, Bytes>()

  constructor(db: Read) {
    this.#db = db
  }

  /** The hashes of a tile, at least `width` of them, where the tree of `view` has as many. */
  async tile(view: LogView, level: number, index: number, width: number): Promise<Bytes> {
    const partial = width < TILE_WIDTH ? view.edge.tile(level) : null
    if (partial?.index === index) return partial.bytes
    const name = `${level}/${index}`
    let bytes = this.#full.get(name)
    if (!bytes) {
      bytes = await readTile(this.#db, level, index)
      if (this.#full.size >= MAX_CACHED) this.#full.delete(this.#full.keys().next().value!)
      this.#full.set(name, bytes)
    }
    return bytes
  }

  /** Runs a piece of work over the tree of `view`, its tiles fetched beforehand: proofs, roots. */
  async read<T>(view: LogView, work: (read: HashReader) => T): Promise<T> {
    const known = new Map<number, Bytes>()
    let result: T | undefined
    const missing = tilesFor((read) => {
      result = work((level, index) => this.#known(level, index, known) ?? read(level, index))
    }, view.size)
    if (missing.length === 0) return result!
    const tiles = new Map<string, Bytes>()
    await Promise.all(
      missing.map(async ({ level, index, width }) => {
        tiles.set(`${level}/${index}`, await this.tile(view, level as number, index, width))
      }),
    )
    const read = hashReaderFromTiles((level, index) => tiles.get(`${level}/${index}`)!)
    return work((level, index) => known.get(nodeName(level, index)) ?? this.#keep(level, index, read(level, index)))
  }

  /** @NOTE Also put into `held`: while tiles are fetched, other work may push a node out whose tile nobody fetches. */
  #known(level: number, index: number, held: Map<number, Bytes>): Bytes | undefined {
    const name = nodeName(level, index)
    const hash = this.#nodes.get(name)
    if (hash) held.set(name, hash)
    return hash
  }

  #keep(level: number, index: number, hash: Bytes): Bytes {
    if (this.#nodes.size >= MAX_NODES) this.#nodes.delete(this.#nodes.keys().next().value!)
    this.#nodes.set(nodeName(level, index), hash)
    return hash
  }

  /** The root this log had at an earlier size. */
  rootAt(view: LogView, size: number): Promise<Bytes> {
    return size === 0 ? Promise.resolve(treeRoot(() => concat(), 0)) : this.read(view, (read) => treeRoot(read, size))
  }
}
