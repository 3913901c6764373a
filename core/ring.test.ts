import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, randomBytes } from './bytes.ts'
import { generateKemKey, type KemPrivate, openWith, sealTo } from './kem.ts'
import { checkSeed, makeGrant, newSeed, openGrant, openPrevious, ringKey, sealPrevious } from './ring.ts'

const ring = randomBytes(16)
const other = randomBytes(16)

/** Three generations of one ring, each holding the seed before. */
async function generations() {
  const seeds = [newSeed(), newSeed(), newSeed()]
  const keys = await Promise.all(seeds.map((seed) => ringKey(seed)))
  const previous = await Promise.all(seeds.slice(1).map((seed, i) => sealPrevious(seed, ring, i + 2, seeds[i]!)))
  return { seeds, keys, previous }
}

async function member(): Promise<{ key: KemPrivate; target: { ring: Bytes; generation: number; publicKey: Bytes } }> {
  const key = await generateKemKey()
  return { key, target: { ring: randomBytes(32), generation: 0, publicKey: key.publicKey } }
}

test('the holder of generation g opens 1 to g, and never g+1', async () => {
  const { seeds, keys, previous } = await generations()
  const second = await openPrevious(seeds[2]!, ring, 3, previous[1]!)
  const first = await openPrevious(second, ring, 2, previous[0]!)
  assert.deepEqual([first, second], seeds.slice(0, 2))
  await checkSeed(first, keys[0]!.publicKey)
  await checkSeed(second, keys[1]!.publicKey)

  // What the holder of 2 has been sent: his own seed, and every prev in the log.
  await assert.rejects(openPrevious(seeds[1]!, ring, 3, previous[1]!), { code: 'cannot_open' })
  const later = await sealTo(keys[2]!.publicKey, randomBytes(32), new Uint8Array(0))
  await assert.rejects(openWith(keys[1]!, later, new Uint8Array(0)), { code: 'cannot_open' })
})

test('a prev moved to another ring or generation is refused', async () => {
  const { seeds, previous } = await generations()
  await assert.rejects(openPrevious(seeds[1]!, other, 2, previous[0]!), { code: 'cannot_open' })
  await assert.rejects(openPrevious(seeds[1]!, ring, 1, previous[0]!), { code: 'cannot_open' })
  await assert.rejects(openPrevious(seeds[1]!, ring, 2, new Uint8Array(0)), { code: 'cannot_open' })
})

test('one seed never seals two messages under one key, whatever ring it is taken for', async () => {
  const seed = newSeed()
  const previous = newSeed()
  const sealed = await Promise.all([
    sealPrevious(seed, ring, 2, previous),
    sealPrevious(seed, ring, 3, previous),
    sealPrevious(seed, other, 2, previous),
  ])
  assert.equal(new Set(sealed.map((bytes) => bytes.slice(0, 32).toHex())).size, 3)
})

test('a grant gives its member the seed, with the key the log names', async () => {
  const [seed, { key, target }] = [newSeed(), await member()]
  const { publicKey } = await ringKey(seed)
  const grant = await makeGrant(seed, ring, 4, target)
  const opened = await openGrant(grant, ring, 4, publicKey, key)
  assert.deepEqual(opened.seed, seed)
  assert.deepEqual(opened.key.publicKey, publicKey)
})

test('a grant replayed to another ring, generation or member is refused', async () => {
  const [seed, mine, theirs] = [newSeed(), await member(), await member()]
  const { publicKey } = await ringKey(seed)
  const grant = await makeGrant(seed, ring, 4, mine.target)
  const no = { code: 'cannot_open' }
  await assert.rejects(openGrant(grant, other, 4, publicKey, mine.key), no)
  await assert.rejects(openGrant(grant, ring, 5, publicKey, mine.key), no)
  await assert.rejects(openGrant(grant, ring, 3, publicKey, mine.key), no)
  await assert.rejects(openGrant(grant, ring, 4, publicKey, theirs.key), no)
  await assert.rejects(openGrant({ ...grant, member: theirs.target.ring }, ring, 4, publicKey, mine.key), no)
  await assert.rejects(openGrant({ ...grant, memberGeneration: 1 }, ring, 4, publicKey, mine.key), no)
})

test('a seed that does not give the logged key is refused', async () => {
  const [{ key, target }, logged] = [await member(), await ringKey(newSeed())]
  const wrong = { code: 'wrong_seed' }
  for (const seed of [newSeed(), randomBytes(31), randomBytes(33), new Uint8Array(0)]) {
    const grant = await makeGrant(seed, ring, 1, target)
    await assert.rejects(openGrant(grant, ring, 1, logged.publicKey, key), wrong)
  }
  const seed = newSeed()
  await assert.rejects(checkSeed(seed, logged.publicKey), wrong)
  await assert.rejects(checkSeed(seed, (await ringKey(seed)).publicKey.slice(1)), wrong)
})

test('seeds of another length give no ring, even when the log names their key', async () => {
  const short = randomBytes(16)
  await assert.rejects(checkSeed(short, (await ringKey(short)).publicKey), { code: 'wrong_seed' })
})

test('any bytes as a grant or prev are refused', async () => {
  const [{ key, target }, logged] = [await member(), await ringKey(newSeed())]
  const bytes = fc.uint8Array({ maxLength: 1200 }) as fc.Arbitrary<Bytes>
  await fc.assert(
    fc.asyncProperty(bytes, bytes, async (enc, ct) => {
      const grant = { member: target.ring, memberGeneration: 0, enc, ct }
      await assert.rejects(openGrant(grant, ring, 1, logged.publicKey, key), { code: 'cannot_open' })
      await assert.rejects(openPrevious(newSeed(), ring, 1, ct), { code: 'cannot_open' })
    }),
    { numRuns: 50 },
  )
})
