import { type Bytes, toBase64url } from '../../core/bytes.ts'
import { ID_LENGTH } from '../../core/item.ts'
import { isIsoDate } from '../../language/calendar.ts'
import { type Holiday, OFFICE_HOURS, type WorkingCalendar, workingCalendar } from '../../language/working-time.ts'
import type { Read } from '../../server/db.ts'
import type { Directory, Id } from '../directory/index.ts'
import type { PracticeEntry, ReminderRule } from './duty.ts'
import { DEFAULT_RULE } from './reminders.ts'

/** How an office works, with nothing left open. */
export type Habits = { calendar: WorkingCalendar; rule: ReminderRule }

type Said = Pick<PracticeEntry, 'hours' | 'holidays' | 'reminders'>

const SERVICE = toBase64url(new Uint8Array(ID_LENGTH))

/** What offices said of their hours and reminders, kept until one of them says something new. */
export class Practices {
  readonly #directory: Pick<Directory, 'office'>
  readonly #holidays: readonly Holiday[]
  #said = new Map<Id, Said>()
  #habits = new Map<Id, Habits>()
  #version = -2

  /** @param holidays of the country, where the service itself said nothing of holidays */
  constructor(directory: Pick<Directory, 'office'>, holidays: readonly Holiday[]) {
    this.#directory = directory
    this.#holidays = holidays
  }

  /** Brings what was said since. Gives the index of the newest practice, -1 where there is none. */
  async refresh(read: Read): Promise<number> {
    const { version } = (await read.one<{ version: number }>(
      'SELECT coalesce(max(index), -1) AS version FROM practice',
    ))!
    if (version === this.#version) return version
    const rows = await read.many<Said & { office: Bytes }>('SELECT office, hours, holidays, reminders FROM practice')
    this.#said = new Map(rows.map(({ office, ...said }) => [toBase64url(office), said]))
    this.#habits.clear()
    this.#version = version
    return version
  }

  /** As that office said, where it said nothing the one it belongs to, at last the service, at last the usual. */
  of(office: Id): Habits {
    const known = this.#habits.get(office)
    if (known) return known
    const above = this.#above(office)
    const hours = above.find((said) => said.hours)?.hours
    const habits = {
      calendar: workingCalendar({
        hours: hours ? hours.map((day) => (day ? [{ from: day[0], to: day[1] }] : [])) : OFFICE_HOURS,
        holidays: (this.#said.get(SERVICE)?.holidays ?? this.#holidays).filter(({ date }) => isIsoDate(date)),
      }),
      rule: above.find((said) => said.reminders)?.reminders ?? DEFAULT_RULE,
    }
    this.#habits.set(office, habits)
    return habits
  }

  /** What was said from the office upwards, the service last. */
  #above(office: Id): Said[] {
    const seen = new Set<Id>()
    for (let at: Id | null = office; at !== null && !seen.has(at); at = this.#directory.office(at)?.parent ?? null)
      seen.add(at)
    return [...seen, SERVICE].flatMap((id) => this.#said.get(id) ?? [])
  }
}
