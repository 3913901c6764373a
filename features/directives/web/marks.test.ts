import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { readLetter } from '../../../letters/read.ts'
import { type Mark, marksOf, segmentsOf } from './marks.ts'

const order = readFileSync(new URL('../../../test/fixtures/mopa-2024-10-22.txt', import.meta.url), 'utf8')

test('the marked letter is the letter, to the last sign', () => {
  const reading = readLetter(order)
  const segments = segmentsOf(order, marksOf(reading), reading.warnings)
  assert.equal(segments.map(({ text }) => text).join(''), order)
})

test('number, subject, clauses and lines of the order are marked where they stand', () => {
  const reading = readLetter(order)
  const segments = segmentsOf(order, marksOf(reading), reading.warnings)
  const of = (key: string) =>
    segments
      .filter((segment) => segment.key === key)
      .map(({ text }) => text)
      .join('')
  assert.match(of('memo'), /১৩৩৭/)
  assert.match(of('subject'), /প্রসঙ্গে/)
  assert.match(of('clause:গ'), /নিয়মিত বিরতিতে/)
  assert.match(of('line:17'), /উপজেলা নির্বাহী অফিসার/)
})

test('whatever the marks, the segments are the text and the smallest part wins', () => {
  const span = fc.record({ start: fc.integer({ min: -5, max: 40 }), end: fc.integer({ min: -5, max: 40 }) })
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.array(span), fc.array(span), (text, spans, warned) => {
      const marks = spans.map((at, i): Mark => ({ ...at, key: `line:${i}` }))
      const segments = segmentsOf(
        text,
        marks,
        warned.map((at) => ({ at })),
      )
      assert.equal(segments.map((segment) => segment.text).join(''), text)
    }),
  )
  const inner = segmentsOf(
    'abcdef',
    [
      { key: 'subject', start: 0, end: 6 },
      { key: 'memo', start: 2, end: 4 },
    ],
    [],
  )
  assert.deepEqual(
    inner.map(({ text, key }) => [text, key]),
    [
      ['ab', 'subject'],
      ['cd', 'memo'],
      ['ef', 'subject'],
    ],
  )
})
