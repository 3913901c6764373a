import { Refusal } from '../core/refusal.ts'
import { isIsoDate } from './calendar.ts'

/** Part of a day in which offices work, in minutes after midnight in Dhaka; `to` is no longer part of it. */
export type Hours = { from: number; to: number }

/** `bn` and `en` say why the offices are closed; provisional until the moon has been seen or the gazette is out. */
export type Holiday = { date: string; bn: string; en: string; provisional?: true }

/** When offices work. Made by `workingCalendar` alone, so that every function here ends for every moment. */
export type WorkingCalendar = {
  /** Sunday first. A weekly day off has none; the parts of a day are in order and apart. */
  readonly hours: readonly (readonly Hours[])[]
  readonly holidays: ReadonlyMap<string, Holiday>
  /** Days since 1970 of those holidays that take work away, ascending, and how much work and how many days are gone by the i-th. */
  readonly lost: { readonly days: readonly number[]; readonly work: readonly number[] }
}

const MINUTE = 60_000
const DAY = 86_400_000
/** Dhaka is ahead of UTC by six hours and has had no summer time since 2009. */
const DHAKA = 6 * 60 * MINUTE
const NINE_TO_FIVE: readonly Hours[] = [{ from: 540, to: 1020 }]

/** Sunday to Thursday, 9:00 to 17:00. */
export const OFFICE_HOURS: readonly (readonly Hours[])[] = [0, 1, 2, 3, 4, 5, 6].map((day) =>
  day < 5 ? NINE_TO_FIVE : [],
)

/**
 * A calendar of these hours (Sunday first) without these holidays; of two holidays on one date the first stays. Throws
 * `Refusal('bad_input')` whose `field` is `hours`, `hours.0` … `hours.6` or `holidays`: for hours that are no part of a day, run
 * into each other or are none at all in the whole week, and for a date that does not exist.
 */
export function workingCalendar({
  hours = OFFICE_HOURS,
  holidays = [],
}: {
  hours?: readonly (readonly Hours[])[]
  holidays?: readonly Holiday[]
} = {}): WorkingCalendar {
  if (hours.length !== 7) throw bad('hours', 'A week has seven days')
  const week = hours.map((parts, day) => readDay(parts, `hours.${day}`))
  if (week.every((parts) => parts.length === 0)) throw bad('hours', 'A calendar without working hours')
  const byDate = new Map<string, Holiday>()
  for (const holiday of holidays) {
    if (!isIsoDate(holiday.date)) throw bad('holidays', `Not a date: ${holiday.date}`)
    if (!byDate.has(holiday.date)) byDate.set(holiday.date, holiday)
  }
  const days = [...byDate.keys()]
    .map((date) => Date.parse(`${date}T00:00:00Z`) / DAY)
    .filter((day) => week[weekdayOf(day)]!.length > 0)
    .sort((a, b) => a - b)
  let gone = 0
  const work = days.map((day) => {
    gone += lengthOf(week[weekdayOf(day)]!)
    return gone
  })
  return { hours: week, holidays: byDate, lost: { days, work } }
}

/** Nine to five, Sunday to Thursday, no holidays. */
export const PLAIN_CALENDAR: WorkingCalendar = workingCalendar()

/** Whether offices work at `at` (whole milliseconds since 1970, as every moment here). */
export function isWorkingTime(calendar: WorkingCalendar, at: number): boolean {
  const { day, within } = placeOf(at)
  return partsOf(calendar, day).some(({ from, to }) => within >= from * MINUTE && within < to * MINUTE)
}

/** Whether offices work at any time of `isoDate`. @throws RangeError when it is not a date. */
export function isWorkingDay(calendar: WorkingCalendar, isoDate: string): boolean {
  if (!isIsoDate(isoDate)) throw new RangeError(`Not a date: ${isoDate}`)
  return partsOf(calendar, Date.parse(`${isoDate}T00:00:00Z`) / DAY).length > 0
}

/** `at` itself where offices work then, else the next opening. */
export function nextWorkingMoment(calendar: WorkingCalendar, at: number): number {
  if (isWorkingTime(calendar, at)) return at
  const { day, within } = placeOf(at)
  const later = partsOf(calendar, day).find(({ from }) => from * MINUTE > within)
  return later ? momentOf(day, later.from) : openingOf(calendar, nthWorkingDay(calendar, day, 1))
}

/**
 * The close of the `n`-th working day after the day of `at` (`n` a whole number from 1); for 0 the close of that very day, or of
 * the next working day where that has passed or offices are closed.
 */
export function addWorkingDays(calendar: WorkingCalendar, at: number, n: number): number {
  const { day } = placeOf(at)
  if (n > 0) return closeOf(calendar, nthWorkingDay(calendar, day, n))
  if (partsOf(calendar, day).length > 0 && at < closeOf(calendar, day)) return closeOf(calendar, day)
  return closeOf(calendar, nthWorkingDay(calendar, day, 1))
}

/** The opening of the `n`-th working day before the day of `at`; `n` a whole number from 1. */
export function workingDaysBefore(calendar: WorkingCalendar, at: number, n: number): number {
  return openingOf(calendar, nthWorkingDay(calendar, placeOf(at).day, -n))
}

/** How many working days lie after the day of `from` up to and with the day of `to`; 0 where `to` is earlier. */
export function workingDaysBetween(calendar: WorkingCalendar, from: number, to: number): number {
  return Math.max(0, daysBefore(calendar, placeOf(to).day + 1) - daysBefore(calendar, placeOf(from).day + 1))
}

