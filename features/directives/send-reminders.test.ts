import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import { dhakaTime, fromDhaka } from '../../language/time.ts'
import type { Db } from '../../server/db.ts'
import type { Call, Route } from '../../server/routes.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import type { Id } from '../directory/index.ts'
import { extendFields } from './changes.ts'
import type { Line } from './entries.ts'
import { Practices } from './habits.ts'
import type { NoticePage, Plan } from './notice-routes.ts'
import { sendReminders } from './send-reminders.ts'
import { FrozenCache } from './store.ts'
import { TestRoad } from './testing/road.ts'
import { idOf, Service } from './testing/service.ts'

const toUnos: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'uno' }] }]
// Sunday 13 December 2026; the 16th is a holiday, the 18th and 19th a weekend.
const at = (day: number, hour: number) => fromDhaka(`2026-12-${day}`, hour)
const holidays = [{ date: '2026-12-16', bn: 'বিজয় দিবস', en: 'Victory Day' }]

let db: Db
let service: Service
let road: TestRoad
let now: number

before(async () => {
  ;({ db } = await testDatabase())
})

beforeEach(async () => {
  await db.write((tx) =>
    tx.query(
      'TRUNCATE directive, directive_change, directive_line, directive_audience, directive_place, tracking, answer, expansion, delivery, inbox, wrap, notice, reminder_clock, reminder_wait, absence, practice RESTART IDENTITY',
    ),
  )
  service = new Service()
  service.time = at(13, 11)
  now = service.time
  service.post('room', { role: 'record-room', ring: true })
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('commissioner', { ring: true })
  service.post('dc', { supervisor: 'commissioner', ring: true })
  service.post('adc', { supervisor: 'dc', ring: true })
  for (const uno of ['uno-1', 'uno-2']) service.post(uno, { role: 'uno', supervisor: 'dc', ring: true })
  road = new TestRoad(service, db)
})

const issue = async (change = {}) => {
  const clauses = [{ label: '', ask: 'once' as const }]
  const [id] = await road.place(service.directive('secretary', toUnos, { clauses, due: at(15, 17), ...change }))
  return id!
}

/** Another scheduler each time: nothing is remembered but in the database. */
const send = (moment: number) => {
  now = moment
  return sendReminders({
    db,
    directory: service.directory,
    practices: new Practices(service.directory, holidays),
    frozen: new FrozenCache(),
    now: () => now,
  })
}

/** What the system says by itself. */
const OURS = `kind ~ '^(reminder|escalation)-'`
const names = ['secretary', 'commissioner', 'dc', 'adc', 'uno-1', 'uno-2']
const nameOf = (id: Bytes) => names.find((name) => idOf(name) === toBase64url(id)) ?? '?'
const shown = (moment: number) => `${dhakaTime(moment).date.slice(8)} ${dhakaTime(moment).hour}`

async function told(): Promise<string[]> {
  const rows = await db.many<{ party: Bytes; kind: string; nth: number; addressee: Bytes; due_at: number }>(
    `SELECT party, kind, nth, addressee, due_at FROM notice WHERE ${OURS}`,
  )
  return rows
    .map((row) => `${shown(row.due_at)}h ${row.kind} ${row.nth} of ${nameOf(row.addressee)} to ${nameOf(row.party)}`)
    .sort()
}

const about = async (uno: string) => (await told()).filter((line) => line.includes(`of ${uno}`))

