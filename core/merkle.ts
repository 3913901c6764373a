import { type Bytes, equal } from './bytes.ts'
import { sha256 } from './hash.ts'
import { Refusal } from './refusal.ts'

/**
 * The Merkle tree of the log and of every list we commit to: RFC 6962 §2.1, SHA-256.
 *
 * Writers here take correct arguments and throw `RangeError` otherwise: that is a bug. Verifiers take anything a
 * stranger sends; they return nothing, and throw `Refusal('bad_proof')` unless the claim holds, so that no caller can
 * forget to look at an answer. Both walk the same few steps from the root down, at most 53, because sizes are safe
 * integers; a proof must have exactly as many hashes as there are steps.
 */

export const HASH_LENGTH = 32

/** A tree as somebody states it: so many leaves, this root. An opened checkpoint is one. */
export type TreeHead = { size: number; root: Uint8Array }

/**
 * The hash over the complete subtree of `2 ** level` leaves beginning at leaf `index * 2 ** level`. Level 0 holds leaf
 * hashes. Proofs ask for complete subtrees only, and which ones depends on sizes alone, never on what is read.
 */
export type HashReader = (level: number, index: number) => Bytes

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** The root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT: Bytes = sha256(new Uint8Array(0))

export function leafHash(data: Uint8Array): Bytes {
  return sha256(LEAF, data)
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  return sha256(NODE, left, right)
}

/** The root over leaf hashes (not leaf data), in order. */
export function rootOf(leafHashes: Iterable<Uint8Array>): Bytes {
  const frontier = new Frontier()
  for (const hash of leafHashes) frontier.append(hash)
  return frontier.root()
}

/** Reads from a list of leaf hashes, keeping what it computes. The list may grow; what is in it may not change. */
export function hashReaderFromList(leafHashes: readonly Uint8Array[]): HashReader {
  const kept: Bytes[][] = []
  return function read(level, index) {
    if (level === 0) {
      const leaf = leafHashes[index]
      if (!leaf) throw new RangeError(`No leaf ${index} among ${leafHashes.length}`)
      return leaf as Bytes
    }
    kept[level] ??= []
    kept[level][index] ??= nodeHash(read(level - 1, 2 * index), read(level - 1, 2 * index + 1))
    return kept[level][index]
  }
}

/** The root of the first `size` leaves. */
export function treeRoot(read: HashReader, size: number): Bytes {
  requireSize(size)
  return size === 0 ? EMPTY_ROOT : rangeRoot(read, 0, size)
}

/** PATH(index, D[size]) of RFC 6962 §2.1.1: siblings from the leaf up. */
export function inclusionProof(read: HashReader, index: number, size: number): Bytes[] {
  requireSize(size)
  if (!isSize(index) || index >= size) throw new RangeError(`No leaf ${index} in a tree of ${size}`)
  const path: Bytes[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + split(end - start)
    if (index < middle) {
      path.push(rangeRoot(read, middle, end))
      end = middle
    } else {
      path.push(rangeRoot(read, start, middle))
      start = middle
    }
  }
  return path.reverse()
}

/** Refuses unless `leafHash` is leaf `index` of the tree `head`. */
export function verifyInclusion(
  leafHash: Uint8Array,
  index: number,
  head: TreeHead,
  proof: readonly Uint8Array[],
): void {
  requireHead(head)
  requireHashes([leafHash, ...proof])
  if (!isSize(index) || index >= head.size) refuse('index outside the tree')
  const leafIsLeft: boolean[] = []
  let [at, size] = [index, head.size]
  while (size > 1) {
    const middle = split(size)
    leafIsLeft.push(at < middle)
    if (at < middle) size = middle
    else [at, size] = [at - middle, size - middle]
  }
  if (proof.length !== leafIsLeft.length) refuse('wrong number of hashes')
  let hash = leafHash
  for (const [i, left] of leafIsLeft.reverse().entries()) {
    hash = left ? nodeHash(hash, proof[i]!) : nodeHash(proof[i]!, hash)
  }
  if (!equal(hash, head.root)) refuse('not under this root')
}

/** PROOF(from, D[to]) of RFC 6962 §2.1.2; empty when `from` is 0 or equals `to`. */
export function consistencyProof(read: HashReader, from: number, to: number): Bytes[] {
  requireSize(to)
  if (!isSize(from) || from > to) throw new RangeError(`A tree of ${from} is not the beginning of a tree of ${to}`)
  if (from === 0 || from === to) return []
  const path: Bytes[] = []
  let [start, end] = [0, to]
  while (from < end) {
    const middle = start + split(end - start)
    if (from <= middle) {
      path.push(rangeRoot(read, middle, end))
      end = middle
    } else {
      path.push(rangeRoot(read, start, middle))
      start = middle
    }
  }
  if (start > 0) path.push(rangeRoot(read, start, end))
  return path.reverse()
}

/**
 * Refuses unless the tree `older` is the beginning of the tree `newer`.
 *
 * @NOTE RFC 6962 leaves size 0 open, and RFC 9162 lets it be consistent with anything under any root. Here an empty
 * tree has one root only, on either side, and its proof is empty.
 */
