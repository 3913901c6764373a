/** What the answers add up to: by district, by division and overall, in the order the rows come. Never in order of a score. */
import { addDecimals } from './decimal.ts'
import type { Field, Values } from './fields.ts'
import { givenValue } from './fields-read.ts'

/** An addressee: where it stands (names as shown; '' where it lies in none) and what it answered, null when nothing yet. */
export type Addressee = { division: string; district: string; values: Values | null }

export type FieldTotal = {
  /** How many gave a value that counts. */
  given: number
  /** How many sent something this field cannot hold: shown, never added. */
  unreadable: number
  /** Of a number the exact sum of those given; of every other type ''. */
  sum: string
  /** Of a choice how many took each, in its order; of photographs one number, how many there are; else empty. */
  counts: number[]
}

/** `sent` counts addressees, `answered` those of them with values; the others are waited for. */
export type Total = { sent: number; answered: number; fields: FieldTotal[] }

export type DistrictTotal<R> = { name: string; total: Total; rows: R[] }
export type DivisionTotal<R> = { name: string; total: Total; districts: DistrictTotal<R>[] }
export type Totals<R> = { all: Total; divisions: DivisionTotal<R>[] }

/** Divisions, districts and rows in the order in which each is first met: give the rows in the order of the directory. */
export function totals<R extends Addressee>(fields: readonly Field[], rows: readonly R[]): Totals<R> {
  const divisions = [...groupBy(rows, ({ division }) => division)].map(([name, own]) => ({
    name,
    total: totalOf(fields, own),
    districts: [...groupBy(own, ({ district }) => district)].map(([district, all]) => ({
      name: district,
      total: totalOf(fields, all),
      rows: all,
    })),
  }))
  return { all: totalOf(fields, rows), divisions }
}

/** The total of one group of addressees. */
export function totalOf(fields: readonly Field[], rows: readonly Addressee[]): Total {
  const answered = rows.filter(({ values }) => values !== null)
  return { sent: rows.length, answered: answered.length, fields: fields.map((field) => fieldTotal(field, answered)) }
}

function fieldTotal(field: Field, rows: readonly Addressee[]): FieldTotal {
  const given: string[] = []
  let unreadable = 0
  for (const { values } of rows) {
    const value = givenValue(field, values)
    if (value !== undefined) given.push(value)
    else if (values?.get(field.key)) unreadable++
  }
  return {
    given: given.length,
    unreadable,
    sum: field.type === 'number' ? addDecimals(given) : '',
    counts: countsOf(field, given),
  }
}

function countsOf(field: Field, given: readonly string[]): number[] {
  if (field.type === 'photo') return [given.reduce((sum, places) => sum + places.split(' ').length, 0)]
  if (field.type !== 'choice') return []
  return field.choices.map((choice) => given.filter((value) => value === choice).length)
}

function groupBy<R>(rows: readonly R[], of: (row: R) => string): Map<string, R[]> {
  const groups = new Map<string, R[]>()
  for (const row of rows) {
    const group = groups.get(of(row))
    if (group) group.push(row)
    else groups.set(of(row), [row])
  }
  return groups
}
