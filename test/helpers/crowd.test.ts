import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { cpuClock, crowd, fairClock } from './crowd.ts'

test('waiting uses no processor time, working does', async () => {
  const waited = cpuClock()
  await pause(300)
  assert.ok(waited() < 150, `${waited()} ms`)
  const worked = cpuClock()
  while (worked() < 50) Math.sqrt(worked())
  assert.ok(worked() >= 50)
})

test('a fair clock never runs faster than the one on the wall, and still runs', async () => {
  assert.ok(crowd() >= 1)
  const start = performance.now()
  const passed = fairClock()
  await pause(200)
  const ms = passed()
  assert.ok(ms > 0 && ms <= performance.now() - start, `${ms} ms`)
})
