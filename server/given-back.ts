/**
 * What devices give back of items that the database lost. It is gathered in a journal for `log recover`, which believes none of
 * it: here only what cannot be an item of that place is turned away, and too much.
 */
import { access } from 'node:fs/promises'
import { type Bytes, concat, toBase64url } from '../core/bytes.ts'
import { toBeSigned } from '../core/cose.ts'
import { idText, thumbprint } from '../core/item.ts'
import { type JournalEntry, type JournalItem, readJournalEntry } from '../core/journal.ts'
import { leafHash } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import type { Kinds } from './accept.ts'
import type { People } from './feature.ts'
import { appendJournal, eachEntry } from './journal.ts'
import type { KnownKey, SigningKeys } from './keys.ts'
import type { Log } from './log.ts'
import type { VerifyPool } from './verify-pool.ts'

/** Envelopes above this are looked through in another thread before this one decodes them. */
const LARGE = 64 * 1024
/** Bytes that one giver may give, and all together. */
const OF_ONE = 64 * 1024 * 1024
const OF_ALL = 2 * 1024 * 1024 * 1024

/** Indexes that the checkpoint file vouches for and the database has not: `from` up to, but without, `to`. */
export type Lost = { from: number; to: number }

export type GivenBackNeeds = {
  lost: Lost
  /** The journal. */
  file: string
  kinds: Kinds
  keys: Pick<SigningKeys, 'find'>
  people: Pick<People, 'personOfDevice'>
  pool: Pick<VerifyPool, 'verify' | 'vet'>
  log: Log
  /** See `SequencerNeeds`. */
  room?: (() => Promise<void>) | undefined
  /** Where the operator reads that there is something for every place. */
  warn?: ((message: string) => void) | undefined
  /** Bytes; `OF_ONE` where absent. */
  ofOne?: number
}

/**
 * A key that only an item which was given makes known: of a device that joined since, of a ticket made since. `by` is the key in
 * the database that the signatures lead back to.
 */
type Brought = { key: KnownKey; by: string }

/**
 * Of each giver one entry for an index at most, and of as many givers as come: so that a false one keeps no true one out. A giver is
 * a device that the database knows, or for one that joined since whoever answers for it, most often its ticket.
 */
export class GivenBack {
  readonly #needs: GivenBackNeeds
  /** By index: the hash of each leaf that is here, and who gave it. */
  readonly #here = new Map<number, Map<string, string>>()
  readonly #brought = new Map<string, Brought>()
  /** By giver; under the empty name of all. */
  readonly #bytes = new Map<string, number>()
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(needs: GivenBackNeeds) {
    this.#needs = needs
  }

