import { Refusal } from '../core/refusal.ts'
import type { PracticeEntry, ReminderRule } from '../features/directives/index.ts'
import { toLatin } from '../language/digits.ts'
import { readHolidays } from '../language/holidays.ts'
import { readWallClock } from '../language/wall-clock.ts'
import { Usage } from './command.ts'

/** What an office says of itself, without whose it is. */
export type Practised = Omit<PracticeEntry, 'office'>

export const PARTS = ['hours', 'checks', 'quiet', 'reminders', 'holidays', 'routes'] as const
export type PracticePart = (typeof PARTS)[number]

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** `sun-thu=09:00-17:00`, each day once; a day that none names is off. Throws `Usage`. */
export function readHours(values: readonly string[]): PracticeEntry['hours'] {
  const hours: ([number, number] | null)[] = DAYS.map(() => null)
  for (const value of values) {
    const [days = '', span = ''] = value.split('=')
    const [first = '', last = first] = days.toLowerCase().split('-')
    const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)]
    const time = readSpan(span)
    if (from < 0 || to < 0 || !time || time[0] >= time[1]) throw bad('--hours', value)
    for (let day = from; ; day = (day + 1) % 7) {
      if (hours[day]) throw bad('--hours', value)
      hours[day] = time
      if (day === to) break
    }
  }
  return hours
}

/** `09:30,12:30,16:00` in any order. Throws `Usage`. */
export function readChecks(value: string): number[] {
  const times = value.split(',').map(readWallClock)
  if (times.some((time) => time === undefined || time === 1440)) throw bad('--checks', value)
  return [...new Set(times as number[])].sort((a, b) => a - b)
}

/** `21:00-07:00`. Throws `Usage`. */
export function readQuiet(value: string): [number, number] {
  const span = readSpan(value)
  if (!span) throw bad('--quiet', value)
  return span
}

/** What was given of a rule over what held before. All in minutes of working time, but `most`. Throws `Usage`. */
export function readRule(
  given: { [P in keyof ReminderRule]?: string | undefined },
  before: ReminderRule,
): ReminderRule {
  const list = (name: keyof ReminderRule, value: string) =>
    value.trim() === '' ? [] : value.split(',').map((one) => minutes(name, one))
  return {
    before: given.before === undefined ? before.before : list('before', given.before),
    every: given.every === undefined ? before.every : minutes('every', given.every),
    most: given.most === undefined ? before.most : minutes('most', given.most),
    escalate: given.escalate === undefined ? before.escalate : list('escalate', given.escalate),
  }
}

/** `POST=POST,POST` each; an empty right side: nobody's. `idOf` gives the id of a code. Throws `Usage`. */
export function readRoutes(
  values: readonly string[],
  idOf: (code: string) => string,
): NonNullable<Practised['routes']> {
  return values.flatMap((value) => {
    const [post, approvers, ...more] = value.split('=')
    if (!post || approvers === undefined || more.length > 0) throw bad('--route', value)
    const codes = approvers.split(',').map((code) => code.trim())
    return approvers === '' ? [] : [{ post: idOf(post.trim()), approvers: codes.map(idOf) }]
  })
}

/** A file of holidays. Throws `Refusal('bad_holidays')` with each mistake in its line. */
export function readHolidayFile(file: string, text: string): NonNullable<Practised['holidays']> {
  const { holidays, faults } = readHolidays(text)
  if (faults.length > 0) {
    const placed = faults.map(({ line, value, say }) => ({ file, row: line, column: value, say }))
    throw new Refusal('bad_holidays', 'The list of holidays has mistakes', { n: faults.length, faults: placed })
  }
  return holidays.map(({ date, bn, en }) => ({ date, bn, en }))
}

function readSpan(value: string): [number, number] | undefined {
  const [from, to, ...more] = value.split(/[-–]/).map(readWallClock)
  return from === undefined || to === undefined || more.length > 0 ? undefined : [from, to]
}

function minutes(option: string, written: string): number {
  const latin = toLatin(written).trim()
  if (!/^\d{1,6}$/.test(latin)) throw bad(`--${option}`, written)
  return Number(latin)
}

function bad(option: string, value: string): Usage {
  return new Usage('bad_value', { option, value })
}
