import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { SmarakClient } from '../../client/client.ts'
import { equal, fromBase64url, randomBytes, toBase64url } from '../../core/bytes.ts'
import { chainTag, threadChain } from '../../core/chain.ts'
import { decodeLeaf } from '../../core/leaf.ts'
import { decodeBundle } from '../../core/tile.ts'
import { townLetter } from '../helpers/town.ts'
import { call, codeOf, type Enemy, openEnemy } from './service.ts'

describe('reading what is for others', () => {
  let enemy: Enemy
  let uno: SmarakClient
  let neighbour: SmarakClient
  let far: SmarakClient
  let directive: string
  let answer: string

  before(async () => {
    enemy = await openEnemy()
    const [ds, ...others] = [
      await enemy.official('ds'),
      await enemy.official('uno1'),
      await enemy.official('uno2'),
      await enemy.official('uno-far'),
    ]
    ;[uno, neighbour, far] = others as [SmarakClient, SmarakClient, SmarakClient]
    directive = (await ds!.issue(townLetter(enemy), () => {})).id
    await uno.sync()
    await neighbour.sync()
    await uno.acknowledge(directive, enemy.id('post', 'uno1'))
    const answered = { directive, post: enemy.id('post', 'uno1'), clauses: ['ক'], state: 'done' as const, until: null }
    await uno.answer({ ...answered, note: 'হয়েছে' })
    await uno.sync()
    const acts = uno.device.proven.state.directives.thread(directive, enemy.id('post', 'uno1')).acts
    answer = acts.find(({ kind }) => kind === 'answer')!.item
  })
  after(() => enemy.close())

  /** Everything of an answer that a caller can look at, but for the moment it was given. */
  async function seen(path: string, as?: SmarakClient) {
    const response = await call(enemy, path, as ? { as } : {})
    const headers = [...response.headers].filter(([name]) => name !== 'date')
    return { status: response.status, headers, body: await response.text() }
  }

  const nowhere = toBase64url(randomBytes(16))
  const addresses = (id: string, post: string, item = id) => [
    `/api/items/${item}/sections/0`,
    `/api/items/${item}/sections/1`,
    `/api/proof/${item}`,
    `/api/threads/${id}/${post}`,
    `/api/directives/${id}/board`,
    `/api/directives/${id}/rows`,
    `/api/directives/${id}/curve`,
    `/api/directives/${id}/summary`,
    `/api/directives/${id}/plan/${post}`,
  ]

  test('a directive to others looks as if it were not there', async () => {
    const post = enemy.id('post', 'uno1')
    const hidden = addresses(directive, post)
    for (const [i, path] of addresses(nowhere, post).entries()) {
      const absent = await seen(path, far)
      assert.equal(absent.status, 404, path)
      assert.deepEqual(await seen(hidden[i]!, far), absent, path)
    }
    assert.equal((await call(enemy, hidden[1]!, { as: uno })).status, 200, 'its addressee reads it')
  })

  test("a neighbour's thread, answer and board look so too, also to who has the same directive", async () => {
    const post = enemy.id('post', 'uno1')
    const hidden = addresses(directive, post, answer).filter((path) => !path.includes('sections/1'))
    const absent = addresses(nowhere, post, nowhere).filter((path) => !path.includes('sections/1'))
    for (const [i, path] of hidden.entries()) {
      assert.deepEqual(await seen(path, neighbour), await seen(absent[i]!, neighbour), path)
    }
    assert.equal((await call(enemy, hidden[0]!, { as: uno })).status, 200, 'its author reads it')
  })

  test("a sync for another's post brings nothing and moves no cursor", async () => {
    const mine: [string, number] = [enemy.id('post', 'uno-far'), 0]
    const theirs: [string, number][] = ['uno1', 'ds', 'dc'].map((code) => [enemy.id('post', code), 0])
    const reply = await far.device.transport.sync([mine, ...theirs], 0)
    assert.deepEqual(reply.entries, [])
    const cursors = reply.cursors.filter(({ party }) => party !== mine[0])
    assert.deepEqual(
      cursors.map(({ party, cursor, more }) => [party, cursor, more]),
      theirs.map(([party]) => [party, 0, false]),
    )
  })

  test('without a session, or with a token somebody made up, nothing is read', async () => {
    const paths = [...addresses(directive, enemy.id('post', 'uno1')), '/api/me']
    for (const path of paths) {
      assert.deepEqual(
        [(await call(enemy, path)).status, await codeOf(await call(enemy, path))],
        [401, 'session_expired'],
      )
      for (const token of ['x', toBase64url(randomBytes(32)), toBase64url(randomBytes(4_000)), '../../x'])
        assert.equal((await call(enemy, path, { token })).status, 401, path)
    }
  })

  test('what anybody may fetch of the log tells when something was accepted, and not of which directive or post', async () => {
    const bundle = new Uint8Array(await (await call(enemy, '/checkpoint')).arrayBuffer())
    const size = Number(new TextDecoder().decode(bundle).split('\n')[1])
    const path = `/tile/entries/000.p/${size}`
    const bytes = new Uint8Array(await (await call(enemy, path)).arrayBuffer())
    const leaves = decodeBundle(bytes, size).map(decodeLeaf)
    assert.deepEqual(Object.keys(leaves.at(-1)!).sort(), ['chain', 'item', 'previous', 'sequence', 'time'])
    const [post, of] = [fromBase64url(enemy.id('post', 'uno1')), fromBase64url(directive)]
    const tag = chainTag(threadChain(of, post))
    assert.equal(
      leaves.filter(({ chain }) => equal(chain, tag)).length,
      2,
      'its readers find the receipt and the answer',
    )
    for (const name of [post, of])
      assert.equal(Buffer.from(bytes).includes(name), false, 'and nobody else finds a name')
  })

  test('a receipt for a thread that is not ours tells no more than one for a directive that is not there', async () => {
    const { acts } = far.device
    const mine = enemy.id('post', 'uno-far')
    const [hidden, absent] = await Promise.all(
      [directive, nowhere].map(async (id) => {
        const placed = far.device.transport.place(await acts.receipt(id, mine, 'opened'))
        return placed.then(
          () => 'accepted',
          ({ code, details }) => ({ code, details }),
        )
      }),
    )
    assert.deepEqual(hidden, absent)
    assert.equal((hidden as { code: string }).code, 'not_found')
  })
})
