import { DirectiveBook } from '../features/directives/book.ts'
import { directiveKinds } from '../features/directives/kinds.ts'
import { Directory, directoryKinds } from '../features/directory/index.ts'
import { Accepted } from './accepted.ts'
import { Acts } from './act.ts'
import type { Authenticator } from './authenticator.ts'
import { type DeviceKeys, readDeviceKeys } from './device-keys.ts'
import { Files } from './files.ts'
import { kindsByName, type VerifySign1 } from './fold.ts'
import { GiveBack } from './give-back.ts'
import { type Lock, processLock } from './lock.ts'
import { Locker } from './locker.ts'
import { type ClientState, Mirror } from './mirror.ts'
import { keepNames, type Names } from './names.ts'
import { Outbox } from './outbox.ts'
import { Proven } from './proven.ts'
import { Rewrap } from './rewrap.ts'
import { Rings } from './rings.ts'
import { sealDraft } from './seal-draft.ts'
import type { Store } from './store.ts'
import { Sync } from './sync.ts'
import { Transport } from './transport.ts'
import { Upkeep } from './upkeep.ts'
import { Usage } from './usage.ts'
import type { Wire } from './wire.ts'

export const KINDS = kindsByName(directoryKinds, directiveKinds)

export function newState(): ClientState {
  return { directory: new Directory({ keepsKeys: true }), directives: new DirectiveBook() }
}

/** What a device stands on; each has a usual value but the first two. */
export type DeviceNeeds = {
  store: Store
  wire: Wire
  lock?: Lock
  now?: () => number
  random?: () => number
  sleep?: (milliseconds: number) => Promise<void>
  /** How signatures of the log are checked; `verifySign1` but where many devices share one process. */
  verify?: VerifySign1
  /** The device's own (finger, face, screen lock); none outside a browser. */
  authenticator?: Authenticator
}

/** The parts of one device, joined. */
export type Device = {
  person: string
  keys: DeviceKeys
  store: Store
  lock: Lock
  now: () => number
  random: () => number
  locker: Locker
  authenticator: Authenticator | undefined
  usage: Usage
  transport: Transport
  proven: Proven<ClientState>
  rings: Rings
  acts: Acts
  mirror: Mirror
  sync: Sync
  upkeep: Upkeep
  rewrap: Rewrap
  files: Files
  outbox: Outbox
  accepted: Accepted
  giveBack: GiveBack
  names: Names
  /** Set by whoever shows this device; called after anything changed. */
  changed: { call: () => void }
}

export function transportOf({ wire, sleep, random }: DeviceNeeds): Transport {
  return new Transport({ wire, ...(sleep ? { sleep } : {}), ...(random ? { random } : {}) })
}

/** The device a store holds, or null where nobody has joined with it. Offline this is all it takes to show what is known. */
export async function openDevice(needs: DeviceNeeds): Promise<Device | null> {
  const { store, lock = processLock(), now = Date.now, random = Math.random } = needs
  const person = await store.get<string>('meta', 'person')
  const keys = await readDeviceKeys(store)
  if (person === undefined || !keys) return null
  const transport = transportOf(needs)
  transport.useDevice(keys)
  const accepted = new Accepted({ store, lock })
  transport.onPlaced = (envelopes, answers) => accepted.keep(envelopes, answers)
  const proven = new Proven<ClientState>({ store, transport, kinds: KINDS, newState, verify: needs.verify })
  if (!(await proven.load())) return null
  // Two tabs at once would each make a local key, and one would seal under a key that is kept nowhere.
  const locker = await lock('locker', () => Locker.open(store, now))
  const rings = new Rings({ proven, keys, person })
  const acts = new Acts({ proven, keys, person, now, recordRoom: () => recordRoomOf(transport) })
  const mirror = new Mirror({ store, proven, rings, locker })
  const names = keepNames({ store, transport, now })
  const changed = { call: () => {} }
  const files = new Files({ store, transport, now })
  const base = { proven, mirror, acts, person, names }
  const device: Device = {
    ...base,
    keys,
    store,
    lock,
    now,
    random,
    locker,
    authenticator: needs.authenticator,
    usage: new Usage({ wire: needs.wire, store, lock, now }),
    transport,
    rings,
    changed,
    files,
    accepted,
    giveBack: new GiveBack({ store, transport, proven, files, now }),
    sync: new Sync({ store, transport, proven, mirror, person, now }),
    upkeep: new Upkeep({ proven, rings, acts, keys, person, store, transport, now }),
    rewrap: new Rewrap({ ...base, store, transport, now, below: (post) => postsBelow(transport, post) }),
    outbox: new Outbox({
      store,
      locker,
      lock,
      transport,
      files,
      now,
      seal: (draft, progress) =>
        sealDraft(draft, progress, { ...base, section: (item, n) => transport.section(item, n) }),
      refresh: (parties) =>
        proven.refresh([...parties.filter((party) => proven.knows(party)), ...ownParties(proven, person)]),
      changed: () => changed.call(),
    }),
  }
  await mirror.load()
  await device.outbox.load()
  return device
}

export async function recordRoomOf(transport: Transport): Promise<string | null> {
  const { post } = (await transport.json('/api/record-room')) as { post?: unknown }
  return typeof post === 'string' ? post : null
}

async function postsBelow(transport: Transport, post: string): Promise<string[]> {
  const { posts } = (await transport.json(`/api/posts/${post}/below`)) as { posts?: unknown }
  return Array.isArray(posts) ? posts.filter((id) => typeof id === 'string') : []
}

function ownParties(proven: Proven<ClientState>, person: string): string[] {
  return [person, ...proven.directory.postsOf(person).map(({ post }) => post)]
}
