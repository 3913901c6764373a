import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addDays,
  banglaDate,
  daysBetween,
  formatBanglaDate,
  formatDate,
  formatMonth,
  gregorianDate,
  isIsoDate,
  weekday,
  weekdayName,
} from './calendar.ts'

const anyDate = fc.integer({ min: 0, max: 100_000 }).map((days) => addDays('1900-01-01', days))

test('the published dates of the Bangladesh calendar come out right', () => {
  const published = [
    ['2024-10-22', '৬ কার্তিক ১৪৩১'],
    ['2024-02-21', '৮ ফাল্গুন ১৪৩০'],
    ['2024-12-16', '১ পৌষ ১৪৩১'],
    ['2024-03-26', '১২ চৈত্র ১৪৩০'],
    ['2025-04-14', '১ বৈশাখ ১৪৩২'],
    ['2019-10-16', '৩১ আশ্বিন ১৪২৬'],
  ] as const
  for (const [iso, bangla] of published) assert.equal(formatBanglaDate(banglaDate(iso)), bangla, iso)
})

test('a letter older than the revision follows the rule of 1987', () => {
  assert.equal(formatBanglaDate(banglaDate('2018-02-21')), '৯ ফাল্গুন ১৪২৪')
  assert.equal(formatBanglaDate(banglaDate('2018-10-16')), '১ কার্তিক ১৪২৫')
  assert.equal(formatBanglaDate(banglaDate('2016-03-14')), '৩১ ফাল্গুন ১৪২২')
  assert.equal(formatBanglaDate(banglaDate('2016-03-15')), '১ চৈত্র ১৪২২')
})

test('the new year is always 14 April', () => {
  for (let year = 1950; year < 2100; year++) {
    assert.deepEqual(banglaDate(`${year}-04-14`), { year: year - 593, month: 1, day: 1 })
    assert.deepEqual(banglaDate(`${year}-04-13`), { year: year - 594, month: 12, day: 30 })
  }
})

test('every date goes to Bangla and back', () => {
  fc.assert(fc.property(anyDate, (iso) => assert.equal(gregorianDate(banglaDate(iso)), iso)))
})

test('the next day is the next Bangla day or the first of the next month', () => {
  fc.assert(
    fc.property(anyDate, (iso) => {
      const today = banglaDate(iso)
      const tomorrow = banglaDate(addDays(iso, 1))
      const follows =
        tomorrow.day === today.day + 1 || (tomorrow.day === 1 && tomorrow.month === (today.month % 12) + 1)
      assert.ok(follows, iso)
    }),
  )
})

test('a day that does not exist is no date', () => {
  assert.equal(gregorianDate({ year: 1431, month: 7, day: 31 }), null)
  assert.equal(gregorianDate({ year: 1431, month: 13, day: 1 }), null)
  assert.equal(gregorianDate({ year: 1430, month: 11, day: 30 }), '2024-03-14')
  assert.equal(gregorianDate({ year: 1431, month: 11, day: 30 }), null)
  for (const wrong of ['2023-02-29', '2024-13-01', '24-10-22', '', '2024-10-22T00:00']) assert.ok(!isIsoDate(wrong))
  assert.throws(() => banglaDate('2023-02-29'), RangeError)
})

test('dates are written in both languages', () => {
  assert.equal(formatDate('bn', '2024-10-22'), '২২ অক্টোবর ২০২৪')
  assert.equal(formatDate('bn', '2024-10-22', false), '২২ অক্টোবর')
  assert.equal(formatDate('en', '2024-10-22'), '22 October 2024')
  assert.equal(formatBanglaDate(banglaDate('2024-10-22'), 'en'), '6 Kartik 1431')
  assert.equal(weekdayName('bn', '2024-10-22'), 'মঙ্গলবার')
  assert.equal(weekday('1969-12-28'), 0)
  assert.equal(daysBetween('2024-02-28', '2024-03-01'), 2)
})

test('a month is named with its year', () => {
  assert.equal(formatMonth('bn', '2026-11'), 'নভেম্বর ২০২৬')
  assert.equal(formatMonth('en', '2026-01'), 'January 2026')
  assert.equal(formatMonth('bn', '2026-13'), '2026-13')
})
