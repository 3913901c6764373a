import { type Bytes, equal } from './bytes.ts'
import { type Cbor, decode, encode } from './cbor.ts'
import { HASH_LENGTH, leafHash } from './merkle.ts'
import { Refusal } from './refusal.ts'

/**
 * What the log says of one item (one-way): which item, when it was accepted, and its place in one chain. A chain is a
 * space, a thread or a party; the sequencer assigns it. Since each leaf names the one before it, a proof of the newest
 * leaf proves its chain's whole past and shows every gap.
 *
 * Leaf data = CBOR[item, time, chain, sequence, previous], hashed into the tree as RFC 6962 hashes any leaf.
 */
export type Leaf = {
  /** SHA-256 of the item's COSE bytes. */
  item: Bytes
  /** Accepted at, in milliseconds since 1970 UTC; never less than that of an earlier leaf. */
  time: number
  /** Its tag (`chainTag`), 32 bytes. */
  chain: Bytes
  /** 0 for the first leaf of its chain. */
  sequence: number
  /** Leaf hash of the leaf before it in the chain; null at sequence 0 and only there. */
  previous: Bytes | null
}

/** The newest leaf of a chain, as far as somebody has verified it. */
export type ChainHead = { chain: Bytes; sequence: number; time: number; hash: Bytes }

/** The bytes of a leaf. Throws `RangeError` for one that `decodeLeaf` would refuse. */
export function encodeLeaf(leaf: Leaf): Bytes {
  const fault = faultOf([leaf.item, leaf.time, leaf.chain, leaf.sequence, leaf.previous])
  if (fault) throw new RangeError(`Leaf: ${fault}`)
  return encode([leaf.item, leaf.time, leaf.chain, leaf.sequence, leaf.previous])
}

/** Reads leaf data. Throws `Refusal('bad_bytes')` for any bytes that `encodeLeaf` cannot have written. */
export function decodeLeaf(bytes: Uint8Array): Leaf {
  const parts = decode(bytes)
  const fault = faultOf(parts)
  if (fault) throw new Refusal('bad_bytes', `Leaf: ${fault}`)
  const [item, time, chain, sequence, previous] = parts as [Bytes, number, Bytes, number, Bytes | null]
  return { item, time, chain, sequence, previous }
}

/** The leaf's hash in the tree. */
export function hashLeaf(leaf: Leaf): Bytes {
  return leafHash(encodeLeaf(leaf))
}

/**
 * Refuses (`bad_proof`) unless `leaves` are one chain without a gap, in order and in time, beginning after `head`, or
 * with sequence 0 where none is given. Returns the chain's new head, whose hash is what an inclusion proof must prove.
 */
export function verifyChain(leaves: readonly Leaf[], head: ChainHead | null = null): ChainHead | null {
  for (const leaf of leaves) {
    if (leaf.sequence !== (head ? head.sequence + 1 : 0)) refuse('a gap in the sequence')
    if (head && !equal(leaf.chain, head.chain)) refuse('a leaf of another chain')
    if (head && leaf.time < head.time) refuse('time runs backwards')
    if (head ? !leaf.previous || !equal(leaf.previous, head.hash) : leaf.previous)
      refuse('the leaf before it is another')
    head = { chain: leaf.chain, sequence: leaf.sequence, time: leaf.time, hash: hashLeaf(leaf) }
  }
  return head
}

/** The head that `leaf` says it follows: for reading a chain from its middle, trusting that leaf for what was before. */
export function headBefore(leaf: Leaf): ChainHead | null {
  if (!leaf.previous) return null
  return { chain: leaf.chain, sequence: leaf.sequence - 1, time: 0, hash: leaf.previous }
}

function faultOf(parts: Cbor): string | null {
  if (!Array.isArray(parts) || parts.length !== 5) return 'not five parts'
  const [item, time, chain, sequence, previous] = parts
  if (!isHash(item)) return 'the item is no hash'
  if (!isCount(time)) return 'not a time'
  if (!isHash(chain)) return 'not a chain'
  if (!isCount(sequence)) return 'not a sequence'
  if (sequence === 0 ? previous !== null : !isHash(previous)) return 'not a previous leaf'
  return null
}

function isHash(value: unknown): boolean {
  return value instanceof Uint8Array && value.length === HASH_LENGTH
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function refuse(reason: string): never {
  throw new Refusal('bad_proof', `Chain: ${reason}`)
}
