import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayIfKnown } from '../../../language/words.ts'
import type { Field } from '../../../letters/fields.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'
import { fieldOfFile, fieldsByClause, fieldText } from './asked-fields.ts'

const field = (over: Partial<Field>): Field => ({
  key: 'f1',
  clause: '',
  type: 'number',
  name: 'আশ্রিত মানুষ',
  unit: '',
  required: true,
  choices: [],
  ...over,
})
const textOf = (over: Partial<Field>, lang: 'bn' | 'en' = 'bn') => {
  const say = ((key: string, params?: Record<string, unknown>) => sayIfKnown(lang, key, params) ?? '') as Prefs['say']
  return fieldText({ say }, field(over))
}

test('what a clause asks for is said under it, and what no clause of the paper asks for at the foot', () => {
  const fields = [
    field({ key: 'a', clause: 'গ' }),
    field({ key: 'b' }),
    field({ key: 'c', clause: 'ঙ' }),
    field({ key: 'd', clause: 'গ' }),
  ]
  const said = fieldsByClause(fields, ['ক', 'গ'])
  assert.deepEqual(
    said.get('গ')?.map(({ key }) => key),
    ['a', 'd'],
  )
  assert.deepEqual(
    said.get('')?.map(({ key }) => key),
    ['b', 'c'],
  )
  assert.equal([...said.values()].flat().length, fields.length)
})

test('a field says its unit, its choices and its kind, and no word twice', () => {
  assert.equal(textOf({ unit: 'জন' }), 'আশ্রিত মানুষ (জন)')
  assert.equal(textOf({}), 'আশ্রিত মানুষ')
  assert.equal(textOf({ type: 'choice', choices: ['হ্যাঁ', 'না'] }), 'আশ্রিত মানুষ (হ্যাঁ / না)')
  assert.equal(textOf({ type: 'choice', choices: ['১', '২', '৩', '৪', '৫'] }), 'আশ্রিত মানুষ (৫টির একটি)')
  assert.equal(textOf({ type: 'photo', required: false }), 'আশ্রিত মানুষ (ছবি; না দিলেও চলে)')
  assert.equal(textOf({ type: 'photo', name: 'কেন্দ্রের ছবি' }), 'কেন্দ্রের ছবি')
  assert.equal(textOf({ type: 'date', name: 'পরিদর্শন' }, 'en'), 'পরিদর্শন (date)')
})

test('a photograph is shown by the name of the field it was taken for', () => {
  const fields = [field({ key: 'n' }), field({ key: 'roof', type: 'photo' }), field({ key: 'door', type: 'photo' })]
  const values = { n: '3', roof: '1 3', door: '2' }
  assert.deepEqual(
    [1, 2, 3, 4].map((nth) => fieldOfFile(fields, values, nth)?.key),
    ['roof', 'door', 'roof', undefined],
  )
  assert.equal(fieldOfFile(fields, undefined, 1), undefined)
})
