import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { SmarakClient } from '../client/client.ts'
import { call, codeOf, type Enemy, openEnemy } from './enemy/service.ts'
import { townLetter } from './helpers/town.ts'

type Noted = { what: string; at: number; until?: number; directive?: string; post?: string; device?: string }

describe('what is recorded about a person', () => {
  let service: Enemy
  let uno: SmarakClient
  let neighbour: SmarakClient
  let directive: string

  before(async () => {
    service = await openEnemy()
    const ds = await service.official('ds')
    uno = await service.official('uno1')
    neighbour = await service.official('uno2')
    directive = (await ds.issue(townLetter(service), () => {})).id
    await uno.sync()
    await uno.sync()
  })
  after(() => service.close())

  const notedOf = async (as: SmarakClient): Promise<Noted[]> =>
    ((await (await call(service, '/api/about-me', { as })).json()) as { noted: Noted[] }).noted

  test('the server tells an officer its own observations of him, and of nobody else', async () => {
    let mine = await notedOf(uno)
    // Deliveries are gathered before they are written.
    for (let i = 0; i < 50 && !mine.some(({ what }) => what === 'delivered'); i++) {
      await setTimeout(100)
      mine = await notedOf(uno)
    }
    const delivered = mine.filter(({ what }) => what === 'delivered')
    assert.deepEqual(
      delivered.map(({ directive, post }) => [directive, post]),
      [[directive, service.id('post', 'uno1')]],
    )
    const sessions = mine.filter(({ what }) => what === 'session')
    assert.ok(sessions.length > 0)
    assert.ok(sessions.every(({ device, until, at }) => device === uno.device.keys.id && until! >= at))
    const theirs = await notedOf(neighbour)
    assert.ok(theirs.every(({ device, post }) => device !== uno.device.keys.id && post !== service.id('post', 'uno1')))
  })

  test('without a session nothing is told', async () => {
    const answer = await call(service, '/api/about-me')
    assert.deepEqual([answer.status, await codeOf(answer)], [401, 'session_expired'])
  })
})
