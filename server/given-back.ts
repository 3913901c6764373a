/**
 * What devices give back of items that the database lost. It is gathered in a journal for `log recover`, which believes none of
 * it: here only what cannot be an item of that place is turned away, and too much.
 */
import { access } from 'node:fs/promises'
import { type Bytes, concat, toBase64url } from '../core/bytes.ts'
import { toBeSigned } from '../core/cose.ts'
import { idText } from '../core/item.ts'
import { type JournalEntry, type JournalItem, readJournalEntry } from '../core/journal.ts'
import { leafHash } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import { appendJournal, eachEntry } from './journal.ts'
import type { SigningKeys } from './keys.ts'
import type { Log } from './log.ts'
import type { VerifyPool } from './verify-pool.ts'

/** Envelopes above this are looked through in another thread before this one decodes them. */
const LARGE = 64 * 1024
/** Bytes that one device may give, and all together. */
const OF_ONE = 64 * 1024 * 1024
const OF_ALL = 2 * 1024 * 1024 * 1024

/** Indexes that the checkpoint file vouches for and the database has not: `from` up to, but without, `to`. */
export type Lost = { from: number; to: number }

export type GivenBackNeeds = {
  lost: Lost
  /** The journal. */
  file: string
  keys: Pick<SigningKeys, 'find'>
  pool: Pick<VerifyPool, 'verify' | 'vet'>
  log: Log
  /** See `SequencerNeeds`. */
  room?: (() => Promise<void>) | undefined
  /** Where the operator reads that there is something for every place. */
  warn?: ((message: string) => void) | undefined
  /** Bytes; `OF_ONE` where absent. */
  ofOne?: number
}

type Given = JournalEntry & { from: string }

/** Of each device one entry for an index at most, and of as many devices as come: so that a false one keeps no true one out. */
export class GivenBack {
  readonly #needs: GivenBackNeeds
  /** By index: the hash of each leaf that is here, and who gave it. */
  readonly #here = new Map<number, Map<string, string>>()
  /** By device. */
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
    const onFault = (_: string, line: number, err: unknown) => log.warn({ err, line }, 'a line of the journal is none')
    if (hasSome) await eachEntry(file, (entry) => given.#note(entry), onFault)
    return given
  }

  /** For how many places there is nothing yet. */
  get missing(): number {
    const { from, to } = this.#needs.lost
    return to - from - this.#here.size
  }

  /** Of these, the indexes of which something is wanted from this device. */
  wanted(device: string, offers: readonly { index: number; hash: Bytes }[]): number[] {
    const wanted = offers.filter(({ index, hash }) => {
      const here = this.#at(index)
      return here && !here.has(toBase64url(hash)) && ![...here.values()].includes(device)
    })
    return wanted.map(({ index }) => index)
  }

  /**
   * Keeps what may be what was lost; it is on disk when this resolves. Answers with null for each entry that is here now, or why it
   * is not: `not_found` (nothing is missing at that index), `conflict` (this device gave another one there), `too_large` (too much of
   * one device, or of all), `bad_signature`, and what `readJournalEntry` refuses. Throws `Refusal('disk_full')`.
   */
  give(device: string, entries: readonly JournalEntry[]): Promise<(string | null)[]> {
    const mine = this.#turn.then(() => this.#take(entries.map((entry) => ({ ...entry, from: device }))))
    this.#turn = mine.catch(() => {}) // the caller has `mine`
    return mine
  }

  async #take(entries: Given[]): Promise<(string | null)[]> {
    const { file, log, room, warn } = this.#needs
    await room?.()
    const fresh: Given[] = []
    const answers: (string | null)[] = []
    for (const entry of entries) answers.push(await this.#judge(entry, fresh))
    if (fresh.length === 0) return answers
    await appendJournal(file, fresh)
    const before = this.missing
    for (const { index, leaf, envelope, from } of fresh) this.#note({ index, leaf, size: envelope.length, from })
    log.info({ count: fresh.length, missing: this.missing }, 'items were given back')
    if (before > 0 && this.missing === 0)
      warn?.(
        'smarak: something was given back for every missing item. Stop this server and run: ./smarak log recover\n',
      )
    return answers
  }

  /** Adds the entry to `fresh` where it is to be kept. */
  async #judge(entry: Given, fresh: Given[]): Promise<string | null> {
    const { index, leaf, envelope, from } = entry
    try {
      const here = this.#at(index)
      if (!here) throw new Refusal('not_found', 'Nothing is missing there')
      if (here.has(toBase64url(leafHash(leaf)))) return null
      const others = [...here.values(), ...fresh.flatMap((one) => (one.index === index ? one.from : []))]
      if (others.includes(from)) throw new Refusal('conflict', 'Another one was given')
      const [ofOne, ofAll] = [from, ''].map((whose) => this.#bytes.get(whose) ?? 0) as [number, number]
      const size = fresh.reduce((sum, one) => sum + one.envelope.length, envelope.length)
      if (ofOne + size > (this.#needs.ofOne ?? OF_ONE) || ofAll + size > OF_ALL)
        throw new Refusal('too_large', 'Too much was given back')
      // CBOR: a list of this one.
      if (envelope.length > LARGE) await this.#needs.pool.vet(concat(Uint8Array.of(0x81), envelope))
      await this.#checkSignature(readJournalEntry(entry))
      fresh.push(entry)
      return null
    } catch (error) {
      if (error instanceof Refusal) return error.code
      throw error
    }
  }

  /** A key may have been lost with the item that made it known: then only the log's root can tell. */
  async #checkSignature({ item: { header, signed } }: JournalItem): Promise<void> {
    const { keys, pool } = this.#needs
    const key = (await keys.find([header.signer.id])).get(idText(header.signer.id))
    if (!key) return
    const { payload, signature } = signed
    const check = { publicKey: key.publicKey, signature, bytes: toBeSigned(payload) }
    const [good] = await pool.verify([check])
    if (!good || key.type !== header.signer.type) throw new Refusal('bad_signature', 'The signature does not fit')
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
