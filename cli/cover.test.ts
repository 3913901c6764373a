import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type App, openApp } from '../app.ts'
import type { SmarakClient } from '../client/client.ts'
import { CoveringView } from '../client/covering.ts'
import { openDevice } from '../client/device.ts'
import { openFileStore } from '../client/file-store.ts'
import { logKeyOf } from '../client/log-key.ts'
import type { Absence } from '../client/views.ts'
import { openWire } from '../client/wire.ts'
import { fromBase64url } from '../core/bytes.ts'
import { coverByItself } from '../demo/covering.ts'
import type { ImportKey } from '../features/directory/drafts.ts'
import { importKeyOf } from '../features/directory/founding.ts'
import { type Hand, Registrar } from '../features/directory/registrar.ts'
import { readConfig } from '../server/config.ts'
import { openLog } from '../server/log.ts'
import { testDatabase } from '../test/helpers/database.ts'
import { foundTown, type Town, townLetter } from '../test/helpers/town.ts'
import { EXIT } from './command.ts'
import { SERVER } from './profile.ts'
import { typed } from './testing.ts'

const DAY = 86_400_000
const HANDS = { 'hr-maker': ['register', 'make', 'ticket'], 'hr-checker': ['check', 'ticket'] } as const

let directory: string
let app: App
let town: Town
let key: ImportKey
let uno1: SmarakClient
let uno2: SmarakClient
let ds: SmarakClient
let dc: SmarakClient

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'smarak-cover-'))
  const { url: database } = await testDatabase()
  const flags = { data: join(directory, 'data'), port: 0, 'database-url': database, 'log-level': 'silent' }
  const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])
  app = await openApp(readConfig({}, words), { version: 'test', log: openLog('silent'), warn: () => {} })
  const url = (await app.listen()).replace('localhost', '127.0.0.1')
  const hands = Object.keys(HANDS)
  town = await foundTown(url, { more: hands.map((code) => ({ code, role: code, supervisor: 'room' })) })
  for (const code of hands) {
    const store = await openFileStore(join(directory, code))
    await town.official(code, { store })
    await store.write([{ ...SERVER, value: url }])
    await store.close()
  }
  ;[uno1, uno2, ds, dc] = (await Promise.all(['uno1', 'uno2', 'ds', 'dc'].map((code) => town.official(code)))) as [
    SmarakClient,
    SmarakClient,
    SmarakClient,
    SmarakClient,
  ]
  key = importKeyOf((await logKeyOf(town.transport.wire)).publicKey, Date.now())
  const send = (envelopes: Uint8Array<ArrayBuffer>[]) => town.transport.postItems(envelopes)
  const roots = new Registrar({ send, maker: town.roots[0], checker: town.roots[1], key })
  for (const [code, powers] of Object.entries(HANDS)) await roots.delegate(code, [...powers])
  await syncAll()
})
after(() => rm(directory, { recursive: true, force: true }))

