import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, fromHex, utf8 } from './bytes.ts'
import { type Cbor, encode } from './cbor.ts'
import { chainTag } from './chain.ts'
import { sha256 } from './hash.ts'
import { decodeLeaf, encodeLeaf, hashLeaf, headBefore, type Leaf, verifyChain } from './leaf.ts'
import { leafHash } from './merkle.ts'
import { Refusal } from './refusal.ts'

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }) as fc.Arbitrary<Bytes>
const anyLeaf: fc.Arbitrary<Leaf> = fc
  .record({
    item: bytes32,
    time: fc.maxSafeNat(),
    chain: fc.uint8Array({ minLength: 32, maxLength: 32 }) as fc.Arbitrary<Bytes>,
    sequence: fc.oneof(fc.constant(0), fc.maxSafeNat()),
    previous: bytes32,
  })
  .map((leaf) => ({ ...leaf, previous: leaf.sequence === 0 ? null : leaf.previous }))

const CHAIN = chainTag(utf8('a thread'))

function chainOf(length: number): Leaf[] {
  const leaves: Leaf[] = []
  for (let sequence = 0; sequence < length; sequence++) {
    const before = leaves.at(-1)
    const time = 1_790_000_000_000 + Math.floor(sequence / 2)
    leaves.push({
      item: sha256(utf8(`item ${sequence}`)),
      time,
      chain: CHAIN,
      sequence,
      previous: before ? hashLeaf(before) : null,
    })
  }
  return leaves
}

function refusalOf(act: () => unknown): string | null {
  try {
    act()
    return null
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error))
    return error.code
  }
}

test('a leaf is five parts in deterministic CBOR', () => {
  const leaf: Leaf = { item: new Uint8Array(32), time: 1, chain: new Uint8Array(32), sequence: 0, previous: null }
  assert.deepEqual(encodeLeaf(leaf), fromHex(`855820${'00'.repeat(32)}015820${'00'.repeat(32)}00f6`))
  assert.deepEqual(hashLeaf(leaf), leafHash(encodeLeaf(leaf)))
})

test('every leaf reads back as it was written', () => {
  fc.assert(fc.property(anyLeaf, (leaf) => assert.deepEqual(decodeLeaf(encodeLeaf(leaf)), leaf)))
})

test('any bytes are one leaf or are refused', () => {
  const parts = fc.array(
    fc.oneof(
      bytes32,
      fc.constant(null),
      fc.integer(),
      fc.string({ maxLength: 3 }),
      fc.uint8Array() as fc.Arbitrary<Bytes>,
    ),
    { minLength: 4, maxLength: 6 },
  )
  const shaped = parts.map((value) => encode(value as Cbor))
  const mutated = fc.tuple(anyLeaf, fc.nat(), fc.nat(255)).map(([leaf, at, value]) => {
    const bytes = encodeLeaf(leaf)
    bytes[at % bytes.length] = value
    return bytes
  })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), shaped, mutated), (bytes) => {
      const refused = refusalOf(() => decodeLeaf(bytes))
      if (refused === null) assert.deepEqual(encodeLeaf(decodeLeaf(bytes)), bytes)
      else assert.equal(refused, 'bad_bytes')
    }),
    { numRuns: 1000 },
  )
})

test('what decodes to no leaf is not encoded either', () => {
  const [first, second] = chainOf(2) as [Leaf, Leaf]
  const faulty: Leaf[] = [
    { ...first, item: new Uint8Array(31) },
    { ...first, time: -1 },
    { ...first, time: 0.5 },
    { ...first, chain: new Uint8Array(0) },
    { ...first, chain: new Uint8Array(33) },
    { ...first, sequence: -1 },
    { ...first, previous: new Uint8Array(32) },
    { ...second, previous: null },
    { ...second, previous: new Uint8Array(33) },
  ]
  for (const leaf of faulty) assert.throws(() => encodeLeaf(leaf), RangeError)
})

test('a whole chain ends in its newest leaf', () => {
  const leaves = chainOf(7)
  const head = verifyChain(leaves)
  assert.equal(head?.sequence, 6)
  assert.deepEqual(head?.hash, hashLeaf(leaves[6]!))
  assert.equal(verifyChain([]), null)
})

test('a chain continues from the head where one stopped, or from where a leaf says it does', () => {
  const leaves = chainOf(7)
  const head = verifyChain(leaves.slice(0, 3))
  assert.deepEqual(verifyChain(leaves.slice(3), head), verifyChain(leaves))
  assert.deepEqual(verifyChain(leaves.slice(3), headBefore(leaves[3]!)), verifyChain(leaves))
  assert.deepEqual(verifyChain(leaves, headBefore(leaves[0]!)), verifyChain(leaves))
  assert.deepEqual(verifyChain([], head), head)
})

test('a chain with a gap, a repeat, a swap or a foreign leaf is refused', () => {
  const leaves = chainOf(7)
  const relinked = (at: number, change: Partial<Leaf>) => leaves.with(at, { ...leaves[at]!, ...change })
  const broken = [
    leaves.toSpliced(3, 1),
    leaves.slice(1),
    leaves.toSpliced(3, 0, leaves[3]!),
    leaves.with(2, leaves[3]!).with(3, leaves[2]!),
    relinked(6, { chain: chainTag(utf8('another')) }),
    relinked(6, { time: 0 }),
    relinked(3, { item: sha256(utf8('another')) }),
    relinked(6, { previous: new Uint8Array(32) }),
  ]
  for (const chain of broken)
    assert.equal(
      refusalOf(() => verifyChain(chain)),
      'bad_proof',
    )
  const head = verifyChain(leaves.slice(0, 3))
  assert.equal(
    refusalOf(() => verifyChain(leaves.slice(4), head)),
    'bad_proof',
  )
  assert.equal(
    refusalOf(() => verifyChain(leaves, head)),
    'bad_proof',
  )
})

test('any change to any but the newest leaf breaks the chain', () => {
  const leaves = chainOf(4)
  fc.assert(
    fc.property(fc.nat(2), fc.nat(), fc.nat(7), (at, place, bit) => {
      const bytes = encodeLeaf(leaves[at]!)
      bytes[place % bytes.length]! ^= 1 << bit
      if (refusalOf(() => decodeLeaf(bytes)) !== null) return
      assert.equal(
        refusalOf(() => verifyChain(leaves.with(at, decodeLeaf(bytes)))),
        'bad_proof',
      )
    }),
  )
})
