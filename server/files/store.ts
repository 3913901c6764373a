/** Encrypted chunks of files: bytes on disk, what is known of them in PostgreSQL. */
import { type Bytes, equal, toHex } from '../../core/bytes.ts'
import { MAX_CHUNK } from '../../core/file.ts'
import { sha256 } from '../../core/hash.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Db, Tx } from '../db.ts'
import { ChunkFiles } from './chunk-files.ts'

/** What one person may have here that no item names. Four answers full of files. */
export const ROOM = 64 * 1024 * 1024
/** How long a chunk stays that no item names. */
export const PASSING_MS = 7 * 24 * 3_600_000
/** Asking after a chunk keeps it, and is written down when the last time is so long ago. */
const KEEP_AGAIN_MS = 24 * 3_600_000
const SWEPT_AT_ONCE = 500

export type ChunkNeeds = {
  db: Db
  /** Of this server alone. */
  directory: string
  /** Throws `disk_full` while too little is free (`server/disk.ts`). */
  room: () => Promise<void>
  now: () => number
  /** Bytes; `ROOM` where absent. */
  roomOfOne?: number
}

export class ChunkStore {
  readonly #needs: ChunkNeeds
  readonly #files: ChunkFiles
  /** The last in the queue of each hash in use: one hand at a file at a time. */
  readonly #turns = new Map<string, Promise<unknown>>()

  constructor(needs: ChunkNeeds) {
    this.#needs = needs
    this.#files = new ChunkFiles(needs.directory)
  }

