import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, fromHex, toHex, utf8 } from './bytes.ts'
import { decode, encode } from './cbor.ts'
import {
  generateSigningKey,
  readSign1,
  sign1,
  signer,
  signingKeyFromSeed,
  toBeSigned,
  verifyEd25519,
  verifySign1,
} from './cose.ts'
import { Refusal } from './refusal.ts'

const payload = utf8('header')

test('the published example 7.1 test 2 of RFC 8032 signs and verifies', async () => {
  const key = await signingKeyFromSeed(fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'))
  assert.equal(toHex(key.publicKey), '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
  const signature = await key.sign(fromHex('72'))
  assert.equal(
    toHex(signature),
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  )
  assert.equal(await verifyEd25519(key.publicKey, signature, fromHex('72')), true)
  assert.equal(await verifyEd25519(key.publicKey, signature, fromHex('73')), false)
})

test('the bytes signed are the Sig_structure of RFC 9052', () => {
  assert.equal(toHex(toBeSigned(fromHex('aabb'))), '846a5369676e61747572653143a101274042aabb')
})

test('a signature holds for its payload and key, and for no other', async () => {
  const pair = await generateSigningKey()
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  assert.equal(pair.privateKey.extractable, false)
  const signed = readSign1(await sign1(payload, signer(pair.privateKey)))
  const stranger = await signingKeyFromSeed(new Uint8Array(32))
  assert.equal(await verifySign1(signed, raw), true)
  assert.equal(await verifySign1(signed, stranger.publicKey), false)
  assert.equal(await verifySign1({ ...signed, payload: utf8('headex') }, raw), false)
  assert.equal(await verifySign1(signed, raw.slice(1)), false)
  assert.equal(await verifySign1({ ...signed, signature: signed.signature.slice(1) }, raw), false)
})

test('a second signature cannot be made from a first by adding the order of the group', async () => {
  const { publicKey, sign } = await signingKeyFromSeed(new Uint8Array(32))
  const signature = await sign(payload)
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  let s = BigInt(`0x${toHex(signature.slice(32).toReversed())}`) + order
  const again = signature.slice()
  for (let i = 32; i < 64; i++, s >>= 8n) again[i] = Number(s & 0xffn)
  assert.equal(await verifyEd25519(publicKey, again, payload), false)
})

test('a key under which one signature fits every message is refused', async () => {
  // R = A = a point of small order, S = 0: the equation of RFC 8032 holds for some or all messages.
  const weak = [
    '0100000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000080',
    '0000000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  ].map(fromHex)
  const { publicKey } = await signingKeyFromSeed(new Uint8Array(32))
  for (const point of weak) {
    const signature = new Uint8Array([...point, ...new Uint8Array(32)])
    for (const message of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      assert.equal(await verifyEd25519(point, signature, utf8(message)), false)
      assert.equal(await verifyEd25519(publicKey, signature, utf8(message)), false)
    }
  }
})

test('a COSE_Sign1 has one form: no other algorithm, no unprotected header, no tag', async () => {
  const { sign } = await signingKeyFromSeed(new Uint8Array(32))
  const good = await sign1(payload, sign)
  const [head, , , signature] = decode(good) as Bytes[]
  const es256 = encode(new Map([[1, -7]]))
  const forms = {
    'another algorithm': encode([es256, new Map(), payload, signature!]),
    'no algorithm': encode([new Uint8Array(0), new Map(), payload, signature!]),
    'an unprotected header': encode([head!, new Map([[4, utf8('kid')]]), payload, signature!]),
    'a detached payload': encode([head!, new Map(), null, signature!]),
    'a short signature': encode([head!, new Map(), payload, signature!.slice(1)]),
    'five elements': encode([head!, new Map(), payload, signature!, null]),
    'a tag': new Uint8Array([0xd2, ...good]),
    'a byte more': new Uint8Array([...good, 0]),
    'a map': encode(new Map()),
  }
  for (const [what, bytes] of Object.entries(forms)) {
    assert.throws(() => readSign1(bytes), { code: 'bad_bytes' }, what)
  }
})

test('any bytes are a COSE_Sign1 or are refused', async () => {
  const { sign } = await signingKeyFromSeed(new Uint8Array(32))
  const good = await sign1(payload, sign)
  const near = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => good.with(at, byte) as Bytes)
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 120 }), near), (bytes) => {
      try {
        readSign1(bytes)
      } catch (error) {
        assert.ok(error instanceof Refusal && error.code === 'bad_bytes', String(error))
      }
    }),
    { numRuns: 2000 },
  )
})
