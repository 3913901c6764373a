import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { randomBytes, toBase64url } from '../core/bytes.ts'
import { decode, encode } from '../core/cbor.ts'
import { CHUNK_PLAIN } from '../core/file.ts'
import { readFiles, writeFiles } from './file-part.ts'
import type { KeptFile } from './views.ts'

function file(more: Partial<KeptFile> = {}): KeptFile {
  const size = more.size ?? 70_000
  const count = Math.max(1, Math.ceil(size / CHUNK_PLAIN))
  return {
    name: 'সেতু.jpg',
    type: 'image/jpeg',
    size,
    key: toBase64url(randomBytes(32)),
    chunks: Array.from({ length: count }, () => toBase64url(randomBytes(32))),
    taken: null,
    place: null,
    ...more,
  }
}

/** As an answer carries it: through the bytes of an item. */
function carried(files: KeptFile[]) {
  const { hashes, part } = writeFiles(files)
  return readFiles(hashes, decode(encode(part.value)))
}

test('files named by an answer are read as they were written', () => {
  const files = [
    file(),
    file({ taken: Date.UTC(2024, 9, 22), place: [25.744901, 89.275227] }),
    file({ size: 0, place: [-33.5, -70] }),
    file({ size: CHUNK_PLAIN, type: 'application/vnd.oasis.opendocument.text' }),
  ]
  assert.deepEqual(carried(files), files)
})

test('place and time go along only where they were given', () => {
  assert.deepEqual(
    carried([file()]).map(({ taken, place }) => [taken, place]),
    [[null, null]],
  )
})

test('a name can neither lead elsewhere nor look like another', () => {
  const names = {
    '../../etc/passwd': '....etcpasswd',
    'C:\\x.exe': 'C:x.exe',
    'gpj.\u202eexe': 'gpj.exe',
    'a\u0000\nb': 'ab',
    '': 'file',
    '/': 'file',
    'lone\ud800': 'lone\ufffd',
  }
  for (const [given, read] of Object.entries(names)) assert.equal(carried([file({ name: given })])[0]!.name, read)
  assert.equal(carried([file({ name: 'ক'.repeat(500) })])[0]!.name.length, 200)
})

test('what another client wrote wrongly is left out, and the rest is read', () => {
  const [good, odd] = [file(), file()]
  const { hashes, part } = writeFiles([odd, good])
  const [, second] = part.value as unknown[][]
  const wrong: unknown[] = [
    null,
    [],
    ['name'],
    [1, 'image/jpeg', 70_000, randomBytes(32), null, null],
    ['a', 'image/jpeg', -1, randomBytes(32), null, null],
    ['a', 'image/jpeg', 1, randomBytes(32), null, null],
    ['a', 'image/jpeg', 70_000, randomBytes(31), null, null],
  ]
  for (const first of wrong) assert.deepEqual(readFiles(hashes, [first, second]), [good])
  assert.deepEqual(readFiles(hashes, 'none'), [])
  assert.deepEqual(readFiles(hashes, undefined), [])
  const strange = ['a', 'text/html; charset=x', 70_000, randomBytes(32), 'now', [91_000_000, 0]]
  const [read] = readFiles(hashes, [strange])
  assert.deepEqual([read?.type, read?.taken, read?.place], ['application/octet-stream', null, null])
})

test('nothing an author may write breaks the reader', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 4 }, fc.integer(), fc.string(), fc.constant(null), fc.uint8Array(), fc.array(tie('any'))),
  })).any
  fc.assert(fc.property(value, (value) => Array.isArray(readFiles([[randomBytes(32)]], value))))
})
