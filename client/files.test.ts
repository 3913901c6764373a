import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Bytes, randomBytes, toBase64url } from '../core/bytes.ts'
import { CHUNK_PLAIN, MAX_CHUNK, MAX_FILE } from '../core/file.ts'
import { sha256 } from '../core/hash.ts'
import { Refusal } from '../core/refusal.ts'
import { chunksOf, Files } from './files.ts'
import { MemoryStore } from './memory-store.ts'
import type { AnswerFile } from './views.ts'

const DAY = 24 * 3_600_000
const onward = async () => false
const nothing = () => {}

/** Where chunks go, over a line that can be cut. */
function chunkServer() {
  const server = {
    chunks: new Map<string, Bytes>(),
    /** Names in the order they were sent and fetched. */
    put: [] as string[],
    got: [] as string[],
    /** How many calls are answered until the line is cut. */
    left: Number.POSITIVE_INFINITY,
    transport: {
      missingChunks: async (names: string[]) => names.filter((name) => !server.chunks.has(name)),
      putChunk: async (name: string, bytes: Bytes) => {
        if (server.left-- <= 0) throw new Refusal('offline', 'cut')
        assert.equal(toBase64url(sha256(bytes)), name)
        server.put.push(name)
        server.chunks.set(name, bytes)
      },
      chunk: async (name: string) => {
        if (server.left-- <= 0) throw new Refusal('offline', 'cut')
        server.got.push(name)
        const bytes = server.chunks.get(name)
        if (!bytes) throw new Refusal('not_found', 'No such chunk')
        return bytes
      },
    },
  }
  return server
}

function device(server = chunkServer(), store = new MemoryStore()) {
  const clock = { now: Date.UTC(2024, 9, 22) }
  return { server, store, clock, files: new Files({ store, transport: server.transport, now: () => clock.now }) }
}

function picture(size = 100_000): AnswerFile & { bytes: Bytes } {
  const bytes = Uint8Array.from({ length: size }, (_, n) => (n * n) % 251)
  return { name: 'সেতু.jpg', type: 'image/jpeg', bytes }
}

test('a file goes up in chunks and comes down whole on another device', async () => {
  for (const size of [0, 1, CHUNK_PLAIN, 100_000]) {
    const { server, files } = device()
    const given = picture(size)
    const kept = await files.add(given)
    assert.equal(await files.upload(chunksOf([kept]), nothing, onward), true)
    assert.deepEqual(server.put, kept.chunks)
    assert.deepEqual(await device(server).files.fetch(kept), given.bytes)
  }
})

test('a Blob is sealed piece by piece, with what the officer said of it', async () => {
  const { server, files } = device()
  const { bytes } = picture(70_000)
  const kept = await files.add({ ...picture(), bytes: new Blob([bytes]), taken: 5, place: [25.5, 89.25] })
  assert.deepEqual([kept.size, kept.taken, kept.place, kept.chunks.length], [70_000, 5, [25.5, 89.25], 3])
  await files.upload(chunksOf([kept]), nothing, onward)
  assert.deepEqual(await device(server).files.fetch(kept), bytes)
})

test('what lies in the store and on the server says nothing of the file', async () => {
  const { server, store, files } = device()
  const kept = await files.add({ ...picture(), bytes: new Uint8Array(100_000).fill(0x41) })
  await files.upload(chunksOf([kept]), nothing, onward)
  const here = [...(await store.list('file')), ...(await store.list<Bytes>('chunk'))]
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
  const all = JSON.stringify(here, (_, value) => (value instanceof Uint8Array ? text(value) : value))
  assert.equal(/সেতু|image|AAAAAAAA/.test(all) || all.includes(kept.key), false)
  for (const bytes of server.chunks.values()) assert.equal(text(bytes).includes('AAAAAAAA'), false)
})

test('the sizes told are those that travel', async () => {
  const { server, files } = device()
  const kept = [await files.add(picture(100_000)), await files.add(picture(0)), await files.add(picture(CHUNK_PLAIN))]
  const names = chunksOf(kept)
  await files.upload(names, nothing, onward)
  assert.deepEqual(
    names.map(({ name }) => server.chunks.get(name)!.length),
    names.map(({ size }) => size),
  )
})

test('a file that is too large, or finds no room, leaves nothing', async () => {
  const { files, store } = device()
  await assert.rejects(files.add({ ...picture(), bytes: new Uint8Array(MAX_FILE + 1) }), { code: 'file_too_large' })
  store.failWrites = new Refusal('device_full', 'no room')
  await assert.rejects(files.add(picture()), { code: 'device_full' })
  store.failWrites = null
  assert.deepEqual([await store.list('file'), await store.list('chunk')], [[], []])
})

describe('an upload that is cut', () => {
  test('goes on where it was, also in another tab, and sends each chunk once', async () => {
    const { server, store, files } = device()
    const kept = await files.add(picture(200_000))
    const told: [number, number][] = []
    for (const left of [1, 0, 2, 3]) {
      server.left = left
      const again = device(server, store).files
      await assert.rejects(
        again.upload(chunksOf([kept]), (...all) => told.push(all), onward),
        { code: 'offline' },
      )
    }
    server.left = Number.POSITIVE_INFINITY
    assert.equal(await files.upload(chunksOf([kept]), (...all) => told.push(all), onward), true)
    assert.deepEqual(server.put, kept.chunks)
    const total = 200_000 + 16 * kept.chunks.length
    assert.deepEqual(told[0], [0, total])
    assert.deepEqual(told.at(-1), [total, total])
    assert.ok(told.every(([done], i) => i === 0 || done >= told[i - 1]![0]))
  })

  test('gives the line to whoever asks for it between two chunks', async () => {
    const { server, files } = device()
    const kept = await files.add(picture(100_000))
    assert.equal(await files.upload(chunksOf([kept]), nothing, async () => true), false)
    assert.equal(server.put.length, 1)
    assert.equal(await files.upload(chunksOf([kept]), nothing, onward), true)
  })

  test('cannot go on when a chunk is neither here nor there', async () => {
    const { store, files } = device()
    const kept = await files.add(picture())
    await store.write([{ table: 'chunk', key: kept.chunks[1]!, value: undefined }])
    await assert.rejects(files.upload(chunksOf([kept]), nothing, onward), { code: 'file_missing' })
  })
})

