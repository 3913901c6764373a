import type { Bytes } from './bytes.ts'
import { type Cbor, decode, encode } from './cbor.ts'
import { hkdf, sha256 } from './hash.ts'
import { hashReaderFromList, inclusionProof, leafHash, rootOf, verifyInclusion } from './merkle.ts'
import { multiproof, verifyMultiproof } from './multiproof.ts'
import { Refusal } from './refusal.ts'

/**
 * A sealed text is a list of parts, each a label and a value: a letter's fields, paragraphs and clauses, an answer's note.
 * The header commits to every part apart, so that one can be disclosed later without the rest, and so that nobody can
 * make a ciphertext that opens differently under two keys.
 */
export type Part = { label: string; value: Cbor }

/**
 * `root` is the RFC 6962 root over all parts in order, `counts` says how many stand in each section.
 *
 * @NOTE That the counts are signed is what makes this binding. With one sum, an author could commit to two texts side by
 * side and make one ciphertext open as the first under one reader's key and as the second under another's: AES-GCM allows
 * that. Now section n has one place in the tree, so two keys for it would need one hash for two salts; and no part can be
 * committed to that no reader was shown.
 */
export type Commitment = { counts: number[]; root: Bytes }

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

const SALT_LENGTH = 32

/** The salt of part `index`: without it a disclosed neighbour tells nothing of a part that is withheld. */
export function saltOf(itemKey: Bytes, index: number): Bytes {
  return hkdf(itemKey, 'salt', encode(index), SALT_LENGTH)
}

/** Leaf `SHA-256(salt ‖ part)`, hashed as an RFC 6962 leaf. The salt's length is fixed, so the two cannot run together. */
function leafOf(salt: Uint8Array, part: Uint8Array): Bytes {
  return leafHash(sha256(salt, part))
}

function leavesOf(itemKey: Bytes, parts: Bytes[], first = 0): Bytes[] {
  return parts.map((part, offset) => leafOf(saltOf(itemKey, first + offset), part))
}

/** Commits to the parts of each section; with it, for each section, the hashes by which it is checked without the others. */
export function commit(itemKey: Bytes, sections: Bytes[][]): { commitment: Commitment; proofs: Bytes[][] } {
  const leaves = leavesOf(itemKey, sections.flat())
  const counts = sections.map((parts) => parts.length)
  const read = hashReaderFromList(leaves)
  const proofs = counts.map((count, section) => multiproof(read, range(firstOf(counts, section), count), leaves.length))
  return { commitment: { counts, root: rootOf(leaves) }, proofs }
}

/** Throws `Refusal('bad_commitment')` unless these are all the parts committed to in that section. */
export function checkSection(
  itemKey: Bytes,
  commitment: Commitment,
  section: number,
  parts: Bytes[],
  proof: Bytes[],
): void {
  const { counts, root } = commitment
  if (counts[section] !== parts.length) throw notCommitted()
  const first = firstOf(counts, section)
  const leaves = leavesOf(itemKey, parts, first).map((hash, offset) => ({ index: first + offset, hash }))
  try {
    verifyMultiproof(leaves, { size: firstOf(counts, counts.length), root }, proof)
  } catch (cause) {
    throw notCommitted(cause)
  }
}

/** One part shown to somebody who has no key, with what he needs to see that the signed header names it. */
export type Disclosure = { index: number; part: Bytes; salt: Bytes; proof: Bytes[] }

/** Discloses part `index` of all `parts` in order; the rest stays as hidden as before. */
export function disclose(itemKey: Bytes, parts: Bytes[], index: number): Disclosure {
  const part = parts[index]
  if (!part) throw new RangeError(`No part ${index} among ${parts.length}`)
  const proof = inclusionProof(hashReaderFromList(leavesOf(itemKey, parts)), index, parts.length)
  return { index, part, salt: saltOf(itemKey, index), proof }
}

/** The part disclosed. Throws `Refusal`: `bad_commitment` unless it is the one the author committed to at that place. */
export function checkDisclosure({ counts, root }: Commitment, { index, part, salt, proof }: Disclosure): Part {
  if (salt.length !== SALT_LENGTH) throw notCommitted()
  try {
    verifyInclusion(leafOf(salt, part), index, { size: firstOf(counts, counts.length), root }, proof)
  } catch (cause) {
    throw notCommitted(cause)
  }
  return readPart(part)
}

/** The place of a section's first part among all parts. */
function firstOf(counts: number[], section: number): number {
  return counts.slice(0, section).reduce((sum, count) => sum + count, 0)
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, offset) => first + offset)
}

function notCommitted(cause?: unknown): Refusal {
  const refusal = new Refusal('bad_commitment', 'The text is not the one its author committed to')
  refusal.cause = cause
  return refusal
}
