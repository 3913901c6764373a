import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BoardRow } from '../rows.ts'
import { amendable, amendment, historyOf, remindAgain, remindable } from './following.ts'

const HOUR = 3_600_000
const cell = { label: '', ask: 'once', state: null, by: null, answered: null, owed: true, late: false } as const
const row = (post: string, owed: boolean, late: boolean) =>
  ({ post, late, clauses: [{ ...cell, owed, late }] }) as unknown as BoardRow

test('a reminder is for who owes something: those late, or all of them, and never for who answered', () => {
  const { late, owing } = remindable([row('a', true, true), row('b', false, false), row('c', true, false)])
  assert.deepEqual([late.map(({ post }) => post), owing.map(({ post }) => post)], [['a'], ['a', 'c']])
})

test('another reminder goes a day after the last, not sooner', () => {
  const remind = { kind: 'remind' as const, at: 10 * HOUR, reason: '' }
  assert.equal(remindAgain({ changes: [] }, 0), null)
  assert.equal(remindAgain({ changes: [remind] }, 33 * HOUR), 34 * HOUR)
  assert.equal(remindAgain({ changes: [remind] }, 34 * HOUR), null)
  const extend = { kind: 'extend' as const, at: 33 * HOUR, reason: '', due: 1 }
  assert.equal(remindAgain({ changes: [remind, extend] }, 34 * HOUR), null, 'only a reminder counts')
})

test('subject, paragraphs and clauses can be amended, the others of a letter not', () => {
  const parts = [
    { label: 'memo', value: '০৫' },
    { label: 'subject', value: 'বিষয়' },
    { label: 'paragraph:', value: 'এক' },
    { label: 'paragraph:', value: 'দুই' },
    { label: 'clause:ক', value: 'তিন' },
    { label: 'fields', value: [] },
    { label: 'line:১', value: 'জেলা প্রশাসক' },
  ]
  assert.deepEqual(amendable(parts), [
    { label: 'subject', text: 'বিষয়' },
    { label: 'paragraph:', text: 'এক\n\nদুই' },
    { label: 'clause:ক', text: 'তিন' },
  ])
})

test('paragraphs stay apart when amended, and nothing typed takes a part out', () => {
  assert.deepEqual(amendment('paragraph:', 'এক\n\n দুই \n'), [
    { label: 'paragraph:', value: 'এক' },
    { label: 'paragraph:', value: 'দুই' },
  ])
  assert.deepEqual(amendment('clause:ক', 'এক\n\nদুই'), [{ label: 'clause:ক', value: 'এক\n\nদুই' }])
  assert.deepEqual(amendment('clause:ক', '  '), [{ label: 'clause:ক', value: '' }])
})

test('the history tells from when to when time was given, each time anew', () => {
  const extend = (at: number, due: number) => ({ kind: 'extend' as const, at, due, reason: 'বন্যা' })
  const amend = {
    kind: 'amend' as const,
    at: 4,
    reason: '',
    parts: [
      { label: 'clause:ক', value: 'ক' },
      { label: 'clause:ক', value: 'খ' },
    ],
  }
  const events = historyOf({
    accepted: 1,
    firstDue: 100,
    changes: [extend(2, 200), extend(3, 300), amend],
    cancelled: { at: 5, reason: 'ভুল' },
  })
  assert.deepEqual(
    events.map((event) => ('from' in event ? [event.from, event.to] : 'labels' in event ? event.labels : event.what)),
    ['issued', [100, 200], [200, 300], ['clause:ক'], 'withdrawn'],
  )
})

test('who approved it stands before its issue', () => {
  const post = { id: 'p', title: { bn: '', en: '' }, office: { bn: '', en: '' }, vacant: false, joined: true }
  const approvers = [
    { post, state: 'approved' as const, at: 1 },
    { post, state: 'waiting' as const },
  ]
  const events = historyOf({ accepted: 2, changes: [] }, { approvers })
  assert.deepEqual(
    events.map(({ what }) => what),
    ['approved', 'issued'],
  )
})
