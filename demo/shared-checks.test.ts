import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomBytes } from '../core/bytes.ts'
import { readSign1, sign1, signingKeyFromSeed, verifySign1 } from '../core/cose.ts'
import { sharedChecks } from './shared-checks.ts'

const key = await signingKeyFromSeed(randomBytes(32))
const other = await signingKeyFromSeed(randomBytes(32))
const signed = readSign1(await sign1(randomBytes(40), key.sign))
const forged = { ...signed, payload: randomBytes(40) }

function counted(most?: number) {
  let computed = 0
  const check = sharedChecks((...asked) => {
    computed++
    return verifySign1(...asked)
  }, most)
  return { check, computed: () => computed }
}

test('a signature that held is computed once, also for those who ask at the same moment', async () => {
  const { check, computed } = counted()
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => check(signed, key.publicKey))), [true, true, true])
  assert.equal(await check(signed, key.publicKey), true)
  assert.equal(computed(), 1)
})

test('a good signature vouches for no other key, bytes or signature', async () => {
  const { check } = counted()
  assert.equal(await check(signed, key.publicKey), true)
  assert.equal(await check(signed, other.publicKey), false)
  assert.equal(await check(forged, key.publicKey), false)
  assert.equal(await check({ ...signed, signature: randomBytes(64) }, key.publicKey), false)
})

test('a false signature is computed every time, and so is what fell out', async () => {
  const { check, computed } = counted(1)
  await check(forged, key.publicKey)
  await check(forged, key.publicKey)
  assert.equal(computed(), 2)
  await check(signed, key.publicKey)
  await check(readSign1(await sign1(randomBytes(40), key.sign)), key.publicKey)
  await check(signed, key.publicKey)
  assert.equal(computed(), 5)
})

test('a check that failed is asked again', async () => {
  let fails = true
  const check = sharedChecks(async (...asked) => {
    if (fails) throw new Error('no crypto today')
    return verifySign1(...asked)
  })
  await assert.rejects(check(signed, key.publicKey))
  fails = false
  assert.equal(await check(signed, key.publicKey), true)
})
