import type { Feature } from './feature.ts'
import type { Log } from './log.ts'

export type Seen = { party: string; cursor: number }

/** How long what devices have seen is gathered before features hear of it. */
const GATHER_MS = 1_000

/**
 * Gathers up to where devices have read, and tells the features together and later: a phone that asks for news waits for no
 * write. What a crash loses here is told again when the device next asks.
 */
export class Synced {
  readonly #features: readonly Feature[]
  readonly #log: Log
  #seen = new Map<string, number>()
  /** What features heard already; nothing is told twice while it is remembered. */
  #told = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #telling: Promise<void> = Promise.resolve()

  constructor(features: readonly Feature[], log: Log) {
    this.#features = features.filter(({ onSynced }) => onSynced)
    this.#log = log
  }

  add(seen: readonly Seen[]): void {
    for (const { party, cursor } of seen) {
      if (cursor <= Math.max(this.#told.get(party) ?? 0, this.#seen.get(party) ?? 0)) continue
      this.#seen.set(party, cursor)
    }
    if (this.#seen.size > 0) this.#timer ??= setTimeout(() => this.flush(), GATHER_MS).unref()
  }

  /** Tells what was gathered so far. Never throws. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const seen = [...this.#seen].map(([party, cursor]) => ({ party, cursor }))
    this.#seen = new Map()
    if (this.#told.size > 100_000) this.#told = new Map()
    for (const { party, cursor } of seen) this.#told.set(party, cursor)
    this.#telling = this.#telling.then(() => this.#tell(seen))
    return this.#telling
  }

  async #tell(seen: Seen[]): Promise<void> {
    if (seen.length === 0) return
    for (const feature of this.#features) {
      try {
        await feature.onSynced!(seen)
      } catch (error) {
        // Observations only: they come again with the next sync.
        for (const { party } of seen) this.#told.delete(party)
        this.#log.error({ err: error, name: feature.name }, 'a feature could not take down who has read')
      }
    }
  }
}
