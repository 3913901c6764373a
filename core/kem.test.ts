import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { shake256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from 'hpke'
import { type Bytes, fromHex, toHex, utf8 } from './bytes.ts'
import { generateKemKey, isKemKey, kemKeyFromParts, kemKeyFromSeed, openWith, sealTo, XWingKey, xwing } from './kem.ts'

const published = JSON.parse(readFileSync(new URL('../vectors/rings/x-wing.json', import.meta.url), 'utf8'))
const other = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM)
const info = utf8('what for')
const text = utf8('আদেশ')

/** Both expansions of one X-Wing private key: the library's key and ours. */
async function published1() {
  const seed = fromHex(published.privateKey)
  const expanded = shake256(seed, { dkLen: 96 }) as Bytes
  const key = await kemKeyFromParts(expanded.slice(0, 64), expanded.slice(64))
  return { seed, key }
}

test('the published X-Wing vector gives its public key and shared secret', async () => {
  const { key } = await published1()
  assert.equal(toHex(key.publicKey.slice(0, 32)), published.publicKeyBegins)
  assert.equal(toHex(key.publicKey.slice(-32)), published.publicKeyEnds)
  const secret = await xwing.Decap(fromHex(published.ciphertext), new XWingKey('private', undefined, key), undefined)
  assert.equal(toHex(secret), published.sharedSecret)
})

test('what we seal, another X-Wing opens, and the other way round', async () => {
  const { seed, key } = await published1()
  const theirs = await other.DeserializePrivateKey(seed)
  const { enc, ct } = await sealTo(key.publicKey, text, info)
  assert.deepEqual(await other.Open(theirs, enc, ct, { info }), text)

  const theirPublic = await other.DeserializePublicKey(key.publicKey)
  const { encapsulatedSecret, ciphertext } = await other.Seal(theirPublic, text, { info })
  const opened = await openWith(key, { enc: encapsulatedSecret as Bytes, ct: ciphertext as Bytes }, info)
  assert.deepEqual(opened, text)
})

test('one seed gives one key pair, and another seed another', async () => {
  const [once, again, other] = await Promise.all([1, 1, 2].map((n) => kemKeyFromSeed(new Uint8Array(32).fill(n))))
  assert.deepEqual(once!.publicKey, again!.publicKey)
  assert.notDeepEqual(once!.publicKey, other!.publicKey)
  assert.deepEqual(await openWith(again!, await sealTo(once!.publicKey, text, info), info), text)
})

test('private keys cannot be taken out', async () => {
  for (const { mlkem, x25519 } of [await generateKemKey(), await kemKeyFromSeed(new Uint8Array(32))]) {
    assert.equal(mlkem.extractable, false)
    assert.equal(x25519.extractable, false)
  }
})

test('a sealed text opens with its own key and info alone, and unaltered', async () => {
  const [key, stranger] = await Promise.all([generateKemKey(), generateKemKey()])
  const sealed = await sealTo(key.publicKey, text, info)
  assert.deepEqual(await openWith(key, sealed, info), text)
  await assert.rejects(openWith(stranger, sealed, info), { code: 'cannot_open' })
  await assert.rejects(openWith(key, sealed, utf8('what else for')), { code: 'cannot_open' })
  for (const half of ['enc', 'ct'] as const) {
    for (const at of [0, 600, 1100].filter((at) => at < sealed[half].length)) {
      const altered = { ...sealed, [half]: sealed[half].with(at, sealed[half][at]! ^ 1) }
      await assert.rejects(openWith(key, altered, info), { code: 'cannot_open' })
    }
    await assert.rejects(openWith(key, { ...sealed, [half]: sealed[half].slice(1) }, info), { code: 'cannot_open' })
    await assert.rejects(openWith(key, { ...sealed, [half]: new Uint8Array(0) }, info), { code: 'cannot_open' })
  }
})

test('two halves of two public keys make a key nobody opens', async () => {
  const [a, b] = await Promise.all([generateKemKey(), generateKemKey()])
  const mixed = new Uint8Array([...a.publicKey.slice(0, 1184), ...b.publicKey.slice(1184)])
  const sealed = await sealTo(mixed, text, info)
  await assert.rejects(openWith(a, sealed, info), { code: 'cannot_open' })
  await assert.rejects(openWith(b, sealed, info), { code: 'cannot_open' })
})

test('nobody seals to what is no key: cut, past q, or an X25519 point of small order', async () => {
  const { publicKey } = await generateKemKey()
  const hostile = {
    cut: publicKey.slice(1),
    empty: new Uint8Array(0),
    'a coefficient past q': publicKey.with(0, 0xff).with(1, 0xff),
    'the point 0': new Uint8Array([...publicKey.slice(0, 1184), ...new Uint8Array(32)]),
    'the point 1': new Uint8Array([...publicKey.slice(0, 1184), 1, ...new Uint8Array(31)]),
  }
  for (const [what, key] of Object.entries(hostile)) {
    await assert.rejects(sealTo(key, text, info), { code: 'bad_bytes' }, what)
    assert.ok(!isKemKey(key), what)
  }
})

test('a key is told apart before anybody seals to it, exactly as the platform does', async () => {
  const { publicKey } = await generateKemKey()
  assert.ok(isKemKey(publicKey))
  const withPoint = (hex: string) => new Uint8Array([...publicKey.slice(0, 1184), ...Uint8Array.fromHex(hex)])
  const spellings = ['ec', 'ed', 'ee'].flatMap((low) => ['7f', 'ff'].map((top) => `${low}${'ff'.repeat(30)}${top}`))
  const points = [
    ...['00', '01', '02', '09'].map((low) => `${low}${'00'.repeat(31)}`),
    `${'00'.repeat(31)}80`,
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7',
    ...spellings,
    `ef${'ff'.repeat(30)}7f`,
  ]
  // Coefficients just below and at q = 3329 = 0xd01, in the lower and the upper half of the three bytes, first and last.
  const coefficients = [0, 1149].flatMap((at) =>
    [
      [0x00, 0x0d, 0x00],
      [0x01, 0x0d, 0x00],
      [0x00, 0x00, 0xd0],
      [0x00, 0x10, 0xd0],
    ].map((bytes) => new Uint8Array([...publicKey.slice(0, at), ...bytes, ...publicKey.slice(at + 3)])),
  )
  for (const key of [...points.map(withPoint), ...coefficients]) {
    const sealed = await sealTo(key, text, info).then(
      () => true,
      () => false,
    )
    assert.equal(isKemKey(key), sealed, key.subarray(1184).toHex())
  }
})

test('any bytes as key or ciphertext are refused', async () => {
  const key = await generateKemKey()
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }) as fc.Arbitrary<Bytes>
  await fc.assert(
    fc.asyncProperty(bytes(1120), bytes(48), async (enc, ct) => {
      await assert.rejects(openWith(key, { enc, ct }, info), { code: 'cannot_open' })
    }),
    { numRuns: 30 },
  )
  await fc.assert(
    fc.asyncProperty(bytes(1216), async (publicKey) => {
      await assert.rejects(sealTo(publicKey, text, info), { code: 'bad_bytes' })
    }),
    { numRuns: 30 },
  )
})
