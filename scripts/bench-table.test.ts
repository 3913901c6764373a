import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge, table } from './bench-table.ts'

test('a row with a reference is judged by its ratio, any other by its value', () => {
  const reference = { name: 'bare pg', value: 1000 }
  assert.equal(judge({ name: 'a', value: 500, unit: '/s', reference, wanted: '≥ 0.5' }), true)
  assert.equal(judge({ name: 'a', value: 499, unit: '/s', reference, wanted: '≥ 0.5' }), false)
  assert.equal(judge({ name: 'a', value: 61, unit: 'ms', wanted: '≤ 60' }), false)
  assert.equal(judge({ name: 'a', value: Number.NaN, unit: 'ms', wanted: '≤ 60' }), false)
  assert.equal(judge({ name: 'a', value: 61, unit: 'ms', wanted: 'known' }), undefined)
})

test('the table says which figure was missed', () => {
  const rows = [
    { name: 'items', value: 12_345.6, unit: '/s', reference: { name: 'bare pg', value: 50_000 }, wanted: '≥ 0.5' },
  ]
  assert.equal(
    table(rows),
    'figure  measured   reference       ratio  wanted\nitems   12,346 /s  bare pg 50,000  0.25   ≥ 0.5   MISSED',
  )
})
