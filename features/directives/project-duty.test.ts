import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import type { CborMap } from '../../core/cbor.ts'
import type { Db } from '../../server/db.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import { amendFields, extendFields, remindFields } from './changes.ts'
import { approvalFields, draftFields } from './drafts.ts'
import { absenceFields, type PracticeEntry, practiceFields } from './duty.ts'
import type { Line } from './entries.ts'
import type { FileStore } from './load.ts'
import { coverOf } from './rules.ts'
import { TestRoad } from './testing/road.ts'
import { idOf, Service, wrapsTo } from './testing/service.ts'

const toUnos: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'uno' }] }]
const toDc: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'post', post: idOf('dc') }] }]
const DUE = 1_800_000_000_000
const issuer = idOf('secretary')

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
  service.post('room', { role: 'record-room', ring: true })
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('joint', { mayIssue: true, ring: true })
  service.post('dc', { supervisor: 'secretary', ring: true })
  for (const uno of ['uno-1', 'uno-2']) service.post(uno, { role: 'uno', supervisor: 'dc', ring: true })
  road = new TestRoad(service, db)
})

const by = (kind: string, post: string, fields: CborMap, sections = 1) =>
  service.make(kind, post, post, fields, sections, [])
const issue = async (change = {}) =>
  (await road.place(service.directive('secretary', toUnos, { due: DUE, ...change })))[0]!

describe('a change by the issuer', () => {
  test('is seen by whoever sees the directive, and an extension moves what is due after a restart too', async () => {
    const directive = await issue()
    await road.place(by('amend', 'secretary', amendFields({ directive, issuer })))
    await road.place(by('extend', 'secretary', extendFields({ directive, issuer, due: DUE + 5 })))
    for (const name of ['uno-1', 'uno-2', 'dc', 'secretary']) assert.deepEqual(await road.seenBy(idOf(name)), [0, 1, 2])
    service.directives.clear()
    const extend = by('extend', 'secretary', extendFields({ directive, issuer, due: DUE + 4 }))
    await assert.rejects(road.place(extend), { code: 'not_later', details: { due: DUE + 5 } })
    assert.deepEqual(await db.many('SELECT due, first_due FROM directive'), [{ due: DUE + 5, first_due: DUE }])
  })

  test('a reminder is seen by who is reminded, and not sent twice a day after a restart either', async () => {
    const directive = await issue()
    const remind = () => by('remind', 'secretary', remindFields({ directive, issuer, posts: [idOf('uno-2')] }))
    await road.place(remind())
    assert.deepEqual(await road.seenBy(idOf('uno-1')), [0])
    assert.deepEqual(await road.seenBy(idOf('uno-2')), [0, 1])
    service.directives.clear()
    await assert.rejects(road.place(remind()), { code: 'reminded_today' })
  })
})

describe('the queue of notices', () => {
  const queued = () =>
    db.many<{ kind: string; n: number }>('SELECT kind, count(*)::int AS n FROM notice GROUP BY kind ORDER BY kind')

  test('has a new letter once for each addressee, its changes too, and a reminder only for who is reminded', async () => {
    const directive = await issue()
    assert.deepEqual(await queued(), [{ kind: 'new', n: 2 }])
    await road.place(by('extend', 'secretary', extendFields({ directive, issuer, due: DUE + 5 })))
    await road.place(by('remind', 'secretary', remindFields({ directive, issuer, posts: [idOf('uno-2')] })))
    await road.place(service.cancel('secretary', directive))
    assert.deepEqual(await queued(), [
      { kind: 'cancelled', n: 2 },
      { kind: 'extended', n: 2 },
      { kind: 'new', n: 2 },
      { kind: 'remind', n: 1 },
    ])
  })

  test('has none for who issued it himself', async () => {
    const toBoth: Line[] = [...toUnos, { n: 2, purpose: 'action', selectors: [{ by: 'post', post: issuer }] }]
    await road.place(service.directive('secretary', toBoth))
    assert.deepEqual(await queued(), [{ kind: 'new', n: 2 }])
  })
})

describe('passing on', () => {
  test('of what was addressed to one is remembered with its parent, after a restart too', async () => {
    const [parent] = await road.place(service.directive('secretary', toDc, { due: DUE }))
    service.directives.clear()
    const made = { ...service.directive('dc', toUnos, { parent: parent!, due: DUE }), sections: 3 }
    await road.place(made)
    const rows = await db.many<{ parent: Uint8Array | null }>('SELECT parent FROM directive ORDER BY index')
    assert.deepEqual(
      rows.map((row) => row.parent && Buffer.from(row.parent).toString('base64url')),
      [null, parent],
    )
  })
})

