import { SvelteMap } from 'svelte/reactivity'
import type { Smarak, Workday } from '../../../client/views.ts'
import { PLAIN_CALENDAR, type WorkingCalendar } from '../../../language/working-time.ts'

const UNKNOWN: Workday = { calendar: PLAIN_CALENDAR, checks: null }
/** An office changes its hours now and then, and a phone stays open for weeks. */
const FRESH = 3_600_000

const known = new SvelteMap<string, Workday>()
let asked = new Map<string, number>()
let by: Smarak | undefined

/**
 * How the office of a post works (null: the service), as far as it is known here: nine to five without holidays until it has
 * come. Whoever reads it is drawn again when it comes.
 */
export function workdayOf(client: Smarak, post: string | null, now: number): Workday {
  const key = post ?? ''
  if (by !== client) forgetWorkdays()
  by = client
  if ((asked.get(key) ?? Number.NEGATIVE_INFINITY) < now - FRESH) {
    asked.set(key, now)
    client.workday(key).then(
      (day) => known.set(key, day),
      () => asked.delete(key), // the store could not be read: looked at again when something else is drawn
    )
  }
  return known.get(key) ?? UNKNOWN
}

/** By which something issued by that post runs late. */
export function calendarOf(client: Smarak, post: string, now: number): WorkingCalendar {
  return workdayOf(client, post, now).calendar
}

/** An office has just said something else: what was known is asked for again. */
export function forgetWorkdays(): void {
  asked = new Map()
}
