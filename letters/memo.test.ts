import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toBangla } from '../language/digits.ts'
import { anyText } from '../test/helpers/any-text.ts'
import { findMemo, type Memo, namedGroups, parseMemo } from './memo.ts'

const digits = (n: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: n, maxLength: n })
const groupsOf = (...widths: number[]) => fc.tuple(...widths.map(digits))
const eighteen = groupsOf(2, 2, 4, 3, 2, 3, 2)
const twentyTwo = groupsOf(2, 2, 4, 3, 3, 2, 4, 2)
const issue = fc.integer({ min: 1, max: 99_999 }).map(String)

const brief = ({ form, file, issue, warnings }: Memo) => ({ form, file, issue, warnings })

test('the number of the order is understood', () => {
  const memo = parseMemo('নং- ০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭')
  assert.deepEqual(memo, {
    raw: '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭',
    file: '05.00.0000.110.99.002.17',
    groups: ['05', '00', '0000', '110', '99', '002', '17'],
    issue: '1337',
    form: '18',
    warnings: [],
  })
  assert.deepEqual(namedGroups(memo).at(-1), { name: 'year', value: '17' })
})

test('every 18 and 22 digit number is understood in both scripts', () => {
  for (const [form, groups] of [
    ['18', eighteen],
    ['22', twentyTwo],
  ] as const) {
    fc.assert(
      fc.property(groups, issue, fc.constantFrom('-', '.', ' - ', '–'), (parts, n, mark) => {
        const file = parts.join('.')
        for (const text of [`${file}${mark}${n}`, toBangla(`নং ${file}${mark}${n}`)])
          assert.deepEqual(brief(parseMemo(text)), { form, file, issue: n, warnings: [] })
      }),
    )
  }
})

test('the noise of real letters is seen through, and said', () => {
  const file = '05.00.0000.110.99.002.17'
  const cases: [string, Partial<ReturnType<typeof brief>>][] = [
    ['০৫,০০,০০০০,১১০,৯৯,০০২,১৭-১৩৩৭', { warnings: ['memo_separator'] }],
    ['০৫।০০।০০০০।১১০।৯৯।০০২।১৭-১৩৩৭', { warnings: ['memo_separator'] }],
    ['০৫.০০.০০০০.110.99.002.১৭-1337', {}],
    ['০৫. ০০. ০০০০ .১১০.৯৯.০০২.১৭ - ১৩৩৭', { warnings: ['memo_spaces'] }],
    ['০৫.০০.০০ ০০.১১০.৯৯.০০২.১৭-১৩৩৭', { warnings: ['memo_spaces'] }],
    ['০৫.০০.০০০০.১১০.৯৯.০০২.২০১৭-১৩৩৭', { warnings: ['memo_long_year'] }],
    ['১৩৩৭-১৭.০০২.৯৯.১১০.০০০০.০০.০৫', { warnings: ['memo_reversed'] }],
    ['স্মারক নং-০৫.০০.০০০০.১১০.৯৯.০০২.১৭.১৩৩৭ তারিখঃ ২২/১০/২০২৪', {}],
    ['০৫.০০.০০০০.১১০.৯৯.০০২.১৭ ২২/১০/২০২৪', { issue: '', warnings: ['issue_missing'] }],
    ['০৫.০০.০০০০.১১০.৯৯.০০২.১৭ - ২২/১০/২০২৪', { issue: '', warnings: ['issue_missing'] }],
    ['০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭ মহাপরিচালক', {}],
    ['০৫.০০.০০০০.১১০.৯৯.০০২.১৭ - ২২ সেপ্টেম্বর ২০২৪', { issue: '', warnings: ['issue_missing'] }],
    ['০৫.০০.০০০০.১১০.৯৯.০০২.১৭-২২ অক্টোবর ২০২৪', { issue: '', warnings: ['issue_missing'] }],
  ]
  for (const [text, expected] of cases)
    assert.deepEqual(brief(parseMemo(text)), { form: '18', file, issue: '1337', warnings: [], ...expected }, text)
})

test('marks of copies are kept apart from the issue number', () => {
  assert.deepEqual(parseMemo('০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭/১(৮)').copies, { part: '1', count: 8 })
  assert.deepEqual(parseMemo('05.00.0000.110.99.002.17-1337(1055)').copies, { count: 1055 })
  assert.equal(parseMemo('05.00.0000.110.99.002.17-1337(1055)').issue, '1337')
  assert.deepEqual(parseMemo('সম/প্র-৪/২০১০-১২৩/১(৫)').copies, { part: '1', count: 5 })
})

test('older forms are understood as far as they go', () => {
  assert.deepEqual(brief(parseMemo('০৫.১৭০.০২২.০৭.০১.১২৬.২০১০-৪৫')), {
    form: '19',
    file: '05.170.022.07.01.126.2010',
    issue: '45',
    warnings: [],
  })
  assert.deepEqual(brief(parseMemo('নং-মপবি/কবিশা/কপগ-১১/২০০১-১১১')), {
    form: 'slash',
    file: 'মপবি/কবিশা/কপগ-11/2001',
    issue: '111',
    warnings: [],
  })
  assert.deepEqual(brief(parseMemo('সম/প্র-৪/২০১০')), {
    form: 'slash',
    file: 'সম/প্র-4/2010',
    issue: '',
    warnings: ['issue_missing'],
  })
})

test('what is not a memo number is not made into one', () => {
  for (const text of ['', '২২/১০/২০২৪', '২২.১০.২০২৪', 'ফোন: ৫৫১০০২১৬', 'ঢাকা', '192.168.100.200'])
    assert.deepEqual(parseMemo(text).warnings, ['memo_missing'], text)
  assert.equal(findMemo('ঢাকা/চট্টগ্রাম/২ খুলনা'), null)
})

test('any text gives an answer, and what was found reads the same alone', () => {
  const noisy = fc.oneof(
    anyText(),
    fc.string({ unit: fc.constantFrom(...'০১২৩৪৫৬৭৮৯0123.,।-/() নংকখ') }),
    fc
      .tuple(eighteen, fc.constantFrom('.', '. ', ',', '।'), fc.string(), issue)
      .map(([g, mark, text, n]) => g.join(mark) + text + n),
  )
  fc.assert(
    fc.property(noisy, (text) => {
      const memo = parseMemo(text)
      const at = findMemo(text)
      if (at) assert.equal(text.slice(at.start, at.end), at.memo.raw)
      assert.ok(text.includes(memo.raw))
      assert.deepEqual(parseMemo(memo.raw), memo)
    }),
    { numRuns: 2000 },
  )
})

test('commas all the way reach to the issue number, and never into a date', () => {
  assert.equal(parseMemo('নম্বর-০৫,০০,০০০০,১৩০,১৯,০০৩,২৪,১০২').issue, '102')
  assert.equal(parseMemo('০৫,০০,০০০০,১৩০,১৯,০০৩,২৪,২২/০২/২০২৪').issue, '')
})
