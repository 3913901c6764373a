import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Part, RowChange } from '../../../client/views.ts'
import { amended } from './amended.ts'

const part = (label: string, value: string): Part => ({ label, value })
const letter = [part('subject', 'সভা'), part('clause:ক', 'যত্নবান হোন'), part('clause:খ', 'জানান'), part('line:১', 'ডিসি')]
const amend = (at: number, ...parts: Part[]): RowChange => ({ kind: 'amend', at, reason: '', parts })

test('amended text stands where the old one stood, and the old one is kept', () => {
  const { parts, was } = amended(letter, [amend(5, part('clause:ক', 'আরও যত্নবান হোন'))])
  assert.deepEqual(
    parts.map(({ value }) => value),
    ['সভা', 'আরও যত্নবান হোন', 'জানান', 'ডিসি'],
  )
  assert.deepEqual([...was], [['clause:ক', { texts: ['যত্নবান হোন'], at: 5, gone: false }]])
})

test('amended twice, both earlier texts are kept in their order', () => {
  const { parts, was } = amended(letter, [amend(5, part('subject', 'দুই')), amend(9, part('subject', 'তিন'))])
  assert.equal(parts[0]?.value, 'তিন')
  assert.deepEqual(was.get('subject'), { texts: ['সভা', 'দুই'], at: 9, gone: false })
})

test('a new clause joins the clauses, and an empty text takes its part out', () => {
  const { parts, was } = amended(letter, [amend(5, part('clause:গ', 'নতুন'), part('clause:খ', ''))])
  assert.deepEqual(
    parts.map(({ label }) => label),
    ['subject', 'clause:ক', 'clause:গ', 'line:১'],
  )
  assert.deepEqual(was.get('clause:গ')?.texts, [])
  assert.equal(was.get('clause:খ')?.gone, true)
})

test('more time and reminders change no text', () => {
  const { parts, was } = amended(letter, [
    { kind: 'extend', at: 1, reason: '', due: 2 },
    { kind: 'remind', at: 1, reason: '' },
  ])
  assert.deepEqual(parts, letter)
  assert.equal(was.size, 0)
})

test('whatever is amended, nothing else of the letter moves', () => {
  const labels = fc.constantFrom('subject', 'clause:ক', 'clause:খ', 'clause:গ', 'line:১', 'memo')
  fc.assert(
    fc.property(fc.array(fc.tuple(labels, fc.string()), { maxLength: 6 }), (changed) => {
      const touched = new Set<string>(changed.map(([label]) => label))
      const { parts } = amended(letter, [amend(1, ...changed.map(([label, text]) => part(label, text)))])
      assert.deepEqual(
        parts.filter(({ label }) => !touched.has(label)),
        letter.filter(({ label }) => !touched.has(label)),
      )
    }),
  )
})
