import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DraftView } from '../../../client/views.ts'
import { approversOf, draftSections, lateFromStart, mayTakeBack, turnOf } from './drafting.ts'

const post = { id: 'ds', title: { bn: '', en: '' }, office: { bn: '', en: '' }, vacant: false, joined: true }
const draft: DraftView = {
  id: 'd',
  post,
  memo: '',
  subject: '',
  at: 0,
  approvers: [],
  mine: 'ds',
  role: 'drafter',
  mineToDo: false,
  approved: false,
  returned: false,
}

test('a draft says what its reader owes: to approve, to issue, to mend, or to wait', () => {
  assert.equal(turnOf(draft), 'waits')
  assert.equal(turnOf({ ...draft, role: 'approver', mineToDo: true }), 'approve')
  assert.equal(turnOf({ ...draft, mineToDo: true, approved: true }), 'issue')
  assert.equal(turnOf({ ...draft, mineToDo: true, returned: true }), 'mend')
  assert.equal(turnOf({ ...draft, approved: true, directive: 'x' }), 'issued')
})

test('its drafter may take a draft back while it waits for others', () => {
  assert.equal(mayTakeBack(draft), true)
  assert.equal(mayTakeBack({ ...draft, approved: true }), true)
  for (const other of [{ role: 'approver' }, { returned: true }, { directive: 'x' }] as const)
    assert.equal(mayTakeBack({ ...draft, ...other }), false, JSON.stringify(other))
})

test('a draft whose due date passed is said to be late until it is issued', () => {
  for (const turn of ['approve', 'issue', 'mend', 'waits'] as const)
    assert.equal(lateFromStart(turn, 1_000, 1_000), true)
  assert.equal(lateFromStart('issued', 1_000, 1_000), false)
  assert.equal(lateFromStart('issue', 1_000, 999), false)
  assert.equal(lateFromStart('issue', null, 1_000), false)
})

test('what the reader owes is listed first, what was issued last, and nothing is lost', () => {
  const list = [
    { ...draft, id: 'a', directive: 'x' },
    { ...draft, id: 'b' },
    { ...draft, id: 'c', mineToDo: true },
  ]
  assert.deepEqual(
    draftSections(list).map(({ section, drafts }) => [section, drafts.map(({ id }) => id)]),
    [
      ['mine', ['c']],
      ['others', ['b']],
      ['done', ['a']],
    ],
  )
  assert.deepEqual(draftSections([]), [])
})

test('the office’s approvers come first, nobody twice, the drafter never', () => {
  assert.deepEqual(approversOf(['a', 'b'], ['c', 'a', 'me'], 'me'), ['a', 'b', 'c'])
})
