import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SmarakClient } from '../../client/client.ts'
import { MemoryStore } from '../../client/memory-store.ts'
import { doorTo, letter, official, settledWorld } from '../../client/testing/officials.ts'
import type { World } from '../../client/testing/world.ts'
import { type Bytes, fromBase64url, randomBytes, toBase64url } from '../../core/bytes.ts'
import type { Cbor, CborMap } from '../../core/cbor.ts'
import { signCheckpoint } from '../../core/checkpoint.ts'
import { signingKeyFromSeed } from '../../core/cose.ts'
import { makeItem, readCose, thumbprint, writeEnvelope } from '../../core/item.ts'
import { EMPTY_ROOT } from '../../core/merkle.ts'
import { ticketKey } from '../../core/ticket.ts'
import { changed, entriesIn, flipped, Liar } from './liar.ts'

const nothing = () => {}

/** A deputy secretary, and an UNO whose server is about to lie to him. */
async function deceived(): Promise<{
  world: World
  ds: SmarakClient
  uno: SmarakClient
  liar: Liar
  store: MemoryStore
}> {
  const world = await settledWorld()
  const liar = new Liar(world.log.wire())
  const store = new MemoryStore()
  const ds = await official(world, 'secretary')
  const uno = await official(world, 'first', { wire: liar.wire, store })
  await ds.issue(letter(world), nothing)
  return { world, ds, uno, liar, store }
}

/** The lie is refused by name, nothing of it is believed, and honesty is believed again afterwards. */
async function isNoticed({ uno, liar }: { uno: SmarakClient; liar: Liar }, code: string | RegExp): Promise<void> {
  const before = uno.device.proven.seen.size
  uno.device.sync.expectDirectory()
  await assert.rejects(uno.sync(), (error: { code?: string }) => {
    assert.match(String(error.code), typeof code === 'string' ? new RegExp(`^${code}$`) : code)
    return true
  })
  assert.deepEqual(uno.rows, [], 'nothing of a lie is shown')
  assert.equal(uno.session.alarms.length, 1, 'it is remembered')
  assert.ok(uno.device.proven.seen.size >= before)
  liar.lie = null
  await uno.sync()
  assert.equal(uno.rows.length, 1)
}

test('hazard 4: a checkpoint from yesterday is a rollback', async () => {
  const all = await deceived()
  const { world, uno, liar, ds } = all
  const old = await world.log.checkpoint()
  await ds.recoveryCode()
  await uno.device.proven.refresh([uno.me.person.id])
  liar.lie = (ask, reply) =>
    ask.path === '/api/sync' || ask.path === '/api/directory'
      ? changed(reply, (map) => map.set(1, old).set(2, []))
      : undefined
  await isNoticed(all, 'rollback')
})

test('hazard 4: a rollback is noticed after a restart as well', async () => {
  const { world, uno, liar, store } = await deceived()
  const old = await world.log.checkpoint()
  world.log.now += 1
  await official(world, 'second')
  await uno.sync()
  liar.lie = (ask, reply) =>
    ask.path === '/api/sync' ? changed(reply, (map) => map.set(1, old).set(2, [])) : undefined
  const again = (await doorTo(world, store, liar.wire).saved())!
  await assert.rejects(again.sync(), { code: 'rollback' })
})

test('a log that grew from another past is a fork', async () => {
  const all = await deceived()
  const { world, liar } = all
  liar.lie = async (ask, reply) => {
    if (ask.path !== '/api/sync') return undefined
    const note = await signCheckpoint(
      { size: world.log.size + 5, root: randomBytes(32) },
      world.log.note,
      world.log.key.sign,
    )
    return changed(reply, (map) => map.set(1, note))
  }
  await isNoticed(all, 'forked')
})

test('a checkpoint by another key is none', async () => {
  const all = await deceived()
  const { world, liar } = all
  const thief = await signingKeyFromSeed(randomBytes(32))
  liar.lie = async (ask, reply) => {
    if (ask.path !== '/api/sync') return undefined
    const note = await signCheckpoint({ size: world.log.size, root: randomBytes(32) }, world.log.note, thief.sign)
    return changed(reply, (map) => map.set(1, note))
  }
  await isNoticed(all, 'bad_note')
})

test('hazard 13: an empty tree proves nothing, under its own root or another', async () => {
  for (const root of [EMPTY_ROOT, randomBytes(32)]) {
    const all = await deceived()
    const { world, liar } = all
    liar.lie = async (ask, reply) => {
      if (ask.path !== '/api/sync') return undefined
      const text = `${world.log.origin}\n0\n${root.toBase64()}\n`
      const true0 = await signCheckpoint({ size: 0, root: EMPTY_ROOT }, world.log.note, world.log.key.sign)
      const [, lines] = true0.split('\n\n')
      return changed(reply, (map) => map.set(1, `${text}\n${lines}`).set(2, []))
    }
    await isNoticed(all, /^(rollback|bad_note)$/)
  }
})

