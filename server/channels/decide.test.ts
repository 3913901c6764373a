import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromDhaka } from '../../language/time.ts'
import { PLAIN_CALENDAR } from '../../language/working-time.ts'
import { CHANNELS, type ChannelName } from './channel.ts'
import { decide, type Facts, type Tried } from './decide.ts'

const MINUTE = 60_000
const at = (hour: number, minute = 0, date = '2024-10-22') => fromDhaka(date, hour, minute)
const urgent = { urgency: 1, made: at(10) }
const ordinary = { urgency: 0, made: at(10) }
const habits = { quiet: { from: 1260, to: 420 }, checks: [570, 750, 960], calendar: PLAIN_CALENDAR }

const facts = (change: Partial<Facts> = {}): Facts => ({
  seen: false,
  reachable: new Set(CHANNELS),
  held: new Set(),
  tried: [],
  lastAnswered: null,
  habits,
  ...change,
})
const tried = (channel: ChannelName, outcome: Tried['outcome'], more: Partial<Tried> = {}): Tried => ({
  channel,
  outcome,
  claimed: at(10),
  tries: 1,
  again: null,
  receipt: null,
  ...more,
})

test('what is seen is told no further', () => {
  assert.deepEqual(decide(urgent, facts({ seen: true, tried: [tried('push', 'sent')] }), at(10, 5)), { end: 'seen' })
})

test('জরুরি goes at once, and by SMS five minutes later', () => {
  assert.deepEqual(decide(urgent, facts(), at(10)), { send: 'push', retry: false })
  const pushed = facts({ tried: [tried('push', 'sent')] })
  assert.deepEqual(decide(urgent, pushed, at(10, 4)), { wait: 'sms', until: at(10, 5) })
  assert.deepEqual(decide(urgent, pushed, at(10, 5)), { send: 'sms', retry: false })
})

test('a channel that failed is not waited for', () => {
  for (const outcome of ['gone', 'refused', 'lost', 'later'] as const)
    assert.deepEqual(
      decide(urgent, facts({ tried: [tried('push', outcome)] }), at(10)),
      { send: 'sms', retry: false },
      outcome,
    )
})

test('one that says yes and then that it could not is a channel that failed', () => {
  const undelivered = facts({ reachable: new Set(['sms', 'mail']), tried: [tried('sms', 'sent', { receipt: 1 })] })
  assert.deepEqual(decide(urgent, undelivered, at(10, 1)), { send: 'mail', retry: false })
})

test('one that says yes and delivers nothing holds up nobody: the next is tried at its time', () => {
  const silent = facts({ reachable: new Set(['sms', 'mail']), tried: [tried('sms', 'sent')] })
  assert.deepEqual(decide(urgent, silent, at(10, 1)), { wait: 'mail', until: at(10, 5) })
})

test('delivered is enough for an ordinary one, and not for জরুরি', () => {
  const delivered = facts({ tried: [tried('sms', 'sent', { receipt: 2 })] })
  assert.deepEqual(decide(ordinary, delivered, at(12, 30)), { end: 'told' })
  assert.deepEqual(decide(urgent, delivered, at(10, 1)), { send: 'push', retry: false })
})

test('what failed for now is tried again at its time, beside the others', () => {
  const throttled = facts({ tried: [tried('push', 'later', { again: at(10, 2) })] })
  assert.deepEqual(decide(urgent, throttled, at(10, 1)), { wait: 'push', until: at(10, 2) })
  assert.deepEqual(decide(urgent, throttled, at(10, 2)), { send: 'push', retry: true })
  const long = facts({ tried: [tried('push', 'later', { again: at(11) })] })
  assert.deepEqual(decide(urgent, long, at(10, 5)), { send: 'sms', retry: false })
})

test('an ordinary one that failed in the evening is not brought forward into the night', () => {
  const late = { urgency: 0, made: at(15, 50) }
  const failing = facts({ reachable: new Set(['push', 'mail']), tried: [tried('push', 'gone', { claimed: at(16) })] })
  assert.deepEqual(decide(late, failing, at(22)), { wait: 'mail', until: at(7, 0, '2024-10-23') })
  assert.deepEqual(decide(late, failing, at(16, 1)), { send: 'mail', retry: false })
})

test('what costs too much is passed over, and waited for when nothing else is left', () => {
  const held = new Set<ChannelName>(['sms', 'whatsapp'])
  const pushed = [tried('push', 'sent')]
  assert.deepEqual(decide(urgent, facts({ held, tried: pushed }), at(10, 30)), { send: 'mail', retry: false })
  assert.deepEqual(decide(urgent, facts({ held, reachable: new Set(['sms']) }), at(10)), { end: 'held' })
})

test('after the last channel it is looked once more whether it helped', () => {
  const all = CHANNELS.map((channel) => tried(channel, 'sent'))
  assert.deepEqual(decide(urgent, facts({ tried: all }), at(11)), { wait: null, until: at(10, 0, '2024-10-23') })
  assert.deepEqual(decide(urgent, facts({ tried: all }), at(10, 0, '2024-10-23')), { end: 'unseen' })
})

test('who has no address is looked for again during a day', () => {
  const nowhere = facts({ reachable: new Set() })
  assert.deepEqual(decide(urgent, nowhere, at(10)), { wait: null, until: at(14) })
  assert.deepEqual(decide(urgent, nowhere, at(10, 0, '2024-10-23')), { end: 'unseen' })
})

test('while a message is under way nothing else is begun', () => {
  const flying = facts({ tried: [tried('push', 'claimed', { claimed: at(10) })] })
  assert.deepEqual(decide(urgent, flying, at(10) + MINUTE), { wait: null, until: at(11) })
})
