import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Enemy, openEnemy } from '../enemy/service.ts'
import { tryPhoto } from './photo.ts'

describe('a photograph', () => {
  let enemy: Enemy
  before(async () => {
    enemy = await openEnemy()
  })
  after(() => enemy.close())

  test('comes whole, and its answer once, over a line that is cut three times', { timeout: 100_000 }, async () => {
    const line = { bytesPerSecond: 100_000, roundTripMs: 60, awayMs: 100 }
    const { whole, answers, cuts, sent, size } = await tryPhoto(enemy, { size: 150_000, ...line })
    assert.deepEqual({ whole, answers, cuts }, { whole: true, answers: 1, cuts: 3 })
    assert.ok(sent < size + 3 * 32_768 + 30_000, `${sent} bytes for ${size}`)
  })
})
