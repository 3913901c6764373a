import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { dhakaTime, fromDhaka } from '../../language/time.ts'
import { isWorkingTime, PLAIN_CALENDAR, workingCalendar } from '../../language/working-time.ts'
import type { Id } from '../directory/index.ts'
import {
  DEFAULT_RULE,
  type Debtor,
  isEscalation,
  planFor,
  type Reminder,
  remindersOf,
  stagesOf,
  type Timed,
  toldAbove,
} from './reminders.ts'

const HOUR = 3_600_000
// Sunday 13 December 2026; Wednesday the 16th is Victory Day.
const at = (day: number, hour: number) => fromDhaka(`2026-12-${String(day).padStart(2, '0')}`, hour)
const calendar = workingCalendar({ holidays: [{ date: '2026-12-16', bn: 'বিজয় দিবস', en: 'Victory Day' }] })
const directive: Timed = { issued: at(13, 11), due: at(15, 17), urgency: 0, ended: false }
const silent: Debtor = { id: 'uno', owes: true, heard: null, cover: null, above: ['dc', 'commissioner'] }
const shown = (reminders: Reminder[]) =>
  reminders.map(({ kind, nth, at, to }) => {
    const { date, hour, minute } = dhakaTime(at)
    return `${date.slice(8)} ${hour}:${String(minute).padStart(2, '0')} ${kind} ${nth} ${to}`
  })
const plan = (change: Partial<Timed> = {}, of: Partial<Debtor> = {}, rule = DEFAULT_RULE) =>
  remindersOf({ ...directive, ...change }, { ...silent, ...of }, rule, calendar)

describe('an addressee who stays silent', () => {
  test('is reminded before, at and after the due date, and those above him hear, in working time', () => {
    assert.deepEqual(shown(plan()), [
      '15 9:00 reminder-before 1 uno',
      '15 17:00 reminder-due 1 uno',
      '17 17:00 reminder-late 1 uno',
      '17 17:00 escalation-1 1 dc',
      '20 17:00 reminder-late 2 uno',
      '21 17:00 reminder-late 3 uno',
      '21 17:00 escalation-2 1 commissioner',
      '22 17:00 reminder-late 4 uno',
      '23 17:00 reminder-late 5 uno',
    ])
  })

  test('of an urgent directive is reminded day and night, on holidays too', () => {
    assert.deepEqual(shown(plan({ urgency: 1 })).slice(0, 5), [
      '15 9:00 reminder-before 1 uno',
      '15 17:00 reminder-due 1 uno',
      '16 1:00 reminder-late 1 uno',
      '16 1:00 escalation-1 1 dc',
      '16 9:00 reminder-late 2 uno',
    ])
  })

  test('is not woken on a holiday where the due date is one: he hears at the next opening', () => {
    assert.ok(shown(plan({ due: at(16, 12) })).includes('17 9:00 reminder-due 1 uno'))
    assert.ok(shown(plan({ due: at(15, 20) })).includes('17 9:00 reminder-due 1 uno'))
  })

  test('hears nothing of what would have been said before the directive was issued', () => {
    assert.equal(shown(plan({ issued: at(15, 10) }))[0], '15 17:00 reminder-due 1 uno')
    const late = plan({ issued: at(20, 12) }) // issued when it was already due
    assert.ok(late.every(({ at: moment }) => moment > at(20, 12)))
    assert.ok(shown(late).includes('21 12:00 escalation-1 1 dc'))
  })
})

describe('nothing is earned by', () => {
  const cases: [string, Reminder[]][] = [
    ['a finished addressee', plan({}, { owes: false })],
    ['a cancelled directive', plan({ ended: true })],
    ['a directive without a due date, as advice is', plan({ due: null })],
    ['a rule that says nothing', plan({}, { above: [] }, { before: [], every: 0, most: 0, escalate: [] }).slice(1)],
  ]
  for (const [name, reminders] of cases) test(name, () => assert.deepEqual(reminders, []))
})

test('an answer that is not the last word puts off only who is told above', () => {
  const heard = shown(plan({}, { heard: at(17, 13) }))
  assert.ok(heard.includes('20 13:00 escalation-1 1 dc'))
  assert.ok(heard.includes('17 17:00 reminder-late 1 uno'))
  assert.deepEqual(shown(plan({}, { heard: at(14, 10) })), shown(plan()))
})

test('who acts for an absent one is reminded in his stead', () => {
  assert.ok(shown(plan({}, { cover: 'ac-land' })).includes('15 17:00 reminder-due 1 ac-land'))
  assert.ok(shown(plan({}, { cover: 'ac-land' })).includes('17 17:00 escalation-1 1 dc'))
})