describe('what is due', () => {
  test('is said once and not before', async () => {
    await issue()
    assert.equal(await send(at(15, 9) - 1), 0)
    assert.equal(await send(at(15, 9)), 2)
    assert.equal(await send(at(15, 9)), 0)
    assert.equal(await send(at(17, 17)), 6)
    assert.deepEqual(await about('uno-1'), [
      '15 17h reminder-due 1 of uno-1 to uno-1',
      '15 9h reminder-before 1 of uno-1 to uno-1',
      '17 17h escalation-1 1 of uno-1 to dc',
      '17 17h reminder-late 1 of uno-1 to uno-1',
    ])
    const row = await db.one(`SELECT urgency, grade, office, made_at FROM notice WHERE ${OURS} LIMIT 1`)
    assert.deepEqual(row, { urgency: 0, grade: 0, office: fromBase64url(idOf('office')), made_at: at(15, 9) })
  })

  test('is said once by any number at once', async () => {
    await issue()
    await issue()
    await Promise.all([send(at(30, 17)), send(at(30, 17)), send(at(30, 17))])
    while ((await send(at(30, 17))) > 0);
    assert.equal((await told()).length, 2 * 2 * 9)
    assert.equal(await send(at(30, 17)), 0)
  })

  test('is said to nobody who has answered, and no more once everybody has', async () => {
    const id = await issue()
    await road.place(service.answer('uno-1', id, [''], 'done'))
    assert.equal(await send(at(15, 17)), 2)
    assert.deepEqual(await about('uno-1'), [])
    await road.place(service.answer('uno-2', id, [''], 'done'))
    assert.equal(await send(at(30, 17)), 0)
    assert.deepEqual(await db.many('SELECT open, next FROM reminder_clock'), [{ open: false, next: null }])
  })

  test('is said no more of a cancelled directive, or of one without a due date', async () => {
    await issue({ due: null })
    const id = await issue()
    await send(at(15, 9))
    await road.place(service.cancel('secretary', id))
    assert.equal(await send(at(30, 17)), 0)
  })

  test('is said no more of what was passed on, once what it passes on has ended, at any depth', async () => {
    service.post('clerk', { role: 'clerk', supervisor: 'uno-1', ring: true })
    const to = (post: string): Line[] => [{ n: 1, purpose: 'action', selectors: [{ by: 'post', post: idOf(post) }] }]
    const clauses = [{ label: '', ask: 'once' as const }]
    const asked = { clauses, due: at(15, 17) }
    const pass = async (from: string, lines: Line[], parent: string) => {
      const [id] = await road.place({ ...service.directive(from, lines, { ...asked, parent }), sections: 3 })
      return id!
    }
    const chain = async () => {
      const [top] = await road.place(service.directive('secretary', to('dc'), asked))
      await pass('uno-1', to('clerk'), await pass('dc', toUnos, top!))
      return top!
    }
    const ended = await chain()
    await chain()
    assert.equal(await send(at(15, 9)), 2 * 4)
    await send(at(17, 12))
    await road.place(service.cancel('secretary', ended))
    assert.equal(await send(at(17, 17)), 2 * 4, 'of the chain that stands, each late and told above')
    await send(at(30, 17))
    const open = await db.many<{ parent: Bytes | null; open: boolean }>(
      'SELECT c.open FROM reminder_clock c ORDER BY c.directive',
    )
    assert.deepEqual(
      open.map((row) => row.open),
      [false, false, false, true, true, true],
    )
  })

  test('day and night where it is urgent', async () => {
    await issue({ urgency: 2 })
    assert.equal(await send(at(16, 1)), 8)
  })

  test('once the tracking rows of a large directive are all there, and never to a part', async () => {
    road = new TestRoad(service, db, { atOnce: 1, chunk: 1 })
    const clauses = [{ label: '', ask: 'once' as const }]
    await road.place(service.directive('secretary', toUnos, { clauses, due: at(15, 17) }))
    await send(at(15, 9))
    await road.feature.settled()
    await send(at(15, 9))
    assert.equal((await told()).length, 2)
  })
})

describe('a clock', () => {
  test('that jumps ahead says what would be due, once; back again it says nothing twice', async () => {
    await issue()
    await send(at(22, 12))
    const before = await told()
    assert.equal(before.length, 2 * 7)
    for (const moment of [at(13, 12), at(15, 17), at(20, 17)]) assert.equal(await send(moment), 0)
    await send(at(23, 17))
    assert.equal((await told()).length, 2 * 9)
  })

  test('that ran ahead does not swallow what an extension brings', async () => {
    const directive = await issue()
    await send(at(30, 17))
    const sent = (await told()).length
    const extension = extendFields({ directive, issuer: idOf('secretary'), due: at(17, 17) })
    service.time = at(14, 10)
    await road.place(service.make('extend', 'secretary', 'secretary', extension, 1, []))
    assert.equal(await send(at(14, 11)), 0)
    await send(at(17, 17))
    assert.equal((await told()).length, sent + 4) // before and at the new date
  })
})

