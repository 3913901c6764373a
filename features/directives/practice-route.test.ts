/** How an office says how it works, and what follows: over the road of directives and a real database. */
import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { fromDhaka } from '../../language/time.ts'
import { isWorkingDay } from '../../language/working-time.ts'
import type { Db } from '../../server/db.ts'
import type { Route } from '../../server/routes.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import { type PracticeEntry, practiceFields } from './duty.ts'
import type { Line } from './entries.ts'
import type { PracticeView } from './practice-route.ts'
import { tellingOf } from './telling.ts'
import { TestRoad } from './testing/road.ts'
import { idOf, Service } from './testing/service.ts'

const USUAL = { checks: [570, 750, 960], quiet: { from: 1260, to: 420 } }
const COUNTRY = [{ date: '2026-12-16', bn: 'বিজয় দিবস', en: 'Victory Day' }]
const FAIR = { date: '2026-11-25', bn: 'স্থানীয় মেলা', en: 'Local fair' }
const NOTHING: PracticeEntry = {
  office: idOf('upazila'),
  hours: null,
  checks: null,
  holidays: null,
  reminders: null,
  routes: null,
  quiet: null,
}

let db: Db
let service: Service
let road: TestRoad

before(async () => {
  ;({ db } = await testDatabase())
})
beforeEach(async () => {
  await db.write((tx) =>
    tx.query(
      'TRUNCATE directive, draft, practice, tracking, delivery, notice, inbox, wrap, reminder_clock, reminder_wait RESTART IDENTITY CASCADE',
    ),
  )
  service = new Service()
  office('district', null)
  office('upazila', 'district')
  service.post('room', { role: 'record-room', ring: true })
  service.post('dc', { office: 'district', mayIssue: true, ring: true })
  service.post('nazir', { office: 'district', supervisor: 'dc', ring: true })
  service.post('uno', { role: 'uno', office: 'upazila', supervisor: 'dc', mayIssue: true, ring: true })
  service.post('engineer', { role: 'engineer', office: 'upazila', supervisor: 'uno', ring: true })
  road = new TestRoad(service, db, { usual: USUAL, holidays: COUNTRY })
})

function office(name: string, parent: string | null): void {
  service.directory.setOffice({
    id: idOf(name),
    code: name,
    name: { bn: name, en: name },
    kind: 'office',
    parent: parent && idOf(parent),
    place: null,
    alt: [],
    abolished: false,
  })
}
const say = (post: string, said: Partial<PracticeEntry>) =>
  road.place(service.make('practice', post, post, practiceFields({ ...NOTHING, ...said }), 0, []))
const call = async (path: string, as: string[], query = {}) => {
  const route = road.feature.routes!.find((one: Route) => one.path === path)!
  const posts = as.map(idOf)
  const viewer = { device: '', person: '', posts, parties: posts }
  const reply = await route.answer({ viewer, params: {}, query, body: undefined } as never)
  return (reply as { json: unknown }).json
}
const practiceOf = async (as: string[], query = {}) =>
  ((await call('/api/practice', as, query)) as { offices: PracticeView[] }).offices

describe('a practice', () => {
  test('is written by the head of the office; others of it read it, and nobody else’s business it is', async () => {
    await assert.rejects(say('engineer', { checks: [600] }), { code: 'not_allowed' })
    await assert.rejects(say('dc', { checks: [600] }), { code: 'not_allowed' }, 'not of another office')
    await say('uno', { checks: [600, 900] })
    const [mine] = await practiceOf(['engineer'])
    assert.deepEqual(
      [mine!.said?.checks, mine!.holds.checks, mine!.above.checks],
      [[600, 900], [600, 900], USUAL.checks],
    )
    assert.deepEqual([mine!.writers, (await practiceOf(['uno']))[0]!.writers], [[], [idOf('uno')]])
    assert.deepEqual(
      mine!.posts.map(({ name }) => name.en),
      ['uno', 'engineer'],
    )
    assert.equal((await practiceOf(['uno'], { office: idOf('district') }))[0]!.said, null, 'the office above is read')
    await assert.rejects(practiceOf(['nazir'], { office: idOf('upazila') }), { code: 'not_found' })
    await assert.rejects(practiceOf(['uno'], { office: 'nothing' }), { code: 'not_found' })
    assert.deepEqual((await practiceOf(['uno'], { office: 'service' }))[0]!.writers, [])
    assert.deepEqual(await practiceOf([]), [])
  })

  test('holds for the offices below, until they say their own', async () => {
    await say('dc', { office: idOf('district'), quiet: [1200, 480], checks: [600] })
    await say('uno', { checks: [630] })
    const [{ holds, above }] = (await practiceOf(['uno'])) as [PracticeView]
    assert.deepEqual([holds.checks, above.checks, holds.quiet], [[630], [600], { from: 1200, to: 480 }])
  })

  test('names posts that are there, each approver once, and never the post itself', async () => {
    const route = (approvers: string[]) =>
      say('uno', { routes: [{ post: idOf('uno'), approvers: approvers.map(idOf) }] })
    await assert.rejects(route(['nobody']), { code: 'not_found' })
    await assert.rejects(route(['uno']), { code: 'bad_input' })
    await assert.rejects(route(['dc', 'dc']), { code: 'bad_input' })
    await route(['dc'])
    const [view] = (await practiceOf(['uno'])) as [PracticeView]
    assert.deepEqual(
      view.elsewhere.map(({ id }) => id),
      [idOf('dc')],
    )
  })
})

