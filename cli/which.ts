import type { SmarakClient } from '../client/client.ts'
import type { DirectiveRow, HeldPost } from '../client/views.ts'
import { idText, readCose } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { importId } from '../features/directory/drafts.ts'
import { importKeyOf } from '../features/directory/founding.ts'
import type { Args } from './command.ts'

/** The code of a post by which an operator registered it. */
export function codeOf({ device }: SmarakClient, post: string): string {
  return device.proven.directory.post(post)?.code ?? post
}

/** The id of any post by its code: every import into a service gives it the same. */
export function idOfPost(code: string, { device }: SmarakClient): string {
  const { root } = device.proven
  const key = importKeyOf(root.logKey.publicKey, readCose(root.cose).header.time)
  return device.proven.directory.post(code)?.id ?? idText(importId(key, 'post', code))
}

/** The id of any office by its code, likewise. */
export function idOfOffice(code: string, { device }: SmarakClient): string {
  const { root } = device.proven
  return idText(importId(importKeyOf(root.logKey.publicKey, readCose(root.cose).header.time), 'office', code))
}

/** The held post that `--post` names, by its code or its id; undefined without the option. Throws `Refusal('post_not_held')`. */
export function postIn(args: Args, client: SmarakClient): HeldPost | undefined {
  const code = args.text('post')
  if (code === undefined) return undefined
  const { posts } = client.me
  const found = posts.find(({ id }) => id === code || codeOf(client, id) === code)
  if (found) return found
  throw new Refusal('post_not_held', `Does not hold ${code}`, { post: code, held: listOf(client, posts) })
}

/** Every row of this directive, of the post that `--post` names where it is given. Throws `Refusal('not_found')` when there is none. */
export function rowsOf(id: string, args: Args, client: SmarakClient): DirectiveRow[] {
  const post = postIn(args, client)
  const rows = client.rows.filter((row) => row.id === id && (!post || row.post === post.id))
  if (rows.length === 0) throw new Refusal('not_found', 'No such directive in this profile', { id })
  return rows
}

/** The row to read the directive by: that of who issued it, else of an addressed post. Throws `Refusal('not_found')`. */
export function rowToRead(id: string, args: Args, client: SmarakClient): DirectiveRow {
  const rows = rowsOf(id, args, client)
  const by = (wanted: DirectiveRow['role']) => rows.find(({ role }) => role === wanted)
  return by('issuing') ?? by('addressed') ?? rows[0]!
}

/**
 * The row to act on as an addressee: the only one addressed, or the only one of those that still owes something. Throws
 * `Refusal`: `not_found`, `several_posts`.
 */
export function rowToAct(id: string, args: Args, client: SmarakClient): DirectiveRow {
  const rows = rowsOf(id, args, client)
  const addressed = rows.filter(({ role }) => role === 'addressed')
  const owing = addressed.filter(({ owed }) => owed.length > 0)
  for (const some of [addressed, owing, rows]) if (some.length === 1) return some[0]!
  const held = client.me.posts.filter(({ id }) => addressed.some(({ post }) => post === id))
  throw new Refusal('several_posts', 'It came to several posts', { held: listOf(client, held) })
}

/** Refused before it is signed: throws `Refusal('directive_ended')` for what was cancelled or superseded. */
export function requireStanding({ cancelled, supersededBy }: Pick<DirectiveRow, 'cancelled' | 'supersededBy'>): void {
  if (cancelled || supersededBy) throw new Refusal('directive_ended', 'It asks nothing any more')
}

function listOf(client: SmarakClient, posts: HeldPost[]): string {
  return posts.map(({ id }) => codeOf(client, id)).join(', ')
}
