/**
 * The one way to PostgreSQL. Anyone with a `Db` may read; only `db.write` hands out a `Tx`, and every function that
 * changes data asks for one, so a write outside a transaction does not compile (and PostgreSQL refuses it as well:
 * reading connections are read-only).
 */
import pg from 'pg'
import { Refusal } from '../core/refusal.ts'
import { packed } from './db-arrays.ts'
import { forPeople, OutcomeUnknown } from './db-errors.ts'
import { types } from './db-types.ts'

export { OutcomeUnknown }

export type Row = Record<string, unknown>
export type Result<T> = { rows: T[] /** rows returned or, for a change, rows touched */; count: number }

/**
 * What both a `Db` and a `Tx` can do. Parameters: numbers, strings, booleans, null, Date, bigint, `Uint8Array`
 * (bytea), arrays of these (for `= any($1)` and `unnest`), plain objects (json). Rows come back with bytea as plain
 * `Uint8Array`, int8 as number (an error beyond 2^53), date as 'YYYY-MM-DD', numeric as string.
 *
 * @NOTE A text with parameters is prepared once per connection, so keep texts constant and put what varies in `params`.
 */
export interface Read {
  query<T extends object = Row>(text: string, params?: readonly unknown[]): Promise<Result<T>>
  /** All rows. */
  many<T extends object = Row>(text: string, params?: readonly unknown[]): Promise<T[]>
  /** The only row, or undefined where there is none; more than one is a bug and throws. */
  one<T extends object = Row>(text: string, params?: readonly unknown[]): Promise<T | undefined>
}

declare const writable: unique symbol
declare const readable: unique symbol

/** An open transaction. Only `write` makes one, and it is dead once the function it was given to has returned. */
export interface Tx extends Read {
  readonly [writable]: true
  /** Runs `act` after a durable COMMIT, in order; never after a rollback. What it throws is reported, not thrown. */
  afterCommit(act: () => void | Promise<void>): void
}

/** A snapshot: every read inside sees the database at one moment. */
export interface Snapshot extends Read {
  readonly [readable]: true
}

export interface Db extends Read {
  readonly [readable]: true
  /**
   * Runs `change` in one transaction and resolves once it is durable. Throws what `change` threw (rolled back), a
   * `Refusal` (`disk_full`, `database_unavailable`; rolled back), or `OutcomeUnknown` when the connection died between
   * COMMIT and its answer: then only reading again tells whether it happened.
   */
  write<T>(change: (tx: Tx) => Promise<T>): Promise<T>
  /** Several reads of one and the same moment. */
  snapshot<T>(look: (read: Snapshot) => Promise<T>): Promise<T>
  /** A connection of one's own, for whoever writes all day (the sequencer); its transactions queue behind each other. */
  writer(): Promise<Writer>
  /** Holds `key` for the whole database until released or the connection is lost; undefined when another holds it. */
  lockOnce(key: string): Promise<HeldLock | undefined>
  close(): Promise<void>
}

export interface Writer {
  /**
   * As `Db.write`, one after the other on this connection. What `ahead` reads goes out with BEGIN, so that `change` has it one
   * answer of the database sooner; it must not change anything.
   */
  write<T>(change: (tx: Tx) => Promise<T>): Promise<T>
  write<A, T>(change: (tx: Tx, found: A) => Promise<T>, ahead: (read: Read) => Promise<A>): Promise<T>
  /** Takes `key` on this very connection: while its writes succeed, the lock is held. False when another holds it. */
  lockOnce(key: string): Promise<boolean>
  /** Resolves when the connection has ended, wanted or not; every later `write` is refused. */
  readonly lost: Promise<void>
  close(): Promise<void>
}

export type HeldLock = { readonly lost: Promise<void>; release(): Promise<void> }

export type Statement = { text: string; ms: number; rows: number; failed: boolean }

export type DbOptions = {
  /** `postgresql://…`; a unix socket directory is written as its host, percent-encoded. */
  url: string
  /** Most connections for reading (10) and for writing (6). */
  readers?: number
  writers?: number
  /** Called after every statement. */
  onStatement?: (statement: Statement) => void
  /** Called with what nobody waits for: a failed `afterCommit`, an idle connection that died. */
  onError?: (error: unknown) => void
}

