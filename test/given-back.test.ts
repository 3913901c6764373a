import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type App, openApp, recover } from '../app.ts'
import type { SmarakClient } from '../client/client.ts'
import { makeDeviceKeys } from '../client/device-keys.ts'
import { heldItems } from '../client/give-back.ts'
import { MemoryStore } from '../client/memory-store.ts'
import { Transport } from '../client/transport.ts'
import { openWire } from '../client/wire.ts'
import { randomBytes } from '../core/bytes.ts'
import { openCheckpoint } from '../core/checkpoint.ts'
import type { JournalEntry } from '../core/journal.ts'
import { decodeLeaf, encodeLeaf, type Leaf } from '../core/leaf.ts'
import type { Refusal } from '../core/refusal.ts'
import { readConfig } from '../server/config.ts'
import { openLog } from '../server/log.ts'
import { createDatabase } from '../server/postgres/index.ts'
import { testDatabase } from './helpers/database.ts'
import { foundTown, type Town, townLetter } from './helpers/town.ts'

// A whole service whose database and files are put back to yesterday, and the devices of four people, one of whom joined since.
let directory: string
let port = 0
let database: string
let app: App
let town: Town
const warned: string[] = []

function settings(): string[] {
  const flags = { data: join(directory, 'data'), 'checkpoint-file': join(directory, 'checkpoint'), port }
  return Object.entries({ ...flags, 'database-url': database, 'log-level': 'silent' }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ])
}

async function start(): Promise<string> {
  app = await openApp(readConfig({}, settings()), {
    version: 'test',
    log: openLog('silent'),
    warn: (said) => warned.push(said),
  })
  return (await app.listen()).replace('localhost', '127.0.0.1')
}

async function sizeOf(note: string): Promise<number> {
  return (await openCheckpoint(note, app.logKey.note)).size
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'smarak-given-back-'))
  database = (await testDatabase()).url
  const url = await start()
  port = Number(new URL(url).port)
  town = await foundTown(url)
})
after(async () => {
  await app.close()
  await rm(directory, { recursive: true, force: true })
})

