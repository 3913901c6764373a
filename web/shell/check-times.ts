import { addDays } from '../../language/calendar.ts'
import { dhakaTime, fromDhaka } from '../../language/time.ts'
import { isWorkingDay, type WorkingCalendar } from '../../language/working-time.ts'

/** When offices look, in minutes after midnight in Dhaka, while nothing is known of an office's own practice. */
export const CHECK_TIMES: readonly number[] = [9 * 60 + 30, 12 * 60 + 30, 16 * 60]

/** Nobody is off for longer. */
const MOST_DAYS = 60

/** The next moment after `now` at which the office looks, days off left out; null where it never does. */
export function nextCheck(
  now: number,
  { calendar, checks }: { calendar: WorkingCalendar; checks: readonly number[] | null },
): number | null {
  const today = dhakaTime(now).date
  for (let i = 0; i < MOST_DAYS; i++) {
    const date = addDays(today, i)
    if (!isWorkingDay(calendar, date)) continue
    const next = (checks ?? CHECK_TIMES).map((minutes) => fromDhaka(date, 0, minutes)).filter((at) => at > now)
    if (next.length > 0) return Math.min(...next)
  }
  return null
}
