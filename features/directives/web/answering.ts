import type { Answer, Answering, AnswerState, ClauseAsk, DirectiveRow, KeptFile } from '../../../client/views.ts'
import type { Field } from '../../../letters/fields.ts'
import { readValue, type ValueFault } from '../../../letters/fields-read.ts'
import { isDuty } from './sections.ts'

/** One answer as it is being written. `until` is an ISO date or ''; `files` are those nobody asked for. */
export type Entry = { state: AnswerState | null; until: string; note: string; files: KeptFile[] }

/**
 * The whole form, and what is kept as a draft. `each` is by clause label; `chosen` are labels of clauses nobody asked for;
 * `values` are what was typed into the asked-for fields, as typed, and `photos` what was taken for them, by the field's key.
 */
export type Form = {
  same: boolean
  all: Entry
  each: Record<string, Entry>
  chosen: string[]
  values: Record<string, string>
  photos: Record<string, KeptFile[]>
}

export type FormError = {
  label: string | null
  field: 'clauses' | 'state' | 'until' | 'note'
  word: 'clause' | 'choose' | 'date' | 'past' | 'reason'
}

export function emptyForm(): Form {
  return { same: true, all: emptyEntry(), each: {}, chosen: [], values: {}, photos: {} }
}

export function emptyEntry(): Entry {
  return { state: null, until: '', note: '', files: [] }
}

/** The clauses to answer: those still owed, or all that ask when everything was answered and one corrects. */
export function dutiesOf(row: Pick<DirectiveRow, 'owed' | 'clauses'>): ClauseAsk[] {
  const owed = row.owed.filter(isDuty)
  return owed.length > 0 ? owed : row.clauses.filter(isDuty)
}

/**
 * Where nothing asks for an answer: the clauses one may be given to all the same, or the whole of a letter that has none. A
 * `secretary` presents a letter as a whole.
 */
export function freeOf(row: Pick<DirectiveRow, 'clauses'>, secretary = false): ClauseAsk[] {
  if (row.clauses.some(isDuty)) return []
  const whole = row.clauses.filter(({ label }) => label === '')
  if (secretary && whole.length > 0) return whole
  const labelled = row.clauses.filter(({ label }) => label !== '')
  return labelled.length > 0 ? labelled : row.clauses
}

/** What may be said of these clauses: a standing one is kept to, never done. */
export function choicesOf(duties: readonly ClauseAsk[]): AnswerState[] {
  const standing = duties.length > 0 && duties.every(({ ask }) => ask === 'standing')
  return [standing ? 'kept' : 'done', 'progress', 'impossible', 'notours']
}

/** What is missing, in the order of the form; `today` is an ISO date. */
export function errorsOf(form: Form, duties: readonly ClauseAsk[], today: string): FormError[] {
  if (duties.length === 0) return [{ label: null, field: 'clauses', word: 'clause' }]
  const entries = form.same
    ? [{ label: null, entry: form.all }]
    : duties.map(({ label }) => ({ label, entry: form.each[label] ?? emptyEntry() }))
  return entries.flatMap(({ label, entry }): FormError[] => {
    if (entry.state === null) return [{ label, field: 'state', word: 'choose' }]
    if (entry.state === 'progress' && entry.until === '') return [{ label, field: 'until', word: 'date' }]
    if (entry.state === 'progress' && entry.until < today) return [{ label, field: 'until', word: 'past' }]
    const needsReason = entry.state === 'impossible' || entry.state === 'notours' || entry.state === 'problem'
    if (needsReason && entry.note.trim() === '') return [{ label, field: 'note', word: 'reason' }]
    return []
  })
}

/**
 * The fields asked by these clauses. One asked by the letter as a whole, or by a clause the letter does not have, is filled in
 * with the first of them.
 */
export function fieldsFor(
  fields: readonly Field[],
  duties: readonly ClauseAsk[],
  clauses: readonly ClauseAsk[],
): { label: string; field: Field }[] {
  const first = duties[0]
  if (!first) return []
  return fields.flatMap((field) => {
    const own = clauses.some(({ label }) => label !== '' && label === field.clause)
    const label = own || duties.some((duty) => duty.label === field.clause) ? field.clause : first.label
    return duties.some((duty) => duty.label === label) ? [{ label, field }] : []
  })
}

