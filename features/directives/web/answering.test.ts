import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Answer, ClauseAsk, KeptFile } from '../../../client/views.ts'
import { fromDhaka } from '../../../language/time.ts'
import type { Field } from '../../../letters/fields.ts'
import {
  answersOf,
  choicesOf,
  correcting,
  dutiesOf,
  type Entry,
  emptyEntry,
  emptyForm,
  errorsOf,
  type Form,
  fieldFaults,
  fieldsFor,
  formOf,
  freeOf,
  takenApart,
  valuesBefore,
} from './answering.ts'

const once = (label: string): ClauseAsk => ({ label, ask: 'once' })
const standing = (label: string): ClauseAsk => ({ label, ask: 'standing' })
const entry = (more: Partial<Entry>): Entry => ({ ...emptyEntry(), ...more })
const file = (name: string): KeptFile => ({
  name,
  type: 'image/jpeg',
  size: 9,
  key: 'k',
  chunks: ['c'],
  taken: null,
  place: null,
})
const field = (key: string, clause: string, more: Partial<Field> = {}): Field => ({
  key,
  clause,
  type: 'number',
  name: key,
  unit: '',
  required: true,
  choices: [],
  ...more,
})
const to = { directive: 'd', post: 'p' }
const endOf = (date: string) => fromDhaka(date, 23, 59)
const said = (form: Form, duties: ClauseAsk[]) =>
  answersOf(form, duties, to, endOf).map(({ clauses, state }) => [state, ...clauses])

test('one answer for all clauses is one item', () => {
  const form = emptyForm()
  form.all = entry({ state: 'progress', until: '2024-10-30', note: ' চলছে ' })
  const [only, ...others] = answersOf(form, [once('ক'), once('গ')], to, endOf)
  assert.deepEqual(others, [])
  assert.deepEqual(only, { ...to, clauses: ['ক', 'গ'], state: 'progress', until: endOf('2024-10-30'), note: 'চলছে' })
})

test('a standing clause is kept to, never done, even under one answer for all', () => {
  const form = emptyForm()
  form.all.state = 'done'
  assert.deepEqual(said(form, [once('ক'), standing('খ')]), [
    ['done', 'ক'],
    ['kept', 'খ'],
  ])
})

test('different answers go clause by clause', () => {
  const form: Form = { ...emptyForm(), same: false }
  form.each = { ক: entry({ state: 'done' }), গ: entry({ state: 'notours', note: 'নয়' }) }
  assert.deepEqual(said(form, [once('ক'), once('গ')]), [
    ['done', 'ক'],
    ['notours', 'গ'],
  ])
})

test('clauses nobody asked for may be answered, whichever one chooses', () => {
  const nothing = (label: string): ClauseAsk => ({ label, ask: 'nothing' })
  const whole: ClauseAsk = { label: '', ask: 'acknowledge' }
  assert.deepEqual(freeOf({ clauses: [whole, nothing('ক'), nothing('গ')] }), [nothing('ক'), nothing('গ')])
  assert.deepEqual(freeOf({ clauses: [whole, nothing('ক')] }, true), [whole], 'a secretary presents it as a whole')
  assert.deepEqual(freeOf({ clauses: [whole] }), [whole])
  assert.deepEqual(freeOf({ clauses: [whole, once('ক'), nothing('গ')] }), [])
  const form: Form = { ...emptyForm(), all: entry({ state: 'done', note: 'দেখা হচ্ছে' }), chosen: ['গ'] }
  assert.deepEqual(errorsOf(form, [], '2024-10-22'), [{ label: null, field: 'clauses', word: 'clause' }])
  assert.deepEqual(said(form, [nothing('গ')]), [['done', 'গ']])
  assert.deepEqual(formOf(JSON.parse(JSON.stringify(form))), form)
})

test('only standing clauses offer "we keep to it"', () => {
  assert.equal(choicesOf([standing('ক')])[0], 'kept')
  assert.equal(choicesOf([standing('ক'), once('খ')])[0], 'done')
})

test('in progress asks a date from today on; not possible and not ours ask a reason', () => {
  const words = (form: Form) => errorsOf(form, [once('')], '2024-10-22').map(({ word }) => word)
  const form = emptyForm()
  assert.deepEqual(words(form), ['choose'])
  form.all.state = 'progress'
  assert.deepEqual(words(form), ['date'])
  form.all.until = '2024-10-21'
  assert.deepEqual(words(form), ['past'])
  form.all.until = '2024-10-22'
  assert.deepEqual(words(form), [])
  form.all.state = 'impossible'
  assert.deepEqual(words(form), ['reason'])
  form.all.note = 'বন্যা'
  assert.deepEqual(words(form), [])
})

test('an answer given is corrected over every clause that asks', () => {
  const clauses = [once('ক'), standing('খ'), { label: '', ask: 'acknowledge' as const }]
  assert.deepEqual(dutiesOf({ owed: [], clauses }), [once('ক'), standing('খ')])
  assert.deepEqual(dutiesOf({ owed: [standing('খ')], clauses }), [standing('খ')])
})

