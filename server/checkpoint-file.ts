/**
 * The newest checkpoint, outside the database: what shows that a database came back with acknowledged rows missing.
 * It is replaced as a whole, so whoever reads it finds an old checkpoint or a new one, never half of one.
 */
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Checkpoint, openCheckpoint } from '../core/checkpoint.ts'
import { Refusal } from '../core/refusal.ts'
import type { LogKey } from './log-key.ts'
import { syncDirectory } from './sync-directory.ts'

export type CheckpointFile = {
  /** Resolves once a checkpoint of at least this size is on disk. */
  save(size: number, checkpoint: string): Promise<void>
}

/** `at` is the size already known to be in the file. Errors of writing are thrown as `Refusal('disk_full')` or as they are. */
export function checkpointFile(path: string, at: number): CheckpointFile {
  let saved = at
  let newest = { size: at, checkpoint: '' }
  let last: Promise<void> = Promise.resolve()
  return {
    save(size, checkpoint) {
      if (size > newest.size) newest = { size, checkpoint }
      const turn = last.then(async () => {
        if (saved >= size) return
        const { size: larger, checkpoint: text } = newest
        await replaceFile(path, text)
        saved = larger
      })
      last = turn.catch(() => {}) // the caller has `turn`; the next in the queue tries again by itself
      return turn
    },
  }
}

/** The checkpoint in the file, or undefined where there is no file. Throws `Refusal('bad_note')` for one not of this log. */
export async function readCheckpointFile(path: string, key: LogKey): Promise<Checkpoint | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return openCheckpoint(text, key.note)
}

/** Writes beside, syncs, renames over, syncs the directory: a crash at any step leaves the old file or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  try {
    const handle = await open(`${path}.new`, 'w', 0o600)
    try {
      await handle.writeFile(text)
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await rename(`${path}.new`, path)
    await syncDirectory(dirname(path))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error
    const refusal = new Refusal('disk_full', `The disk of ${path} is full; make room and try again`)
    refusal.cause = error
    throw refusal
  }
}
