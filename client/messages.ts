import { type Bytes, equal, fromBase64url, toBase64url } from '../core/bytes.ts'
import { type Cbor, type CborMap, decode, encode } from '../core/cbor.ts'
import type { Sign1 } from '../core/cose.ts'
import { sha256 } from '../core/hash.ts'
import { bodyRoot, type Header, readCose } from '../core/item.ts'
import { decodeLeaf, type Leaf } from '../core/leaf.ts'
import { leafHash, rootOf, verifyInclusion } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import { readWrap, type Wrap, wrapLeaf } from '../core/wrap.ts'

/**
 * What the server answers, taken apart (docs/contract.md, "HTTP"). Reading checks everything an entry says about itself:
 * that leaf, sections and wrap are those of the signed header. Whether the log holds it, and whether its author might
 * write it, is `proven.ts`.
 */
export type Received = {
  index: number
  cose: Bytes
  header: Header
  signed: Sign1
  /** Null where the server left a section out. */
  sections: (Bytes | null)[]
  sectionHashes: Bytes[]
  wrap: Wrap | null
  leaf: Leaf
  leafHash: Bytes
}

export type Bundle = {
  checkpoint: string
  consistency: Bytes[]
  entries: Received[]
  /** Chains asked for in which nothing stands. */
  empty: Bytes[]
  proof: Bytes[]
}

export type SyncReply = {
  checkpoint: string
  consistency: Bytes[]
  cursors: { party: string; cursor: number; more: boolean }[]
  entries: Received[]
  proof: Bytes[]
}

export type Service = { cose: Bytes; leaf: Bytes; proof: Bytes[]; checkpoint: string; demo: boolean; version: string }

export type ItemAnswer =
  | { accepted: true; index: number; leaf: Bytes }
  | { accepted: false; code: string; details: Record<string, unknown> }

/** `held`: chains whose beginning is here, each with the sequence that comes next. */
export function writeDirectoryAsk(parties: string[], size: number, held: { chain: Bytes; next: number }[] = []): Bytes {
  return encode(
    new Map<number, Cbor>([
      [1, parties.map(fromBase64url)],
      [2, size],
      [3, held.map(({ chain, next }): Cbor => [chain, next])],
    ]),
  )
}

export function writeSyncAsk(cursors: [party: string, cursor: number][], size: number): Bytes {
  return encode(
    new Map<number, Cbor>([
      [1, cursors.map(([party, cursor]): Cbor => [fromBase64url(party), cursor])],
      [2, size],
    ]),
  )
}

export function readBundle(bytes: Bytes): Bundle {
  const map = mapOf(decode(bytes))
  return {
    checkpoint: textOf(map.get(1)),
    consistency: bytesList(map.get(2)),
    entries: listOf(map.get(3)).map(readEntry),
    empty: bytesList(map.get(4)),
    proof: bytesList(map.get(5)),
  }
}

export function readSyncReply(bytes: Bytes): SyncReply {
  const map = mapOf(decode(bytes))
  return {
    checkpoint: textOf(map.get(1)),
    consistency: bytesList(map.get(2)),
    cursors: listOf(map.get(3)).map((value) => {
      const [party, cursor, more] = listOf(value)
      return { party: toBase64url(bytesOf(party)), cursor: countOf(cursor), more: more === true }
    }),
    entries: listOf(map.get(4)).map(readEntry),
    proof: bytesList(map.get(5)),
  }
}

export function readService(bytes: Bytes): Service {
  const map = mapOf(decode(bytes))
  if (map.get(1) === null) throw new Refusal('no_service', 'This log has no root yet')
  return {
    cose: bytesOf(map.get(1)),
    leaf: bytesOf(map.get(2)),
    proof: bytesList(map.get(3)),
    checkpoint: textOf(map.get(4)),
    demo: map.get(5) === true,
    version: String(map.get(6) ?? ''),
  }
}

