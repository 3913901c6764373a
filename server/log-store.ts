/** The log's rows: SQL only, decided elsewhere. */
import { type Bytes, concat } from '../core/bytes.ts'
import { idText } from '../core/item.ts'
import { hashReaderFromList, inclusionProof, leafHash } from '../core/merkle.ts'
import { TILE_WIDTH, type Tile } from '../core/tile.ts'
import { wrapLeaf } from '../core/wrap.ts'
import type { Read, Tx } from './db.ts'
import type { Placed } from './feature.ts'
import type { Head, Known } from './place.ts'

export type LogState = { size: number; time: number; checkpoint: string }

/** Undefined while the log is empty. */
export function readLogState(db: Read): Promise<LogState | undefined> {
  return db.one<LogState>('SELECT size, time, checkpoint FROM log_state')
}

/** Items of these ids that stand in the log, by id as text. */
export async function readKnown(db: Read, ids: Bytes[]): Promise<Map<string, Known>> {
  const rows = await db.many<{ id: Bytes; index: number; leaf: Bytes; cose: Bytes }>(
    'SELECT id, index, leaf, cose FROM item WHERE id = any($1::bytea[])',
    [ids],
  )
  return new Map(rows.map(({ id, ...known }) => [idText(id), known]))
}

/** The heads of these chains, null where a chain has nothing, by chain as text. */
export async function readHeads(db: Read, chains: Bytes[]): Promise<Map<string, Head | null>> {
  const heads = new Map<string, Head | null>(chains.map((chain) => [idText(chain), null]))
  if (chains.length === 0) return heads
  const rows = await db.many<{ chain: Bytes; seq: number; leaf_hash: Bytes; index: number }>(
    `SELECT asked.chain, head.seq, head.leaf_hash, head.index
       FROM unnest($1::bytea[]) AS asked (chain)
       CROSS JOIN LATERAL (
         SELECT chain_seq AS seq, leaf_hash, index FROM item
          WHERE item.chain = asked.chain ORDER BY chain_seq DESC LIMIT 1
       ) AS head`,
    [chains],
  )
  for (const { chain, seq, leaf_hash, index } of rows)
    heads.set(idText(chain), { sequence: seq, leafHash: leaf_hash, index })
  return heads
}

/** A full tile as stored. Throws where it is missing: a tree of that size cannot lack it. */
export async function readTile(db: Read, level: number, n: number): Promise<Bytes> {
  const row = await db.one<{ bytes: Bytes }>('SELECT bytes FROM tile WHERE level = $1 AND n = $2', [level, n])
  if (!row) throw new Error(`Tile ${level}/${n} is missing from the database`)
  return row.bytes
}

/** The hashes of `width` leaves from `first`, end to end. */
export async function readLeafHashes(db: Read, first: number, width: number): Promise<Bytes> {
  const rows = await db.many<{ leaf_hash: Bytes }>(
    'SELECT leaf_hash FROM item WHERE index >= $1 AND index < $2 ORDER BY index',
    [first, first + width],
  )
  if (rows.length !== width) throw new Error(`Of ${width} leaves from ${first}, ${rows.length} are in the database`)
  return concat(...rows.map((row) => row.leaf_hash))
}

export type Growth = { placed: Placed[]; tiles: Tile[]; state: LogState }

/**
 * Writes a batch: items, sections, wraps, keys, tiles and the state of the log. The statements go out together and
 * are carried out in this order.
 */
export async function writeGrowth(tx: Tx, { placed, tiles, state }: Growth): Promise<void> {
  await Promise.all([
    writeItems(tx, placed),
    writeSections(tx, placed),
    writeWraps(tx, placed),
    writeKeys(tx, placed),
    writeTiles(tx, tiles),
    tx.query(
      `INSERT INTO log_state (size, time, checkpoint) VALUES ($1, $2, $3)
       ON CONFLICT (single) DO UPDATE SET size = excluded.size, time = excluded.time, checkpoint = excluded.checkpoint`,
      [state.size, state.time, state.checkpoint],
    ),
  ])
}