test('every clause is answered exactly once, whatever was chosen', () => {
  const entries = fc.record({
    state: fc.constantFrom('done', 'progress', 'impossible', 'notours', 'kept' as const),
    until: fc.constantFrom('', '2024-10-30'),
    note: fc.string(),
    files: fc.constant<KeptFile[]>([]),
  })
  const duties = fc.uniqueArray(
    fc.record({ label: fc.constantFrom('', 'ক', 'খ', 'গ', 'ঘ'), ask: fc.constantFrom('once', 'standing' as const) }),
    {
      selector: ({ label }) => label,
      minLength: 1,
    },
  )
  fc.assert(
    fc.property(
      duties,
      fc.boolean(),
      entries,
      fc.array(entries, { minLength: 5, maxLength: 5 }),
      (asked, same, all, others) => {
        const form = {
          ...emptyForm(),
          same,
          all,
          each: Object.fromEntries(asked.map(({ label }, i) => [label, others[i]!])),
        } as Form
        const given = answersOf(form, asked as ClauseAsk[], to, endOf).flatMap(({ clauses }) => clauses)
        assert.deepEqual(given.sort(), asked.map(({ label }) => label).sort())
      },
    ),
  )
})

test('a correction begins with what was said last of each clause', () => {
  const duties = [once('ক'), standing('খ')]
  const answer = (clauses: string[], state: Answer['state'], note: string, until: number | null = null) =>
    ({ clauses, state, note, until }) as Answer
  const begun = (form: Form, ...thread: Answer[]) => correcting(form, thread, duties, () => '2024-10-30')
  assert.deepEqual(begun(emptyForm()), emptyForm())
  const both = [answer(['ক'], 'done', 'দেখা হচ্ছে'), answer(['খ'], 'kept', 'দেখা হচ্ছে')]
  assert.deepEqual(begun(emptyForm(), ...both).all, entry({ state: 'done', note: 'দেখা হচ্ছে' }), 'as it was said: once')
  const later = begun(emptyForm(), ...both, answer(['ক'], 'progress', 'চলছে', 1))
  assert.equal(later.same, false)
  assert.deepEqual(later.each, {
    ক: entry({ state: 'progress', until: '2024-10-30', note: 'চলছে' }),
    খ: entry({ state: 'kept', note: 'দেখা হচ্ছে' }),
  })
  assert.deepEqual(begun(emptyForm(), both[0]!).each.খ, emptyEntry(), 'of the other nothing was said yet')
  const typed: Form = { ...emptyForm(), all: entry({ note: 'লেখা' }) }
  assert.deepEqual(begun(typed, ...both), typed, 'what somebody types meanwhile stays')
})

test('answering clause by clause begins with what was written for all', () => {
  const duties = [once('ক'), standing('খ'), once('গ')]
  const all = entry({ state: 'done', note: 'অধীনস্থদের উত্তর', files: [file('ছবি')] })
  const own = entry({ state: 'impossible', note: 'বন্যা' })
  assert.deepEqual(takenApart({ ...emptyForm(), all, each: { ক: emptyEntry(), গ: own } }, duties), {
    ক: all,
    খ: { ...all, state: 'kept', files: [] },
    গ: own,
  })
})

test('any saved draft opens a form', () => {
  fc.assert(fc.property(fc.anything(), (saved) => assert.equal(typeof formOf(saved).all.note, 'string')))
  const form: Form = {
    ...emptyForm(),
    same: false,
    all: entry({ state: 'done', note: 'ক', files: [file('ছবি')] }),
    chosen: ['খ'],
    values: { f1: '১২' },
  }
  assert.deepEqual(formOf(JSON.parse(JSON.stringify(form))), form)
})

test('values go with the answer to their clause, canonical, and photographs by their places among its files', () => {
  const duties = [once('ক'), standing('খ')]
  const fields = [field('f1', 'ক'), field('f2', 'খ'), field('f3', 'ক', { type: 'photo' })]
  const asked = fieldsFor(fields, duties, duties)
  const form = emptyForm()
  form.all = entry({ state: 'done', files: [file('প্রতিবেদন')] })
  form.values = { f1: '১,২০০ টি', f2: '৩' }
  form.photos = { f3: [file('এক'), file('দুই')] }
  const [first, second] = answersOf(form, duties, to, endOf, asked)
  assert.deepEqual(first?.values, { f1: '1200', f3: '1 2' })
  assert.deepEqual(
    first?.files?.map(({ name }) => name),
    ['এক', 'দুই', 'প্রতিবেদন'],
  )
  assert.deepEqual([second?.state, second?.values, second?.files], ['kept', { f2: '3' }, undefined])
})

test('only who complied must fill in everything, but nobody writes words for a number', () => {
  const asked = fieldsFor([field('f1', 'ক'), field('f2', 'ক', { required: false })], [once('ক')], [once('ক')])
  const form = emptyForm()
  form.all.state = 'impossible'
  assert.equal(fieldFaults(form, asked).size, 0)
  form.all.state = 'done'
  assert.deepEqual([...fieldFaults(form, asked)], [['f1', 'missing']])
  form.values = { f1: 'অনেক', f2: 'কম' }
  assert.deepEqual([...fieldFaults(form, asked).values()], ['not_a_number', 'not_a_number'])
})

test('a field of the whole letter is filled in with the first clause; one of a clause not answered now is not shown', () => {
  const clauses = [{ label: '', ask: 'acknowledge' as const }, once('ক'), once('গ')]
  const asked = fieldsFor([field('f1', ''), field('f2', 'ক'), field('f3', 'গ')], [once('গ')], clauses)
  assert.deepEqual(
    asked.map(({ label, field: { key } }) => [key, label]),
    [
      ['f1', 'গ'],
      ['f3', 'গ'],
    ],
  )
})

test('a correction begins with the values given before, the newest of each', () => {
  const given = (values: Record<string, string>) => ({ values }) as never
  assert.deepEqual(valuesBefore([given({ f1: '1', f2: '2' }), given({ f1: '3' })]), { f1: '3', f2: '2' })
})
