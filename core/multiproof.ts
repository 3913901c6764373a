import { type Bytes, equal } from './bytes.ts'
import { type HashReader, nodeHash, rangeRoot, requireHashes, requireHead, split, type TreeHead } from './merkle.ts'
import { Refusal } from './refusal.ts'

/**
 * One proof for many leaves of an RFC 6962 tree; our own form, since neither RFC 6962 nor C2SP has one (one-way).
 *
 * Walk the tree from the root, left before right, dividing as RFC 6962 does. A subtree without any of the named leaves
 * gives one hash, its root, and is not entered. So hashes stand in the order of the leaves they cover, none is sent
 * twice, and each is used once. For one leaf these are the hashes of its inclusion proof in another order.
 */

/** `indexes` ascend without repeats; for none the proof is empty. */
export function multiproof(read: HashReader, indexes: readonly number[], size: number): Bytes[] {
  const fault = faultOf(indexes, size)
  if (fault) throw new RangeError(fault)
  const hashes: Bytes[] = []
  if (indexes.length > 0) walk(0, size, 0, indexes.length)
  return hashes

  function walk(start: number, end: number, first: number, last: number): void {
    if (first === last) {
      hashes.push(rangeRoot(read, start, end))
    } else if (end - start > 1) {
      const middle = start + split(end - start)
      const cut = firstAtOrAfter(indexes, middle, first, last)
      walk(start, middle, first, cut)
      walk(middle, end, cut, last)
    }
  }
}

/** A leaf said to stand at `index`. */
export type PlacedLeaf = { index: number; hash: Uint8Array }

/**
 * Refuses unless every one of `leaves`, ascending by index, stands at its place in the tree `head`, and every hash of
 * the proof was used. No leaves prove nothing, and only an empty proof goes with them.
 */
export function verifyMultiproof(leaves: readonly PlacedLeaf[], head: TreeHead, proof: readonly Uint8Array[]): void {
  requireHead(head)
  requireHashes(proof)
  requireHashes(leaves.map((leaf) => leaf.hash))
  const indexes = leaves.map((leaf) => leaf.index)
  const fault = faultOf(indexes, head.size)
  if (fault) refuse(fault)
  let used = 0
  if (leaves.length > 0 && !equal(walk(0, head.size, 0, leaves.length), head.root)) refuse('not under this root')
  if (used !== proof.length) refuse('a hash too many')

  function walk(start: number, end: number, first: number, last: number): Uint8Array {
    if (first === last) return proof[used++] ?? refuse('a hash too few')
    if (end - start === 1) return leaves[first]!.hash
    const middle = start + split(end - start)
    const cut = firstAtOrAfter(indexes, middle, first, last)
    const left = walk(start, middle, first, cut)
    return nodeHash(left, walk(middle, end, cut, last))
  }
}

function faultOf(indexes: readonly number[], size: number): string | null {
  let previous = -1
  for (const index of indexes) {
    if (!Number.isSafeInteger(index)) return 'not an index'
    if (index <= previous) return 'indexes do not ascend'
    previous = index
  }
  return previous < size ? null : 'index outside the tree'
}

function firstAtOrAfter(indexes: readonly number[], place: number, first: number, last: number): number {
  while (first < last) {
    const middle = (first + last) >> 1
    if (indexes[middle]! < place) first = middle + 1
    else last = middle
  }
  return first
}

function refuse(reason: string): never {
  throw new Refusal('bad_proof', `Merkle multiproof: ${reason}`)
}
