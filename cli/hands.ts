import type { Accepted } from '../client/accepted.ts'
import { openDevice } from '../client/device.ts'
import type { Store } from '../client/store.ts'
import type { Transport } from '../client/transport.ts'
import { openWire } from '../client/wire.ts'
import { equal, fromBase64url, toHex, utf8 } from '../core/bytes.ts'
import { sha256 } from '../core/hash.ts'
import { Refusal } from '../core/refusal.ts'
import type { ImportKey } from '../features/directory/drafts.ts'
import type { Power } from '../features/directory/index.ts'
import { type Hand, Registrar } from '../features/directory/registrar.ts'
import { type RootKey, readRootKey } from '../features/directory/root-key.ts'
import { type Args, type Option, Usage } from './command.ts'
import { openProfile, serverIn } from './profile.ts'
import { Service } from './service.ts'

export const rootOptions: Record<string, Option> = {
  'root-a': { value: 'FILE', says: 'cli.options.rootA' },
  'root-b': { value: 'FILE', says: 'cli.options.rootB' },
}

export const handOptions: Record<string, Option> = {
  server: { value: 'URL', says: 'cli.options.server' },
  'profile-maker': { value: 'DIR', says: 'cli.options.profileMaker' },
  'profile-checker': { value: 'DIR', says: 'cli.options.profileChecker' },
  ...rootOptions,
}

/** Two hands at a service: what one makes, the other approves. */
export type Hands = {
  service: Service
  maker: Hand
  /** Null where the command can do without and none was given. */
  checker: Hand | null
  areRoots: boolean
  /** Signed in as the maker; null for root keys, which are nobody's. */
  transport: Transport | null
  /** The key under which items about `what` are made: the same however often it is asked for, and on whatever day. */
  keyFor(what: string, now: number): Promise<ImportKey>
  close(): Promise<void>
}

/**
 * The hands that the options name: two profiles that hold posts with these powers, or both root keys before they have
 * handed over. Throws `Usage` where neither pair is whole, and `Refusal`: `other_root`, `no_profile`, `no_power`.
 */
export async function openHands(
  args: Args,
  powers: { maker: Power; checker: Power },
  needsChecker = true,
): Promise<Hands> {
  if (args.text('profile-maker') === undefined && args.text('root-a') !== undefined) return rootHands(args)
  const maker = await openProfileHand(args.needed('profile-maker'), args, powers.maker)
  const opened = [maker]
  try {
    const second = needsChecker ? args.needed('profile-checker') : args.text('profile-checker')
    const checker = second === undefined ? null : await openProfileHand(second, args, powers.checker)
    if (checker) opened.push(checker)
    const service = await Service.open(maker.server, maker.accepted)
    for (const { root, profile } of opened) {
      if (!equal(root, service.root.cose))
        throw new Refusal('other_root', `${profile} belongs to another service`, { file: profile })
    }
    return {
      service,
      maker: maker.hand,
      checker: checker?.hand ?? null,
      areRoots: false,
      transport: maker.transport,
      keyFor: (what, now) => keptKey(maker.store, service.key, what, now),
      close: () => closeAll(opened),
    }
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

/** Both root keys, checked to be those of the service. */
export async function rootHands(args: Args): Promise<Hands> {
  const server = serverIn(args)
  if (server === undefined) throw new Usage('missing_option', { option: '--server' })
  const files = [args.needed('root-a'), args.needed('root-b')] as const
  const [maker, checker] = [await readRootKey(files[0]), await readRootKey(files[1])]
  const service = await Service.open(server)
  checkRoots(service, [maker, checker], files)
  return {
    service,
    maker,
    checker,
    areRoots: true,
    transport: null,
    keyFor: async () => service.key,
    close: async () => {},
  }
}

/** Throws `Refusal('other_root')` naming the file whose key the service does not know at that place. */
export function checkRoots({ rootKeys }: Service, keys: readonly RootKey[], files: readonly string[]): void {
  keys.forEach(({ publicKey }, i) => {
    if (!equal(publicKey, rootKeys[i]!))
      throw new Refusal('other_root', `${files[i]} is not its key`, { file: files[i] })
  })
}

/** A registrar for these hands; where there is no second one, none is ever asked. */
export function registrarOf({ service, maker, checker }: Hands, key: ImportKey): Registrar {
  return new Registrar({ send: service.send, size: service.size, maker, checker: checker ?? maker, key })
}

/** What root keys may not do any more is said as such. */
export async function byHands<T>({ areRoots }: Hands, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!areRoots || !(error instanceof Refusal) || error.code !== 'not_allowed') throw error
    throw Object.assign(new Refusal('handed_over', 'The root keys have handed over'), { cause: error })
  }
}

type ProfileHand = {
  profile: string
  store: Store
  server: string
  hand: Hand
  root: Uint8Array
  accepted: Accepted
  transport: Transport
}

async function openProfileHand(profile: string, args: Args, power: Power): Promise<ProfileHand> {
  const { store, server } = await openProfile(profile, args)
  try {
    const device = await openDevice({ store, wire: openWire({ origin: server }) })
    if (!device) throw new Refusal('no_profile', `Nobody has joined with ${profile}`, { profile })
    const { person, keys, proven, transport, accepted } = device
    const me = (await transport.json('/api/me')) as { posts: string[] }
    await proven.refresh([person, ...me.posts])
    const { directory } = proven
    const held = directory.postsOf(person).find(({ post }) => directory.hasPower(post, power, null))
    if (!held) throw new Refusal('no_power', `${profile} holds no post that may ${power}`, { profile, power })
    const signer = { type: 'device' as const, id: fromBase64url(keys.id) }
    const hand = { signer, sign: keys.sign, appointment: fromBase64url(held.appointment) }
    return { profile, store, server, hand, root: proven.root.cose, accepted, transport }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** @NOTE Kept before anything is sent: an import that was cut off goes on only under the same time. */
async function keptKey(store: Store, key: ImportKey, what: string, now: number): Promise<ImportKey> {
  const name = toHex(sha256(utf8(what)))
  const times = (await store.get<Record<string, number>>('meta', 'imports')) ?? {}
  const time = times[name] ?? now
  await store.write([{ table: 'meta', key: 'imports', value: { ...times, [name]: time } }])
  return { ...key, time }
}

async function closeAll(opened: ProfileHand[]): Promise<void> {
  for (const { store } of opened) await store.close()
}
