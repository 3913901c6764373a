import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromDhaka } from '../../../language/time.ts'
import { absenceOf, ended, type Leaving, leavingFaults, standing } from './leaving.ts'

const now = fromDhaka('2026-11-22', 10)
const leaving = (more: Partial<Leaving> = {}): Leaving => ({
  reason: 'leave',
  from: '2026-11-22',
  to: '',
  cover: null,
  ...more,
})

test('an absence needs a reason and a beginning, and ends after it begins', () => {
  assert.deepEqual(leavingFaults(leaving()), [])
  assert.deepEqual(leavingFaults(leaving({ reason: null, from: '' })), ['reason', 'from'])
  assert.deepEqual(leavingFaults(leaving({ to: '2026-11-21' })), ['order'])
  assert.deepEqual(leavingFaults(leaving({ to: '2026-11-22' })), [])
})

test('one that begins today begins now, and its last day counts whole', () => {
  const absence = absenceOf(leaving({ to: '2026-11-24', cover: 'adc' }), 'uno', now)
  assert.deepEqual(absence, { post: 'uno', reason: 'leave', from: now, to: fromDhaka('2026-11-25') - 1, cover: 'adc' })
  assert.equal(standing(absence, now), 'active')
  assert.equal(standing(absence, fromDhaka('2026-11-25')), 'over')
})

test('without an end it holds until it is ended, and one to come can be called off', () => {
  const open = absenceOf(leaving(), 'uno', now)
  assert.equal(standing(open, now + 90 * 86_400_000), 'active')
  assert.equal(standing(ended(open, now + 1), now + 1), 'over')
  const later = absenceOf(leaving({ from: '2026-12-01' }), 'uno', now)
  assert.equal(standing(later, now), 'planned')
  const off = ended(later, now)
  assert.ok(off.to! >= off.from, 'never before its beginning')
  assert.equal(standing(off, now), 'over')
  assert.equal(standing(off, fromDhaka('2026-12-02')), 'over')
})
