import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../helpers/database.ts'
import { tryReminders } from './reminders.ts'

test('reminders and escalations are made once and on time, through jumps of clocks and kills', async () => {
  const { url } = await testDatabase()
  const figures = await tryReminders({ url, days: 8, directives: 3, addressees: 5, seed: 12 })
  const { missing, uncalled, misled, late, notices } = figures
  assert.deepEqual({ missing, uncalled, misled, late }, { missing: [], uncalled: [], misled: [], late: 0 })
  assert.ok(notices > 15, `${notices} notices`)
})
