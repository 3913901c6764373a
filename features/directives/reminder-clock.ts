/** Every so often: often enough that nobody hears a minute late, even where one server hangs and another goes on. */
const EVERY_MS = 15_000

/** Runs `tick` again and again, never twice at once, from `start` to `close`. What it throws is told, and tried again. */
export class ReminderClock {
  readonly #tick: () => Promise<unknown>
  readonly #onError: (error: unknown) => void
  readonly #every: number
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(tick: () => Promise<unknown>, onError: (error: unknown) => void, every = EVERY_MS) {
    this.#tick = tick
    this.#onError = onError
    this.#every = every
  }

  /** Ticks at once, so that what came due while nobody was here waits no longer. */
  start(): void {
    if (this.#closed || this.#running || this.#timer) return
    this.#running = this.#tick()
      .then(() => {}, this.#onError)
      .then(() => {
        this.#running = undefined
        if (this.#closed) return
        this.#timer = setTimeout(() => {
          this.#timer = undefined
          this.start()
        }, this.#every)
        this.#timer.unref()
      })
  }

  /** No further tick begins; the one at hand is finished. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#running
  }
}