export function readItemAnswers(bytes: Bytes): ItemAnswer[] {
  return listOf(decode(bytes)).map((value) => {
    const [outcome, second, third] = listOf(value)
    if (outcome === 1) return { accepted: true, index: countOf(second), leaf: bytesOf(third) }
    return { accepted: false, code: textOf(second), details: detailsOf(third) }
  })
}

/** One entry, or `Refusal('bad_proof')` when its parts are not those its header names. */
export function readEntry(value: Cbor): Received {
  const map = mapOf(value)
  const cose = bytesOf(map.get(2))
  const leafData = bytesOf(map.get(8))
  const leaf = decodeLeaf(leafData)
  if (!equal(leaf.item, sha256(cose))) throw lie('the leaf of another item')
  const { header, signed } = readCose(cose)
  const sections = listOf(map.get(3)).map((section) => (section === null ? null : bytesOf(section)))
  const sectionHashes = bytesList(map.get(4))
  checkSections(header, sections, sectionHashes)
  const wrap = map.get(5) == null ? null : readWrap(map.get(5)!)
  if (wrap) {
    if (!header.wraps) throw lie('a wrap its header does not know')
    const { count: size, root } = header.wraps
    verifyInclusion(leafHash(wrapLeaf(wrap)), countOf(map.get(7)), { size, root }, bytesList(map.get(6)))
  }
  return {
    index: countOf(map.get(1)),
    cose,
    header,
    signed,
    sections,
    sectionHashes,
    wrap,
    leaf,
    leafHash: leafHash(leafData),
  }
}

/** The other way, for stores and for servers in tests. `position` and `path` belong to the wrap. */
export function writeEntry(
  entry: Omit<Received, 'header' | 'signed' | 'leafHash' | 'leaf' | 'wrap'> & {
    leafData: Bytes
    wrap: Cbor
    path: Bytes[]
    position: number
  },
): CborMap {
  return new Map<number, Cbor>([
    [1, entry.index],
    [2, entry.cose],
    [3, entry.sections],
    [4, entry.sectionHashes],
    [5, entry.wrap],
    [6, entry.path],
    [7, entry.position],
    [8, entry.leafData],
  ])
}

function checkSections(header: Header, sections: (Bytes | null)[], hashes: Bytes[]): void {
  if (sections.length !== hashes.length) throw lie('sections and their hashes')
  for (const [i, section] of sections.entries()) {
    if (section && !equal(leafHash(section), hashes[i]!)) throw lie('a section of another item')
  }
  const whole = sections.every((section) => section !== null)
  const root = hashes.length === 0 ? undefined : whole ? bodyRoot(sections as Bytes[]) : rootOf(hashes)
  if (root ? !header.body || !equal(root, header.body) : header.body) throw lie('not the body its header names')
}

function lie(what: string): Refusal {
  return new Refusal('bad_proof', `Entry: ${what}`)
}

function mapOf(value: Cbor | undefined): CborMap {
  if (value instanceof Map) return value
  throw new Refusal('bad_bytes', 'A map expected')
}

function listOf(value: Cbor | undefined): Cbor[] {
  if (Array.isArray(value)) return value
  throw new Refusal('bad_bytes', 'A list expected')
}

function bytesOf(value: Cbor | undefined): Bytes {
  if (value instanceof Uint8Array) return value
  throw new Refusal('bad_bytes', 'Bytes expected')
}

function bytesList(value: Cbor | undefined): Bytes[] {
  return listOf(value).map(bytesOf)
}

function textOf(value: Cbor | undefined): string {
  if (typeof value === 'string') return value
  throw new Refusal('bad_bytes', 'Text expected')
}

function countOf(value: Cbor | undefined): number {
  if (typeof value === 'number' && value >= 0) return value
  throw new Refusal('bad_bytes', 'A number expected')
}

function detailsOf(value: Cbor | undefined): Record<string, unknown> {
  try {
    const details: unknown = typeof value === 'string' ? JSON.parse(value) : null
    return typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
