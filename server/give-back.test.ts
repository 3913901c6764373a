import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { giveBackWhenIdle } from './give-back.ts'

test('memory is given back once after each busy time, and not during one', async () => {
  let times = 0
  const collect = (() => {
    times += 1
  }) as unknown as NonNullable<typeof globalThis.gc>
  // Long enough that what else this process does now and then is no busy time.
  const every = 200
  const end = giveBackWhenIdle(collect, every)
  const busy = async (ms: number) => {
    for (const until = performance.now() + ms; performance.now() < until; await pause(1))
      for (const spin = performance.now() + 20; performance.now() < spin; );
  }
  const settled = async (wanted: number) => {
    for (let tries = 0; times < wanted && tries < 50; tries++) await pause(every)
    await pause(4 * every)
    return times
  }
  await busy(2 * every)
  assert.equal(times, 0)
  assert.equal(await settled(1), 1)
  await busy(2 * every)
  assert.equal(times, 1)
  assert.equal(await settled(2), 2)
  end()
  await busy(every)
  await pause(4 * every)
  assert.equal(times, 2)
})

test('a Node without a way to collect is left alone', () => {
  giveBackWhenIdle(undefined)()
})
