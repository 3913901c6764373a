import { type Bytes, fromBase64url } from '../core/bytes.ts'
import type { CborMap } from '../core/cbor.ts'
import type { Envelope } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { type Grant, makeGrant, newSeed, ringKey, sealPrevious } from '../core/ring.ts'
import type { Target } from '../core/wrap.ts'
import { type Directory, entitled, type Member, type Ring, ringBody } from '../features/directory/index.ts'
import type { Acts } from './act.ts'
import type { DeviceKeys } from './device-keys.ts'
import type { State } from './fold.ts'
import type { Proven } from './proven.ts'
import type { Rings } from './rings.ts'
import type { Store } from './store.ts'
import type { Transport } from './transport.ts'

type Needs = {
  proven: Proven<State & { directory: Directory }>
  rings: Rings
  acts: Acts
  keys: DeviceKeys
  person: string
  store: Store
  transport: Transport
  now: () => number
}

/** How long a successor waits for his predecessor's grant before he begins a ring without the past. */
const WAIT_FOR_GRANT = 24 * 3_600_000

/**
 * What a device owes the rings it reads (R3, R4): the person's own after joining or a revocation, the post's when it has none or
 * a stale one, grants to whoever joined them. Run after a sync; each item is small and refused ones are simply tried again
 * next time, for somebody else may have been first.
 */
export class Upkeep {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Writes what is owed. @returns how many items were placed */
  async run(): Promise<number> {
    const { proven, person } = this.#needs
    let placed = await this.#person()
    if (placed > 0) await proven.refresh([person])
    for (const { post } of this.#directory.postsOf(person)) placed += await this.#post(post)
    for (const post of this.#formerPosts()) placed += await this.#handOver(post)
    return placed
  }

  get #directory(): Directory {
    return this.#needs.proven.directory
  }

  async #person(): Promise<number> {
    const { person, rings } = this.#needs
    const ring = this.#directory.ring(person)
    const devices = entitled(this.#directory, person)
    if (!ring || this.#directory.isStale(person) || (await rings.dispute(person))) {
      return this.#rotate(person, devices, ring)
    }
    return this.#grantMissing(ring, devices)
  }

  async #post(post: string): Promise<number> {
    const { person, rings } = this.#needs
    const wanted = entitled(this.#directory, post)
    if (!wanted.includes(person)) return 0
    const ring = this.#directory.ring(post)
    if (!ring) return this.#rotate(post, wanted, undefined)
    if (this.#directory.isStale(post) || (await rings.dispute(post))) {
      const reads = (await rings.seedOf(post, ring.generation)) !== null
      if (!reads && (await this.#mustWait(ring))) return 0
      return this.#rotate(post, wanted, ring)
    }
    return this.#grantMissing(ring, wanted)
  }

  /** A predecessor's part: gives the last seed he read to whoever holds the post now. */
  async #handOver(post: string): Promise<number> {
    const ring = this.#directory.ring(post)!
    return this.#grantMissing(ring, entitled(this.#directory, post))
  }

  /** Posts this person no longer holds but whose ring still counts him a member. */
  #formerPosts(): string[] {
    const { person } = this.#needs
    return [...this.#directory.posts()]
      .filter(({ id }) => this.#directory.ring(id)?.members.some((member) => member.id === person))
      .filter(({ id }) => !this.#directory.holds(person, id))
      .map(({ id }) => id)
  }

  /** Whether another member can still be expected to grant the seed we lack: only so long. */
  async #mustWait(ring: Ring): Promise<boolean> {
    const { person, store, now } = this.#needs
    const others = ring.members.filter(({ id }) => id !== person)
    const canGrant = others.some(({ id, generation }) => {
      const own = this.#directory.ring(id)
      return own?.generation === generation && !this.#directory.isStale(id)
    })
    if (!canGrant) return false
    const place = `waiting ${ring.party} ${ring.generation}`
    const since = await store.get<number>('done', place)
    if (since === undefined) await store.write([{ table: 'done', key: place, value: now() }])
    return now() - (since ?? now()) < WAIT_FOR_GRANT
  }

  /** The next generation, with the seed before sealed under it where this device can read that. */
  async #rotate(party: string, members: string[], ring: Ring | undefined): Promise<number> {
    const { rings, acts } = this.#needs
    const generation = (ring?.generation ?? 0) + 1
    const seed = newSeed()
    const previous = ring ? await this.#lastSeed(ring) : null
    const targets = members.map((id) => this.#target(id))
    const grants = await Promise.all(targets.map((target) => makeGrant(seed, raw(party), generation, target)))
    const { publicKey } = await ringKey(seed)
    const sealed = previous ? await sealPrevious(seed, raw(party), generation, previous) : new Uint8Array(0)
    const fields: CborMap = new Map()
      .set(1, raw(party))
      .set(2, generation)
      .set(
        3,
        targets.map((target) => [target.ring, target.generation]),
      )
    const placed = await this.#place(
      party,
      await acts.actAs('ring', fields, { body: ringBody(publicKey, sealed, grants) }),
    )
    // Read back through the log, like everybody else's: a slip of ours would be disputed here and now.
    if (placed > 0) await rings.seedOf(party, generation)
    return placed
  }

  /** The newest seed this device reads; after a disputed generation that is an older one. */
  async #lastSeed(ring: Ring): Promise<Bytes | null> {
    for (let generation = ring.generation; generation > 0; generation--) {
      const held = await this.#needs.rings.seedOf(ring.party, generation)
      if (held) return held.seed
    }
    return null
  }

  async #grantMissing(ring: Ring, wanted: string[]): Promise<number> {
    const { rings } = this.#needs
    const missing = wanted.filter((id) => !ring.members.some((member: Member) => member.id === id))
    if (missing.length === 0) return 0
    const held = await rings.seedOf(ring.party, ring.generation)
    if (!held) return 0
    let placed = 0
    for (const id of missing) {
      const grant = await makeGrant(held.seed, raw(ring.party), ring.generation, this.#target(id))
      placed += await this.#place(ring.party, await this.#grantItem(ring, grant))
    }
    return placed
  }

  #grantItem(ring: Ring, grant: Grant): Promise<Envelope> {
    const fields: CborMap = new Map()
      .set(1, raw(ring.party))
      .set(2, ring.generation)
      .set(3, grant.member)
      .set(4, grant.memberGeneration)
    return this.#needs.acts.actAs('grant', fields, { body: [grant.enc, grant.ct] })
  }

  #target(id: string): Target {
    const ring = this.#directory.ring(id)
    const publicKey = ring ? ring.publicKey : this.#directory.device(id)?.publicKey
    if (!publicKey) throw new Refusal('no_cover', 'A member without a proven key', { member: id })
    return { ring: raw(id), generation: ring?.generation ?? 0, publicKey }
  }

  async #place(party: string, envelope: Envelope): Promise<number> {
    const { transport, proven } = this.#needs
    let placed = 1
    try {
      await transport.place(envelope)
    } catch (error) {
      if (!(error instanceof Refusal) || !OVERTAKEN.has(error.code)) throw error
      // Another device or holder was first, or the directory moved on: look again and decide next time.
      placed = 0
    }
    await proven.refresh([party])
    return placed
  }
}

const OVERTAKEN = new Set(['already_done', 'stale_ring', 'wrong_members', 'not_allowed'])

function raw(id: string): Bytes {
  return fromBase64url(id)
}
