import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Cbor, decode, encode } from '../core/cbor.ts'
import { Refusal } from '../core/refusal.ts'
import type { SmarakClient } from './client.ts'
import { processLock } from './lock.ts'
import { MemoryStore } from './memory-store.ts'
import { openDoor } from './smarak.ts'
import { doorTo, letter, official, settledWorld } from './testing/officials.ts'
import type { World } from './testing/world.ts'
import type { Ask, Wire } from './wire.ts'

const nothing = () => {}

/** An UNO with a letter to answer, on a network that can be cut. */
async function withLetter() {
  const world = await settledWorld()
  const ds = await official(world, 'secretary')
  const store = new MemoryStore()
  const network = cuttable(world.log.wire())
  const uno = await official(world, 'first', { store, wire: network.wire })
  const { id } = await ds.issue(letter(world), nothing)
  await uno.sync()
  const post = world.id('post', 'uno1')
  const answer = (note: string) => uno.answer({ directive: id, post, clauses: ['ক'], state: 'done', until: null, note })
  return { world, ds, uno, store, network, id, post, answer }
}

function cuttable(honest: Wire) {
  const network = { cut: false, wire: honest }
  network.wire = {
    ...honest,
    ask: async (ask) => {
      if (network.cut) throw new Refusal('offline', 'cut')
      return honest.ask(ask)
    },
  }
  return network
}

function answersIn(world: World): number {
  return world.log.rows.filter(({ kind }) => kind === 'answer').length
}

test('what is done offline leaves when the network returns, exactly once', async () => {
  const { world, uno, network, answer } = await withLetter()
  network.cut = true
  await answer('অফলাইনে লেখা')
  await assert.rejects(uno.sync(), { code: 'offline' })
  assert.equal(uno.connection.online, false)
  assert.equal(uno.rows[0]?.queued, 1)
  network.cut = false
  await Promise.all([uno.sync(), uno.sync()])
  await uno.sync()
  assert.equal(answersIn(world), 1)
  assert.deepEqual(uno.outbox, [])
})

test('a draft survives a restart, and two tabs send it once', async () => {
  const { world, store, network, answer } = await withLetter()
  network.cut = true
  await answer('দুই ট্যাব')
  const lock = processLock()
  const tab = () =>
    openDoor({ store, wire: world.log.wire(), lock, label: 'tab', now: () => world.log.now, undoFor: 0 }).saved()
  const tabs = (await Promise.all([tab(), tab()])) as SmarakClient[]
  assert.equal(tabs[0]!.outbox.length, 1)
  await Promise.all(tabs.map((client) => client.sync()))
  assert.equal(answersIn(world), 1)
  assert.deepEqual(await store.list('outbox'), [])
})

test('an answer that another tab sent stands once in the thread of this one', async () => {
  const { world, store, network, id, post, answer } = await withLetter()
  network.cut = true
  await answer('অন্য ট্যাব পাঠায়')
  const lock = processLock()
  const tab = async () =>
    (await openDoor({
      store,
      wire: world.log.wire(),
      lock,
      label: 'tab',
      now: () => world.log.now,
      undoFor: 0,
    }).saved()) as SmarakClient
  const [sends, watches] = [await tab(), await tab()]
  const shown = async () => (await watches.thread(id, post)).map(({ accepted }) => accepted !== null)
  assert.deepEqual(await shown(), [false])
  await sends.sync()
  await watches.sync()
  assert.deepEqual(await shown(), [true])
})

test('the power goes at any write of sending: nothing is lost and nothing is sent twice', async () => {
  for (let at = 0; at < 16; at++) {
    const { world, uno, store, answer } = await withLetter()
    await answer(`বিদ্যুৎ ${at}`)
    let writes = 0
    const write = store.write.bind(store)
    // From the given write on the disk takes nothing more: what stands after it is what a dead device would find.
    store.write = async (changes) => {
      if (writes++ >= at) throw new Error('power')
      await write(changes)
    }
    const failed = await uno.sync().then(
      () => false,
      () => true,
    )
    store.write = write
    const again = (await doorTo(world, store).saved())!
    await again.sync()
    await again.sync()
    assert.equal(answersIn(world), 1, `after write ${at}`)
    assert.deepEqual(again.outbox, [])
    if (!failed) return
  }
  assert.fail('sending took more writes than expected')
})

