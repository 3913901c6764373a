import { isIsoDate } from '../language/calendar.ts'
import { toLatin } from '../language/digits.ts'
import { fromDhaka } from '../language/time.ts'
import { type Args, Usage } from './command.ts'

/** The ISO date of an option, its digits of either script; undefined without the option. Throws `Usage('bad_date')`. */
export function dayIn(args: Args, name: string): string | undefined {
  const typed = args.text(name)
  if (typed === undefined) return undefined
  const iso = toLatin(typed.trim())
  if (!isIsoDate(iso)) throw new Usage('bad_date', { value: typed })
  return iso
}

/** The end of office on the day that `--due` names, or null. Throws `Usage('bad_date')`. */
export function dueIn(args: Args): number | null {
  const day = dayIn(args, 'due')
  return day === undefined ? null : fromDhaka(day, 17)
}
