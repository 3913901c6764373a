import { fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Read } from '../../server/db.ts'
import type { Viewer } from '../../server/routes.ts'
import type { Directory, Id } from '../directory/index.ts'
import { coveredAbsence } from './covering.ts'

/**
 * Posts that are away or will be, and those at which somebody acts for one who was: for personnel, whoever makes or checks charges of
 * the whole service. Null for anybody else. Only where to look: what the absences say is proven by whoever asks.
 */
export async function absentPosts(
  { posts }: Viewer,
  { after, limit }: { after: Id; limit: number },
  { db, directory, now }: { db: Read; directory: Directory; now: number },
): Promise<Id[] | null> {
  const decides = posts.some(
    (post) => directory.hasPower(post, 'make', null) || directory.hasPower(post, 'check', null),
  )
  if (!decides) return null
  const acted = [...directory.posts()].filter(({ holders }) => holders.some((held) => coveredAbsence(held) !== null))
  const rows = await db.many<{ post: Uint8Array }>(
    `SELECT post FROM absence
      WHERE post > $1 AND (until IS NULL OR until > $2 OR post = any($3::bytea[]))
      ORDER BY post LIMIT $4`,
    [fromBase64url(after), now, acted.map(({ id }) => fromBase64url(id)), limit],
  )
  return rows.map(({ post }) => toBase64url(Uint8Array.from(post)))
}
