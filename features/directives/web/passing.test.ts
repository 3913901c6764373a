import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromDhaka } from '../../../language/time.ts'
import { say } from '../../../language/words.ts'
import { addDecimals } from '../../../letters/decimal.ts'
import type { Field } from '../../../letters/fields.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'
import type { BoardRow } from '../rows.ts'
import {
  answersTogether,
  behind,
  dueOf,
  emptyPassing,
  type Passing,
  passingDraft,
  passingFaults,
  passingOf,
  together,
  togetherNote,
} from './passing.ts'

const now = fromDhaka('2026-11-22', 10)
const own = fromDhaka('2026-11-26', 15)
const signatory = { name: 'সেলিনা', post: 'জেলা প্রশাসক, রংপুর', office: 'জেলা প্রশাসকের কার্যালয়, রংপুর' }
const passing = (more: Partial<Passing> = {}): Passing => ({
  ...emptyPassing(false),
  to: ['uno1', 'uno2'],
  instruction: 'তিন দিনে জানান',
  ...more,
})
const field = (key: string, more: Partial<Field> = {}): Field => ({
  key,
  clause: 'গ',
  type: 'number',
  name: key,
  unit: '',
  required: true,
  choices: [],
  ...more,
})
const row = { id: 'd', post: 'dc', due: own, grade: 0 as const, urgency: 0 as const }
const writing = { fields: [field('f1')], subject: 'অগ্রায়ন', signatory, titleOf: (post: string) => post, now }

test('a letter is passed on to somebody, with a word of one’s own, and no later than it is due oneself', () => {
  assert.deepEqual(passingFaults(passing(), own, now), [])
  assert.deepEqual(passingFaults(passing({ to: [], instruction: ' ' }), own, now), ['nobody', 'instruction'])
  assert.deepEqual(passingFaults(passing({ date: '2026-11-27' }), own, now), ['dueLate'])
  assert.deepEqual(passingFaults(passing({ date: '2026-11-21' }), own, now), ['duePast'])
  assert.deepEqual(passingFaults(passing({ date: '2026-12-31' }), null, now), [])
})

test('who is late himself passes it on to a day ahead, and has to name it', () => {
  const late = own + 3_600_000
  assert.deepEqual(passingFaults(passing({}), own, late), ['duePast'])
  assert.deepEqual(passingFaults(passing({ date: '2026-11-29' }), own, late), [])
  const writing = {
    fields: [],
    subject: '',
    signatory: { name: '', post: '', office: '' },
    titleOf: () => '',
    now: late,
  }
  assert.equal(passingDraft(passing({ date: '2026-11-29' }), row, writing).due, fromDhaka('2026-11-29', 17))
  assert.equal(passingDraft(passing({ date: '2026-11-26' }), row, writing).due, fromDhaka('2026-11-26', 17))
})

test('it is due by the end of office on the day chosen, on one’s own day not after one’s own hour', () => {
  assert.equal(dueOf({ date: '2026-11-24' }, own), fromDhaka('2026-11-24', 17))
  assert.equal(dueOf({ date: '2026-11-26' }, own), own)
  assert.equal(dueOf({ date: '' }, own), own)
  assert.equal(dueOf({ date: '' }, null), null)
})

test('what is passed on names its parent, each post on its own line, and asks for the same fields', () => {
  const draft = passingDraft(passing({ urgent: true }), row, writing)
  assert.deepEqual([draft.parent, draft.post, draft.form, draft.urgency], ['d', 'dc', 'letter', 1])
  assert.deepEqual(
    draft.lines.map(({ n, selectors }) => [n, selectors]),
    [
      [1, [[2, 'uno1']]],
      [2, [[2, 'uno2']]],
    ],
  )
  assert.deepEqual(draft.clauses, [{ label: '', ask: 'once' }])
  assert.equal(draft.parts.find(({ label }) => label === 'line:২')?.value, 'uno2')
  assert.equal(
    draft.parts.some(({ label }) => label === 'fields'),
    true,
  )
})

test('a kept draft leaves out who is no longer below', () => {
  const below = [{ id: 'uno1' }] as never
  assert.deepEqual(passingOf({ to: ['uno1', 'gone'], instruction: 'ক' }, below, true), {
    to: ['uno1'],
    instruction: 'ক',
    date: '',
    urgent: true,
  })
  fc.assert(fc.property(fc.anything(), (saved) => assert.equal(typeof passingOf(saved, below, false).date, 'string')))
})

