import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { fromBase64url } from '../../core/bytes.ts'
import type { Db } from '../../server/db.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import { amendFields } from './changes.ts'
import type { Line } from './entries.ts'
import { tellingOf } from './telling.ts'
import { TestRoad } from './testing/road.ts'
import { idOf, Service } from './testing/service.ts'

const toUnos: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'uno' }] }]
const USUAL = { checks: [570], quiet: { from: 1260, to: 420 } }

let db: Db
let service: Service
let road: TestRoad
let telling: ReturnType<typeof tellingOf>

before(async () => {
  ;({ db } = await testDatabase())
})
beforeEach(async () => {
  await db.write((tx) =>
    tx.query('TRUNCATE directive, practice, tracking, delivery, notice, inbox, wrap RESTART IDENTITY CASCADE'),
  )
  service = new Service()
  service.post('room', { role: 'record-room', ring: true })
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('dc', { supervisor: 'secretary', ring: true })
  for (const uno of ['uno-1', 'uno-2']) service.post(uno, { role: 'uno', supervisor: 'dc', ring: true })
  road = new TestRoad(service, db)
  telling = tellingOf(service.directory, USUAL)
})

const issue = async () =>
  (await road.place(service.directive('secretary', toUnos, { clauses: [{ label: '', ask: 'once' }] })))[0]!
const seen = async (directive: string, kind: string, addressee = 'uno-1', against = 0, party = addressee) =>
  (
    await telling.seenTo(db, [
      {
        notice: 1,
        person: idOf('person'),
        party: idOf(party),
        kind,
        directive,
        addressee: idOf(addressee),
        against,
        grade: 0,
        urgency: 0,
        office: idOf('office'),
        made: 0,
      },
    ])
  )[0]

test('a new one is told until it is opened, by each post for itself', async () => {
  const directive = await issue()
  assert.equal(await seen(directive, 'new'), false)
  await road.place(service.receipt('uno-1', directive, 'opened'))
  assert.equal(await seen(directive, 'new'), true)
  assert.equal(await seen(directive, 'new', 'uno-2'), false)
})

test('a reminder is told until an answer is given, and so is what is told above', async () => {
  const directive = await issue()
  await road.place(service.receipt('uno-1', directive, 'opened'))
  for (const kind of ['reminder-late', 'remind']) assert.equal(await seen(directive, kind), false)
  assert.equal(await seen(directive, 'escalation-1', 'uno-1', 0, 'dc'), false)
  await road.place(service.answer('uno-1', directive, [''], 'done'))
  for (const kind of ['reminder-late', 'remind']) assert.equal(await seen(directive, kind), true)
  assert.equal(await seen(directive, 'escalation-1', 'uno-1', 0, 'dc'), true)
  assert.equal(await seen(directive, 'reminder-late', 'uno-2'), false)
})

test('a change is told until a device has fetched it; that a directive ended ends all but the word of it', async () => {
  const directive = await issue()
  await road.place(
    service.make('amend', 'secretary', 'secretary', amendFields({ directive, issuer: idOf('secretary') }), 1, []),
  )
  const cancel = road.size
  await road.place(service.cancel('secretary', directive))
  assert.equal(await seen(directive, 'new'), true)
  assert.equal(await seen(directive, 'reminder-late'), true)
  assert.equal(await seen(directive, 'cancelled', 'uno-1', cancel), false)
  await db.write((tx) =>
    tx.query('INSERT INTO delivery (party, cursor) VALUES ($1, $2)', [fromBase64url(idOf('uno-1')), road.size]),
  )
  assert.equal(await seen(directive, 'cancelled', 'uno-1', cancel), true)
})

test('what is about nothing known is told', async () => {
  assert.equal(await seen(idOf('no such directive'), 'new'), false)
})

test('an office’s own check times and quiet hours go before the usual', async () => {
  assert.deepEqual(telling.habitsOf(idOf('uno-1')).checks, [570])
  await db.write((tx) =>
    tx.query(`INSERT INTO practice (office, index, checks, quiet) VALUES ($1, 0, '[600,900]', '[1320,360]')`, [
      fromBase64url(idOf('office')),
    ]),
  )
  await seen(idOf('anything'), 'new')
  const { checks, quiet } = telling.habitsOf(idOf('uno-1'))
  assert.deepEqual([checks, quiet], [[600, 900], { from: 1320, to: 360 }])
})

test('a post is told through whoever holds it, a person by himself, and a vacant one not at all', () => {
  assert.deepEqual(telling.personsOf(idOf('uno-1')), [idOf('person uno-1')])
  assert.deepEqual(telling.personsOf(idOf('person uno-1')), [idOf('person uno-1')])
  service.post('vacant', { holder: '' })
  assert.deepEqual(telling.personsOf(idOf('vacant')), [])
})