test('an act can be taken back until it is sealed', async () => {
  const { world, uno, answer } = await withLetter()
  const local = await answer('ভুল')
  assert.equal(await uno.undo(local), true)
  await uno.sync()
  assert.equal(answersIn(world), 0)
  const sent = await answer('ঠিক')
  await uno.sync()
  assert.equal(await uno.undo(sent), false)
})

test('an act is taken back at once, also while another is on a slow way', async () => {
  const { world, store } = await withLetter()
  let release = nothing
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const honest = world.log.wire()
  const slow = {
    ...honest,
    ask: async (ask: Ask) => (ask.path === '/items' ? held.then(() => honest.ask(ask)) : honest.ask(ask)),
  }
  const uno = (await doorTo(world, store, slow).saved())!
  await uno.sync()
  const { id, post } = uno.rows[0]!
  await uno.acknowledge(id, post)
  const sending = uno.sync()
  while (uno.outbox[0]?.state !== 'sending') await new Promise((resolve) => setTimeout(resolve, 5))
  const second = await uno.answer({ directive: id, post, clauses: ['ক'], state: 'done', until: null, note: 'ভুল' })
  assert.equal(await uno.undo(second), true)
  release()
  await sending
  await uno.sync()
  assert.equal(answersIn(world), 0)
  assert.equal(uno.rows[0]?.progress, 'acknowledged')
})

test('a letter that was accepted is issued, whatever fails behind it', async () => {
  const world = await settledWorld()
  const honest = world.log.wire()
  let accepted = false
  const breaking: Wire = {
    ...honest,
    ask: async (ask) => {
      if (accepted) throw new Refusal('offline', 'cut')
      const reply = await honest.ask(ask)
      accepted = ask.path === '/items' && world.log.rows.at(-1)?.kind === 'directive'
      return reply
    },
  }
  const ds = await official(world, 'secretary', { wire: breaking })
  const { id, addressees } = await ds.issue(letter(world), nothing)
  assert.equal(addressees, 3)
  assert.deepEqual(ds.outbox, [])
  accepted = false
  await ds.sync()
  assert.deepEqual(
    ds.rows.map((row) => row.id),
    [id],
  )
})

test('a letter that a full server does not take now is said to wait for room, and goes once when there is some', async () => {
  const world = await settledWorld()
  const honest = world.log.wire()
  let full = false
  const wire: Wire = {
    ...honest,
    ask: async (ask) =>
      full && ask.path === '/items'
        ? { status: 200, body: encode((decode(ask.body!) as Cbor[]).map(() => [0, 'disk_full', '{}'])) }
        : honest.ask(ask),
  }
  const ds = await official(world, 'secretary', { wire })
  full = true
  await assert.rejects(ds.issue(letter(world), nothing), { code: 'disk_full' })
  assert.equal(ds.outbox[0]?.state, 'waiting')
  full = false
  await ds.sync()
  assert.equal(ds.rows.length, 1)
  assert.deepEqual(ds.outbox, [])
})

test('an act waits for its seconds of undo', async () => {
  const { world, uno, id, post, store } = await withLetter()
  const patient = (await openDoor({
    store,
    wire: world.log.wire(),
    label: 'test',
    now: () => world.log.now,
    later: () => nothing,
  }).saved())!
  await patient.sync()
  await patient.acknowledge(id, post)
  assert.ok(patient.outbox[0]?.undoUntil)
  await patient.sync()
  assert.equal(patient.outbox.length, 1)
  world.log.now += 6_000
  await patient.sync()
  assert.deepEqual(patient.outbox, [])
  await uno.sync()
  assert.equal(uno.rows[0]?.progress, 'acknowledged')
})

