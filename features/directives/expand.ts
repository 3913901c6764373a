import { fromBase64url } from '../../core/bytes.ts'
import { ID_LENGTH } from '../../core/item.ts'
import type { Db, Tx } from '../../server/db.ts'
import type { Directory, Id } from '../directory/index.ts'
import { ASKS, type Clause } from './entries.ts'
import type { Frozen } from './frozen.ts'
import { tell } from './item-notices.ts'
import { askOf } from './rules.ts'
import { type FrozenCache, readByNumber, type Stored } from './store.ts'

/** Up to so many addressees are tracked and shown in the transaction that places the directive. */
export const AT_ONCE = 5_000
/** How many addressees one transaction of the worker takes. */
export const CHUNK = 20_000

/** What the tracking rows of a directive are made of. */
export type Tracked = { number: number; issuer: Id; clauses: Clause[]; frozen: Frozen }

/**
 * Writes the tracking rows of addressees `from` to `to` (exclusive): one for every clause. Rows that are there stay as
 * they are, so it may be done twice, in any order, and killed in between.
 */
export async function writeTracking(tx: Tx, tracked: Tracked, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, i) => from + i)
  await writeTrackingOf(tx, tracked, numbers)
}

/** As `writeTracking`, for some addressees by their numbers. */
export async function writeTrackingOf(tx: Tx, tracked: Tracked, numbers: readonly number[]): Promise<void> {
  const { frozen, issuer, clauses, number } = tracked
  const self = frozen.indexOf(issuer)
  // How an addressee was reached, and whether he is the issuer, decides what is asked: few combinations, worked out here.
  const sorts = new Map<number, { ask: number; owed: number }[]>()
  for (let reached = 1; reached < 8; reached++) sorts.set(reached, asksOf(clauses, reached, false))
  sorts.set(0, asksOf(clauses, 0, true))
  const rows = [...sorts].flatMap(([sort, asks]) => asks.map((asked, clause) => ({ sort, clause, ...asked })))
  await tx.query(
    `INSERT INTO tracking (directive, n, place, clause, ask, owed)
     SELECT $1, a.n, a.place, c.clause, c.ask, c.owed
     FROM unnest($2::int[], $3::int[], $4::smallint[]) a (n, place, sort)
     JOIN unnest($5::smallint[], $6::smallint[], $7::smallint[], $8::smallint[]) c (sort, clause, ask, owed) USING (sort)
     ORDER BY c.clause, a.n -- in the order of the key
     ON CONFLICT DO NOTHING`,
    [
      number,
      numbers,
      numbers.map((n) => frozen.placeOf[n]),
      numbers.map((n) => (n === self ? 0 : frozen.reached[n])),
      rows.map(({ sort }) => sort),
      rows.map(({ clause }) => clause),
      rows.map(({ ask }) => ask),
      rows.map(({ clause, owed }) => (clause === 0 ? owed : null)),
    ],
  )
}

function asksOf(clauses: readonly Clause[], reached: number, isIssuer: boolean): { ask: number; owed: number }[] {
  const asks = clauses.map((clause) => ASKS.indexOf(askOf(clause, reached, isIssuer)))
  const owed = asks.filter((ask) => ask > 0).length
  return asks.map((ask) => ({ ask, owed }))
}

/** Shows the entry at `index` to addressees `from` to `to` (exclusive). */
export async function writeInbox(tx: Tx, index: number, frozen: Frozen, from: number, to: number): Promise<void> {
  await tx.query(
    `INSERT INTO inbox (party, index)
     SELECT substring($1::bytea FROM n * ${ID_LENGTH} + 1 FOR ${ID_LENGTH}), $2
     FROM generate_series(0, $3::int - 1) n
     ON CONFLICT DO NOTHING`,
    [frozen.ids.slice(from * ID_LENGTH, to * ID_LENGTH), index, to - from],
  )
}

/**
 * Holds off the worker from a directive, and whoever else writes its tracking rows while they are being made, until this
 * transaction ends: two that insert the same rows in different orders would wait for each other for ever.
 */
