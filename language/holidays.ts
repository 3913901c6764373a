import { Refusal } from '../core/refusal.ts'
import { isIsoDate } from './calendar.ts'
import { toLatin } from './digits.ts'
import type { Holiday } from './working-time.ts'

export type HolidayFaultCode = keyof typeof sentences

/** One thing wrong in a list of holidays. */
export type HolidayFault = {
  /** The line of the file, from 1; of JSON the place in its list, from 1. 0 is the whole file. */
  line: number
  fault: HolidayFaultCode
  /** What was found there, shortened. */
  value: string
  /** What is wrong and what to do. */
  say: { bn: string; en: string }
}

const sentences = {
  not_a_date: {
    bn: 'এটি তারিখ নয়। বছর-মাস-দিন এভাবে লিখুন, যেমন ২০২৬-০২-২১।',
    en: 'This is not a date. Write year-month-day, such as 2026-02-21.',
  },
  no_such_day: {
    bn: 'এমন কোনো দিন নেই। মাসের দিনসংখ্যা দেখে ঠিক করুন।',
    en: 'There is no such day. Look how many days the month has and correct it.',
  },
  other_year: {
    bn: 'তারিখটি এ তালিকার বছরের নয়। বছর ঠিক করুন, বা সারিটি অন্য তালিকায় নিন।',
    en: 'This date is not in the year of the list. Correct the year or move the line to another list.',
  },
  repeated: {
    bn: 'তারিখটি আগে একবার লেখা আছে। দুটি উপলক্ষ একদিনে হলে এক সারিতে লিখুন।',
    en: 'This date is there already. Where two occasions fall on one day, write them on one line.',
  },
  no_name: {
    bn: 'ছুটির বাংলা নাম নেই। তারিখের পরে নাম লিখুন।',
    en: 'The Bangla name of the holiday is missing. Write it after the date.',
  },
  too_long: { bn: 'নামটি অতি দীর্ঘ। ১০০ অক্ষরের মধ্যে লিখুন।', en: 'The name is too long. Keep to 100 characters.' },
  bad_mark: {
    bn: 'শেষ ঘরে শুধু provisional লেখা যায়, বা খালি থাকে। নামে কমা থাকলে উদ্ধৃতিচিহ্নে দিন।',
    en: 'The last cell holds the word provisional or nothing. Put a name with a comma in quotation marks.',
  },
  bad_quote: {
    bn: 'উদ্ধৃতিচিহ্ন শেষ হয়নি। নামের শেষে " দিন।',
    en: 'A quotation mark is not closed. Put " at the end of the name.',
  },
  not_a_holiday: {
    bn: 'এখানে { } দিয়ে ঘেরা date, bn ও en থাকার কথা।',
    en: 'A date, bn and en in { } are expected here.',
  },
  not_json: {
    bn: 'ফাইলটি JSON হিসেবে পড়া যায়নি। কমা, বন্ধনী ও উদ্ধৃতিচিহ্ন মিলিয়ে নিন।',
    en: 'The file cannot be read as JSON. Check its commas, brackets and quotation marks.',
  },
  empty: {
    bn: 'তালিকায় একটিও ছুটি নেই। সঠিক ফাইলটি দিন।',
    en: 'There is not one holiday in the list. Give the right file.',
  },
} satisfies Record<string, { bn: string; en: string }>

export type HolidayList = { holidays: Holiday[]; faults: HolidayFault[] }

const LONGEST_NAME = 100

/**
 * Reads a list of holidays: JSON, either a list of { date, bn, en, provisional } or an object with that list as `items`; or lines
 * `date,bn,en,provisional`, with a heading or without, the last two cells free to be left out. Digits of either script. What is
 * right comes back in the order of the file, and everything wrong is named; blank lines and lines after `#` say nothing. `years`:
 * those the list is for. Never throws.
 */