async function writeItems(tx: Tx, placed: Placed[]): Promise<void> {
  await tx.query(
    `INSERT INTO item (index, id, kind, chain, chain_seq, signer, accepted, cose, leaf, leaf_hash)
     SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::bytea[], $5::bigint[],
                          $6::bytea[], $7::bigint[], $8::bytea[], $9::bytea[], $10::bytea[])`,
    [
      placed.map(({ place }) => place.index),
      placed.map(({ header }) => header.id),
      placed.map(({ header }) => header.kind),
      placed.map(({ chain }) => chain),
      placed.map(({ sequence }) => sequence),
      placed.map(({ header }) => header.signer.id),
      placed.map(({ place }) => place.time),
      placed.map(({ item }) => item.cose),
      placed.map(({ leaf }) => leaf),
      placed.map(({ place }) => place.leafHash),
    ],
  )
}

async function writeSections(tx: Tx, placed: Placed[]): Promise<void> {
  const rows = placed.flatMap(({ item, place }) => item.body.map((bytes, n) => ({ index: place.index, n, bytes })))
  if (rows.length === 0) return
  await tx.query(
    `INSERT INTO section (index, n, bytes, leaf_hash)
     SELECT * FROM unnest($1::bigint[], $2::int[], $3::bytea[], $4::bytea[])`,
    [
      rows.map(({ index }) => index),
      rows.map(({ n }) => n),
      rows.map(({ bytes }) => bytes),
      rows.map(({ bytes }) => leafHash(bytes)),
    ],
  )
}

async function writeWraps(tx: Tx, placed: Placed[]): Promise<void> {
  const rows = placed.flatMap(({ item, place }) => {
    const { wraps } = item
    const read = hashReaderFromList(wraps.map((wrap) => leafHash(wrapLeaf(wrap))))
    return wraps.map((wrap, position) => {
      const path = concat(...inclusionProof(read, position, wraps.length))
      return { ...wrap, index: place.index, position, path }
    })
  })
  if (rows.length === 0) return
  await tx.query(
    `INSERT INTO wrap (index, position, ring, generation, enc, ct, path)
     SELECT * FROM unnest($1::bigint[], $2::int[], $3::bytea[], $4::int[], $5::bytea[], $6::bytea[], $7::bytea[])`,
    [
      rows.map(({ index }) => index),
      rows.map(({ position }) => position),
      rows.map(({ ring }) => ring),
      rows.map(({ generation }) => generation),
      rows.map(({ enc }) => enc),
      rows.map(({ ct }) => ct),
      rows.map(({ path }) => path),
    ],
  )
}

async function writeKeys(tx: Tx, placed: Placed[]): Promise<void> {
  const keys = placed.flatMap(({ kind, entry }) => kind.keys?.(entry) ?? [])
  if (keys.length === 0) return
  await tx.query(
    // A key that comes again keeps what it was first: the rules refuse a second use, this is only their ground.
    `INSERT INTO signing_key (thumbprint, type, public_key)
     SELECT sha256(key), type, key FROM unnest($1::text[], $2::bytea[]) AS new (type, key)
     ON CONFLICT DO NOTHING`,
    [keys.map(({ type }) => type), keys.map(({ publicKey }) => publicKey)],
  )
}

async function writeTiles(tx: Tx, tiles: Tile[]): Promise<void> {
  if (tiles.length === 0) return
  if (tiles.some(({ bytes }) => bytes.length !== TILE_WIDTH * 32)) throw new Error('Only full tiles are stored')
  await tx.query('INSERT INTO tile (level, n, bytes) SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])', [
    tiles.map(({ level }) => level),
    tiles.map(({ index }) => index),
    tiles.map(({ bytes }) => bytes),
  ])
}