test('a chain that ends after the supervisor ends quietly', () => {
  assert.deepEqual(
    shown(plan({}, { above: ['dc'] })).filter((line) => line.includes('escalation')),
    ['17 17:00 escalation-1 1 dc'],
  )
  assert.ok(!shown(plan({}, { above: [] })).some((line) => line.includes('escalation')))
})

test('a rule in another order, doubled or without measure is kept within measure', () => {
  const rule = { before: [60, 480, 60, 0], every: 1, most: 1_000_000, escalate: [1440, 0] }
  const stages = stagesOf(directive, rule, calendar)
  assert.equal(stages.filter(({ kind }) => kind === 'reminder-before').length, 2)
  assert.equal(stages.filter(({ kind }) => kind === 'reminder-late').length, 30)
  assert.ok(
    stages.findIndex(({ kind }) => kind === 'escalation-1') < stages.findIndex((s) => s.kind === 'escalation-2'),
  )
})

test('what is still to come is what the plan says after now', () => {
  const rest = planFor(directive, silent, DEFAULT_RULE, calendar, at(21, 17))
  assert.deepEqual(shown(rest), ['22 17:00 reminder-late 4 uno', '23 17:00 reminder-late 5 uno'])
})

describe('who hears of silence', () => {
  const directory = (posts: Record<string, { above?: string; vacant?: true; abolished?: true }>) => ({
    post(id: Id) {
      const post = posts[id]
      if (!post) return undefined
      const holders = post.vacant ? [] : [{}]
      return { id, supervisor: post.above ?? null, abolished: post.abolished === true, holders } as never
    },
  })

  test('is the supervisor and the one above him, and nobody further', () => {
    const chain = directory({ uno: { above: 'dc' }, dc: { above: 'com' }, com: { above: 'cab' }, cab: {} })
    assert.deepEqual(toldAbove('uno', chain), ['dc', 'com'])
    assert.deepEqual(toldAbove('com', chain), ['cab'])
    assert.deepEqual(toldAbove('cab', chain), [])
    assert.deepEqual(toldAbove('nobody', chain), [])
  })

  test('is whoever is there: vacant and abolished posts are passed over, a hole ends it', () => {
    const chain = directory({
      uno: { above: 'dc' },
      dc: { above: 'com', vacant: true },
      com: { above: 'cab', abolished: true },
      cab: { above: 'lost' },
    })
    assert.deepEqual(toldAbove('uno', chain), ['cab'])
  })

  test('is nobody twice where the chain is a circle', () => {
    assert.deepEqual(toldAbove('a', directory({ a: { above: 'b' }, b: { above: 'a' } })), ['b'])
    assert.deepEqual(toldAbove('a', directory({ a: { above: 'a' } })), [])
    const vacant = directory({ a: { above: 'b' }, b: { above: 'c', vacant: true }, c: { above: 'b', vacant: true } })
    assert.deepEqual(toldAbove('a', vacant), [])
  })
})

test('whatever the rule: ascending, each once, after the issue, and no reminder outside working time unless urgent', () => {
  const minutes = fc.integer({ min: 0, max: 20_000 })
  const rule = fc.record({
    before: fc.array(minutes, { maxLength: 10 }),
    every: minutes,
    most: fc.nat(100),
    escalate: fc.array(minutes, { maxLength: 10 }),
  })
  const moment = fc.integer({ min: at(1, 0), max: at(31, 0) })
  const timed = fc.record({ issued: moment, due: moment, urgency: fc.nat(3), ended: fc.constant(false) })
  fc.assert(
    fc.property(timed, rule, fc.option(moment), (timed, rule, heard) => {
      const all = remindersOf(timed, { ...silent, heard }, rule, PLAIN_CALENDAR)
      for (const [i, reminder] of all.entries()) {
        assert.ok(reminder.at > timed.issued)
        assert.ok(i === 0 || all[i - 1]!.at <= reminder.at)
        const works = isWorkingTime(PLAIN_CALENDAR, reminder.at) || isWorkingTime(PLAIN_CALENDAR, reminder.at - 1)
        if (timed.urgency === 0) assert.ok(works, shown([reminder]).join())
        if (isEscalation(reminder.kind)) assert.ok(reminder.at >= Math.max(timed.due, heard ?? 0) + HOUR)
      }
      assert.equal(new Set(all.map(({ kind, nth }) => `${kind} ${nth}`)).size, all.length)
    }),
  )
})
