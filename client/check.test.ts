import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../core/refusal.ts'
import { TABLES } from './store.ts'
import { letter, official, settledWorld } from './testing/officials.ts'
import type { Wire } from './wire.ts'

test('the connection check says what it found, and asks public addresses only', async () => {
  const world = await settledWorld()
  const asked: string[] = []
  const honest = world.log.wire()
  const wire: Wire = {
    ...honest,
    used: honest.used,
    async ask(ask) {
      asked.push(`${ask.method} ${ask.path}${ask.token ? ' signed in' : ''}`)
      if (ask.path.startsWith('/tile/')) return { status: 200, body: new Uint8Array(5000) }
      return { ...(await honest.ask(ask)), date: world.log.now - 2 * 3_600_000 }
    },
  }
  const uno = await official(world, 'first', { wire })
  asked.length = 0
  const found = await uno.check()
  assert.deepEqual([found.online, found.verified, found.problem], [true, 'good', null])
  assert.ok(Math.abs(found.clockOff! - 2 * 3_600_000) <= 1000)
  assert.ok(Math.abs(uno.connection.clockOff - 2 * 3_600_000) <= 1000, 'the strip says so as well')
  assert.ok(found.rate! > 0)
  const besides = asked.filter((ask) => !ask.startsWith('POST /api/sync') && !ask.startsWith('POST /api/directory'))
  assert.ok(besides.length >= 4)
  for (const ask of besides) assert.match(ask, /^GET \/(checkpoint$|tile\/entries\/|api\/(record-room|posts))/)
})

test('without a network the check ends, and says so', async () => {
  const world = await settledWorld()
  const honest = world.log.wire()
  let cut = false
  const wire: Wire = {
    ...honest,
    used: honest.used,
    ask: (ask) => (cut ? Promise.reject(new Refusal('offline', 'cut')) : honest.ask(ask)),
  }
  const uno = await official(world, 'first', { wire })
  cut = true
  const found = await uno.check()
  assert.deepEqual([found.online, found.roundTrip, found.verified, found.live], [false, null, null, false])
  assert.equal(found.lastSync, uno.connection.lastSync)
})

test('a device without room says so until something is kept again', async () => {
  const world = await settledWorld()
  const uno = await official(world, 'first')
  const { store } = uno.device
  const write = store.write.bind(store)
  store.write = () => Promise.reject(new Refusal('device_full', 'No room'))
  await assert.rejects(uno.sync(), { code: 'device_full' })
  assert.equal(uno.connection.full, true)
  store.write = write
  await uno.sync()
  assert.equal(uno.connection.full, undefined)
})

test('a forgotten device is nobody’s, and what was sent stands', async () => {
  const world = await settledWorld()
  const ds = await official(world, 'secretary')
  const honest = world.log.wire()
  let cut = false
  const wire: Wire = {
    ...honest,
    used: honest.used,
    ask: (ask) => (cut && ask.path === '/items' ? Promise.reject(new Refusal('offline', 'cut')) : honest.ask(ask)),
  }
  const uno = await official(world, 'first', { wire })
  const { id } = await ds.issue(letter(world), () => {})
  await uno.sync()
  await uno.setPin('2468')
  const post = world.id('post', 'uno1')
  await uno.acknowledge(id, post)
  cut = true
  await uno.sync()
  // Sealed and signed, and without an answer: it needs no key any more.
  uno.lock()
  cut = false
  await uno.forgetDevice()
  const receipts = world.log.rows.filter(({ item }) => item.header.kind === 'receipt')
  assert.equal(receipts.length, 1)
  const { store } = uno.device
  for (const table of TABLES) assert.deepEqual(await store.list(table), [], table)
})
