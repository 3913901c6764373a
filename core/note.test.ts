import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../test/helpers/any-text.ts'
import { fromBase64, fromHex, toHex, utf8 } from './bytes.ts'
import { signingKeyFromSeed } from './cose.ts'
import {
  COSIGNATURE,
  ed25519Verifier,
  formatNote,
  formatVerifierKey,
  isKeyName,
  noteKey,
  openNote,
  parseNote,
  parseVerifierKey,
  signNoteText,
} from './note.ts'
import { Refusal } from './refusal.ts'

/** From the tests of golang.org/x/mod/sumdb/note, where the format comes from. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const PETER_PRIVATE = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
const NOTE = `${TEXT}\n${PETER_LINE}`
/** From C2SP signed-note. */
const FOO = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const FOO_NOTE =
  'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'

const peter = ed25519Verifier(parseVerifierKey(PETER))
const enoch = ed25519Verifier(parseVerifierKey(ENOCH))

async function refusalOf(act: () => unknown): Promise<string | null> {
  try {
    await act()
    return null
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error))
    return error.code
  }
}

test('the published notes open with the published keys', async () => {
  assert.deepEqual((await openNote(NOTE, [peter])).text, TEXT)
  assert.deepEqual(
    (await openNote(utf8(NOTE), [enoch, peter])).verified.map(({ key }) => key),
    [peter.key],
  )
  const foo = await openNote(FOO_NOTE, [ed25519Verifier(parseVerifierKey(FOO))])
  assert.equal(foo.text, 'This is an example message.\n')
})

test('the published private key gives the published note, byte for byte', async () => {
  const { publicKey, sign } = await signingKeyFromSeed(fromBase64(PETER_PRIVATE).slice(1))
  const key = noteKey('PeterNeumann', publicKey)
  assert.equal(formatVerifierKey(key), PETER)
  assert.equal(formatNote({ text: TEXT, signatures: [await signNoteText(TEXT, key, sign)] }), NOTE)
})

test('verifier keys are read as published, and only in that spelling', async () => {
  const foo = parseVerifierKey(FOO)
  assert.equal(foo.name, 'example.com/foo')
  assert.equal(toHex(foo.id), '530d903a')
  assert.equal(toHex(foo.publicKey), 'e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4')
  const published = ['remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2', PETER, ENOCH]
  for (const text of published) assert.equal(formatVerifierKey(parseVerifierKey(text)), text)
  const others = [
    '',
    PETER.replace('c74f20a3', 'C74F20A3'),
    PETER.replace('c74f20a3', 'c74f20a4'),
    PETER.replace('PeterNeumann', 'PeterNeuman'),
    PETER.replace('PeterNeumann', 'Peter Neumann'),
    PETER.replace('ARpc', 'AR pc'),
    `${PETER}=`,
    `${PETER}\n`,
    PETER.slice(0, -4),
    // Types we do not know: 0x02, and 0x06 with 32 bytes.
    'rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=',
    PETER.replace('ARpc', 'Bhpc'),
  ]
  for (const text of others) assert.equal(await refusalOf(() => parseVerifierKey(text)), 'bad_note', text)
})

test('one public key has another id under another name or type', () => {
  const publicKey = parseVerifierKey(PETER).publicKey
  const ids = [noteKey('a', publicKey), noteKey('b', publicKey), noteKey('a', publicKey, COSIGNATURE)].map(({ id }) =>
    toHex(id),
  )
  assert.equal(new Set(ids).size, 3)
})

test('signatures of strangers are ignored, even under a known name or a known id', async () => {
  const id = toHex(peter.key.id)
  const line = (name: string, keyId: string) => `— ${name} ${fromHex(`${keyId}00`).toBase64()}\n`
  const strangers = [line('stranger', '01020304'), line('PeterNeumann', '01020304'), line('stranger', id)].join('')
  assert.equal((await openNote(`${TEXT}\n${strangers}${PETER_LINE}`, [peter])).text, TEXT)
  assert.equal(await refusalOf(() => openNote(`${TEXT}\n${strangers}`, [peter])), 'bad_note')
  assert.equal(await refusalOf(() => openNote(NOTE, [enoch])), 'bad_note')
  assert.equal(await refusalOf(() => openNote(NOTE, [])), 'bad_note')
})

