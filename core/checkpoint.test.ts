import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../test/helpers/any-text.ts'
import published from '../vectors/log/published.json' with { type: 'json' }
import { fromHex, toBase64, utf8 } from './bytes.ts'
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { signingKeyFromSeed } from './cose.ts'
import { EMPTY_ROOT, leafHash } from './merkle.ts'
import { COSIGNATURE, formatNote, noteKey, parseVerifierKey, signNoteText } from './note.ts'
import { Refusal } from './refusal.ts'

const ORIGIN = 'smarak.example/log'
const { publicKey, sign } = await signingKeyFromSeed(new Uint8Array(32).fill(7))
const logKey = noteKey(ORIGIN, publicKey)
const root = leafHash(utf8('one'))

async function refusalOf(act: () => unknown): Promise<string | null> {
  try {
    await act()
    return null
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error))
    return error.code
  }
}

test('the checkpoint C2SP prints reads as it says', () => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
  const checkpoint = parseCheckpoint(text)
  assert.equal(checkpoint.origin, 'example.com/behind-the-sofa')
  assert.equal(checkpoint.size, 20_852_163)
  assert.equal(toBase64(checkpoint.root), 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=')
  assert.deepEqual(checkpoint.extensions, [])
  assert.equal(formatCheckpoint(checkpoint), text)
})

test('a real checkpoint of another log opens with its key', async () => {
  const checkpoint = await openCheckpoint(published.note, parseVerifierKey(published.log))
  assert.equal(checkpoint.size, 1_432_088_532)
})

test('a signed checkpoint opens with the log key and no other', async () => {
  for (const head of [
    { size: 1, root },
    { size: 0, root: EMPTY_ROOT },
    { size: Number.MAX_SAFE_INTEGER, root },
  ]) {
    const note = await signCheckpoint(head, logKey, sign)
    assert.deepEqual(await openCheckpoint(note, logKey), { ...head, origin: ORIGIN, extensions: [] })
    assert.equal(await refusalOf(() => openCheckpoint(note, noteKey('another/log', publicKey))), 'bad_note')
    const stranger = await signingKeyFromSeed(new Uint8Array(32).fill(8))
    assert.equal(await refusalOf(() => openCheckpoint(note, noteKey(ORIGIN, stranger.publicKey))), 'bad_note')
  }
  assert.throws(() => noteKey(ORIGIN, fromHex('00')), Refusal)
  const asWitness = noteKey(ORIGIN, publicKey, COSIGNATURE)
  await assert.rejects(() => signCheckpoint({ size: 1, root }, asWitness, sign), RangeError)
})

test('a log signs for its own origin only', async () => {
  const other = noteKey('another/log', publicKey)
  const note = await signCheckpoint({ size: 1, root }, other, sign)
  const text = note.slice(0, note.indexOf('\n\n') + 1)
  const relabelled = formatNote({ text, signatures: [await signNoteText(text, logKey, sign)] })
  assert.equal(await refusalOf(() => openCheckpoint(relabelled, logKey)), 'bad_note')
})

test('every byte of a checkpoint counts', async () => {
  const bytes = utf8(await signCheckpoint({ size: 1234, root }, logKey, sign))
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice()
    changed[at]! ^= 1
    assert.equal(await refusalOf(() => openCheckpoint(changed, logKey)), 'bad_note', `byte ${at}`)
  }
})

test('what is no checkpoint is refused', async () => {
  const root64 = toBase64(root)
  const texts = [
    '',
    '\n',
    `${ORIGIN}\n5\n`,
    `${ORIGIN}\n5\n${root64}`,
    `\n5\n${root64}\n`,
    `${ORIGIN}\n05\n${root64}\n`,
    `${ORIGIN}\n+5\n${root64}\n`,
    `${ORIGIN}\n5.0\n${root64}\n`,
    `${ORIGIN}\n5e3\n${root64}\n`,
    `${ORIGIN}\n ৫\n${root64}\n`,
    `${ORIGIN}\n-1\n${root64}\n`,
    `${ORIGIN}\n9007199254740992\n${root64}\n`,
    `${ORIGIN}\n5\n${root64.slice(4)}\n`,
    `${ORIGIN}\n5\n${root64.replace('=', '')}\n`,
    `${ORIGIN}\n5\n ${root64}\n`,
    `${ORIGIN}\n5\n${root64}\n\n`,
    `${ORIGIN}\n5\n${root64}\n\nextension\n`,
    // Hazard 13: an empty tree under any root but the empty one.
    `${ORIGIN}\n0\n${root64}\n`,
  ]
  for (const text of texts) assert.equal(await refusalOf(() => parseCheckpoint(text)), 'bad_note', JSON.stringify(text))
  const extended = `${ORIGIN}\n5\n${root64}\nextension\n`
  assert.deepEqual(parseCheckpoint(extended).extensions, ['extension'])
  assert.equal(await refusalOf(() => formatCheckpoint({ origin: 'a\nb', size: 5, root })), 'bad_note')
  assert.equal(await refusalOf(() => formatCheckpoint({ origin: 'a', size: 5, root, extensions: [''] })), 'bad_note')
})

test('any text is a checkpoint or is refused', async () => {
  const pieces = fc.constantFrom('\n', 'log', '0', '12', '00', toBase64(EMPTY_ROOT), toBase64(root), ' ', '=')
  const likely = fc.array(pieces, { maxLength: 9 }).map((some) => some.join(''))
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyText(), likely), async (text) => {
      if ((await refusalOf(() => parseCheckpoint(text))) !== null) return
      assert.equal(formatCheckpoint(parseCheckpoint(text)), text)
    }),
    { numRuns: 1000 },
  )
})
