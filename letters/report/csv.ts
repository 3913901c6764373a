/** The report as a table of values (RFC 4180, UTF-8 with its mark, so that a spreadsheet shows Bangla as it is). */
import type { Lang } from '../../language/digits.ts'
import { dhakaTime } from '../../language/time.ts'
import { say } from '../../language/words.ts'
import type { Field, Values } from '../fields.ts'
import { givenValue } from '../fields-read.ts'
import { type FieldTotal, type Total, totals } from '../fields-total.ts'
import type { ReportData, ReportRow } from './data.ts'
import { choiceWords, fieldNames, stateWord, valueWord } from './wording.ts'

/**
 * One line an addressee, then the totals of each district and division and of all, told apart by the first column. Every line
 * has the same columns. Numbers in Latin digits without grouping, times as `2026-11-22 17:05` in Dhaka, so that they can be
 * reckoned with. No cell can become a formula.
 */
export function reportCsv(data: ReportData): string {
  const { lang, fields, rows } = data
  const word = (column: keyof typeof columns) => say(lang, columns[column])
  const heads = [...Object.keys(columns)].map((column) => word(column as keyof typeof columns))
  const lines = [[...heads, ...fieldNames(fields)]]
  rows.forEach((row, i) => {
    lines.push(rowLine(data, row, i + 1))
  })
  const add = (kind: 'district' | 'division' | 'all', division: string, district: string, total: Total) =>
    lines.push([
      say(lang, `report.kinds.${kind}`),
      '',
      division,
      district,
      '',
      '',
      '',
      '',
      '',
      String(total.sent),
      String(total.answered),
      ...fields.map((field, i) => totalText(data, field, total.fields[i]!)),
    ])
  const { all, divisions } = totals(fields, rows)
  for (const division of divisions)
    for (const { name, total } of division.districts) if (name) add('district', division.name, name, total)
  for (const { name, total } of divisions) if (name) add('division', name, '', total)
  add('all', '', '', all)
  return `\ufeff${lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('')}`
}

const columns = {
  kind: 'report.columns.kind',
  serial: 'report.columns.serial',
  division: 'report.columns.division',
  district: 'report.columns.district',
  upazila: 'report.columns.upazila',
  office: 'report.columns.office',
  post: 'report.columns.post',
  state: 'report.columns.state',
  answeredAt: 'report.columns.answeredAt',
  sent: 'report.columns.sent',
  answered: 'report.columns.answered',
} as const

function rowLine({ lang, fields }: ReportData, row: ReportRow, serial: number): string[] {
  return [
    say(lang, 'report.kinds.row'),
    String(serial),
    row.division,
    row.district,
    row.upazila,
    row.office,
    row.post,
    stateWord(lang, row.state),
    row.answeredAt === null ? '' : stamp(row.answeredAt),
    '1',
    row.values === null ? '0' : '1',
    ...fields.map((field) => plainValue(lang, field, row.values)),
  ]
}

/** As it came; of photographs how many. */
function plainValue(lang: Lang, field: Field, values: Values | null): string {
  const value = givenValue(field, values)
  if (value === undefined) return valueWord(lang, field, values)
  return field.type === 'photo' ? String(value.split(' ').length) : value
}

function totalText({ lang }: ReportData, field: Field, total: FieldTotal): string {
  if (field.type === 'number') return total.sum
  if (field.type === 'choice') return choiceWords(lang, field, total).join('; ')
  return String(total.counts[0] ?? total.given)
}

function stamp(at: number): string {
  const { date, hour, minute } = dhakaTime(at)
  return `${date} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/** A spreadsheet takes = + - @ at the start, also behind blanks, for a formula; an apostrophe keeps it text. A number stays one. */
function cell(text: string): string {
  const formula = /^[\s\u200b-\u200f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|]/.test(text) || /^[\t\r]/.test(text)
  const safe = formula && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
