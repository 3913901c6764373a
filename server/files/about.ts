import { fromBase64url } from '../../core/bytes.ts'
import type { Read } from '../db.ts'
import type { Noted } from '../feature.ts'

/** The files a person sent, by the hour: the server knows pieces and sizes, never which belong together, nor any name. */
export async function filesOf(read: Read, person: string): Promise<Noted[]> {
  const rows = await read.many<{ at: number; until: number; size: number; n: number; referenced: boolean }>(
    `SELECT min(created) AS at, max(created) AS until, sum(size)::int8 AS size, count(*)::int AS n, referenced
     FROM chunk WHERE uploader = $1 GROUP BY created / 3600000, referenced`,
    [fromBase64url(person)],
  )
  return rows.map(({ at, until, size, n, referenced }) => ({
    what: referenced ? 'files' : 'files-passing',
    at,
    ...(until > at ? { until } : {}),
    size,
    n,
  }))
}