/** Milliseconds of work from `from` to `to`; negative where `to` is earlier. */
export function workingTimeBetween(calendar: WorkingCalendar, from: number, to: number): number {
  return workBeforeMoment(calendar, to) - workBeforeMoment(calendar, from)
}

/**
 * The first moment by which `ms` of work (0 or more) have passed since `at`. It lies in working time or at the close of it; for 0 it
 * is `at`, or the next opening where offices are closed.
 */
export function addWorkingTime(calendar: WorkingCalendar, at: number, ms: number): number {
  if (ms <= 0) return nextWorkingMoment(calendar, at)
  const goal = workBeforeMoment(calendar, at) + ms
  // The last day before whose beginning less than the goal was worked: work reaches it on that day.
  const day = lastDay(placeOf(at).day, (each) => workBefore(calendar, each) < goal)
  let left = goal - workBefore(calendar, day)
  for (const { from, to } of partsOf(calendar, day)) {
    const length = (to - from) * MINUTE
    if (left <= length) return momentOf(day, from) + left
    left -= length
  }
  throw new Error('A day is shorter than its parts')
}

/**
 * The last moment from which `ms` of work (more than 0) remain until `at`: `addWorkingTime` the other way. It lies in working time.
 */
export function subtractWorkingTime(calendar: WorkingCalendar, at: number, ms: number): number {
  const goal = workBeforeMoment(calendar, at) - ms
  const day = lastDay(placeOf(at).day, (each) => workBefore(calendar, each) <= goal)
  let left = goal - workBefore(calendar, day)
  for (const { from, to } of partsOf(calendar, day)) {
    const length = (to - from) * MINUTE
    if (left < length) return momentOf(day, from) + left
    left -= length
  }
  throw new Error('A day is shorter than its parts')
}

function readDay(parts: readonly Hours[], field: string): Hours[] {
  const sorted = parts.map(({ from, to }) => ({ from, to })).sort((a, b) => a.from - b.from)
  for (const [i, { from, to }] of sorted.entries()) {
    if (!Number.isInteger(from) || !Number.isInteger(to)) throw bad(field, 'Hours are whole minutes')
    if (from < 0 || to > 1440 || from >= to) throw bad(field, `Not a part of a day: ${from} to ${to}`)
    if (i > 0 && from < sorted[i - 1]!.to) throw bad(field, 'Hours run into each other')
  }
  return sorted
}

function bad(field: string, message: string): Refusal {
  return new Refusal('bad_input', message, { field })
}

/** The day of a moment in Dhaka, counted from 1970, and the milliseconds of it that have passed. */
function placeOf(at: number): { day: number; within: number } {
  const day = Math.floor((at + DHAKA) / DAY)
  return { day, within: at + DHAKA - day * DAY }
}

function momentOf(day: number, minute: number): number {
  return day * DAY - DHAKA + minute * MINUTE
}

function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

function partsOf({ hours, lost }: WorkingCalendar, day: number): readonly Hours[] {
  const i = countBefore(lost.days, day)
  return lost.days[i] === day ? [] : hours[weekdayOf(day)]!
}

function openingOf(calendar: WorkingCalendar, day: number): number {
  return momentOf(day, partsOf(calendar, day)[0]!.from)
}

function closeOf(calendar: WorkingCalendar, day: number): number {
  return momentOf(day, partsOf(calendar, day).at(-1)!.to)
}

function lengthOf(parts: readonly Hours[]): number {
  return parts.reduce((sum, { from, to }) => sum + (to - from) * MINUTE, 0)
}

/** The `n`-th working day after `day`, or before it where `n` is negative; never 0. */
function nthWorkingDay(calendar: WorkingCalendar, day: number, n: number): number {
  const count = n < 0 ? daysBefore(calendar, day) + n : daysBefore(calendar, day + 1) + n - 1
  return lastDay(day, (each) => daysBefore(calendar, each) <= count)
}

/** Work from a fixed day long ago to the beginning of `day`. It never falls, and grows by a bounded amount a day. */
function workBefore(calendar: WorkingCalendar, day: number): number {
  const { hours, lost } = calendar
  const i = countBefore(lost.days, day)
  return ofWeeks(day, (weekday) => lengthOf(hours[weekday]!)) - (lost.work[i - 1] ?? 0)
}

function daysBefore({ hours, lost }: WorkingCalendar, day: number): number {
  return ofWeeks(day, (weekday) => (hours[weekday]!.length > 0 ? 1 : 0)) - countBefore(lost.days, day)
}

/** What each weekday adds, summed from a Sunday to `day` exclusive; negative before that Sunday. */
function ofWeeks(day: number, of: (weekday: number) => number): number {
  const whole = Math.floor((day + 4) / 7)
  let sum = 0
  for (let weekday = 0; weekday < 7; weekday++) sum += of(weekday) * (whole + (weekday < weekdayOf(day) ? 1 : 0))
  return sum
}

function workBeforeMoment(calendar: WorkingCalendar, at: number): number {
  const { day, within } = placeOf(at)
  let work = workBefore(calendar, day)
  for (const { from, to } of partsOf(calendar, day)) {
    work += Math.max(0, Math.min(within, to * MINUTE) - from * MINUTE)
  }
  return work
}

/** The last day for which `holds`, which is true up to some day and never after it. Steps grow from `near`, then halve. */
function lastDay(near: number, holds: (day: number) => boolean): number {
  let low = near
  let high = near
  for (let step = 1; holds(high); step *= 2) {
    low = high
    high += step
  }
  for (let step = 1; !holds(low); step *= 2) {
    high = low
    low -= step
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
}

/** How many of `sorted` are less than `value`. */
function countBefore(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
