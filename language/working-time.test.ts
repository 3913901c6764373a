import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { cpuClock } from '../test/helpers/crowd.ts'
import { addDays } from './calendar.ts'
import { dhakaTime, fromDhaka } from './time.ts'
import {
  addWorkingDays,
  addWorkingTime,
  type Hours,
  isWorkingDay,
  isWorkingTime,
  nextWorkingMoment,
  OFFICE_HOURS,
  PLAIN_CALENDAR,
  subtractWorkingTime,
  workingCalendar,
  workingDaysBefore,
  workingDaysBetween,
  workingTimeBetween,
} from './working-time.ts'

const HOUR = 3_600_000
const victory = workingCalendar({ holidays: [{ date: '2026-12-16', bn: 'বিজয় দিবস', en: 'Victory Day' }] })
const at = (date: string, hour: number, minute = 0) => fromDhaka(date, hour, minute)
const shown = (moment: number) => {
  const { date, hour, minute } = dhakaTime(moment)
  return `${date} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

describe('an office that works from nine to five, Sunday to Thursday', () => {
  test('works from the opening up to the close, and not on Fridays, Saturdays and holidays', () => {
    const cases: [number, boolean][] = [
      [at('2026-12-15', 8, 59), false],
      [at('2026-12-15', 9), true],
      [at('2026-12-15', 16, 59), true],
      [at('2026-12-15', 17), false],
      [at('2026-12-16', 11), false], // Victory Day, a Wednesday
      [at('2026-12-18', 11), false], // Friday
      [at('2026-12-19', 11), false],
      [at('2026-12-20', 11), true],
    ]
    for (const [moment, works] of cases) assert.equal(isWorkingTime(victory, moment), works, shown(moment))
    assert.equal(isWorkingDay(victory, '2026-12-16'), false)
    assert.equal(isWorkingDay(victory, '2026-12-17'), true)
  })

  test('opens next where it is closed now', () => {
    assert.equal(shown(nextWorkingMoment(victory, at('2026-12-15', 17))), '2026-12-17 09:00')
    assert.equal(shown(nextWorkingMoment(victory, at('2026-12-17', 20))), '2026-12-20 09:00')
    assert.equal(shown(nextWorkingMoment(victory, at('2026-12-17', 3))), '2026-12-17 09:00')
    assert.equal(shown(nextWorkingMoment(victory, at('2026-12-17', 12))), '2026-12-17 12:00')
  })

  test('three working days later is the close of the third day, holidays and the weekend passed over', () => {
    assert.equal(shown(addWorkingDays(victory, at('2026-12-15', 10), 3)), '2026-12-21 17:00')
    assert.equal(shown(addWorkingDays(PLAIN_CALENDAR, at('2026-12-15', 10), 3)), '2026-12-20 17:00')
    assert.equal(shown(addWorkingDays(victory, at('2026-12-18', 10), 1)), '2026-12-20 17:00')
  })

  test('today ends at its close, and once that has passed, at the next one', () => {
    assert.equal(shown(addWorkingDays(victory, at('2026-12-15', 16), 0)), '2026-12-15 17:00')
    assert.equal(shown(addWorkingDays(victory, at('2026-12-15', 17), 0)), '2026-12-17 17:00')
    assert.equal(shown(addWorkingDays(victory, at('2026-12-16', 10), 0)), '2026-12-17 17:00')
  })

  test('a working day before is the opening of that day', () => {
    assert.equal(shown(workingDaysBefore(victory, at('2026-12-17', 17), 1)), '2026-12-15 09:00')
    assert.equal(shown(workingDaysBefore(victory, at('2026-12-20', 17), 2)), '2026-12-15 09:00')
    assert.equal(shown(workingDaysBefore(victory, at('2026-12-18', 17), 1)), '2026-12-17 09:00') // due on a Friday
    assert.equal(shown(workingDaysBefore(victory, at('2026-12-18', 17), 2)), '2026-12-15 09:00')
  })

  test('nights, weekends and holidays are no working time', () => {
    assert.equal(workingTimeBetween(victory, at('2026-12-15', 16), at('2026-12-17', 10)), 2 * HOUR)
    assert.equal(workingTimeBetween(victory, at('2026-12-17', 10), at('2026-12-15', 16)), -2 * HOUR)
    assert.equal(shown(addWorkingTime(victory, at('2026-12-15', 16), 2 * HOUR)), '2026-12-17 10:00')
    assert.equal(shown(addWorkingTime(victory, at('2026-12-15', 16), HOUR)), '2026-12-15 17:00')
    assert.equal(workingDaysBetween(victory, at('2026-12-15', 16), at('2026-12-20', 0)), 2)
    assert.equal(shown(subtractWorkingTime(victory, at('2026-12-17', 17), 8 * HOUR)), '2026-12-17 09:00')
    assert.equal(shown(subtractWorkingTime(victory, at('2026-12-17', 9), 2 * HOUR)), '2026-12-15 15:00')
  })
})

test('a calendar that never opens, or whose hours are none, is refused by the name of the field', () => {
  const none: Hours[][] = [[], [], [], [], [], [], []]
  const refused = (field: string, hours: Hours[][]) =>
    assert.throws(() => workingCalendar({ hours }), { code: 'bad_input', details: { field } })
  const onMonday = (...parts: Hours[]) => none.map((day, i) => (i === 1 ? parts : day))
  refused('hours', none)
  refused('hours', none.slice(1))
  refused('hours.1', onMonday({ from: 600, to: 600 }))
  refused('hours.1', onMonday({ from: -1, to: 600 }))
  refused('hours.1', onMonday({ from: 0, to: 1441 }))
  refused('hours.1', onMonday({ from: 0.5, to: 60 }))
  refused('hours.1', onMonday({ from: 0, to: 60 }, { from: 59, to: 90 }))
  assert.throws(() => workingCalendar({ holidays: [{ date: '2026-02-31', bn: '', en: '' }] }), {
    details: { field: 'holidays' },
  })
  assert.deepEqual(workingCalendar().hours, OFFICE_HOURS)
})

const part = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .map(([from, length]): Hours => ({ from, to: Math.min(1440, from + length) }))
const day = fc.array(part, { maxLength: 3 }).map((parts) => {
  const apart: Hours[] = []
  for (const one of parts.sort((a, b) => a.from - b.from)) if (one.from >= (apart.at(-1)?.to ?? 0)) apart.push(one)
  return apart
})
const anyCalendar = fc
  .record({
    hours: fc.array(day, { minLength: 7, maxLength: 7 }).filter((week) => week.some((parts) => parts.length > 0)),
    holidays: fc
      .array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 })
      .map((days) => days.map((n) => ({ date: addDays('2026-01-01', n), bn: 'ছুটি', en: 'holiday' }))),
  })
  .map(workingCalendar)
const moment = fc.integer({ min: Date.UTC(2025, 11, 1), max: Date.UTC(2027, 3, 1) })
const far = fc.oneof(moment, fc.integer({ min: -1e14, max: 1e14 }))
const work = fc.oneof(fc.integer({ min: 0, max: 100 * HOUR }), fc.integer({ min: 0, max: 1e12 }))

describe('whatever the hours and the holidays,', () => {
  test('time that was added is the time between', () => {
    fc.assert(
      fc.property(anyCalendar, far, work, (calendar, from, ms) => {
        assert.equal(workingTimeBetween(calendar, from, addWorkingTime(calendar, from, ms)), ms)
      }),
    )
  })

  test('time that was taken away is the time between, and no later moment would do', () => {
    const some = work.map((ms) => ms + 1)
    fc.assert(
      fc.property(anyCalendar, far, some, (calendar, to, ms) => {
        const from = subtractWorkingTime(calendar, to, ms)
        assert.equal(workingTimeBetween(calendar, from, to), ms)
        assert.equal(workingTimeBetween(calendar, from + 1, to), ms - 1)
        assert.ok(isWorkingTime(calendar, from))
      }),
    )
  })

  test('adding twice is adding the sum', () => {
    fc.assert(
      fc.property(anyCalendar, moment, work, work, (calendar, from, a, b) => {
        const twice = addWorkingTime(calendar, addWorkingTime(calendar, from, a + 1), b + 1)
        assert.equal(twice, addWorkingTime(calendar, from, a + b + 2))
      }),
    )
  })

  test('what is added lands in working time or at the close of it, and no earlier moment would do', () => {
    fc.assert(
      fc.property(anyCalendar, far, work, (calendar, from, ms) => {
        const end = addWorkingTime(calendar, from, ms)
        assert.ok(isWorkingTime(calendar, end) || isWorkingTime(calendar, end - 1))
        if (ms > 0) assert.equal(workingTimeBetween(calendar, from, end - 1), ms - 1)
      }),
    )
  })

  test('later never becomes earlier', () => {
    fc.assert(
      fc.property(anyCalendar, moment, moment, work, fc.nat(30), (calendar, a, b, ms, n) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        assert.ok(addWorkingTime(calendar, from, ms) <= addWorkingTime(calendar, to, ms))
        assert.ok(addWorkingDays(calendar, from, n) <= addWorkingDays(calendar, to, n))
        assert.ok(nextWorkingMoment(calendar, from) <= nextWorkingMoment(calendar, to))
        assert.ok(workingTimeBetween(calendar, from, to) >= 0)
        assert.ok(workingTimeBetween(calendar, from, to) <= to - from)
      }),
    )
  })

  test('working time between is what a clock would count minute by minute', () => {
    const minute = moment.map((value) => Math.floor(value / 60_000) * 60_000)
    fc.assert(
      fc.property(anyCalendar, minute, fc.nat(5_000), (calendar, from, minutes) => {
        let count = 0
        for (let i = 0; i < minutes; i++) if (isWorkingTime(calendar, from + i * 60_000)) count++
        assert.equal(workingTimeBetween(calendar, from, from + minutes * 60_000), count * 60_000)
      }),
      { numRuns: 40 },
    )
  })

  test('a day that was added is a working day at its close, and as many working days away', () => {
    fc.assert(
      fc.property(anyCalendar, far, fc.integer({ min: 1, max: 40 }), (calendar, from, n) => {
        const end = addWorkingDays(calendar, from, n)
        assert.ok(isWorkingTime(calendar, end - 1))
        assert.equal(workingDaysBetween(calendar, from, end - 1), n)
        const before = workingDaysBefore(calendar, from, n)
        assert.ok(before < from && isWorkingTime(calendar, before))
        const isMidnight = (before + 6 * HOUR) % (24 * HOUR) === 0 // work may go on through it
        assert.ok(!isWorkingTime(calendar, before - 1) || isMidnight)
      }),
    )
  })

  test('the next working moment is now or the next opening', () => {
    fc.assert(
      fc.property(anyCalendar, far, (calendar, from) => {
        const next = nextWorkingMoment(calendar, from)
        assert.ok(isWorkingTime(calendar, next))
        assert.equal(workingTimeBetween(calendar, from, next), 0)
        assert.ok(next >= from)
      }),
    )
  })
})

test('a moment no calendar was printed for is answered too, and soon', () => {
  const used = cpuClock()
  for (const moment of [8_640_000_000_000_000, -8_640_000_000_000_000, Number.MAX_SAFE_INTEGER / 2]) {
    addWorkingDays(victory, moment, 1_000_000)
    addWorkingTime(victory, moment, 1e13)
    workingTimeBetween(victory, 0, moment)
  }
  assert.ok(used() < 200, `${used()} ms`)
})
