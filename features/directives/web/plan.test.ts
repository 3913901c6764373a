import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Planned } from '../notice-routes.ts'
import { planLines } from './plan.ts'

const at = (kind: string, when: number) => ({ kind, at: when, nth: 1, to: 'p', toName: null }) as unknown as Planned
const kinds = (planned: Planned[], now: number) => planLines({ planned }, now).map(({ kind }) => kind)

test('the next reminder is told beforehand, and when the supervisor will hear', () => {
  const planned = [at('escalation-1', 30), at('reminder-due', 10), at('reminder-late', 20), at('escalation-2', 40)]
  assert.deepEqual(kinds(planned, 5), ['reminder-due', 'escalation-1'])
  assert.deepEqual(kinds(planned, 25), ['escalation-1'])
})

test('what has passed is not to come', () => {
  assert.deepEqual(kinds([at('reminder-due', 10)], 10), [])
})