  /** Takes up what was given before this server started. */
  static async open(needs: GivenBackNeeds): Promise<GivenBack> {
    const { file, log } = needs
    const given = new GivenBack(needs)
    const hasSome = await access(file).then(
      () => true,
      () => false,
    )
    if (!hasSome) return given
    const bringing: JournalItem[] = []
    const onFault = (_: string, line: number, err: unknown) => log.warn({ err, line }, 'a line of the journal is none')
    const hear = (item: JournalItem) => {
      given.#note(item)
      if (given.#keysOf(item).length > 0) bringing.push(item)
    }
    await eachEntry(file, hear, onFault)
    // Their signatures were looked at before they were written down.
    for (const item of bringing) given.#bring(item, await given.#signerOf(item, given.#brought), given.#brought)
    return given
  }

  /** For how many places there is nothing yet. */
  get missing(): number {
    const { from, to } = this.#needs.lost
    return to - from - this.#here.size
  }

  /** Of these, the indexes of which something is wanted from this device. */
  wanted(device: string, offers: readonly { index: number; hash: Bytes }[]): number[] {
    const giver = this.#giver(device, this.#brought)
    const wanted = offers.filter(({ index, hash }) => {
      const here = this.#at(index)
      return here && !here.has(toBase64url(hash)) && ![...here.values()].some((other) => other === giver)
    })
    return wanted.map(({ index }) => index)
  }

  /**
   * Keeps what may be what was lost; it is on disk when this resolves. Answers with null for each entry that is here now, or why it
   * is not: `not_found` (nothing is missing at that index), `unknown_device` (signed or given by a key that neither the database nor
   * what was given knows), `bad_signature`, `conflict` (the giver gave another one there), `too_large` (too much of one giver, or of
   * all), and what `readJournalEntry` refuses. Throws `Refusal('disk_full')`.
   */
  give(device: string, entries: readonly JournalEntry[]): Promise<(string | null)[]> {
    const mine = this.#turn.then(() => this.#take(device, entries))
    this.#turn = mine.catch(() => {}) // the caller has `mine`
    return mine
  }

  async #take(device: string, entries: readonly JournalEntry[]): Promise<(string | null)[]> {
    const { file, log, room, warn } = this.#needs
    await room?.()
    const brought = new Map(this.#brought)
    const read: (JournalItem | string | null)[] = []
    for (const entry of entries) read.push(await this.#read(entry, brought))
    // Looked for only now: what makes a device known may be among what it gives.
    const from = this.#giver(device, brought)
    const fresh = new Map<number, JournalEntry>()
    const answers = read.map((item, i) => {
      if (item === null || typeof item === 'string') return item
      const code = from === undefined ? 'unknown_device' : this.#fault(item, from, fresh)
      if (code === null) fresh.set(item.index, { ...entries[i]!, from })
      return code
    })
    if (fresh.size === 0) return answers
    await appendJournal(file, [...fresh.values()])
    const before = this.missing
    for (const { index, leaf, envelope } of fresh.values()) this.#note({ index, leaf, size: envelope.length, from })
    for (const [name, key] of brought) this.#brought.set(name, key)
    log.info({ count: fresh.size, missing: this.missing }, 'items were given back')
    if (before > 0 && this.missing === 0)
      warn?.(
        'smarak: something was given back for every missing item. Stop this server and run: ./smarak log recover\n',
      )
    return answers
  }

  /** The item, signed by a key that is known; null where it is here already; or the code of why it is none of ours. */
  async #read(entry: JournalEntry, brought: Map<string, Brought>): Promise<JournalItem | string | null> {
    const { index, leaf, envelope } = entry
    try {
      const here = this.#at(index)
      if (!here) throw new Refusal('not_found', 'Nothing is missing there')
      if (here.has(toBase64url(leafHash(leaf)))) return null
      // As a list of one, in CBOR.
      if (envelope.length > LARGE) await this.#needs.pool.vet(concat(Uint8Array.of(0x81), envelope))
      const item = readJournalEntry(entry)
      const signer = await this.#signerOf(item, brought)
      if (!signer) throw new Refusal('unknown_device', 'Signed by a key that is not known')
      const { payload, signature } = item.item.signed
      const check = { publicKey: signer.key.publicKey, signature, bytes: toBeSigned(payload) }
      const [good] = await this.#needs.pool.verify([check])
      if (!good) throw new Refusal('bad_signature', 'The signature does not fit')
      this.#bring(item, signer, brought)
      return item
    } catch (error) {
      if (error instanceof Refusal) return error.code
      throw error
    }
  }

  #fault({ index, size }: JournalItem, from: string, fresh: ReadonlyMap<number, JournalEntry>): string | null {
    if (fresh.has(index) || [...this.#at(index)!.values()].includes(from)) return 'conflict'
    const [ofOne, ofAll] = [from, ''].map((whose) => this.#bytes.get(whose) ?? 0) as [number, number]
    const more = [...fresh.values()].reduce((sum, { envelope }) => sum + envelope.length, size)
    return ofOne + more > (this.#needs.ofOne ?? OF_ONE) || ofAll + more > OF_ALL ? 'too_large' : null
  }

  /** The key that an item names as its signer's, and who answers for it. */
  async #signerOf({ item }: JournalItem, brought: ReadonlyMap<string, Brought>): Promise<Brought | undefined> {
    const { id, type } = item.header.signer
    const name = idText(id)
    const logged = (await this.#needs.keys.find([id])).get(name)
    const signer = logged ? { key: logged, by: name } : brought.get(name)
    return signer?.key.type === type ? signer : undefined
  }

  #bring(item: JournalItem, signer: Brought | undefined, into: Map<string, Brought>): void {
    if (!signer) return
    for (const key of this.#keysOf(item)) into.set(idText(thumbprint(key.publicKey)), { key, by: signer.by })
  }

  /** Throws `Refusal` for an item of another shape than its kind has. */
  #keysOf({ item }: JournalItem): KnownKey[] {
    const kind = this.#needs.kinds.get(item.header.kind)
    if (!kind) throw new Refusal('unknown_kind', `No kind is called ${item.header.kind}`)
    return kind.keys?.(kind.read(item)) ?? []
  }

  #giver(device: string, brought: ReadonlyMap<string, Brought>): string | undefined {
    if (this.#needs.people.personOfDevice(device)) return device
    const found = brought.get(device)
    return found?.key.type === 'device' ? found.by : undefined
  }

  /** What is here for an index; undefined where nothing is missing. */
  #at(index: number): ReadonlyMap<string, string> | undefined {
    const { from, to } = this.#needs.lost
    return index >= from && index < to ? (this.#here.get(index) ?? new Map()) : undefined
  }

  #note({ index, leaf, size, from = '' }: Pick<JournalItem, 'index' | 'leaf' | 'size' | 'from'>): void {
    if (!this.#at(index)) return
    this.#here.set(index, (this.#here.get(index) ?? new Map()).set(toBase64url(leafHash(leaf)), from))
    for (const whose of new Set([from, ''])) this.#bytes.set(whose, (this.#bytes.get(whose) ?? 0) + size)
  }
}
