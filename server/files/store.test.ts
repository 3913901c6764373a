import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Bytes, randomBytes, toHex } from '../../core/bytes.ts'
import { MAX_CHUNK } from '../../core/file.ts'
import { sha256 } from '../../core/hash.ts'
import { Refusal } from '../../core/refusal.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import type { Db } from '../db.ts'
import { chunksPresent, markReferenced } from './references.ts'
import { type ChunkNeeds, ChunkStore, PASSING_MS } from './store.ts'

const DAY = 24 * 3_600_000
const me = randomBytes(16)

let db: Db
let directory: string
let now: number

before(async () => {
  db = (await testDatabase()).db
})
beforeEach(async () => {
  await db.write((tx) => tx.query('TRUNCATE chunk'))
  directory = await mkdtemp(join(tmpdir(), 'smarak-files-'))
  now = Date.UTC(2024, 9, 22)
})
after(() => rm(directory, { recursive: true, force: true }))

function open(needs: Partial<ChunkNeeds> = {}): ChunkStore {
  return new ChunkStore({ db, directory, room: async () => {}, now: () => now, ...needs })
}

function chunk(size = 1_000): { hash: Bytes; bytes: Bytes } {
  const bytes = randomBytes(size)
  return { hash: sha256(bytes), bytes }
}

/** What lies on the disk, by name. */
async function onDisk(): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

async function rows(): Promise<number> {
  return (await db.one<{ count: number }>('SELECT count(*) AS count FROM chunk'))!.count
}

async function name(...chunks: { hash: Bytes }[]): Promise<void> {
  await db.write((tx) =>
    markReferenced(
      tx,
      chunks.map(({ hash }) => hash),
    ),
  )
}

test('a chunk is taken, told as here, and given back; taken again nothing changes', async () => {
  const store = open()
  const [a, b] = [chunk(MAX_CHUNK), chunk(1)]
  assert.deepEqual(await store.missing([a.hash, b.hash]), [a.hash, b.hash])
  await store.put(me, a.hash, a.bytes)
  await store.put(randomBytes(16), a.hash, a.bytes)
  assert.deepEqual(await store.missing([a.hash, b.hash]), [b.hash])
  assert.deepEqual(await open().get(a.hash), a.bytes)
  await assert.rejects(store.get(b.hash), { code: 'not_found' })
  assert.equal(await rows(), 1)
})

test('bytes of another name, none and too many are refused and leave nothing', async () => {
  const store = open()
  const large = chunk(MAX_CHUNK + 1)
  await assert.rejects(store.put(me, chunk().hash, chunk().bytes), { code: 'bad_input' })
  await assert.rejects(store.put(me, sha256(new Uint8Array(0)), new Uint8Array(0)), { code: 'bad_input' })
  await assert.rejects(store.put(me, large.hash, large.bytes), { code: 'too_large' })
  assert.deepEqual([await rows(), await onDisk()], [0, []])
})

test('the same chunk sent by many at once is there once', async () => {
  const store = open()
  const { hash, bytes } = chunk(MAX_CHUNK)
  await Promise.all(Array.from({ length: 20 }, () => store.put(randomBytes(16), hash, bytes)))
  assert.deepEqual(await store.get(hash), bytes)
  assert.deepEqual([await rows(), (await onDisk()).length], [1, 1])
})

describe('the room of one person', () => {
  test('ends, also for many sent at once, and is his again when an item names what he sent', async () => {
    const store = open({ roomOfOne: 10_000 })
    const chunks = Array.from({ length: 20 }, () => chunk(1_000))
    const outcomes = await Promise.allSettled(chunks.map(({ hash, bytes }) => store.put(me, hash, bytes)))
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    assert.equal(refused.length, 10)
    assert.deepEqual([refused[0].code, refused[0].details], ['file_quota', { max: 10_000, taken: 10_000 }])
    assert.equal((await onDisk()).length, 10)

    const another = chunk(1_000)
    await store.put(randomBytes(16), another.hash, another.bytes)
    await name(...chunks)
    await store.put(me, chunks.at(-1)!.hash, chunks.at(-1)!.bytes)
  })

  test('a chunk half sent is not counted twice when it is sent again', async () => {
    const { hash, bytes } = chunk(1_000)
    const broken = open({ db: breaksAt(db, 2), roomOfOne: 1_000 })
    await assert.rejects(broken.put(me, hash, bytes), /power/)
    await open({ roomOfOne: 1_000 }).put(me, hash, bytes)
    assert.equal(await rows(), 1)
  })
})

