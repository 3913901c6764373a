import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dayPart, dhakaTime, formatBrief, formatClock, formatDay, formatMoment, formatSpan, fromDhaka } from './time.ts'

const now = fromDhaka('2024-10-22', 17, 0)

test('the clock is that of Dhaka wherever the machine stands', () => {
  assert.deepEqual(dhakaTime(Date.parse('2024-10-21T18:30:00Z')), { date: '2024-10-22', hour: 0, minute: 30 })
  assert.equal(new Date(now).toISOString(), '2024-10-22T11:00:00.000Z')
})

test('each hour has its part of the day', () => {
  const parts = Array.from({ length: 24 }, (_, hour) => dayPart(hour))
  const runs = parts.filter((part, hour) => part !== parts[hour - 1])
  assert.deepEqual(runs, ['রাত', 'সকাল', 'দুপুর', 'বিকাল', 'সন্ধ্যা', 'রাত'])
  assert.equal(dayPart(12), 'দুপুর')
  assert.equal(dayPart(15), 'বিকাল')
})

test('a moment is said relative to now', () => {
  assert.equal(formatMoment('bn', now, now), 'আজ বিকাল ৫:০০')
  assert.equal(formatMoment('bn', fromDhaka('2024-10-21', 13, 20), now), 'গতকাল দুপুর ১:২০')
  assert.equal(formatMoment('bn', fromDhaka('2024-10-23', 0, 5), now), 'আগামীকাল রাত ১২:০৫')
  assert.equal(formatMoment('bn', fromDhaka('2024-11-01', 16, 12), now), '১ নভেম্বর, বিকাল ৪:১২')
  assert.equal(formatMoment('bn', fromDhaka('2023-10-22', 9), now), '২২ অক্টোবর ২০২৩, সকাল ৯:০০')
  assert.equal(formatMoment('en', now, now), 'today 5:00 pm')
})

test('a day is আজ, গতকাল or its date', () => {
  assert.equal(formatDay('bn', now, now), 'আজ')
  assert.equal(formatDay('bn', fromDhaka('2024-10-21', 23, 59), now), 'গতকাল')
  assert.equal(formatDay('bn', fromDhaka('2024-10-22'), fromDhaka('2024-12-01')), '২২ অক্টোবর')
  assert.equal(formatDay('en', fromDhaka('2023-12-31'), fromDhaka('2024-01-02')), '31 December 2023')
})

test('a list shows the clock today and the day otherwise', () => {
  assert.equal(formatBrief('bn', fromDhaka('2024-10-22', 12, 5), now), 'দুপুর ১২:০৫')
  assert.equal(formatBrief('bn', fromDhaka('2024-10-20', 12, 5), now), '২০ অক্টোবর')
  assert.equal(formatClock('en', fromDhaka('2024-10-22', 0, 0)), '12:00 am')
})

test('a span names its largest unit', () => {
  assert.equal(formatSpan('bn', 2 * 86_400_000 + 5), '২ দিন')
  assert.equal(formatSpan('bn', 2 * 3_600_000), '২ ঘণ্টা')
  assert.equal(formatSpan('en', 30_000), '1 minute')
})

test('the wall clock is that of the time zone, at any moment of a century', () => {
  const zone = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Dhaka',
    dateStyle: 'short',
    timeStyle: 'short',
  })
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2105, 0) }), (at) => {
      const { date, hour, minute } = dhakaTime(at)
      const two = (n: number) => String(n).padStart(2, '0')
      assert.equal(`${date} ${two(hour)}:${two(minute)}`, zone.format(at))
    }),
    { numRuns: 2000 },
  )
})
