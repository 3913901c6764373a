import { type Lang, toBangla } from './digits.ts'

/** A date of the Bangladesh calendar. `month` 1 is বৈশাখ, 12 is চৈত্র. */
export type BanglaDate = { year: number; month: number; day: number }

export const banglaMonths = [
  'বৈশাখ',
  'জ্যৈষ্ঠ',
  'আষাঢ়',
  'শ্রাবণ',
  'ভাদ্র',
  'আশ্বিন',
  'কার্তিক',
  'অগ্রহায়ণ',
  'পৌষ',
  'মাঘ',
  'ফাল্গুন',
  'চৈত্র',
] as const

const banglaMonthsInEnglish = [
  'Boishakh',
  'Joishtho',
  'Asharh',
  'Srabon',
  'Bhadro',
  'Ashwin',
  'Kartik',
  'Ogrohayon',
  'Poush',
  'Magh',
  'Falgun',
  'Choitro',
] as const

export const gregorianMonths = {
  bn: ['জানুয়ারি', 'ফেব্রুয়ারি', 'মার্চ', 'এপ্রিল', 'মে', 'জুন', 'জুলাই', 'আগস্ট', 'সেপ্টেম্বর', 'অক্টোবর', 'নভেম্বর', 'ডিসেম্বর'],
  en: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
} as const

const weekdays = {
  bn: ['রবিবার', 'সোমবার', 'মঙ্গলবার', 'বুধবার', 'বৃহস্পতিবার', 'শুক্রবার', 'শনিবার'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
} as const

const dayLength = 86_400_000

/** Whether `text` is a real date written YYYY-MM-DD, in the years 1000 to 9999. */
export function isIsoDate(text: string): boolean {
  return dayNumber(text) !== null
}

/**
 * The Bangladesh calendar's date of a Gregorian one (`isoDate`: YYYY-MM-DD). The years from ১৪২৬ on (14 April 2019)
 * follow the revision of 2019, whose first visible day was 16 October 2019; earlier ones follow the rule of 1987.
 * Before 1987 the result is that rule carried backwards, not what was printed then.
 * @throws RangeError when `isoDate` is not a date.
 */
export function banglaDate(isoDate: string): BanglaDate {
  const at = dayNumber(isoDate)
  if (at === null) throw new RangeError(`Not a date: ${isoDate}`)
  const gregorian = Number(isoDate.slice(0, 4))
  const year = at >= newYear(gregorian - 593) ? gregorian - 593 : gregorian - 594
  let day = at - newYear(year) + 1
  let month = 1
  for (const length of monthLengths(year)) {
    if (day <= length) break
    day -= length
    month++
  }
  return { year, month, day }
}

/** The Gregorian date (YYYY-MM-DD) of a Bangla one, or null when no such day exists. The inverse of `banglaDate`. */
export function gregorianDate({ year, month, day }: BanglaDate): string | null {
  if (![year, month, day].every(Number.isInteger)) return null
  if (year < 407 || year > 9405) return null
  const lengths = monthLengths(year)
  const length = lengths[month - 1]
  if (length === undefined || day < 1 || day > length) return null
  const before = lengths.slice(0, month - 1).reduce((sum, days) => sum + days, 0)
  return isoOfDay(newYear(year) + before + day - 1)
}

/** ৬ কার্তিক ১৪৩১, or "6 Kartik 1431". */
export function formatBanglaDate({ year, month, day }: BanglaDate, lang: Lang = 'bn'): string {
  if (lang === 'en') return `${day} ${banglaMonthsInEnglish[month - 1] ?? '?'} ${year}`
  return toBangla(`${day} ${banglaMonths[month - 1] ?? '?'} ${year}`)
}

/** ২২ অক্টোবর ২০২৪, or "22 October 2024"; without the year when `withYear` is false. Anything not a date comes back as it is. */
export function formatDate(lang: Lang, isoDate: string, withYear = true): string {
  if (!isIsoDate(isoDate)) return isoDate
  const [year, month, day] = isoDate.split('-').map(Number)
  const text = `${day} ${gregorianMonths[lang][month! - 1]}${withYear ? ` ${year}` : ''}`
  return lang === 'bn' ? toBangla(text) : text
}

/** নভেম্বর ২০২৬, or "November 2026", of `2026-11`. Anything not a month comes back as it is. */
export function formatMonth(lang: Lang, isoMonth: string): string {
  if (!isIsoDate(`${isoMonth}-01`)) return isoMonth
  const [year, month] = isoMonth.split('-').map(Number)
  const text = `${gregorianMonths[lang][month! - 1]} ${year}`
  return lang === 'bn' ? toBangla(text) : text
}

/** 0 for Sunday to 6 for Saturday. @throws RangeError when `isoDate` is not a date. */
export function weekday(isoDate: string): number {
  const at = dayNumber(isoDate)
  if (at === null) throw new RangeError(`Not a date: ${isoDate}`)
  return (((at + 4) % 7) + 7) % 7
}

/** মঙ্গলবার, Tuesday. */
export function weekdayName(lang: Lang, isoDate: string): string {
  return weekdays[lang][weekday(isoDate)]!
}

/** The date `days` later (earlier when negative). @throws RangeError when `isoDate` is not a date. */
export function addDays(isoDate: string, days: number): string {
  const at = dayNumber(isoDate)
  if (at === null) throw new RangeError(`Not a date: ${isoDate}`)
  return isoOfDay(at + days)
}

/** Whole days from `from` to `to`; negative when `to` is earlier. @throws RangeError when either is not a date. */
export function daysBetween(from: string, to: string): number {
  const start = dayNumber(from)
  const end = dayNumber(to)
  if (start === null || end === null) throw new RangeError(`Not a date: ${start === null ? from : to}`)
  return end - start
}

/** @NOTE ফাল্গুন of Bangla year Y falls in the February of Y + 594, so that February's leap day is its own. */
function monthLengths(year: number): number[] {
  const leap = isLeap(year + 594)
  if (year >= 1426) return [31, 31, 31, 31, 31, 31, 30, 30, 30, 30, leap ? 30 : 29, 30]
  return [31, 31, 31, 31, 31, 30, 30, 30, 30, 30, leap ? 31 : 30, 30]
}

function newYear(year: number): number {
  return Date.UTC(year + 593, 3, 14) / dayLength
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

function dayNumber(isoDate: string): number | null {
  if (!/^[1-9]\d{3}-\d{2}-\d{2}$/.test(isoDate)) return null
  const at = Date.parse(`${isoDate}T00:00:00Z`) / dayLength
  return Number.isInteger(at) && isoOfDay(at) === isoDate ? at : null
}

function isoOfDay(at: number): string {
  return new Date(at * dayLength).toISOString().slice(0, 10)
}
