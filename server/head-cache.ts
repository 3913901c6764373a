import type { Head } from './place.ts'

/** Heads of the chains that were written or asked for lately; they can only be moved by whoever holds this. */
export class HeadCache {
  /** Heads moved by the batch under way. */
  readonly moved = new Map<string, Head>()
  readonly #known = new Map<string, Head | null>()
  readonly #limit: number

  constructor(limit = 50_000) {
    this.#limit = limit
  }

  /** Null where the chain has nothing; undefined where this does not know. */
  get(chain: string): Head | null | undefined {
    return this.#known.get(chain)
  }

  add(heads: Iterable<[string, Head | null]>): void {
    for (const [chain, head] of heads) {
      this.#known.delete(chain)
      this.#known.set(chain, head)
    }
  }

  commit(): void {
    this.add(this.moved)
    this.moved.clear()
    for (const chain of this.#known.keys()) {
      if (this.#known.size <= this.#limit) break
      this.#known.delete(chain)
    }
  }

  rollback(): void {
    this.moved.clear()
  }
}
