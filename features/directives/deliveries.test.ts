import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Db } from '../../server/db.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import type { Line } from './entries.ts'
import { TestRoad } from './testing/road.ts'
import { idOf, Service } from './testing/service.ts'

const toUnos: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'uno' }] }]

let db: Db
before(async () => {
  ;({ db } = await testDatabase())
})

const delivered = async () =>
  (await db.many<{ delivered: number | null }>('SELECT delivered FROM tracking ORDER BY directive, n')).map(
    (row) => row.delivered,
  )

test('delivered is the first time a device of the addressee fetched past the directive', async () => {
  const service = new Service()
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('dc', { ring: true })
  service.post('uno', { supervisor: 'dc', ring: true })
  const road = new TestRoad(service, db)
  const { feature } = road
  await road.place(service.directive('secretary', toUnos))
  await road.place(service.directive('secretary', toUnos))
  const sync = async (name: string, cursor: number, time: number) => {
    service.time = time
    feature.onSynced?.([{ party: idOf(name), cursor }])
    await feature.settled()
  }

  await sync('dc', 2, 10)
  await sync('secretary', 2, 10)
  await sync('person uno', 2, 10)
  assert.deepEqual(await delivered(), [null, null], 'who supervises or issues is not the addressee')

  await sync('uno', 0, 20)
  assert.deepEqual(await delivered(), [null, null], 'nothing was handed out below the cursor')
  await sync('uno', 1, 30)
  assert.deepEqual(await delivered(), [30, null])
  await sync('uno', 2, 40)
  await sync('uno', 2, 50)
  await sync('uno', 1, 60)
  assert.deepEqual(await delivered(), [30, 40])

  // A server started anew does not know what was written, and writes it no second time.
  const again = new TestRoad(service, db)
  service.time = 70
  again.feature.onSynced?.([{ party: idOf('uno'), cursor: 2 }])
  await again.feature.settled()
  assert.deepEqual(await delivered(), [30, 40])
  assert.deepEqual(await db.many('SELECT cursor FROM delivery ORDER BY cursor'), [
    { cursor: 2 },
    { cursor: 2 },
    { cursor: 2 },
  ])
})

test('a mark that could not be written is written with the next', async () => {
  const service = new Service()
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('uno', { ring: true })
  const { Deliveries } = await import('./deliveries.ts')
  const { FrozenCache } = await import('./store.ts')
  let away = true
  const failing = new Proxy(db, {
    get: (target, key) =>
      key === 'write' && away ? () => Promise.reject(new Error('away')) : Reflect.get(target, key, target),
  })
  const errors: unknown[] = []
  const deliveries = new Deliveries({
    db: failing,
    directory: service.directory,
    frozen: new FrozenCache(),
    expander: { shownTo: () => [] },
    now: () => 1,
    onError: (error) => errors.push(error),
    changed: () => {},
    gatherMs: 1,
  })
  deliveries.note([{ party: idOf('uno'), cursor: 5 }])
  await assert.rejects(deliveries.flush(), /away/)
  away = false
  await deliveries.flush()
  const row = await db.one('SELECT cursor FROM delivery WHERE party = $1', [
    Uint8Array.fromBase64(idOf('uno'), { alphabet: 'base64url' }),
  ])
  assert.deepEqual(row, { cursor: 5 })
})