  /**
   * Takes a chunk; it is durable when this resolves, and taking it again changes nothing. Throws `Refusal`: `bad_input` (the
   * bytes have another hash), `too_large`, `disk_full`, `file_quota` (details: max bytes).
   *
   * Order: reserve a row → the file, synced and renamed → the row says that it is stored. A crash before the last leaves
   * something the sweep removes, and the next sending of the same bytes takes up.
   */
  async put(person: Bytes, hash: Bytes, bytes: Bytes): Promise<void> {
    if (bytes.length > MAX_CHUNK) throw new Refusal('too_large', 'A chunk above 32 KiB', { max: MAX_CHUNK })
    if (bytes.length === 0 || !equal(sha256(bytes), hash)) {
      throw new Refusal('bad_input', 'The bytes are not those of that name')
    }
    await this.#alone(hash, async () => {
      if (await this.#isStored(hash)) return
      await this.#needs.room()
      await this.#needs.db.write((tx) => this.#reserve(tx, person, hash, bytes.length))
      await this.#files.write(hash, bytes)
      await this.#needs.db.write((tx) => tx.query('UPDATE chunk SET stored = true WHERE hash = $1', [hash]))
    })
  }

  /** Those of `hashes` that are not here, in the order asked; those that are stay for another while. */
  async missing(hashes: readonly Bytes[]): Promise<Bytes[]> {
    const { db, now } = this.#needs
    const rows = await db.many<{ hash: Bytes; created: number; referenced: boolean }>(
      'SELECT hash, created, referenced FROM chunk WHERE hash = any($1) AND stored',
      [hashes],
    )
    const old = rows.filter(({ created, referenced }) => !referenced && created < now() - KEEP_AGAIN_MS)
    if (old.length > 0)
      await db.write((tx) =>
        this.#keep(
          tx,
          old.map(({ hash }) => hash),
        ),
      )
    const here = new Set(rows.map(({ hash }) => toHex(hash)))
    return hashes.filter((hash) => !here.has(toHex(hash)))
  }

  /** Throws `Refusal('not_found')`. */
  async get(hash: Bytes): Promise<Bytes> {
    if (!(await this.#isStored(hash))) throw new Refusal('not_found', 'No such chunk')
    return this.#files.read(hash)
  }

  /** Removes what no item has named for a week, until done or told to stop. Gives how many. */
  async sweep(stop: () => boolean = () => false): Promise<number> {
    const { db, now } = this.#needs
    let count = 0
    for (;;) {
      const before = now() - PASSING_MS
      const rows = await db.many<{ hash: Bytes }>(
        'SELECT hash FROM chunk WHERE NOT referenced AND created < $1 ORDER BY created LIMIT $2',
        [before, SWEPT_AT_ONCE],
      )
      for (const { hash } of rows) {
        if (stop()) return count
        if (await this.#alone(hash, () => this.#remove(hash, before))) count++
      }
      if (rows.length < SWEPT_AT_ONCE) return count
    }
  }

  /**
   * Gives rows to files that have none: a database that was put back forgets what was sent since, while the disk has it.
   * They belong to nobody and are swept like any other, unless an item names them.
   */
  async adopt(): Promise<number> {
    const { db, now } = this.#needs
    let count = 0
    for await (const hashes of this.#files.list()) {
      const known = await db.many<{ hash: Bytes }>('SELECT hash FROM chunk WHERE hash = any($1) AND stored', [hashes])
      const names = new Set(known.map(({ hash }) => toHex(hash)))
      for (const hash of hashes) {
        if (names.has(toHex(hash))) continue
        const bytes = await this.#files.read(hash)
        if (!equal(sha256(bytes), hash)) continue
        await db.write((tx) =>
          tx.query(
            `INSERT INTO chunk (hash, size, created, uploader, stored) VALUES ($1, $2, $3, '', true)
             ON CONFLICT (hash) DO UPDATE SET stored = true`,
            [hash, bytes.length, now()],
          ),
        )
        count++
      }
    }
    return count
  }

  async #isStored(hash: Bytes): Promise<boolean> {
    const [missing] = await this.missing([hash])
    return missing === undefined
  }

  async #reserve(tx: Tx, person: Bytes, hash: Bytes, size: number): Promise<void> {
    const { now, roomOfOne = ROOM } = this.#needs
    // One of a person's sendings after another: two at once would both find the last bit of room.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('chunks ' || encode($1, 'hex'), 0))`, [person])
    const { taken } = (await tx.one<{ taken: number }>(
      'SELECT coalesce(sum(size), 0)::int8 AS taken FROM chunk WHERE uploader = $1 AND NOT referenced AND hash <> $2',
      [person, hash],
    ))!
    if (taken + size > roomOfOne) {
      throw new Refusal('file_quota', 'Too much was sent that no item names', { max: roomOfOne, taken })
    }
    await tx.query(
      `INSERT INTO chunk (hash, size, created, uploader) VALUES ($1, $2, $3, $4)
       ON CONFLICT (hash) DO UPDATE SET created = excluded.created, uploader = excluded.uploader`,
      [hash, size, now(), person],
    )
  }

  /** What the sequencer holds at this moment is passed over: it is about to be named, and nobody waits for anybody. */
  async #keep(tx: Tx, hashes: Bytes[]): Promise<void> {
    await tx.query(
      `UPDATE chunk SET created = $2 WHERE hash IN
         (SELECT hash FROM chunk WHERE hash = any($1) AND stored ORDER BY hash FOR NO KEY UPDATE SKIP LOCKED)`,
      [hashes, this.#needs.now()],
    )
  }

  /** First the row says that it is gone, then it goes, then the row: at no moment is it said to be here when it is not. */
  async #remove(hash: Bytes, before: number): Promise<boolean> {
    const { db } = this.#needs
    const { count } = await db.write((tx) =>
      tx.query('UPDATE chunk SET stored = false WHERE hash = $1 AND NOT referenced AND created < $2', [hash, before]),
    )
    if (count === 0) return false // named or asked for meanwhile
    await this.#files.remove(hash)
    await db.write((tx) => tx.query('DELETE FROM chunk WHERE hash = $1 AND NOT stored', [hash]))
    return true
  }

  async #alone<T>(hash: Bytes, work: () => Promise<T>): Promise<T> {
    const name = toHex(hash)
    const mine = (this.#turns.get(name) ?? Promise.resolve()).then(work, work)
    const settled = mine.catch(() => {}) // the caller has `mine`; the next in the queue only waits for its end
    this.#turns.set(name, settled)
    try {
      return await mine
    } finally {
      if (this.#turns.get(name) === settled) this.#turns.delete(name)
    }
  }
}
