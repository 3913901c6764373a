/** One PostgreSQL data directory: made, started, found running, stopped. */
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { chown, lstat, mkdir, mkdtemp, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { toHex, utf8 } from '../../core/bytes.ts'
import { sha256 } from '../../core/hash.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Binaries } from './binaries.ts'
import { environment, type Launcher } from './launch.ts'
import { gone, isPostgresOf } from './process.ts'

export type Settings = Record<string, string>

/** Everything that differs from PostgreSQL's own defaults, and why. */
export const SETTINGS: Settings = {
  listen_addresses: "''", // a unix socket only: no port to find, and the directory's permissions are the lock
  unix_socket_permissions: '0700',
  ssl: 'off',
  max_connections: '60',
  shared_buffers: '64MB',
  fsync: 'on',
  synchronous_commit: 'on', // off loses acknowledged rows at kill -9
  jit: 'off', // compiles for longer than our queries run
  wal_level: 'replica',
  max_wal_size: '512MB',
  wal_compression: 'on',
  bytea_output: "'hex'",
  timezone: "'UTC'",
  log_timezone: "'UTC'",
  logging_collector: 'on',
  log_filename: "'postgres-%a.log'", // seven files, each overwritten a week later
  log_truncate_on_rotation: 'on',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_error_verbosity: 'terse', // details of an error quote rows; rows do not belong in a log
  log_min_messages: 'warning',
}

export type Place = {
  /** PGDATA, an absolute real path. */
  cluster: string
  /** Where its log goes. */
  logs: string
}

export type Running = { pid: number; socket: string; child: ChildProcess | undefined }

const USER = 'smarak'
const SOCKET_NAME = '/.s.PGSQL.5432'
const LONGEST_SOCKET = 107 // sun_path of unix(7), without its final zero

/** Makes the data directory if it is not there. A crash half-way leaves only `….new`, which the next start removes. */
export async function makeCluster(place: Place, binaries: Binaries, launcher: Launcher): Promise<boolean> {
  const version = await readFile(join(place.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (version !== undefined) {
    if (version.trim() === '18') return false
    throw new Refusal(
      'postgres_version',
      `The data in ${place.cluster} was written by PostgreSQL ${version.trim()}; this release brings 18. Start the ` +
        'release that wrote it, make a backup, and restore that here',
    )
  }
  const fresh = `${place.cluster}.new`
  await rm(fresh, { recursive: true, force: true })
  await launcher.own(fresh)
  const child = launcher.spawn(
    binaries.initdb,
    [
      ...['-D', fresh, '-U', USER, '--auth=trust', '--encoding=UTF8', '--data-checksums'],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--lc-collate=C', '--lc-ctype=C.UTF-8'],
      ...['--lc-messages=C', '--lc-monetary=C', '--lc-numeric=C', '--lc-time=C'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/', env: environment(binaries) },
  )
  const { code, said } = await ending(child)
  if (code !== 0) {
    await rm(fresh, { recursive: true, force: true })
    throw refusalFrom(said, 'its data directory could not be made')
  }
  await writeFile(join(fresh, 'pg_hba.conf'), 'local all all trust\n') // nobody else gets past the directory's 0700
  await rename(fresh, place.cluster)
  return true
}

/**
 * The PostgreSQL a killed server left running: adopted when it runs with the same settings, stopped otherwise.
 * Sessions of the killed server are ended first, so that none of its commits happens after we have begun to read.
 */
export async function findRunning(place: Place, settings: Settings): Promise<Running | undefined> {
  const file = join(place.cluster, 'postmaster.pid')
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  if (!(await isPostgresOf(pid, place.cluster))) {
    // @NOTE The number may now be another process's, and PostgreSQL would refuse to start because of it. It never
    // takes its own parent for a rival: so we put our number there and leave its check for living backends to it.
    await writeFile(file, [String(process.pid), ...lines.slice(1)].join('\n'))
    // Beside the socket stands the same number, with no such way out: a zombie that nobody reaps would hold it for ever.
    if (lines[4]) await rm(`${lines[4]}${SOCKET_NAME}.lock`, { force: true })
    return undefined
  }
  const socket = lines[4] ?? ''
  const same = (await readFile(join(place.cluster, 'postgresql.conf'), 'utf8').catch(() => '')) === written(settings)
  if (same && lines[7]?.trim() === 'ready') return { pid, socket, child: undefined }
  await stopRunning({ pid, socket, child: undefined })
  return undefined
}

/** Starts PostgreSQL and waits until it takes connections; crash recovery may take its time. */
export async function start(
  place: Place,
  binaries: Binaries,
  launcher: Launcher,
  settings: Settings,
): Promise<Running> {
  const owner = await stat(place.cluster)
  await mkdir(place.logs, { recursive: true, mode: 0o700 })
  if (process.getuid?.() === 0) await chown(place.logs, owner.uid, owner.gid)
  await writeFile(join(place.cluster, 'postgresql.conf'), written(settings))
  const socket = await socketDirectory(place.cluster, owner)
  const firstWords = join(place.logs, 'postgres-start.log')
  const giveUp = performance.now() + 15_000
  for (;;) {
    const log = openSync(firstWords, 'w', 0o600)
    const logged = await sizeOf(logOf(place.logs))
    const child = launcher.spawn(
      binaries.postgres,
      ['-D', place.cluster, '-k', socket, '-c', `log_directory=${place.logs}`],
      // detached: Ctrl-C in a terminal reaches only us, and we stop PostgreSQL when the last answer is out
      { stdio: ['ignore', 'ignore', log], cwd: '/', env: environment(binaries), detached: true },
    )
    closeSync(log)
    if (await isReady(place.cluster, child)) {
      child.unref()
      return { pid: child.pid!, socket, child }
    }
    const said = await readFile(firstWords, 'utf8')
    // Orphans of a killed PostgreSQL end by themselves within moments; until then a new one rightly refuses.
    const orphans = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(said)
    if (!orphans || performance.now() > giveUp) {
      await removeSocketDirectory(place.cluster, socket)
      const later = await readFile(logOf(place.logs)).catch(() => Buffer.alloc(0))
      throw refusalFrom(`${said}\n${later.subarray(logged)}`, 'it ended at once')
    }
    await sleep(200)
  }
}

/** Fast shutdown; after 30 s an immediate one, which loses nothing and recovers at the next start. */
export async function stopRunning({ pid }: Running): Promise<void> {
  for (const [signal, ms] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return
      throw error
    }
    if (await gone(pid, ms)) return
  }
  throw new Refusal('postgres_cannot_stop', `PostgreSQL (process ${pid}) does not end; end it by hand`)
}

/** A connection address for `database` on this server. */
export function urlOf(running: Running, database: string): string {
  return `postgresql://${USER}@${encodeURIComponent(running.socket)}:5432/${database}`
}

/** Removes the short place of the socket, where one was needed. */
export async function removeSocketDirectory(cluster: string, socket: string): Promise<void> {
  if (socket !== cluster && socket) await rmdir(socket).catch(() => {}) // not empty: still in use, and small
}

function written(settings: Settings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  return [
    '# Written by smarak at every start. Put your own settings into own.conf beside this file.',
    ...lines,
    "include_if_exists 'own.conf'",
    '',
  ].join('\n')
}

/**
 * The data directory itself, or a private one in /tmp when that path is too long for a socket: always the same one, so
 * that connections find it again after a restart, unless somebody else has put himself there.
 */
async function socketDirectory(cluster: string, owner: { uid: number; gid: number }): Promise<string> {
  if (Buffer.byteLength(cluster + SOCKET_NAME) <= LONGEST_SOCKET) return cluster
  let short = `/tmp/smarak-${toHex(sha256(utf8(cluster))).slice(0, 16)}`
  try {
    await mkdir(short, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const found = await lstat(short)
    const ours = found.isDirectory() && found.uid === owner.uid && (found.mode & 0o777) === 0o700
    if (!ours) short = await mkdtemp('/tmp/smarak-')
  }
  if (process.getuid?.() === 0) await chown(short, owner.uid, owner.gid)
  return short
}

async function isReady(cluster: string, child: ChildProcess): Promise<boolean> {
  let ended = false
  let fault: Error | undefined
  child.once('exit', () => {
    ended = true
  })
  child.once('error', (error) => {
    ended = true
    fault = error
  })
  for (;;) {
    const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return true
    if (fault) throw refusalFrom(fault.message, 'it could not be executed')
    if (ended) return false
    await sleep(4)
  }
}

async function ending(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: -1, said: `${said}\n${error.message}` }))
    child.on('close', (code) => resolve({ code, said }))
  })
}

/** Today's log, where PostgreSQL writes after its first words. */
function logOf(logs: string): string {
  const day = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' }).format()
  return join(logs, `postgres-${day}.log`)
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0
}

/** Turns PostgreSQL's last words into what a person can do. */
function refusalFrom(said: string, what: string): Refusal {
  const grave = said.split('\n').filter((line) => /FATAL|PANIC|ERROR|HINT|could not|error:/.test(line))
  const words = (grave.length > 0 ? grave.join('\n') : said).trim()
  if (/No space left on device/.test(words))
    return new Refusal('disk_full', 'The disk is full: PostgreSQL could not start. Make room and start again', {
      said: words,
    })
  return new Refusal(
    'postgres_cannot_start',
    `PostgreSQL could not start (${what}). Its last words: ${words.slice(-600) || 'none'}. Mend that and start ` +
      'again, or set DATABASE_URL to a PostgreSQL 15 or newer',
    { said: words },
  )
}
