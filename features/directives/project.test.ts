import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { toBase64url } from '../../core/bytes.ts'
import type { Db } from '../../server/db.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import type { Id } from '../directory/index.ts'
import { type Board, board } from './board.ts'
import { ANSWER_STATES, type AnswerState, type Clause, type Line } from './entries.ts'
import { askOf, canAnswer, isFinal } from './rules.ts'
import { FrozenCache } from './store.ts'
import { TestRoad } from './testing/road.ts'
import { idOf, type Made, Service } from './testing/service.ts'

const HOUR = 3_600_000
const clauses: Clause[] = [
  { label: '', ask: 'acknowledge' },
  { label: 'ক', ask: 'once' },
  { label: 'খ', ask: 'standing' },
  { label: 'গ', ask: 'nothing' },
]
const toUnos: Line[] = [
  { n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'uno' }] },
  { n: 2, purpose: 'information', selectors: [{ by: 'role', role: 'dc' }] },
  { n: 3, purpose: 'action', selectors: [{ by: 'post', post: idOf('secretary') }] },
]
const unos = ['uno-1', 'uno-2', 'uno-3', 'uno-4']

let db: Db
let service: Service
let road: TestRoad

before(async () => {
  ;({ db } = await testDatabase())
})

beforeEach(async () => {
  await db.write((tx) =>
    tx.query(
      'TRUNCATE directive, draft, absence, practice, tracking, delivery, notice, inbox, wrap RESTART IDENTITY CASCADE',
    ),
  )
  service = new Service()
  service.time = 1_000 * HOUR
  service.post('room', { role: 'record-room', ring: true })
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('commissioner', { ring: true })
  service.post('dc-1', { role: 'dc', supervisor: 'commissioner', place: '5585', ring: true })
  service.post('dc-2', { role: 'dc', supervisor: 'commissioner', place: '2015', ring: true })
  for (const [i, uno] of unos.entries()) {
    const district = i < 2 ? '5585' : '2015'
    service.post(uno, { role: 'uno', supervisor: i < 2 ? 'dc-1' : 'dc-2', place: `${district}0${i}`, ring: true })
  }
  road = new TestRoad(service, db)
})

const issue = (change = {}) =>
  road.place(service.directive('secretary', toUnos, { clauses, ...change })).then(([id]) => id!)

const boardFor = (post: string, id: Id, options = {}): Promise<Board> =>
  board(
    { db, directory: service.directory, frozen: new FrozenCache(), now: () => service.time },
    [idOf(post)],
    id,
    options,
  )

describe('a directive placed', () => {
  test('has a row for every addressee and clause, with what is asked of each', async () => {
    await issue()
    const rows = await db.many<{ clause: number; ask: number; posts: number; owed: number | null }>(
      'SELECT clause, ask, owed, count(*) AS posts FROM tracking GROUP BY clause, ask, owed ORDER BY clause, ask',
    )
    assert.deepEqual(rows, [
      { clause: 0, ask: 0, owed: 0, posts: 1 }, // the issuer himself
      { clause: 0, ask: 1, owed: 1, posts: 2 }, // who is only informed
      { clause: 0, ask: 1, owed: 3, posts: 4 },
      { clause: 1, ask: 0, owed: null, posts: 3 },
      { clause: 1, ask: 2, owed: null, posts: 4 },
      { clause: 2, ask: 0, owed: null, posts: 3 },
      { clause: 2, ask: 3, owed: null, posts: 4 },
      { clause: 3, ask: 0, owed: null, posts: 7 },
    ])
  })

  test('is seen by its audience, their supervisors, the issuer and whoever a wrap was made for; nobody else', async () => {
    service.post('uno-5', { role: 'uno', supervisor: 'dc-1', holder: '' })
    service.appoint('newcomer', 'uno-5')
    await issue()
    for (const name of [...unos, 'uno-5', 'dc-1', 'dc-2', 'commissioner', 'secretary', 'person newcomer']) {
      assert.deepEqual(await road.seenBy(idOf(name)), [0], name)
    }
    for (const name of ['room', 'person uno-1']) assert.deepEqual(await road.seenBy(idOf(name)), [], name)
  })

  test('lives in the database as the book has it: after a restart the rules judge the same', async () => {
    const id = await issue()
    const other = await issue()
    await road.place(service.receipt('uno-1', id, 'opened'))
    service.directives.clear() // what a restart leaves in memory
    await assert.rejects(road.place(service.receipt('uno-1', id, 'opened')), { code: 'already_done' })
    await assert.rejects(road.place(service.receipt('commissioner', id, 'opened')), { code: 'not_found' })
    await assert.rejects(road.place(service.answer('uno-1', id, ['ঙ'], 'done')), { code: 'bad_input' })
    await road.place(service.supersede('secretary', id, other))
    await assert.rejects(road.place(service.answer('uno-1', id, ['ক'], 'done')), { code: 'directive_ended' })
    await assert.rejects(road.place(service.cancel('secretary', id)), { code: 'directive_ended' })
    await assert.rejects(road.place(service.supersede('secretary', other, id)), { code: 'wrong_state' })
  })

  test('may be answered in the batch that places it', async () => {
    const made = service.directive('secretary', toUnos, { clauses })
    const id = toBase64url(made.header.id)
    await road.place(made, service.receipt('uno-1', id, 'acknowledged'))
    assert.equal((await boardFor('secretary', id)).counts.acknowledged, 1)
  })
})