describe('an extension', () => {
  test('puts everything off, and what was said of the first date is said of the second', async () => {
    const directive = await issue()
    await send(at(15, 12))
    const extension = extendFields({ directive, issuer: idOf('secretary'), due: at(20, 17) })
    service.time = at(15, 13)
    await road.place(service.make('extend', 'secretary', 'secretary', extension, 1, []))
    assert.equal(await send(at(17, 17)), 0)
    await send(at(20, 17))
    assert.deepEqual(await about('uno-1'), [
      '15 9h reminder-before 1 of uno-1 to uno-1',
      '20 17h reminder-due 1 of uno-1 to uno-1',
      '20 9h reminder-before 1 of uno-1 to uno-1',
    ])
  })
})

describe('above', () => {
  test('is told later of one who answered that he is at it, and not at all once he is done', async () => {
    const id = await issue()
    await send(at(17, 9))
    service.time = at(17, 13)
    await road.place(service.answer('uno-1', id, [''], 'progress'), service.answer('uno-2', id, [''], 'progress'))
    await send(at(17, 17))
    assert.ok(!(await told()).some((line) => line.includes('escalation')))
    service.time = at(20, 10)
    await road.place(service.answer('uno-2', id, [''], 'done'))
    await send(at(20, 13) - 1)
    assert.ok(!(await told()).some((line) => line.includes('escalation')))
    await send(at(20, 13))
    assert.deepEqual(
      (await told()).filter((line) => line.includes('escalation')),
      ['20 13h escalation-1 1 of uno-1 to dc'],
    )
    await send(at(30, 13))
    assert.equal((await told()).filter((line) => line.includes('escalation')).length, 2)
  })

  test('again speaking puts it off again', async () => {
    const id = await issue()
    for (const [day, hour] of [
      [17, 13],
      [20, 12],
    ] as const) {
      service.time = at(day, hour)
      await road.place(service.answer('uno-1', id, [''], 'progress'))
      await send(at(day, 17))
    }
    await send(at(21, 12) - 1)
    assert.ok(!(await about('uno-1')).some((line) => line.includes('escalation')))
    await send(at(21, 12))
    assert.ok((await about('uno-1')).includes('21 12h escalation-1 1 of uno-1 to dc'))
  })

  test('who acts for an absent post hears in its stead, but nobody hears of himself', async () => {
    await db.write((tx) =>
      tx.query(
        `INSERT INTO absence (post, index, reason, since, until, cover) VALUES ($1, 0, 0, $4, $5, $2), ($3, 1, 0, $4, NULL, $6)`,
        [
          fromBase64url(idOf('uno-1')),
          fromBase64url(idOf('adc')),
          fromBase64url(idOf('dc')),
          at(14, 0),
          at(16, 0),
          fromBase64url(idOf('uno-2')),
        ],
      ),
    )
    await issue()
    await send(at(15, 17))
    await send(at(17, 17))
    assert.deepEqual(await about('uno-1'), [
      '15 17h reminder-due 1 of uno-1 to adc',
      '15 9h reminder-before 1 of uno-1 to adc',
      '17 17h escalation-1 1 of uno-1 to uno-2', // who acts for the supervisor
      '17 17h reminder-late 1 of uno-1 to uno-1', // back again
    ])
    assert.ok((await about('uno-2')).includes('17 17h escalation-1 1 of uno-2 to dc'))
  })

  test('a circle of supervisors ends quietly', async () => {
    service.post('dc', { supervisor: 'uno-1' })
    await issue()
    await send(at(30, 17))
    assert.equal((await about('uno-1')).filter((line) => line.includes('escalation')).length, 1)
  })
})

describe('the practice of the issuing office', () => {
  const say = (office: string | null, columns: Record<string, unknown>, index = 1) =>
    db.write((tx) =>
      tx.query(
        `INSERT INTO practice (office, index, hours, holidays, reminders) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (office) DO UPDATE SET index = excluded.index, hours = excluded.hours,
           holidays = excluded.holidays, reminders = excluded.reminders`,
        [
          office ? fromBase64url(idOf(office)) : new Uint8Array(16),
          index,
          ...['hours', 'holidays', 'reminders'].map((key) => columns[key] && JSON.stringify(columns[key])),
        ],
      ),
    )

  test('decides hours and reminders, the service decides holidays', async () => {
    const ten = [600, 900]
    await say('office', { hours: [ten, ten, ten, ten, ten, ten, null] }) // Fridays too
    await say(null, { holidays: [], reminders: { before: [], every: 300, most: 1, escalate: [] } }, 2)
    await issue()
    await send(at(30, 0))
    assert.deepEqual(await about('uno-1'), [
      '16 10h reminder-due 1 of uno-1 to uno-1',
      '16 15h reminder-late 1 of uno-1 to uno-1',
    ])
  })

  test('that changes moves what is still to come, and is followed at once where its moment has passed', async () => {
    await issue()
    await send(at(17, 12))
    assert.equal((await told()).length, 4)
    await say('office', { reminders: { before: [480], every: 0, most: 0, escalate: [60] } })
    await send(at(17, 12))
    assert.deepEqual((await about('uno-1')).slice(2), ['17 10h escalation-1 1 of uno-1 to dc'])
    await send(at(30, 12))
    assert.equal((await told()).length, 6)
  })
})

