import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Db, Read, Tx } from '../../server/db.ts'
import type { Directory, Id } from '../directory/index.ts'
import type { Expander } from './expand.ts'
import { type DeliveryMark, markDelivered } from './progress.ts'
import { type FrozenCache, readByNumber } from './store.ts'

export type Seen = { party: Id; cursor: number }

type Needs = {
  db: Db
  directory: Pick<Directory, 'post'>
  frozen: FrozenCache
  expander: Pick<Expander, 'shownTo'>
  now: () => number
  onError: (error: unknown) => void
  /** Told, once it is kept, whose tracking was changed. */
  changed: (directive: number) => void
  /** How long marks gather before they are written. */
  gatherMs?: number
}

/**
 * "Delivered": the server saw a live device of a holder fetch past a directive. Gathered and written together. A crash
 * loses what was gathered; the next fetch of that device brings it again, with a later time.
 */
export class Deliveries {
  readonly #needs: Needs
  readonly #gathered = new Map<Id, number>()
  /** Cursors already written, so that a device which fetches nothing new costs nothing. */
  readonly #written = new Map<Id, number>()
  #timer: NodeJS.Timeout | undefined
  #flushing: Promise<void> = Promise.resolve()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Takes note; writes soon. Parties that are no posts are passed over: directives are addressed to posts. */
  note(seen: readonly Seen[]): void {
    for (const { party, cursor } of seen) {
      if (cursor <= (this.#written.get(party) ?? 0)) continue
      if (!this.#needs.directory.post(party)) continue
      this.#gathered.set(party, Math.max(cursor, this.#gathered.get(party) ?? 0))
    }
    if (this.#gathered.size === 0) return
    this.#timer ??= setTimeout(() => void this.flush().catch(this.#needs.onError), this.#needs.gatherMs ?? 250)
    this.#timer.unref()
  }

  /** Writes what was gathered. Throws what the database throws; it is then gathered still. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const before = this.#flushing
    this.#flushing = before.catch(() => {}).then(() => this.#write())
    return this.#flushing
  }

  async #write(): Promise<void> {
    if (this.#gathered.size === 0) return
    const seen = [...this.#gathered].map(([party, cursor]): Seen => ({ party, cursor }))
    this.#gathered.clear()
    try {
      await this.#needs.db.write((tx) => this.#mark(tx, seen))
    } catch (error) {
      for (const { party, cursor } of seen) {
        this.#gathered.set(party, Math.max(cursor, this.#gathered.get(party) ?? 0))
      }
      throw error
    }
    for (const { party, cursor } of seen) this.#written.set(party, cursor)
  }

  async #mark(tx: Tx, seen: Seen[]): Promise<void> {
    const parties = seen.map(({ party }) => fromBase64url(party))
    const cursors = seen.map(({ cursor }) => cursor)
    const shown = await tx.many<{ party: Bytes; directive: number }>(
      `SELECT s.party, d.number AS directive
       FROM unnest($1::bytea[], $2::bigint[]) s (party, cursor)
       LEFT JOIN delivery v ON v.party = s.party
       JOIN inbox i ON i.party = s.party AND i.index >= coalesce(v.cursor, 0) AND i.index < s.cursor
       JOIN directive d ON d.index = i.index`,
      [parties, cursors],
    )
    const pairs = shown.map(({ party, directive }) => ({ post: toBase64url(party), directive }))
    const marks = await this.#marks(tx, [...pairs, ...(await this.#unwritten(tx, seen))])
    await markDelivered(tx, marks)
    tx.afterCommit(() => {
      for (const number of new Set(marks.map(({ tracked }) => tracked.number))) this.#needs.changed(number)
    })
    await tx.query(
      `INSERT INTO delivery (party, cursor) SELECT * FROM unnest($1::bytea[], $2::bigint[])
       ON CONFLICT (party) DO UPDATE SET cursor = greatest(delivery.cursor, excluded.cursor)`,
      [parties, cursors],
    )
  }

  /** Directives these posts were shown from the frozen audience, whose inbox rows are still being written. */
  async #unwritten(read: Read, seen: Seen[]): Promise<{ post: Id; directive: number }[]> {
    const indexes = seen.flatMap(({ party, cursor }) =>
      this.#needs.expander.shownTo(party, 0, cursor, Number.POSITIVE_INFINITY).map((index) => ({ post: party, index })),
    )
    if (indexes.length === 0) return []
    const rows = await read.many<{ index: number; number: number }>(
      'SELECT index, number FROM directive WHERE index = any($1::bigint[])',
      [[...new Set(indexes.map(({ index }) => index))]],
    )
    const numbers = new Map(rows.map(({ index, number }) => [index, number]))
    return indexes.flatMap(({ post, index }) => {
      const directive = numbers.get(index)
      return directive === undefined ? [] : [{ post, directive }]
    })
  }

  async #marks(read: Read, pairs: { post: Id; directive: number }[]): Promise<DeliveryMark[]> {
    const time = this.#needs.now()
    const marks: DeliveryMark[] = []
    const numbers = [...new Set(pairs.map(({ directive }) => directive))]
    const byDirective = Map.groupBy(pairs, ({ directive }) => directive)
    for (const stored of numbers.length > 0 ? await readByNumber(read, numbers) : []) {
      const frozen = await this.#needs.frozen.get(read, stored.number)
      const tracked = { ...stored, frozen }
      for (const { post } of byDirective.get(stored.number)!) {
        const n = frozen.indexOf(post)
        if (n >= 0) marks.push({ tracked, n, time }) // who supervises or issues sees it too, and is not tracked
      }
    }
    return marks
  }
}
