import { type Bytes, compare, equal, join, toBase64url } from './bytes.ts'
import { type Cbor, type CborMap, decode, encode } from './cbor.ts'
import type { Commitment } from './commitment.ts'
import { readSign1, type Sign, type Sign1, sign1 } from './cose.ts'
import { sha256 } from './hash.ts'
import { leafHash, rootOf } from './merkle.ts'
import { Refusal } from './refusal.ts'
import { readWrap, type Wrap, wrapLeaf, writeWrap } from './wrap.ts'

/**
 * An item: the one envelope everything an official does travels in. A COSE_Sign1 whose payload is the header; body and
 * wraps travel beside it and are bound by the roots in it. One-way: the integer keys below never change their meaning.
 */
export type Header = {
  kind: string
  /** 128 random bits, unique for ever. */
  id: Bytes
  /** Reserved for spaces: the space the item belongs to. */
  space?: Bytes
  signer: Signer
  /** The `appoint` item by which the author holds the post he acts for. */
  appointment?: Bytes
  /** The author's own clock, milliseconds since 1970. Evidence only: it never refuses anything. */
  time: number
  /** RFC 6962 root over the body's sections, so that one section can be fetched and checked without the others. */
  body?: Bytes
  /** Commitment over the sealed parts: how many in each section, and their RFC 6962 root (`core/commitment.ts`). */
  commitment?: Commitment
  /** The wraps of a random item key, in order (`core/wrap.ts`). */
  wraps?: CountedRoot
  /** Reserved for spaces: the ring whose content key gives the item key. */
  ring?: { id: Bytes; generation: number }
  /** What the author had seen when he acted: log size and the last item of the chain. Evidence, never a condition. */
  seen?: { size: number; item: Bytes | null }
  /** The kind's own open fields. */
  fields: CborMap
}

export type CountedRoot = { count: number; root: Bytes }
export type SignerType = 'device' | 'root' | 'ticket' | 'log'
/** `id` is the thumbprint, SHA-256 of the raw Ed25519 public key. */
export type Signer = { type: SignerType; id: Bytes }

/** What is sent and stored: the signed header, the body's sections and the wraps. */
export type Envelope = { cose: Bytes; body: Bytes[]; wraps: Wrap[] }

/** An envelope taken apart and checked against its own header; its signature is not checked yet. */
export type Item = Envelope & { header: Header; signed: Sign1 }

export const VERSION = 1
export const ID_LENGTH = 16
/** Limits of one envelope's bytes (protocol, "Items"): a directive carries wraps to hundreds of posts. */
export const MAX_DIRECTIVE = 4 * 1024 * 1024
export const MAX_ITEM = 64 * 1024
export const MAX_WRAPS = 2000
/** Sections of one body. Each has a key by its number, so there can be no more than numbers. */
export const MAX_SECTIONS = 16
/** Parts of one section: a letter has some tens. */
export const MAX_PARTS = 4096
/** The last moment a JavaScript `Date` can hold; a later one would throw wherever it is shown. */
const MAX_TIME = 8.64e15

const K = {
  version: 1,
  kind: 2,
  id: 3,
  space: 4,
  signer: 5,
  appointment: 6,
  time: 7,
  body: 8,
  commitment: 9,
  wraps: 10,
  ring: 11,
  seen: 12,
  fields: 13,
} as const

const SIGNERS: SignerType[] = ['device', 'root', 'ticket', 'log']

/** SHA-256 of a raw Ed25519 public key: the id of a device and of every other signing key. */
export function thumbprint(publicKey: Uint8Array): Bytes {
  return sha256(publicKey)
}

/** The root that `header.body` must equal for these sections. */
export function bodyRoot(sections: Uint8Array[]): Bytes {
  return rootOf(sections.map((section) => leafHash(section)))
}

/** The root that `header.wraps.root` must equal for these wraps. */
export function wrapsRoot(wraps: Wrap[]): Bytes {
  return rootOf(wraps.map((wrap) => leafHash(wrapLeaf(wrap))))
}

export type Draft = Omit<Header, 'signer' | 'body' | 'wraps'> & { body?: Bytes[]; wraps?: Wrap[] }