export function readHolidays(text: string, { years }: { years?: readonly number[] } = {}): HolidayList {
  const list: HolidayList = { holidays: [], faults: [] }
  const seen = new Set<string>()
  const found = /^\s*[[{]/.test(text) ? fromJson(text) : fromLines(text)
  for (const one of found) {
    if ('fault' in one) list.faults.push(one)
    else take(one, list, seen, years)
  }
  if (found.length === 0) list.faults.push(fault(0, 'empty', ''))
  return list
}

/** As `readHolidays`; throws `Refusal('bad_holidays')` with every fault in `details.faults` where there is one. */
export function requireHolidays(text: string, options: { years?: readonly number[] } = {}): Holiday[] {
  const { holidays, faults } = readHolidays(text, options)
  if (faults.length === 0) return holidays
  const lines = faults.map(({ line, value, say }) => `line ${line} (${value}): ${say.en}`)
  throw new Refusal('bad_holidays', `The list of holidays has mistakes:\n${lines.join('\n')}`, {
    n: faults.length,
    field: 'holidays',
    faults,
  })
}

/** A line that could be cut into its cells. */
type Cells = { line: number; date: string; bn: string; en: string; mark: string; more: boolean }

function take({ line, mark, more, ...given }: Cells, list: HolidayList, seen: Set<string>, years?: readonly number[]) {
  const date = toLatin(given.date.trim()).replace(/[–—−]/g, '-')
  const bn = given.bn.trim().normalize('NFC')
  const en = given.en.trim()
  const wrong = faultOf()
  if (wrong) {
    list.faults.push(fault(line, wrong, wrong === 'no_name' || wrong === 'bad_mark' ? mark || date : given.date.trim()))
    return
  }
  seen.add(date)
  list.holidays.push({ date, bn, en: en || bn, ...(mark.trim() !== '' && { provisional: true as const }) })

  function faultOf(): HolidayFaultCode | undefined {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return 'not_a_date'
    if (!isIsoDate(date)) return 'no_such_day'
    if (years && !years.includes(Number(date.slice(0, 4)))) return 'other_year'
    if (seen.has(date)) return 'repeated'
    if (bn === '') return 'no_name'
    if (bn.length > LONGEST_NAME || en.length > LONGEST_NAME) return 'too_long'
    if (more || !['', 'provisional', 'অস্থায়ী'].includes(mark.trim().normalize('NFC').toLowerCase())) return 'bad_mark'
    return undefined
  }
}

function fromLines(text: string): (Cells | HolidayFault)[] {
  const found: (Cells | HolidayFault)[] = []
  for (const [i, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = i + 1
    if (raw.trim() === '' || raw.startsWith('#')) continue
    const cells = cut(raw)
    if (!cells) {
      found.push(fault(line, 'bad_quote', raw))
      continue
    }
    const [date = '', bn = '', en = '', mark = '', ...more] = cells
    if (found.length === 0 && date.trim().toLowerCase() === 'date') continue
    found.push({ line, date, bn, en, mark, more: more.some((cell) => cell.trim() !== '') })
  }
  return found
}

/** The cells of one line; undefined where a quotation mark stays open. */
function cut(line: string): string[] | undefined {
  const cells: string[] = []
  const cell = /\s*"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*)/y
  for (;;) {
    const [, quoted, plain = ''] = cell.exec(line) ?? []
    if (quoted === undefined && plain.includes('"')) return undefined
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (line[cell.lastIndex] !== ',') return cells
    cell.lastIndex += 1
  }
}

function fromJson(text: string): (Cells | HolidayFault)[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return [fault(0, 'not_json', text)]
  }
  const items = Array.isArray(value) ? value : (value as { items?: unknown }).items
  if (!Array.isArray(items)) return [fault(0, 'not_json', text)]
  return items.map((item: unknown, i) => {
    const { date, bn, en = '', provisional = false } = (item ?? {}) as Record<string, unknown>
    if (typeof date !== 'string' || typeof bn !== 'string' || typeof en !== 'string')
      return fault(i + 1, 'not_a_holiday', JSON.stringify(item))
    if (typeof provisional !== 'boolean') return fault(i + 1, 'bad_mark', String(provisional))
    return { line: i + 1, date, bn, en, mark: provisional ? 'provisional' : '', more: false }
  })
}

function fault(line: number, code: HolidayFaultCode, value: string): HolidayFault {
  const shown = value.length > 80 ? `${value.slice(0, 79)}…` : value
  return { line, fault: code, value: shown, say: sentences[code] }
}
