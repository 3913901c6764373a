import { requireHolidays } from '../../../language/holidays.ts'
import { type Holiday, type WorkingCalendar, workingCalendar } from '../../../language/working-time.ts'
import shipped from './data/holidays.json' with { type: 'json' }

/** The holidays of `data/holidays.json`. Throws `Refusal('bad_holidays')` naming every line that an edit left wrong. */
export function nationalHolidays(): Holiday[] {
  return requireHolidays(JSON.stringify(shipped.items), { years: shipped.meta.years })
}

/** The hours and holidays of offices that have set none of their own. */
export function nationalCalendar(): WorkingCalendar {
  return workingCalendar({ holidays: nationalHolidays() })
}
