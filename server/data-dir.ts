/** The data directory: one server at a time, nobody else's eyes. */
import { link, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Refusal } from '../core/refusal.ts'
import { birthOf } from './postgres/process.ts'

export type DataDir = {
  path: string
  /** For `startPostgres`. */
  postgres: { directory: string; inside: string }
  /** Encrypted chunks of attachments. */
  files: string
  /** Lets the next server in. */
  close(): Promise<void>
}

/**
 * Makes the directory if absent and takes its lock. The lock is a file with the process number and its birth, so that a
 * killed server's lock is known to be stale even after the number is in use again.
 * Throws `Refusal`: `data_dir_in_use` (details: pid), `data_dir_unwritable`, `disk_full`.
 */
export async function openDataDir(path: string): Promise<DataDir> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const lock = join(path, 'lock')
    await takeLock(lock)
    return {
      path,
      postgres: { directory: join(path, 'postgres'), inside: path },
      files: join(path, 'files'),
      close: () => rm(lock, { force: true }),
    }
  } catch (error) {
    throw worded(error, path)
  }
}

async function takeLock(lock: string): Promise<void> {
  const mine = `${process.pid} ${await birthOf(process.pid)}`
  const draft = `${lock}.${process.pid}`
  await writeFile(draft, mine, { mode: 0o600 })
  try {
    for (;;) {
      // link, unlike a plain write, makes the whole file appear at once or not at all
      if (await succeeds(link(draft, lock), 'EEXIST')) return
      const theirs = await readFile(lock, 'utf8').catch(() => undefined)
      if (theirs === undefined) continue // just released
      const [pid, ...birth] = theirs.split(' ')
      if ((await birthOf(Number(pid))) === birth.join(' '))
        throw new Refusal(
          'data_dir_in_use',
          `Another server (process ${pid}) works in ${dirname(lock)}; stop it, or give --data`,
          { pid: Number(pid) },
        )
      await removeStale(lock, theirs, `${draft}.stale`)
    }
  } finally {
    await unlink(draft)
  }
}

/** Two servers may find the same stale lock: whoever moves away a fresh one puts it back. */
async function removeStale(lock: string, stale: string, aside: string): Promise<void> {
  if (!(await succeeds(rename(lock, aside), 'ENOENT'))) return
  if ((await readFile(aside, 'utf8')) !== stale) await succeeds(link(aside, lock), 'EEXIST')
  await unlink(aside)
}

async function succeeds(act: Promise<void>, otherwise: string): Promise<boolean> {
  try {
    await act
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === otherwise) return false
    throw error
  }
}

function worded(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return refusal('disk_full', `The disk under ${path} is full; make room and start again`, error)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST')
    return refusal('data_dir_unwritable', `${path} cannot be written; give --data a directory of your own`, error)
  return error
}

function refusal(code: string, message: string, cause: unknown): Refusal {
  const worded = new Refusal(code, message)
  worded.cause = cause
  return worded
}