describe('what an office said takes effect', () => {
  test('in the calendar, with its own holidays beside the country’s', async () => {
    await say('uno', { hours: [...Array(5).fill([600, 960]), null, null] as never, holidays: [FAIR], checks: [610] })
    const said = (await call('/api/calendar', ['uno'], { office: idOf('upazila') })) as {
      hours: object[]
      holidays: { date: string }[]
      checks: number[]
      quiet: object
    }
    assert.deepEqual([said.hours[0], said.checks, said.quiet], [[{ from: 600, to: 960 }], [610], USUAL.quiet])
    assert.deepEqual(said.holidays.map(({ date }) => date).sort(), [FAIR.date, COUNTRY[0]!.date])
    const district = (await call('/api/calendar', ['uno'], { office: idOf('district') })) as typeof said
    assert.deepEqual([district.holidays.length, district.checks], [1, USUAL.checks], 'and of no other office')
  })

  test('in when its people are told', async () => {
    const telling = tellingOf(service.directory, USUAL, COUNTRY)
    await say('uno', { checks: [610], quiet: [1300, 400], holidays: [FAIR] })
    await telling.seenTo(db, [])
    const { checks, quiet, calendar } = telling.habitsOf(idOf('engineer'))
    assert.deepEqual([checks, quiet], [[610], { from: 1300, to: 400 }])
    assert.deepEqual(
      ['2026-11-24', FAIR.date, '2026-12-16'].map((date) => isWorkingDay(calendar, date)),
      [true, false, false],
    )
  })

  test('in what its addressees will hear of a directive, and when', async () => {
    service.time = fromDhaka('2026-11-22', 10)
    const lines: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'post', post: idOf('engineer') }] }]
    const clauses = [{ label: '', ask: 'once' as const }]
    const [directive] = await road.place(service.directive('uno', lines, { due: fromDhaka('2026-11-24', 17), clauses }))
    const plan = async () => {
      const route = road.feature.routes!.find((one: Route) => one.path === '/api/directives/:id/plan/:post')!
      const viewer = { device: '', person: '', posts: [idOf('uno')], parties: [idOf('uno')] }
      const params = { id: directive!, post: idOf('engineer') }
      const reply = (await route.answer({ viewer, params, query: {} } as never)) as {
        json: { planned: { kind: string; at: number }[] }
      }
      return reply.json.planned.map(({ kind, at }) => [kind, new Date(at + 6 * 3_600_000).toISOString().slice(5, 16)])
    }
    assert.deepEqual((await plan()).slice(1, 3), [
      ['reminder-due', '11-24T17:00'],
      ['reminder-late', '11-25T17:00'],
    ])
    const reminders = { before: [], every: 480, most: 1, escalate: [960] }
    await say('uno', { holidays: [FAIR], reminders })
    assert.deepEqual(await plan(), [
      ['reminder-due', '11-24T17:00'],
      ['reminder-late', '11-26T17:00'],
      ['escalation-1', '11-29T17:00'],
    ])
  })
})

test('whoever waits for notices hears of an item that is told, and of none that is not', async () => {
  let heard = 0
  road = new TestRoad(service, db, { noticed: () => void heard++ })
  const lines: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'post', post: idOf('engineer') }] }]
  await road.place(service.directive('uno', lines))
  assert.equal(heard, 1)
  await say('uno', { checks: [600] })
  assert.equal(heard, 1)
})
