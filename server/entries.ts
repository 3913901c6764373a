/** Entries as they are handed out: docs/contract.md, "Entry". */
import type { Bytes } from '../core/bytes.ts'
import type { Cbor } from '../core/cbor.ts'
import { HASH_LENGTH } from '../core/merkle.ts'
import type { Read } from './db.ts'

/** A letter is fetched when it is opened; a list shows its summary. Everything else is small. */
const SUMMARISED = 'directive'

type ItemRow = { index: number; kind: string; chain: Bytes; cose: Bytes; leaf: Bytes }
type SectionRow = { index: number; n: number; bytes: Bytes | null; leaf_hash: Bytes }
type WrapRow = { index: number; position: number; ring: Bytes; generation: number; enc: Bytes; ct: Bytes; path: Bytes }

export type EntryOptions = {
  /** Every section; otherwise of a directive only the first. */
  whole: boolean
  /** Whose wrap goes along, the best first. */
  rings: Bytes[]
}

export type Stored = { index: number; chain: Bytes; entry: Cbor }

/** The entries at these indexes, ascending. */
export async function readEntries(db: Read, indexes: number[], options: EntryOptions): Promise<Stored[]> {
  if (indexes.length === 0) return []
  const items = await db.many<ItemRow>(
    'SELECT index, kind, chain, cose, leaf FROM item WHERE index = any($1::bigint[]) ORDER BY index',
    [indexes],
  )
  return withParts(db, items, options)
}

/** Every entry of these chains below `size`, each chain from its sequence `from` on, in log order. */
export async function readChains(
  db: Read,
  chains: { chain: Bytes; from: number }[],
  size: number,
  options: EntryOptions,
): Promise<Stored[]> {
  const items = await db.many<ItemRow>(
    `SELECT i.index, i.kind, i.chain, i.cose, i.leaf
       FROM unnest($1::bytea[], $2::bigint[]) AS wanted (chain, first)
       JOIN item i ON i.chain = wanted.chain AND i.chain_seq >= wanted.first
      WHERE i.index < $3 ORDER BY i.index`,
    [chains.map(({ chain }) => chain), chains.map(({ from }) => from), size],
  )
  return withParts(db, items, options)
}

async function withParts(db: Read, items: ItemRow[], { whole, rings }: EntryOptions): Promise<Stored[]> {
  const indexes = items.map(({ index }) => index)
  const [sections, wraps] = await Promise.all([
    db.many<SectionRow>(
      `SELECT s.index, s.n, s.leaf_hash, CASE WHEN $2 OR s.n = 0 OR i.kind <> $3 THEN s.bytes END AS bytes
         FROM section s JOIN item i USING (index)
        WHERE s.index = any($1::bigint[]) ORDER BY s.index, s.n`,
      [indexes, whole, SUMMARISED],
    ),
    rings.length === 0
      ? []
      : db.many<WrapRow>(
          `SELECT DISTINCT ON (index) index, position, ring, generation, enc, ct, path FROM wrap
            WHERE index = any($1::bigint[]) AND ring = any($2::bytea[])
            ORDER BY index, array_position($2::bytea[], ring)`,
          [indexes, rings],
        ),
  ])
  const sectionsOf = Map.groupBy(sections, ({ index }) => index)
  const wrapOf = new Map(wraps.map((wrap) => [wrap.index, wrap]))
  return items.map((item) => ({
    index: item.index,
    chain: item.chain,
    entry: entryOf(item, sectionsOf.get(item.index) ?? [], wrapOf.get(item.index)),
  }))
}

function entryOf(item: ItemRow, sections: SectionRow[], wrap: WrapRow | undefined): Cbor {
  return new Map<number, Cbor>([
    [1, item.index],
    [2, item.cose],
    [3, sections.map(({ bytes }) => bytes)],
    [4, sections.map(({ leaf_hash }) => leaf_hash)],
    [5, wrap ? [wrap.ring, wrap.generation, wrap.enc, wrap.ct] : null],
    [6, wrap ? hashesIn(wrap.path) : []],
    [7, wrap?.position ?? 0],
    [8, item.leaf],
  ])
}

function hashesIn(path: Bytes): Bytes[] {
  return Array.from({ length: path.length / HASH_LENGTH }, (_, i) => path.slice(i * HASH_LENGTH, (i + 1) * HASH_LENGTH))
}
