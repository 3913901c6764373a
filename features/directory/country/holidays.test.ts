import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromDhaka } from '../../../language/time.ts'
import { isWorkingTime } from '../../../language/working-time.ts'
import { nationalCalendar, nationalHolidays } from './holidays.ts'

test('the shipped holidays are right by form, and every year has its fixed days', () => {
  const dates = nationalHolidays().map(({ date }) => date)
  for (const year of [2026, 2027])
    for (const day of ['02-21', '03-26', '04-14', '05-01', '08-05', '12-16', '12-25'])
      assert.ok(dates.includes(`${year}-${day}`), `${year}-${day}`)
  assert.deepEqual(dates, dates.toSorted())
})

test('what hangs on the moon is marked as provisional, what does not is not', () => {
  for (const { en, date, provisional } of nationalHolidays()) {
    if (/Eid|Shab|Ashura|Jumatul/.test(en)) assert.ok(provisional, date)
    if (/Victory|Martyrs|Independence|New Year|Uprising|Christmas/.test(en)) assert.ok(!provisional, date)
  }
})

test('offices are closed on Victory Day and open the day after', () => {
  const calendar = nationalCalendar()
  assert.equal(isWorkingTime(calendar, fromDhaka('2026-12-16', 11)), false)
  assert.equal(isWorkingTime(calendar, fromDhaka('2026-12-17', 11)), true)
})