test('hazard 3: a public key that is not the one in the log is refused with its entry', async () => {
  const all = await deceived()
  const { liar, uno, world } = all
  await official(world, 'commissioner')
  liar.lie = (ask, reply) =>
    ask.path === '/api/directory'
      ? changed(reply, (map) => {
          for (const entry of entriesIn(map).filter((one) => kindOf(one) === 'ring')) {
            const sections = entry.get(3) as Bytes[]
            entry.set(3, [flipped(sections[0]!), ...sections.slice(1)])
          }
        })
      : undefined
  await assert.rejects(uno.device.proven.refresh([world.id('post', 'dc')]), { code: 'bad_proof' })
  assert.equal(uno.device.proven.directory.ring(world.id('post', 'dc')), undefined)
})

test('an entry with another time, chain or place than the log has is refused', async () => {
  const lies: ((entry: CborMap) => void)[] = [
    (entry) => entry.set(8, flipped(entry.get(8) as Bytes)),
    (entry) => entry.set(1, (entry.get(1) as number) + 1),
    (entry) => entry.set(2, flipped(entry.get(2) as Bytes)),
    (entry) => entry.set(4, [flipped((entry.get(4) as Bytes[])[0]!), ...(entry.get(4) as Bytes[]).slice(1)]),
  ]
  for (const lie of lies) {
    const all = await deceived()
    all.liar.lie = (ask, reply) =>
      ask.path === '/api/sync' ? changed(reply, (map) => entriesIn(map).slice(0, 1).forEach(lie)) : undefined
    await isNoticed(all, /^(bad_proof|bad_bytes|bad_signature)$/)
  }
})

test('a chain with a gap, or without its beginning, is refused', async () => {
  for (const which of [0, 1]) {
    const { liar, uno, world } = await deceived()
    const dc = await official(world, 'commissioner')
    liar.lie = (ask, reply) =>
      ask.path === '/api/directory'
        ? changed(reply, (map) => {
            const own = entriesIn(map).filter((entry) => kindOf(entry) !== 'root')
            const gone = own.filter((entry) => kindOf(entry) === ['person', 'ticket'][which])
            map.set(
              3,
              entriesIn(map).filter((entry) => !gone.includes(entry)),
            )
          })
        : undefined
    await assert.rejects(uno.device.proven.refresh([dc.me.person.id]), { code: 'bad_proof' })
  }
})

test('a chain that was asked for and is left out is noticed', async () => {
  const { liar, uno, world } = await deceived()
  liar.lie = (ask, reply) =>
    ask.path === '/api/directory' ? changed(reply, (map) => map.set(3, []).set(5, [])) : undefined
  await assert.rejects(uno.device.proven.refresh([world.id('post', 'dc')]), { code: 'bad_proof' })
})

test('a server that shows a newcomer another root than his code names is refused before anything is kept', async () => {
  const [mine, other] = [await settledWorld(), await settledWorld()]
  const code = await mine.code('first')
  // A whole service of its own, with a ticket of the same key; the tag it can only copy, not make.
  const { publicKey } = await ticketKey(code)
  const thumb = toBase64url(thumbprint(publicKey))
  const tag = mine.log.state.directory.ticket(thumb)!.rootTag
  const [hand] = other.hands
  const fields = new Map<number, Cbor>([
    [1, fromBase64url(other.id('person', 'first'))],
    [2, publicKey],
    [3, other.log.now + 1e9],
    [4, tag],
  ])
  const ticket = await makeItem({ kind: 'ticket', id: randomBytes(16), time: 0, fields }, hand.signer, hand.sign)
  await other.log.force(writeEnvelope(ticket))
  const store = new MemoryStore()
  await assert.rejects(doorTo(mine, store, other.log.wire()).join(code), { code: 'wrong_root' })
  assert.deepEqual(await store.list('key'), [])
  assert.deepEqual(await store.list('meta'), [])
})

test('a section that is not the one sealed is not opened', async () => {
  const { liar, uno, world } = await deceived()
  await uno.sync()
  liar.lie = (ask, reply) =>
    ask.path.includes('/sections/') ? { ...reply, body: flipped(reply.body as Bytes) } : undefined
  await assert.rejects(uno.open(uno.rows[0]!.id, world.id('post', 'uno1')), { code: 'bad_proof' })
  liar.lie = null
  assert.equal((await uno.open(uno.rows[0]!.id, world.id('post', 'uno1'))).parts?.length, 5)
})

test('an item that was answered as accepted is sent once, though the answer came late, twice or not at all', async () => {
  const { liar, uno, world, ds } = await deceived()
  await uno.sync()
  const { id } = uno.rows[0]!
  const post = world.id('post', 'uno1')
  await uno.answer({ directive: id, post, clauses: ['ক'], state: 'done', until: null, note: 'একবার' })
  let lost = 0
  liar.lie = (ask) => {
    if (ask.path !== '/items' || lost >= 5) return undefined
    lost += 1
    return { status: 502, body: new Uint8Array(0) }
  }
  const size = world.log.size
  for (let i = 0; i < 3; i++) await uno.sync().catch(nothing)
  assert.equal(lost, 5)
  assert.equal(world.log.size, size + 1)
  assert.equal((await ds.thread(id, post)).length, 1)
  assert.deepEqual(uno.outbox, [])
})

function kindOf(entry: CborMap): string {
  return readCose(entry.get(2) as Bytes).header.kind
}
