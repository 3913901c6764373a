import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bytes, randomBytes } from '../core/bytes.ts'
import { signingKeyFromSeed } from '../core/cose.ts'
import { makeItem, readEnvelope, thumbprint } from '../core/item.ts'
import { encodeLeaf } from '../core/leaf.ts'
import { Refusal } from '../core/refusal.ts'
import { Files } from './files.ts'
import { processLock } from './lock.ts'
import { Locker } from './locker.ts'
import { MemoryStore } from './memory-store.ts'
import type { ItemAnswer } from './messages.ts'
import { Outbox } from './outbox.ts'
import type { Answering } from './views.ts'

const [directive, post] = ['directive', 'post']

/** An outbox before a server that says in which order what came to it. */
async function outboxWith(store = new MemoryStore()) {
  const signing = await signingKeyFromSeed(randomBytes(32))
  const line = {
    /** What the server took, in order: `chunk`, or the note of an answer, or what an act is. */
    came: [] as string[],
    chunks: new Map<string, Bytes>(),
    /** Called before each chunk: throws where the line is cut. */
    onChunk: async (_n: number) => {},
    /** What the server says to an item, accepted where it is undefined. */
    refuses: (_what: string): string | undefined => undefined,
    now: 1_000,
  }
  const transport = {
    missingChunks: async (names: string[]) => names.filter((name) => !line.chunks.has(name)),
    putChunk: async (name: string, bytes: Bytes) => {
      await line.onChunk(line.chunks.size)
      line.chunks.set(name, bytes)
      line.came.push('chunk')
    },
    chunk: async (name: string) => line.chunks.get(name)!,
    postItems: async (envelopes: Bytes[]): Promise<ItemAnswer[]> =>
      envelopes.map((envelope, index) => {
        const { header } = readEnvelope(envelope)
        const what = String(header.fields.get(1))
        const code = line.refuses(what)
        if (code) return { accepted: false, code, details: {} }
        line.came.push(what)
        const leaf = { item: randomBytes(32), time: line.now, chain: randomBytes(32), sequence: 0, previous: null }
        return { accepted: true, index, leaf: encodeLeaf(leaf as never) }
      }),
  }
  const files = new Files({ store, transport, now: () => line.now })
  const locker = await Locker.open(store, () => line.now)
  const open = () =>
    new Outbox({
      store,
      locker,
      lock: processLock(),
      transport,
      files,
      seal: (draft) => {
        const fields = new Map().set(1, draft.what === 'answer' ? draft.note : draft.what)
        const item = { kind: 'answer', id: randomBytes(16), time: line.now, fields }
        return makeItem(item, { type: 'device', id: thumbprint(signing.publicKey) }, signing.sign)
      },
      refresh: async () => {},
      now: () => line.now++, // no two acts at the same moment: they go in the order they were done
      changed: () => {},
    })
  const answer = async (note: string, ...sizes: number[]): Promise<{ what: 'answer' } & Answering> => ({
    what: 'answer',
    directive,
    post,
    clauses: [],
    state: 'done',
    until: null,
    note,
    files: await Promise.all(
      sizes.map((size) => files.add({ name: 'a.jpg', type: 'image/jpeg', bytes: new Uint8Array(size) })),
    ),
  })
  return { line, store, open, outbox: open(), answer, locker }
}

test('an answer goes when all of its files are there, and once', async () => {
  const { line, outbox, answer } = await outboxWith()
  await outbox.add(await answer('সেতু', 70_000, 10), 'title')
  await outbox.flush()
  assert.deepEqual(line.came, ['chunk', 'chunk', 'chunk', 'chunk', 'সেতু'])
  await outbox.flush()
  assert.equal(line.came.length, 5)
  assert.deepEqual(outbox.entries(), [])
})

test('after three cuts and as many restarts it has come once, each chunk once', async () => {
  const { line, open, outbox, answer } = await outboxWith()
  await outbox.add(await answer('তিনবার কাটা', 200_000), 'title')
  for (const until of [1, 3, 6]) {
    line.onChunk = async (n) => {
      if (n >= until) throw new Refusal('offline', 'cut')
    }
    const device = open()
    assert.deepEqual(await device.flush(), [])
    assert.equal(device.interrupted, true)
    assert.equal(device.entries()[0]?.state, 'waiting')
  }
  line.onChunk = async () => {}
  assert.equal((await open().flush()).length, 1)
  assert.deepEqual(line.came, [...Array(7).fill('chunk'), 'তিনবার কাটা'])
})

test('what has no file does not wait for one, but what was done later in the same thread does', async () => {
  const { line, outbox, answer } = await outboxWith()
  await outbox.add(await answer('ছবিসহ', 10), 'title')
  await outbox.add(await answer('তারপর'), 'title')
  await outbox.add({ what: 'acknowledge', directive: 'another', post }, 'title')
  await outbox.flush()
  assert.deepEqual(line.came, ['acknowledge', 'chunk', 'ছবিসহ', 'তারপর'])
})