/** What is wrong with the fields, by key, in their order. They must be filled in only by who says that he complied. */
export function fieldFaults(form: Form, asked: readonly { label: string; field: Field }[]): Map<string, ValueFault> {
  const faults = new Map<string, ValueFault>()
  for (const { label, field } of asked) {
    const entry = form.same ? form.all : form.each[label]
    const complied = entry?.state === 'done' || entry?.state === 'kept'
    const { fault } = readValue({ ...field, required: field.required && complied }, typedOf(form, field))
    if (fault) faults.set(field.key, fault)
  }
  return faults
}

/** What stands in a field: of photographs their places among those taken for it. */
function typedOf(form: Form, field: Field): string {
  if (field.type !== 'photo') return Object.hasOwn(form.values, field.key) ? form.values[field.key]! : ''
  return (form.photos[field.key] ?? []).map((_, i) => i + 1).join(' ')
}

/** Values of an answer and the files it carries: photographs of the fields first, named by their places among them. */
function carriedBy(
  form: Form,
  fields: readonly Field[],
  others: readonly KeptFile[],
): Pick<Answering, 'values' | 'files'> {
  const values: Record<string, string> = {}
  const files: KeptFile[] = []
  for (const field of fields) {
    if (field.type === 'photo') {
      const taken = form.photos[field.key] ?? []
      if (taken.length > 0) values[field.key] = taken.map((_, i) => files.length + i + 1).join(' ')
      files.push(...taken)
      continue
    }
    const { value } = readValue({ ...field, required: false }, typedOf(form, field))
    if (value) values[field.key] = value
  }
  files.push(...others)
  return { ...(Object.keys(values).length > 0 && { values }), ...(files.length > 0 && { files }) }
}

/** A correction begins with what was answered last: its values as canonical text. Photographs stay with the answer that has them. */
export function valuesBefore(thread: readonly Answer[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const answer of thread) Object.assign(values, answer.values)
  return values
}

/**
 * A correction also begins with what was said last of each clause: once, where the same was said of all. `dateOf` gives the ISO date of
 * a moment. Files stay with the answer that has them; what is in the form already stays, too.
 */
export function correcting(
  form: Form,
  thread: readonly Answer[],
  duties: readonly ClauseAsk[],
  dateOf: (moment: number) => string,
): Form {
  const said = new Map<string, Entry>()
  for (const { clauses, state, until, note } of thread)
    for (const label of clauses) said.set(label, { state, until: until === null ? '' : dateOf(until), note, files: [] })
  const entries = duties.map(({ label }) => said.get(label))
  const [first] = entries
  const isUntouched = [form.all, ...Object.values(form.each)].every(isBlank)
  if (!isUntouched || entries.every((entry) => entry === undefined)) return form
  if (first && entries.every((entry) => entry && saysTheSame(entry, first))) {
    const state = isCompliance(first.state) ? choicesOf(duties)[0]! : first.state
    return { ...form, same: true, all: { ...first, state } }
  }
  return {
    ...form,
    same: false,
    each: Object.fromEntries(duties.map(({ label }, i) => [label, entries[i] ?? emptyEntry()])),
  }
}

/** Entries clause by clause, each begun with what was written for all; what was written for one before stays. Files are the first's. */
export function takenApart({ all, each }: Form, duties: readonly ClauseAsk[]): Record<string, Entry> {
  const entries = duties.map((duty, i): [string, Entry] => {
    const own = each[duty.label]
    if (own && !isBlank(own)) return [duty.label, own]
    const state = isCompliance(all.state) ? choicesOf([duty])[0]! : all.state
    return [duty.label, { ...all, state, files: i === 0 ? all.files : [] }]
  })
  return { ...each, ...Object.fromEntries(entries) }
}

function isBlank({ state, until, note, files }: Entry): boolean {
  return state === null && until === '' && note === '' && files.length === 0
}

function saysTheSame(one: Entry, other: Entry): boolean {
  const state = one.state === other.state || (isCompliance(one.state) && isCompliance(other.state))
  return state && one.until === other.until && one.note === other.note
}

