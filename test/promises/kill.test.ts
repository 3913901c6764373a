import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tryKills } from './kill.ts'

test('what was accepted is there after kill -9 of the server and of its PostgreSQL', { timeout: 120_000 }, async () => {
  const { lost, doubled, moved, accepted } = await tryKills({ kills: 2, items: 1_200, clients: 6 })
  assert.deepEqual({ lost, doubled, moved }, { lost: 0, doubled: 0, moved: 0 })
  assert.ok(accepted >= 1_200)
})