test('who is named for an absence acts for it, from its beginning to its end', async (t) => {
  t.after(() => app.close()) // before its database is dropped
  const post = town.id('post', 'uno1')
  const toHim = townLetter(town, { lines: [{ n: 1, purpose: 0, selectors: [[2, post]] }] })
  const first = await ds.issue(toHim, () => {})
  await syncAll()

  await t.test('nobody but personnel is told who is away', async () => {
    await assert.rejects(uno2.device.transport.absences('', 0), { code: 'not_found' })
    assert.match((await run('no-json')).out, /Nobody is away/)
    assert.equal((await typed(['cover', '--json'])).json().error?.code, 'missing_option')
    assert.equal((await run('--post', 'nowhere')).json().error?.code, 'no_such_code')
  })

  await t.test('what is to come is listed, and nothing is done about it', async () => {
    await declare({ from: Date.now() + DAY, to: Date.now() + 3 * DAY })
    assert.deepEqual(await states(), ['uno1 later'])
    const size = await logSize()
    assert.equal((await run('--carry-out')).code, EXIT.ok)
    assert.equal(await logSize(), size)
  })

  await t.test('what was cut off between the two hands is taken up on another day, and done once', async () => {
    await declare({ to: Date.now() + 3 * DAY })
    assert.deepEqual(await states(), ['uno1 give uno2'])
    assert.match((await run('no-json')).out, /uno1 \(uno1\): routine charge to be given to uno2 of uno2[\s\S]*1 to do/)
    const size = await logSize()
    assert.equal((await withoutApproval(() => run('--carry-out'))).code, EXIT.unreachable)
    assert.equal(await logSize(), size + 1)
    assert.deepEqual(await states(), ['uno1 give uno2'], 'one hand gives nothing')
    assert.deepEqual(await states(['--carry-out'], Date.now() + DAY), ['uno1 give uno2 done'])
    assert.equal(await logSize(), size + 2)
    assert.deepEqual(await states(['--carry-out']), ['uno1 acting uno2'])
    assert.equal(await logSize(), size + 2, 'and again, nothing')
  })

  await t.test('the cover reads what the post was told, acknowledges and answers in its name', async () => {
    await syncAll()
    assert.deepEqual([uno1.following.acting(post)?.mine, uno2.following.acting(post)?.mine], [false, true])
    assert.equal(uno2.rows.find((row) => row.id === first.id && row.post === post)?.unreadable, undefined)
    await uno2.acknowledge(first.id, post)
    await uno2.answer({
      directive: first.id,
      post,
      clauses: ['ক'],
      state: 'done',
      until: null,
      note: 'ছুটিতে, আমি করেছি',
    })
    await syncAll()
    const [answer] = await ds.thread(first.id, post)
    assert.deepEqual([answer?.note, answer?.person.bn, answer?.by.id], ['ছুটিতে, আমি করেছি', 'uno2', post])
    const { thread } = await uno1.open(first.id, post)
    assert.equal(thread.length, 1, 'and who comes back finds it')
  })

  await t.test(
    'an absence declared by neither the holder nor the post above is not believed, whoever lets it in',
    async () => {
      const store = await openFileStore(join(directory, 'hr-maker'))
      const { transport, proven } = (await openDevice({ store, wire: openWire({ origin: town.url }) }))!
      await store.close()
      const look = () => new CoveringView(transport, proven.root).look(Date.now())
      assert.equal((await look())[0]?.state, 'acting')
      const { cose } = await uno2.device.acts.absence({ ...absence(), to: null }, town.id('post', 'uno2'))
      const honest = transport.absences.bind(transport)
      transport.absences = async (...asked) => {
        const bundle = await honest(...asked)
        for (const entry of bundle.entries) entry.cose = cose
        return bundle
      }
      await assert.rejects(look(), { code: 'not_allowed' })
    },
  )

  await t.test('he cannot prolong it by declaring the post away himself', async () => {
    await uno2.following.declareAbsent({ ...absence(), to: null })
    await uno2.sync()
    assert.deepEqual(await states([], Date.now() + 4 * DAY), ['uno1 end uno2'])
  })

  await t.test('on the return the charge ends, and nothing more is read or signed', async () => {
    const second = await ds.issue(townLetter(town), () => {})
    await uno2.sync()
    await uno2.open(second.id, post)
    await declare({ to: Date.now() })
    assert.deepEqual(await states(['--carry-out']), ['uno1 end uno2 done'])
    assert.deepEqual(await states(), [])
    const { generation } = uno1.device.proven.directory.ring(post)!
    const receipt = await uno2.device.acts.receipt(second.id, post, 'acknowledged')
    await assert.rejects(uno2.device.transport.place(receipt), { code: 'not_allowed' })
    await syncAll()
    assert.ok(!uno2.me.posts.some(({ id }) => id === post))
    assert.ok(!uno2.rows.some(({ id }) => id === first.id), 'what he read there does not fall to his own post')
    assert.ok(uno1.device.proven.directory.ring(post)!.generation > generation, 'the ring is a new one')
    const third = await ds.issue(townLetter(town), () => {})
    await syncAll()
    assert.ok(!uno2.rows.some((row) => row.id === third.id && row.post === post))
    await uno1.open(third.id, post)
  })

  await t.test('what the post above declares is given only where somebody named the post', async () => {
    const [below, cover] = [town.id('post', 'uno2'), town.id('post', 'uno1')]
    await dc.following.declareAbsent({ ...absence(), post: below, cover })
    await dc.sync()
    const ran = await run('--carry-out', 'no-json')
    assert.match(ran.out, /uno2 \(uno2\): no charge to uno1 \(uno1\): the post above declared it/)
    assert.deepEqual(await states(['--post', 'uno2']), ['uno2 give uno1'])
    assert.deepEqual(await states(['--post', 'uno1']), [])
    await dc.following.declareAbsent({ ...absence(), post: below, cover, from: Date.now() - 1, to: Date.now() })
    await dc.sync()
    assert.deepEqual(await states(), [])
  })

  await t.test('in a demonstration all of that happens by itself', async () => {
    const opened = await Promise.all(Object.keys(HANDS).map((code) => openHand(code)))
    const [maker, checker] = opened.map(({ hand }) => hand) as [Hand, Hand]
    const send = (envelopes: Uint8Array<ArrayBuffer>[]) => town.transport.postItems(envelopes)
    const { transport, proven } = opened[0]!.device
    const end = coverByItself({ transport, root: proven.root, registrar: new Registrar({ send, maker, checker, key }) })
    try {
      await declare({ to: Date.now() + DAY })
      await until(async () => (await states()).includes('uno1 acting uno2'))
      await declare({ to: Date.now() })
      await until(async () => !(await states()).some((state) => state.startsWith('uno1')))
    } finally {
      end()
    }
  })
})

