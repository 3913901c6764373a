import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import type { Db, Tx } from '../../server/db.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import type { Id } from '../directory/index.ts'
import type { Clause, Line } from './entries.ts'
import { TestRoad } from './testing/road.ts'
import { idOf, Service } from './testing/service.ts'

const POSTS = 2_500
const clauses: Clause[] = [
  { label: '', ask: 'acknowledge' },
  { label: 'ক', ask: 'once' },
]
const toAll: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'field-officer' }] }]

let db: Db
let service: Service
const errors: unknown[] = []
const open = () => new TestRoad(service, db, { atOnce: 100, chunk: 90, onError: (error) => errors.push(error) })

before(async () => {
  ;({ db } = await testDatabase())
})

beforeEach(async () => {
  await db.write((tx) => tx.query('TRUNCATE directive CASCADE'))
  await db.write((tx) => tx.query('TRUNCATE tracking, delivery, inbox, wrap'))
  errors.length = 0
  service = new Service()
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('dc', { ring: true })
  for (let i = 0; i < POSTS; i++) {
    service.post(`officer ${i}`, {
      role: 'field-officer',
      supervisor: 'dc',
      place: `55${i % 64}`,
      holder: i < 2 ? `o${i}` : '',
    })
  }
})

/** Whoever is tracked for a clause, and whoever has the entry in the inbox. */
async function written(): Promise<{ tracked: Set<Id>; rows: number; inbox: Set<Id> }> {
  const rows = await db.many<{ id: Uint8Array; clause: number }>(
    `SELECT substring(a.ids FROM t.n * 16 + 1 FOR 16) AS id, t.clause
     FROM tracking t JOIN directive_audience a USING (directive)`,
  )
  const inbox = await db.many<{ party: Uint8Array }>('SELECT party FROM inbox')
  const text = (bytes: Uint8Array) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true })
  return {
    tracked: new Set(rows.map(({ id }) => text(id))),
    rows: rows.length,
    inbox: new Set(inbox.map(({ party }) => text(party))),
  }
}

/** Who sees a directive without being addressed; two officers are sealed to in person, their posts having no ring. */
const beside = new Set(['secretary', 'dc', 'person o0', 'person o1'].map(idOf))

function assertSame(actual: Set<Id>, expected: Set<Id>): void {
  assert.deepEqual([...actual.symmetricDifference(expected)], [])
}

const officers = () => new Set(Array.from({ length: POSTS }, (_, i) => idOf(`officer ${i}`)))

/**
 * A database that fails the writer's connection after `whole` transactions: at statement `statement` of the next one, or
 * when it had committed and its answer was lost.
 */
function dying(whole: number, statement: number | 'answer'): Db {
  let left = whole
  const write = async <T>(change: (tx: Tx) => Promise<T>): Promise<T> => {
    if (left < 0) throw new Error('killed')
    if (left-- > 0) return db.write(change)
    if (statement === 'answer') {
      await db.write(change)
      throw new Error('killed')
    }
    let statements = 0
    const gate =
      (act: (...args: unknown[]) => unknown) =>
      (...args: unknown[]) => {
        if (statements++ === statement) throw new Error('killed')
        return act(...args)
      }
    return db.write((tx) =>
      change({ ...tx, query: gate(tx.query as never), one: gate(tx.one as never) } as unknown as Tx).then((result) => {
        if (statements <= statement) throw new Error('killed')
        return result
      }),
    )
  }
  return { ...db, write } as Db
}