describe('a notice', () => {
  test('is seen by whoever sees its directive, and ends it', async () => {
    const id = await issue()
    await road.place(service.cancel('secretary', id))
    for (const name of [...unos, 'dc-1', 'commissioner', 'secretary']) {
      assert.deepEqual(await road.seenBy(idOf(name)), [0, 1], name)
    }
    const { ended } = await boardFor('secretary', id)
    assert.deepEqual(ended, { how: 'cancelled', time: service.time, successor: null })
    await road.place(service.receipt('uno-1', id, 'opened'))
    assert.equal((await boardFor('secretary', id)).counts.opened, 1)
  })
})

describe('a receipt and an answer', () => {
  test('are seen by the addressed post alone, and the board is told', async () => {
    const id = await issue()
    await road.place(service.receipt('uno-1', id, 'opened'))
    await road.place(service.answer('uno-1', id, ['ক'], 'done'))
    assert.deepEqual(await road.seenBy(idOf('uno-1')), [0, 1, 2])
    for (const name of ['secretary', 'dc-1', 'uno-2']) assert.deepEqual(await road.seenBy(idOf(name)), [0], name)
    assert.deepEqual(new Set(road.boards), new Set([id]))
  })

  test('of an addressee who answers unopened count as opened and acknowledged, and no signature is invented', async () => {
    const id = await issue()
    await road.place(service.answer('uno-1', id, ['ক'], 'progress'))
    const { counts } = await boardFor('secretary', id)
    assert.deepEqual([counts.delivered, counts.opened, counts.acknowledged, counts.answered], [1, 1, 1, 0])
    const row = await db.one('SELECT opened, acknowledged, owed FROM tracking WHERE clause = 0 AND spoke IS NOT NULL')
    assert.deepEqual(row, { opened: null, acknowledged: null, owed: 2 })
  })

  test('by the supervisor for his subordinate answer, but do not say that the subordinate opened it', async () => {
    const id = await issue()
    await road.place(service.answer('uno-1', id, ['ক'], 'done', { by: 'dc-1' }))
    const { counts, clauses } = await boardFor('secretary', id)
    assert.equal(counts.opened, 0)
    assert.equal(clauses[1]!.states.done, 1)
    assert.equal(clauses[1]!.owed, 3)
  })

  test('that are corrected leave the newest state, and both stay on record', async () => {
    const id = await issue({ due: service.time + HOUR })
    await road.place(service.answer('uno-1', id, ['ক'], 'done'))
    await road.place(service.answer('uno-1', id, ['ক'], 'progress', { until: 5 }))
    const { clauses } = await boardFor('secretary', id)
    assert.deepEqual([clauses[1]!.states.done, clauses[1]!.states.progress, clauses[1]!.owed], [0, 1, 4])
    const kept = await db.many<{ state: number }>('SELECT state FROM answer ORDER BY index')
    assert.deepEqual(
      kept.map(({ state }) => state),
      [0, 1],
    )
  })

  test('that come too late for the due time leave it late no longer', async () => {
    const id = await issue({ due: service.time + HOUR })
    service.time += 2 * HOUR
    assert.equal((await boardFor('secretary', id)).counts.late, 6)
    await road.place(service.receipt('dc-1', id, 'acknowledged'))
    await road.place(service.receipt('uno-1', id, 'acknowledged'))
    assert.equal((await boardFor('secretary', id)).counts.late, 5)
    await road.place(service.answer('uno-1', id, ['ক'], 'done'), service.answer('uno-1', id, ['খ'], 'kept'))
    assert.equal((await boardFor('secretary', id)).counts.late, 4)
  })
})

