import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { readHolidays, requireHolidays } from './holidays.ts'

const faultsOf = (text: string, years?: number[]) =>
  readHolidays(text, years && { years }).faults.map(({ line, fault }) => `${line} ${fault}`)

describe('a list of holidays', () => {
  test('is read with a heading or without, in digits of either script, blank lines and remarks passed over', () => {
    const { holidays, faults } = readHolidays(
      '\ufeffdate,bn,en,provisional\r\n\r\n# ঈদ\r\n২০২৬-০৩-২১,ঈদুল ফিতর,Eid,provisional\r\n2026-12-16 , বিজয় দিবস\n2027-01-01,"নববর্ষ, ইংরেজি","New ""Year"""\n',
    )
    assert.deepEqual(faults, [])
    assert.deepEqual(holidays, [
      { date: '2026-03-21', bn: 'ঈদুল ফিতর', en: 'Eid', provisional: true },
      { date: '2026-12-16', bn: 'বিজয় দিবস'.normalize('NFC'), en: 'বিজয় দিবস'.normalize('NFC') },
      { date: '2027-01-01', bn: 'নববর্ষ, ইংরেজি', en: 'New "Year"' },
    ])
  })

  test('has every mistake named by its line, and keeps what is right', () => {
    const text = [
      'date,bn,en',
      '2026-02-31,শহীদ দিবস,Martyrs', // 2
      '21/02/2026,শহীদ দিবস,Martyrs', // 3
      '2026-02-21,শহীদ দিবস,Martyrs', // right
      '২০২৬-০২-২১,মাতৃভাষা দিবস,Language', // 5
      '', // nothing
      '2025-12-16,বিজয় দিবস,Victory', // 7
      '2026-12-16,,Victory', // 8
      ',বিজয় দিবস,Victory', // 9
      '2026-12-16,"বিজয় দিবস,Victory', // 10
      '2026-12-16,বিজয় দিবস,Victory,maybe', // 11
      '2026-12-16,বিজয় দিবস,Victory,,more', // 12
      `2026-12-16,${'ক'.repeat(101)}`, // 13
      '2026-13-01,বড়দিন,Christmas', // 14
    ].join('\n')
    assert.deepEqual(faultsOf(text, [2026]), [
      '2 no_such_day',
      '3 not_a_date',
      '5 repeated',
      '7 other_year',
      '8 no_name',
      '9 not_a_date',
      '10 bad_quote',
      '11 bad_mark',
      '12 bad_mark',
      '13 too_long',
      '14 no_such_day',
    ])
    assert.deepEqual(
      readHolidays(text, { years: [2026] }).holidays.map(({ date }) => date),
      ['2026-02-21'],
    )
  })

  test('may be JSON, and is judged alike', () => {
    const item = { date: '২০২৬-১২-১৬', bn: 'বিজয় দিবস', en: 'Victory Day' }
    assert.deepEqual(readHolidays(JSON.stringify({ meta: {}, items: [item] })).faults, [])
    assert.deepEqual(
      faultsOf(JSON.stringify([item, item, null, { ...item, date: 5 }, { ...item, provisional: 'yes' }])),
      ['2 repeated', '3 not_a_holiday', '4 not_a_holiday', '5 bad_mark'],
    )
    assert.deepEqual(faultsOf('[{'), ['0 not_json'])
    assert.deepEqual(faultsOf('{"holidays":[]}'), ['0 not_json'])
  })

  test('without a holiday is the wrong file', () => {
    for (const text of ['', '\n\n', 'date,bn,en\n', '[]']) assert.deepEqual(faultsOf(text), ['0 empty'], text)
  })

  test('with a mistake is refused whole where nothing less will do, each line named', () => {
    assert.throws(
      () => requireHolidays('2026-02-31,শহীদ দিবস\n2026-04-14,নববর্ষ'),
      (error: { code?: string; message?: string }) =>
        error.code === 'bad_holidays' && /line 1 \(2026-02-31\)/.test(error.message ?? ''),
    )
    assert.equal(requireHolidays('2026-04-14,নববর্ষ').length, 1)
  })

  test('loses no line, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string().filter((line) => /[^\s]/.test(line) && !/[\r\n]/.test(line))), (lines) => {
        const text = lines.map((line) => `x${line}`).join('\n')
        const { holidays, faults } = readHolidays(text)
        assert.equal(holidays.length + faults.length, Math.max(1, lines.length))
      }),
    )
  })
})
