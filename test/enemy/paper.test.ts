import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Refusal } from '../../core/refusal.ts'
import { townLetter } from '../helpers/town.ts'
import { type Enemy, openEnemy, worded } from './service.ts'

describe('the recovery code, a device on paper', () => {
  let enemy: Enemy
  before(async () => {
    enemy = await openEnemy({ upazilas: 1 })
  })
  after(() => enemy.close())

  test('lets a new device in that reads what was before, is seen among the devices, and ends with the next code', async () => {
    const ds = await enemy.official('ds')
    const uno = await enemy.official('uno1')
    const { id } = await ds.issue(townLetter(enemy), () => {})
    await uno.sync()
    const first = await uno.recoveryCode()
    const found = await enemy.official('uno1', { code: first })
    await found.sync()
    assert.equal(found.rows.find((row) => row.id === id)?.subject, townLetter(enemy).summary.subject)
    uno.device.sync.expectDirectory() // as the wake-up says that the server sent at once; a quarter of an hour without one
    await uno.sync()
    const seen = (await uno.devices()).map(({ recovery = false, thisOne }) => ({ recovery, thisOne }))
    assert.equal(seen.length, 3, 'his own, the paper, and whoever came in by it')
    assert.equal(seen.filter(({ recovery }) => recovery).length, 1)

    const next = await uno.recoveryCode()
    await assert.rejects(enemy.official('uno1', { code: first }), is('revoked_device'))
    // One letter misread in the part that vouches for the root.
    const wrong = next.slice(0, -1) + (next.endsWith('0') ? '1' : '0')
    await assert.rejects(enemy.official('uno1', { code: wrong }), is('wrong_root'))
    const guess = next.replace(/^...../, next.startsWith('00000') ? '11111' : '00000')
    await assert.rejects(enemy.official('uno1', { code: guess }), (error) => error instanceof Refusal)
  })
})

function is(code: string) {
  return (error: unknown) => {
    assert.ok(error instanceof Refusal, String(error))
    assert.equal(error.code, code)
    worded(code)
    return true
  }
}
