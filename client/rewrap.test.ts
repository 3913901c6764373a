import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Import } from '../features/directory/country/import-shape.ts'
import { MemoryStore } from './memory-store.ts'
import { doorTo, letter, official, settledWorld } from './testing/officials.ts'
import { PLAN, World } from './testing/world.ts'

const nothing = () => {}

test('whoever joins where nobody else is at work reads the letter: its issuer wraps again', async () => {
  const world = await settledWorld()
  const ds = await official(world, 'secretary')
  await official(world, 'commissioner') // joined once, so that the letter is sealed to him; his device stays silent
  const { id } = await ds.issue(letter(world), nothing)
  const uno = await official(world, 'second')
  assert.equal(uno.rows[0]?.unreadable, 'waiting-for-key')

  world.log.now += 3_600_000
  await ds.sync()
  await uno.sync()
  assert.equal(uno.rows[0]?.subject, 'নির্দেশনা প্রতিপালন')
  assert.equal((await uno.open(id, world.id('post', 'uno2'))).parts?.length, 5)
})

test('an issuer wraps nothing where the supervisor did already', async () => {
  const world = await settledWorld()
  const [ds, dc] = [await official(world, 'secretary'), await official(world, 'commissioner')]
  await ds.issue(letter(world), nothing)
  const uno = await official(world, 'second')
  world.log.now += 3_600_000
  await dc.sync()
  await uno.sync()
  assert.equal(uno.rows[0]?.subject, 'নির্দেশনা প্রতিপালন')

  const before = wrapAdds(world)
  assert.ok(before > 0)
  await ds.sync()
  world.log.now += 3_600_000
  await ds.sync()
  assert.equal(wrapAdds(world), before)
})

test('an issuer who lost his only device reads his own letter and its answers again: whom it went to wraps them to him', async () => {
  const world = await settledWorld()
  const [lost, uno] = [await official(world, 'secretary'), await official(world, 'first')]
  const { id } = await lost.issue(letter(world), nothing)
  await uno.sync()
  const post = world.id('post', 'uno1')
  await uno.answer({ directive: id, post, clauses: ['ক'], state: 'done', until: null, note: 'বাঁধ দেখা হয়েছে' })
  await uno.sync()

  const fresh = await official(world, 'secretary', { replacing: true })
  await fresh.sync()
  assert.equal(fresh.rows.find((row) => row.id === id)?.unreadable, 'waiting-for-key')
  const before = wrapAdds(world)
  world.log.now += 3_600_000
  await uno.sync()
  await fresh.sync()
  assert.equal((await fresh.open(id, world.id('post', 'ds'))).parts?.length, 5)
  const [answer] = await fresh.thread(id, post)
  assert.equal(answer?.note, 'বাঁধ দেখা হয়েছে')
  world.log.now += 3_600_000
  await uno.sync()
  assert.equal(wrapAdds(world), before + 2, 'once: the letter and the answer')
})

test('what cannot be read yet is neither acknowledged nor answered, and says whose device brings the key', async () => {
  const world = await settledWorld()
  const [ds, dc] = [await official(world, 'secretary'), await official(world, 'commissioner')]
  const { id } = await ds.issue(letter(world), nothing)
  const uno = await official(world, 'second')
  const post = world.id('post', 'uno2')
  assert.deepEqual(
    uno.rows[0]?.keyFrom?.map((from) => from.id),
    [world.id('post', 'dc'), world.id('post', 'ds')],
  )
  await assert.rejects(uno.acknowledge(id, post), { code: 'cannot_open' })
  const answer = { directive: id, post, clauses: ['ক'], state: 'done' as const, until: null, note: '' }
  await assert.rejects(uno.answer(answer), { code: 'cannot_open' })
  assert.deepEqual(uno.outbox, [])

  world.log.now += 3_600_000
  await dc.sync()
  await uno.sync()
  assert.equal(uno.rows[0]?.keyFrom, undefined)
  await uno.acknowledge(id, post)
  await uno.sync()
  assert.equal(uno.rows[0]?.progress, 'acknowledged')
})

test('a key that comes after the app was closed and opened again is found by the letter that waits for it', async () => {
  const world = await settledWorld()
  const [ds, dc] = [await official(world, 'secretary'), await official(world, 'commissioner')]
  await ds.issue(letter(world), nothing)
  const store = new MemoryStore()
  await official(world, 'second', { store })
  world.log.now += 3_600_000
  await dc.sync()

  const again = await doorTo(world, store).saved()
  assert.equal(again?.rows[0]?.unreadable, 'waiting-for-key')
  await again?.sync()
  assert.equal(again?.rows[0]?.subject, 'নির্দেশনা প্রতিপালন')
})

const ways: [string, Import][] = [
  ['above', PLAN],
  [
    'in the record room, which is above nobody',
    {
      ...PLAN,
      posts: PLAN.posts.map(({ supervisor, ...post }) => (supervisor === 'dc' ? { ...post, supervisor } : post)),
    },
  ],
]
for (const [where, plan] of ways)
  test(`what somebody new ${where} has wrapped again is taken, though the posts were known before he came`, async () => {
    const world = await World.open(plan)
    const keeper = await official(world, 'keeper')
    const ds = await official(world, 'secretary')
    await ds.issue(letter(world), nothing)
    await keeper.sync()
    const uno = await official(world, 'second')
    const [dc, room] = [world.id('post', 'dc'), world.id('post', 'room')]
    await uno.device.proven.need([dc, room])

    const [holding] = world.log.state.directory.post(room)!.holders
    await world.appoint('spare', 'room')
    const spare = await official(world, 'spare')
    await world.end(holding!.appointment, room)
    keeper.device.sync.expectDirectory()
    await keeper.sync()
    for (let i = 0; i < 3; i++) {
      world.log.now += 3_600_000
      await spare.sync()
    }
    assert.ok(wrapAdds(world) > 0)
    await uno.sync()
    assert.equal(uno.rows[0]?.subject, 'নির্দেশনা প্রতিপালন')
  })

function wrapAdds(world: Awaited<ReturnType<typeof settledWorld>>): number {
  return world.log.rows.filter(({ item }) => item.header.kind === 'wrap-add').length
}
