import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { needlesOfBytes, needlesOfText, Search } from './needles.ts'

const TEXT = 'কাকাতুয়া17'
const search = new Search([...needlesOfText('text', TEXT), ...needlesOfText('latin', 'parakeet17')])

function found(bytes: Buffer | string): string[] {
  return search.inBytes('here', Buffer.from(bytes as string)).found.map(({ name }) => name)
}

test('a text is found in every form, wherever it begins', () => {
  for (const [name, text] of [['text', TEXT] as const, ['latin', 'parakeet17'] as const]) {
    for (let at = 0; at < 4; at++) {
      const inside = Buffer.from(`${'x'.repeat(at)}${text} and more`)
      for (const encoding of ['utf8', 'hex', 'base64', 'base64url'] as const)
        assert.ok(found(inside.toString(encoding)).includes(name), `${name} ${encoding} at ${at}`)
      assert.ok(found(inside.toString('hex').toUpperCase()).includes(name))
      const utf16 = Buffer.from(`${'x'.repeat(at)}${text} and more`, 'utf16le')
      assert.ok(found(utf16).includes(name))
      assert.ok(found(utf16.swap16()).includes(name))
    }
    const escaped = [...text].map((c) => (c < '\x7f' ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`))
    assert.ok(found(escaped.join('')).includes(name))
    assert.ok(found(encodeURIComponent(text)).includes(name))
  }
})

test('and not where it is not', () => {
  assert.deepEqual(found(Buffer.from(TEXT).subarray(1)), [])
  assert.deepEqual(found('parakeet1'), [])
  assert.deepEqual(found(''), [])
})

test('whatever stands next to what, as much is found as by looking for each alone', () => {
  const few = fc.integer({ min: 0, max: 2 })
  const needle = fc.array(few, { minLength: 2, maxLength: 6 })
  fc.assert(
    fc.property(fc.array(needle, { minLength: 1, maxLength: 4 }), fc.array(few, { maxLength: 40 }), (needles, text) => {
      const all = needles.map((bytes, n) => ({ name: `${n}`, form: 'bytes', bytes: Buffer.from(bytes) }))
      const { found } = new Search(all).inBytes('here', Buffer.from(text))
      const expected = all.filter(({ bytes }) => Buffer.from(text).includes(bytes))
      assert.deepEqual(found.map(({ name }) => name).sort(), expected.map(({ name }) => name).sort())
    }),
    { numRuns: 500 },
  )
})

test('a key is found in a file, in this very process, and across the edge between two pieces', async () => {
  const key = crypto.getRandomValues(new Uint8Array(32))
  const forKey = new Search(needlesOfBytes('key', key))
  const directory = await mkdtemp(join(tmpdir(), 'smarak-needles-'))
  try {
    const large = Buffer.alloc(40 * 1024 * 1024)
    large.set(key, 16 * 1024 * 1024 - 10)
    await writeFile(join(directory, 'large'), large)
    await writeFile(join(directory, 'small'), Buffer.from(key).toString('base64'))
    const { parts, found, bytes } = await forKey.inDirectory(directory)
    assert.deepEqual([parts, found.map(({ where }) => where).sort()], [2, ['large', 'small']])
    assert.equal(bytes, large.length + 44)
    const memory = await forKey.inMemory('me', process.pid)
    if (memory) assert.ok(memory.found.length > 0)
  } finally {
    await rm(directory, { recursive: true })
  }
})
