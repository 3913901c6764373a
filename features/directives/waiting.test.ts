import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Call, Route } from '../../server/routes.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import type { Id } from '../directory/index.ts'
import type { Board } from './board.ts'
import type { Clause, Line } from './entries.ts'
import type { BoardRows } from './rows.ts'
import { TestRoad } from './testing/road.ts'
import { idOf, Service } from './testing/service.ts'
import type { Awaited } from './waiting.ts'
import { remindable } from './web/following.ts'

const HOUR = 3_600_000
const clauses: Clause[] = [
  { label: '', ask: 'acknowledge' },
  { label: 'ক', ask: 'once' },
]
const to = (...posts: string[]): Line[] => [
  { n: 1, purpose: 'action', selectors: posts.map((post) => ({ by: 'post' as const, post: idOf(post) })) },
]

/** secretary issues to two DCs, to four UNOs below one of them, and to his own post. */
let service: Service
let road: TestRoad
let asked: Id
let known: Id

before(async () => {
  const { db } = await testDatabase()
  service = new Service()
  service.time = 1_000 * HOUR
  service.post('room', { role: 'record-room', ring: true })
  service.post('secretary', { mayIssue: true, ring: true })
  for (const dc of ['dc-1', 'dc-2']) service.post(dc, { role: 'dc', supervisor: 'secretary', ring: true })
  const unos = [1, 2, 3, 4].map((n) => `uno-${n}`)
  for (const uno of unos) service.post(uno, { role: 'uno', supervisor: 'dc-1' })
  road = new TestRoad(service, db)
  const due = service.time + 24 * HOUR
  const lines = to('secretary', 'dc-2', ...unos)
  const acknowledging: Clause[] = [{ label: '', ask: 'acknowledge' }]
  ;[asked, known] = (await road.place(
    service.directive('secretary', lines, { clauses, due }),
    service.directive('secretary', lines, { clauses: acknowledging, due }),
  )) as [Id, Id]
  service.time += HOUR
  await road.place(
    service.answer('uno-1', asked, ['', 'ক'], 'done'),
    service.answer('uno-2', asked, ['', 'ক'], 'progress'),
    service.receipt('uno-3', asked, 'acknowledged'),
    service.receipt('uno-3', known, 'acknowledged'),
  )
})

async function ask<T>(path: string, post: string, query: Record<string, string>, id = ''): Promise<T> {
  const route = (road.feature.routes as Route[]).find((one) => one.path === path)!
  const viewer = { device: '', person: '', posts: [idOf(post)], parties: [] }
  const none = { body: undefined, ifNoneMatch: undefined, host: '', signature: undefined }
  const reply = await route.answer({ viewer, params: { id }, query, ...none } as Call)
  return ('json' in reply ? reply.json : undefined) as T
}
const waiting = (post: string, ...ids: Id[]) => ask<Awaited[]>('/api/waiting', post, { of: ids.join() })

test('what one waits for says how many have answered, and nobody is late before it is due', async () => {
  assert.deepEqual(await waiting('secretary', known, asked), [
    { directive: known, addressees: 5, answered: 1, late: 0 },
    { directive: asked, addressees: 5, answered: 2, late: 0 },
  ])
  assert.deepEqual(await waiting('dc-1', asked), [{ directive: asked, addressees: 4, answered: 2, late: 0 }])
})

test('after it was due whoever owes something is late, work in progress included, but not the issuer to himself', async () => {
  const now = service.time
  service.time = 1_030 * HOUR
  assert.deepEqual(
    (await waiting('secretary', asked, known)).map(({ late }) => late),
    [4, 4],
  )
  assert.deepEqual(
    (await waiting('dc-1', asked, known)).map(({ late }) => late),
    [3, 3],
  )
  service.time = now
})

test('what is hidden from the asker and what does not exist are left out alike', async () => {
  assert.deepEqual(await waiting('uno-1', asked), [])
  assert.deepEqual(await waiting('room', asked, idOf('nothing')), [])
  assert.deepEqual(await waiting('secretary', idOf('nothing'), 'no id at all'), [])
  assert.deepEqual(await waiting('secretary'), [])
  await assert.rejects(waiting('secretary', ...Array.from({ length: 51 }, () => asked)), { code: 'bad_input' })
})

test('as many are reminded as the board says, the issuing post never among them', async () => {
  for (const id of [asked, known]) {
    const board = await ask<Board>('/api/directives/:id/board', 'secretary', {}, id)
    const { rows } = await ask<BoardRows>('/api/directives/:id/rows', 'secretary', {}, id)
    const { owing } = remindable(rows)
    assert.ok(rows.some(({ post }) => post === idOf('secretary')))
    assert.equal(board.remindable, owing.length)
    assert.equal(board.remindable, 4)
    assert.ok(owing.every(({ post }) => post !== idOf('secretary')))
  }
})
