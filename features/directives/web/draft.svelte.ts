import type { Smarak } from '../../../client/views.ts'

const pause = 600

/** Something being written, kept on this device after every pause and when the screen closes. */
export class Draft {
  /** When it was last kept; 0 while nothing has been. */
  keptAt = $state(0)
  #client: Pick<Smarak, 'draft' | 'saveDraft'>
  #key: string
  #timer: ReturnType<typeof setTimeout> | undefined
  #waiting: { value: unknown } | null = null

  constructor(client: Pick<Smarak, 'draft' | 'saveDraft'>, key: string) {
    this.#client = client
    this.#key = key
    addEventListener('pagehide', () => this.flush())
  }

  load(): Promise<unknown> {
    return this.#client.draft(this.#key)
  }

  keep(value: unknown): void {
    this.#waiting = { value }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.flush(), pause)
  }

  /** Writes what waits now. */
  flush(): void {
    clearTimeout(this.#timer)
    const waiting = this.#waiting
    this.#waiting = null
    if (!waiting) return
    void this.#client.saveDraft(this.#key, waiting.value).then(() => {
      this.keptAt = Date.now()
    })
  }

  /** It was sent: nothing to come back to. */
  forget(): void {
    clearTimeout(this.#timer)
    this.#waiting = null
    void this.#client.saveDraft(this.#key, null)
  }
}