/** Signs a draft into an envelope. `signer` must be the key whose `sign` is given; nothing is checked here. */
export async function makeItem(draft: Draft, signer: Signer, sign: Sign): Promise<Envelope> {
  const body = draft.body ?? []
  const wraps = draft.wraps ?? []
  const header: Header = { ...draft, signer } as Header
  if (body.length > 0) header.body = bodyRoot(body)
  else delete header.body
  if (wraps.length > 0) header.wraps = { count: wraps.length, root: wrapsRoot(wraps) }
  else delete header.wraps
  return { cose: await sign1(writeHeader(header), sign), body, wraps }
}

/** The bytes of one envelope as it travels: CBOR [COSE_Sign1, [section…], [wrap…]]. */
export function writeEnvelope({ cose, body, wraps }: Envelope): Bytes {
  return encode([cose, body, wraps.map(writeWrap)])
}

/**
 * Reads one envelope and checks that body and wraps are those its header names. Throws `Refusal`: `bad_bytes` for a wrong
 * shape, `newer_version`, `too_large` past the limit of its kind, `too_many_wraps`. The signature is checked elsewhere, against a known key.
 */
export function readEnvelope(bytes: Uint8Array): Item {
  if (bytes.length > MAX_DIRECTIVE) throw new Refusal('too_large', 'An item above 4 MB')
  return itemFrom(decode(bytes), bytes.length)
}

/** As `readEnvelope`, for an envelope already decoded out of a larger message of known size. */
export function itemFrom(value: Cbor, size: number): Item {
  if (!Array.isArray(value) || value.length !== 3) throw bad('not three elements')
  const [cose, sections, wrapList] = value
  if (!(cose instanceof Uint8Array) || !Array.isArray(sections) || !Array.isArray(wrapList)) throw bad('elements')
  const signed = readSign1(cose)
  const header = readHeader(signed.payload)
  if (header.kind !== 'directive' && size > MAX_ITEM) throw new Refusal('too_large', 'An item above 64 KB')
  if (wrapList.length > MAX_WRAPS) throw new Refusal('too_many_wraps', 'More than 2,000 wraps', { max: MAX_WRAPS })
  if (sections.length > MAX_SECTIONS) throw bad('more than 16 sections')
  const body = sections.map(bytesOf)
  const wraps = wrapList.map(readWrap)
  if (body.length === 0 ? header.body : !header.body || !equal(bodyRoot(body), header.body)) throw bad('the body')
  if (header.commitment && header.commitment.counts.length !== body.length) throw bad('the number of sections')
  if (wraps.length !== (header.wraps?.count ?? 0)) throw bad('the number of wraps')
  if (header.wraps && !equal(wrapsRoot(wraps), header.wraps.root)) throw bad('the wraps')
  return { cose: cose as Bytes, body, wraps, header, signed }
}

/** The header and signature of a COSE_Sign1 alone, as a reader receives it without body or wraps. */
export function readCose(cose: Uint8Array): { header: Header; signed: Sign1 } {
  const signed = readSign1(cose)
  return { header: readHeader(signed.payload), signed }
}

export function writeHeader(header: Header): Bytes {
  const map: CborMap = new Map<number, Cbor>([
    [K.version, VERSION],
    [K.kind, header.kind],
    [K.id, header.id],
    [K.signer, [SIGNERS.indexOf(header.signer.type), header.signer.id]],
    [K.time, header.time],
    [K.fields, header.fields],
  ])
  if (header.space) map.set(K.space, header.space)
  if (header.appointment) map.set(K.appointment, header.appointment)
  if (header.body) map.set(K.body, header.body)
  if (header.commitment) map.set(K.commitment, [header.commitment.counts, header.commitment.root])
  if (header.wraps) map.set(K.wraps, [header.wraps.count, header.wraps.root])
  if (header.ring) map.set(K.ring, [header.ring.id, header.ring.generation])
  if (header.seen) map.set(K.seen, [header.seen.size, header.seen.item])
  return encode(map)
}

