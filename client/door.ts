import { fromBase64url } from '../core/bytes.ts'
import { makeItem } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { readCode } from '../core/ticket.ts'
import type { Directory } from '../features/directory/index.ts'
import { Acts, newId } from './act.ts'
import { SmarakClient } from './client.ts'
import { type DeviceNeeds, KINDS, newState, openDevice, recordRoomOf, transportOf } from './device.ts'
import { deviceFromSeed, makeDeviceKeys } from './device-keys.ts'
import { finishJoining, join, type Looked, lookUp } from './joining.ts'
import { MemoryStore } from './memory-store.ts'
import type { ClientState } from './mirror.ts'
import { Proven } from './proven.ts'
import { RECOVERY_LENGTH, readRecoveryCode, recoverySeed, recoveryTag } from './recovery.ts'
import { Rings } from './rings.ts'
import { personName, postName } from './rows.ts'
import { Session, type Wakes } from './session.ts'
import type { Later } from './soon.ts'
import { readRoot, Seen } from './trust.ts'
import { Upkeep } from './upkeep.ts'
import type { Door, HeldPost, Name, Smarak } from './views.ts'

export type DoorNeeds = DeviceNeeds & {
  /** How this device is called among a person's devices: "Chrome, Android". */
  label: string
  later?: Later
  /** Keep a live connection once somebody is in. */
  live?: boolean
  wakes?: Wakes
  undoFor?: number
}

const REWRAP_EVERY_ALONE = 60_000
const LOOK_AGE = 5 * 60_000

/** Opens what this store holds, and lets a code in where it holds nothing yet. */
export function openDoor(needs: DoorNeeds): Door & { saved(): Promise<SmarakClient | null> } {
  const { store } = needs
  const now = needs.now ?? Date.now
  const transport = transportOf(needs)
  let looked: { typed: string; at: number; found: Looked } | undefined
  const joining = { transport, kinds: KINDS, newState, now, verify: needs.verify }

  async function saved(): Promise<SmarakClient | null> {
    // A joining whose answer never came: the same bytes again.
    if (await store.get('meta', 'joining')) await finishJoining(store, transport)
    const device = await openDevice(needs)
    if (!device) return null
    const session = new Session({
      device,
      ...(needs.later ? { later: needs.later } : {}),
      ...(needs.wakes ? { wakes: needs.wakes } : {}),
      ...(needs.live ? {} : { rewrapEvery: REWRAP_EVERY_ALONE }),
    })
    await session.load()
    const demo = (await store.get<boolean>('meta', 'demo')) ?? false
    const undo = needs.undoFor === undefined ? {} : { undoFor: needs.undoFor }
    const client = new SmarakClient({ device, session, demo, ...undo })
    if (needs.live) session.start()
    return client
  }

  async function enter(): Promise<SmarakClient> {
    const { demo } = await transport.service()
    await store.write([{ table: 'meta', key: 'demo', value: demo }])
    const client = await saved()
    if (!client) throw new TypeError('joined, and nothing was saved')
    if (!needs.live) await client.sync()
    return client
  }

  return {
    saved,

    async look(code) {
      if (isRecovery(code)) {
        const { proven, person } = await recover(code)
        return describe(proven, person)
      }
      const { proven, person } = await lookAgain(code)
      await proven.need(officesOf(proven, person))
      return describe(proven, person)
    },

    async join(code): Promise<Smarak> {
      if (await openDevice(needs)) throw new Refusal('wrong_state', 'This device has joined already')
      if (isRecovery(code)) await joinByPaper(code)
      else {
        try {
          await join(await lookAgain(code), needs.label, store, joining)
        } finally {
          looked = undefined
        }
      }
      return enter()
    },

    async demoPeople() {
      const { people } = (await transport.json('/demo/people', false)) as {
        people: { code: string; name: Name; post: Name; why: Name }[]
      }
      return people
    },

    async become(personCode) {
      const { code } = (await transport.postJson('/demo/become', { code: personCode })) as { code: string }
      return code
    },
  }

  /** Looking and joining follow each other; the second need not fetch what the first did. */
  async function lookAgain(code: string): Promise<Looked> {
    if (looked?.typed !== code || now() - looked.at > LOOK_AGE) {
      looked = { typed: code, at: now(), found: await lookUp(code, joining) }
    }
    const { found } = looked
    return found
  }

  /** The paper as a device: signs in, and checks the root by the code's last characters before believing anything. */
  async function recover(typed: string) {
    const { secret, tag } = readRecoveryCode(typed)
    const paper = await deviceFromSeed(recoverySeed(secret))
    const { root } = await readRoot(await transport.service())
    if (recoveryTag(secret, root.fingerprint) !== tag) {
      throw new Refusal('wrong_root', 'Another root than the code names, or a slip in typing')
    }
    const there = transportOf(needs)
    there.origin = root.origin
    there.useDevice(paper)
    const seen = new Seen(root.logKey)
    const proven = new Proven<ClientState>({ store: new MemoryStore(), transport: there, kinds: KINDS, newState })
    proven.pin(root, seen)
    const me = (await there.json('/api/me')) as { person: string; posts: string[] }
    await proven.refresh([me.person, ...me.posts])
    if (!proven.directory.isLive(paper.id)) throw new Refusal('revoked_device', 'That code was closed')
    const { person } = proven.directory.device(paper.id)!
    await proven.need(officesOf(proven, person))
    return { paper, proven, person, root, seen, transport: there }
  }

  /** A new device, added and granted by the paper. */
  async function joinByPaper(typed: string): Promise<void> {
    const { paper, proven, person, root, seen, transport: there } = await recover(typed)
    const { keys, change } = await makeDeviceKeys(store)
    const add = await makeItem(
      {
        kind: 'device-add',
        id: newId(),
        time: now(),
        fields: new Map().set(1, fromBase64url(person)).set(2, keys.publicKey).set(3, needs.label),
        body: [keys.kem.publicKey],
      },
      { type: 'device', id: fromBase64url(paper.id) },
      paper.sign,
    )
    // @NOTE Kept before it is sent: a device that is in the directory and whose keys were lost could only be closed.
    await store.write([change])
    await there.place(add)
    await proven.refresh([person])
    const acts = new Acts({ proven, keys: paper, person, now, recordRoom: () => recordRoomOf(there) })
    const rings = new Rings({ proven, keys: paper, person })
    const memory = new MemoryStore()
    await new Upkeep({ proven, rings, acts, keys: paper, person, store: memory, transport: there, now }).run()
    await store.write([...proven.pin(root, seen), { table: 'meta', key: 'person', value: person }])
  }
}

function isRecovery(code: string): boolean {
  try {
    readCode(code)
    return false
  } catch {
    return code.replace(/[^0-9A-Za-z০-৯]/g, '').length === RECOVERY_LENGTH
  }
}

function officesOf(proven: { directory: Directory }, person: string): string[] {
  const posts = proven.directory.postsOf(person).map(({ post }) => post)
  return posts.flatMap((post) => proven.directory.post(post)?.office ?? [])
}

function describe(proven: { directory: Directory }, person: string): { name: Name; posts: HeldPost[]; office: Name } {
  const { directory } = proven
  const posts = directory.postsOf(person).map(
    (holding): HeldPost => ({
      id: holding.post,
      name: postName(holding.post, directory),
      charge: holding.charge,
      from: holding.from,
      orderMemo: holding.memo,
      count: 0,
      mayIssue: directory.post(holding.post)?.mayIssue ?? false,
    }),
  )
  return { name: personName(person, directory), posts, office: posts[0]?.name.office ?? { bn: '', en: '' } }
}
