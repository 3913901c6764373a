import { type Bytes, fromBase64url } from '../core/bytes.ts'
import { idText, makeItem, thumbprint, writeEnvelope } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { makeGrant, newSeed, ringKey } from '../core/ring.ts'
import { checkRootTag, readCode, ticketKey } from '../core/ticket.ts'
import { type Directory, ringBody } from '../features/directory/index.ts'
import { newId } from './act.ts'
import { makeDeviceKeys } from './device-keys.ts'
import type { Kinds, State, VerifySign1 } from './fold.ts'
import { MemoryStore } from './memory-store.ts'
import { Proven } from './proven.ts'
import type { Change, Store } from './store.ts'
import type { Transport } from './transport.ts'
import { type Root, readRoot, Seen } from './trust.ts'

type DirectoryOnly = State & { directory: Directory }
type Needs<S extends DirectoryOnly> = {
  transport: Transport
  kinds: Kinds
  newState: () => S
  now: () => number
  verify?: VerifySign1 | undefined
}

/** What a code leads to, proven under the root the code itself vouches for. */
export type Looked = {
  person: string
  proven: Proven<DirectoryOnly>
  root: Root
  seen: Seen
  ticket: string
  code: string
  /** What was proven, to begin with once this becomes a device. */
  store: Store
}

/**
 * Whom a code is for. Throws `Refusal`: `ticket_wrong`, `ticket_used`, `ticket_expired`, `ticket_not_needed`, and `wrong_root` when
 * the server shows another root than the one the code was made under. Nothing is kept.
 */
export async function lookUp<S extends DirectoryOnly>(typed: string, needs: Needs<S>): Promise<Looked> {
  const { transport, kinds, newState, now, verify } = needs
  const code = readCode(typed)
  const { publicKey } = await ticketKey(code)
  const { root } = await readRoot(await transport.service())
  const bundle = await transport.ticket(thumbprint(publicKey))
  const seen = new Seen(root.logKey)
  const store = new MemoryStore()
  const proven = new Proven<DirectoryOnly>({ store, transport, kinds, newState, verify })
  proven.pin(root, seen)
  await proven.take(bundle)
  const ticket = proven.directory.ticket(idText(thumbprint(publicKey)))
  if (!ticket) throw new Refusal('ticket_wrong', 'The server proves no such ticket')
  checkRootTag(code, root.fingerprint, ticket.rootTag)
  if (ticket.used) throw new Refusal('ticket_used', 'The ticket was used')
  if (ticket.expires < now()) throw new Refusal('ticket_expired', 'The ticket expired')
  const devices = proven.directory.person(ticket.person)?.devices ?? []
  if (!ticket.approved && devices.some((device) => proven.directory.isLive(device))) {
    throw new Refusal('ticket_not_needed', 'The person has a device')
  }
  return { person: ticket.person, proven, root, seen, ticket: ticket.key, code, store }
}

type Joining = { person: string; envelopes: Bytes[] }

/**
 * Makes this store a device of the person the code is for: its keys, signed with the ticket's key, and the person's ring, in one
 * request. What is sent is kept first, so that an answer lost on the way costs nothing: `finishJoining` sends the same bytes.
 */
export async function join<S extends DirectoryOnly>(
  looked: Looked,
  label: string,
  store: Store,
  needs: Needs<S>,
): Promise<{ person: string }> {
  const { person, proven, root, seen, ticket, code } = looked
  const { keys, change } = await makeDeviceKeys(store)
  const { sign } = await ticketKey(code)
  const time = needs.now()
  const deviceAdd = await makeItem(
    {
      kind: 'device-add',
      id: newId(),
      time,
      fields: new Map().set(1, fromBase64url(person)).set(2, keys.publicKey).set(3, label),
      body: [keys.kem.publicKey],
    },
    { type: 'ticket', id: fromBase64url(ticket) },
    sign,
  )
  const generation = (proven.directory.ring(person)?.generation ?? 0) + 1
  const seed = newSeed()
  const self = fromBase64url(keys.id)
  const target = { ring: self, generation: 0, publicKey: keys.kem.publicKey }
  const grant = await makeGrant(seed, fromBase64url(person), generation, target)
  const { publicKey } = await ringKey(seed)
  const ring = await makeItem(
    {
      kind: 'ring',
      id: newId(),
      time,
      fields: new Map()
        .set(1, fromBase64url(person))
        .set(2, generation)
        .set(3, [[self, 0]]),
      body: ringBody(publicKey, new Uint8Array(0), [grant]),
    },
    { type: 'device', id: self },
    keys.sign,
  )
  const joining: Joining = { person, envelopes: [deviceAdd, ring].map(writeEnvelope) }
  const known = await looked.store.list('directory')
  const changes: Change[] = [
    change,
    ...known.map(([key, value]): Change => ({ table: 'directory', key, value })),
    ...proven.pin(root, seen),
    { table: 'meta', key: 'joining', value: joining },
  ]
  await store.write(changes)
  return finishJoining(store, needs.transport)
}

/** Sends what `join` kept. On a refusal everything of the attempt is forgotten, so that another code can be tried. */
export async function finishJoining(store: Store, transport: Transport): Promise<{ person: string }> {
  const joining = await store.get<Joining>('meta', 'joining')
  if (!joining) throw new TypeError('nobody is joining')
  const answers = await transport.postItems(joining.envelopes)
  const [device] = answers
  if (device && !device.accepted) {
    const known = await store.list('directory')
    await store.write(known.map(([key]): Change => ({ table: 'directory', key, value: undefined })))
    await store.write(
      ['root', 'checkpoint', 'joining'].map((key): Change => ({ table: 'meta', key, value: undefined })),
    )
    await store.write([{ table: 'key', key: 'device', value: undefined }])
    throw new Refusal(device.code, 'The server refused this device', device.details)
  }
  // @NOTE A refused ring is no harm: upkeep writes it when the directory has been looked at again.
  await store.write([
    { table: 'meta', key: 'person', value: joining.person },
    { table: 'meta', key: 'joining', value: undefined },
  ])
  return { person: joining.person }
}