/** Opens pools; connects lazily, so a wrong address shows at the first query. */
export function openDb(options: DbOptions): Db {
  const { url, onStatement } = options
  const onError = options.onError ?? (() => {})
  const settings = { connectionString: url, types, pipeline: true, keepAlive: true, connectionTimeoutMillis: 15_000 }
  const lasting = { ...settings, idleTimeoutMillis: 60_000, allowExitOnIdle: true }
  const reading = new pg.Pool({
    ...lasting,
    max: options.readers ?? 10,
    options: '-c default_transaction_read_only=on',
  })
  const writing = new pg.Pool({ ...lasting, max: options.writers ?? 6 })
  for (const pool of [reading, writing]) {
    // Also while in use: unheard, it would end the process. A pool that ends does not wait until PostgreSQL has heard so.
    pool.on('connect', (client) => client.on('error', (error) => pool.ending || onError(error)))
    pool.on('error', () => {}) // the same error, passed on for an idle connection
  }
  const run: Run = (client, text, params) => timed(client, text, params, onStatement)

  async function withClient<T>(pool: pg.Pool, use: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error) => Promise.reject(forPeople(error)))
    let broken: unknown = true // until told otherwise: a connection in an unknown state is never reused
    try {
      const result = await use(client)
      broken = false
      return result
    } catch (error) {
      broken = !isIdle(client)
      throw error
    } finally {
      client.release(broken !== false)
    }
  }

  const read = reads((text, params) => withClient(reading, (client) => run(client, text, params)))

  async function writer(): Promise<Writer> {
    const client = new pg.Client(settings)
    client.on('error', onError)
    const lost = new Promise<void>((resolve) => client.once('end', () => resolve()))
    await client.connect().catch((error) => Promise.reject(forPeople(error)))
    let last: Promise<unknown> = Promise.resolve()
    const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
      const result = last.then(act)
      last = result.catch(() => {}) // the caller has `result`; the next in the queue only waits for its end
      return result
    }
    return {
      write: <A, T>(change: (tx: Tx, found: A) => Promise<T>, ahead?: (read: Read) => Promise<A>) =>
        inTurn(() => transaction(client, run, change, onError, ahead)),
      lockOnce: (key) => inTurn(() => tryLock(client, run, key)),
      lost,
      close: () => inTurn(() => client.end()),
    }
  }

  const doors: Omit<Db, typeof readable> = {
    ...read,
    write: (change) => withClient(writing, (client) => transaction(client, run, change, onError)),
    snapshot: (look) => withClient(reading, (client) => lookOnce(client, run, look)),
    writer,
    async lockOnce(key) {
      const held = await writer()
      if (await held.lockOnce(key)) return { lost: held.lost, release: held.close }
      await held.close()
      return undefined
    },
    async close() {
      await Promise.all([reading.end(), writing.end()])
    },
  }
  return doors as Db
}

type Run = (client: pg.ClientBase, text: string, params: readonly unknown[]) => Promise<Result<Row>>

function reads(query: (text: string, params: readonly unknown[]) => Promise<Result<Row>>): Read {
  return {
    query: <T extends object>(text: string, params: readonly unknown[] = []) =>
      query(text, params) as unknown as Promise<Result<T>>,
    many: async <T extends object>(text: string, params: readonly unknown[] = []) =>
      (await query(text, params)).rows as T[],
    one: async <T extends object>(text: string, params: readonly unknown[] = []) => {
      const { rows } = await query(text, params)
      if (rows.length > 1) throw new Error(`One row expected, ${rows.length} found: ${text}`)
      return rows[0] as T | undefined
    },
  }
}

const IN_FAILED_TRANSACTION = '25P02'

