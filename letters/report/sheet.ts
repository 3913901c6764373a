/** The report as it stands on paper: every text worded, every column given its width; the template only draws it. */
import { banglaDate, formatBanglaDate, formatDate } from '../../language/calendar.ts'
import { formatNumber, type Lang, toBangla } from '../../language/digits.ts'
import { dhakaTime } from '../../language/time.ts'
import { say } from '../../language/words.ts'
import { type Total, type Totals, totals } from '../fields-total.ts'
import { bounded, breakable } from './bounded.ts'
import { type Column, columnOf, FIXED, panelsOf, totalColumnOf } from './columns.ts'
import type { ReportData, ReportRow } from './data.ts'
import {
  dayWord,
  districtName,
  divisionName,
  fieldNames,
  momentWord,
  stateWord,
  totalWord,
  valueWord,
} from './wording.ts'

/** A line of cells, one for each column of its table. */
type Line = string[]
type District = { name: string; note: string; rows: Line[]; total: Line }
type Division = { name: string; note: string; districts: District[]; total: Line }

/** `text` is what the template reads as JSON; nothing in it is ever read as markup. */
export type Sheet = {
  lang: Lang
  digits: string[]
  title: string
  author: string
  /** Year, month, day the report was made, for the file's own properties. */
  date: number[]
  mark: string
  letterhead: string[]
  dateLabel: string
  dates: string[]
  facts: string[][]
  figures: string[][]
  notes: string[]
  maker: string[]
  summary: { title: string; tables: { columns: Column[]; rows: Line[]; total: Line }[] }
  detail: { title: string; columns: Column[]; divisions: Division[]; total: Line }[]
  silent: { title: string; none: string; heads: string[]; divisions: { name: string; rows: Line[] }[] }
  footer: string[]
  /** With {n} and {all} still to be filled. */
  page: string
}

/** Lays the report out; `onRow` hears how many rows stand. */
export function layOut(given: ReportData, onRow: (done: number) => void = () => {}): Sheet {
  const data = bounded(given)
  const { lang, rows } = data
  const sums = totals(data.fields, rows)
  const made = dhakaTime(data.madeAt).date
  return {
    lang,
    digits: [...(lang === 'bn' ? toBangla('0123456789') : '0123456789')],
    title: say(lang, 'report.title'),
    author: data.maker?.office ?? data.letterhead.at(-1) ?? '',
    date: made.split('-').map(Number),
    mark: data.mark,
    letterhead: data.letterhead,
    dateLabel: say(lang, 'report.date'),
    dates: bothDates(lang, made),
    facts: factsOf(data),
    figures: figuresOf(data, sums.all),
    notes: notesOf(data, sums.all),
    maker: data.maker ? [data.maker.name, data.maker.post, data.maker.office].filter(Boolean) : [],
    summary: { title: say(lang, 'report.summary'), tables: summaryOf(data, sums) },
    detail: detailOf(data, sums, onRow),
    silent: silentOf(data, sums),
    footer: [
      say(lang, 'report.made', { time: momentWord(lang, data.madeAt) }),
      say(lang, 'report.checkpoint', { size: data.checkpoint.size, root: data.checkpoint.root }),
    ],
    page: say(lang, 'report.page', { n: '{n}', all: '{all}' }),
  }
}

/** The Bangla date above the Gregorian one, as a letter has them. */
function bothDates(lang: Lang, iso: string): string[] {
  return [formatBanglaDate(banglaDate(iso), lang), formatDate(lang, iso)]
}

function factsOf({ lang, memo, issued, subject, due }: ReportData): string[][] {
  const reference = [
    memo && `${say(lang, 'report.memo')}: ${memo}`,
    issued && `${say(lang, 'report.date')}: ${bothDates(lang, issued).join(' / ')}`,
  ]
  return [
    [say(lang, 'report.reference'), reference.filter(Boolean).join('; ')],
    [say(lang, 'report.subject'), subject],
    [say(lang, 'report.due'), due === null ? say(lang, 'report.noDue') : momentWord(lang, due)],
  ].filter(([, text]) => text)
}

function figuresOf({ lang, rows }: ReportData, { sent, answered }: Total): string[][] {
  const counted = (...states: string[]) => rows.filter(({ state }) => states.includes(state)).length
  const figures = {
    sent,
    answered,
    waiting: sent - answered,
    complied: counted('done', 'kept'),
    vacant: counted('vacant'),
  }
  return Object.entries(figures).map(([name, n]) => [
    say(lang, `report.figures.${name as keyof typeof figures}`),
    formatNumber(lang, n),
  ])
}

function notesOf({ lang, partly }: ReportData, { fields }: Total): string[] {
  const unreadable = fields.reduce((sum, field) => sum + field.unreadable, 0)
  return [
    ...(partly ? [say(lang, 'report.partlyNote', { n: partly })] : []),
    ...(unreadable ? [say(lang, 'report.unreadableNote', { n: unreadable })] : []),
    say(lang, 'report.exact'),
  ]
}

