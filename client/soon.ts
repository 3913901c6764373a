/** Runs `work` after a while; the answer stops it. Simulations pass a clock of their own. */
export type Later = (milliseconds: number, work: () => void) => () => void

/** What was asked for at about the same time is one. */
const ABOUT = 10
/** Later than asked for, so that whatever is due then is due by any clock that is a little behind. */
const AFTER = 20

type Needs = { later: Later; now: () => number; run: () => void }

/**
 * Moments at which something is run. One asked for is kept, whatever is asked for before it: who is told to come in five
 * seconds does not come because he came in one. What happens often asks often, and is run about as often as `within` allows.
 */
export class Soon {
  readonly #needs: Needs
  /** When each runs, and what stops it. */
  readonly #planned = new Map<number, () => void>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Runs in `delay` milliseconds, or with what was planned anyway up to `within` after that. */
  in(delay: number, within = 0): void {
    const { later, now, run } = this.#needs
    const at = now() + delay + AFTER
    for (const one of this.#planned.keys()) if (one >= at - ABOUT && one <= at + ABOUT + within) return
    const stop = later(delay + AFTER, () => {
      this.#planned.delete(at)
      run()
    })
    this.#planned.set(at, stop)
  }

  /** Nothing is planned afterwards. */
  stop(): void {
    for (const stop of this.#planned.values()) stop()
    this.#planned.clear()
  }
}
