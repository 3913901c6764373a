import { type GatheredRow, gatherAnswers } from '../../../client/gather.ts'
import type { Answer } from '../../../client/views.ts'
import type { Live } from '../../../web/shell/live.svelte.ts'

type Kept = Map<string, { at: number; answer: Answer | null }>

/**
 * The answers of everybody, opened on this device a few at a time. What was opened is kept here under its lock, so that the next look
 * opens only what is new.
 */
export class Gathering {
  readonly app: Live
  readonly id: string
  rows: GatheredRow[] = $state.raw([])
  progress: { done: number; total: number } | null = $state.raw(null)
  failed = $state('')
  #kept: Kept | null = null
  #running: Promise<GatheredRow[]> | null = null

  constructor(app: Live, id: string) {
    this.app = app
    this.id = id
  }

  /** Opens what is new; one at a time. Rejects with what it failed of, and what was opened stays. */
  run(): Promise<GatheredRow[]> {
    this.#running ??= this.#gather().finally(() => {
      this.#running = null
      this.progress = null
    })
    return this.#running
  }

  async #gather(): Promise<GatheredRow[]> {
    const { client } = this.app
    const key = `gathered ${this.id}`
    this.#kept ??= new Map(keptOf(await client.draft(key)))
    const before = stampOf(this.#kept)
    try {
      const rows = await gatherAnswers(client, this.id, (done, total) => (this.progress = { done, total }), this.#kept)
      this.rows = rows
      this.failed = ''
      return rows
    } catch (error) {
      this.failed = (error as { code?: string }).code ?? 'internal'
      throw error
    } finally {
      if (stampOf(this.#kept) !== before) await client.saveDraft(key, [...this.#kept])
    }
  }
}

/** Differs whenever an answer was opened. */
function stampOf(kept: Kept): number {
  return [...kept.values()].reduce((sum, { at }) => sum + at, kept.size)
}

function keptOf(saved: unknown): [string, { at: number; answer: Answer | null }][] {
  return Array.isArray(saved) ? saved.filter((pair) => Array.isArray(pair) && typeof pair[0] === 'string') : []
}
