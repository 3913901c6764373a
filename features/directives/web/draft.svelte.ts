import type { Smarak } from '../../../client/views.ts'

const pause = 600
/** What the other pages of this browser do to their drafts. */
const others = new BroadcastChannel('drafts')
type Word = { key: string; gone: boolean }

/**
 * Something being written, kept on this device after every pause and when the screen closes. There is one of each key: of two pages
 * that write it the one that wrote last is kept, and both say so.
 */
export class Draft {
  /** When it was last kept; 0 while nothing has been. */
  keptAt = $state(0)
  /** Another page keeps another text under the same key. */
  elsewhere = $state(false)
  #client: Pick<Smarak, 'draft' | 'saveDraft'>
  #key: string
  #timer: ReturnType<typeof setTimeout> | undefined
  #waiting: { value: unknown } | null = null
  /** What this page kept last, if anything. */
  #kept: { value: unknown } | null = null

  constructor(client: Pick<Smarak, 'draft' | 'saveDraft'>, key: string) {
    this.#client = client
    this.#key = key
    addEventListener('pagehide', () => this.flush())
    others.addEventListener('message', ({ data }: MessageEvent<Word>) => data.key === key && this.#heard(data))
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
    this.#kept = waiting
    void this.#client.saveDraft(this.#key, waiting.value).then(() => {
      this.keptAt = Date.now()
      this.#tell(false)
    })
  }

  /** It was sent: nothing to come back to. What another page wrote since stays. */
  forget(): void {
    clearTimeout(this.#timer)
    this.#waiting = null
    void this.#drop()
  }

  async #drop(): Promise<void> {
    const own = JSON.stringify(this.#kept?.value)
    this.#kept = null
    if (this.elsewhere && JSON.stringify(await this.load()) !== own) return
    await this.#client.saveDraft(this.#key, null)
    this.#tell(true)
  }

  #tell(gone: boolean): void {
    others.postMessage({ key: this.#key, gone } satisfies Word)
  }

  #heard({ gone }: Word): void {
    const own = this.#waiting ?? this.#kept
    // What was sent there is not what stands here.
    if (gone && own) this.keep(own.value)
    this.elsewhere = !gone && own !== null
  }
}
