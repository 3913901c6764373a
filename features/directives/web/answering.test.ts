import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ClauseAsk } from '../../../client/views.ts'
import { fromDhaka } from '../../../language/time.ts'
import { answersOf, choicesOf, dutiesOf, emptyForm, errorsOf, type Form, formOf, freeOf } from './answering.ts'

const once = (label: string): ClauseAsk => ({ label, ask: 'once' })
const standing = (label: string): ClauseAsk => ({ label, ask: 'standing' })
const to = { directive: 'd', post: 'p' }
const endOf = (date: string) => fromDhaka(date, 23, 59)
const said = (form: Form, duties: ClauseAsk[]) =>
  answersOf(form, duties, to, endOf).map(({ clauses, state }) => [state, ...clauses])

test('one answer for all clauses is one item', () => {
  const form = emptyForm()
  form.all = { state: 'progress', until: '2024-10-30', note: ' চলছে ' }
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
  form.each = { ক: { state: 'done', until: '', note: '' }, গ: { state: 'notours', until: '', note: 'নয়' } }
  assert.deepEqual(said(form, [once('ক'), once('গ')]), [
    ['done', 'ক'],
    ['notours', 'গ'],
  ])
})

test('clauses nobody asked for may be answered, whichever one chooses', () => {
  const nothing = (label: string): ClauseAsk => ({ label, ask: 'nothing' })
  const whole: ClauseAsk = { label: '', ask: 'acknowledge' }
  assert.deepEqual(freeOf({ clauses: [whole, nothing('ক'), nothing('গ')] }), [nothing('ক'), nothing('গ')])
  assert.deepEqual(freeOf({ clauses: [whole] }), [whole])
  assert.deepEqual(freeOf({ clauses: [whole, once('ক'), nothing('গ')] }), [])
  const form: Form = { ...emptyForm(), all: { state: 'done', until: '', note: 'দেখা হচ্ছে' }, chosen: ['গ'] }
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
  const entry = fc.record({
    state: fc.constantFrom('done', 'progress', 'impossible', 'notours', 'kept' as const),
    until: fc.constantFrom('', '2024-10-30'),
    note: fc.string(),
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
      entry,
      fc.array(entry, { minLength: 5, maxLength: 5 }),
      (asked, same, all, others) => {
        const form = { same, all, each: Object.fromEntries(asked.map(({ label }, i) => [label, others[i]!])) } as Form
        const given = answersOf(form, asked as ClauseAsk[], to, endOf).flatMap(({ clauses }) => clauses)
        assert.deepEqual(given.sort(), asked.map(({ label }) => label).sort())
      },
    ),
  )
})

test('any saved draft opens a form', () => {
  fc.assert(fc.property(fc.anything(), (saved) => assert.equal(typeof formOf(saved).all.note, 'string')))
  const form: Form = { same: false, all: { state: 'done', until: '', note: 'ক' }, each: {}, chosen: ['খ'] }
  assert.deepEqual(formOf(JSON.parse(JSON.stringify(form))), form)
})