test('whoever asks for the line gets it after a chunk, and the file goes on afterwards', async () => {
  const { line, outbox, answer } = await outboxWith()
  await outbox.add(await answer('বড়', 100_000), 'title')
  const told: number[] = []
  await outbox.flush(() => {}, { pause: () => true, uploading: (done) => told.push(done) })
  assert.deepEqual([line.came, outbox.interrupted, outbox.entries()[0]?.state], [['chunk'], false, 'waiting'])
  await outbox.add({ what: 'acknowledge', directive: 'another', post }, 'title')
  await outbox.flush()
  assert.deepEqual(line.came, ['chunk', 'acknowledge', 'chunk', 'chunk', 'chunk', 'বড়'])
  assert.equal(told.length, 2)
})

test('it can be taken back while its files are on their way, and what comes after it goes on', async () => {
  const { line, outbox, answer } = await outboxWith()
  const local = await outbox.add(await answer('ভুল', 100_000), 'title')
  await outbox.add(await answer('ঠিক', 10), 'title')
  line.onChunk = async (n) => {
    if (n === 1) assert.equal(await outbox.undo(local), true)
  }
  await outbox.flush()
  assert.deepEqual(line.came, ['chunk', 'chunk', 'chunk', 'ঠিক'])
  assert.deepEqual(outbox.entries(), [])
})

test('a refused file waits for attention, and the rest goes on', async () => {
  const { line, outbox, answer } = await outboxWith()
  const bad = await outbox.add(await answer('জায়গা নেই', 10), 'title')
  await outbox.add(await answer('পরেরটি', 10), 'title')
  line.onChunk = async () => {
    line.onChunk = async () => {}
    throw new Refusal('file_quota', 'Too much', { max: 1 })
  }
  await outbox.flush()
  assert.deepEqual(line.came, ['chunk', 'পরেরটি'])
  assert.deepEqual(
    outbox.entries().map(({ id, state, code }) => [id, state, code]),
    [[bad, 'attention', 'file_quota']],
  )
  await outbox.retry(bad)
  await outbox.flush()
  assert.deepEqual(line.came.slice(2), ['chunk', 'জায়গা নেই'])
})

test('a full server or a busy one is waited for', async () => {
  for (const code of ['disk_full', 'too_fast', 'database_unavailable']) {
    const { line, outbox, answer } = await outboxWith()
    await outbox.add(await answer('পরে', 10), 'title')
    line.onChunk = async () => {
      throw new Refusal(code, 'later')
    }
    await outbox.flush()
    assert.equal(outbox.entries()[0]?.state, 'waiting', code)
    assert.equal(outbox.interrupted, true)
  }
})

test('a chunk that is on this device no more needs the officer', async () => {
  const { line, store, outbox, answer } = await outboxWith()
  await outbox.add(await answer('হারানো', 10), 'title')
  for (const [key] of await store.list('chunk')) await store.write([{ table: 'chunk', key, value: undefined }])
  await outbox.flush()
  assert.deepEqual([line.came, outbox.entries()[0]?.code], [[], 'file_missing'])
})

test('files that were swept between sending and placing are sent again, a few times', async () => {
  const { line, outbox, answer } = await outboxWith()
  await outbox.add(await answer('ঝাড়ু', 10), 'title')
  let swept = 1
  line.refuses = () => {
    if (swept-- <= 0) return undefined
    line.chunks.clear()
    return 'file_missing'
  }
  await outbox.flush()
  assert.deepEqual(line.came, ['chunk', 'chunk', 'ঝাড়ু'])

  const stubborn = await outboxWith()
  await stubborn.outbox.add(await stubborn.answer('একগুঁয়ে', 10), 'title')
  stubborn.line.refuses = () => 'file_missing'
  await stubborn.outbox.flush()
  assert.equal(stubborn.outbox.entries()[0]?.code, 'file_missing')
})

test('a locked device brings the files up, and the answer when it is unlocked', async () => {
  const { line, outbox, answer, locker } = await outboxWith()
  await locker.setPin('1234')
  await outbox.add(await answer('তালা', 10), 'title')
  locker.lock()
  await outbox.flush()
  assert.deepEqual(line.came, ['chunk'])
  await locker.unlock('1234')
  await outbox.flush()
  assert.deepEqual(line.came, ['chunk', 'তালা'])
})

test('the names of what waits lie open, its key and its note do not', async () => {
  const { store, outbox, answer } = await outboxWith()
  const draft = await answer('গোপন', 10)
  await outbox.add(draft, 'title')
  const text = JSON.stringify(await store.list('outbox'), (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  )
  assert.equal(text.includes(draft.files![0]!.chunks[0]!), true)
  assert.equal(text.includes(draft.files![0]!.key) || text.includes('গোপন') || text.includes('a.jpg'), false)
})
