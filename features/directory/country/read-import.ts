import * as v from 'valibot'
import { Refusal } from '../../../core/refusal.ts'
import { toLatin } from '../../../language/digits.ts'
import { checkImport, type List } from './check-import.ts'
import { parseCsv } from './csv.ts'
import { type Fault, fault, isFaultCode } from './faults.ts'
import { type Import, officeShape, personShape, postShape, serviceShape } from './import-shape.ts'

/** Something the files say, before anything is believed of it. `rows` has one place for each holding of a person. */
type Entry = { file: string; row: number; rows?: number[]; value: unknown }
type Entries = { service: Entry | undefined } & Record<List, Entry[]>

const lists: List[] = ['offices', 'posts', 'people']

const columns = {
  service: { needed: ['bn', 'en'], allowed: [] },
  offices: { needed: ['code', 'bn', 'kind'], allowed: ['en', 'alt', 'parent', 'place'] },
  posts: {
    needed: ['code', 'role', 'bn', 'office', 'supervisor'],
    allowed: ['en', 'alt', 'place', 'wing', 'order', 'mayIssue'],
  },
  people: { needed: ['code', 'bn', 'post'], allowed: ['en', 'charge', 'order'] },
}
type Table = keyof typeof columns

/** The service of an import whose CSV files do not name one. */
const government = { bn: 'গণপ্রজাতন্ত্রী বাংলাদেশ সরকার', en: "Government of the People's Republic of Bangladesh" }

/**
 * An operator's own data as a plan: either one `.json` file of the `Import` shape, or `offices.csv`, `posts.csv` and
 * `people.csv` (with `service.csv` if wished), told by the last part of their names. The columns are described in
 * `examples/README.md`. Codes, places and numbers may be in Bangla or Latin digits; names become NFC without outer
 * spaces. With `known`, the plan adds to a service that is there.
 *
 * Throws one `Refusal('bad_input')` whose `details.faults` is every `Fault` found, in the order of the files.
 */
export function readImport(files: { name: string; text: string }[], known?: Import): Import {
  const faults: Fault[] = []
  const entries = gather(files, faults)
  const plan: Import = { service: government, offices: [], posts: [], people: [] }
  const kept: Record<List, Entry[]> = { offices: [], posts: [], people: [] }
  const forgiven = { offices: new Set<string>(), posts: new Set<string>(), people: new Set<string>() }

  const service = entries?.service
  if (service) plan.service = accept(service, serviceShape, faults) ?? government
  function take<T>(list: List, shape: v.GenericSchema<unknown, T>, into: T[]): void {
    for (const entry of entries?.[list] ?? []) {
      const value = accept(entry, shape, faults)
      if (value !== undefined) {
        into.push(value)
        kept[list].push(entry)
      } else forgiven[list].add(codeOf(entry.value))
    }
  }
  take('offices', officeShape, plan.offices)
  take('posts', postShape, plan.posts)
  take('people', personShape, plan.people)

  // @NOTE A file that is missing or cannot be cut into rows would make every reference to it look wrong.
  if (entries) {
    const where = (list: List, index: number, holding?: number) => {
      const entry = kept[list][index]
      if (!entry) return { file: entries[list][0]?.file ?? files[0]?.name ?? '', row: 0 }
      return { file: entry.file, row: entry.rows?.[holding ?? 0] ?? entry.row }
    }
    faults.push(...checkImport(plan, { where, forgiven, ...(known && { known }) }))
  }
  if (faults.length > 0) throw refuse(faults, files)
  return plan
}

function refuse(faults: Fault[], files: { name: string }[]): Refusal {
  const place = new Map(files.map(({ name }, index) => [name, index]))
  faults.sort((a, b) => (place.get(a.file) ?? -1) - (place.get(b.file) ?? -1) || a.row - b.row)
  const [first] = faults
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
  const message = `${first?.file}, row ${first?.row}, ${first?.column}: ${first?.say.en}${more}`
  return new Refusal('bad_input', message, { faults })
}

