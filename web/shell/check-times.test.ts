import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromDhaka } from '../../language/time.ts'
import { PLAIN_CALENDAR, workingCalendar } from '../../language/working-time.ts'
import { nextCheck } from './check-times.ts'

test('the next check is the next of the usual times, Fridays and Saturdays left out', () => {
  const thursday = '2026-11-19'
  const usual = { calendar: PLAIN_CALENDAR, checks: null }
  assert.equal(nextCheck(fromDhaka(thursday, 8), usual), fromDhaka(thursday, 9, 30))
  assert.equal(nextCheck(fromDhaka(thursday, 12, 30), usual), fromDhaka(thursday, 16))
  assert.equal(nextCheck(fromDhaka(thursday, 17), usual), fromDhaka('2026-11-22', 9, 30))
})

test('an office’s own times and holidays are kept to', () => {
  const at = fromDhaka('2026-12-15', 16)
  const calendar = workingCalendar({ holidays: [{ date: '2026-12-16', bn: 'বিজয় দিবস', en: 'Victory Day' }] })
  assert.equal(nextCheck(at, { calendar, checks: [15 * 60, 11 * 60] }), fromDhaka('2026-12-17', 11))
  assert.equal(nextCheck(at, { calendar, checks: [] }), null)
})