describe('fetching', () => {
  async function sent(size = 200_000) {
    const { server, files } = device()
    const given = picture(size)
    const kept = await files.add(given)
    await files.upload(chunksOf([kept]), nothing, onward)
    return { server, kept, bytes: given.bytes }
  }

  test('goes on where it was cut, and needs no line for what is here', async () => {
    const { server, kept, bytes } = await sent()
    const store = new MemoryStore()
    for (const left of [2, 3]) {
      server.left = left
      await assert.rejects(device(server, store).files.fetch(kept), { code: 'offline' })
    }
    server.left = 2
    const told: number[] = []
    assert.deepEqual(await device(server, store).files.fetch(kept, (done) => told.push(done)), bytes)
    assert.deepEqual(server.got, kept.chunks)
    assert.equal(told.at(-1), bytes.length)
    assert.deepEqual(await device(server, store).files.fetch(kept), bytes)
  })

  test('notices a server that gives other bytes, and keeps none of them', async () => {
    const { server, kept, bytes } = await sent()
    const name = kept.chunks[2]!
    const honest = server.chunks.get(name)!
    const reader = device(server)
    for (const wrong of [honest.with(9, honest[9]! ^ 1), honest.slice(1), server.chunks.get(kept.chunks[0]!)!]) {
      server.chunks.set(name, wrong)
      await assert.rejects(reader.files.fetch(kept), { code: 'file_altered' })
    }
    server.chunks.set(name, honest)
    assert.deepEqual(await reader.files.fetch(kept), bytes)
  })

  test('notices an author who names another key, size or order', async () => {
    const { server, kept } = await sent()
    const altered = { code: 'file_altered' }
    await assert.rejects(device(server).files.fetch({ ...kept, key: toBase64url(randomBytes(32)) }), altered)
    await assert.rejects(device(server).files.fetch({ ...kept, size: kept.size - 1 }), altered)
    await assert.rejects(device(server).files.fetch({ ...kept, chunks: kept.chunks.toReversed() }), altered)
  })

  test('says when the server has a part of it no more', async () => {
    const { server, kept } = await sent()
    server.chunks.delete(kept.chunks[1]!)
    await assert.rejects(device(server).files.fetch(kept), { code: 'file_missing' })
  })

  test('shows the file also where there is no room to keep it', async () => {
    const { server, kept, bytes } = await sent()
    const store = new MemoryStore()
    store.failWrites = new Refusal('device_full', 'no room')
    assert.deepEqual(await device(server, store).files.fetch(kept), bytes)
  })
})

describe('room on the device', () => {
  const names = async (store: MemoryStore) => (await store.list('chunk')).map(([name]) => name)

  test('what the officer took out again is gone', async () => {
    const { store, files } = device()
    await files.forget(await files.add(picture()))
    assert.deepEqual([await store.list('file'), await names(store)], [[], []])
  })

  test('what was fetched long ago is let go, what waits in the outbox or in a draft never', async () => {
    const { server, store, clock, files } = device()
    const there = await files.add(picture())
    await files.upload(chunksOf([there]), nothing, onward)
    await files.settle(chunksOf([there]))
    const drafted = await files.add(picture())
    const waiting = await files.add(picture())
    await store.write([{ table: 'outbox', key: 'a', value: { chunks: chunksOf([waiting]) } }])
    clock.now += 31 * DAY
    const fresh = await files.add(picture())
    assert.deepEqual(
      (await names(store)).toSorted(),
      [drafted, waiting, fresh].flatMap(({ chunks }) => chunks).toSorted(),
    )
    clock.now += 31 * DAY
    await files.add(picture(0))
    assert.ok((await names(store)).includes(waiting.chunks[0]!))
    assert.equal((await names(store)).includes(drafted.chunks[0]!), false)
    assert.deepEqual(await device(server, store).files.fetch(there), picture().bytes)
  })

  test('of what can be fetched again 64 MB are kept, the newest', async () => {
    const { store, clock, files } = device()
    const all = []
    for (let i = 0; i < 3; i++) {
      const kept = await files.add(picture(10))
      await files.settle(chunksOf([kept]))
      const row = (await store.get<object>('file', kept.chunks[0]!))!
      await store.write([{ table: 'file', key: kept.chunks[0]!, value: { ...row, bytes: 30 * 1024 * 1024 } }])
      all.push(kept)
      clock.now += DAY
    }
    await files.add(picture(10))
    const left = await names(store)
    assert.deepEqual(
      all.map(({ chunks }) => left.includes(chunks[0]!)),
      [false, true, true],
    )
  })
})

test('a chunk is no longer than a chunk', () => {
  const chunk = chunksOf([
    { ...picture(), size: 2 * CHUNK_PLAIN, key: '', chunks: ['a', 'b'], taken: null, place: null },
  ])
  assert.deepEqual(chunk, [
    { name: 'a', size: MAX_CHUNK },
    { name: 'b', size: MAX_CHUNK },
  ])
})