describe('told beforehand', () => {
  const ask = async (path: string, as: string[], params: Record<string, string>, query = {}) => {
    const route = road.feature.routes!.find((one: Route) => one.path === path)!
    const posts = as.map(idOf)
    const viewer = { device: '', person: '', posts, parties: posts }
    const call = { viewer, params, query, body: undefined, ifNoneMatch: undefined, host: '' } as unknown as Call
    return ((await route.answer(call)) as { json: unknown }).json
  }
  const plan = async (directive: Id, of: string, as: string) =>
    (await ask('/api/directives/:id/plan/:post', [as], { id: directive, post: idOf(of) })) as Plan

  test('is the addressee, and nobody who does not read his thread', async () => {
    const id = await issue()
    service.time = at(15, 10)
    await send(service.time)
    const { planned, made } = await plan(id, 'uno-1', 'uno-1')
    assert.deepEqual(planned.map(({ kind, at, toName }) => `${shown(at)}h ${kind} ${toName?.en}`).slice(0, 3), [
      '15 17h reminder-due uno-1',
      '16 17h reminder-late uno-1',
      '16 17h escalation-1 dc',
    ])
    assert.deepEqual(
      made.map(({ kind, made }) => `${kind} ${shown(made)}`),
      ['new 13 11', 'reminder-before 15 10'],
    )
    for (const reader of ['dc', 'secretary']) assert.equal((await plan(id, 'uno-1', reader)).made.length, 2)
    for (const [of, as] of [
      ['uno-1', 'uno-2'],
      ['secretary', 'secretary'],
      ['nonsense', 'uno-1'],
    ] as const)
      await assert.rejects(plan(id, of, as), { code: 'not_found' })
    await assert.rejects(plan('x', 'uno-1', 'uno-1'), { code: 'not_found' })
  })

  test('nothing of what was passed on, once what it passes on has ended', async () => {
    const toDc: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'post', post: idOf('dc') }] }]
    const clauses = [{ label: '', ask: 'once' as const }]
    const [parent] = await road.place(service.directive('secretary', toDc, { clauses, due: at(15, 17) }))
    const passed = service.directive('dc', toUnos, { clauses, due: at(15, 17), parent: parent! })
    const [id] = await road.place({ ...passed, sections: 3 })
    assert.ok((await plan(id!, 'uno-1', 'uno-1')).planned.length > 0)
    await road.place(service.cancel('secretary', parent!))
    assert.deepEqual((await plan(id!, 'uno-1', 'uno-1')).planned, [])
  })

  test('nothing where nothing is owed', async () => {
    const id = await issue()
    await road.place(service.answer('uno-1', id, [''], 'done'))
    assert.deepEqual((await plan(id, 'uno-1', 'uno-1')).planned, [])
  })

  test('notices of one’s own posts come newest first, page by page', async () => {
    for (let i = 0; i < 8; i++) await issue()
    while ((await send(at(30, 17))) > 0);
    const page = async (cursor?: string) =>
      (await ask('/api/notices', ['uno-1'], {}, cursor ? { cursor } : {})) as NoticePage
    const first = await page()
    const second = await page(first.cursor!)
    const ids = [...first.notices, ...second.notices].map(({ id }) => id)
    assert.deepEqual([first.notices.length, second.cursor], [50, null])
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => b - a),
    )
    assert.equal(new Set(ids).size, 8 * (1 + 7))
    assert.equal(((await ask('/api/notices', ['dc'], {})) as NoticePage).notices.length, 8 * 2)
    await assert.rejects(page('x'), { code: 'bad_input' })
  })

  test('the calendar by which it is reckoned is told', async () => {
    const { hours } = (await ask('/api/calendar', [], {})) as { hours: unknown[] }
    assert.equal(hours.length, 7)
  })
})
