import type { Lock } from './lock.ts'
import type { Change, Store } from './store.ts'
import type { MonthUse } from './views.ts'
import type { Wire } from './wire.ts'

/** Months kept: a year, to compare with the bill. */
const MONTHS = 12
/** Bangladesh is six hours ahead of UTC the whole year: its month begins at its midnight. */
const AHEAD = 6 * 3_600_000

/** `2026-11`, as a wall calendar in Dhaka shows it. */
export function monthOf(now: number): string {
  return new Date(now + AHEAD).toISOString().slice(0, 7)
}

/**
 * How much this application sent and received, month by month, kept on the device and told nobody. It counts what goes through
 * the wire and what `add` is told of, so it is a little less than the operator counts (encryption, repeats).
 */
export class Usage {
  readonly #wire: Pick<Wire, 'used'>
  readonly #store: Store
  readonly #lock: Lock
  readonly #now: () => number
  /** How much of the wire's counts is in the store already. */
  #counted = { sent: 0, received: 0 }
  #others = 0

  constructor({ wire, store, lock, now }: { wire: Pick<Wire, 'used'>; store: Store; lock: Lock; now: () => number }) {
    this.#wire = wire
    this.#store = store
    this.#lock = lock
    this.#now = now
  }

  /** Received besides the wire: the application itself. */
  add(received: number): void {
    this.#others += received
  }

  /** The months kept, newest first, with all that was counted until now; this month stands there always. */
  months(): Promise<MonthUse[]> {
    return this.keep([])
  }

  /** Keeps what was counted since the last call, in one write with what else is to be kept. */
  keep(also: Change[]): Promise<MonthUse[]> {
    // Each tab has a wire of its own and adds to the same sums.
    return this.#lock('usage', async () => {
      const { sent, received } = this.#wire.used
      const others = this.#others
      const fresh = { sent: sent - this.#counted.sent, received: received - this.#counted.received + others }
      const month = monthOf(this.#now())
      const kept = (await this.#store.get<MonthUse[]>('meta', 'data-used')) ?? []
      const before = kept.find((one) => one.month === month) ?? { month, sent: 0, received: 0 }
      const current = { month, sent: before.sent + fresh.sent, received: before.received + fresh.received }
      const months = [current, ...kept.filter((one) => one.month !== month)]
        .sort((a, b) => (a.month < b.month ? 1 : -1))
        .slice(0, MONTHS)
      const counted = fresh.sent > 0 || fresh.received > 0
      await this.#store.write([
        ...also,
        ...(counted ? [{ table: 'meta', key: 'data-used', value: months } as const] : []),
      ])
      this.#counted = { sent, received }
      this.#others -= others
      return months
    })
  }
}
