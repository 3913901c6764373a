import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Soon } from './soon.ts'

let now: number
let waiting: { at: number; work: () => void }[]
let ran: number[]
let soon: Soon

beforeEach(() => {
  now = 1_000_000
  waiting = []
  ran = []
  soon = new Soon({
    now: () => now,
    run: () => ran.push(now - 1_000_000),
    later(milliseconds, work) {
      const one = { at: now + milliseconds, work }
      waiting.push(one)
      return () => {
        waiting = waiting.filter((other) => other !== one)
      }
    },
  })
})

function pass(milliseconds: number): void {
  const end = now + milliseconds
  for (;;) {
    const next = waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
    if (!next) break
    waiting = waiting.filter((one) => one !== next)
    now = next.at
    next.work()
  }
  now = end
}

test('what is asked for later still comes when something sooner is asked for, before or after it', () => {
  soon.in(300)
  soon.in(5_000)
  soon.in(100)
  pass(10_000)
  assert.deepEqual(ran, [120, 320, 5_020])
})

test('the same moment asked for again and again comes once', () => {
  soon.in(5_000)
  for (let i = 0; i < 10; i++) {
    pass(100)
    soon.in(5_000 - now + 1_000_000)
  }
  pass(10_000)
  assert.deepEqual(ran, [5_020])
})

test('what can wait a little goes with what comes anyway', () => {
  soon.in(400)
  soon.in(100, 500)
  pass(1_000)
  assert.deepEqual(ran, [420])
})

test('a clock set back or forward keeps nothing from coming', () => {
  soon.in(1_000)
  now -= 3_600_000
  soon.in(1_000)
  pass(3_700_000)
  assert.equal(ran.length, 2)
})

test('stopped, nothing comes, and it can be asked anew', () => {
  soon.in(100)
  soon.stop()
  pass(1_000)
  assert.deepEqual(ran, [])
  soon.in(100)
  pass(1_000)
  assert.equal(ran.length, 1)
})