describe('the board', () => {
  type AnAct =
    | { what: 'receipt'; uno: number; state: 'opened' | 'acknowledged' }
    | { what: 'answer'; uno: number; by: 'addressed' | 'supervisor' | 'issuer'; labels: string[]; state: AnswerState }

  const act: fc.Arbitrary<AnAct> = fc.oneof(
    fc.record({
      what: fc.constant('receipt' as const),
      uno: fc.nat(3),
      state: fc.constantFrom('opened' as const, 'acknowledged' as const),
    }),
    fc.record({
      what: fc.constant('answer' as const),
      uno: fc.nat(3),
      by: fc.constantFrom('addressed' as const, 'supervisor' as const, 'issuer' as const),
      labels: fc.subarray(clauses.map(({ label }) => label)),
      state: fc.constantFrom(...ANSWER_STATES),
    }),
  )

  /** The plainest way to say what a board shows, from the accepted acts alone. */
  function expected(acts: AnAct[]): Pick<Board, 'counts' | 'clauses'> {
    const people = [...unos, 'dc-1', 'dc-2', 'secretary'].map((name) => ({
      name,
      opened: false,
      acknowledged: false,
      cells: clauses.map((clause) => ({
        ask: askOf(clause, name.startsWith('dc') ? 2 : 1, name === 'secretary'),
        state: null as AnswerState | null,
        met: false,
      })),
    }))
    for (const one of acts) {
      const person = people[one.uno]!
      const own = one.what === 'receipt' || (one.by === 'addressed' && one.labels.length > 0)
      if (own) person.opened = true
      if (own && (one.what === 'answer' || one.state === 'acknowledged')) {
        person.acknowledged = true
        for (const cell of person.cells) if (cell.ask === 'acknowledge') cell.met = true
      }
      if (one.what === 'receipt') continue
      for (const [i, cell] of person.cells.entries()) {
        if (!one.labels.includes(clauses[i]!.label)) continue
        cell.state = one.state
        if (cell.ask === 'once' || cell.ask === 'standing') cell.met = isFinal(one.state)
      }
    }
    const owes = (cell: { ask: string; met: boolean }) => cell.ask !== 'nothing' && !cell.met
    const count = (test: (person: (typeof people)[number]) => boolean) => people.filter(test).length
    const asked = (ask: string) => ask === 'once' || ask === 'standing'
    return {
      counts: {
        sent: 7,
        delivered: count(({ opened }) => opened),
        opened: count(({ opened }) => opened),
        acknowledged: count(({ acknowledged }) => acknowledged),
        answered: count(
          ({ cells }) =>
            cells.some(({ state }) => state !== null) && cells.every(({ ask, state }) => !asked(ask) || state !== null),
        ),
        late: count(({ cells }) => cells.some(owes)),
        vacant: 0,
      },
      clauses: clauses.map(({ label, ask }, i) => ({
        label,
        ask,
        asked: count(({ cells }) => cells[i]!.ask !== 'nothing'),
        owed: count(({ cells }) => owes(cells[i]!)),
        late: count(({ cells }) => owes(cells[i]!)),
        states: Object.fromEntries(
          [null, ...ANSWER_STATES].map((state) => [state ?? 'none', count(({ cells }) => cells[i]!.state === state)]),
        ) as Board['clauses'][number]['states'],
      })),
    }
  }

  test('shows what a fold of the accepted acts shows, however they were batched', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(act, fc.boolean()), { maxLength: 14 }), async (acts) => {
        const due = service.time + 1
        const id = await issue({ due })
        service.time += HOUR
        const accepted: AnAct[] = []
        let batch: Made[] = []
        const signed = new Map<number, number>()
        for (const [one, ends] of acts) {
          if (one.what === 'receipt') {
            const rank = one.state === 'opened' ? 1 : 2
            if (rank <= (signed.get(one.uno) ?? 0)) continue
            signed.set(one.uno, rank)
            batch.push(service.receipt(unos[one.uno]!, id, one.state))
          } else {
            const asks = one.labels.map((label) => clauses.find((clause) => clause.label === label)!.ask)
            if (!asks.every((ask) => canAnswer(ask, one.state))) continue
            const uno = unos[one.uno]!
            const by = { addressed: uno, supervisor: one.uno < 2 ? 'dc-1' : 'dc-2', issuer: 'secretary' }[one.by]
            batch.push(service.answer(uno, id, one.labels, one.state, { by }))
          }
          accepted.push(one)
          if (!ends) continue
          await road.place(...batch)
          batch = []
          service.time += 1
        }
        if (batch.length > 0) await road.place(...batch)
        const { counts, clauses: cells, groups } = await boardFor('secretary', id, { group: 'district' })
        assert.deepEqual({ counts, clauses: cells }, expected(accepted))
        for (const key of ['sent', 'opened', 'acknowledged', 'answered', 'late'] as const) {
          assert.equal(
            groups.reduce((sum, group) => sum + group.counts[key], 0),
            counts[key],
            `${key} of the groups add up`,
          )
        }
      }),
      { numRuns: 25 },
    )
  })
})