describe('a crash', () => {
  for (const [what, at] of [
    ['before anything is reserved', 1],
    ['after the file is there, before the row says so', 2],
  ] as const) {
    test(`${what}: the chunk is not here, and is taken when it comes again`, async () => {
      const { hash, bytes } = chunk()
      await assert.rejects(open({ db: breaksAt(db, at) }).put(me, hash, bytes), /power/)
      const again = open()
      assert.deepEqual(await again.missing([hash]), [hash])
      assert.equal((await db.write((tx) => chunksPresent(tx, [hash]))).length, 0)
      await assert.rejects(again.get(hash), { code: 'not_found' })
      await again.put(me, hash, bytes)
      assert.deepEqual(await again.get(hash), bytes)
    })

    test(`${what}: if it never comes again, the sweep leaves nothing of it`, async () => {
      const { hash, bytes } = chunk()
      await assert.rejects(open({ db: breaksAt(db, at) }).put(me, hash, bytes), /power/)
      now += PASSING_MS + 1
      await open().sweep()
      assert.deepEqual([await rows(), await onDisk()], [0, []])
    })
  }

  test('in the middle of a sweep: what is left is not said to be here, and the next sweep goes on', async () => {
    const { hash, bytes } = chunk()
    await open().put(me, hash, bytes)
    now += PASSING_MS + 1
    await assert.rejects(open({ db: breaksAt(db, 2) }).sweep(), /power/)
    assert.deepEqual(await open().missing([hash]), [hash])
    await open().sweep()
    assert.equal(await rows(), 0)
  })
})

describe('the sweep', () => {
  test('removes after a week what no item names, and nothing else', async () => {
    const store = open()
    const [old, named, asked, young] = [chunk(), chunk(), chunk(), chunk()]
    for (const { hash, bytes } of [old, named, asked]) await store.put(me, hash, bytes)
    await name(named)
    now += 6 * DAY
    await store.put(me, young.hash, young.bytes)
    assert.deepEqual(await store.missing([asked.hash]), [])
    assert.equal(await store.sweep(), 0)
    now += DAY + 1
    assert.equal(await store.sweep(), 1)
    const all = [old, named, asked, young].map(({ hash }) => hash)
    assert.deepEqual(await store.missing(all), [old.hash])
    assert.equal((await onDisk()).length, 3)
  })

  test('waits for an item that is being placed, and leaves what it names', async () => {
    const store = open()
    const { hash, bytes } = chunk()
    await store.put(me, hash, bytes)
    now += PASSING_MS + 1
    let swept: Promise<number> | undefined
    await db.write(async (tx) => {
      assert.deepEqual(await chunksPresent(tx, [hash, chunk().hash]), [hash])
      swept = store.sweep()
      await new Promise((resolve) => setTimeout(resolve, 50))
      await markReferenced(tx, [hash])
    })
    assert.equal(await swept, 0)
    assert.deepEqual(await store.get(hash), bytes)
  })

  test('meets the same bytes coming again, and what was answered stays true', async () => {
    const store = open()
    const { hash, bytes } = chunk()
    await store.put(me, hash, bytes)
    now += PASSING_MS + 1
    await Promise.all([store.sweep(), store.put(me, hash, bytes)])
    assert.deepEqual(await store.get(hash), bytes)
  })

  test('stops when the server does', async () => {
    const store = open()
    for (let i = 0; i < 5; i++) {
      const { hash, bytes } = chunk()
      await store.put(me, hash, bytes)
    }
    now += PASSING_MS + 1
    let left = 2
    assert.equal(await store.sweep(() => left-- === 0), 2)
  })
})