/** A standing clause is kept to where another is done. */
function isCompliance(state: AnswerState | null): boolean {
  return state === 'done' || state === 'kept'
}

/**
 * The answers to send for a form without errors. One answer for all clauses is one item, except that "done" said of
 * standing clauses among others becomes "kept to" for those. `endOf` gives the last moment of an ISO date.
 */
export function answersOf(
  form: Form,
  duties: readonly ClauseAsk[],
  to: { directive: string; post: string },
  endOf: (isoDate: string) => number,
  asked: readonly { label: string; field: Field }[] = [],
): Answering[] {
  const answers: Answering[] = []
  const given = new Set<Entry>()
  const add = (clauses: string[], entry: Entry, state: AnswerState) => {
    if (clauses.length === 0) return
    const until = state === 'progress' && entry.until ? endOf(entry.until) : null
    const fields = asked.flatMap(({ label, field }) => (clauses.includes(label) ? [field] : []))
    // What was attached goes once, with the first of the answers it was written for.
    const carried = carriedBy(form, fields, given.has(entry) ? [] : entry.files)
    given.add(entry)
    answers.push({ ...to, clauses, state, until, note: entry.note.trim(), ...carried })
  }
  const groups = form.same
    ? [{ entry: form.all, clauses: [...duties] }]
    : duties.map((duty) => ({ entry: form.each[duty.label] ?? emptyEntry(), clauses: [duty] }))
  for (const { entry, clauses } of groups) {
    if (entry.state === null) continue
    const says = (ask: ClauseAsk['ask'], state: AnswerState): AnswerState => {
      if (ask === 'standing' && state === 'done') return 'kept'
      return ask === 'once' && state === 'kept' ? 'done' : state
    }
    for (const state of new Set(clauses.map(({ ask }) => says(ask, entry.state!)))) {
      add(
        clauses.filter(({ ask }) => says(ask, entry.state!) === state).map(({ label }) => label),
        entry,
        state,
      )
    }
  }
  return answers
}

/** A draft as it was saved by this or an earlier version; anything else is an empty form. */
export function formOf(saved: unknown): Form {
  if (typeof saved !== 'object' || saved === null) return emptyForm()
  const { same, all, each, chosen, values, photos } = saved as Partial<Record<keyof Form, unknown>>
  return {
    same: same !== false,
    all: entryOf(all),
    each: Object.fromEntries(entriesOf(each).map(([label, entry]) => [label, entryOf(entry)])),
    chosen: Array.isArray(chosen) ? chosen.filter((label) => typeof label === 'string') : [],
    values: Object.fromEntries(
      entriesOf(values).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    ),
    photos: Object.fromEntries(entriesOf(photos).map(([key, files]) => [key, filesOf(files)])),
  }
}

function entryOf(saved: unknown): Entry {
  if (typeof saved !== 'object' || saved === null) return emptyEntry()
  const { state, until, note, files } = saved as Partial<Record<keyof Entry, unknown>>
  const states: unknown[] = ['done', 'progress', 'impossible', 'notours', 'kept', 'problem']
  return {
    state: states.includes(state) ? (state as AnswerState) : null,
    until: typeof until === 'string' ? until : '',
    note: typeof note === 'string' ? note : '',
    files: filesOf(files),
  }
}

function entriesOf(saved: unknown): [string, unknown][] {
  return typeof saved === 'object' && saved !== null ? Object.entries(saved) : []
}

/** Files of a draft that can still be sent: a broken one would hold up the answer. */
function filesOf(saved: unknown): KeptFile[] {
  if (!Array.isArray(saved)) return []
  return saved.filter((file): file is KeptFile => {
    if (typeof file !== 'object' || file === null) return false
    const { name, type, size, key, chunks } = file as Partial<Record<keyof KeptFile, unknown>>
    const named = typeof name === 'string' && typeof type === 'string' && typeof key === 'string'
    return (
      named && typeof size === 'number' && Array.isArray(chunks) && chunks.every((chunk) => typeof chunk === 'string')
    )
  })
}
