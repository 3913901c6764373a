import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Working } from '../practice-route.ts'
import { formOf, readForm, weekOf } from './practising.ts'

const nine = [{ from: 540, to: 1020 }]
const HOLDS: Working = {
  hours: [nine, nine, nine, nine, nine, [], []],
  checks: [570, 750],
  quiet: { from: 1260, to: 420 },
  reminders: { before: [480, 90], every: 480, most: 5, escalate: [480, 1440] },
}
const NOTHING = { hours: null, checks: null, quiet: null, reminders: null, routes: null, holidays: null }

test('what an office never said stays as above, unless its head makes it his own', () => {
  const form = formOf({ said: null, holds: HOLDS }, 'bn')
  assert.deepEqual(readForm(form), { practice: NOTHING, faults: [], holidays: [] })
  const own = { hours: true, checks: true, quiet: true, reminders: true }
  const { practice, faults } = readForm({ ...form, own })
  assert.deepEqual(faults, [])
  assert.deepEqual(practice.hours, [...Array(5).fill([540, 1020]), null, null])
  assert.deepEqual([practice.checks, practice.quiet, practice.reminders], [[570, 750], [1260, 420], HOLDS.reminders])
})

test('what was said comes back as it was', () => {
  const said = {
    ...NOTHING,
    checks: [600],
    routes: [{ post: 'ds', approvers: ['js', 'as'] }],
    holidays: [{ date: '2026-11-25', bn: 'মেলা, বড়', en: 'Fair' }],
  }
  assert.deepEqual(readForm(formOf({ said, holds: { ...HOLDS, checks: [600] } }, 'bn')), {
    practice: said,
    faults: [],
    holidays: [],
  })
})

test('digits are of either script, and everything wrong is named where it is', () => {
  const form = formOf({ said: null, holds: HOLDS }, 'bn')
  const own = { hours: true, checks: true, quiet: true, reminders: true }
  const right = readForm({
    ...form,
    own,
    checks: '৯:৩০, ১৬',
    reminders: { before: '৮, ১.৫', every: '৪', most: '৩', escalate: '' },
  })
  assert.deepEqual([right.faults, right.practice.checks], [[], [570, 960]])
  assert.deepEqual(right.practice.reminders, { before: [480, 90], every: 240, most: 3, escalate: [] })
  const wrong = readForm({
    own,
    hours: form.hours.map((day, i) => (i === 1 ? { open: true, from: '17:00', to: '9:00' } : day)),
    checks: 'সকালে',
    quiet: { from: '21:00', to: '' },
    reminders: { before: 'আট', every: '', most: 'x', escalate: '1, 2, 3' },
    routes: [
      { post: 'ds', approvers: [] },
      { post: 'ds', approvers: ['ds'] },
    ],
    holidays: '২০২৬-১১-২৫, মেলা\n২০২৬-০২-৩০, নেই\nপরশু, ছুটি',
  })
  assert.deepEqual(wrong.faults.toSorted(), [
    'before',
    'checks',
    'escalate',
    'every',
    'hours.1',
    'most',
    'quiet',
    'routes.0',
    'routes.1',
  ])
  assert.deepEqual(
    wrong.holidays.map(({ line, fault }) => [line, fault]),
    [
      [2, 'no_such_day'],
      [3, 'not_a_date'],
    ],
  )
  const closed = form.hours.map((day) => ({ ...day, open: false }))
  assert.deepEqual(readForm({ ...form, own, hours: closed }).faults, ['noHours'])
})

test('days with the same hours are said together', () => {
  assert.deepEqual(
    weekOf(HOLDS.hours).map(({ from, to, parts }) => [from, to, parts.length]),
    [
      [0, 4, 1],
      [5, 6, 0],
    ],
  )
})
