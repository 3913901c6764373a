import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClauseAsk } from '../client/views.ts'
import { type Field, fieldsToCbor } from '../letters/fields.ts'
import { askedBy, requireFew, typedIn, valuesOf } from './answer-form.ts'
import { Args } from './command.ts'

const field = (more: Partial<Field> = {}): Field => ({
  key: 'n',
  clause: 'গ',
  type: 'number',
  name: 'আশ্রিত মানুষ',
  unit: 'জন',
  required: true,
  choices: [],
  ...more,
})
const photo = field({ key: 'p', name: 'ছাদ', type: 'photo', unit: '', required: false })
const done = { state: 'done', files: 0, lang: 'en' } as const
const args = (name: string, ...values: string[]) => new Args([], new Map([[name, values]]))

test('a clause that asks for values is not said to be complied with without them', () => {
  const refused = { code: 'fields_asked', details: { fields: 'n (আশ্রিত মানুষ)', option: '--value KEY=VALUE' } }
  assert.throws(() => valuesOf([], [field()], done), refused)
  assert.throws(() => valuesOf([['n', ' ']], [field()], { ...done, state: 'kept' }), refused)
  assert.deepEqual(valuesOf([], [field({ required: false })], done), {})
  assert.deepEqual(valuesOf([], [field()], { ...done, state: 'impossible' }), {})
  assert.deepEqual(valuesOf([], [], done), {})
})

test('what is asked of a clause is asked of who answers it, and what is asked of the whole letter of everybody', () => {
  const clauses: ClauseAsk[] = [
    { label: '', ask: 'nothing' },
    { label: 'ক', ask: 'once' },
    { label: 'গ', ask: 'once' },
  ]
  const asked = (one: Field, ...labels: string[]) => {
    const parts = [{ label: 'fields', value: fieldsToCbor([one]) }]
    return askedBy({ parts, changes: [], clauses }, labels).map(({ key }) => key)
  }
  assert.deepEqual(asked(field(), 'গ'), ['n'])
  assert.deepEqual(asked(field(), 'ক'), [])
  assert.deepEqual(asked(field({ clause: '' }), 'ক'), ['n'])
  assert.deepEqual(askedBy({ parts: null, changes: [], clauses }, ['গ']), [])
})

test('a value is typed by the key or the name of its field, in either script', () => {
  const typed = (...values: string[]) => valuesOf(typedIn(args('value', ...values)), [field()], done)
  assert.deepEqual(typed('n=১,২৩৪ জন'), { n: '1234' })
  assert.deepEqual(typed('আশ্রিত মানুষ = 12.50'), { n: '12.5' })
  assert.throws(() => typed('n'), { code: 'bad_value' })
  assert.throws(() => typed('=5'), { code: 'bad_value' })
  assert.throws(() => typed('m=5'), { code: 'no_such_field', details: { field: 'm', fields: 'n (আশ্রিত মানুষ)' } })
  assert.throws(() => typed('n=অনেক'), {
    code: 'unfit_values',
    details: { faults: ['আশ্রিত মানুষ: Write a number here, such as 120 or 12.5.'] },
  })
})

test('a photograph is named by the place of its file, and there is one in that place', () => {
  assert.deepEqual(valuesOf([['p', '১, ৩']], [photo], { ...done, files: 3 }), { p: '1 3' })
  assert.throws(() => valuesOf([['p', '2']], [photo], { ...done, files: 1 }), { code: 'unfit_values' })
})

test('an answer takes as many files as on a screen', () => {
  const files = Array.from({ length: 11 }, (_, n) => `${n}.jpg`)
  assert.equal(requireFew(args('file', ...files.slice(1))).length, 10)
  assert.throws(() => requireFew(args('file', ...files)), { code: 'too_many_files' })
})