/** Undefined when the files themselves are not what is asked for; then `faults` says why. */
function gather(files: { name: string; text: string }[], faults: Fault[]): Entries | undefined {
  const before = faults.length
  const found = new Map<Table | 'json', { name: string; text: string }>()
  for (const file of files) {
    const base = file.name.toLowerCase().replace(/^.*[/\\]/, '')
    const table = base.endsWith('.json')
      ? 'json'
      : (Object.keys(columns) as Table[]).find((one) => base === `${one}.csv`)
    if (!table) faults.push(fault(file.name, 0, '', 'unknown_file'))
    else if (found.has(table) || (found.size > 0 && (table === 'json' || found.has('json')))) {
      faults.push(fault(file.name, 0, '', 'repeated_file'))
    } else found.set(table, file)
  }
  const json = found.get('json')
  if (json) {
    const entries = fromJson(json, faults)
    return faults.length > before ? undefined : entries
  }
  for (const list of lists) {
    if (!found.has(list)) faults.push(fault(`${list}.csv`, 0, '', 'missing_file', `${list}.csv`))
  }
  const tables = { service: [], offices: [], posts: [], people: [] } as Record<Table, Row[]>
  for (const [table, file] of found) if (table !== 'json') tables[table] = readTable(table, file, faults)
  if (faults.length > before) return undefined
  const [service] = tables.service
  return {
    service: service && { file: service.file, row: service.row, value: service.cells },
    offices: tables.offices.map(officeEntry),
    posts: postEntries(tables.posts),
    people: personEntries(tables.people, faults),
  }
}

function fromJson({ name, text }: { name: string; text: string }, faults: Fault[]): Entries | undefined {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    // The engine's own words are in English and name an offset; the fault says what to look at instead.
    faults.push(fault(name, 0, '', 'bad_json'))
    return undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.push(fault(name, 0, '', 'not_object'))
    return undefined
  }
  const whole = new Map(Object.entries(value))
  for (const key of whole.keys())
    if (!Object.hasOwn(columns, key)) faults.push(fault(name, 0, key, 'unknown_column', key))
  const list = (key: List): Entry[] => {
    const items = whole.get(key)
    if (!Array.isArray(items)) {
      faults.push(fault(name, 0, key, items === undefined ? 'missing' : 'not_list'))
      return []
    }
    return items.map((item, index) => ({ file: name, row: index + 1, value: item }))
  }
  if (!whole.has('service')) faults.push(fault(name, 0, 'service', 'missing'))
  const service = { file: name, row: 1, value: whole.get('service') }
  return { service, offices: list('offices'), posts: list('posts'), people: list('people') }
}

type Row = { file: string; row: number; cells: Record<string, string> }

function readTable(table: Table, { name, text }: { name: string; text: string }, faults: Fault[]): Row[] {
  const { rows, badQuotes } = parseCsv(text)
  for (const row of badQuotes) faults.push(fault(name, row, '', 'bad_quote'))
  const [heading, ...rest] = rows
  const { needed, allowed } = columns[table]
  const spelled = new Map([...needed, ...allowed].map((column) => [column.toLowerCase(), column]))
  const titles = (heading?.cells ?? []).map((cell) => cell.trim())
  const order = titles.map((title) => spelled.get(title.toLowerCase()) ?? '')
  order.forEach((column, index) => {
    if (!column) faults.push(fault(name, 1, titles[index] ?? '', 'unknown_column', titles[index]))
    else if (order.indexOf(column) !== index) faults.push(fault(name, 1, column, 'repeated_column', column))
  })
  for (const column of needed)
    if (!order.includes(column)) faults.push(fault(name, 1, column, 'missing_column', column))

  const read: Row[] = []
  for (const { row, cells } of rest) {
    if (cells.every((cell) => cell.trim() === '')) continue
    if (cells.length !== order.length) {
      faults.push(fault(name, row, '', 'wrong_cells', `${cells.length} / ${order.length}`))
      continue
    }
    const value = Object.fromEntries(order.map((column, index) => [column, cells[index]!.trim()]))
    if (!value.en) value.en = value.bn ?? ''
    read.push({ file: name, row, cells: value })
  }
  return read
}