async function transaction<T, A = undefined>(
  client: pg.ClientBase,
  run: Run,
  change: (tx: Tx, found: A) => Promise<T>,
  onError: (error: unknown) => void,
  ahead?: (read: Read) => Promise<A>,
): Promise<T> {
  const afterwards: (() => void | Promise<void>)[] = []
  let open = true
  const guard = () => {
    if (!open) throw new Error('This transaction has ended; await everything inside the function given to write')
  }
  let broke: unknown
  const read = reads(async (text, params) => {
    guard()
    return run(client, text, params).catch((error: unknown) => {
      broke ??= error
      throw error
    })
  })
  const doors: Omit<Tx, typeof writable> = {
    ...read,
    afterCommit(act) {
      guard()
      afterwards.push(act)
    },
  }

  // @NOTE BEGIN is awaited before anything is changed: were it alone to fail, what follows would commit by itself.
  const begun = run(client, 'BEGIN', [])
  const found = ahead?.(read)
  found?.catch(() => {}) // whoever awaits it below hears of it; where BEGIN failed nobody need
  await begun
  let result: T
  try {
    result = await change(doors as Tx, (await found) as A)
  } catch (error) {
    open = false
    await run(client, 'ROLLBACK', []).catch(onError) // a dead connection has rolled back already
    // @NOTE Of statements sent together those behind a broken one fail too, and may be heard of first. What broke is the first.
    throw (error as { code?: unknown }).code === IN_FAILED_TRANSACTION ? broke : error
  }
  open = false

  const answer = await commit(client)
  // @NOTE PostgreSQL answers COMMIT of a failed transaction with success, named ROLLBACK. Nothing was kept.
  if (answer !== 'COMMIT') throw new Error('The transaction was rolled back: a statement in it failed unheard')
  for (const act of afterwards) {
    try {
      Promise.resolve(act()).catch(onError)
    } catch (error) {
      onError(error) // the data is safe; one listener's fault must not silence the others
    }
  }
  return result
}

async function commit(client: pg.ClientBase): Promise<string> {
  try {
    return (await client.query('COMMIT')).command
  } catch (error) {
    // An answer with an SQLSTATE outside class 57 (going down) is PostgreSQL's own word that it did not commit.
    const code = (error as { code?: unknown }).code
    const answered = error instanceof pg.DatabaseError && typeof code === 'string' && !code.startsWith('57')
    throw answered ? forPeople(error) : new OutcomeUnknown(error)
  }
}

async function lookOnce<T>(client: pg.ClientBase, run: Run, look: (read: Snapshot) => Promise<T>): Promise<T> {
  await run(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', [])
  try {
    return await look(reads((text, params) => run(client, text, params)) as Snapshot)
  } finally {
    await run(client, 'ROLLBACK', []).catch(() => {}) // nothing to lose; a dead connection is not reused
  }
}

async function tryLock(client: pg.ClientBase, run: Run, key: string): Promise<boolean> {
  const { rows } = await run(client, 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held', [key])
  return rows[0]?.held === true
}

function isIdle(client: pg.ClientBase): boolean {
  return client.getTransactionStatus() === 'I'
}

/** Statement names by text. Past the limit (texts built at run time) statements go unnamed instead of piling up. */
const names = new Map<string, string>()

function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known) return known
  if (names.size >= 1_000) return undefined
  const name = `s${names.size + 1}`
  names.set(text, name)
  return name
}

async function timed(
  client: pg.ClientBase,
  text: string,
  params: readonly unknown[],
  onStatement: DbOptions['onStatement'],
): Promise<Result<Row>> {
  const start = performance.now()
  let failed = true
  let rows = 0
  try {
    const name = params.length > 0 ? nameOf(text) : undefined
    const answers = await client.query<Row>({ text, values: params.map(packed), ...(name && { name }) })
    const answer = Array.isArray(answers) ? (answers.at(-1) as typeof answers) : answers // several statements: the last
    failed = false
    rows = answer.rowCount ?? 0
    return { rows: answer.rows, count: rows }
  } catch (error) {
    throw forPeople(error)
  } finally {
    onStatement?.({ text, ms: performance.now() - start, rows, failed })
  }
}

/** Refuses a server that is too old or could not sort and search Bangla. Run once at start. */
export async function checkServer(db: Db): Promise<void> {
  const found = await db.one<{ version: number; encoding: string; bangla: boolean }>(
    `SELECT current_setting('server_version_num')::int AS version,
            current_setting('server_encoding') AS encoding,
            -- with ctype C no Bangla letter is a letter, and pg_trgm finds nothing
            'ক' ~ '[[:alpha:]]' AS bangla`,
  )
  if (!found) throw new Error('PostgreSQL did not describe itself')
  if (found.version < 150_000)
    throw new Refusal('postgres_too_old', 'PostgreSQL 15 or newer is needed; point DATABASE_URL at one', found)
  if (found.encoding !== 'UTF8' || !found.bangla)
    throw new Refusal(
      'postgres_locale',
      `The database does not know Bangla letters (encoding ${found.encoding}). Make it anew: CREATE DATABASE smarak ` +
        "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' " +
        "LC_CTYPE 'C.UTF-8' (before PostgreSQL 17: LC_CTYPE 'C.UTF-8' alone)",
      found,
    )
}
