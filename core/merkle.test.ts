import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, fromHex, toHex, utf8 } from './bytes.ts'
import {
  consistencyProof,
  EMPTY_ROOT,
  Frontier,
  hashReaderFromList,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  split,
  type TreeHead,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'
import { Refusal } from './refusal.ts'

/** The test vectors of the Certificate Transparency reference code: leaves, and the root at every size. */
const CT_LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const CT_ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const D01 = 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'
const D23 = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e'
const D03 = 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'
const D47 = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'
const D67 = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0'
const D45 = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a'
const D0 = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
const D1 = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7'
const D4 = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'
const CT_PATHS: [index: number, size: number, hashes: string[]][] = [
  [0, 1, []],
  [0, 8, [D1, D23, D47]],
  [5, 8, [D4, D67, D03]],
  [2, 3, [D01]],
  [1, 5, [D0, D23, D4]],
]
const CT_GROWTHS: [from: number, to: number, hashes: string[]][] = [
  [1, 1, []],
  [1, 8, [D1, D23, D47]],
  [6, 8, [D45, D67, D03]],
  [2, 5, [D23, D4]],
]

const ctLeaves = CT_LEAVES.map((data) => leafHash(fromHex(data)))
const LARGEST = 2_000
const leaves = Array.from({ length: LARGEST }, (_, i) => leafHash(utf8(`leaf ${i}`)))
const read = hashReaderFromList(leaves)
const heads: TreeHead[] = [{ size: 0, root: EMPTY_ROOT }]
const growing = new Frontier()
for (const leaf of leaves) {
  growing.append(leaf)
  heads.push({ size: growing.size, root: growing.root() })
}

/** MTH as RFC 6962 §2.1 writes it, to hold the rest against. */
function mth(hashes: Bytes[]): Bytes {
  if (hashes.length === 0) return EMPTY_ROOT
  if (hashes.length === 1) return hashes[0]!
  const k = 2 ** (Math.ceil(Math.log2(hashes.length)) - 1)
  return nodeHash(mth(hashes.slice(0, k)), mth(hashes.slice(k)))
}

function isRefused(claim: () => void): boolean {
  try {
    claim()
    return false
  } catch (error) {
    assert.ok(error instanceof Refusal && error.code === 'bad_proof', String(error))
    return true
  }
}

/** The proof with one bit of one byte turned. */
function withBitTurned(proof: Bytes[], place: number): Bytes[] {
  const copy = proof.map((hash) => hash.slice())
  copy[Math.floor(place / 32)]![place % 32]! ^= 1 << (place % 8)
  return copy
}

test('roots are those Certificate Transparency published', () => {
  for (const [size, root] of CT_ROOTS.entries()) {
    assert.equal(toHex(rootOf(ctLeaves.slice(0, size))), root)
    assert.equal(toHex(treeRoot(hashReaderFromList(ctLeaves), size)), root)
  }
})

test('proofs are those Certificate Transparency published', () => {
  const ct = hashReaderFromList(ctLeaves)
  const head = (size: number): TreeHead => ({ size, root: fromHex(CT_ROOTS[size]!) })
  for (const [index, size, hashes] of CT_PATHS) {
    assert.deepEqual(inclusionProof(ct, index, size).map(toHex), hashes)
    verifyInclusion(ctLeaves[index]!, index, head(size), hashes.map(fromHex))
  }
  for (const [from, to, hashes] of CT_GROWTHS) {
    assert.deepEqual(consistencyProof(ct, from, to).map(toHex), hashes)
    verifyConsistency(head(from), head(to), hashes.map(fromHex))
  }
})

test('every way to a root agrees with the definition', () => {
  for (let size = 0; size <= LARGEST; size++) {
    assert.deepEqual(treeRoot(read, size), heads[size]!.root)
    if (size <= 130 || size % 97 === 0) assert.deepEqual(heads[size]!.root, mth(leaves.slice(0, size)))
  }
})

test('at every size to 2,000 leaves prove themselves, and not at another place', () => {
  for (let size = 1; size <= LARGEST; size++) {
    for (const index of new Set([0, size - 1, (size * 7919) % size, (size * size * 31) % size, size >> 1])) {
      const proof = inclusionProof(read, index, size)
      verifyInclusion(leaves[index]!, index, heads[size]!, proof)
      assert.ok(isRefused(() => verifyInclusion(leaves[index]!, index + 1, heads[size]!, proof)))
      if (index > 0) assert.ok(isRefused(() => verifyInclusion(leaves[index]!, index - 1, heads[size]!, proof)))
    }
  }
})

test('at every size to 2,000 the tree proves that it grew from smaller ones', () => {
  for (let size = 0; size <= LARGEST; size++) {
    for (const from of new Set([
      0,
      Math.min(1, size),
      size >> 1,
      (size * 31) % (size + 1),
      Math.max(0, size - 1),
      size,
    ])) {
      const proof = consistencyProof(read, from, size)
      verifyConsistency(heads[from]!, heads[size]!, proof)
      if (from === 0 || from === size) continue
      const forked = { size: from, root: leaves[from]! }
      assert.ok(isRefused(() => verifyConsistency(forked, heads[size]!, proof)))
      assert.ok(isRefused(() => verifyConsistency(heads[from]!, { size, root: leaves[0]! }, proof)))
      assert.ok(isRefused(() => verifyConsistency(heads[from - 1]!, heads[size]!, proof)))
    }
  }
})

test('an empty tree is the beginning of every tree only under its one root', () => {
  const false0 = { size: 0, root: leaves[0]! }
  verifyConsistency(heads[0]!, heads[0]!, [])
  verifyConsistency(heads[0]!, heads[7]!, [])
  assert.ok(isRefused(() => verifyConsistency(false0, heads[7]!, [])))
  assert.ok(isRefused(() => verifyConsistency(false0, false0, [])))
  assert.ok(isRefused(() => verifyConsistency(heads[0]!, false0, [])))
  assert.ok(isRefused(() => verifyConsistency(heads[0]!, heads[7]!, [leaves[0]!])))
  assert.ok(isRefused(() => verifyConsistency(heads[7]!, heads[0]!, [])))
  assert.ok(isRefused(() => verifyInclusion(leaves[0]!, 0, heads[0]!, [])))
})

test('one size has one root', () => {
  verifyConsistency(heads[9]!, heads[9]!, [])
  assert.ok(isRefused(() => verifyConsistency(heads[9]!, { size: 9, root: heads[8]!.root }, [])))
  assert.ok(isRefused(() => verifyConsistency(heads[9]!, heads[9]!, [leaves[0]!])))
})

test('a proof with any byte changed, a hash more or a hash less fails', () => {
  for (const size of [2, 3, 8, 11, 256, 257, 700, 1999]) {
    const index = (size * 5) % size
    const path = inclusionProof(read, index, size)
    const from = Math.ceil(size / 3)
    const growth = consistencyProof(read, from, size)
    const claims = [
      [path, (proof: Bytes[]) => verifyInclusion(leaves[index]!, index, heads[size]!, proof)],
      [growth, (proof: Bytes[]) => verifyConsistency(heads[from]!, heads[size]!, proof)],
    ] as const
    for (const [proof, verify] of claims) {
      for (let place = 0; place < proof.length * 32; place++) {
        assert.ok(isRefused(() => verify(withBitTurned(proof, place))))
      }
      assert.ok(isRefused(() => verify(proof.slice(1))))
      assert.ok(isRefused(() => verify(proof.slice(0, -1))))
      assert.ok(isRefused(() => verify([...proof, leaves[0]!])))
      assert.ok(isRefused(() => verify([leaves[0]!, ...proof])))
      assert.ok(isRefused(() => verify(proof.map((hash) => hash.subarray(1)))))
    }
  }
})

test('whatever a stranger claims is refused, and soon', () => {
  const size = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.constant(Number.MAX_SAFE_INTEGER))
  const hash = fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 40 }))
  const proof = fc.array(hash, { maxLength: 70 })
  fc.assert(
    fc.property(size, size, hash, hash, proof, (a, b, one, other, hashes) => {
      assert.ok(isRefused(() => verifyInclusion(one, a, { size: b, root: other }, hashes)) || b === 1)
      const grown = !isRefused(() => verifyConsistency({ size: a, root: one }, { size: b, root: other }, hashes))
      assert.ok(!grown || a === b)
    }),
  )
})

