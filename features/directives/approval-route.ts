import { fromBase64url } from '../../core/bytes.ts'
import type { Read } from '../../server/db.ts'
import type { Directory, Id } from '../directory/index.ts'
import type { PracticeEntry } from './duty.ts'

/** Whose approval the letters of a post need, in their order; nobody's unless its office says so. */
export async function routeOf(read: Read, post: Id, directory: Pick<Directory, 'post'>): Promise<Id[]> {
  const office = directory.post(post)?.office
  if (!office) return []
  const row = await read.one<{ routes: PracticeEntry['routes'] }>('SELECT routes FROM practice WHERE office = $1', [
    fromBase64url(office),
  ])
  return row?.routes?.find((route) => route.post === post)?.approvers ?? []
}