test('when they are over it goes, whatever else was planned meanwhile', async () => {
  const { world, store, id, post } = await withLetter()
  let planned: { at: number; work: () => void }[] = []
  const patient = (await openDoor({
    store,
    wire: world.log.wire(),
    label: 'test',
    now: () => world.log.now,
    later: (wait, work) => {
      planned.push({ at: world.log.now + wait, work })
      return nothing
    },
  }).saved()) as SmarakClient
  await patient.sync()
  const { session } = patient
  const passTo = (time: number) => {
    world.log.now = time
    const due = planned.filter(({ at }) => at <= time)
    planned = planned.filter(({ at }) => at > time)
    for (const { work } of due) work()
  }
  session.flushSoon(100)
  await patient.acknowledge(id, post)
  const { undoUntil } = patient.outbox[0]!
  passTo(undoUntil! - 4_000)
  session.flushSoon(300) // news comes during the round
  await session.sync()
  passTo(undoUntil! - 3_000)
  await session.sync()
  assert.equal(patient.outbox.length, 1)
  passTo(undoUntil! + 1_000)
  for (let tries = 0; patient.outbox.length > 0 && tries < 500; tries++)
    await new Promise((done) => setTimeout(done, 10))
  assert.deepEqual(patient.outbox, [])
})

test('a refused act waits for attention and the rest goes on', async () => {
  const { world, uno, id, post } = await withLetter()
  const bad = await uno.answer({ directive: id, post, clauses: ['ঙ'], state: 'done', until: null, note: 'নেই এমন দফা' })
  await uno.acknowledge(id, post)
  await uno.sync()
  assert.deepEqual(
    uno.outbox.map((entry) => [entry.id, entry.state, entry.code]),
    [[bad, 'attention', 'bad_input']],
  )
  assert.equal(uno.rows[0]?.progress, 'acknowledged')
  const [answer] = await uno.thread(id, post)
  assert.deepEqual([answer?.refused, answer?.accepted], [true, null], 'nothing shows it as given')
  await uno.discard(bad)
  assert.deepEqual(uno.outbox, [])
  assert.equal(answersIn(world), 0)
})

test('sealed to a ring that moved on, an answer is sealed anew under a new id', async () => {
  const { world, ds, uno, id, post, answer } = await withLetter()
  // The giver closes a device: his rings move on, and this UNO has not heard of it.
  await ds.recoveryCode()
  await ds.revoke((await ds.devices()).find((device) => device.recovery)!.id)
  await ds.sync()
  await answer('নতুন সিলে')
  await uno.sync()
  assert.deepEqual(uno.outbox, [])
  assert.equal(answersIn(world), 1)
  assert.equal((await ds.thread(id, post))[0]?.note, 'নতুন সিলে')
})

test('an acknowledgement somebody else gave first is done, not refused', async () => {
  const { uno, id, post, network, store, world } = await withLetter()
  network.cut = true
  await uno.acknowledge(id, post)
  const other = (await doorTo(world, store).saved())!
  await other.sync()
  network.cut = false
  await uno.sync()
  assert.deepEqual(uno.outbox, [])
})

test('a full device says so and keeps what it has', async () => {
  const { uno, store, answer } = await withLetter()
  store.failWrites = new Refusal('device_full', 'no room')
  await assert.rejects(answer('জায়গা নেই'), { code: 'device_full' })
  store.failWrites = null
  assert.equal(uno.rows.length, 1)
})

test('drafts lie encrypted', async () => {
  const { uno, store, network, answer } = await withLetter()
  network.cut = true
  await answer('আমার গোপন খসড়া')
  await uno.saveDraft('issue', { text: 'আমার গোপন খসড়া' })
  const kept = await Promise.all((['outbox', 'meta', 'opened'] as const).map((table) => store.list(table)))
  const bytes = JSON.stringify(kept, (_, value) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
  )
  assert.equal(bytes.includes('গোপন'), false)
  assert.deepEqual(await uno.draft('issue'), { text: 'আমার গোপন খসড়া' })
})
