import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Db } from '../../server/db.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import { absenceFields } from './duty.ts'
import type { Line } from './entries.ts'
import { DARK_MS, type ReachNeeds, reach } from './reach.ts'
import { FrozenCache } from './store.ts'
import { TestRoad } from './testing/road.ts'
import { idOf, Service } from './testing/service.ts'

const toUnos: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'uno' }] }]
const START = 1_000_000_000_000

let db: Db
let service: Service
let road: TestRoad

before(async () => {
  ;({ db } = await testDatabase())
  service = new Service()
  service.time = START
  service.post('room', { role: 'record-room', ring: true })
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('commissioner', { ring: true })
  service.post('dc-1', { supervisor: 'commissioner', ring: true })
  service.post('dc-2', { supervisor: 'commissioner', ring: true })
  for (const [uno, dc] of [
    ['uno-1', 'dc-1'],
    ['uno-2', 'dc-1'],
    ['uno-3', 'dc-2'],
  ] as const)
    service.post(uno, { role: 'uno', supervisor: dc, place: '558573', ring: true })
  road = new TestRoad(service, db)
  await road.place(service.directive('secretary', toUnos))
  await road.place(service.receipt('uno-2', (await firstId())!, 'opened'))
})

const firstId = async () =>
  (await db.one<{ id: Uint8Array }>('SELECT id FROM directive'))?.id.toBase64({
    alphabet: 'base64url',
    omitPadding: true,
  })
const reachOf = (post: string, now: number, ways?: ReachNeeds['ways']) =>
  reach({ db, directory: service.directory, frozen: new FrozenCache(), now: () => now, ways }, [idOf(post)])
const seenBy = async (post: string, now: number) => (await reachOf(post, now)).posts

test('what waits for less than a day is nobody’s business', async () => {
  assert.deepEqual(await seenBy('commissioner', START + DARK_MS - 1), [])
})

test('a superior sees whom below something has not reached for a day, and since when; nobody else’s', async () => {
  const later = START + 2 * DARK_MS
  const posts = async (post: string) => (await seenBy(post, later)).map((one) => one.post)
  assert.deepEqual(await posts('commissioner'), [idOf('uno-1'), idOf('uno-3')])
  assert.deepEqual(await posts('dc-1'), [idOf('uno-1')])
  assert.deepEqual(await posts('uno-1'), [])
  assert.deepEqual(await posts('secretary'), [], 'he issued it, but nobody of them is below him')
  const [first] = await seenBy('dc-1', later)
  assert.deepEqual([first?.since, first?.waiting, first?.absence], [START, 1, null])
})

test('a declared reason stands beside it, while it lasts', async () => {
  const away = { post: idOf('uno-1'), reason: 'flood' as const, from: START, to: START + 3 * DARK_MS, cover: null }
  await road.place(service.make('absence', 'uno-1', 'uno-1', absenceFields(away), 0, []))
  assert.equal((await seenBy('dc-1', START + 2 * DARK_MS))[0]?.absence?.reason, 'flood')
  assert.equal((await seenBy('dc-1', START + 4 * DARK_MS))[0]?.absence, null)
})

test('how each post directly below can be told stands beside it, and how many there are', async () => {
  const asked: string[] = []
  const ways: ReachNeeds['ways'] = async (_read, persons) => {
    asked.push(...persons)
    const [, second] = [...new Set(persons)].sort()
    return new Map(second ? [[second, [{ channel: 'sms' as const, gone: 5 }]]] : [])
  }
  const { below, direct } = await reachOf('dc-1', START, ways)
  assert.deepEqual([below, direct.map(({ post }) => post)], [2, [idOf('uno-1'), idOf('uno-2')]])
  assert.equal(new Set(asked).size, 2, 'only of those below')
  assert.deepEqual(
    direct.flatMap(({ ways }) => ways),
    [{ channel: 'sms', gone: 5 }],
  )
  assert.deepEqual((await reachOf('commissioner', START)).below, 5)
  assert.deepEqual(await reachOf('uno-1', START + 2 * DARK_MS), { below: 0, posts: [], direct: [] })
})
