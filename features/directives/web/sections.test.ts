import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DirectiveRow } from '../../../client/views.ts'
import { dhakaTime, fromDhaka } from '../../../language/time.ts'
import { workingCalendar } from '../../../language/working-time.ts'
import { asksAnswer, daysLate, firstOf, glyphOf, owedOf, sectionsOf } from './sections.ts'

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
  const clause = { label: 'গ', ask: 'once' as const }
  const both = [{ what: 'publish' }, { what: 'clauses', labels: ['গ'] }]
  assert.deepEqual(owedOf({ owed: [{ label: '', ask: 'once' }, clause], publish: true }), both)
  assert.deepEqual(owedOf({ owed: [clause], publish: true }), [{ what: 'clauses', labels: ['গ'] }], 'published already')
  assert.deepEqual(owedOf({ owed: [{ label: '', ask: 'once' }], publish: false }, true), [{ what: 'present' }])
})

test('a letter that only wants acknowledgement has no answer to give', () => {
  assert.equal(asksAnswer({ clauses: [{ label: '', ask: 'acknowledge' }] }), false)
  assert.equal(asksAnswer({ clauses: [{ label: 'ক', ask: 'once' }] }), true)
})

test('a question in the thread asks an answer, also of who has answered; what is late stays among the late', () => {
  const asked = tuesday - 3_600_000
  assert.deepEqual(names([row({ owed: [], progress: 'answered', asked })]), ['asked'])
  assert.deepEqual(names([row({ asked })]), ['asked'])
  assert.deepEqual(names([row({ asked, late: true, due: tuesday - 1 })]), ['late'])
})

test('a reminder from the issuer asks, while something is owed', () => {
  const changes = [{ kind: 'remind' as const, at: tuesday, reason: '' }]
  assert.deepEqual(names([row({ changes })]), ['asked'])
  assert.deepEqual(names([row({ changes, owed: [], progress: 'answered' })]), [])
})

test('a draft that waits for me is asked of me, by the post it waits for', () => {
  const draft = { id: 'x', mine: 'p', mineToDo: true } as never
  const others = { id: 'y', mine: 'p', mineToDo: false } as never
  const sections = sectionsOf([], tuesday, undefined, [draft, others])
  assert.deepEqual(
    sections.map(({ name, drafts }) => [name, drafts.map(({ id }) => id)]),
    [['asked', ['x']]],
  )
  assert.deepEqual(sectionsOf([], tuesday, 'another', [draft]), [])
})

test('due at any hour of today is due today, at midnight it is tomorrow', () => {
  assert.deepEqual(names([row({ due: fromDhaka('2024-10-22', 23, 59) })]), ['dueToday'])
  assert.deepEqual(names([row({ due: fromDhaka('2024-10-23') })]), ['upcoming'])
})

test('a long day is drawn from the top, section by section', () => {
  const rows = [...Array.from({ length: 3 }, () => row({ late: true })), ...Array.from({ length: 3 }, () => row())]
  const count = (most: number) => firstOf(sectionsOf(rows, tuesday), most).map((section) => section.rows.length)
  assert.deepEqual(count(2), [2])
  assert.deepEqual(count(4), [3, 1])
  assert.deepEqual(count(99), [3, 3])
})

test('a circle is full when nothing is owed, and not for work in progress or a problem', () => {
  const answered = { progress: 'answered' as const }
  assert.equal(glyphOf(answered, 'done'), 'complied')
  assert.equal(glyphOf(answered, 'kept'), 'complied')
  assert.equal(glyphOf(answered, 'progress'), 'acknowledged')
  assert.equal(glyphOf(answered, 'problem'), 'acknowledged')
})
