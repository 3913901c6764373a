import { type Bytes, toBase64url } from '../core/bytes.ts'
import { openCheckpoint } from '../core/checkpoint.ts'
import { MAX_DIRECTIVE, readCose, readEnvelope, writeEnvelope } from '../core/item.ts'
import type { JournalEntry } from '../core/journal.ts'
import { leafHash } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import type { AcceptedRow } from './accepted.ts'
import type { Files } from './files.ts'
import type { Kept } from './fold.ts'
import { indexKey, type Store } from './store.ts'
import type { Transport } from './transport.ts'
import type { Root } from './trust.ts'

const MOST_OFFERED = 5_000
const MOST_GIVEN = 64
/** What was asked once is not asked again so soon, while the server is as it was. */
const ASK_AGAIN = 10 * 60_000

/**
 * Every item from index `from` on that this store has whole, in log order: what was sent from here, and what was proven and came
 * with all its sections and to nobody's key in particular: the directory, receipts, notices.
 */
export async function heldItems(store: Store, from = 0): Promise<JournalEntry[]> {
  const first = indexKey(from)
  const held = new Map<number, JournalEntry>()
  for (const table of ['directory', 'act'] as const) {
    for (const [key, kept] of await store.list<Kept>(table)) {
      const envelope = key >= first ? wholeOf(kept) : null
      if (envelope) held.set(kept.index, { index: kept.index, leaf: kept.leaf, envelope })
    }
  }
  for (const [key, { leaf, envelope }] of await store.list<AcceptedRow>('accepted'))
    if (key >= first) held.set(Number(key), { index: Number(key), leaf, envelope })
  return [...held.values()].sort((a, b) => a.index - b.index)
}

/** The envelope as its author sent it, or null where parts of it never came here. */
function wholeOf({ cose, sections }: Kept): Bytes | null {
  const body = sections.filter((section) => section !== null)
  if (body.length < sections.length || readCose(cose).header.wraps) return null
  return writeEnvelope({ cose, body, wraps: [] })
}

type Needs = {
  store: Store
  transport: Pick<Transport, 'checkpoint' | 'offerLost' | 'giveLost'>
  proven: { readonly root: Root }
  files: Pick<Files, 'upload'>
  now: () => number
}

/**
 * Gives a server back what it lost. It gets only what it had before, of it or of others, as it was sealed; what it makes of that is
 * its own affair, and whether it is believed again depends on nothing but its log being what it was.
 */
export class GiveBack {
  readonly #needs: Needs
  #asked: { from: number; at: number } | null = null

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * Offers what stands beyond the server's log, and sends what it wants of that. Gives how many it took; 0 from one that lost
   * nothing, or was asked a moment ago. Throws `Refusal` as any call does.
   */
  async run(): Promise<number> {
    const { store, transport, proven, now } = this.#needs
    const { size: from } = await openCheckpoint(await transport.checkpoint(), proven.root.logKey)
    if (this.#asked?.from === from && now() - this.#asked.at < ASK_AGAIN) return 0
    const held = await heldItems(store, from)
    let count = 0
    let early = 0
    for (let at = 0; at < held.length; at += MOST_OFFERED) {
      const part = held.slice(at, at + MOST_OFFERED)
      const wanted = new Set(await transport.offerLost(part.map(({ index, leaf }) => [index, leafHash(leaf)])))
      for (const batch of batches(part.filter(({ index }) => wanted.has(index)))) {
        const answers = await transport.giveLost(batch)
        count += answers.filter((code) => code === null).length
        early += answers.filter((code) => code === 'unknown_device').length
      }
    }
    await this.#giveFiles(held)
    // What came before that which makes its author known, here or on another device, is for the next round.
    if (early === 0 || count === 0) this.#asked = { from, at: now() }
    return count
  }

  /** The chunks that accepted answers name: a disk that was put back has lost them as well. */
  async #giveFiles(held: readonly JournalEntry[]): Promise<void> {
    for (const { envelope } of held) {
      const { kind, fields } = readEnvelope(envelope).header
      const files = kind === 'answer' ? (fields.get(6) as Bytes[][]) : []
      for (const chunks of files) {
        const names = chunks.map((hash) => ({ name: toBase64url(hash), size: 0 }))
        await this.#needs.files
          .upload(
            names,
            () => {},
            async () => false,
          )
          .catch((error: unknown) => {
            // Not here any more, or too much at once: another device may have it.
            if (!(error instanceof Refusal) || !PASSED_OVER.has(error.code)) throw error
          })
      }
    }
  }
}

const PASSED_OVER = new Set(['file_missing', 'file_quota'])

function* batches(entries: readonly JournalEntry[]): Generator<JournalEntry[]> {
  let batch: JournalEntry[] = []
  let size = 0
  for (const entry of entries) {
    if (batch.length === MOST_GIVEN || (batch.length > 0 && size + entry.envelope.length > MAX_DIRECTIVE)) {
      yield batch
      batch = []
      size = 0
    }
    batch.push(entry)
    size += entry.envelope.length
  }
  if (batch.length > 0) yield batch
}
