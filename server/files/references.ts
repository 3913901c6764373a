/** What a feature asks of the chunks its items name, within the sequencer's transaction. */
import type { Bytes } from '../../core/bytes.ts'
import type { Read, Tx } from '../db.ts'

/**
 * Those of `hashes` that are here. `tx` is a transaction that may write, and they stay here until the transaction ends, whatever the sweep does; so
 * ask in `load`, refuse an item with `file_missing` that names any other, and call `markReferenced` in `project`.
 */
export async function chunksPresent(tx: Read, hashes: readonly Bytes[]): Promise<Bytes[]> {
  if (hashes.length === 0) return []
  const rows = await tx.many<{ hash: Bytes }>(
    // In the order of their names: whoever else locks several does so too.
    'SELECT hash FROM chunk WHERE hash = any($1) AND stored ORDER BY hash FOR NO KEY UPDATE',
    [hashes],
  )
  return rows.map(({ hash }) => hash)
}

/** These chunks belong to the record now: they are not swept, and count towards nobody's room. */
export async function markReferenced(tx: Tx, hashes: readonly Bytes[]): Promise<void> {
  if (hashes.length === 0) return
  await tx.query('UPDATE chunk SET referenced = true WHERE hash = any($1) AND NOT referenced', [hashes])
}

/** Both, as a feature takes them. */
export const chunkReferences = { present: chunksPresent, keep: markReferenced }