const orNone = (cell: string | undefined) => cell || undefined
const alternatives = (cell: string | undefined) => {
  const names = (cell ?? '').split(';').filter((name) => name.trim())
  return names.length > 0 ? names : undefined
}

/** Leaves out what a row leaves empty, so that a plan from CSV and the same plan from JSON are alike. */
function filled(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined))
}

function officeEntry({ file, row, cells }: Row): Entry {
  const { alt, parent, place, ...rest } = cells
  return { file, row, value: filled({ ...rest, alt: alternatives(alt), parent: orNone(parent), place: orNone(place) }) }
}

/** A post without `order` follows the one before it in its office; without `mayIssue` it issues nothing. */
function postEntries(rows: Row[]): Entry[] {
  const last = new Map<string, number>()
  return rows.map(({ file, row, cells }) => {
    const { alt, supervisor, place, wing, order, mayIssue, ...rest } = cells
    const office = toLatin(cells.office ?? '')
    const given = toLatin(order ?? '')
    const number = given === '' ? (last.get(office) ?? 0) + 1 : /^\d{1,9}$/.test(given) ? Number(given) : given
    if (typeof number === 'number') last.set(office, number)
    const value = {
      ...rest,
      alt: alternatives(alt),
      supervisor: orNone(supervisor),
      place: orNone(place),
      wing: orNone(wing),
      order: number,
      mayIssue: yesOrNo(mayIssue ?? ''),
    }
    return { file, row, value: filled(value) }
  })
}

function yesOrNo(cell: string): boolean | string {
  const word = toLatin(cell).toLowerCase().normalize('NFC')
  if (['yes', 'y', 'true', '1', 'হ্যাঁ'.normalize('NFC')].includes(word)) return true
  if (['', 'no', 'n', 'false', '0', 'না'].includes(word)) return false
  return cell
}

/** A person has a row for each post; a row without a post is a person who holds none. */
function personEntries(rows: Row[], faults: Fault[]): Entry[] {
  type Person = { file: string; row: number; rows: number[]; value: Record<string, unknown> & { posts: unknown[] } }
  const people = new Map<string, Person>()
  for (const { file, row, cells } of rows) {
    const { post, charge, order, ...who } = cells
    const code = toLatin(who.code ?? '')
    let person = people.get(code)
    if (!person || code === '') {
      person = { file, row, rows: [], value: { ...who, posts: [] } }
      people.set(code || `row ${row}`, person)
    } else if (person.value.bn !== who.bn || person.value.en !== who.en) {
      faults.push(fault(file, row, 'bn', 'two_names', person.value.bn))
    }
    if (!post) continue
    person.rows.push(row)
    person.value.posts.push(filled({ post, charge: charge || 'regular', order: orNone(order) }))
  }
  return [...people.values()]
}

function accept<T>(entry: Entry, shape: v.GenericSchema<unknown, T>, faults: Fault[]): T | undefined {
  const read = v.safeParse(shape, entry.value, { abortPipeEarly: true })
  if (read.success) return read.output
  for (const issue of read.issues) {
    const path = (issue.path ?? []).map(({ key }) => key)
    const holding = path[0] === 'posts' && typeof path[1] === 'number' ? path[1] : undefined
    const row = (holding === undefined ? undefined : entry.rows?.[holding]) ?? entry.row
    const column = entry.rows && holding !== undefined ? String(path[2] ?? '') : path.join('.')
    faults.push(fault(entry.file, row, column, faultOf(issue), 'input' in issue ? (issue.input ?? '') : ''))
  }
  return undefined
}

function faultOf(issue: v.BaseIssue<unknown>) {
  if (issue.type === 'strict_object') {
    if (issue.expected === 'never') return 'unknown_column'
    return issue.expected === 'Object' ? 'not_object' : 'missing'
  }
  if (isFaultCode(issue.message)) return issue.message
  throw new Error(`No fault is worded for ${issue.message}`)
}

function codeOf(value: unknown): string {
  const code = typeof value === 'object' && value !== null && 'code' in value ? value.code : undefined
  return typeof code === 'string' ? toLatin(code.trim()) : ''
}
