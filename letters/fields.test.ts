import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decode, encode } from '../core/cbor.ts'
import { toBangla } from '../language/digits.ts'
import { anyText } from '../test/helpers/any-text.ts'
import { addDecimals, formatDecimal, isDecimal } from './decimal.ts'
import {
  checkFields,
  FIELD_TYPES,
  type Field,
  fieldsFromCbor,
  fieldsToCbor,
  type Values,
  valuesFromCbor,
  valuesToCbor,
} from './fields.ts'
import { isCanonical, readValue, readValues } from './fields-read.ts'
import { totals } from './fields-total.ts'

const field = (type: Field['type'], more: Partial<Field> = {}): Field => ({
  key: type,
  clause: 'ক',
  type,
  name: `নাম ${type}`,
  unit: '',
  required: false,
  choices: type === 'choice' ? ['হ্যাঁ', 'না', 'আংশিক'] : [],
  ...more,
})
const all = FIELD_TYPES.map((type) => field(type))
const count = field('number', { unit: 'জন' })

/** A decimal as it stands in an answer. */
const decimals = fc
  .tuple(fc.bigInt(-(10n ** 15n) + 1n, 10n ** 15n - 1n), fc.integer({ min: 0, max: 999_999 }))
  .map(([whole, places]) => `${whole}.${String(places).padStart(6, '0')}`.replace(/\.?0+$/, ''))
  .map((text) => (text === '' || text === '-' || text === '-0' ? '0' : text))
  .filter(isDecimal)

describe('a number is read', () => {
  const read: [string, string][] = [
    ['১২০', '120'],
    ['120', '120'],
    ['১,২৩,৪৫৬', '123456'],
    ['1,234,567', '1234567'],
    ['১২ ৩৪৫', '12345'],
    ['১,২৩,৪৫৬.৭৮', '123456.78'],
    ['৩।৫', '3.5'],
    ['৩·৫০', '3.5'],
    ['.৫', '0.5'],
    ['০০৭', '7'],
    ['৫০ জন', '50'],
    ['৫০জন।', '50'],
    ['৩টি', '3'],
    ['−৫', '-5'],
    ['-0', '0'],
    ['+১২', '12'],
    ['\u200b১২\u200d', '12'],
    ['  ১২\u00a0৩৪৫ ', '12345'],
    ['১2৩', '123'],
  ]
  for (const [typed, value] of read) test(typed, () => assert.deepEqual(readValue(count, typed), { value }))

  const money = field('number', { unit: 'টাকা' })
  for (const typed of ['১,০০,০০০/-', '৳ ১০০০০০', '১০০০০০ টাকা মাত্র', 'টাকা ১,০০,০০০'])
    test(`${typed} in taka`, () => assert.deepEqual(readValue(money, typed), { value: '100000' }))
})

describe('a number is not guessed', () => {
  const faults: [string, string][] = [
    ['অনেক', 'not_a_number'],
    ['নেই', 'not_a_number'],
    ['৫০ কেজি', 'not_a_number'],
    ['১০-১৫ জন', 'unclear_number'],
    ['১২,৫', 'unclear_number'],
    ['১২,৩৪', 'unclear_number'],
    ['১.২৩৪.৫৬৭', 'unclear_number'],
    ['1e5', 'not_a_number'],
    ['0x10', 'not_a_number'],
    ['Infinity', 'not_a_number'],
    ['১২৩৪৫৬৭৮৯০১২৩৪৫৬', 'too_long'],
    ['০.১২৩৪৫৬৭', 'too_long'],
    ['-', 'not_a_number'],
  ]
  for (const [typed, fault] of faults) test(typed, () => assert.deepEqual(readValue(count, typed), { fault }))
})

test('every number reads the same however it is written', () => {
  fc.assert(
    fc.property(decimals, (number) => {
      for (const typed of [number, toBangla(number), formatDecimal('bn', number), `${formatDecimal('en', number)} জন`])
        assert.deepEqual(readValue(count, typed), { value: number })
    }),
  )
})

