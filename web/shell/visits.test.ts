import assert from 'node:assert/strict'
import { test } from 'node:test'
import { visitAt } from './visits.ts'

test('pages opened within half an hour of each other are one visit', () => {
  let kept: string | null = null
  const minutes = [0, 5, 34, 80, 200]
  const counts = minutes.map((minute) => {
    const visit = visitAt(kept, 1e12 + minute * 60_000)
    kept = visit.kept
    return visit.count
  })
  assert.deepEqual(counts, [1, 1, 1, 2, 3])
})

test('what is no count begins anew, and a clock put back begins another visit', () => {
  for (const kept of ['', 'x', '-1 3', '9'.repeat(40)]) assert.equal(visitAt(kept, 1e12).count, 1)
  assert.equal(visitAt('4 1000000000000', 5).count, 5)
})
