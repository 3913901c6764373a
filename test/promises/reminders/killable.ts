import pg from 'pg'
import { type Db, openDb, type Tx } from '../../../server/db.ts'

type Run = (db: Db) => Promise<unknown>

/** A way to the database for something that is going to die: cut off from outside, or left hanging in a transaction. */
export class Killable {
  readonly db: Db
  readonly #url: string
  readonly #name: string
  readonly #open: Db[] = []
  #hanging: { until: number; release: () => void; run: Promise<unknown> } | undefined

  constructor(url: string, name: string) {
    this.#url = url
    this.#name = name
    this.db = this.#openDb(name)
  }

  /** Runs, and has every connection terminated after `ms`. True where that came before the end. */
  async kill(run: Run, ms: number): Promise<boolean> {
    const ended = run(this.db).then(
      () => true,
      () => false,
    )
    await new Promise((resolve) => setTimeout(resolve, ms))
    await this.#terminate(this.#name)
    return !(await ended)
  }

  /**
   * Runs up to the `n`-th statement of its transaction and then does nothing more, as a process that was stopped: the
   * transaction stays open until `cutOff`. False where it ended before.
   */
  async hang(run: Run, n: number, until: number): Promise<boolean> {
    const db = this.#openDb(`${this.#name} hanging`)
    let release = () => {}
    const reached = new Promise<true>((resolve) => {
      let left = n
      const stop = () => {
        resolve(true)
        return new Promise<never>((_, reject) => {
          release = () => reject(new Error('cut off'))
        })
      }
      const slow = (tx: Tx): Tx => ({
        ...tx,
        query: (...args) => (--left === 0 ? stop() : tx.query(...args)),
        many: (...args) => (--left === 0 ? stop() : tx.many(...args)),
        one: (...args) => (--left === 0 ? stop() : tx.one(...args)),
      })
      const through: Db = { ...db, write: (change) => db.write((tx) => change(slow(tx))) }
      this.#hanging = {
        until,
        release: () => release(),
        run: run(through).then(
          () => false,
          () => false,
        ),
      }
    })
    const hangs = await Promise.race([reached, this.#hanging!.run])
    if (hangs !== true) this.#hanging = undefined
    return hangs === true
  }

  /** What the database does after its time with who hangs: by `now` that time may have come. */
  async cutOff(now: number): Promise<void> {
    const hanging = this.#hanging
    if (!hanging || now < hanging.until) return
    this.#hanging = undefined
    await this.#terminate(`${this.#name} hanging`)
    hanging.release()
    await hanging.run
  }

  async close(): Promise<void> {
    await this.cutOff(Number.POSITIVE_INFINITY)
    for (const db of this.#open) await db.close()
  }

  #openDb(name: string): Db {
    const db = openDb({ url: `${this.#url}?application_name=${encodeURIComponent(name)}`, readers: 1, writers: 1 })
    this.#open.push(db)
    return db
  }

  /** By hand of somebody else, as an operator would. */
  async #terminate(name: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url })
    await client.connect()
    try {
      await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = $1', [
        name,
      ])
    } finally {
      await client.end()
    }
  }
}
