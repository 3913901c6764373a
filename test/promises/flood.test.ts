import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testDatabase } from '../helpers/database.ts'
import { tryFlood } from './flood.ts'

describe('rubbish requests', () => {
  test('leave less than a kilobyte each in memory, are all refused, and hold up nobody', {
    timeout: 120_000,
  }, async (t) => {
    const { url: databaseUrl } = await testDatabase()
    const { grown, letters, slowest, broken } = await tryFlood({ databaseUrl, requests: 1_500, warmUp: 500 })
    t.diagnostic(`+${grown} bytes; ${letters} letters issued meanwhile, the slowest in ${slowest.toFixed(0)} ms`)
    assert.deepEqual(broken, [])
  })
})
