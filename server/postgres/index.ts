/**
 * PostgreSQL out of npm, in a directory of our own: nothing to install, nothing listening on a port.
 *
 * @NOTE Whoever calls this holds the data directory's lock (`openDataDir`): an adopted PostgreSQL cannot tell two
 * servers apart.
 */
import { mkdir, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { findBinaries } from './binaries.ts'
import {
  findRunning,
  makeCluster,
  type Running,
  removeSocketDirectory,
  SETTINGS,
  type Settings,
  start,
  stopRunning,
  urlOf,
} from './cluster.ts'
import { chooseLauncher } from './launch.ts'
import { gone } from './process.ts'

export type Postgres = {
  /** The address of the database `smarak`, which exists. */
  readonly url: string
  /** The same server, another database. */
  urlFor(database: string): string
  readonly pid: number
  /** Whether it was running already, left by a killed server. */
  readonly adopted: boolean
  /** Resolves when it has ended; `wanted` after `stop`. Calling `startPostgres` again is safe then. */
  readonly ended: Promise<{ wanted: boolean }>
  stop(): Promise<void>
}

export type PostgresOptions = {
  /** Holds the cluster and its log. Made if absent. */
  directory: string
  /** The directory of ours that `directory` lies in, if any: where PostgreSQL must run as another user, he may pass it. */
  inside?: string
  /** Over the usual ones. Only a test may trade durability for speed. */
  settings?: Settings
  /** Makes the database `smarak` if absent (true). */
  database?: boolean
}

/** Makes, adopts or starts the PostgreSQL of `directory`. Throws `Refusal`: postgres_missing, postgres_cannot_start, postgres_version, disk_full. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  const directory = await realpath(options.directory)
  const place = { cluster: join(directory, 'cluster'), logs: join(directory, 'logs') }
  const settings = { ...SETTINGS, ...options.settings }
  let running = await findRunning(place, settings)
  const adopted = running !== undefined
  if (!running) {
    const binaries = await findBinaries(join(directory, 'libraries'))
    const launcher = await chooseLauncher(place.cluster, binaries, [
      directory,
      ...(options.inside ? [options.inside] : []),
    ])
    await makeCluster(place, binaries, launcher)
    running = await start(place, binaries, launcher, settings)
  }
  const server = running
  try {
    await prepare(server, adopted, options.database ?? true)
  } catch (error) {
    // Adopted in the moment in which it died: then there is none, and one is started.
    if (adopted && (await gone(server.pid, 1_000))) return startPostgres(options)
    await stopRunning(server)
    throw error
  }

  let wanted = false
  const ended = (async () => {
    if (server.child) await exitOf(server.child)
    else while (!(await gone(server.pid, 3_600_000)));
    await removeSocketDirectory(dirname(place.cluster), server.socket)
    return { wanted }
  })()
  return {
    url: urlOf(server, 'smarak'),
    urlFor: (database) => urlOf(server, database),
    pid: server.pid,
    adopted,
    ended,
    async stop() {
      wanted = true
      // Its end is waited for below: where nothing else is left to do, this process would end before it hears of it.
      server.child?.ref()
      await stopRunning(server)
      await ended
    },
  }
}

function exitOf(child: NonNullable<Running['child']>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

async function prepare(server: Running, adopted: boolean, wanted: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(server, 'postgres') })
  await client.connect()
  try {
    // What the killed server had begun must end before we read: a COMMIT in flight could land after our first look.
    if (adopted)
      await client.query(
        `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      )
    if (!wanted) return
    const { rows } = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'smarak'`)
    if (rows.length === 0) await client.query(createDatabase('smarak', 'template0'))
  } finally {
    await client.end()
  }
}

/** Bangla letters are letters only with ctype C.UTF-8: with C, pg_trgm finds nothing and `।` sticks to words. */
export function createDatabase(name: string, template: string): string {
  return (
    `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)} ENCODING 'UTF8' ` +
    `LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`
  )
}
