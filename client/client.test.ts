import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../core/refusal.ts'
import { MemoryStore } from './memory-store.ts'
import { doorTo, letter, official, settledWorld } from './testing/officials.ts'

const nothing = () => {}

test('a letter goes out sealed, is acknowledged and answered, and the giver reads the answer', async () => {
  const world = await settledWorld()
  const [ds, uno] = [await official(world, 'secretary'), await official(world, 'first')]
  const issued = await ds.issue(letter(world), nothing)
  assert.equal(issued.addressees, 3)

  await uno.sync()
  const [row] = uno.rows
  assert.equal(row?.subject, 'নির্দেশনা প্রতিপালন')
  assert.equal(row?.role, 'addressed')
  assert.equal(row?.issuer.office.en, 'Ministry of Public Administration')
  assert.deepEqual(
    row?.owed.map(({ label }) => label),
    ['', 'ক'],
  )
  const detail = await uno.open(issued.id, row!.post)
  assert.equal(detail.parts?.at(-1)?.value, 'যত্নবান হতে হবে')

  await uno.shown(issued.id, row!.post)
  await uno.sync()
  assert.equal(uno.rows[0]?.progress, 'opened')
  await uno.acknowledge(issued.id, row!.post)
  await uno.answer({
    directive: issued.id,
    post: row!.post,
    clauses: ['ক'],
    state: 'done',
    until: null,
    note: 'গোপন কথা',
  })
  assert.equal(uno.rows[0]?.progress, 'queued')
  assert.deepEqual(uno.rows[0]?.owed, [], 'what is on its way is not asked again')
  await uno.sync()
  assert.deepEqual([uno.rows[0]?.progress, uno.rows[0]?.said], ['answered', 'done'])
  assert.deepEqual(uno.outbox, [])

  const [answer] = await ds.thread(issued.id, row!.post)
  assert.equal(answer?.note, 'গোপন কথা')
  assert.equal(answer?.person.en, 'First')
  assert.equal((await ds.proof(issued.id)).index, issued.index)

  const flood = { state: 'impossible' as const, until: null, note: 'বন্যা' }
  await uno.answer({ directive: issued.id, post: row!.post, clauses: ['ক'], ...flood })
  await uno.sync()
  assert.equal(uno.rows[0]?.said, 'impossible', 'no list calls that compliance')
})

test('who was not there at the time reads the letter once he has joined: his supervisor wraps again', async () => {
  const world = await settledWorld()
  const [ds, dc] = [await official(world, 'secretary'), await official(world, 'commissioner')]
  const { id } = await ds.issue(letter(world), nothing)
  await dc.sync()
  assert.equal(dc.rows[0]?.role, 'supervising')
  const uno = await official(world, 'second')
  assert.equal(uno.rows[0]?.unreadable, 'waiting-for-key')
  world.log.now += 3_600_000
  await dc.sync()
  await uno.sync()
  assert.equal(uno.rows[0]?.subject, 'নির্দেশনা প্রতিপালন')
  assert.equal((await uno.open(id, world.id('post', 'uno2'))).parts?.length, 5)
})

test('what fell to a post two steps up is wrapped again from there', async () => {
  const world = await settledWorld()
  const keeper = await official(world, 'keeper', { replacing: true })
  const ds = await official(world, 'secretary')
  await ds.issue(letter(world), nothing)
  await keeper.sync()
  assert.equal(keeper.rows[0]?.role, 'fallback')
  assert.equal(keeper.rows[0]?.subject, 'নির্দেশনা প্রতিপালন')
  const uno = await official(world, 'second')
  assert.equal(uno.rows[0]?.unreadable, 'waiting-for-key')
  world.log.now += 3_600_000
  await keeper.sync()
  await uno.sync()
  assert.equal(uno.rows[0]?.subject, 'নির্দেশনা প্রতিপালন')
})

test('a supervisor who comes late reads the letter and the answers given before', async () => {
  const world = await settledWorld()
  const keeper = await official(world, 'keeper', { replacing: true })
  const [ds, uno] = [await official(world, 'secretary'), await official(world, 'first')]
  const { id } = await ds.issue(letter(world), nothing)
  await uno.sync()
  const post = world.id('post', 'uno1')
  await uno.answer({ directive: id, post, clauses: ['ক'], state: 'done', until: null, note: 'আগের উত্তর' })
  await uno.sync()
  const dc = await official(world, 'commissioner')
  assert.equal((await dc.thread(id, post))[0]?.unreadable, 'waiting-for-key', 'and is told so until then')
  world.log.now += 3_600_000
  for (const client of [keeper, uno, dc]) await client.sync()
  assert.equal(dc.rows[0]?.subject, 'নির্দেশনা প্রতিপালন')
  assert.equal(dc.rows[0]?.role, 'supervising')
  const [answer] = await dc.thread(id, post)
  assert.deepEqual([answer?.note, answer?.unreadable], ['আগের উত্তর', undefined])
})

test('a cancelled letter says why to everybody who has it', async () => {
  const world = await settledWorld()
  const [ds, uno] = [await official(world, 'secretary'), await official(world, 'first')]
  const { id } = await ds.issue(letter(world), nothing)
  await ds.cancel(id, 'ভুল তারিখ')
  await ds.sync()
  await uno.sync()
  assert.equal(uno.rows[0]?.cancelled?.reason, 'ভুল তারিখ')
  assert.equal(ds.rows[0]?.cancelled?.reason, 'ভুল তারিখ')
  assert.deepEqual(uno.rows[0]?.owed, [])
})