test('an expansion killed 20 times, at every statement, goes on by itself and reaches exactly the frozen audience', async () => {
  const first = open()
  await first.feature.close()
  await first.place(service.directive('secretary', toAll, { clauses }))
  const seen = new Set<number>()
  for (let kill = 0; kill < 20; kill++) {
    const options = { atOnce: 100, chunk: 90, onError: (error: unknown) => errors.push(error) }
    const road = new TestRoad(service, dying(kill % 2, kill % 8 === 7 ? 'answer' : kill % 8), options)
    await road.feature.restore?.(db)
    road.feature.start()
    // Nobody waits for the worker: sync answers from the frozen audience until the rows are there.
    for (const name of ['officer 0', `officer ${POSTS - 1}`]) assert.deepEqual(await seenBy(road, name), [0])
    assert.deepEqual(await seenBy(road, 'room'), [])
    while (errors.length <= kill) await new Promise((resolve) => setTimeout(resolve, 2))
    await road.feature.close()
    const { tracked } = await written()
    seen.add(tracked.size)
    assert.ok(tracked.isSubsetOf(officers()))
    assert.ok(tracked.size < POSTS, 'not done before the last kill')
  }
  assert.ok(seen.size > 8, `killed at different places: ${[...seen]}`)
  const last = open()
  await last.feature.restore?.(db)
  last.feature.start()
  await last.feature.settled()
  await last.feature.close()
  const { tracked, rows, inbox } = await written()
  assertSame(tracked, officers())
  assert.equal(rows, POSTS * clauses.length)
  assertSame(inbox, officers().union(beside))
  assert.deepEqual(await db.one('SELECT expanded FROM directive'), { expanded: true })
  assert.deepEqual(await db.one('SELECT count(*) AS n FROM expansion WHERE next < total'), { n: 0 })
})

const seenBy = (road: TestRoad, name: string) => {
  const extra = road.feature.inbox?.(idOf(name), 0, 10, 10) ?? []
  return db
    .many<{ index: number }>('SELECT index FROM inbox WHERE party = $1', [
      Uint8Array.fromBase64(idOf(name), { alphabet: 'base64url' }),
    ])
    .then((rows) => [...new Set([...extra, ...rows.map(({ index }) => index)])])
}

test('a receipt and a delivery that come before their rows are kept, and the worker leaves them alone', async () => {
  const road = new TestRoad(service, db, { atOnce: 100, chunk: 150, onError: (error) => errors.push(error) })
  await road.feature.close() // its worker never runs
  const [id] = await road.place(service.directive('secretary', toAll, { clauses }))
  await road.place({ ...service.receipt('officer 1', id!, 'acknowledged', 'o1') })
  road.feature.onSynced?.([{ party: idOf('officer 0'), cursor: 1 }])
  await road.feature.settled()
  assert.equal((await written()).rows, 2 * clauses.length)

  const after = open()
  await after.feature.restore?.(db)
  after.feature.start()
  await after.feature.settled()
  assertSame((await written()).tracked, officers())
  assert.deepEqual(
    await db.one(
      'SELECT count(delivered) AS delivered, count(acknowledged) AS acknowledged FROM tracking WHERE clause = 0',
    ),
    { delivered: 1, acknowledged: 1 },
  )
  await after.feature.close()
})

test('a cancellation of a large directive is shown at once and written behind it', async () => {
  const road = open()
  const [id] = await road.place(service.directive('secretary', toAll, { clauses }))
  await road.place(service.cancel('secretary', id!))
  assert.deepEqual(await road.seenBy(idOf('officer 7')), [0, 1])
  assert.ok(road.woken.has(idOf('officer 7')))
  await road.feature.settled()
  await road.feature.close()
  assert.deepEqual(await db.one('SELECT count(*) AS n FROM inbox WHERE index = 1'), { n: POSTS + beside.size })
  assert.deepEqual(errors, [])
})

test('acts that arrive while the worker writes never wait for it for ever', async () => {
  const road = open()
  service.appoint('o2', 'officer 2')
  const [id] = await road.place(service.directive('secretary', toAll, { clauses }))
  for (let i = 0; i < 3; i++) {
    await road.place(service.receipt(`officer ${i}`, id!, 'opened', `o${i}`))
    road.feature.onSynced?.([{ party: idOf(`officer ${i}`), cursor: 3 }])
    await road.place(service.answer(`officer ${i}`, id!, ['ক'], 'done', { by: 'secretary', person: 'secretary' }))
  }
  await road.feature.settled()
  await road.feature.close()
  assert.deepEqual(errors, [])
  const counts = await db.one(
    'SELECT count(opened) AS opened, count(delivered) AS delivered, count(*) AS n FROM tracking WHERE clause = 0',
  )
  assert.deepEqual(counts, { opened: 3, delivered: 3, n: POSTS })
})
