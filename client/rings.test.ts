import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter, official, settledWorld } from './testing/officials.ts'

const nothing = () => {}
const HOUR = 3_600_000

test('a successor reads what the post was told, and his predecessor nothing new', async () => {
  const world = await settledWorld()
  const [ds, first] = [await official(world, 'secretary'), await official(world, 'first')]
  const old = await ds.issue(letter(world), nothing)
  await first.sync()
  const post = world.id('post', 'uno1')
  const [holding] = world.log.state.directory.post(post)!.holders

  await world.appoint('spare', 'uno1')
  const spare = await official(world, 'spare')
  await world.end(holding!.appointment, post)
  first.device.sync.expectDirectory()
  await first.sync()
  assert.deepEqual(first.rows, [], 'he holds no post')
  world.log.now += HOUR
  await spare.sync()
  await spare.sync()
  const ring = world.log.state.directory.ring(post)!
  assert.deepEqual(
    ring.members.map(({ id }) => id),
    [spare.me.person.id],
  )
  assert.equal((await spare.open(old.id, post)).parts?.length, 5)

  const fresh = await ds.issue(letter(world), nothing)
  await spare.sync()
  assert.ok(spare.rows.some((row) => row.id === fresh.id && row.subject !== ''))
  await first.device.proven.refresh([post])
  assert.equal(await first.device.rings.seedOf(post, ring.generation), null, 'the new generation is not his')
})

test('a second holder is granted the ring and reads what came before him', async () => {
  const world = await settledWorld()
  const [ds, first] = [await official(world, 'secretary'), await official(world, 'first')]
  const { id } = await ds.issue(letter(world), nothing)
  await world.appoint('spare', 'uno1')
  const spare = await official(world, 'spare')
  assert.equal(spare.rows[0]?.unreadable, 'waiting-for-key')
  first.device.sync.expectDirectory()
  await first.sync()
  spare.device.sync.expectDirectory()
  await spare.sync()
  const post = world.id('post', 'uno1')
  assert.equal(world.log.state.directory.ring(post)?.generation, 1)
  assert.equal((await spare.open(id, post)).parts?.length, 5)
})

test('after every rotation the newest seed opens all before it, and an old one none after it', async () => {
  const world = await settledWorld()
  const uno = await official(world, 'first')
  const post = world.id('post', 'uno1')
  for (let round = 0; round < 3; round++) {
    await uno.recoveryCode()
    await uno.revoke((await uno.devices()).find((device) => device.recovery)!.id)
  }
  const { rings, proven } = uno.device
  const newest = proven.directory.ring(post)!.generation
  assert.ok(newest > 1)
  for (let generation = 1; generation <= newest; generation++) {
    assert.notEqual(await rings.seedOf(post, generation), null)
  }
  assert.equal(await rings.seedOf(post, newest + 1), null)
})

test('what was wrapped to a person who has left the post is passed over by his new device', async () => {
  const world = await settledWorld()
  const [ds, dc] = [await official(world, 'secretary'), await official(world, 'commissioner')]
  await official(world, 'first')
  await ds.issue(letter(world), nothing)
  // A second holder whom the first has not granted: his supervisor wraps to his own ring.
  const post = world.id('post', 'uno1')
  await world.appoint('spare', 'uno1')
  const spare = await official(world, 'spare')
  const { id: person } = spare.me.person
  world.log.now += HOUR
  await dc.sync()
  await spare.sync()
  assert.equal(spare.rows[0]?.unreadable, undefined)
  const holding = world.log.state.directory.post(post)!.holders.find((held) => held.person === person)!
  await world.end(holding.appointment, post)
  const again = await official(world, 'spare', { replacing: true })
  await again.sync()
  assert.deepEqual(again.rows, [])
})

test('upkeep that owes nothing writes nothing', async () => {
  const world = await settledWorld()
  const uno = await official(world, 'first')
  await uno.sync()
  const size = world.log.size
  for (let i = 0; i < 3; i++) await uno.sync()
  assert.equal(world.log.size, size)
})
