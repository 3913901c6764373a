import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Field, fieldsToCbor } from '../letters/fields.ts'
import { requireNoFields } from './answer.ts'

const field = (more: Partial<Field>): Field => ({
  key: 'n',
  clause: 'গ',
  type: 'number',
  name: 'আশ্রিত মানুষ',
  unit: 'জন',
  required: true,
  choices: [],
  ...more,
})
const parts = (...fields: Field[]) => [{ label: 'fields', value: fieldsToCbor(fields) }]

test('a clause that asks for values is not said to be complied with without them', () => {
  const refused = { code: 'fields_asked', details: { fields: 'আশ্রিত মানুষ' } }
  assert.throws(() => requireNoFields(parts(field({})), ['গ'], 'done'), refused)
  assert.throws(() => requireNoFields(parts(field({ clause: '' })), ['ক'], 'done'), refused)
  requireNoFields(parts(field({})), ['ক'], 'done')
  requireNoFields(parts(field({ required: false })), ['গ'], 'done')
  requireNoFields(parts(field({})), ['গ'], 'impossible')
  requireNoFields([], ['গ'], 'done')
})
