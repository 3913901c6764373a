import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bytes, fromBase64url, randomBytes, toBase64url } from '../core/bytes.ts'
import { type Cbor, decode } from '../core/cbor.ts'
import { type Envelope, itemFrom, makeItem, thumbprint, writeEnvelope } from '../core/item.ts'
import { generateKemKey } from '../core/kem.ts'
import { Refusal } from '../core/refusal.ts'
import { ticketKey } from '../core/ticket.ts'
import { sayRefusal } from '../language/words.ts'
import type { SmarakClient } from './client.ts'
import { readDeviceKeys } from './device-keys.ts'
import { MemoryStore } from './memory-store.ts'
import { doorTo, official, settledWorld } from './testing/officials.ts'
import type { World } from './testing/world.ts'
import type { Wire } from './wire.ts'

/** A member's registration of somebody's signing key as a device of his own, with a sealing key that only he has. */
async function claim(thief: SmarakClient, key: Bytes): Promise<Envelope> {
  const { acts, person } = thief.device
  const fields = new Map<number, Cbor>().set(1, fromBase64url(person)).set(2, key).set(3, 'mine')
  return acts.actAs('device-add', fields, { body: [(await generateKemKey()).publicKey] })
}

/** A wire on which whoever reads along shows the first joining device's key to `thief`, who registers it before it gets there. */
function overheard(world: World, thief: SmarakClient): { wire: Wire; keys: Bytes[] } {
  const wire = world.log.wire()
  const keys: Bytes[] = []
  const ask: Wire['ask'] = async (asked) => {
    if (asked.path === '/items') {
      for (const value of decode(asked.body!) as Cbor[]) {
        const { header } = itemFrom(value, 0)
        if (header.kind !== 'device-add') continue
        const key = header.fields.get(2) as Bytes
        if (keys.push(key) === 1) await thief.device.transport.place(await claim(thief, key))
      }
    }
    return wire.ask(asked)
  }
  return { wire: { ...wire, ask }, keys }
}

test('a key that somebody else registered first joins nobody, and the same code joins under fresh keys', async () => {
  const world = await settledWorld()
  const thief = await official(world, 'second')
  const code = await world.code('first')
  const { wire, keys } = overheard(world, thief)
  const store = new MemoryStore()
  const size = world.log.size
  await assert.rejects(doorTo(world, store, wire).join(code), { code: 'key_taken' })

  const id = toBase64url(thumbprint(keys[0]!))
  const { directory } = world.log.state
  assert.equal(world.log.size, size + 1, 'what the thief registered, and nothing that the key signed')
  assert.equal(directory.device(id)?.person, world.id('person', 'second'))
  assert.deepEqual(directory.person(world.id('person', 'first'))?.devices, [])
  assert.equal(await readDeviceKeys(store), null, 'no key is left to sign with')
  assert.equal(await doorTo(world, store, wire).saved(), null, 'nor does it go on after a restart')

  const client = (await doorTo(world, store, wire).join(code)) as SmarakClient
  assert.notEqual(client.device.keys.id, id)
  assert.deepEqual(directory.person(world.id('person', 'first'))?.devices, [client.device.keys.id])
  assert.equal(directory.ring(client.device.person)?.generation, 1)
  assert.match(sayRefusal('bn', 'key_taken'), /একই কোডে আবার যুক্ত করুন/)
  assert.match(sayRefusal('en', 'key_taken'), /Join again with it/)
})

test('a joining whose answer was lost is not gone on with either, once the key is another’s', async () => {
  const world = await settledWorld()
  const thief = await official(world, 'second')
  const { wire, keys } = overheard(world, thief)
  const store = new MemoryStore()
  const code = await world.code('first')
  let cut = true
  const ask: Wire['ask'] = async (asked) => {
    const reply = await wire.ask(asked)
    if (cut && asked.path === '/items') throw new Refusal('offline', 'cut')
    return reply
  }
  await assert.rejects(doorTo(world, store, { ...wire, ask }).join(code), { code: 'offline' })
  cut = false
  await assert.rejects(doorTo(world, store, { ...wire, ask }).saved(), { code: 'key_taken' })
  const client = (await doorTo(world, store, { ...wire, ask }).join(code)) as SmarakClient
  assert.notEqual(client.device.keys.id, toBase64url(thumbprint(keys[0]!)))
})

test('a device that has joined stays its person’s, though a server that lies logs its key for another', async () => {
  const world = await settledWorld()
  const [thief, first, ds] = [
    await official(world, 'second'),
    await official(world, 'first'),
    await official(world, 'secretary'),
  ]
  const [mine, his] = [world.id('person', 'second'), first.device.person]
  const { id, publicKey } = first.device.keys
  await ds.device.proven.refresh([his])
  const before = ds.device.proven.directory.device(id)
  await world.log.force(writeEnvelope(await claim(thief, publicKey)))
  await assert.rejects(ds.device.proven.refresh([mine]), { code: 'key_taken' })
  assert.deepEqual(ds.device.proven.directory.device(id), before, 'the key to seal to is still his own')
  assert.equal(before?.person, his)
})

test('a ticket that was used is not unused again, though a server that lies logs it once more', async () => {
  const world = await settledWorld()
  const ds = await official(world, 'secretary')
  const code = await world.code('first')
  await doorTo(world, new MemoryStore(), world.log.wire()).join(code)
  const person = world.id('person', 'first')
  await ds.device.proven.refresh([person])
  const { publicKey } = await ticketKey(code)
  const key = toBase64url(thumbprint(publicKey))
  assert.equal(ds.device.proven.directory.ticket(key)?.used, true)

  const { expires, rootTag } = world.log.state.directory.ticket(key)!
  const fields = new Map<number, Cbor>([
    [1, fromBase64url(person)],
    [2, publicKey],
    [3, expires],
    [4, rootTag],
  ])
  const [hand] = world.hands
  const again = await makeItem({ kind: 'ticket', id: randomBytes(16), time: 0, fields }, hand.signer, hand.sign)
  await world.log.force(writeEnvelope(again))
  await assert.rejects(ds.device.proven.refresh([person]), { code: 'already_done' })
  assert.equal(ds.device.proven.directory.ticket(key)?.used, true)
})

test('whoever looks at his devices before anything was fetched sees them, and is told where there is no network', async () => {
  const world = await settledWorld()
  const joined = (await doorTo(world, new MemoryStore(), world.log.wire()).join(
    await world.code('first'),
  )) as SmarakClient
  const store = new MemoryStore()
  await store.write(
    await Promise.all(
      (['key', 'meta'] as const).map(async (table) =>
        (await joined.device.store.list(table)).map(([key, value]) => ({ table, key, value })),
      ),
    ).then((changes) => changes.flat()),
  )
  let online = false
  const wire = world.log.wire()
  const ask: Wire['ask'] = (asked) => {
    if (online) return wire.ask(asked)
    throw new Refusal('offline', 'no network')
  }
  const client = (await doorTo(world, store, { ...wire, ask }).saved()) as SmarakClient
  await assert.rejects(client.devices(), { code: 'offline' })
  online = true
  assert.deepEqual(
    (await client.devices()).map(({ thisOne }) => thisOne),
    [true],
  )
})