describe('a date is read', () => {
  const read: [string, string][] = [
    ['2026-11-22', '2026-11-22'],
    ['২০২৬-১১-২', '2026-11-02'],
    ['২২-১১-২০২৬', '2026-11-22'],
    ['22/11/2026', '2026-11-22'],
    ['২.১.২০২৬', '2026-01-02'],
    ['২২ নভেম্বর ২০২৬ খ্রি:', '2026-11-22'],
    ['৬ কার্তিক ১৪৩১', '2024-10-22'],
    ['০৬ কার্তিক ১৪৩১ বঙ্গাব্দ।', '2024-10-22'],
  ]
  for (const [typed, value] of read) test(typed, () => assert.deepEqual(readValue(field('date'), typed), { value }))

  const faults: [string, string][] = [
    ['31-02-2026', 'not_a_date'],
    ['২২/১১/২৬', 'short_year'],
    ['আগামীকাল', 'not_a_date'],
    ['২২-১১-২০২৬ থেকে ২৩-১১-২০২৬', 'not_a_date'],
    ['২২-১১-২০২৬ পর্যন্ত', 'not_a_date'],
  ]
  for (const [typed, fault] of faults)
    test(`${typed}: ${fault}`, () => assert.deepEqual(readValue(field('date'), typed), { fault }))
})

test('a choice is read in either encoding and common spelling, and nothing near it', () => {
  const asked = field('choice', { choices: ['হয়েছে', 'হয়নি', 'প্রযোজ্য নয়'] })
  assert.deepEqual(readValue(asked, 'হয়েছে'.normalize('NFD')), { value: 'হয়েছে' })
  assert.deepEqual(readValue(asked, ' প্রযোজ্য  নয়'), { value: 'প্রযোজ্য নয়' })
  assert.deepEqual(readValue(asked, 'হয়'), { fault: 'not_a_choice' })
  assert.deepEqual(readValue(asked, 'toString'), { fault: 'not_a_choice' })
})

test('photographs are named by their places among the files', () => {
  assert.deepEqual(readValue(field('photo'), '1 3'), { value: '1 3' })
  for (const typed of ['0', '2 1', '1 1', '1.5', 'ছবি', '1000'])
    assert.deepEqual(readValue(field('photo'), typed), { fault: 'not_a_photo' }, typed)
})

test('a text stands as it was written, joiners and all', () => {
  assert.deepEqual(readValue(field('text'), ' র‍্যাব\r\n৫ জন\u0000 '), { value: 'র‍্যাব\n৫ জন' })
  assert.deepEqual(readValue(field('text'), 'ক'.repeat(2001)), { fault: 'too_long' })
})

test('a required field left empty is missing, another is not sent', () => {
  const { values, faults } = readValues([field('number', { required: true }), field('text')], { text: '\u00a0 ' })
  assert.deepEqual([...values], [])
  assert.deepEqual([...faults], [['number', 'missing']])
})

test('what was read is canonical, and reads as itself', () => {
  fc.assert(
    fc.property(fc.constantFrom(...all), anyText(), (asked, typed) => {
      const { value } = readValue(asked, typed)
      if (!value) return
      assert.ok(isCanonical(asked, value))
      assert.deepEqual(readValue(asked, value), { value })
    }),
  )
})

test('what is not canonical is told, whatever a device sends', () => {
  for (const value of ['১২', '1,200', '01', '-0', '1.0', '1e3', '', ' 1']) assert.ok(!isCanonical(count, value), value)
  assert.ok(!isCanonical(field('date'), '2026-02-30'))
  assert.ok(!isCanonical(field('choice'), 'হয়তো'))
})

test('fields and values come back from their bytes', () => {
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((name) => name.trim() !== '')
  const lists = fc.uniqueArray(
    fc.record({
      key: fc.stringMatching(/^[a-z0-9_-]{1,12}$/),
      clause: fc.constantFrom('', 'ক', '১(খ)'),
      type: fc.constantFrom(...FIELD_TYPES),
      name: names,
      unit: fc.constantFrom('', 'জন', 'টাকা'),
      required: fc.boolean(),
    }),
    { selector: ({ key }) => key, maxLength: 8 },
  )
  fc.assert(
    fc.property(lists, (list) => {
      const fields = list.map((one) => ({ ...one, choices: one.type === 'choice' ? ['হ্যাঁ', 'না'] : [] }))
      if (checkFields(fields).length > 0) return
      assert.deepEqual(fieldsFromCbor(decode(encode(fieldsToCbor(fields)))), fields)
      const values = new Map(fields.map(({ key }) => [key, 'ক']))
      assert.deepEqual(valuesFromCbor(decode(encode(valuesToCbor(values, fields)))), values)
    }),
  )
})

