import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, randomBytes } from './bytes.ts'
import { type Cbor, encode } from './cbor.ts'
import { commit, type Part, writePart } from './commitment.ts'
import { deflate } from './deflate.ts'
import { hkdf } from './hash.ts'
import type { Header } from './item.ts'
import { Refusal } from './refusal.ts'
import { decrypt, encrypt, newItemKey, noticeKey, openSection, type SealedItem, sealBody } from './seal.ts'

const item = (): SealedItem => ({ id: randomBytes(16), signer: { type: 'device', id: randomBytes(32) } })
const summary: Part[] = [
  { label: 'memo', value: '০৫.০০.০০০০.১৩০.১৯.০০১.২৪-৮৫৬' },
  { label: 'subject', value: 'সিনিয়র সহকারী সচিব পদে বদলি' },
]
const letter: Part[] = [
  { label: 'p', value: 'নিম্নবর্ণিত কর্মকর্তাগণকে বদলিপূর্বক পদায়ন করা হলো।' },
  { label: 'clause', value: ['(ক)', 'আগামী রবিবারের মধ্যে যোগদান করবেন।'] },
]

async function sealed() {
  const key = newItemKey()
  const of = item()
  const { sections, commitment } = await sealBody(key, of, [summary, letter])
  return { key, of, sections, header: { ...of, commitment } }
}

test('the summary opens without the letter, and the letter without the summary', async () => {
  const { key, header, sections } = await sealed()
  assert.deepEqual(await openSection(key, header, 0, sections[0]!), summary)
  assert.deepEqual(await openSection(key, header, 1, sections[1]!), letter)
})

test('a section opens at its own place, under its own item, author and key alone', async () => {
  const { key, header, sections } = await sealed()
  const no = { code: 'cannot_open' }
  await assert.rejects(openSection(newItemKey(), header, 0, sections[0]!), no)
  await assert.rejects(openSection(key, header, 1, sections[0]!), no)
  await assert.rejects(openSection(key, { ...header, id: randomBytes(16) }, 0, sections[0]!), no)
  const signer = { type: 'device', id: randomBytes(32) } as const
  await assert.rejects(openSection(key, { ...header, signer }, 0, sections[0]!), no)
  await assert.rejects(openSection(key, header, 0, sections[0]!.with(9, sections[0]![9]! ^ 1)), no)
  await assert.rejects(openSection(key, header, 0, sections[0]!.slice(0, 10)), no)
  await assert.rejects(openSection(key, header, 0, new Uint8Array(0)), no)
})

test('a section the header does not name is not opened', async () => {
  const { key, of, header, sections } = await sealed()
  await assert.rejects(openSection(key, of, 0, sections[0]!), { code: 'bad_commitment' })
  for (const index of [2, -1, 0.5, Number.NaN]) {
    await assert.rejects(openSection(key, header, index, sections[0]!), { code: 'bad_commitment' })
  }
})

test('a text that opens but is not what the header commits to is refused', async () => {
  const { key, header, sections } = await sealed()
  const { commitment } = commit(key, [letter.map(writePart), summary.map(writePart)])
  await assert.rejects(openSection(key, { ...header, commitment }, 0, sections[0]!), { code: 'bad_commitment' })
})

/** What a client of another mind would send: any plaintext, sealed as section 0. */
async function hostile(plain: Bytes) {
  const key = newItemKey()
  const of = item()
  const header: SealedItem & Pick<Header, 'commitment'> = { ...of, commitment: { counts: [1], root: randomBytes(32) } }
  const section = await encrypt(hkdf(key, 'section', encode(0)), plain, encode(['section/v1', of.id, of.signer.id, 0]))
  return openSection(key, header, 0, section)
}

test('a text of another shape is refused', async () => {
  const shapes: Cbor[] = [0, [], [[], []], [[], [], []], [['a'], []], [[], 'b'], new Map()]
  for (const shape of shapes) {
    await assert.rejects(hostile(await deflate(encode(shape))), (error: Refusal) =>
      ['bad_bytes', 'bad_commitment'].includes(error.code),
    )
  }
  await assert.rejects(hostile(encode('not deflated')), { code: 'bad_bytes' })
})

test('a deflate bomb inside a section is refused', async () => {
  await assert.rejects(hostile(await deflate(new Uint8Array(9 * 1024 * 1024))), { code: 'too_large' })
})

test('any sealed bytes open or are refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (bytes, deflated) => {
      const plain = deflated ? await deflate(bytes as Bytes) : (bytes as Bytes)
      await assert.rejects(hostile(plain), (error) => error instanceof Refusal)
    }),
    { numRuns: 200 },
  )
})

test('a body has 1 to 16 sections, and none is empty', async () => {
  const group = [{ label: 'p', value: '' }]
  await sealBody(newItemKey(), item(), Array(16).fill(group))
  for (const groups of [[], [[]], [group, []], Array(17).fill(group)]) {
    await assert.rejects(sealBody(newItemKey(), item(), groups), RangeError)
  }
})

test('no two sections, notices or items are sealed under one key', async () => {
  // One nonce serves every key, so equal plaintexts would show equal ciphertexts if a key served twice.
  const key = newItemKey()
  const group = [{ label: 'p', value: 'একই কথা' }]
  const of = item()
  const same = await Promise.all([
    sealBody(key, of, [group, group]),
    sealBody(noticeKey(key, randomBytes(16)), of, [group, group]),
    sealBody(noticeKey(key, randomBytes(16)), of, [group, group]),
    sealBody(newItemKey(), of, [group, group]),
  ])
  const firstBytes = same.flatMap(({ sections }) => sections.map((section) => section.slice(0, 8).toHex()))
  assert.equal(new Set(firstBytes).size, 8)
})

test('whoever can open the directive can open the notice about it', async () => {
  const { key } = await sealed()
  const notice = item()
  const reason = [{ label: 'reason', value: 'স্মারক নম্বরে ভুল ছিল' }]
  const { sections, commitment } = await sealBody(noticeKey(key, notice.id), notice, [reason])
  assert.deepEqual(await openSection(noticeKey(key, notice.id), { ...notice, commitment }, 0, sections[0]!), reason)
})

test('AES-256-GCM opens with the same key and label alone', async () => {
  const key = randomBytes(32)
  const ct = await encrypt(key, Uint8Array.of(1, 2), Uint8Array.of(3))
  assert.deepEqual(await decrypt(key, ct, Uint8Array.of(3)), Uint8Array.of(1, 2))
  await assert.rejects(decrypt(key, ct, Uint8Array.of(4)), { code: 'cannot_open' })
  await assert.rejects(decrypt(randomBytes(32), ct, Uint8Array.of(3)), { code: 'cannot_open' })
})

test('an order of the ministry takes 2.5 KB sealed, with its proofs', async () => {
  const order = readFileSync(new URL('../test/fixtures/mopa-2024-10-22.txt', import.meta.url), 'utf8')
  const lines = order.split('\n').filter((line) => line.trim() !== '')
  const parts = lines.map((value) => ({ label: 'p', value }))
  const { sections } = await sealBody(newItemKey(), item(), [summary, parts])
  const size = sections[0]!.length + sections[1]!.length
  assert.ok(size < 2560, `${size} bytes`)
})
