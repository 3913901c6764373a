import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SmarakClient } from '../../client/client.ts'
import { letter, official, settledWorld } from '../../client/testing/officials.ts'
import type { World } from '../../client/testing/world.ts'
import { type Bytes, fromBase64url, randomBytes, toBase64url } from '../../core/bytes.ts'
import { type Envelope, writeEnvelope } from '../../core/item.ts'
import { makeGrant, newSeed, ringKey } from '../../core/ring.ts'
import { newItemKey, sealBody } from '../../core/seal.ts'
import { wrapKey } from '../../core/wrap.ts'
import { directiveFields } from '../../features/directives/entries.ts'
import { audience, coverOf, directiveReaders } from '../../features/directives/rules.ts'
import { ringBody } from '../../features/directory/index.ts'

// Authors who tamper, in league with a server that logs whatever they write.
const nothing = () => {}

/** A letter sealed by hand, with a chance to tamper on the way. */
async function sealed(
  ds: SmarakClient,
  { key = newItemKey(), commitment = (c: { counts: number[]; root: Bytes }) => c } = {},
): Promise<{ envelope: Envelope; id: string }> {
  const { acts, proven, keys } = ds.device
  const post = ds.me.posts[0]!.id
  const lines = [{ n: 1, purpose: 'action' as const, selectors: [{ by: 'role' as const, role: 'uno' }] }]
  const meant = audience(lines, proven.directory)
  const cover = coverOf(directiveReaders(meant.posts, post, proven.directory), proven.directory)
  const id = randomBytes(16)
  const parts = ['memo', 'subject', 'date', 'issuer'].map((label) => ({ label, value: 'হাতে লেখা' }))
  const signer = { type: 'device' as const, id: fromBase64url(keys.id) }
  const body = await sealBody(key, { id, signer }, [parts, [{ label: 'clause:ক', value: 'x' }]])
  const wraps = await Promise.all(acts.targets(cover).map((target) => wrapKey(key, id, target)))
  const fields = directiveFields({
    issuer: post,
    lines,
    resolvedAt: proven.seen.size,
    count: meant.posts.length,
    audienceHash: meant.hash,
    clauses: [{ label: '', ask: 'acknowledge' }],
    due: null,
    grade: 0,
    urgency: 0,
  })
  const rest = { post, id, body: body.sections, commitment: commitment(body.commitment), wraps }
  return { envelope: await acts.actAs('directive', fields, rest), id: toBase64url(id) }
}

async function two(): Promise<{ world: World; ds: SmarakClient; uno: SmarakClient }> {
  const world = await settledWorld()
  const [ds, uno] = [await official(world, 'secretary'), await official(world, 'first')]
  // A true letter first: it brings the giver all the posts he seals to.
  await ds.issue(letter(world), nothing)
  await uno.sync()
  return { world, ds, uno }
}

test('hazard 1: a text other than the one its author committed to is not shown', async () => {
  const { ds, uno } = await two()
  const { envelope, id } = await sealed(ds, { commitment: ({ counts }) => ({ counts, root: randomBytes(32) }) })
  await ds.device.transport.place(envelope)
  await uno.sync()
  assert.equal(uno.device.mirror.problem(id), 'bad_commitment')
  assert.equal(uno.rows.length, 1)
  const good = await sealed(ds)
  await ds.device.transport.place(good.envelope)
  await uno.sync()
  assert.equal(uno.rows.length, 2, 'the same letter with its true commitment is')
})

test('hazard 10: a second item under the same key is not shown', async () => {
  const { ds, uno } = await two()
  const key = newItemKey()
  const [first, second] = [await sealed(ds, { key }), await sealed(ds, { key })]
  await ds.device.transport.place(first.envelope, second.envelope)
  await uno.sync()
  assert.equal(uno.device.mirror.problem(second.id), 'key_reused')
  assert.deepEqual(uno.rows.map(({ id }) => id).includes(second.id), false)
  assert.equal(uno.rows.length, 2)
})

/** A ring of `party` written by `author` for these members. */
async function ringBy(
  author: SmarakClient,
  party: string,
  generation: number,
  members: { id: string; generation: number; publicKey: Bytes }[],
): Promise<Bytes> {
  const seed = newSeed()
  const targets = members.map((one) => ({ ...one, ring: fromBase64url(one.id) }))
  const grants = await Promise.all(targets.map((target) => makeGrant(seed, fromBase64url(party), generation, target)))
  const fields = new Map()
    .set(1, fromBase64url(party))
    .set(2, generation)
    .set(
      3,
      targets.map((target) => [target.ring, target.generation]),
    )
  const { publicKey } = await ringKey(seed)
  const body = ringBody(publicKey, new Uint8Array(0), grants)
  return writeEnvelope(await author.device.acts.actAs('ring', fields, { body }))
}