test('bytes that are no list of fields are refused', () => {
  const sound: unknown[] = ['k', '', 0, 'নাম', '', false, []]
  const refused = (value: unknown, code = 'bad_input') =>
    assert.throws(() => fieldsFromCbor(value as never), { name: 'Refusal', code })
  for (const value of [null, 'x', [1], [[]], [[...sound, 1]], [sound.with(0, 'ক খ')], [sound.with(3, ' ')]])
    refused(value)
  refused([sound, sound])
  refused([sound.with(6, ['হ্যাঁ', 'না'])])
  refused([sound.with(2, 2).with(6, ['এক'])])
  refused([sound.with(2, 5)], 'newer_version')
  refused(Array(41).fill(sound))
  for (const value of [
    null,
    [['k']],
    [['k', 1]],
    [['k', 'v', 'w']],
    [
      ['k', 'v'],
      ['k', 'w'],
    ],
    [['k', 'v'.repeat(2001)]],
  ])
    assert.throws(() => valuesFromCbor(value as never), { name: 'Refusal', code: 'bad_input' })
})

test('a list of fields says what is wrong with it', () => {
  const faults = (...fields: Field[]) => checkFields(fields).map(({ fault }) => fault)
  assert.deepEqual(faults(...all), [])
  assert.deepEqual(faults(field('number', { name: '' })), ['no_name'])
  assert.deepEqual(faults(count, field('date', { name: count.name })), ['name_twice'])
  assert.deepEqual(faults(field('choice', { choices: ['হ্যাঁ'] })), ['few_choices'])
  assert.deepEqual(faults(field('choice', { choices: ['হ্যাঁ', 'হ্যাঁ ', 'না'] })), ['choice_twice'])
})

test('sums are exact', () => {
  assert.equal(addDecimals(['0.1', '0.2']), '0.3')
  assert.equal(addDecimals(['999999999999999', '0.000001', '-1']), '999999999999998.000001')
  assert.equal(addDecimals([]), '0')
  assert.throws(() => addDecimals(['1,000']), RangeError)
  fc.assert(
    fc.property(fc.array(decimals), fc.array(decimals), (a, b) => {
      const negated = a.map((number) =>
        number.startsWith('-') ? number.slice(1) : number === '0' ? '0' : `-${number}`,
      )
      assert.equal(addDecimals([...a, ...negated]), '0')
      assert.equal(addDecimals([...a, ...b]), addDecimals([...b, ...a]))
    }),
  )
})

test('a sum is grouped by lakh with all its places', () => {
  assert.equal(formatDecimal('bn', '12345678901234567.05'), '১২,৩৪,৫৬,৭৮,৯০,১২,৩৪,৫৬৭.০৫')
  assert.equal(formatDecimal('en', '-1000'), '-1,000')
  assert.equal(formatDecimal('bn', 'অনেক'), 'অনেক')
})

test('totals by district and division add up to the whole, in the order of the rows', () => {
  const row = fc.record({
    division: fc.constantFrom('ঢাকা', 'বরিশাল', ''),
    district: fc.constantFrom('ক', 'খ'),
    values: fc.option(
      fc
        .record({ number: decimals, choice: fc.constantFrom('হ্যাঁ', 'না', 'হয়তো') }, { requiredKeys: [] })
        .map((given): Values => new Map(Object.entries(given))),
    ),
  })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      const { all: whole, divisions } = totals(all, rows)
      const districts = divisions.flatMap((division) => division.districts)
      assert.equal(whole.sent, rows.length)
      for (const parts of [divisions, districts]) {
        const part = parts.map(({ total }) => total)
        const sum = (of: (total: (typeof part)[number]) => number) => part.reduce((n, total) => n + of(total), 0)
        assert.equal(
          sum(({ sent }) => sent),
          whole.sent,
        )
        assert.equal(
          sum(({ answered }) => answered),
          whole.answered,
        )
        assert.equal(addDecimals(part.map(({ fields }) => fields[0]!.sum)), whole.fields[0]!.sum)
        assert.equal(
          sum(({ fields }) => fields[2]!.counts[0]!),
          whole.fields[2]!.counts[0],
        )
        assert.equal(
          sum(({ fields }) => fields[2]!.unreadable),
          whole.fields[2]!.unreadable,
        )
      }
      assert.deepEqual(
        divisions.map(({ name }) => name),
        [...new Set(rows.map(({ division }) => division))],
      )
    }),
  )
})

test('a value its field cannot hold is counted apart and never added', () => {
  const rows = ['5', 'অনেক', '7'].map((number) => ({
    division: '',
    district: '',
    values: new Map([['number', number]]),
  }))
  const [number] = totals([count], [...rows, { division: '', district: '', values: null }]).all.fields
  assert.deepEqual(number, { given: 2, unreadable: 1, sum: '12', counts: [] })
})
