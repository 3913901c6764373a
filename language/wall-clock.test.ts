import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readWallClock, sayWallClock, wallClock } from './wall-clock.ts'

test('a clock is read in either script, with a colon, a dot, a visarga, or as the bare hour', () => {
  for (const written of ['09:30', '9:30', '৯:৩০', ' ০৯.৩০ ', '৯ঃ৩০']) assert.equal(readWallClock(written), 570, written)
  assert.equal(readWallClock('১৬'), 960)
  assert.equal(readWallClock('24:00'), 1440)
})

test('what is no clock is none', () => {
  for (const written of ['', '9:60', '25', '24:01', '9:3', '-1:00', 'নয়টা', '09:30:00'])
    assert.equal(readWallClock(written), undefined, written)
})

test('every minute of the day comes back as it was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1440 }), (minutes) => readWallClock(sayWallClock('bn', minutes)) === minutes),
  )
  assert.equal(wallClock(570), '09:30')
})
