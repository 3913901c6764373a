import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, randomBytes, utf8 } from './bytes.ts'
import { encode } from './cbor.ts'
import {
  checkDisclosure,
  checkSection,
  commit,
  disclose,
  type Part,
  readPart,
  saltOf,
  writePart,
} from './commitment.ts'
import { Refusal } from './refusal.ts'
import { newItemKey } from './seal.ts'

const key = newItemKey()
const part = (label: string, value: string) => writePart({ label, value })
const summary = [part('memo', '০৫.০০.০০০০'), part('subject', 'বদলি')]
const letter = [part('p', 'প্রথম'), part('clause', '(ক)'), part('p', 'শেষ')]
const all = [...summary, ...letter]
const { commitment, proofs } = commit(key, [summary, letter])
const refused = { code: 'bad_commitment' }

test('each section is checked without the other, and as a whole', () => {
  assert.deepEqual(commitment.counts, [2, 3])
  checkSection(key, commitment, 0, summary, proofs[0]!)
  checkSection(key, commitment, 1, letter, proofs[1]!)
  assert.throws(() => checkSection(key, commitment, 1, summary, proofs[0]!), refused)
  assert.throws(() => checkSection(key, commitment, 0, summary.slice(1), proofs[0]!), refused)
  assert.throws(() => checkSection(key, commitment, 0, summary.toReversed(), proofs[0]!), refused)
  assert.throws(() => checkSection(key, commitment, 0, [summary[0]!, part('subject', 'পদোন্নতি')], proofs[0]!), refused)
  assert.throws(() => checkSection(key, commitment, 0, summary, proofs[1]!), refused)
  assert.throws(() => checkSection(key, commitment, 2, [], []), refused)
})

test('the same parts under another key are not what was committed to', () => {
  assert.throws(() => checkSection(newItemKey(), commitment, 0, summary, proofs[0]!), refused)
})

test('two texts side by side in one tree are not two readings of one section', () => {
  // An author with one ciphertext that AES-GCM opens under two keys: half the leaves are for the second.
  const second = newItemKey()
  const mine = commit(key, [summary, summary])
  const theirs = commit(second, [summary, summary])
  assert.notDeepEqual(mine.commitment.root, theirs.commitment.root)
  for (const section of [0, 1]) {
    checkSection(key, mine.commitment, section, summary, mine.proofs[section]!)
    assert.throws(() => checkSection(second, mine.commitment, section, summary, theirs.proofs[section]!), refused)
    assert.throws(() => checkSection(second, mine.commitment, section, summary, mine.proofs[section]!), refused)
  }
  // The counts say where a section stands: a tree of four under counts of two is not the tree signed.
  const counts = [2]
  assert.throws(() => checkSection(key, { ...mine.commitment, counts }, 0, summary, mine.proofs[0]!), refused)
})

test('one part disclosed verifies alone', () => {
  for (const [index, bytes] of all.entries()) {
    const shown = checkDisclosure(commitment, disclose(key, all, index))
    assert.deepEqual(shown, readPart(bytes))
  }
})

test('a swapped salt, part, place or proof is refused', () => {
  const shown = disclose(key, all, 3)
  const changes = {
    'another salt': { salt: saltOf(key, 2) },
    'no salt': { salt: new Uint8Array(0) },
    'another part': { part: part('clause', '(খ)') },
    'a boundary moved from salt to part': {
      salt: shown.salt.slice(0, 31),
      part: new Uint8Array([shown.salt[31]!, ...shown.part]),
    },
    'another place': { index: 2 },
    'outside the tree': { index: 5 },
    'not a place': { index: -1 },
    'half a place': { index: 0.5 },
    'another proof': { proof: disclose(key, all, 2).proof },
    'no proof': { proof: [] },
  }
  for (const [what, change] of Object.entries(changes)) {
    assert.throws(() => checkDisclosure(commitment, { ...shown, ...change }), refused, what)
  }
})

test('a disclosed part tells nothing of a neighbour: its leaf cannot be guessed', () => {
  const leaves = (itemKey: Bytes) => commit(itemKey, [all]).commitment.root
  assert.notDeepEqual(leaves(newItemKey()), leaves(newItemKey()))
  const salts = new Set(all.map((_, index) => saltOf(key, index).toHex()))
  assert.equal(salts.size, all.length)
})

test('any division into sections is checked section by section, and a change anywhere in one is refused', () => {
  const sections = fc.array(fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 4,
  }) as fc.Arbitrary<Bytes[][]>
  fc.assert(
    fc.property(sections, fc.nat(), fc.nat(), (parts, s, p) => {
      const { commitment, proofs } = commit(key, parts)
      for (const [section, own] of parts.entries()) checkSection(key, commitment, section, own, proofs[section]!)
      const section = s % parts.length
      const own = parts[section]!.map((bytes) => bytes.slice())
      own[p % own.length]![0]! ^= 1
      assert.throws(() => checkSection(key, commitment, section, own, proofs[section]!), refused)
    }),
  )
})

test('any bytes are a part or are refused', () => {
  const good: Part = { label: 'clause', value: ['(ক)', 3, null] }
  assert.deepEqual(readPart(writePart(good)), good)
  for (const bytes of [encode([1, 2]), encode(['a']), encode(['a', 1, 2]), encode('a'), new Uint8Array(0)]) {
    assert.throws(() => readPart(bytes), { code: 'bad_bytes' })
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        readPart(bytes)
      } catch (error) {
        assert.ok(error instanceof Refusal && error.code === 'bad_bytes', String(error))
      }
    }),
  )
})

test('any proof is refused', () => {
  const bytes = fc.uint8Array({ maxLength: 33 }) as fc.Arbitrary<Bytes>
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 4 }), (proof) => {
      assert.throws(() => checkSection(key, commitment, 0, summary, proof), refused)
      const disclosure = { index: 0, part: utf8('x'), salt: randomBytes(32), proof }
      assert.throws(() => checkDisclosure(commitment, disclosure), refused)
    }),
  )
})
