import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { giveBackWhenIdle } from './give-back.ts'

test('memory is given back once after each busy time, and not during one', async () => {
  let times = 0
  const collect = (() => {
    times += 1
  }) as unknown as NonNullable<typeof globalThis.gc>
  const end = giveBackWhenIdle(collect, 60)
  const busy = async (ms: number) => {
    for (const until = performance.now() + ms; performance.now() < until; await pause(1))
      for (const spin = performance.now() + 20; performance.now() < spin; );
  }
  const settled = async (wanted: number) => {
    for (let tries = 0; times < wanted && tries < 50; tries++) await pause(60)
    await pause(300)
    return times
  }
  await busy(300)
  assert.equal(times, 0)
  assert.equal(await settled(1), 1)
  await busy(300)
  assert.equal(times, 1)
  assert.equal(await settled(2), 2)
  end()
  await busy(100)
  await pause(300)
  assert.equal(times, 2)
})

test('a Node without a way to collect is left alone', () => {
  giveBackWhenIdle(undefined)()
})