test('a service that lost what it had accepted gets it back from the devices, and goes on', async (t) => {
  const stores = { ds: new MemoryStore(), uno1: new MemoryStore(), uno2: new MemoryStore() }
  const [ds, uno1, uno2] = (await Promise.all(
    Object.entries(stores).map(([person, store]) => town.official(person, { store })),
  )) as [SmarakClient, SmarakClient, SmarakClient]
  const all = [ds, uno1, uno2]
  const first = await ds.issue(townLetter(town), () => {})
  for (const client of [...all, ...all]) await client.sync()

  await app.close()
  const yesterday = await copyDatabase()
  await start()
  const posts = [town.id('post', 'uno1'), town.id('post', 'uno2')] as const
  const photo = await uno1.addFile({ name: 'বাঁধ.jpg', type: 'image/jpeg', bytes: new Uint8Array(70_000).fill(7) })
  for (const [i, client] of [uno1, uno2].entries()) {
    await client.acknowledge(first.id, posts[i]!)
    const files = i === 0 ? [photo] : []
    await client.answer({
      directive: first.id,
      post: posts[i]!,
      clauses: ['ক'],
      state: 'done',
      until: null,
      note: 'হয়েছে',
      files,
    })
    await client.sync()
  }
  const dc = await town.official('dc')
  await dc.sync()
  all.push(dc)
  const second = await ds.issue(townLetter(town), () => {})
  for (const client of all) await client.sync()
  const { size } = ds.device.proven.seen

  await app.close()
  database = yesterday
  await rm(join(directory, 'data', 'files'), { recursive: true })
  await start()
  const { lost } = app.service.road
  assert.match(warned.join(), /NOTHING NEW IS ACCEPTED[\s\S]*devices that come by give back/)
  assert.ok(lost && lost.to >= size && lost.to - lost.from >= 8, JSON.stringify(lost))

  await t.test('what is no item of a lost place is turned away', async () => {
    const [mine] = (await heldItems(stores.uno2, lost.from)) as [JournalEntry]
    const changed = (leaf: Partial<Leaf>) => encodeLeaf({ ...decodeLeaf(mine.leaf), ...leaf })
    const give = (...entries: JournalEntry[]) => uno2.device.transport.giveLost(entries)
    assert.deepEqual(
      await give(
        { ...mine, index: lost.to },
        { ...mine, index: lost.from - 1 },
        { ...mine, envelope: randomBytes(300) },
        { ...mine, leaf: changed({ item: randomBytes(32) }) },
      ),
      ['not_found', 'not_found', 'bad_bytes', 'bad_input'],
    )
    await assert.rejects(give(...new Array(65).fill(mine)), { code: 'too_large' })
  })

  await t.test('a stranger gives nothing, and nobody in the name of another', async () => {
    const stranger = new Transport({ wire: openWire({ origin: town.url }) })
    const { keys } = await makeDeviceKeys(new MemoryStore())
    stranger.origin = ds.device.proven.root.origin
    stranger.useDevice(keys)
    const [any] = (await heldItems(stores.uno2, lost.from)) as [JournalEntry]
    assert.deepEqual(await stranger.giveLost([any]), ['unknown_device'])
    stranger.useDevice({ ...keys, publicKey: uno2.device.keys.publicKey })
    await assert.rejects(stranger.giveLost([any]), { code: 'bad_signature' })
  })

  await t.test('each device says that the server went back, and gives what it has by itself', async () => {
    for (const client of [uno1, uno2, dc]) await assert.rejects(client.sync(), { code: 'rollback' })
    const missing = await recovering()
    assert.equal(missing.code, 'still_missing', missing.message)
    assert.match(missing.message, new RegExp(`^1 of ${lost.to - lost.from} items are in no journal: ${lost.to - 1}\\.`))

    // What cannot be told from a true one is kept, and keeps the true one away from nobody.
    const [mine] = (await heldItems(stores.uno2, lost.from)) as [JournalEntry]
    const leaf = encodeLeaf({ ...decodeLeaf(mine.leaf), time: Date.now() })
    assert.deepEqual(await uno2.device.transport.giveLost([{ ...mine, index: lost.to - 1, leaf }]), [null])
    assert.match(warned.at(-1)!, /something was given back for every missing item/)
    assert.equal((await recovering()).code, 'wrong_journal')
    await assert.rejects(ds.sync(), { code: 'rollback' })
  })

  await t.test('after log recover it is the log it was, and everybody carries on', async () => {
    await app.close()
    const told: string[] = []
    assert.equal(await recover(settings(), {}, (line) => told.push(line)), 0)
    assert.deepEqual(told, [`${lost.to - lost.from} items were taken back, each at its own place.`])
    const file = await readFile(join(directory, 'checkpoint'), 'utf8')
    await start()
    assert.equal(app.service.road.view.checkpoint, file)
    assert.ok((await sizeOf(file)) >= size)
    for (const client of all) await client.sync()
    const [answer] = await ds.thread(first.id, posts[0])
    assert.equal((await ds.fetchFile(answer!.files![0]!)).length, 70_000, 'its file came back as well')
    assert.ok(uno1.rows.some(({ id }) => id === second.id))
    const third = await ds.issue(townLetter(town), () => {})
    await uno2.sync()
    assert.ok(uno2.rows.some(({ id }) => id === third.id))
    assert.equal(await recover(settings(), {}).catch(({ code }) => code), 'data_dir_in_use')
  })
})

/** Why `log recover` does nothing yet. The server is stopped for it and started again. */
async function recovering(): Promise<Refusal> {
  await app.close()
  const refusal = await recover(settings(), {}).then(
    () => assert.fail('it was recovered'),
    (error: Refusal) => error,
  )
  await start()
  return refusal
}

/** The database as it is now, under another name. */
async function copyDatabase(): Promise<string> {
  const name = `copy_${randomBytes(6).toHex()}`
  const client = new pg.Client({ connectionString: database.replace(/[^/]*$/, 'postgres') })
  await client.connect()
  try {
    await client.query(createDatabase(name, database.replace(/^.*\//, '')))
  } finally {
    await client.end()
  }
  return database.replace(/[^/]*$/, name)
}
