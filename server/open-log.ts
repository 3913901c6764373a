/** At start: does the database hold everything that was ever promised? */
import { equal } from '../core/bytes.ts'
import type { Checkpoint } from '../core/checkpoint.ts'
import { Refusal } from '../core/refusal.ts'
import { readCheckpointFile } from './checkpoint-file.ts'
import type { Read } from './db.ts'
import type { LogKey } from './log-key.ts'
import { type LogView, TileReader } from './log-view.ts'

/**
 * Compares the log of the database with the checkpoint file. Returns the size in the file, and why nothing may be written,
 * if so: `behind_checkpoint` when the file names a longer log, or another one. Reading goes on either way.
 */
export async function compareWithFile(
  db: Read,
  view: LogView,
  path: string,
  key: LogKey,
): Promise<{ size: number; refusal?: Refusal }> {
  let saved: Checkpoint | undefined
  try {
    saved = await readCheckpointFile(path, key)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { size: 0, refusal: behind(`${path} is not a checkpoint signed by this log's key`, view.size, null, error) }
  }
  if (!saved) return { size: 0 }
  if (saved.size > view.size) {
    const missing = saved.size - view.size
    const said = `the database holds ${view.size} items, ${path} vouches for ${saved.size}: ${missing} are missing`
    return { size: saved.size, refusal: behind(said, view.size, saved.size) }
  }
  const root = await new TileReader(db).rootAt(view, saved.size)
  if (equal(root, saved.root)) return { size: saved.size }
  const said = `the database holds another log than the one ${path} vouches for, from before item ${saved.size}`
  return { size: saved.size, refusal: behind(said, view.size, saved.size) }
}

function behind(said: string, have: number, want: number | null, cause?: unknown): Refusal {
  const refusal = new Refusal('behind_checkpoint', said, { have, want })
  refusal.cause = cause
  return refusal
}

/** What an operator reads on standard error, with the ways out. */
export function behindMessage({ message }: Refusal, path: string): string {
  return `smarak: NOTHING NEW IS ACCEPTED: ${message}.
  What is there can still be read. Ways out, best first:
    1. Restore the newest backup of the database, and start again.
    2. Let this server run for a while: devices that come by give back what they have of it. Then stop it, and
         ./smarak log recover
       puts everything in its place, or says what is still missing and changes nothing.
    3. If ${path} is the file of another service, give the right one with --checkpoint-file.
  Do not delete ${path}: it is the only witness of what was accepted.
`
}
