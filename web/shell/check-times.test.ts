import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromDhaka } from '../../language/time.ts'
import { nextCheck } from './check-times.ts'

test('the next check is the next of the office’s times, Fridays and Saturdays left out', () => {
  const thursday = '2026-11-19'
  assert.equal(nextCheck(fromDhaka(thursday, 8)), fromDhaka(thursday, 9, 30))
  assert.equal(nextCheck(fromDhaka(thursday, 12, 30)), fromDhaka(thursday, 16))
  assert.equal(nextCheck(fromDhaka(thursday, 17)), fromDhaka('2026-11-22', 9, 30))
})

test('an office’s own times and holidays are kept to', () => {
  const at = fromDhaka('2026-12-15', 16)
  const holiday = (date: string) => date !== '2026-12-16'
  assert.equal(nextCheck(at, [15 * 60, 11 * 60], holiday), fromDhaka('2026-12-17', 11))
  assert.equal(nextCheck(at, []), null)
  assert.equal(
    nextCheck(at, [0], () => false),
    null,
  )
})
