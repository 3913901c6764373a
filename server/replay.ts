import type { Bytes } from '../core/bytes.ts'
import { readCose } from '../core/item.ts'
import type { Kind } from '../core/kind.ts'
import type { Read } from './db.ts'

const PAGE = 2_000

/**
 * Folds every stored item of these kinds into `state`, in log order, as the sequencer did when it placed them. Rules are
 * not asked again. Throws where an item cannot be read: then the database is damaged, or older than this release.
 */
export async function replay<S>(
  db: Read,
  // biome-ignore lint/suspicious/noExplicitAny: each kind has an entry of its own
  kinds: readonly Kind<any, S>[],
  state: S,
): Promise<void> {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]))
  for (let from = 0; ; ) {
    const rows = await db.many<{ index: number; kind: string; accepted: number; cose: Bytes; leaf_hash: Bytes }>(
      `SELECT index, kind, accepted, cose, leaf_hash FROM item
        WHERE kind = any($1::text[]) AND index >= $2 ORDER BY index LIMIT $3`,
      [[...byName.keys()], from, PAGE],
    )
    const bodies = await readBodies(db, rows)
    for (const row of rows) {
      const kind = byName.get(row.kind)!
      const { header } = readCose(row.cose)
      const entry = kind.read({ header, body: bodies.get(row.index) ?? [] })
      kind.apply(entry, header, { index: row.index, time: row.accepted, leafHash: row.leaf_hash }, state)
    }
    if (rows.length < PAGE) return
    from = rows.at(-1)!.index + 1
  }
}

async function readBodies(db: Read, rows: { index: number }[]): Promise<Map<number, Bytes[]>> {
  const sections = await db.many<{ index: number; bytes: Bytes }>(
    'SELECT index, bytes FROM section WHERE index = any($1::bigint[]) ORDER BY index, n',
    [rows.map(({ index }) => index)],
  )
  const bodies = new Map<number, Bytes[]>()
  for (const { index, bytes } of sections) {
    const body = bodies.get(index)
    if (body) body.push(bytes)
    else bodies.set(index, [bytes])
  }
  return bodies
}
