import type { Bytes } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import type { Lock } from './lock.ts'
import type { ItemAnswer } from './messages.ts'
import { type Change, indexKey, type Store } from './store.ts'

/** How much is kept, the newest of it. */
const MOST = 1_000
const MOST_BYTES = 16 * 1024 * 1024

/** What the table `accepted` holds: the bytes that were sent, and the leaf that was answered. */
export type AcceptedRow = { leaf: Bytes; envelope: Bytes }

type Needs = { store: Store; lock: Lock; most?: number; mostBytes?: number }

/**
 * The newest items of this device that were accepted, as they were sent: nobody else but the server has them whole. They are kept so
 * that they can be given back to a server that lost them (`give-back.ts`). What is sealed in them stays sealed here too.
 */
export class Accepted {
  readonly #needs: Required<Needs>

  constructor({ store, lock, most = MOST, mostBytes = MOST_BYTES }: Needs) {
    this.#needs = { store, lock, most, mostBytes }
  }

  /** Keeps what of these was accepted. A device without room goes on without: the server has it, and says so. */
  keep(envelopes: readonly Bytes[], answers: readonly ItemAnswer[]): Promise<void> {
    const { store, lock, most, mostBytes } = this.#needs
    // Another tab keeps what it sent.
    return lock('accepted', async () => {
      const sizes = new Map(await this.#sizes())
      const changes: Change[] = []
      for (const [i, answer] of answers.entries()) {
        if (!answer.accepted) continue
        const envelope = envelopes[i]!
        sizes.set(answer.index, envelope.length)
        const value: AcceptedRow = { leaf: answer.leaf, envelope }
        changes.push({ table: 'accepted', key: indexKey(answer.index), value })
      }
      if (changes.length === 0) return
      const newest = [...sizes].sort(([a], [b]) => b - a)
      let bytes = 0
      const kept = newest.filter(([, size], i) => {
        bytes += size
        return i < most && bytes <= mostBytes
      })
      for (const [index] of newest.slice(kept.length))
        changes.push({ table: 'accepted', key: indexKey(index), value: undefined })
      await store.write([...changes, { table: 'meta', key: 'accepted', value: kept }]).catch((error: unknown) => {
        if (!(error instanceof Refusal) || error.code !== 'device_full') throw error
      })
    })
  }

  /** Whether one stands at `size` or later: a log of that size has lost it. */
  async reaches(size: number): Promise<boolean> {
    const [newest] = await this.#sizes()
    return newest !== undefined && newest[0] >= size
  }

  /** Index and bytes of each, the newest first. */
  async #sizes(): Promise<[index: number, size: number][]> {
    return (await this.#needs.store.get<[number, number][]>('meta', 'accepted')) ?? []
  }
}