/** Throws `Refusal`: `newer_version` for another version, `bad_bytes` for anything but a header, unknown keys included. */
export function readHeader(payload: Uint8Array): Header {
  const map = decode(payload)
  if (!(map instanceof Map)) throw bad('the header is not a map')
  if (map.get(K.version) !== VERSION) throw new Refusal('newer_version', 'A header of another version')
  for (const key of map.keys()) if (!(key >= K.version && key <= K.fields)) throw bad(`header key ${key}`)
  const kind = map.get(K.kind)
  if (typeof kind !== 'string' || !/^[a-z-]{1,32}$/.test(kind)) throw bad('the kind')
  const time = map.get(K.time)
  if (!isCount(time) || time > MAX_TIME) throw bad('the time')
  const fields = map.get(K.fields)
  if (!(fields instanceof Map)) throw bad('the fields')
  const header: Header = {
    kind,
    id: sized(map.get(K.id), ID_LENGTH),
    signer: signerOf(map.get(K.signer)),
    time,
    fields,
  }
  if (map.has(K.space)) header.space = sized(map.get(K.space), ID_LENGTH)
  if (map.has(K.appointment)) header.appointment = sized(map.get(K.appointment), ID_LENGTH)
  if (map.has(K.body)) header.body = sized(map.get(K.body), 32)
  if (map.has(K.commitment)) header.commitment = commitmentOf(map.get(K.commitment))
  if (map.has(K.wraps)) header.wraps = countedRoot(map.get(K.wraps))
  if (map.has(K.ring)) header.ring = ringOf(map.get(K.ring))
  if (map.has(K.seen)) header.seen = seenOf(map.get(K.seen))
  return header
}

function signerOf(value: Cbor | undefined): Signer {
  if (!Array.isArray(value) || value.length !== 2) throw bad('the signer')
  // A number first: as a property name `"length"` would be found in any list.
  const type = typeof value[0] === 'number' ? SIGNERS[value[0]] : undefined
  if (!type) throw bad('the signer')
  return { type, id: sized(value[1], 32) }
}

function countedRoot(value: Cbor | undefined): CountedRoot {
  if (!Array.isArray(value) || value.length !== 2 || !isCount(value[0]) || value[0] === 0) throw bad('a counted root')
  return { count: value[0], root: sized(value[1], 32) }
}

function commitmentOf(value: Cbor | undefined): Commitment {
  if (!Array.isArray(value) || value.length !== 2 || !Array.isArray(value[0])) throw bad('the commitment')
  const counts = value[0]
  if (counts.length === 0 || counts.length > MAX_SECTIONS || !counts.every(isPartCount)) throw bad('the commitment')
  return { counts, root: sized(value[1], 32) }
}

function isPartCount(value: Cbor): value is number {
  return isCount(value) && value > 0 && value <= MAX_PARTS
}

function ringOf(value: Cbor | undefined): { id: Bytes; generation: number } {
  if (!Array.isArray(value) || value.length !== 2 || !isCount(value[1])) throw bad('the ring')
  return { id: sized(value[0], ID_LENGTH), generation: value[1] }
}

function seenOf(value: Cbor | undefined): { size: number; item: Bytes | null } {
  if (!Array.isArray(value) || value.length !== 2 || !isCount(value[0])) throw bad('what was seen')
  return { size: value[0], item: value[1] === null ? null : sized(value[1], ID_LENGTH) }
}

function isCount(value: Cbor | undefined): value is number {
  return typeof value === 'number' && value >= 0
}

function sized(value: Cbor | undefined, length: number): Bytes {
  if (!(value instanceof Uint8Array) || value.length !== length) throw bad(`${length} bytes expected`)
  return value
}

function bytesOf(value: Cbor): Bytes {
  if (!(value instanceof Uint8Array)) throw bad('bytes expected')
  return value
}

function bad(what: string): Refusal {
  return new Refusal('bad_bytes', `Not an item: ${what}`)
}

/** Ids in sorted order, for the hash of an audience and everything else that must not depend on order. */
export function sortIds(ids: Bytes[]): Bytes[] {
  return [...ids].sort(compare)
}

/** SHA-256 over sorted ids of 16 bytes, which need no divider: the hash of a frozen audience (protocol, "The frozen audience"). */
export function audienceHash(ids: Bytes[]): Bytes {
  return sha256(join(sortIds(ids)))
}

/** An id as text, the form used in maps, JSON and addresses: base64url. */
export function idText(id: Uint8Array): string {
  return toBase64url(id)
}