test('numbers from below are added exactly, and a value of words is left out and counted', () => {
  const said = (f1: string) => ({ post: f1, answer: { state: 'done', values: { f1 } } })
  const fields = [field('f1'), field('f2', { type: 'text' })]
  const sum = together(fields, [said('0.1'), said('0.2'), said('অনেক'), { post: 'uno9', answer: null }])
  assert.deepEqual(sum, { values: { f1: '0.3' }, answered: 3, waiting: ['uno9'], unreadable: 1 })
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1_000_000 }).map(String), { minLength: 1 }), (numbers) => {
      assert.equal(together([field('f1')], numbers.map(said)).values.f1, addDecimals(numbers))
    }),
  )
})

test('a choice all made alike is taken over, one they differ in is left to the officer', () => {
  const fields = [field('f1', { type: 'choice', choices: ['হ্যাঁ', 'না'] })]
  const said = (f1: string) => ({ post: f1, answer: { state: 'done', values: { f1 } } })
  assert.deepEqual(together(fields, [said('হ্যাঁ'), said('হ্যাঁ')]).values, { f1: 'হ্যাঁ' })
  assert.deepEqual(together(fields, [said('হ্যাঁ'), said('না')]).values, {})
})

test('whoever passed a letter on is told that it ended or changed since, which those below do not hear', () => {
  const amended = { kind: 'amend' as const, at: 10, reason: '', parts: [] }
  assert.equal(behind({ changes: [amended] }, [{ issued: 9 }, { issued: 11 }]), 'changed')
  assert.equal(behind({ changes: [amended] }, [{ issued: 11 }]), null, 'that was passed on as it is now')
  assert.equal(behind({ changes: [{ kind: 'remind', at: 10, reason: '' }] }, [{ issued: 9 }]), null)
  assert.equal(behind({ changes: [], cancelled: { reason: '', at: 12 } }, [{ issued: 9 }]), 'ended')
  assert.equal(behind({ changes: [], supersededBy: 'x' }, [{ issued: 9 }]), 'ended')
  assert.equal(behind({ changes: [], supersededBy: 'x' }, []), null, 'what was withdrawn stands no more')
})

test('the answers of those below are given as one, also again, as long as the letter asks and stands', () => {
  const clauses = [{ label: '', ask: 'once' as const }]
  assert.ok(answersTogether({ clauses }))
  assert.ok(!answersTogether({ clauses, supersededBy: 'x' }))
  assert.ok(!answersTogether({ clauses, cancelled: { reason: '', at: 1 } }))
  assert.ok(!answersTogether({ clauses: [{ label: '', ask: 'acknowledge' }] }))
})

test('a note names who has not answered with his place: all below have the same title', () => {
  const prefs = { say: say.bind(null, 'bn'), name: (name?: { bn: string }) => name?.bn ?? '' } as Prefs
  const uno = (post: string, place: string) =>
    ({
      post,
      name: { bn: 'উপজেলা নির্বাহী অফিসার', en: '' },
      office: { bn: `উপজেলা নির্বাহী অফিসারের কার্যালয়, ${place}, রংপুর`, en: '' },
    }) as BoardRow
  const rows = [uno('uno1', 'পীরগাছা'), uno('uno2', 'তারাগঞ্জ'), uno('uno3', 'কাউনিয়া')]
  const all = { values: {}, answered: 1, waiting: ['uno2', 'uno3'], unreadable: 0 }
  assert.equal(
    togetherNote(prefs, rows, all),
    '৩টি পদের মধ্যে ১টির উত্তর একত্র করা হলো।\nউত্তর বাকি: উপজেলা নির্বাহী অফিসার, তারাগঞ্জ, রংপুর; উপজেলা নির্বাহী অফিসার, কাউনিয়া, রংপুর।',
  )
  const now = togetherNote(
    prefs,
    rows,
    { ...all, answered: 3, waiting: [] },
    `${togetherNote(prefs, rows, all)}\nবাঁধ ঠিক আছে।`,
  )
  assert.equal(now, '৩টি পদের মধ্যে ৩টির উত্তর একত্র করা হলো।\nবাঁধ ঠিক আছে।', 'gathered again, it says what is so now')
  const direct = togetherNote(prefs, [], { ...all, answered: 0, waiting: [], direct: 3 }, now)
  assert.equal(
    direct,
    'আরও ৩টি পদ মূল পত্রটি সরাসরি পেয়েছে; তাদের নিজেদের উত্তর গোনা হয় বলে এখানে যোগ করা হয়নি।\nবাঁধ ঠিক আছে।',
    'who answers the letter himself is not counted a second time',
  )
  assert.equal(togetherNote(prefs, rows, { ...all, answered: 3, waiting: [] }, direct), now)
})