test('a chunk an item names stays named when the batch is taken back, only if it was before', async () => {
  const store = open()
  const { hash, bytes } = chunk()
  await store.put(me, hash, bytes)
  const batch = db.write(async (tx) => {
    await markReferenced(tx, [hash])
    throw new Refusal('conflict', 'the batch is taken back')
  })
  await assert.rejects(batch, { code: 'conflict' })
  now += PASSING_MS + 1
  assert.equal(await store.sweep(), 1)
})

test('files that a put-back database has forgotten are found again, damaged and half ones not', async () => {
  const store = open()
  const [kept, forgotten, damaged] = [chunk(), chunk(), chunk()]
  for (const { hash, bytes } of [kept, forgotten, damaged]) await store.put(me, hash, bytes)
  await db.write((tx) => tx.query('DELETE FROM chunk WHERE hash <> $1', [kept.hash]))
  const path = ({ hash }: { hash: Bytes }) => join(directory, toHex(hash).slice(0, 2), toHex(hash).slice(2))
  await writeFile(path(damaged), 'other bytes')
  await writeFile(`${path(forgotten)}.part`, 'half of them')
  assert.equal(await store.adopt(), 1)
  assert.deepEqual(await store.missing([kept.hash, forgotten.hash, damaged.hash]), [damaged.hash])
  assert.equal(await store.adopt(), 0)
  assert.equal(
    await new ChunkStore({ db, directory: join(directory, 'none'), room: async () => {}, now: () => now }).adopt(),
    0,
  )
})

describe('a full disk', () => {
  test('is noticed before anything is taken, and what is here is still given', async () => {
    const [here, more] = [chunk(), chunk()]
    await open().put(me, here.hash, here.bytes)
    const full = open({
      room: async () => {
        throw new Refusal('disk_full', 'nearly')
      },
    })
    await assert.rejects(full.put(me, more.hash, more.bytes), { code: 'disk_full' })
    await full.put(me, here.hash, here.bytes)
    assert.deepEqual(await full.get(here.hash), here.bytes)
    assert.equal(await rows(), 1)
  })

  test('in the middle of a chunk leaves the ones before whole, and takes it when there is room', async (t) => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory], { stdio: 'ignore' })
    } catch {
      return t.skip('a small disk can be mounted by root only')
    }
    try {
      const store = open()
      const chunks = Array.from({ length: 12 }, () => chunk(MAX_CHUNK))
      const taken: typeof chunks = []
      let refused: (typeof chunks)[number] | undefined
      for (const one of chunks) {
        const outcome = await store.put(me, one.hash, one.bytes).then(
          () => 'taken',
          ({ code }: Refusal) => code,
        )
        if (outcome === 'taken') taken.push(one)
        else if (outcome === 'disk_full') refused ??= one
        else assert.fail(outcome)
      }
      assert.ok(refused && taken.length > 3, `${taken.length} were taken`)
      for (const { hash, bytes } of taken) assert.deepEqual(await store.get(hash), bytes)
      assert.deepEqual(await store.missing([refused.hash]), [refused.hash])
      assert.equal((await onDisk()).length, taken.length, 'no half file is left')
      const hex = toHex(taken[0]!.hash)
      await rm(join(directory, hex.slice(0, 2), hex.slice(2)))
      await store.put(me, refused.hash, refused.bytes)
      assert.deepEqual(await store.get(refused.hash), refused.bytes)
    } finally {
      execFileSync('umount', [directory])
    }
  })
})

/** A database that dies before its `at`th write. */
function breaksAt(real: Db, at: number): Db {
  let writes = 0
  return {
    ...real,
    write: (change: Parameters<Db['write']>[0]) => {
      if (++writes >= at) throw new Error('power')
      return real.write(change)
    },
  } as Db
}
