/** `at`: the moment itself; `from`: since when somebody could have acted on it. */
export type Moment<T> = { at: number; from: number; value: T }

/** Moments to come, in order, and those that passed but are not yet looked into. */
export class Moments<T> {
  readonly #coming: Moment<T>[] = []
  readonly #passed: Moment<T>[] = []

  add(moment: Moment<T>): void {
    let [low, high] = [0, this.#coming.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#coming[middle]!.from <= moment.from) low = middle + 1
      else high = middle
    }
    this.#coming.splice(low, 0, moment)
  }

  next(): number | undefined {
    return this.#coming[0]?.from
  }

  /** Whether any of them has come by `now`. */
  pass(now: number): boolean {
    const count = this.#coming.findIndex(({ from }) => from > now)
    const come = this.#coming.splice(0, count < 0 ? this.#coming.length : count)
    this.#passed.push(...come)
    return come.length > 0
  }

  /** Looks into those that passed; `look` says which are to be looked into again. */
  sift(look: (moment: Moment<T>) => boolean): void {
    const passed = this.#passed.splice(0)
    this.#passed.push(...passed.filter(look))
  }

  /** Whether nothing that passed is left to look into. */
  get settled(): boolean {
    return this.#passed.length === 0
  }
}
