import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDoor } from './door.ts'
import { MemoryStore } from './memory-store.ts'
import { letter, official, settledWorld } from './testing/officials.ts'
import type { Wire } from './wire.ts'

const HOUR = 3_600_000

for (const [says, off, marked] of [
  ['a wrong clock refuses nothing: two hours are marked beside the answer', 2 * HOUR, true],
  ['and so when it is behind', -2 * HOUR, true],
  ['nine minutes are not', 9 * 60_000, false],
] as const)
  test(says, async () => {
    const world = await settledWorld()
    const ds = await official(world, 'secretary')
    const door = openDoor({
      store: new MemoryStore(),
      wire: world.log.wire(),
      label: 'test',
      now: () => world.log.now + off,
      sleep: async () => {},
      later: () => () => {},
      undoFor: 0,
    })
    const uno = await door.join(await world.code('first'))
    const { id } = await ds.issue(letter(world), () => {})
    await uno.sync()
    const post = world.id('post', 'uno1')
    await uno.answer({ directive: id, post, clauses: ['ক'], state: 'done', until: null, note: 'হয়েছে' })
    await uno.sync()
    assert.deepEqual(uno.outbox, [])
    assert.ok(Math.abs(uno.connection.clockOff - off) < 60_000, 'he himself sees it')
    const [answer] = await ds.thread(id, post)
    if (marked) assert.ok(Math.abs(answer!.clockOff! - off) < 60_000)
    else assert.equal(answer?.clockOff, undefined)
  })

test('who only reads is shown a wrong clock too, until it is right', async () => {
  const world = await settledWorld()
  const honest = world.log.wire()
  const wire: Wire = {
    ...honest,
    used: honest.used,
    ask: async (ask) => ({ ...(await honest.ask(ask)), date: world.log.now }),
  }
  let off = 3 * 24 * HOUR
  const door = openDoor({
    store: new MemoryStore(),
    wire,
    label: 'test',
    now: () => world.log.now + off,
    sleep: async () => {},
    later: () => () => {},
  })
  const uno = await door.join(await world.code('first'))
  await uno.sync()
  assert.ok(Math.abs(uno.connection.clockOff - off) < 60_000)
  off = 0
  await uno.sync()
  assert.ok(Math.abs(uno.connection.clockOff) < 60_000)
})
