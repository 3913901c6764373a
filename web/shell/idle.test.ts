import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idleFor, lockWhenIdle } from './idle.ts'

function watched() {
  const page = new EventTarget()
  const clock = { now: 0 }
  let locks = 0
  const stop = lockWhenIdle(
    () => {
      locks++
    },
    page,
    () => clock.now,
  )
  return { page, clock, stop, locks: () => locks }
}

test('a page left for five minutes is locked before the first touch does anything', () => {
  const { page, clock, stop, locks } = watched()
  clock.now = idleFor
  page.dispatchEvent(new Event('pointerdown'))
  assert.equal(locks(), 1)
  stop()
})

test('a page in use is never locked', () => {
  const { page, clock, stop, locks } = watched()
  for (let i = 0; i < 20; i++) {
    clock.now += idleFor - 1
    page.dispatchEvent(new Event('keydown'))
  }
  assert.equal(locks(), 0)
  stop()
})
