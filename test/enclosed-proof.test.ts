import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { toBase64url } from '../core/bytes.ts'
import { sha256 } from '../core/hash.ts'
import { call, codeOf, type Enemy, openEnemy } from './enemy/service.ts'
import { townLetter } from './helpers/town.ts'

describe('the place of an original that was passed on', () => {
  let service: Enemy
  before(async () => {
    service = await openEnemy()
  })
  after(() => service.close())

  test('is told to whoever holds its bytes, and to nobody else who was not addressed', async () => {
    const [ds, dc, uno] = await Promise.all(['ds', 'dc', 'uno1'].map((code) => service.official(code)))
    const mine = service.id('post', 'dc')
    const original = await ds!.issue(
      townLetter(service, { lines: [{ n: 1, purpose: 0, selectors: [[2, mine]] }] }),
      () => {},
    )
    await dc!.sync()
    const passed = await dc!.issue(townLetter(service, { post: mine, parent: original.id }), () => {})
    await uno!.sync()

    const { enclosed } = await uno!.proof(passed.id)
    assert.deepEqual([enclosed?.verified, enclosed?.itemId], [true, original.id])
    assert.equal(enclosed?.verified && enclosed.index, original.index)

    const path = `/api/proof/${original.id}`
    const { cose } = (await service.db.one<{ cose: Uint8Array<ArrayBuffer> }>(
      'SELECT cose FROM item WHERE index = $1',
      [original.index],
    ))!
    for (const query of ['', '?item=', `?item=${toBase64url(sha256(sha256(cose)))}`]) {
      const answer = await call(service, path + query, { as: uno! })
      assert.equal(await codeOf(answer), 'not_found', query)
    }
    assert.equal((await call(service, `${path}?item=${toBase64url(sha256(cose))}`, { as: uno! })).status, 200)
  })
})
