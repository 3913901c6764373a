import assert from 'node:assert/strict'
import { hkdfSync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, fromHex, toHex, utf8 } from './bytes.ts'
import { encode } from './cbor.ts'
import { hkdf, sha256 } from './hash.ts'

test('SHA-256 is that of FIPS 180, over parts as over the whole', () => {
  assert.equal(toHex(sha256(utf8('abc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  assert.deepEqual(sha256(utf8('a'), utf8('bc')), sha256(utf8('abc')))
  assert.equal(toHex(sha256()), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test("HKDF is Node's own, with CBOR [label, context] as info", () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.string(),
      fc.uint8Array(),
      fc.integer({ min: 1, max: 96 }),
      (key, label, ctx, n) => {
        const own = hkdfSync('sha256', key, new Uint8Array(0), encode([label, ctx as Bytes]), n)
        assert.deepEqual(hkdf(key, label, ctx, n), new Uint8Array(own))
      },
    ),
  )
})

test('a label followed by a context is never another label', () => {
  const key = new Uint8Array(32)
  assert.notDeepEqual(hkdf(key, 'section', utf8('s')), hkdf(key, 'sections'))
  assert.notDeepEqual(hkdf(key, 'salt', fromHex('00')), hkdf(key, 'salt'))
})
