/** The words of single cells, for paper and for a table of values alike. */
import { formatDate } from '../../language/calendar.ts'
import { digitsOf, formatNumber, type Lang } from '../../language/digits.ts'
import { dhakaTime, formatClock } from '../../language/time.ts'
import { say, type WordKey } from '../../language/words.ts'
import { formatDecimal } from '../decimal.ts'
import type { Field, Values } from '../fields.ts'
import { givenValue } from '../fields-read.ts'
import type { FieldTotal } from '../fields-total.ts'
import type { ReportState } from './data.ts'

const states = {
  sent: 'report.notOpened',
  delivered: 'report.notOpened',
  opened: 'common.states.opened',
  acknowledged: 'common.states.acknowledged',
  done: 'common.states.complied',
  progress: 'common.states.progress',
  impossible: 'common.states.impossible',
  notours: 'common.states.notOurs',
  kept: 'common.states.keeping',
  problem: 'report.problem',
  vacant: 'common.states.vacant',
} as const satisfies Record<ReportState, WordKey>

export function stateWord(lang: Lang, state: ReportState): string {
  return say(lang, states[state])
}

/** The headings of fields: name and unit, and the clause where not all are of one clause. */
export function fieldNames(fields: readonly Field[]): string[] {
  const several = new Set(fields.map(({ clause }) => clause)).size > 1
  return fields.map(({ clause, name, unit }) => {
    const label = clause.replace(/^[([]|[)\]]$/g, '')
    return `${several && label ? `(${label}) ` : ''}${name}${unit ? ` (${unit})` : ''}`
  })
}

/** A value as it is read on paper; '' where none was given, a word where what came does not suit the field. */
export function valueWord(lang: Lang, field: Field, values: Values | null): string {
  const value = givenValue(field, values)
  if (value === undefined) return values?.get(field.key) ? say(lang, 'report.unreadable') : ''
  if (field.type === 'number') return formatDecimal(lang, value)
  if (field.type === 'date') return dayWord(lang, value)
  if (field.type === 'photo') return say(lang, 'report.given', { n: value.split(' ').length })
  return value
}

/** The sum of a number, how many took each choice, how many gave anything else. */
export function totalWord(lang: Lang, field: Field, total: FieldTotal): string {
  if (field.type === 'number') return formatDecimal(lang, total.sum)
  if (field.type === 'choice') return choiceWords(lang, field, total).join(', ')
  return say(lang, 'report.given', { n: total.counts[0] ?? total.given })
}

/** হ্যাঁ: ৫, না: ৩; what nobody chose is left out. */
export function choiceWords(lang: Lang, field: Field, { counts }: FieldTotal): string[] {
  return field.choices.flatMap((choice, i) =>
    counts[i] ? [say(lang, 'report.choiceCount', { choice, n: formatNumber(lang, counts[i]) })] : [],
  )
}

/** ২২ নভেম্বর ২০২৬, বিকাল ৫:০০: with its day whatever day it is read on. */
export function momentWord(lang: Lang, at: number): string {
  return `${formatDate(lang, dhakaTime(at).date)}, ${formatClock(lang, at)}`
}

/** ২২-১১-২০২৬ of an ISO date: narrow enough for a column. */
export function dayWord(lang: Lang, iso: string): string {
  return digitsOf(lang, iso.split('-').reverse().join('-'))
}

export function divisionName(lang: Lang, name: string): string {
  return name ? say(lang, 'report.divisionName', { name }) : say(lang, 'report.noDivision')
}

/** Within a division: its district, or the offices that lie in none of them. Outside any division there is nothing to say. */
export function districtName(lang: Lang, division: string, name: string): string {
  if (name) return say(lang, 'report.districtName', { name })
  return division ? say(lang, 'report.noDistrict') : ''
}
