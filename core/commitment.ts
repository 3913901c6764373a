import { type Bytes, concat } from './bytes.ts'
import { type Cbor, decode, encode } from './cbor.ts'
import { hkdf, sha256 } from './hash.ts'
import type { CountedRoot } from './item.ts'
import { hashReaderFromList, leafHash, rootOf } from './merkle.ts'
import { multiproof, verifyMultiproof } from './multiproof.ts'
import { Refusal } from './refusal.ts'

/**
 * A sealed text is a list of parts, each a label and a value: a letter's fields, paragraphs and clauses, an answer's note.
 * The header commits to every part apart, so that one can be disclosed later without the rest, and so that nobody can
 * make a ciphertext that opens differently under two keys.
 */
export type Part = { label: string; value: Cbor }

export function writePart({ label, value }: Part): Bytes {
  return encode([label, value])
}

/** Throws `Refusal('bad_bytes')`. */
export function readPart(bytes: Uint8Array): Part {
  const value = decode(bytes)
  if (!Array.isArray(value) || value.length !== 2 || typeof value[0] !== 'string') {
    throw new Refusal('bad_bytes', 'Not a part')
  }
  return { label: value[0], value: value[1]! }
}

/** The salt of part `index`: without it a disclosed neighbour tells nothing of a part that is withheld. */
export function saltOf(itemKey: Bytes, index: number): Bytes {
  return hkdf(itemKey, 'salt', uint32(index))
}

/** Leaf `SHA-256(salt ‖ part)`, hashed as an RFC 6962 leaf. */
function leafOf(itemKey: Bytes, index: number, part: Bytes): Bytes {
  return leafHash(sha256(saltOf(itemKey, index), part))
}

/** The commitment over all parts in order. */
export function commit(itemKey: Bytes, parts: Bytes[]): CountedRoot {
  return { count: parts.length, root: rootOf(parts.map((part, index) => leafOf(itemKey, index, part))) }
}

/** Hashes that let parts `first … first+count-1` be checked without the others. */
export function proveParts(itemKey: Bytes, parts: Bytes[], first: number, count: number): Bytes[] {
  const leaves = parts.map((part, index) => leafOf(itemKey, index, part))
  return multiproof(hashReaderFromList(leaves), range(first, count), leaves.length)
}

/** Throws `Refusal('bad_commitment')` unless these are the parts committed to, at these places. */
export function checkParts(
  itemKey: Bytes,
  commitment: CountedRoot,
  first: number,
  parts: Bytes[],
  proof: Bytes[],
): void {
  const leaves = parts.map((part, offset) => ({ index: first + offset, hash: leafOf(itemKey, first + offset, part) }))
  try {
    verifyMultiproof(leaves, { size: commitment.count, root: commitment.root }, proof)
  } catch (cause) {
    const refusal = new Refusal('bad_commitment', 'The text is not the one its author committed to')
    refusal.cause = cause
    throw refusal
  }
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, offset) => first + offset)
}

function uint32(value: number): Bytes {
  return concat(Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff))
}