function summaryOf(data: ReportData, { all, divisions }: Totals<ReportRow>): Sheet['summary']['tables'] {
  const { lang, fields } = data
  const names = fieldNames(fields)
  const number = (n: number) => formatNumber(lang, n)
  const line = (name: string, total: Total, panel: number[]) => [
    name,
    number(total.sent),
    number(total.answered),
    number(total.sent - total.answered),
    ...panel.map((i) => totalWord(lang, fields[i]!, total.fields[i]!)),
  ]
  const columns = fields.map((field, i) => totalColumnOf(field, names[i]!, [totalWord(lang, field, all.fields[i]!)]))
  const lead = (['division', 'sent', 'answered', 'waiting'] as const).map((name) => ({
    ...FIXED[name],
    head: say(lang, `report.columns.${name}`),
  }))
  return panelsOf(columns, lead, lead).map((panel) => ({
    columns: [...lead, ...panel.map((i) => columns[i]!)],
    rows: divisions.map(({ name, total }) => line(divisionName(lang, name), total, panel)),
    total: line(say(lang, 'report.totalAll'), all, panel),
  }))
}

function detailOf(
  data: ReportData,
  { all, divisions }: Totals<ReportRow>,
  onRow: (done: number) => void,
): Sheet['detail'] {
  const { lang, fields, rows } = data
  const names = fieldNames(fields)
  const officeOf = officeNamer(rows)
  const cells = new Map(
    rows.map((row, i) => {
      onRow(i + 1)
      return [row, fields.map((field) => breakable(valueWord(lang, field, row.values)))]
    }),
  )
  const columns = fields.map((field, i) =>
    columnOf(field, names[i]!, [
      totalWord(lang, field, all.fields[i]!),
      ...rows.map((row) => cells.get(row)?.[i] ?? ''),
    ]),
  )
  const named = (name: 'serial' | 'office' | 'state' | 'answeredAt') => ({
    ...FIXED[name],
    head: say(lang, `report.columns.${name}`),
  })
  const lead = [named('serial'), named('office')]
  const first = [...lead, named('state'), named('answeredAt')]
  const panels = panelsOf(columns, first, lead)
  return panels.map((panel, p) => {
    const own = p === 0 ? first : lead
    const totalLine = (name: string, total: Total) => [
      name,
      ...Array(own.length - 2).fill(''),
      ...panel.map((i) => totalWord(lang, fields[i]!, total.fields[i]!)),
    ]
    let serial = 0
    const line = (row: ReportRow) => [
      formatNumber(lang, ++serial),
      officeOf(row),
      ...(p === 0
        ? [stateWord(lang, row.state), row.answeredAt === null ? '' : dayWord(lang, dhakaTime(row.answeredAt).date)]
        : []),
      ...panel.map((i) => cells.get(row)?.[i] ?? ''),
    ]
    return {
      title:
        panels.length === 1
          ? say(lang, 'report.detail')
          : say(lang, 'report.detailPart', { n: p + 1, all: panels.length }),
      columns: [...own, ...panel.map((i) => columns[i]!)],
      divisions: divisions.map(({ name, total, districts }) => ({
        name: divisionName(lang, name),
        note: answeredOf(lang, total),
        districts: districts.map((district) => ({
          name: districtName(lang, name, district.name),
          note: answeredOf(lang, district.total),
          rows: district.rows.map(line),
          total: totalLine(
            say(lang, 'report.totalOf', { name: districtName(lang, name, district.name) }),
            district.total,
          ),
        })),
        total: totalLine(say(lang, 'report.totalOf', { name: divisionName(lang, name) }), total),
      })),
      total: totalLine(say(lang, 'report.totalAll'), all),
    }
  })
}

function silentOf({ lang, rows }: ReportData, { divisions }: Totals<ReportRow>): Sheet['silent'] {
  const officeOf = officeNamer(rows)
  const said = (row: ReportRow) =>
    row.state === 'sent' || row.state === 'delivered'
      ? officeOf(row)
      : `${officeOf(row)} (${stateWord(lang, row.state)})`
  const waiting = divisions
    .map(({ name, districts }) => ({
      name: divisionName(lang, name),
      rows: districts.flatMap((district): Line[] => {
        const silent = district.rows.filter(({ values }) => values === null)
        if (silent.length === 0) return []
        return [
          [districtName(lang, name, district.name), formatNumber(lang, silent.length), silent.map(said).join(', ')],
        ]
      }),
    }))
    .filter((division) => division.rows.length > 0)
  return {
    title: say(lang, 'report.silent'),
    none: say(lang, 'report.noneSilent'),
    heads: [say(lang, 'report.columns.district'), say(lang, 'report.columns.count'), say(lang, 'report.columns.who')],
    divisions: waiting,
  }
}

function answeredOf(lang: Lang, { sent, answered }: Total): string {
  return say(lang, 'report.answeredOf', { n: answered, all: sent })
}

/**
 * The office alone where all hold the same post: 495 times উপজেলা নির্বাহী অফিসার says nothing. Its upazila stands behind it
 * where the name does not hold it: a district has an agriculture office in each.
 */
function officeNamer(rows: readonly ReportRow[]): (row: ReportRow) => string {
  const alike = new Set(rows.map(({ post }) => post)).size <= 1
  return ({ office, post, upazila }) => {
    const name = alike && office ? office : [post, office].filter(Boolean).join(', ')
    return name.includes(upazila) ? name : [name, upazila].filter(Boolean).join(', ')
  }
}
