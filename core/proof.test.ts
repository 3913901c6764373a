import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, fromUtf8, toBase64, utf8 } from './bytes.ts'
import { chainTag } from './chain.ts'
import { signCheckpoint } from './checkpoint.ts'
import { signingKeyFromSeed } from './cose.ts'
import { cosign } from './cosignature.ts'
import { sha256 } from './hash.ts'
import { encodeLeaf, hashLeaf, type Leaf } from './leaf.ts'
import { hashReaderFromList, inclusionProof, treeRoot } from './merkle.ts'
import { COSIGNATURE, noteKey } from './note.ts'
import { policyOf } from './policy.ts'
import { formatItemProof, formatProof, parseProof, verifyItemProof, verifyProof } from './proof.ts'
import { Refusal } from './refusal.ts'

const log = await signingKeyFromSeed(new Uint8Array(32).fill(1))
const logKey = noteKey('smarak.example/log', log.publicKey)
const witness = await signingKeyFromSeed(new Uint8Array(32).fill(2))
const witnessKey = noteKey('witness.example/w1', witness.publicKey, COSIGNATURE)
const policy = policyOf(logKey)

const SIZE = 21
const items = Array.from({ length: SIZE }, (_, i) => utf8(`COSE bytes of item ${i}`))
const leaves: Leaf[] = items.map((item, i) => ({
  item: sha256(item),
  time: 1_790_000_000_000 + i,
  chain: chainTag(utf8(`chain ${i}`)),
  sequence: 0,
  previous: null,
}))
const read = hashReaderFromList(leaves.map(hashLeaf))
const checkpoint = await signCheckpoint({ size: SIZE, root: treeRoot(read, SIZE) }, logKey, log.sign)

function proofOf(index: number, size = SIZE, note = checkpoint): string {
  return formatItemProof(leaves[index]!, { index, hashes: inclusionProof(read, index, size), checkpoint: note })
}

async function refusalOf(act: () => unknown): Promise<string | null> {
  try {
    await act()
    return null
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error))
    return error.code
  }
}

test('a proof file says where and when an item was accepted', async () => {
  for (let index = 0; index < SIZE; index++) {
    const proven = await verifyItemProof(utf8(proofOf(index)), items[index]!, policy)
    assert.deepEqual(proven.leaf, leaves[index])
    assert.equal(proven.index, index)
    assert.equal(proven.checkpoint.size, SIZE)
  }
})

test('a proof file has the lines of tlog-proof', () => {
  const hashes = inclusionProof(read, 6, SIZE)
  const expected = [
    'c2sp.org/tlog-proof@v1',
    `extra ${toBase64(encodeLeaf(leaves[6]!))}`,
    'index 6',
    ...hashes.map(toBase64),
    '',
    checkpoint,
  ].join('\n')
  assert.equal(proofOf(6), expected)
  assert.equal(
    formatProof({ index: 0, hashes: [], checkpoint, extra: null }),
    `c2sp.org/tlog-proof@v1\nindex 0\n\n${checkpoint}`,
  )
})

test('a tree of one leaf is proven without hashes', async () => {
  const one = await signCheckpoint({ size: 1, root: hashLeaf(leaves[0]!) }, logKey, log.sign)
  assert.equal((await verifyItemProof(proofOf(0, 1, one), items[0]!, policy)).index, 0)
})

test('a proof without a leaf proves a leaf hash', async () => {
  const proof = parseProof(formatProof({ index: 3, hashes: inclusionProof(read, 3, SIZE), checkpoint, extra: null }))
  assert.equal((await verifyProof(proof, hashLeaf(leaves[3]!), policy)).size, SIZE)
  assert.equal(await refusalOf(() => verifyProof(proof, hashLeaf(leaves[4]!), policy)), 'bad_proof')
  const text = formatProof(proof)
  assert.equal(await refusalOf(() => verifyItemProof(text, items[3]!, policy)), 'bad_proof')
})

test('witnesses count where the policy asks for them', async () => {
  const asking = policyOf(logKey, [witnessKey], 1)
  assert.equal(await refusalOf(() => verifyItemProof(proofOf(5), items[5]!, asking)), 'not_witnessed')
  const cosigned = await cosign(checkpoint, witnessKey, 1_790_000_001, witness.sign)
  const proven = await verifyItemProof(proofOf(5, SIZE, cosigned), items[5]!, asking)
  assert.equal(proven.checkpoint.cosignatures[0]!.time, 1_790_000_001)
})

test('a proof is of its item, its leaf and its log only', async () => {
  assert.equal(await refusalOf(() => verifyItemProof(proofOf(5), items[6]!, policy)), 'bad_proof')
  const backdated = { ...leaves[5]!, time: 0 }
  const hashes = inclusionProof(read, 5, SIZE)
  const forged = formatItemProof(backdated, { index: 5, hashes, checkpoint })
  assert.equal(await refusalOf(() => verifyItemProof(forged, items[5]!, policy)), 'bad_proof')
  const otherLog = policyOf(noteKey('smarak.example/log', witness.publicKey))
  assert.equal(await refusalOf(() => verifyItemProof(proofOf(5), items[5]!, otherLog)), 'bad_note')
})

test('every byte of a proof counts', async () => {
  const bytes = utf8(proofOf(13))
  for (let at = 0; at < bytes.length; at++) {
    for (const bit of [1, 32]) {
      const changed = bytes.slice()
      changed[at]! ^= bit
      assert.ok(await refusalOf(() => verifyItemProof(changed, items[13]!, policy)), `byte ${at}, bit ${bit}`)
    }
  }
})

test('what is no proof is refused', async () => {
  const good = proofOf(13)
  const [first, extra, index, hash, ...rest] = good.split('\n')
  const broken = [
    '',
    good.replace('@v1', '@v2'),
    [first, index, extra, hash, ...rest].join('\n'),
    [first, extra, extra, index, hash, ...rest].join('\n'),
    [first, extra, hash, ...rest].join('\n'),
    good.replace('index 13', 'index 013'),
    good.replace('index 13', 'index  13'),
    good.replace('index 13', 'index -1'),
    good.replace('index 13', 'index 9007199254740992'),
    good.replace(extra!, 'extra '),
    good.replace(extra!, 'extra AA'),
    good.replace(hash!, hash!.slice(4)),
    good.replace(hash!, `${hash} `),
    good.replace(hash!, Array(65).fill(hash).join('\n')),
    good.replace('\n\n', '\n'),
    good.replace('\n\n', '\n\n\n'),
    ` ${good}`,
    good.replaceAll('\n', '\r\n'),
  ]
  for (const text of broken) {
    const refused = await refusalOf(() => parseProof(text))
    assert.ok(refused === 'bad_proof' || refused === 'bad_note', JSON.stringify(text.slice(0, 120)))
  }
})

test('any bytes are a proof or are refused', async () => {
  const mutated = fc.tuple(fc.nat(SIZE - 1), fc.nat(), fc.uint8Array({ maxLength: 3 })).map(([index, at, splice]) => {
    const bytes = [...utf8(proofOf(index))]
    bytes.splice(at % bytes.length, splice.length, ...splice)
    return Uint8Array.from(bytes)
  })
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array(), mutated), async (bytes: Bytes) => {
      if ((await refusalOf(() => parseProof(bytes))) !== null) return
      assert.equal(formatProof(parseProof(bytes)), fromUtf8(bytes))
    }),
    { numRuns: 500 },
  )
})
