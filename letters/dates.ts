import { type BanglaDate, banglaDate, banglaMonths, gregorianMonths, isIsoDate } from '../language/calendar.ts'
import { toLatin } from '../language/digits.ts'
import { fold } from '../language/fold.ts'

/** A date found in a text. `iso` or `bangla` is absent when no such day exists: then `invalid` is set. */
export type FoundDate = {
  start: number
  end: number
  calendar: 'gregorian' | 'bangla'
  iso?: string
  bangla?: BanglaDate
  invalid?: true
}

// Folded spelling already makes ী/ি, ণ/ন, ষ/স one; these are the spellings it leaves apart.
const spellings: [string, 'gregorian' | 'bangla', number][] = [
  ...banglaMonths.map((name, i): [string, 'bangla', number] => [name, 'bangla', i + 1]),
  ['জৈষ্ঠ', 'bangla', 2],
  ['জ্যৈষ্ট', 'bangla', 2],
  ['অগ্রাহায়ণ', 'bangla', 8],
  ...gregorianMonths.bn.map((name, i): [string, 'gregorian', number] => [name, 'gregorian', i + 1]),
  ...gregorianMonths.en.map((name, i): [string, 'gregorian', number] => [name, 'gregorian', i + 1]),
  ...gregorianMonths.en.map((name, i): [string, 'gregorian', number] => [name.slice(0, 3), 'gregorian', i + 1]),
  ['আগষ্ট', 'gregorian', 8],
  ['অক্টোবার', 'gregorian', 10],
  ['সেপ্টেমবর', 'gregorian', 9],
]
const months = new Map(spellings.map(([name, calendar, month]) => [fold(name), { calendar, month }]))

const worded =
  /(?:(?<![0-9])|(?<=(?<![0-9])[0-9]{4}))([0-9]{1,2})(?:\s?(?:লা|রা|ঠা|ই|শে|th|st|nd|rd))?[\s,/-]{0,3}([\p{L}\p{M}\u200c\u200d]{2,14})[\s,/-]{0,3}([0-9]{4})/gu
const numeric = /(?<![0-9./-])([0-9]{1,2})\s?([./-])\s?([0-9]{1,2})\s?\2\s?([0-9]{4})(?![0-9])/g
const isoWritten = /(?<![0-9./-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9-])/g

/**
 * Every date in a text, in order, both calendars and both scripts: ২২ অক্টোবর, ২০২৪ · 22/10/2024 · ০৬ কার্তিক ১৪৩১,
 * also run together without a blank. A number-only date of the fifteenth Bangla century is taken as Bangla.
 */
export function findDates(text: string): FoundDate[] {
  const latin = toLatin(text)
  const found: FoundDate[] = []
  for (const match of latin.matchAll(worded)) {
    const month = months.get(fold(match[2]!))
    if (month) found.push(dateOf(match, month.calendar, Number(match[3]), month.month, Number(match[1])))
  }
  for (const match of latin.matchAll(numeric)) {
    const year = Number(match[4])
    const calendar = year >= 1300 && year < 1500 ? 'bangla' : 'gregorian'
    found.push(dateOf(match, calendar, year, Number(match[3]), Number(match[1])))
  }
  for (const match of latin.matchAll(isoWritten))
    found.push(dateOf(match, 'gregorian', Number(match[1]), Number(match[2]), Number(match[3])))
  return found.sort((a, b) => a.start - b.start)
}

/** Whether a Bangla date is that of a Gregorian one. */
export function sameDay(iso: string, { year, month, day }: BanglaDate): boolean {
  const right = banglaDate(iso)
  return right.year === year && right.month === month && right.day === day
}

function dateOf(
  match: RegExpExecArray,
  calendar: 'gregorian' | 'bangla',
  year: number,
  month: number,
  day: number,
): FoundDate {
  const at = { start: match.index, end: match.index + match[0].length, calendar }
  if (calendar === 'gregorian') {
    const iso = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    return isIsoDate(iso) ? { ...at, iso } : { ...at, invalid: true }
  }
  // A day one past its month's end is a common slip of the pen: it is kept, and judged against the Gregorian date.
  const possible = month >= 1 && month <= 12 && day >= 1 && day <= 32
  return possible ? { ...at, bangla: { year, month, day } } : { ...at, invalid: true }
}
