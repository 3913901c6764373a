import { type Bytes, toBase64url } from '../../core/bytes.ts'
import { ID_LENGTH } from '../../core/item.ts'
import { isIsoDate } from '../../language/calendar.ts'
import { type Holiday, OFFICE_HOURS, type WorkingCalendar, workingCalendar } from '../../language/working-time.ts'
import type { Read } from '../../server/db.ts'
import type { Directory, Id } from '../directory/index.ts'
import type { PracticeEntry, ReminderRule } from './duty.ts'
import { DEFAULT_RULE } from './reminders.ts'

/** How an office works, with nothing left open. */
export type Habits = {
  calendar: WorkingCalendar
  rule: ReminderRule
  /** Minutes of the day at which messages are looked through. */
  checks: readonly number[]
  /** Minutes of the day between which only what is urgent rings. */
  quiet: { from: number; to: number } | null
}

/** Check times and quiet hours of an office that said nothing of its own. */
export type Usual = Pick<Habits, 'checks' | 'quiet'>

/** What an office said itself. */
export type Said = Omit<PracticeEntry, 'office'> & { /** The place of the item in the log. */ index: number }

/** The service itself, as `practice` rows and `Practices` name it. */
export const SERVICE = toBase64url(new Uint8Array(ID_LENGTH))

const NO_HABITS: Usual = { checks: [], quiet: null }

/** What offices said of how they work, kept until one of them says something new. */
export class Practices {
  readonly #directory: Pick<Directory, 'office'>
  readonly #holidays: readonly Holiday[]
  readonly #usual: Usual
  #said = new Map<Id, Said>()
  #habits = new Map<Id, Habits>()
  #version = -2

  /** @param holidays of the country, where the service itself said nothing of holidays */
  constructor(directory: Pick<Directory, 'office'>, holidays: readonly Holiday[], usual = NO_HABITS) {
    this.#directory = directory
    this.#holidays = holidays
    this.#usual = usual
  }

  /** Brings what was said since. Gives the index of the newest practice, -1 where there is none. */
  async refresh(read: Read): Promise<number> {
    const { version } = (await read.one<{ version: number }>(
      'SELECT coalesce(max(index), -1) AS version FROM practice',
    ))!
    if (version === this.#version) return version
    const rows = await read.many<Said & { office: Bytes }>(
      'SELECT office, index, hours, checks, holidays, reminders, routes, quiet FROM practice',
    )
    this.#said = new Map(rows.map(({ office, ...said }) => [toBase64url(office), said]))
    this.#habits.clear()
    this.#version = version
    return version
  }

  /** What that office said itself, as far as `refresh` brought it. */
  said(office: Id): Said | undefined {
    return this.#said.get(office)
  }

  /**
   * As that office said, where it said nothing the one it belongs to, at last the service, at last the usual. Holidays add up:
   * its own, those of the offices it belongs to, and the service’s (or the country’s).
   */
  of(office: Id): Habits {
    const known = this.#habits.get(office)
    if (known) return known
    const habits = this.#from(this.#upwards(office))
    this.#habits.set(office, habits)
    return habits
  }

  /** As `of`, had that office said nothing itself. */
  above(office: Id): Habits {
    return this.#from(this.#upwards(office).filter((id) => id !== office))
  }

  #from(offices: readonly Id[]): Habits {
    const above = offices.flatMap((id) => this.#said.get(id) ?? [])
    const hours = above.find((said) => said.hours)?.hours
    const quiet = above.find((said) => said.quiet)?.quiet
    const own = offices.filter((id) => id !== SERVICE).flatMap((id) => this.#said.get(id)?.holidays ?? [])
    const common = this.#said.get(SERVICE)?.holidays ?? this.#holidays
    return {
      calendar: workingCalendar({
        hours: hours ? hours.map((day) => (day ? [{ from: day[0], to: day[1] }] : [])) : OFFICE_HOURS,
        holidays: [...common, ...own].filter(({ date }) => isIsoDate(date)),
      }),
      rule: above.find((said) => said.reminders)?.reminders ?? DEFAULT_RULE,
      checks: above.find((said) => said.checks)?.checks ?? this.#usual.checks,
      quiet: quiet ? { from: quiet[0], to: quiet[1] } : this.#usual.quiet,
    }
  }

  /** From the office upwards, the service last. */
  #upwards(office: Id): Id[] {
    const seen = new Set<Id>()
    for (let at: Id | null = office; at !== null && !seen.has(at); at = this.#directory.office(at)?.parent ?? null)
      seen.add(at)
    seen.delete(SERVICE)
    return [...seen, SERVICE]
  }
}
