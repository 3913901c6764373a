import type { Answering, AnswerState, ClauseAsk, DirectiveRow } from '../../../client/views.ts'
import { isDuty } from './sections.ts'

/** One answer as it is being written. `until` is an ISO date or ''. */
export type Entry = { state: AnswerState | null; until: string; note: string }

/** The whole form, and what is kept as a draft. `each` is by clause label; `chosen` are labels of clauses nobody asked for. */
export type Form = { same: boolean; all: Entry; each: Record<string, Entry>; chosen: string[] }

export type FormError = {
  label: string | null
  field: 'clauses' | 'state' | 'until' | 'note'
  word: 'clause' | 'choose' | 'date' | 'past' | 'reason'
}

export function emptyForm(): Form {
  return { same: true, all: emptyEntry(), each: {}, chosen: [] }
}

export function emptyEntry(): Entry {
  return { state: null, until: '', note: '' }
}

/** The clauses to answer: those still owed, or all that ask when everything was answered and one corrects. */
export function dutiesOf(row: Pick<DirectiveRow, 'owed' | 'clauses'>): ClauseAsk[] {
  const owed = row.owed.filter(isDuty)
  return owed.length > 0 ? owed : row.clauses.filter(isDuty)
}

/** Where nothing asks for an answer: the clauses one may be given to all the same, or the whole of a letter that has none. */
export function freeOf(row: Pick<DirectiveRow, 'clauses'>): ClauseAsk[] {
  if (row.clauses.some(isDuty)) return []
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
    const needsReason = entry.state === 'impossible' || entry.state === 'notours'
    if (needsReason && entry.note.trim() === '') return [{ label, field: 'note', word: 'reason' }]
    return []
  })
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
): Answering[] {
  const answers: Answering[] = []
  const add = (clauses: string[], entry: Entry, state: AnswerState) => {
    if (clauses.length === 0) return
    const until = state === 'progress' && entry.until ? endOf(entry.until) : null
    answers.push({ ...to, clauses, state, until, note: entry.note.trim() })
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
  const { same, all, each, chosen } = saved as Partial<Record<keyof Form, unknown>>
  const entries = typeof each === 'object' && each !== null ? Object.entries(each) : []
  return {
    same: same !== false,
    all: entryOf(all),
    each: Object.fromEntries(entries.map(([label, entry]) => [label, entryOf(entry)])),
    chosen: Array.isArray(chosen) ? chosen.filter((label) => typeof label === 'string') : [],
  }
}

function entryOf(saved: unknown): Entry {
  if (typeof saved !== 'object' || saved === null) return emptyEntry()
  const { state, until, note } = saved as Partial<Record<keyof Entry, unknown>>
  const states: unknown[] = ['done', 'progress', 'impossible', 'notours', 'kept', 'problem']
  return {
    state: states.includes(state) ? (state as AnswerState) : null,
    until: typeof until === 'string' ? until : '',
    note: typeof note === 'string' ? note : '',
  }
}
