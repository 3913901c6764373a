import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Db } from '../../server/db.ts'
import type { Call, Route } from '../../server/routes.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import type { Id } from '../directory/index.ts'
import type { Board } from './board.ts'
import type { Curve } from './curve.ts'
import type { Clause, Line } from './entries.ts'
import type { BoardRows } from './rows.ts'
import { TestRoad } from './testing/road.ts'
import { idOf, Service } from './testing/service.ts'
import { partsOf, stages } from './web/board-view.ts'

const HOUR = 3_600_000
const clauses: Clause[] = [
  { label: '', ask: 'acknowledge' },
  { label: 'ক', ask: 'once' },
]
const toUnos: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'uno' }] }]

/** secretary issues to 130 UNOs of two districts in two divisions; the commissioner is above one DC. */
let service: Service
let road: TestRoad
let id: Id
let issued: number

before(async () => {
  const made: { db: Db } = await testDatabase()
  service = new Service()
  service.time = issued = 1_000 * HOUR
  service.post('room', { role: 'record-room', ring: true })
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('commissioner', { ring: true })
  service.post('dc-1', { role: 'dc', supervisor: 'commissioner', place: '5585', ring: true })
  service.post('dc-2', { role: 'dc', place: '2015', ring: true })
  for (let i = 0; i < 130; i++) {
    const at =
      i % 2 === 0
        ? { supervisor: 'dc-1', place: `5585${10 + (i >> 1)}` }
        : { supervisor: 'dc-2', place: `2015${10 + (i >> 1)}` }
    service.post(`uno ${i}`, { role: 'uno', office: `office ${i}`, holder: i === 9 ? '' : `u${i}`, ...at })
  }
  road = new TestRoad(service, made.db)
  ;[id] = (await road.place(service.directive('secretary', toUnos, { clauses, due: issued + 24 * HOUR }))) as [Id]
  service.time += HOUR
  await road.place(service.receipt('uno 0', id, 'opened', 'u0'), service.receipt('uno 1', id, 'acknowledged', 'u1'))
  service.time += HOUR
  await road.place(
    service.answer('uno 2', id, ['ক'], 'done', { person: 'u2' }),
    service.answer('uno 3', id, ['ক'], 'progress', { person: 'u3' }),
  )
  road.feature.onSynced?.([{ party: idOf('uno 4'), cursor: 1 }])
  await road.feature.settled()
})

const routes = () => road.feature.routes as Route[]

async function call<T>(what: string, post: string, query: Record<string, string> = {}, directive = id): Promise<T> {
  const route = routes().find(({ path }) => path === `/api/directives/:id/${what}`)!
  const viewer = { device: '', person: '', posts: [idOf(post)], parties: [] }
  const given: Call = {
    viewer,
    params: { id: directive },
    query,
    body: undefined,
    ifNoneMatch: undefined,
    host: '',
    signature: undefined,
  }
  const reply = await route.answer(given)
  return ('json' in reply ? reply.json : undefined) as T
}

const everyRow = async (post: string, query: Record<string, string> = {}) => {
  const rows: BoardRows['rows'] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: BoardRows = await call<BoardRows>('rows', post, { ...query, ...(cursor && { cursor }) })
    assert.ok(page.rows.length <= 50)
    rows.push(...page.rows)
    cursor = page.cursor
  }
  return rows
}

