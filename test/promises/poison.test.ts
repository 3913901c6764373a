import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../helpers/database.ts'
import { tryPoison } from './poison.ts'

test('poisoned items are refused, and all around them are placed', async () => {
  const { db } = await testDatabase()
  const { good, placed, poisoned, refused, wrong } = await tryPoison(db, 150, 16)
  assert.deepEqual({ placed, refused, wrong }, { placed: good, refused: poisoned, wrong: 0 })
  assert.ok(poisoned === 15)
})