describe('a draft', () => {
  const cover = (...posts: string[]) => wrapsTo(coverOf(new Set(posts.map(idOf)), service.directory))

  test('goes to its approvers, comes back with their word, and is issued once, after a restart too', async () => {
    const fields = draftFields({ issuer, approvers: [idOf('joint')], replaces: null })
    const made = service.make('draft', 'secretary', 'secretary', fields, 2, cover('secretary', 'joint'))
    const [draft] = await road.place(made)
    assert.deepEqual(await road.seenBy(idOf('joint')), [0])
    service.directives.clear()
    await road.place(by('approval', 'joint', approvalFields({ draft: draft!, post: idOf('joint'), approved: true })))
    assert.deepEqual(await road.seenBy(issuer), [0, 1])
    const letter = () =>
      service.directive('secretary', toUnos, {
        draft: draft!,
        wraps: cover('secretary', 'joint', 'dc', 'uno-1', 'uno-2'),
      })
    service.directives.clear()
    await road.place(letter())
    assert.deepEqual(await road.seenBy(idOf('joint')), [0, 1, 2], 'who approved sees what was issued')
    service.directives.clear()
    await assert.rejects(road.place(letter()), { code: 'already_done' })
  })

  test('laid anew before others is seen to be so by whoever was to approve it', async () => {
    const lay = (approver: string, replaces: string | null) => {
      const fields = draftFields({ issuer, approvers: [idOf(approver)], replaces })
      return road.place(service.make('draft', 'secretary', 'secretary', fields, 2, cover('secretary', approver)))
    }
    const [draft] = await lay('joint', null)
    assert.deepEqual(await road.seenBy(idOf('joint')), [0])
    await lay('dc', draft!)
    assert.deepEqual(await road.seenBy(idOf('joint')), [0, 1])
    assert.deepEqual(await road.seenBy(idOf('dc')), [1], 'the one before was never his')
  })

  test('is needed where the practice of the office says so', async () => {
    const empty: PracticeEntry = {
      office: idOf('office'),
      hours: null,
      checks: null,
      holidays: null,
      reminders: null,
      routes: [{ post: issuer, approvers: [idOf('joint')] }],
      quiet: null,
    }
    service.directory.setOffice({
      id: idOf('office'),
      code: 'o',
      name: { bn: 'দপ্তর', en: 'office' },
      kind: 'office',
      parent: null,
      place: null,
      alt: [],
      abolished: false,
    })
    await road.place(by('practice', 'secretary', practiceFields(empty), 0))
    await assert.rejects(issue(), { code: 'approval_needed', details: { posts: [idOf('joint')] } })
    await road.place(by('practice', 'secretary', practiceFields({ ...empty, routes: null }), 0))
    await issue()
  })
})

describe('an absence', () => {
  test('declared anew replaces the one before, and is seen by who covers', async () => {
    const away = { post: idOf('uno-1'), reason: 'leave' as const, from: 1, to: 2, cover: idOf('uno-2') }
    await road.place(by('absence', 'uno-1', absenceFields(away), 0))
    await road.place(by('absence', 'uno-1', absenceFields({ ...away, reason: 'flood', to: null }), 0))
    assert.deepEqual(await db.many('SELECT reason, since, until FROM absence'), [{ reason: 1, since: 1, until: null }])
    assert.deepEqual(await road.seenBy(idOf('uno-2')), [0, 1])
  })
})

describe('an answer with files', () => {
  test('is refused until every chunk is here, and keeps them', async () => {
    const here = new Set<string>()
    const kept: string[] = []
    const files: FileStore = {
      present: async (_read, hashes) => hashes.filter((hash) => here.has(hash.toHex())) as Uint8Array<ArrayBuffer>[],
      keep: async (_tx, hashes) => void kept.push(...hashes.map((hash) => hash.toHex())),
    }
    road = new TestRoad(service, db, { files })
    const directive = await issue()
    const hash = new Uint8Array(32).fill(7)
    const answer = () => {
      const made = service.answer('uno-1', directive, [''], 'done')
      made.header.fields.set(6, [[hash]])
      return made
    }
    const [early, later] = [answer(), answer()]
    await assert.rejects(road.place(early), { code: 'file_missing' })
    here.add(hash.toHex())
    await road.place(later)
    assert.deepEqual(kept, [hash.toHex()])
  })
})
