import { untrack } from 'svelte'
import type { DirectiveDetail, DirectiveRow } from '../../../client/views.ts'
import type { Field } from '../../../letters/fields.ts'
import type { Block } from '../../../letters/typeset.ts'
import type { Live } from '../../../web/shell/live.svelte.ts'
import type { LetterPlace } from '../../../web/shell/routes.ts'
import { type Amended, amended } from './amended.ts'
import { fieldsIn } from './asked-fields.ts'
import { paperOf } from './paper.ts'

/**
 * A letter on the screen: its row at once from what the device has, its text when opened; fetched again when its row
 * says that something changed. Once its text stands on an unlocked, visible page it is reported as shown.
 */
export class OpenLetter {
  readonly place: LetterPlace
  readonly app: Live
  #detail: DirectiveDetail | null = $state.raw(null)
  #failed: { code: string; details?: Record<string, unknown> } | null = $state.raw(null)
  #shown = false
  #loading = false
  #again = false

  row: DirectiveRow | undefined = $derived.by(() => this.app.rows.find((row) => this.#isThis(row)))
  /** The letter as it stands after its amendments. */
  now: Amended = $derived.by(() => amended(this.#detail?.parts ?? [], this.row?.changes ?? []))
  blocks: Block[] = $derived.by(() => paperOf(this.now.parts))
  fields: Field[] = $derived.by(() => fieldsIn(this.now.parts))

  constructor(app: Live, place: LetterPlace) {
    this.app = app
    this.place = place
    $effect(() => {
      void this.#stamp()
      untrack(() => void this.load())
    })
    $effect(() => {
      if (this.#detail?.parts && !this.app.locked) this.#report()
    })
  }

  /** Differs when there is something new to fetch. */
  #stamp(): string {
    const { progress, owed, queued, cancelled, unreadable, asked } = this.row ?? {}
    return JSON.stringify([
      progress,
      owed?.length,
      queued,
      cancelled?.at,
      unreadable,
      asked,
      this.app.connection.online,
    ])
  }

  get detail() {
    return this.#detail
  }
  get failed() {
    return this.#failed
  }

  /** One at a time; however often it was asked for meanwhile, it is done once more. */
  async load(): Promise<void> {
    if (this.#loading) {
      this.#again = true
      return
    }
    this.#loading = true
    try {
      do {
        this.#again = false
        await this.#open()
      } while (this.#again)
    } finally {
      this.#loading = false
    }
  }

  async #open(): Promise<void> {
    try {
      this.#detail = await this.app.client.open(this.place.id, this.place.post)
      this.#failed = null
    } catch (error) {
      const { code = 'internal', details } = error as { code?: string; details?: Record<string, unknown> }
      this.#failed = { code, details }
      if (code === 'internal') throw error
    }
  }

  /** @NOTE "Opened" means seen: a letter fetched into a hidden tab is reported when the tab is looked at. */
  #report(): void {
    if (this.#shown) return
    if (document.visibilityState !== 'visible') {
      document.addEventListener('visibilitychange', () => this.#report(), { once: true })
      return
    }
    this.#shown = true
    void this.app.client.shown(this.place.id, this.place.post)
  }

  #isThis(row: DirectiveRow): boolean {
    return row.id === this.place.id && row.post === this.place.post
  }
}