export async function lockExpansion(tx: Tx, directives: Iterable<number>): Promise<void> {
  const ascending = [...new Set(directives)].sort((a, b) => a - b)
  for (const number of ascending) {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('expansion ' || $1::text, 0))`, [number])
  }
}

/** A large entry to be shown to the audience of a directive. */
export type Job = { index: number; directive: number; frozen: Frozen }

type ExpanderNeeds = {
  db: Db
  directory: Pick<Directory, 'post'>
  frozen: FrozenCache
  chunk?: number
  onError: (error: unknown) => void
  /** Told whose tracking rows were written. */
  changed: (directive: number) => void
  /** Told that addressees of a chunk have a notice. */
  noticed?: () => void
}

/**
 * Writes, in the background, what was too much for one batch: chunk after chunk, each in a transaction that also moves the
 * mark. Killed anywhere it goes on from the last mark. Meanwhile it knows who may see the entries concerned.
 */
export class Expander {
  readonly #needs: ExpanderNeeds
  readonly #open = new Map<number, Job>()
  #running: Promise<void> | undefined
  #closed = false
  #hurry: () => void = () => {}

  constructor(needs: ExpanderNeeds) {
    this.#needs = needs
  }

  /** Takes up what is unfinished in the database; `run` starts on it. */
  async restore(): Promise<void> {
    const { db, frozen } = this.#needs
    const rows = await db.many<{ index: number; directive: number }>(
      'SELECT index, directive FROM expansion WHERE next < total ORDER BY index',
    )
    for (const { index, directive } of rows) this.add({ index, directive, frozen: await frozen.get(db, directive) })
  }

  /** A large entry was placed and committed. */
  add(job: Job): void {
    this.#open.set(job.index, job)
  }

  /** Entries the party may see and `inbox` may not have yet, from `from` to `to` (exclusive), ascending. */
  shownTo(party: Id, from: number, to: number, limit: number): number[] {
    const found: number[] = []
    for (const { index, frozen } of this.#open.values()) {
      if (index >= from && index < to && frozen.has(party)) found.push(index)
    }
    return found.sort((a, b) => a - b).slice(0, limit)
  }

  /** Starts, if there is something to do and nobody is at it. */
  run(): void {
    if (this.#closed) return
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined
    })
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.#running
  }

  /** Stops after the chunk at hand. */
  async close(): Promise<void> {
    this.#closed = true
    this.#hurry()
    await this.#running
  }

  async #work(): Promise<void> {
    for (let wait = 100; this.#open.size > 0 && !this.#closed; ) {
      const job = this.#open.values().next().value!
      try {
        if (await this.#chunk(job)) this.#open.delete(job.index)
        this.#needs.changed(job.directive)
        this.#needs.noticed?.()
        wait = 100
      } catch (error) {
        // Nothing of the chunk was kept, or all of it: either way the mark in the database is right.
        this.#needs.onError(error)
        if (!this.#closed) await this.#pause(wait)
        wait = Math.min(wait * 2, 10_000)
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** One chunk. True when it was the last. */
  #chunk({ index, directive, frozen }: Job): Promise<boolean> {
    return this.#needs.db.write(async (tx) => {
      await lockExpansion(tx, [directive])
      const row = await tx.one<{ next: number; total: number; tracking: boolean }>(
        'SELECT next, total, tracking FROM expansion WHERE index = $1 FOR UPDATE',
        [index],
      )
      if (!row || row.next >= row.total) return true
      const to = Math.min(row.next + (this.#needs.chunk ?? CHUNK), row.total)
      const [stored] = (await readByNumber(tx, [directive])) as [Stored]
      const { issuer, clauses } = stored
      if (row.tracking) await writeTracking(tx, { number: directive, issuer, clauses, frozen }, row.next, to)
      await writeInbox(tx, index, frozen, row.next, to)
      const ids = frozen.ids.subarray(row.next * ID_LENGTH, to * ID_LENGTH)
      const item = await tx.one<{ kind: string; time: number }>(
        'SELECT kind, accepted AS time FROM item WHERE index = $1',
        [index],
      )
      const directiveId = fromBase64url(stored.id)
      if (item) await tell(tx, { ...stored, ...item, index, directive: directiveId }, ids, this.#needs.directory)
      await tx.query('UPDATE expansion SET next = $2 WHERE index = $1', [index, to])
      const isLast = to === row.total
      if (isLast && row.tracking) await tx.query('UPDATE directive SET expanded = true WHERE number = $1', [directive])
      return isLast
    })
  }
}