test('a false signature under a known key refuses the note, whoever else signed', async () => {
  const enochs = `— EnochRoot ${fromHex(toHex(enoch.key.id) + '00'.repeat(64)).toBase64()}\n`
  const short = `— EnochRoot ${fromHex(`${toHex(enoch.key.id)}00`).toBase64()}\n`
  assert.equal((await openNote(`${NOTE}${enochs}`, [peter])).text, TEXT)
  assert.equal(await refusalOf(() => openNote(`${NOTE}${enochs}`, [peter, enoch])), 'bad_note')
  assert.equal(await refusalOf(() => openNote(`${NOTE}${short}`, [peter, enoch])), 'bad_note')
  assert.equal(await refusalOf(() => openNote(NOTE.replace('answer', 'Answer'), [peter])), 'bad_note')
})

test('a key that signs twice counts once', async () => {
  assert.equal((await openNote(`${NOTE}${PETER_LINE}`, [peter])).verified.length, 1)
})

test('every byte of a note counts', async () => {
  const bytes = utf8(NOTE)
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice()
    changed[at]! ^= 1
    assert.equal(await refusalOf(() => openNote(changed, [peter])), 'bad_note', `byte ${at}`)
  }
})

test('the text goes to the last empty line', () => {
  assert.equal(parseNote(`a\n\nb\n\n${PETER_LINE}`).text, 'a\n\nb\n')
  assert.equal(parseNote(`\n\n${PETER_LINE}`).text, '\n')
})

test('what is no signed note is refused', async () => {
  const notes = [
    '',
    '\n',
    '\n\n',
    TEXT,
    `${TEXT}\n`,
    `${TEXT}${PETER_LINE}`,
    NOTE.slice(0, -1),
    `${NOTE}\n`,
    `${NOTE}x\n`,
    NOTE.replace('— ', '- '),
    NOTE.replace('— ', '—'),
    NOTE.replace('— ', '—  '),
    NOTE.replace('PeterNeumann', 'Peter\u00a0Neumann'),
    NOTE.replace('PeterNeumann', 'Peter+Neumann'),
    NOTE.replace('AM=', 'AM'),
    NOTE.replace('AM=', 'AN='),
    NOTE.replace('x08g', 'x0 8g'),
    NOTE.replace('\n', '\r\n'),
    NOTE.replace('you', 'y\tu'),
    NOTE.replace('you', 'y\ud800u'),
    `${TEXT}\n— PeterNeumann x08gow==\n`,
    `${TEXT}\n— PeterNeumann \n`,
    `${TEXT}\n${PETER_LINE.repeat(65)}`,
    `${'x'.repeat(512 * 1024)}\n\n${PETER_LINE}`,
  ]
  for (const note of notes)
    assert.equal(await refusalOf(() => parseNote(note)), 'bad_note', JSON.stringify(note.slice(-150)))
  assert.equal(await refusalOf(() => parseNote(Uint8Array.of(0xff, 10, 10))), 'bad_note')
  assert.equal(parseNote(`${TEXT}\n${PETER_LINE.repeat(64)}`).signatures.length, 64)
})

test('a note is written only if it can be read', async () => {
  const [signature] = parseNote(NOTE).signatures
  const texts = ['', 'no newline', 'a\tb\n', 'a\n\n— x AAAA']
  for (const text of texts) {
    assert.equal(await refusalOf(() => formatNote({ text, signatures: [signature!] })), 'bad_note')
  }
  assert.equal(await refusalOf(() => formatNote({ text: 'a\n', signatures: [] })), 'bad_note')
})

test('key names have no space, plus or control character', () => {
  for (const name of ['a', 'example.com/log', 'স্মারক.example/১', 'x'.repeat(255)]) assert.ok(isKeyName(name), name)
  for (const name of [
    '',
    ' ',
    'a b',
    'a+b',
    'a\nb',
    'a\u2003b',
    'a\u0085b',
    'a\ud800',
    'x'.repeat(256),
    'স'.repeat(86),
  ]) {
    assert.ok(!isKeyName(name), name)
  }
})

test('any bytes are a note or are refused', async () => {
  const pieces = fc.constantFrom('\n', '\n\n', '— ', 'a', ' ', '=', 'AAAAAAA=', PETER_LINE, TEXT, '\u2003', '+')
  const likely = fc.array(pieces, { maxLength: 12 }).map((some) => utf8(some.join('')))
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array(), likely), async (bytes) => {
      if ((await refusalOf(() => parseNote(bytes))) !== null) return
      assert.deepEqual(utf8(formatNote(parseNote(bytes))), bytes)
    }),
    { numRuns: 1000 },
  )
  await fc.assert(
    fc.asyncProperty(anyText(), async (text) => {
      await refusalOf(() => parseVerifierKey(text))
      await refusalOf(() => parseNote(text))
    }),
  )
})
