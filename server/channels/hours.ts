/** Quiet hours and check times. Pure. */
import { addDays } from '../../language/calendar.ts'
import { dhakaTime, fromDhaka } from '../../language/time.ts'
import { isWorkingDay, type WorkingCalendar } from '../../language/working-time.ts'

/** Minutes since midnight on the wall in Dhaka. */
export type Minutes = number

/** A night (or any time) in which nothing that is not জরুরি is sent; from 21:00 to 07:00 is `{ from: 1260, to: 420 }`. */
export type Quiet = { from: Minutes; to: Minutes }

const DAY = 24 * 60
const MINUTE = 60_000

/** The first moment from `at` that is not within quiet hours. */
export function afterQuiet(at: number, quiet: Quiet | null): number {
  if (!quiet || quiet.from === quiet.to) return at
  const { date, hour, minute } = dhakaTime(at)
  const now = hour * 60 + minute
  const inside = quiet.from < quiet.to ? now >= quiet.from && now < quiet.to : now >= quiet.from || now < quiet.to
  if (!inside) return at
  const tomorrow = quiet.from > quiet.to && now >= quiet.from
  return fromDhaka(tomorrow ? addDays(date, 1) : date) + quiet.to * MINUTE
}

/** The first check time from `at` on a working day and outside quiet hours; `at` itself where there are no check times. */
export function nextCheck(
  at: number,
  checks: readonly Minutes[],
  quiet: Quiet | null,
  calendar: WorkingCalendar,
): number {
  const times = checks.filter((minutes) => minutes >= 0 && minutes < DAY).toSorted((a, b) => a - b)
  if (times.length === 0) return afterQuiet(at, quiet)
  let { date } = dhakaTime(at)
  for (let days = 0; days < 60; days++, date = addDays(date, 1)) {
    if (!isWorkingDay(calendar, date)) continue
    for (const minutes of times) {
      const moment = fromDhaka(date) + minutes * MINUTE
      if (moment >= at && afterQuiet(moment, quiet) === moment) return moment
    }
  }
  // Every check time is quiet, or two months are holidays: then at least when it is not quiet.
  return afterQuiet(at, quiet)
}