describe('who sees what', () => {
  test('the issuing post sees everybody', async () => {
    const { counts, standing } = await call<Board>('board', 'secretary')
    assert.equal(standing, 'issuing')
    assert.deepEqual(counts, { sent: 130, delivered: 5, opened: 4, acknowledged: 3, answered: 2, late: 0, vacant: 1 })
    assert.equal((await everyRow('secretary')).length, 130)
  })

  test('a supervising post sees its own, by name', async () => {
    const { counts, standing } = await call<Board>('board', 'dc-1')
    assert.equal(standing, 'supervising')
    assert.deepEqual(counts, { sent: 65, delivered: 3, opened: 2, acknowledged: 1, answered: 1, late: 0, vacant: 0 })
    const rows = await everyRow('dc-1')
    assert.equal(rows.length, 65)
    assert.ok(rows.every(({ place }) => place.district === '5585'))
  })

  test('a post higher up sees counts and no rows', async () => {
    const { counts, standing } = await call<Board>('board', 'commissioner')
    assert.equal(standing, 'above')
    assert.equal(counts.sent, 65)
    await assert.rejects(call('rows', 'commissioner'), { code: 'not_found' })
    assert.equal((await call<Curve>('curve', 'commissioner')).sent, 65)
  })

  for (const [post, why] of [
    ['uno 0', 'an addressee has his own thread'],
    ['room', 'a bystander'],
  ] as const) {
    test(`nobody else: ${why}; hidden and absent look alike`, async () => {
      for (const what of ['board', 'rows', 'curve', 'summary']) {
        await assert.rejects(call(what, post), { code: 'not_found' })
        await assert.rejects(call(what, 'secretary', {}, idOf('nothing')), { code: 'not_found' })
        await assert.rejects(call(what, 'secretary', {}, 'no id at all'), { code: 'not_found' })
      }
    })
  }

  test('a thread is read by the three, and by whoever it falls to', async () => {
    const may = (post: string, ...parties: string[]) =>
      road.feature.mayReadThread?.(id, idOf(post), parties.map(idOf)) as Promise<boolean>
    assert.ok(await may('uno 0', 'uno 0'))
    assert.ok(await may('uno 0', 'dc-1'))
    assert.ok(await may('uno 0', 'secretary'))
    assert.ok(await may('uno 9', 'dc-2'), 'vacant: its supervisor')
    for (const other of ['uno 2', 'dc-2', 'commissioner', 'room']) assert.equal(await may('uno 0', other), false, other)
    assert.equal(await may('dc-1', 'dc-1'), false, 'not addressed')
    service.end('dc-1', 'dc-1')
    assert.ok(await may('uno 0', 'commissioner'), 'nobody holds the supervising post: its supervisor')
    service.appoint('dc-1', 'dc-1')
  })
})

