import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  compare,
  concat,
  equal,
  fromBase64,
  fromBase64url,
  fromUtf8,
  join,
  toBase64,
  toBase64url,
  utf8,
} from './bytes.ts'

test('bytes written as base64url or base64 are read back, and have one form only', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.deepEqual(fromBase64url(toBase64url(bytes)), bytes)
      assert.deepEqual(fromBase64(toBase64(bytes)), bytes)
    }),
  )
  for (const second of ['AA==', 'AB', 'A', 'A A', '+_8', ' AA', 'AA\n']) {
    assert.throws(() => fromBase64url(second), SyntaxError, second)
  }
  for (const second of ['AA', 'AB==', 'A A==', 'AA==\n', ' AA==', '-_8=']) {
    assert.throws(() => fromBase64(second), SyntaxError, second)
  }
})

test('text that is not UTF-8 is refused, and a byte order mark is kept', () => {
  assert.throws(() => fromUtf8(Uint8Array.of(0xc3)), TypeError)
  assert.throws(() => fromUtf8(Uint8Array.of(0xed, 0xa0, 0x80)), TypeError)
  assert.equal(fromUtf8(utf8('\ufeffক')), '\ufeffক')
})

test('order is that of the bytes, a prefix first, and equal means the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
      assert.equal(Math.sign(compare(a, b)), Math.sign(Buffer.compare(a, b)))
      assert.equal(equal(a, b), Buffer.compare(a, b) === 0)
    }),
  )
})

test('a list of a million parts is joined', () => {
  const parts = Array.from({ length: 1_000_000 }, () => Uint8Array.of(7))
  assert.equal(join(parts).length, 1_000_000)
  assert.deepEqual(concat(utf8('স্মা'), utf8('রক')), utf8('স্মারক'))
})