function personMember(world: World, client: SmarakClient) {
  const id = client.me.person.id
  const { generation, publicKey } = client.device.proven.directory.ring(id)!
  void world
  return { id, generation, publicKey: publicKey! }
}

test('hazard 2: a ring by a device that is not entitled is not believed, though the log holds it', async () => {
  const { world, ds, uno } = await two()
  const party = world.id('post', 'uno1')
  const before = uno.device.proven.directory.ring(party)
  await world.log.force(await ringBy(ds, party, 2, [personMember(world, ds)]))
  await assert.rejects(ds.device.proven.refresh([party]), (error: { code?: string }) =>
    /^(not_allowed|wrong_members)$/.test(error.code ?? ''),
  )
  await assert.rejects(uno.device.proven.refresh([party]))
  assert.deepEqual(uno.device.proven.directory.ring(party), before)
})

test('hazard 2: a ring signed by a device closed before that place is not believed', async () => {
  const { world, ds, uno } = await two()
  const person = uno.me.person.id
  const party = world.id('post', 'uno1')
  const forged = await ringBy(uno, party, 2, [personMember(world, uno)])
  await uno.device.transport.place(
    await uno.device.acts.actAs(
      'device-revoke',
      new Map().set(1, fromBase64url(person)).set(2, fromBase64url(uno.device.keys.id)),
    ),
  )
  await world.log.force(forged)
  await assert.rejects(ds.device.proven.refresh([party]), { code: 'revoked_device' })
})

test('hazard 6: a predecessor cannot make the next generation', async () => {
  const { world, ds, uno } = await two()
  const party = world.id('post', 'uno1')
  const forged = await ringBy(uno, party, 2, [personMember(world, uno)])
  await endCharge(world, party)
  await world.log.force(forged)
  await assert.rejects(ds.device.proven.refresh([party]), { code: 'not_allowed' })
})

test('hazard 5: nothing is sealed to a ring whose member is gone', async () => {
  const { world, ds, uno } = await two()
  const party = world.id('post', 'uno1')
  assert.deepEqual(
    ds.device.proven.directory.cover(party).map(({ id }) => id),
    [party],
  )
  await endCharge(world, party)
  const { id } = await ds.issue(letter(world), nothing)
  const placed = world.log.rows.find(({ item }) => toBase64url(item.header.id) === id)!
  const rings = placed.item.wraps.map((wrap) => toBase64url(wrap.ring))
  assert.ok(!rings.includes(party))
  assert.ok(!rings.includes(uno.me.person.id))
  assert.ok(rings.length > 0)
})

test('hazard 7: a grant for another ring or generation opens nothing here', async () => {
  const { world, uno } = await two()
  const { rings, proven } = uno.device
  const party = world.id('post', 'uno1')
  const [own] = await rings.generations(party)
  // The same sealed seed offered once more, as the grant of a ring of another post and of a next generation.
  for (const [as, generation] of [
    [world.id('post', 'uno2'), 1],
    [party, 2],
  ] as const) {
    const grant = own!.grants[0]!
    const fields = new Map()
      .set(1, fromBase64url(as))
      .set(2, generation)
      .set(3, [[grant.member, grant.memberGeneration]])
    const body = ringBody(own!.publicKey, new Uint8Array(0), [grant])
    await world.log.force(writeEnvelope(await uno.device.acts.actAs('ring', fields, { body })))
    if (as === party) await proven.refresh([party])
  }
  assert.equal(proven.directory.ring(party)?.generation, 2)
  assert.equal(await rings.seedOf(party, 2), null)
  assert.equal(await rings.dispute(party), 'grant')
  // A disputed generation is followed by a good one, from which the last good seed is read.
  await uno.sync()
  assert.equal(proven.directory.ring(party)?.generation, 3)
  assert.equal(await rings.dispute(party), null)
  assert.notEqual(await rings.seedOf(party, 1), null)
})

/** Both hands end the charge of whoever holds the post. */
async function endCharge(world: World, post: string): Promise<void> {
  const [holding] = world.log.state.directory.post(post)!.holders
  await world.end(holding!.appointment, post)
}