/** The device of one of personnel, as its profile holds it. */
async function openHand(code: string) {
  const store = await openFileStore(join(directory, code))
  const device = (await openDevice({ store, wire: openWire({ origin: town.url }) }))!
  await store.close()
  const signer = { type: 'device' as const, id: fromBase64url(device.keys.id) }
  const hand: Hand = { signer, sign: device.keys.sign, appointment: town.appointment(code, code) }
  return { device, hand }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const last = Date.now() + 20_000
  while (!(await holds())) {
    assert.ok(Date.now() < last, 'it never came about')
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

function absence(): Absence {
  return { post: town.id('post', 'uno1'), reason: 'leave', from: Date.now(), to: null, cover: town.id('post', 'uno2') }
}

async function declare(change: Partial<Absence>): Promise<void> {
  await uno1.following.declareAbsent({ ...absence(), from: Math.min(Date.now(), change.to ?? Date.now()), ...change })
  await uno1.sync()
}

/** As devices do that are woken, and twice: who was given something by another finds it the second time. */
async function syncAll(): Promise<void> {
  for (const client of [uno1, uno2, ds, dc, uno1, uno2]) {
    client.device.sync.expectDirectory()
    await client.sync()
  }
}

function run(...words: string[]) {
  return runAt(Date.now(), words)
}

function runAt(now: number, words: string[]) {
  const asked = words.includes('no-json') ? [] : ['--json']
  const profiles = ['--profile-maker', join(directory, 'hr-maker'), '--profile-checker', join(directory, 'hr-checker')]
  const rest = words.filter((word) => word !== 'no-json')
  return typed(['cover', ...profiles, ...rest, ...asked], { now: () => now })
}

async function states(words: string[] = [], now = Date.now()): Promise<string[]> {
  const ran = await runAt(now, words)
  assert.equal(ran.code, EXIT.ok, ran.err)
  type Row = { post: string; state: string; person: string | null; done?: boolean }
  const { coverings } = ran.json() as unknown as { coverings: Row[] }
  return coverings.map(({ post, state, person, done }) =>
    [post, state, person, done && 'done'].filter(Boolean).join(' '),
  )
}

/** The network fails once the first hand's item is through. */
async function withoutApproval<T>(work: () => Promise<T>): Promise<T> {
  const { fetch } = globalThis
  let sent = 0
  globalThis.fetch = async (to, init) => {
    if (String(to).endsWith('/items') && sent++ > 0) throw new TypeError('cut off')
    return fetch(to, init)
  }
  try {
    return await work()
  } finally {
    globalThis.fetch = fetch
  }
}

async function logSize(): Promise<number> {
  const note = await town.transport.checkpoint()
  return Number(note.split('\n')[1])
}
