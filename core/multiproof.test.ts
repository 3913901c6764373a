import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, toHex, utf8 } from './bytes.ts'
import { EMPTY_ROOT, hashReaderFromList, inclusionProof, leafHash, treeRoot } from './merkle.ts'
import { multiproof, type PlacedLeaf, verifyMultiproof } from './multiproof.ts'
import { Refusal } from './refusal.ts'

const leaves = Array.from({ length: 600 }, (_, i) => leafHash(utf8(`leaf ${i}`)))
const read = hashReaderFromList(leaves)

function isRefused(placed: PlacedLeaf[], size: number, proof: Uint8Array[], root = headRoot(size)): boolean {
  try {
    verifyMultiproof(placed, { size, root }, proof)
    return false
  } catch (error) {
    assert.ok(error instanceof Refusal && error.code === 'bad_proof', String(error))
    return true
  }
}

function headRoot(size: number): Bytes {
  return treeRoot(read, size)
}

function place(indexes: number[]): PlacedLeaf[] {
  return indexes.map((index) => ({ index, hash: leaves[index]! }))
}

/** A size, and some of its leaves in order. */
const selections = fc
  .integer({ min: 1, max: leaves.length })
  .chain((size) => fc.tuple(fc.constant(size), fc.uniqueArray(fc.nat(size - 1), { minLength: 1, maxLength: 40 })))
  .map(([size, indexes]) => ({ size, indexes: indexes.sort((a, b) => a - b) }))

test('any leaves of any tree prove themselves together, with no more hashes than apart', () => {
  fc.assert(
    fc.property(selections, ({ size, indexes }) => {
      const proof = multiproof(read, indexes, size)
      verifyMultiproof(place(indexes), { size, root: headRoot(size) }, proof)
      const apart = new Set(indexes.flatMap((index) => inclusionProof(read, index, size)).map(toHex))
      assert.equal(new Set(proof.map(toHex)).size, proof.length)
      for (const hash of proof) assert.ok(apart.has(toHex(hash)))
    }),
  )
})

test('the proof of one leaf has the hashes of its inclusion proof', () => {
  for (const [index, size] of [
    [0, 1],
    [0, 8],
    [5, 8],
    [599, 600],
    [300, 599],
  ] as const) {
    const one = inclusionProof(read, index, size).map(toHex)
    assert.deepEqual(multiproof(read, [index], size).map(toHex).sort(), one.sort())
  }
})

test('the proof of all leaves is empty', () => {
  const all = leaves.map((_, index) => index)
  assert.deepEqual(multiproof(read, all, leaves.length), [])
  verifyMultiproof(place(all), { size: leaves.length, root: headRoot(leaves.length) }, [])
})

test('no leaves go with an empty proof only', () => {
  assert.deepEqual(multiproof(read, [], 9), [])
  verifyMultiproof([], { size: 9, root: headRoot(9) }, [])
  verifyMultiproof([], { size: 0, root: EMPTY_ROOT }, [])
  assert.ok(isRefused([], 9, [headRoot(9)]))
  assert.ok(isRefused([], 0, [], headRoot(1)))
})

test('a multiproof with any byte changed, a hash more, less or moved fails', () => {
  fc.assert(
    fc.property(selections, fc.nat(), ({ size, indexes }, seed) => {
      const proof = multiproof(read, indexes, size)
      const placed = place(indexes)
      assert.ok(isRefused(placed, size, [...proof, leaves[0]!]))
      if (proof.length === 0) return
      const at = seed % (proof.length * 32)
      const changed = proof.map((hash) => hash.slice())
      changed[Math.floor(at / 32)]![at % 32]! ^= 1 << (at % 8)
      assert.ok(isRefused(placed, size, changed))
      assert.ok(isRefused(placed, size, proof.slice(1)))
      assert.ok(isRefused(placed, size, proof.slice(0, -1)))
      if (proof.length > 1) assert.ok(isRefused(placed, size, [...proof.slice(1), proof[0]!]))
    }),
  )
})

test('a false leaf, a leaf elsewhere, and leaves out of order or twice are refused', () => {
  fc.assert(
    fc.property(selections, fc.nat(), ({ size, indexes }, seed) => {
      const proof = multiproof(read, indexes, size)
      const placed = place(indexes)
      const at = seed % placed.length
      assert.ok(isRefused(placed.with(at, { ...placed[at]!, hash: leafHash(utf8('false')) }), size, proof))
      assert.ok(isRefused([...placed, placed.at(-1)!], size, proof))
      if (placed.length > 1) assert.ok(isRefused(placed.toReversed(), size, proof))
      const elsewhere = placed[at]!.index + 1
      if (!indexes.includes(elsewhere)) {
        assert.ok(isRefused(placed.with(at, { ...placed[at]!, index: elsewhere }), size, proof))
      }
    }),
  )
})

test('whatever a stranger claims is refused, and soon', () => {
  const hash = fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 40 }))
  const index = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double())
  const placed = fc.array(fc.record({ index, hash }), { minLength: 1, maxLength: 20 })
  const size = fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER })
  fc.assert(
    fc.property(placed, size, hash, fc.array(hash, { maxLength: 80 }), (claimed, size, root, proof) => {
      assert.ok(isRefused(claimed, size, proof, root as Bytes))
    }),
  )
})

test('a writer is told of indexes that are none', () => {
  for (const indexes of [[3, 2], [2, 2], [9], [-1], [0.5]]) {
    assert.throws(() => multiproof(read, indexes, 9), RangeError)
  }
})
