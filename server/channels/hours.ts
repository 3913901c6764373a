/** Office time: which days work, and how long a working hour lasts. Pure. */
import { addDays, weekday } from '../../language/calendar.ts'
import { dhakaTime, fromDhaka } from '../../language/time.ts'

/** What the channels ask of a working calendar; `language/` or an office may know a better one than `plainWeek`. */
export type WorkingTime = {
  isWorkingDay(isoDate: string): boolean
  /** The moment at which so much working time has passed since `from`. */
  add(from: number, milliseconds: number): number
}

/** Minutes since midnight on the wall in Dhaka. */
export type Minutes = number

/** A night (or any time) in which nothing that is not জরুরি is sent; from 21:00 to 07:00 is `{ from: 1260, to: 420 }`. */
export type Quiet = { from: Minutes; to: Minutes }

const DAY = 24 * 60
const MINUTE = 60_000

/** Sunday to Thursday between two hours. */
export function plainWeek(opens: Minutes = 9 * 60, closes: Minutes = 17 * 60): WorkingTime {
  const isWorkingDay = (isoDate: string) => weekday(isoDate) < 5
  return {
    isWorkingDay,
    add(from, milliseconds) {
      let left = milliseconds
      let at = from
      for (;;) {
        const { date } = dhakaTime(at)
        const opening = fromDhaka(date) + opens * MINUTE
        const closing = fromDhaka(date) + closes * MINUTE
        const start = Math.max(at, opening)
        if (isWorkingDay(date) && start < closing) {
          if (start + left <= closing) return start + left
          left -= closing - start
        }
        at = fromDhaka(addDays(date, 1))
      }
    },
  }
}

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
export function nextCheck(at: number, checks: readonly Minutes[], quiet: Quiet | null, working: WorkingTime): number {
  const times = checks.filter((minutes) => minutes >= 0 && minutes < DAY).toSorted((a, b) => a - b)
  if (times.length === 0) return afterQuiet(at, quiet)
  let { date } = dhakaTime(at)
  for (let days = 0; days < 60; days++, date = addDays(date, 1)) {
    if (!working.isWorkingDay(date)) continue
    for (const minutes of times) {
      const moment = fromDhaka(date) + minutes * MINUTE
      if (moment >= at && afterQuiet(moment, quiet) === moment) return moment
    }
  }
  // Every check time is quiet, or two months are holidays: then at least when it is not quiet.
  return afterQuiet(at, quiet)
}