test('a letter issued in the stead of another supersedes it', async () => {
  const world = await settledWorld()
  const [ds, uno] = [await official(world, 'secretary'), await official(world, 'first')]
  const first = await ds.issue(letter(world), nothing)
  const second = await ds.issue(letter(world, { supersedes: first.id }), nothing)
  await ds.sync()
  await uno.sync()
  assert.equal(uno.rows.find((row) => row.id === first.id)?.supersededBy, second.id)
})

test('a server that answers and cannot be believed is said, and not only an old time shown', async () => {
  const world = await settledWorld()
  const wire = world.log.wire()
  let lying = false
  const ask: typeof wire.ask = async (asked) => {
    const reply = await wire.ask(asked)
    return lying && asked.path === '/api/sync' ? { ...reply, body: reply.body.map((byte) => byte ^ 1) } : reply
  }
  const uno = await official(world, 'first', { wire: { ...wire, ask } })
  await uno.sync()
  assert.equal(uno.connection.stuck, undefined)
  lying = true
  await assert.rejects(uno.sync())
  assert.equal(uno.connection.stuck, undefined, 'once may be chance')
  await assert.rejects(uno.sync())
  assert.equal(uno.connection.stuck, true)
  lying = false
  await uno.sync()
  assert.equal(uno.connection.stuck, undefined)
})

test('a device has settled when what an opened letter fetched behind it is kept', async () => {
  const world = await settledWorld()
  const ds = await official(world, 'secretary')
  const wire = world.log.wire()
  let answered = Promise.resolve()
  const ask: typeof wire.ask = async (asked) => {
    if (asked.path.startsWith('/api/threads/')) await answered
    return wire.ask(asked)
  }
  const uno = await official(world, 'first', { wire: { ...wire, ask } })
  const { id } = await ds.issue(letter(world), nothing)
  const post = world.id('post', 'uno1')
  await uno.sync()
  await uno.acknowledge(id, post)
  await uno.sync()

  const way = Promise.withResolvers<void>()
  answered = way.promise
  await uno.open(id, post)
  let settled = false
  const settling = uno.settled().then(() => {
    settled = true
  })
  await new Promise(setImmediate)
  assert.equal(settled, false, 'the thread is still on its way')
  way.resolve()
  await settling
})

test('what was opened shows again after a restart without a connection', async () => {
  const world = await settledWorld()
  const ds = await official(world, 'secretary')
  const store = new MemoryStore()
  await official(world, 'first', { store })
  const { id } = await ds.issue(letter(world), nothing)
  const online = (await doorTo(world, store).saved())!
  await online.sync()
  await online.open(id, world.id('post', 'uno1'))
  const dead = { ...world.log.wire(), ask: async () => Promise.reject(new Refusal('offline', 'no network')) }
  const offline = (await doorTo(world, store, dead).saved())!
  assert.equal(offline.rows[0]?.subject, 'নির্দেশনা প্রতিপালন')
  assert.equal((await offline.open(id, world.id('post', 'uno1'))).parts?.length, 5)
})

test('a second device reads everything once it is granted, and nothing new after it is closed', async () => {
  const world = await settledWorld()
  const [ds, uno] = [await official(world, 'secretary'), await official(world, 'first')]
  const { id } = await ds.issue(letter(world), nothing)
  await uno.sync()
  const code = await uno.recoveryCode()
  const store = new MemoryStore()
  const second = (await doorTo(world, store).join(code)) as typeof uno
  assert.equal((await second.open(id, world.id('post', 'uno1'))).parts?.length, 5)
  assert.equal((await second.devices()).length, 3)

  await uno.revoke(second.device.keys.id)
  await assert.rejects(second.sync(), { code: 'revoked_device' })
  const again = await ds.issue(letter(world), nothing)
  await uno.sync()
  assert.ok(uno.rows.some((row) => row.id === again.id && row.subject !== ''))
  assert.equal(uno.device.proven.directory.isStale(world.id('post', 'uno1')), false)
})

test('a lost only device: a ticket of two hands closes it, and the supervisor wraps again', async () => {
  const world = await settledWorld()
  const [ds, dc] = [await official(world, 'secretary'), await official(world, 'commissioner')]
  const lost = await official(world, 'first')
  const { id } = await ds.issue(letter(world), nothing)
  await lost.sync()
  const fresh = await official(world, 'first', { replacing: true })
  await assert.rejects(lost.sync(), { code: 'revoked_device' })
  world.log.now += 3_600_000
  await fresh.sync()
  await dc.sync()
  await fresh.sync()
  assert.equal((await fresh.open(id, world.id('post', 'uno1'))).parts?.length, 5)
})

test('with a PIN nothing is shown until it is given', async () => {
  const world = await settledWorld()
  const [ds, uno] = [await official(world, 'secretary'), await official(world, 'first')]
  await ds.issue(letter(world), nothing)
  await uno.sync()
  await uno.setPin('4321')
  uno.lock()
  assert.deepEqual(uno.rows, [])
  await ds.issue(letter(world, { grade: 2 }), nothing)
  await uno.sync()
  assert.deepEqual(uno.rows, [])
  assert.deepEqual(
    uno.arrivals.map((arrival) => [Object.keys(arrival).join(), arrival.grade]),
    [
      ['id,grade,urgency,office', 2],
      ['id,grade,urgency,office', 0],
    ],
    'that something came is no secret of this device',
  )
  assert.equal(await uno.unlock('1234'), false)
  assert.equal(await uno.unlock('4321'), true)
  assert.deepEqual(
    uno.rows.map(({ subject }) => subject),
    ['নির্দেশনা প্রতিপালন', 'নির্দেশনা প্রতিপালন'],
  )
})
