import { formatBrief, formatClock, formatDay, formatMoment, formatSpan } from '../../language/time.ts'
import type { Prefs } from './prefs.svelte.ts'

/** The device's clock, told every half minute, and moments as the reader says them. */
export class Clock {
  now = $state(Date.now())
  #prefs: Prefs

  constructor(prefs: Prefs) {
    this.#prefs = prefs
    setInterval(() => this.look(), 30_000)
    document.addEventListener('visibilitychange', () => this.look())
  }

  look(): void {
    this.now = Date.now()
  }

  moment = (at: number): string => formatMoment(this.#prefs.lang, at, this.now)
  brief = (at: number): string => formatBrief(this.#prefs.lang, at, this.now)
  /** Of a moment to come: only the clock for today, else the day and the clock. */
  next = (at: number): string =>
    formatBrief(this.#prefs.lang, at, this.now) === this.time(at) ? this.time(at) : this.moment(at)
  day = (at: number): string => formatDay(this.#prefs.lang, at, this.now)
  time = (at: number): string => formatClock(this.#prefs.lang, at)
  span = (milliseconds: number): string => formatSpan(this.#prefs.lang, milliseconds)
}