export function verifyConsistency(older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): void {
  requireHead(older)
  requireHead(newer)
  requireHashes(proof)
  if (older.size > newer.size) refuse('the older tree is larger')
  if (older.size === newer.size && !equal(older.root, newer.root)) refuse('two roots at one size')
  if (older.size === 0 || older.size === newer.size) {
    if (proof.length !== 0) refuse('a hash too many')
    return
  }
  const inBoth: boolean[] = []
  let [from, to] = [older.size, newer.size]
  while (from < to) {
    const middle = split(to)
    inBoth.push(from > middle)
    if (from <= middle) to = middle
    else [from, to] = [from - middle, to - middle]
  }
  // Where the older tree is a complete subtree of the newer one, its root is known and not sent.
  const sent = inBoth.includes(true) ? [...proof] : [older.root, ...proof]
  if (sent.length !== inBoth.length + 1) refuse('wrong number of hashes')
  let [oldHash, newHash] = [sent[0]!, sent[0]!]
  for (const [i, both] of inBoth.reverse().entries()) {
    const sibling = sent[i + 1]!
    if (both) oldHash = nodeHash(sibling, oldHash)
    newHash = both ? nodeHash(sibling, newHash) : nodeHash(newHash, sibling)
  }
  if (!equal(oldHash, older.root)) refuse('not grown from the older root')
  if (!equal(newHash, newer.root)) refuse('not under the newer root')
}

/** The right edge of a growing tree: the roots of its complete subtrees, largest first; 53 hashes at most. */
export class Frontier {
  #size = 0
  #hashes: Bytes[] = []

  /** Takes up an edge saved with `hashes()`. The caller compares `root()` with a checkpoint it trusts. */
  static from(size: number, hashes: readonly Uint8Array[]): Frontier {
    requireSize(size)
    if (hashes.length !== completeSubtrees(0, size).length) throw new RangeError(`Not the edge of a tree of ${size}`)
    if (hashes.some((hash) => hash.length !== HASH_LENGTH)) throw new RangeError('Not a hash')
    const frontier = new Frontier()
    frontier.#size = size
    frontier.#hashes = [...hashes] as Bytes[]
    return frontier
  }

  static read(read: HashReader, size: number): Frontier {
    requireSize(size)
    return Frontier.from(
      size,
      completeSubtrees(0, size).map(([level, index]) => read(level, index)),
    )
  }

  get size(): number {
    return this.#size
  }

  hashes(): Bytes[] {
    return [...this.#hashes]
  }

  /** For trying a batch: the copy grows, the original stays until the transaction has committed. */
  clone(): Frontier {
    return Frontier.from(this.#size, this.#hashes)
  }

  /** Adds a leaf; `completed` is told of every subtree this leaf completes, the leaf itself first. */
  append(leafHash: Uint8Array, completed?: (level: number, index: number, hash: Bytes) => void): void {
    if (leafHash.length !== HASH_LENGTH) throw new RangeError('Not a hash')
    requireSize(this.#size + 1)
    let hash = leafHash as Bytes
    let [level, index] = [0, this.#size]
    completed?.(level, index, hash)
    while (index % 2 === 1) {
      hash = nodeHash(this.#hashes.pop()!, hash)
      level += 1
      index = (index - 1) / 2
      completed?.(level, index, hash)
    }
    this.#hashes.push(hash)
    this.#size += 1
  }

  root(): Bytes {
    return this.#size === 0 ? EMPTY_ROOT : foldRight(this.#hashes)
  }
}

/** The largest power of two below `size`: where RFC 6962 divides a tree. Not by `log2`, which rounds near 2 ** 53. */
export function split(size: number): number {
  let middle = 1
  while (middle * 2 < size) middle *= 2
  return middle
}

/** The root over leaves `start` to `end`, where `start` is a place at which the tree divides. */
export function rangeRoot(read: HashReader, start: number, end: number): Bytes {
  return foldRight(completeSubtrees(start, end).map(([level, index]) => read(level, index)))
}

function completeSubtrees(start: number, end: number): [level: number, index: number][] {
  const subtrees: [number, number][] = []
  let at = start
  let [level, width] = [52, 2 ** 52]
  while (at < end) {
    if (width <= end - at) {
      subtrees.push([level, at / width])
      at += width
    }
    level -= 1
    width /= 2
  }
  return subtrees
}

function foldRight(hashes: readonly Bytes[]): Bytes {
  return hashes.reduceRight((right, left) => nodeHash(left, right))
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function requireSize(size: number): void {
  if (!isSize(size)) throw new RangeError(`Not a size: ${size}`)
}

/** Refuses a head whose size is no size, whose root is no hash, or which is empty under another root than the empty one. */
export function requireHead(head: TreeHead): void {
  if (!isSize(head.size)) refuse('not a size')
  requireHashes([head.root])
  if (head.size === 0 && !equal(head.root, EMPTY_ROOT)) refuse('an empty tree under a wrong root')
}

/** Refuses anything that is not 32 bytes. */
export function requireHashes(hashes: readonly Uint8Array[]): void {
  for (const hash of hashes) if (hash.length !== HASH_LENGTH) refuse('not a hash')
}

function refuse(reason: string): never {
  throw new Refusal('bad_proof', `Merkle proof: ${reason}`)
}
