import { type Bytes, equal, fromBase64url, toBase64url } from '../core/bytes.ts'
import type { KemPrivate } from '../core/kem.ts'
import { Refusal } from '../core/refusal.ts'
import { checkSeed, type Grant, openGrant, openPrevious } from '../core/ring.ts'
import { unwrapKey, type Wrap } from '../core/wrap.ts'
import type { Directory } from '../features/directory/index.ts'
import type { DeviceKeys } from './device-keys.ts'
import type { State } from './fold.ts'
import type { Proven } from './proven.ts'

/** A ring's generation as its item says it, with every grant of it. */
export type Generation = { generation: number; publicKey: Bytes; previous: Bytes; grants: Grant[]; index: number }

type Previous = { generation: Generation; seed: Bytes; key: KemPrivate } | null

type Needs = { proven: Proven<State & { directory: Directory }>; keys: DeviceKeys; person: string }

/**
 * The seeds this device can reach: its own key opens the person's seed, that opens the seeds of posts, and each seed the one
 * before it. Every seed is checked against the public key in the log before it is used. Kept in memory only.
 */
export class Rings {
  readonly #proven: Needs['proven']
  readonly #keys: DeviceKeys
  readonly #person: string
  readonly #seeds = new Map<string, { seed: Bytes; key: KemPrivate }>()

  constructor({ proven, keys, person }: Needs) {
    this.#proven = proven
    this.#keys = keys
    this.#person = person
  }

  /** The key of a ring's generation, a device being a ring of generation 0. Throws `Refusal('no_key')`. */
  async keyOf(ring: string, generation: number): Promise<KemPrivate> {
    if (ring === this.#keys.id && generation === 0) return this.#keys.kem
    const seed = await this.seedOf(ring, generation)
    if (!seed) throw new Refusal('no_key', 'This device does not read that ring', { ring, generation })
    return seed.key
  }

  /** The item key in a wrap. Throws `Refusal`: `no_key`, `cannot_open`. */
  async unwrap(wrap: Wrap, item: Bytes): Promise<Bytes> {
    return unwrapKey(wrap, item, await this.keyOf(toBase64url(wrap.ring), wrap.generation))
  }

  /** Null where this device does not read that generation. */
  async seedOf(ring: string, generation: number): Promise<{ seed: Bytes; key: KemPrivate } | null> {
    const kept = this.#seeds.get(`${ring} ${generation}`)
    if (kept) return kept
    const all = await this.generations(ring)
    const wanted = all.find((one) => one.generation === generation)
    if (!wanted) return null
    const direct = await this.#granted(ring, wanted)
    if (direct) return this.#keep(ring, generation, direct)
    for (const later of all) {
      if (later.generation <= generation) continue
      const opened = this.#seeds.get(`${ring} ${later.generation}`) ?? (await this.#granted(ring, later))
      if (!opened) continue
      this.#keep(ring, later.generation, opened)
      await this.#walkBack(ring, later, opened.seed, all)
      const found = this.#seeds.get(`${ring} ${generation}`)
      if (found) return found
    }
    return null
  }

  /** A party's generations in order, with grants added later. */
  async generations(party: string): Promise<Generation[]> {
    const out = new Map<number, Generation>()
    for (const { kind, entry, index } of await this.#proven.ringItems(party)) {
      if (kind.name === 'ring') {
        const { generation, publicKey, previous, grants } = entry
        out.set(generation, { generation, publicKey, previous, grants: [...grants], index })
      } else {
        const { generation, member, memberGeneration, enc, ct } = entry
        out.get(generation)?.grants.push({ member: fromBase64url(member), memberGeneration, enc, ct })
      }
    }
    return [...out.values()].sort((a, b) => a.generation - b.generation)
  }

  /**
   * What is wrong with a party's newest generation as far as this device, a member, can see: `grant` (what was granted to us is
   * not its seed), `previous` (what came before cannot be read from it). Then somebody entitled rotates again (R3).
   */
  async dispute(party: string): Promise<'grant' | 'previous' | null> {
    const all = await this.generations(party)
    const newest = all.at(-1)
    if (!newest) return null
    const seed = await this.seedOf(party, newest.generation)
    if (!seed)
      return this.#grantsToUs(party, newest).length > 0 && (await this.#couldOpen(party, newest)) ? 'grant' : null
    if (newest.generation === 1 || newest.previous.length === 0) return null
    return (await this.#previousOf(party, newest, seed.seed, all)) ? null : 'previous'
  }

  /** Grants to this device (of its person's ring) or to its person (of a post's). */
  #grantsToUs(party: string, { grants }: Generation): Grant[] {
    const self = fromBase64url(party === this.#person ? this.#keys.id : this.#person)
    return grants.filter(({ member }) => equal(member, self))
  }

  async #couldOpen(party: string, generation: Generation): Promise<boolean> {
    if (party === this.#person) return true
    for (const { memberGeneration } of this.#grantsToUs(party, generation)) {
      if (await this.seedOf(this.#person, memberGeneration)) return true
    }
    return false
  }

  async #granted(party: string, generation: Generation): Promise<{ seed: Bytes; key: KemPrivate } | null> {
    for (const grant of this.#grantsToUs(party, generation)) {
      const own =
        party === this.#person ? this.#keys.kem : (await this.seedOf(this.#person, grant.memberGeneration))?.key
      if (!own) continue
      try {
        // Hazard 7: a grant made for another ring or generation does not open; hazard 9's kin: the seed must give the key.
        return await openGrant(grant, fromBase64url(party), generation.generation, generation.publicKey, own)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        // A bad grant is no seed; `dispute` names it, and another grant may be good.
      }
    }
    return null
  }

  async #walkBack(ring: string, from: Generation, seed: Bytes, all: Generation[]): Promise<void> {
    let at: Generation | undefined = from
    let held = seed
    while (at) {
      const before: Previous = await this.#previousOf(ring, at, held, all)
      if (!before) return
      this.#keep(ring, before.generation.generation, before)
      at = before.generation
      held = before.seed
    }
  }

  /** @NOTE After a disputed generation the next one seals the last good seed; so any earlier generation may match. */
  async #previousOf(ring: string, at: Generation, seed: Bytes, all: Generation[]): Promise<Previous> {
    if (at.previous.length === 0) return null
    try {
      const previous = await openPrevious(seed, fromBase64url(ring), at.generation, at.previous)
      for (const generation of all.filter((one) => one.generation < at.generation).reverse()) {
        try {
          return { generation, seed: previous, key: await checkSeed(previous, generation.publicKey) }
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
        }
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
    return null
  }

  #keep(ring: string, generation: number, { seed, key }: { seed: Bytes; key: KemPrivate }) {
    const kept = { seed, key }
    this.#seeds.set(`${ring} ${generation}`, kept)
    return kept
  }
}
