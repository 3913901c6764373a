import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processLock } from './lock.ts'
import { MemoryStore } from './memory-store.ts'
import { monthOf, Usage } from './usage.ts'

const november = Date.parse('2026-11-30T12:00:00Z')

test('a month begins at midnight in Dhaka', () => {
  assert.equal(monthOf(Date.parse('2026-11-30T17:59:59Z')), '2026-11')
  assert.equal(monthOf(Date.parse('2026-11-30T18:00:00Z')), '2026-12')
})

test('what two tabs use is added up once, and kept over a start', async () => {
  const [store, lock] = [new MemoryStore(), processLock()]
  const tab = () => {
    const used = { sent: 0, received: 0 }
    return { used, usage: new Usage({ wire: { used }, store, lock, now: () => november }) }
  }
  const [one, two] = [tab(), tab()]
  Object.assign(one.used, { sent: 10, received: 100 })
  Object.assign(two.used, { sent: 1, received: 1 })
  two.usage.add(50)
  await Promise.all([one.usage.months(), two.usage.months(), one.usage.months()])
  one.used.sent = 15
  assert.deepEqual(await one.usage.months(), [{ month: '2026-11', sent: 16, received: 151 }])
  assert.deepEqual(await tab().usage.months(), [{ month: '2026-11', sent: 16, received: 151 }])
})

test('a new month begins at nothing, and a year of them is kept', async () => {
  const store = new MemoryStore()
  const used = { sent: 0, received: 0 }
  let at = november
  const usage = new Usage({ wire: { used }, store, lock: processLock(), now: () => at })
  for (let i = 0; i < 15; i++) {
    used.received += 7
    await usage.months()
    at += 31 * 86_400_000
  }
  const months = await usage.months()
  assert.equal(months.length, 12)
  assert.deepEqual(months[0], { month: monthOf(at), sent: 0, received: 0 })
  assert.ok(months.slice(1).every(({ received }) => received === 7))
})
