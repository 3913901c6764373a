import assert from 'node:assert/strict'
import { test } from 'node:test'
import published from '../vectors/log/published.json' with { type: 'json' }
import { utf8 } from './bytes.ts'
import { signCheckpoint } from './checkpoint.ts'
import { type Sign, signingKeyFromSeed } from './cose.ts'
import { cosign, cosignatureTime, cosignatureVerifier } from './cosignature.ts'
import { leafHash } from './merkle.ts'
import { COSIGNATURE, formatNote, noteKey, openNote, parseNote, parseVerifierKey } from './note.ts'
import { Refusal } from './refusal.ts'

const log = await signingKeyFromSeed(new Uint8Array(32).fill(1))
const logKey = noteKey('smarak.example/log', log.publicKey)
const witness = await signingKeyFromSeed(new Uint8Array(32).fill(2))
const witnessKey = noteKey('witness.example/w1', witness.publicKey, COSIGNATURE)
const note = await signCheckpoint({ size: 5, root: leafHash(utf8('root')) }, logKey, log.sign)
const TIME = 1_790_000_000

async function isRefused(claim: string, key = witnessKey): Promise<boolean> {
  try {
    await openNote(claim, [cosignatureVerifier(key)])
    return false
  } catch (error) {
    assert.ok(error instanceof Refusal && error.code === 'bad_note', String(error))
    return true
  }
}

test('cosignatures of real witnesses on a real checkpoint verify, with their time', async () => {
  const verifiers = published.witnesses.map((text) => cosignatureVerifier(parseVerifierKey(text)))
  const { verified } = await openNote(published.note, verifiers)
  assert.equal(verified.length, 4)
  for (const { signature } of verified) assert.equal(cosignatureTime(signature), 0x6a122120)
  const grown = published.note.replace('1432088532', '1432088533')
  for (const verifier of verifiers) assert.ok(await isRefused(grown, verifier.key))
})

test('a witness signs the two lines before the checkpoint and adds one line to the note', async () => {
  const signed: Uint8Array[] = []
  const sign: Sign = (bytes) => {
    signed.push(bytes)
    return witness.sign(bytes)
  }
  const cosigned = await cosign(note, witnessKey, TIME, sign)
  const { text } = parseNote(note)
  assert.deepEqual(signed, [utf8(`cosignature/v1\ntime 1790000000\n${text}`)])
  assert.ok(cosigned.startsWith(`${note}— witness.example/w1 `))
  const { verified } = await openNote(cosigned, [cosignatureVerifier(witnessKey)])
  assert.equal(cosignatureTime(verified[0]!.signature), TIME)
  const twice = await cosign(cosigned, witnessKey, 0, witness.sign)
  assert.equal(parseNote(twice).signatures.length, 3)
})

test('a cosignature holds for its time, its text and its witness only', async () => {
  const cosigned = await cosign(note, witnessKey, TIME, witness.sign)
  const { text, signatures } = parseNote(cosigned)
  const [mine, theirs] = signatures as [(typeof signatures)[0], (typeof signatures)[0]]
  for (let at = 0; at < theirs.signature.length; at++) {
    const signature = theirs.signature.slice()
    signature[at]! ^= 1
    assert.ok(await isRefused(formatNote({ text, signatures: [mine, { ...theirs, signature }] })), `byte ${at}`)
  }
  assert.ok(await isRefused(formatNote({ text: `${text}more\n`, signatures })))
  const other = noteKey('witness.example/w1', log.publicKey, COSIGNATURE)
  assert.ok(await isRefused(cosigned, other))
  const plain = { ...theirs, signature: await witness.sign(utf8(text)) }
  assert.ok(await isRefused(formatNote({ text, signatures: [mine, plain] })))
})

test('times beyond what we count are no times', () => {
  const signature = new Uint8Array(72)
  assert.equal(cosignatureTime(signature), 0)
  signature.fill(0xff, 0, 8)
  assert.equal(cosignatureTime(signature), null)
  signature.set([0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
  assert.equal(cosignatureTime(signature), Number.MAX_SAFE_INTEGER)
  assert.equal(cosignatureTime(new Uint8Array(64)), null)
})

test('only a witness key cosigns, at a time, and only a checkpoint', async () => {
  await assert.rejects(() => cosign(note, logKey, TIME, log.sign), RangeError)
  assert.throws(() => cosignatureVerifier(logKey), RangeError)
  for (const time of [-1, 0.5, Number.NaN]) {
    await assert.rejects(() => cosign(note, witnessKey, time, witness.sign), RangeError)
  }
  const letter = formatNote({ text: 'a letter\n', signatures: parseNote(note).signatures })
  await assert.rejects(() => cosign(letter, witnessKey, TIME, witness.sign), Refusal)
})
