import type { Live } from './live.svelte.ts'
import type { Prefs } from './prefs.svelte.ts'

/** Making this browser nobody's device again: told what is lost, asked once more, cleared. Ends at the start page. */
export class Clearing {
  readonly #app: Live
  readonly #prefs: Prefs
  stage: 'told' | 'sure' | 'clearing' = $state('told')
  error = $state('')

  constructor(app: Live, prefs: Prefs) {
    this.#app = app
    this.#prefs = prefs
  }

  ask(): void {
    this.stage = 'sure'
  }

  async clear(): Promise<void> {
    this.stage = 'clearing'
    try {
      await this.#app.client.forgetDevice()
      location.assign('/join')
    } catch (failure) {
      this.error = this.#prefs.refusal((failure as { code?: string }).code ?? 'internal')
      this.stage = 'told'
    }
  }
}
