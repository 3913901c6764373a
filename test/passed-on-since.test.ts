import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { SmarakClient } from '../client/client.ts'
import { fromBase64url } from '../core/bytes.ts'
import type { PassedOn } from '../features/directives/passed.ts'
import { type Enemy, openEnemy } from './enemy/service.ts'
import { townLetter } from './helpers/town.ts'

const DAY = 86_400_000
const AMENDED = 'আরও যত্নবান হতে হবে'
const WHY = 'ভুল ছিল'

/** Each test stands on those before it. */
describe('what becomes of a letter after it was passed on', () => {
  let service: Enemy
  let ds: SmarakClient
  let dc: SmarakClient
  let uno: SmarakClient
  let original: string
  let passed: string
  let post: string

  before(async () => {
    service = await openEnemy()
    const [first, commissioner, second] = await Promise.all(['ds', 'dc', 'uno1'].map((code) => service.official(code)))
    ;[ds, dc, uno] = [first!, commissioner!, second!]
    post = service.id('post', 'uno1')
    const mine = service.id('post', 'dc')
    // The DC alone is addressed, and the second UNO as well, who so has it twice.
    const lines = [mine, service.id('post', 'uno2')].map((to, i) => ({
      n: i + 1,
      purpose: 0 as const,
      selectors: [[2, to]],
    }))
    original = (await ds.issue(townLetter(service, { lines, due: Date.now() + 9 * DAY }), () => {})).id
    await dc.sync()
    const due = Date.now() + 5 * DAY
    passed = (await dc.issue(townLetter(service, { post: mine, parent: original, due }), () => {})).id
    await uno.sync()
    assert.deepEqual((await uno.open(passed, post)).enclosed?.changes, [])
  })
  after(() => service.close())

  const row = () => uno.rows.find(({ id }) => id === passed)!

  test('who passed it on is told who has it from above too, and would count twice', async () => {
    const [mine] = (await dc.passedOn(original)) as PassedOn[]
    assert.deepEqual(mine?.direct, [service.id('post', 'uno2')])
    const [seen] = (await ds.passedOn(original)) as PassedOn[]
    assert.deepEqual(seen?.direct, [], 'whom he asks below is his')
  })

  test('an amendment is read by who has the letter only within another, words and reason', async () => {
    await ds.following.amend(original, WHY, [{ label: 'clause:ক', value: AMENDED }])
    await ds.sync()
    await uno.sync()
    const { enclosed } = await uno.open(passed, post)
    assert.deepEqual(
      enclosed?.changes.map((change) => ({ ...change, at: 0 })),
      [{ kind: 'amend', at: 0, reason: WHY, parts: [{ label: 'clause:ক', value: AMENDED }] }],
    )
    assert.deepEqual(row().above?.changes.length, 1)
    assert.deepEqual(row().changes, [], 'what the DC asks stands as it was')
  })

  test('more time and the end are known too, and what was passed on still stands', async () => {
    const due = Date.now() + 20 * DAY
    await ds.following.extend(original, due, 'বন্যা')
    await ds.sync()
    await ds.cancel(original, WHY)
    await ds.sync()
    await uno.sync()
    const { enclosed, cancelled } = await uno.open(passed, post)
    assert.deepEqual(
      enclosed?.changes.map(({ kind }) => kind),
      ['amend', 'extend'],
    )
    assert.equal(enclosed?.cancelled?.reason, WHY)
    assert.equal(cancelled, undefined)
    assert.equal(row().above?.cancelled?.reason, WHY)
  })

  test('he is told of each, about the letter he has; whoever has it twice is told once of each letter', async () => {
    const told = async (code: string) =>
      (
        await service.db.many<{ kind: string; mine: boolean }>(
          `SELECT kind, directive = $2 AS mine FROM notice WHERE party = $1 AND kind <> 'new' ORDER BY id`,
          [fromBase64url(service.id('post', code)), fromBase64url(passed)],
        )
      ).map(({ kind, mine }) => `${kind} ${mine ? 'passed on' : 'original'}`)
    assert.deepEqual(await told('uno1'), ['amended passed on', 'extended passed on', 'cancelled passed on'])
    assert.deepEqual(await told('uno-far'), [])
  })

  test('who joins only now, and who was never sent it, see what is theirs', async () => {
    const far = await service.official('uno-far')
    assert.deepEqual(far.rows, [])
    const second = await service.official('uno2')
    await second.sync()
    const both = second.rows.map(({ id, cancelled }) => [id === original, Boolean(cancelled)])
    assert.deepEqual(both.sort(), [
      [false, false],
      [true, true],
    ])
  })
})
