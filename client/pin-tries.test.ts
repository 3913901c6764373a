import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { settled, waitAfter, waitsUntil } from './pin-tries.ts'

test('four slips are free; then each wrong PIN waits longer, up to an hour', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1000].map((wrong) => waitAfter(wrong) / 1000)
  assert.deepEqual(waits, [0, 0, 0, 0, 0, 30, 60, 300, 900, 3600, 3600, 3600])
})

test('trying every PIN of four digits takes more than a year', () => {
  let total = 0
  for (let wrong = 1; wrong < 10_000; wrong++) total += waitAfter(wrong)
  assert.ok(total > 365 * 86_400_000)
})

test('a clock that jumps back makes nobody wait longer than was meant', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(10 ** 13), fc.nat(10 ** 13), (wrong, last, now) => {
      const tries = settled({ wrong, last }, now)
      assert.ok((waitsUntil(tries, now) ?? now) - now <= waitAfter(wrong))
      assert.deepEqual(settled(tries, now), tries)
    }),
  )
})
