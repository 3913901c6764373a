import type { Smarak } from '../../../client/views.ts'
import { PLAIN_CALENDAR, type WorkingCalendar } from '../../../language/working-time.ts'

const known = $state<{ calendar: WorkingCalendar }>({ calendar: PLAIN_CALENDAR })
let asked: Smarak | undefined

/** When the service works, as far as it is known here: without holidays until they have come. Asked for once. */
export function serviceCalendar(client: Smarak): WorkingCalendar {
  if (asked !== client) {
    asked = client
    client.calendar('').then(
      (calendar) => {
        known.calendar = calendar
      },
      () => {}, // no connection and none kept: weekends are known all the same
    )
  }
  return known.calendar
}
