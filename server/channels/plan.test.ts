import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { dhakaTime, fromDhaka } from '../../language/time.ts'
import { PLAIN_CALENDAR } from '../../language/working-time.ts'
import { CHANNELS, type ChannelName } from './channel.ts'
import { afterQuiet, nextCheck, type Quiet } from './hours.ts'
import { type Habits, planOf, retryAt } from './plan.ts'

const NIGHT: Quiet = { from: 21 * 60, to: 7 * 60 }
const CHECKS = [9 * 60 + 30, 12 * 60 + 30, 16 * 60]
const habits: Habits = { quiet: NIGHT, checks: CHECKS, calendar: PLAIN_CALENDAR }
/** 22 October 2024 was a Tuesday. */
const at = (time: string, date = '2024-10-22') => fromDhaka(date, ...(time.split(':').map(Number) as [number, number]))
const show = (moment: number) => {
  const { date, hour, minute } = dhakaTime(moment)
  return `${date.slice(8)} ${hour}:${String(minute).padStart(2, '0')}`
}

describe('which channel when', () => {
  const all: ChannelName[] = [...CHANNELS]
  const TABLE: [string, number, ChannelName[], ChannelName | null, number, string[]][] = [
    ['জরুরি', 1, all, null, at('10:00'), ['push 22 10:00', 'sms 22 10:05', 'whatsapp 22 10:15', 'mail 22 10:30']],
    ['জরুরি at night', 3, ['push', 'sms'], null, at('23:50'), ['push 22 23:50', 'sms 22 23:55']],
    ['জরুরি on a Friday', 1, ['sms'], null, at('11:00', '2024-10-25'), ['sms 25 11:00']],
    ['জরুরি, without push', 1, ['mail', 'sms'], null, at('10:00'), ['sms 22 10:00', 'mail 22 10:05']],
    [
      'জরুরি, who answers on WhatsApp',
      1,
      all,
      'whatsapp',
      at('10:00'),
      ['push 22 10:00', 'whatsapp 22 10:05', 'sms 22 10:15', 'mail 22 10:30'],
    ],
    [
      'ordinary, in the morning',
      0,
      all,
      null,
      at('10:00'),
      ['push 22 12:30', 'whatsapp 22 16:00', 'mail 23 12:30', 'sms 23 16:00'],
    ],
    [
      'ordinary, who answers by SMS',
      0,
      ['push', 'sms', 'mail'],
      'sms',
      at('9:30'),
      ['push 22 9:30', 'sms 22 12:30', 'mail 22 16:00'],
    ],
    ['ordinary, in the evening', 0, ['push', 'mail'], null, at('22:00'), ['push 23 9:30', 'mail 23 12:30']],
    [
      'ordinary, on Thursday after the last look',
      0,
      ['push', 'mail'],
      null,
      at('16:30', '2024-10-24'),
      ['push 27 9:30', 'mail 27 12:30'],
    ],
    ['nobody to be reached', 1, [], null, at('10:00'), []],
  ]
  for (const [name, urgency, channels, last, made, wanted] of TABLE)
    test(name, () => {
      const steps = planOf(urgency, channels, last, made, habits)
      assert.deepEqual(
        steps.map((step) => `${step.channel} ${show(step.at)}`),
        wanted,
      )
    })

  test('without check times an ordinary one goes at once, but not at night', () => {
    const restless = { ...habits, checks: [] }
    assert.equal(show(planOf(0, ['push'], null, at('10:17'), restless)[0]!.at), '22 10:17')
    assert.equal(show(planOf(0, ['push'], null, at('23:17'), restless)[0]!.at), '23 7:00')
  })

  test('steps are in order, each channel once, none before the notice, and no ordinary one at night', () => {
    const channels = fc.subarray(all)
    const moment = fc.integer({ min: at('0:00'), max: at('0:00', '2024-12-31') })
    const check = fc.array(fc.nat(24 * 60 - 1), { maxLength: 4 })
    fc.assert(
      fc.property(
        fc.nat(3),
        channels,
        fc.constantFrom(null, ...all),
        moment,
        check,
        (urgency, some, last, made, checks) => {
          const steps = planOf(urgency, some, last, made, { ...habits, checks })
          assert.deepEqual(steps.map(({ channel }) => channel).toSorted(), some.toSorted())
          for (const [i, step] of steps.entries()) {
            assert.ok(step.at >= (steps[i - 1]?.at ?? made))
            if (urgency === 0) assert.equal(afterQuiet(step.at, NIGHT), step.at)
          }
        },
      ),
    )
  })
})

describe('hours', () => {
  test('quiet hours end in the morning, also those of a nap', () => {
    assert.equal(show(afterQuiet(at('20:59'), NIGHT)), '22 20:59')
    assert.equal(show(afterQuiet(at('21:00'), NIGHT)), '23 7:00')
    assert.equal(show(afterQuiet(at('3:00'), NIGHT)), '22 7:00')
    assert.equal(show(afterQuiet(at('7:00'), NIGHT)), '22 7:00')
    assert.equal(show(afterQuiet(at('13:30'), { from: 13 * 60, to: 14 * 60 })), '22 14:00')
    assert.equal(afterQuiet(at('3:00'), null), at('3:00'))
  })

  test('where every check time is quiet, the end of the quiet is one', () => {
    assert.equal(show(nextCheck(at('22:00'), [3 * 60], NIGHT, PLAIN_CALENDAR)), '23 7:00')
  })
})

test('a try is repeated four times at growing pauses, or when the other side said, and then no more', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((tries) => retryAt(tries, 0, 0)),
    [30_000, 120_000, 600_000, 3_600_000, undefined],
  )
  assert.equal(retryAt(1, 90_000, 0), 90_000)
  assert.equal(retryAt(1, 1e12, 0), 6 * 3_600_000)
})
