import { type Bytes, fromBase64url, randomBytes, toBase64url } from '../../core/bytes.ts'
import type { CborMap } from '../../core/cbor.ts'
import { type Sign, signingKeyFromSeed } from '../../core/cose.ts'
import { sha256 } from '../../core/hash.ts'
import { type Header, makeItem, readEnvelope, type SignerType, thumbprint, writeEnvelope } from '../../core/item.ts'
import { generateKemKey, type KemPrivate } from '../../core/kem.ts'
import { makeGrant, newSeed, ringKey } from '../../core/ring.ts'
import { Directory } from './directory.ts'
import { type DirectoryKind, directoryKinds, ringBody } from './kinds.ts'
import type { Id } from './model.ts'

/** A key that signs items in tests, with the appointment it acts by. */
export type Hand = { type: SignerType; id: Bytes; publicKey: Bytes; sign: Sign; appointment?: Bytes; kem?: KemPrivate }

export async function newHand(type: SignerType): Promise<Hand> {
  const { publicKey, sign } = await signingKeyFromSeed(randomBytes(32))
  return { type, id: thumbprint(publicKey), publicKey, sign }
}

/** A log without a server: real items, signed and read back, folded as the sequencer would. For tests of rules. */
export class RuleLog {
  readonly directory = new Directory({ keepsKeys: true })
  #time = 1_700_000_000_000

  /** Accepts an item or throws its refusal. Returns the item's id and place. */
  async act(
    hand: Hand,
    kind: string,
    fields: CborMap,
    body: Bytes[] = [],
  ): Promise<{ id: Id; index: number; header: Header }> {
    const envelope = await makeItem(
      {
        kind,
        id: randomBytes(16),
        time: this.#time,
        fields,
        body,
        ...(hand.appointment ? { appointment: hand.appointment } : {}),
      },
      hand,
      hand.sign,
    )
    const item = readEnvelope(writeEnvelope(envelope))
    const rules = directoryKinds.find(({ name }) => name === kind) as DirectoryKind<unknown>
    const entry = rules.read(item)
    const at = { index: this.directory.size, time: this.#time++ }
    const state = { directory: this.directory }
    rules.authority(entry, item.header, state, at)
    rules.rule?.(entry, item.header, state, at)
    rules.apply(entry, item.header, { ...at, leafHash: sha256(envelope.cose) }, state)
    this.#last = { leafHash: sha256(envelope.cose), chain: rules.chain(entry, item.header, state), index: at.index }
    return { id: toBase64url(item.header.id), index: at.index, header: item.header }
  }

  #last: { leafHash: Bytes; chain: Bytes; index: number } | undefined

  /** The second hand for the item placed last. */
  async approve(hand: Hand): Promise<void> {
    const { leafHash, chain, index } = this.#last!
    await this.act(hand, 'approve', map([index, leafHash, chain]))
  }

  moveClock(ms: number): void {
    this.#time += ms
  }
}

/** A field map from values in order of their keys, 1, 2, 3…; ids may be given as text through `raw`. */
export function map(values: unknown[]): CborMap {
  return new Map(values.map((value, i) => [i + 1, value])) as CborMap
}

export const raw = (id: Id): Bytes => fromBase64url(id)

/** A small service: root, HR maker and checker, and the posts DC over UNO over nobody, with a record room. */
export async function smallService() {
  const log = new RuleLog()
  const [a, b, logKey] = [await newHand('root'), await newHand('root'), await newHand('log')]
  await log.act(a, 'root', map(['সেবা', 'Service', [a.publicKey, b.publicKey], logKey.publicKey, 'test.example/log']))
  const office = await log.act(a, 'office', map([null, 'office', 'দপ্তর', 'Office', 'ministry', null, null, [], false]))
  const makePost = async (code: string, role: string, above: Id | null, hand: Hand = a) => {
    const fields = [null, code, role, code, code, raw(office.id), above && raw(above), null, null, 0, true, [], false]
    return (await log.act(hand, 'post', map(fields))).id
  }
  const makePerson = async (code: string, hand: Hand = a) =>
    (await log.act(hand, 'person', map([null, code, code, code]))).id
  const appoint = async (person: Id, post: Id, maker: Hand = a, checker: Hand = b) => {
    const made = await log.act(maker, 'appoint', map([raw(person), raw(post), 'regular', '2024-01-01', null]))
    await log.approve(checker)
    return made.id
  }
  /** A device of a person, through a ticket; acts by `appointment` afterwards. */
  const join = async (person: Id, appointment?: Id, hr: Hand = a, second?: Hand): Promise<Hand> => {
    const ticket = await newHand('ticket')
    await log.act(hr, 'ticket', map([raw(person), ticket.publicKey, 2_000_000_000_000, new Uint8Array(32)]))
    if (second) await log.approve(second)
    return addDevice(person, ticket, appointment)
  }
  const addDevice = async (person: Id, by: Hand, appointment?: Id): Promise<Hand> => {
    const device = { ...(await newHand('device')), kem: await generateKemKey() }
    await log.act(by, 'device-add', map([raw(person), device.publicKey, 'phone']), [device.kem.publicKey])
    return appointment ? { ...device, appointment: raw(appointment) } : device
  }
  /** Writes the next ring of a party with these members; returns its seed. */
  const makeRing = async (hand: Hand, party: Id, members: { id: Id; generation: number; publicKey: Bytes }[]) => {
    const generation = (log.directory.ring(party)?.generation ?? 0) + 1
    const seed = newSeed()
    const targets = members.map((m) => ({ ring: raw(m.id), generation: m.generation, publicKey: m.publicKey }))
    const grants = await Promise.all(targets.map((target) => makeGrant(seed, raw(party), generation, target)))
    const fields = map([raw(party), generation, targets.map((target) => [target.ring, target.generation])])
    const key = await ringKey(seed)
    await log.act(hand, 'ring', fields, ringBody(key.publicKey, new Uint8Array(0), grants))
    return { id: party, generation, publicKey: key.publicKey, seed }
  }
  const member = (device: Hand) => ({ id: toBase64url(device.id), generation: 0, publicKey: device.kem!.publicKey })
  const room = await makePost('room', 'record-room', null)
  const dc = await makePost('dc', 'dc', null)
  const uno = await makePost('uno', 'uno', dc)
  return { log, a, b, office, makePost, makePerson, appoint, join, addDevice, makeRing, member, room, dc, uno }
}
