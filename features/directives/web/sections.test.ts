import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DirectiveRow } from '../../../client/views.ts'
import { dhakaTime, fromDhaka } from '../../../language/time.ts'
import { workingCalendar } from '../../../language/working-time.ts'
import { asksAnswer, daysLate, owedOf, sectionsOf } from './sections.ts'

const name = { bn: 'উপসচিব', en: 'Deputy Secretary' }
const issuer = { id: 'i', title: name, office: name, vacant: false, joined: true }
const tuesday = fromDhaka('2024-10-22', 10)
let index = 0

function row(over: Partial<DirectiveRow> = {}): DirectiveRow {
  return {
    id: `d${++index}`,
    post: 'p',
    role: 'addressed',
    index,
    accepted: tuesday - 86_400_000,
    issuer,
    memo: '',
    subject: '',
    due: null,
    urgency: 0,
    grade: 0,
    clauses: [{ label: '', ask: 'acknowledge' }],
    progress: 'opened',
    owed: [{ label: '', ask: 'acknowledge' }],
    late: false,
    publish: false,
    form: 'letter',
    changes: [],
    ...over,
  }
}

const names = (rows: DirectiveRow[], post?: string) => sectionsOf(rows, tuesday, post).map(({ name }) => name)

test('a finished directive needs nobody today', () => {
  assert.deepEqual(names([row({ owed: [], progress: 'answered' })]), [])
})

test('a late one stands before one due today, and both before what is new', () => {
  const rows = [
    row({ progress: 'delivered' }),
    row({ due: fromDhaka('2024-10-22', 17) }),
    row({ due: fromDhaka('2024-10-20', 17), late: true }),
  ]
  assert.deepEqual(names(rows), ['late', 'dueToday', 'fresh'])
})

test('within a section the oldest due comes first and the undated last', () => {
  const dated = [3, 1, 2].map((day) => row({ late: true, due: fromDhaka(`2024-10-0${day}`) }))
  const [section] = sectionsOf([row({ late: true }), ...dated], tuesday)
  assert.deepEqual(
    section!.rows.map(({ due }) => due && dhakaTime(due).date),
    ['2024-10-01', '2024-10-02', '2024-10-03', null],
  )
})

test('a cancelled directive is said for three days and then leaves', () => {
  const cancelled = (daysAgo: number) =>
    row({ late: true, cancelled: { reason: '', at: tuesday - daysAgo * 86_400_000 } })
  assert.deepEqual(names([cancelled(1)]), ['fresh'])
  assert.deepEqual(names([cancelled(4)]), [])
})

test('what I issued waits for others until all have answered, or two weeks after it was due', () => {
  assert.deepEqual(names([row({ role: 'issuing', owed: [], progress: 'sent' })]), ['waiting'])
  assert.deepEqual(names([row({ role: 'issuing', owed: [], due: tuesday - 15 * 86_400_000 })]), [])
  assert.deepEqual(names([row({ role: 'issuing', owed: [], progress: 'answered' })]), [])
})

test('choosing one post leaves the others out', () => {
  assert.deepEqual(names([row({ post: 'other' })], 'p'), [])
})

test('Friday, Saturday and holidays are not late days, except of an urgent directive', () => {
  const calendar = workingCalendar({ holidays: [{ date: '2026-12-16', bn: 'বিজয় দিবস', en: 'Victory Day' }] })
  const tuesday = fromDhaka('2026-12-15', 17)
  const sunday = fromDhaka('2026-12-20', 9)
  assert.equal(daysLate(calendar, tuesday, sunday, 0), 2)
  assert.equal(daysLate(calendar, tuesday, sunday, 1), 5)
  assert.equal(daysLate(calendar, sunday, tuesday, 0), 0)
})

test('what is owed is said in the order it is done', () => {
  const owed = [
    { label: '', ask: 'acknowledge' as const },
    { label: 'গ', ask: 'standing' as const },
  ]
  assert.deepEqual(owedOf({ owed, publish: false }), [{ what: 'acknowledge' }, { what: 'clauses', labels: ['গ'] }])
  assert.deepEqual(owedOf({ owed: [], publish: true }), [{ what: 'nothing' }])
  assert.deepEqual(owedOf({ owed: [{ label: '', ask: 'once' }], publish: true }), [{ what: 'publish' }])
  assert.deepEqual(owedOf({ owed: [{ label: '', ask: 'once' }], publish: false }, true), [{ what: 'present' }])
})

test('a letter that only wants acknowledgement has no answer to give', () => {
  assert.equal(asksAnswer({ clauses: [{ label: '', ask: 'acknowledge' }] }), false)
  assert.equal(asksAnswer({ clauses: [{ label: 'ক', ask: 'once' }] }), true)
})