describe('the board', () => {
  test('groups by area in the order of a directory, never by how they did', async () => {
    const keys = async (query: Record<string, string>) =>
      (await call<Board>('board', 'secretary', query)).groups.map(({ key, counts }) => [key, counts.sent])
    assert.deepEqual(await keys({}), [
      ['20', 65],
      ['55', 65],
    ])
    assert.deepEqual(await keys({ group: 'district' }), [
      ['2015', 65],
      ['5585', 65],
    ])
    assert.deepEqual((await keys({ group: 'upazila', within: '5585' })).slice(0, 2), [
      ['558510', 1],
      ['558511', 1],
    ])
    assert.deepEqual(await keys({ group: 'office', within: '558510' }), [[idOf('office 0'), 1]])
    await assert.rejects(call('board', 'secretary', { group: 'rank' }), { code: 'bad_input' })
  })

  test('narrowed to an area counts that area alone', async () => {
    const { counts } = await call<Board>('board', 'secretary', { within: '20' })
    assert.deepEqual([counts.sent, counts.acknowledged, counts.vacant], [65, 2, 1])
  })

  test('each filter shows as many rows as the board says', async () => {
    const now = service.time
    service.time = issued + 72 * HOUR
    const { filters } = await call<Board>('board', 'secretary')
    assert.deepEqual(filters, { late: 129, unopened: 126, unacknowledged: 127, vacant: 1, undelivered48: 125 })
    for (const [filter, posts] of Object.entries(filters)) {
      const rows = await everyRow('secretary', { filter })
      assert.equal(rows.length, posts, filter)
      assert.equal(new Set(rows.map(({ post }) => post)).size, posts)
    }
    assert.deepEqual(
      (await everyRow('secretary', { filter: 'vacant' })).map(({ post }) => post),
      [idOf('uno 9')],
    )
    assert.equal((await everyRow('dc-1', { filter: 'vacant' })).length, 0)
    service.time = now
    assert.deepEqual(await everyRow('secretary', { filter: 'late' }), [], 'nothing is late before it is due')
    assert.deepEqual(await everyRow('secretary', { filter: 'undelivered48' }), [])
    await assert.rejects(call('rows', 'secretary', { filter: 'lazy' }), { code: 'bad_input' })
    await assert.rejects(call('rows', 'secretary', { cursor: 'x.y' }), { code: 'bad_input' })
  })

  test('each part of the bar shows as many rows as it counts, and every addressee stands in one', async () => {
    for (const post of ['secretary', 'dc-1']) {
      const { counts } = await call<Board>('board', post)
      const parts = partsOf(counts)
      const seen: string[] = []
      for (const stage of stages) {
        const rows = await everyRow(post, { filter: `at-${stage}` })
        assert.equal(rows.length, parts[stage], `${post} ${stage}`)
        seen.push(...rows.map((row) => row.post))
      }
      assert.equal(new Set(seen).size, counts.sent)
      assert.equal(seen.length, counts.sent)
    }
  })

  test('a row says who, when, and what of each clause', async () => {
    const rows = await everyRow('secretary')
    const row = rows.find(({ post }) => post === idOf('uno 2'))!
    assert.deepEqual(row.name, { bn: 'uno 2', en: 'uno 2' })
    assert.deepEqual(row.holders, [{ name: { bn: 'u2', en: 'u2' }, charge: 'regular' }])
    assert.deepEqual(
      [row.opened, row.acknowledged, row.answered],
      [issued + 2 * HOUR, issued + 2 * HOUR, issued + 2 * HOUR],
    )
    const [whole, ka] = row.clauses
    assert.deepEqual([whole!.owed, whole!.state], [false, null])
    assert.deepEqual(ka, {
      label: 'ক',
      ask: 'once',
      state: 'done',
      by: 'addressed',
      answered: issued + 2 * HOUR,
      owed: false,
      late: false,
    })
    assert.deepEqual(
      rows.map(({ place }) => place.upazila),
      rows.map(({ place }) => place.upazila).toSorted(),
      'in the order of a directory',
    )
    assert.equal(rows.find(({ post }) => post === idOf('uno 9'))!.vacant, true)
  })

  test('vacancy is that of today', async () => {
    service.post('uno 7', { role: 'uno', office: 'office 7', supervisor: 'dc-2', place: '201513', abolished: true })
    service.directory.advance(500)
    assert.equal((await call<Board>('board', 'secretary')).counts.vacant, 2)
    service.post('uno 7', { role: 'uno', office: 'office 7', supervisor: 'dc-2', place: '201513' })
    service.directory.advance(501)
    assert.equal((await call<Board>('board', 'secretary')).counts.vacant, 1)
  })

  test('the curve rises to what the board counts, in at most 120 points', async () => {
    service.time += 5 * HOUR
    const { points, sent } = await call<Curve>('curve', 'secretary')
    assert.equal(sent, 130)
    assert.ok(points.length <= 120)
    assert.deepEqual(points[0], { time: issued, acknowledged: 0, answered: 0 })
    assert.deepEqual(points.at(-1), { time: service.time, acknowledged: 3, answered: 2 })
    for (const [i, { time, acknowledged, answered }] of points.entries()) {
      const last: Curve['points'][number] = points[i - 1] ?? points[0]!
      assert.ok(time >= last.time && acknowledged >= last.acknowledged && answered >= last.answered)
    }
    const early = points.findLast(({ time }) => time < issued + HOUR)!
    assert.deepEqual([early.acknowledged, early.answered], [0, 0])
    assert.equal((await call<Curve>('curve', 'dc-1')).points.at(-1)!.answered, 1)
  })

  test('the summary says the same in short', async () => {
    const { byClause, ...counts } = await call<{ byClause: unknown[] }>('summary', 'secretary')
    assert.deepEqual(counts, {
      addressees: 130,
      delivered: 5,
      opened: 4,
      acknowledged: 3,
      answered: 2,
      late: 0,
      vacant: 1,
    })
    assert.deepEqual(byClause[1], {
      label: 'ক',
      ask: 'once',
      states: { none: 128, done: 1, progress: 1, impossible: 0, notours: 0, kept: 0, problem: 0 },
    })
  })
})