test('sizes near the largest safe integer divide where RFC 6962 says', () => {
  assert.equal(split(Number.MAX_SAFE_INTEGER), 2 ** 52)
  assert.equal(split(2 ** 52), 2 ** 51)
  assert.equal(split(2 ** 52 + 1), 2 ** 52)
  const constant: Bytes[] = [leaves[0]!]
  for (let level = 1; level < 53; level++) constant.push(nodeHash(constant[level - 1]!, constant[level - 1]!))
  const same = (level: number) => constant[level]!
  const size = Number.MAX_SAFE_INTEGER
  const head = { size, root: treeRoot(same, size) }
  verifyInclusion(leaves[0]!, size - 1, head, inclusionProof(same, size - 1, size))
  const older = { size: size - 2, root: treeRoot(same, size - 2) }
  verifyConsistency(older, head, consistencyProof(same, size - 2, size))
})

test('a frontier saved and taken up again grows the same tree', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(300), (before, after) => {
      const first = new Frontier()
      for (const leaf of leaves.slice(0, before)) first.append(leaf)
      const second = Frontier.from(first.size, first.hashes())
      assert.deepEqual(Frontier.read(read, before).hashes(), first.hashes())
      for (const leaf of leaves.slice(before, before + after)) second.append(leaf)
      assert.deepEqual(second.root(), heads[before + after]!.root)
      assert.deepEqual(first.root(), heads[before]!.root)
    }),
  )
  assert.throws(() => Frontier.from(3, [leaves[0]!]), RangeError)
})

test('a frontier tells of every subtree once, when it is complete', () => {
  const frontier = new Frontier()
  const told = new Set<string>()
  for (const leaf of leaves.slice(0, 300)) {
    frontier.append(leaf, (level, index, hash) => {
      assert.deepEqual(hash, read(level, index))
      assert.ok(!told.has(`${level}/${index}`))
      told.add(`${level}/${index}`)
    })
  }
  let complete = 0
  for (let width = 1; width <= 300; width *= 2) complete += Math.floor(300 / width)
  assert.equal(told.size, complete)
})
