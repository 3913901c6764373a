import { untrack } from 'svelte'
import type { Live } from '../../../web/shell/live.svelte.ts'
import type { Awaited } from '../waiting.ts'

/** What the server answers about at once. */
const MOST = 50
/** Answers of others come when they come; that a day is looked at often is no reason to count them as often. */
const EVERY = 60_000

/** How others stand to what one waits for, as the server counts it; nothing of it while there is no connection. */
export class AwaitedRows {
  of: ReadonlyMap<string, Awaited> = $state.raw(new Map())
  #asked = { ids: '', at: 0 }

  /** @param ids directives in sight, of which the first fifty are asked after */
  constructor(app: Live, ids: () => string[]) {
    $effect(() => {
      const wanted = [...new Set(ids())].slice(0, MOST)
      if (wanted.length > 0 && app.connection.online) untrack(() => void this.#ask(app, wanted))
    })
  }

  async #ask(app: Live, ids: string[]): Promise<void> {
    const asked = { ids: ids.join(), at: Date.now() }
    if (asked.ids === this.#asked.ids && asked.at - this.#asked.at < EVERY) return
    this.#asked = asked
    try {
      const found = (await app.client.waiting(ids)) as Awaited[]
      this.of = new Map(found.map((one) => [one.directive, one]))
    } catch {
      // What was counted before stands; without it the row says what it says to everybody.
    }
  }
}
