import type { DirectiveDetail } from '../client/views.ts'
import { Refusal } from '../core/refusal.ts'
import { amended } from '../features/directives/web/amended.ts'
import { fieldsIn } from '../features/directives/web/asked-fields.ts'
import { type Command, EXIT } from './command.ts'
import { atDesk, awaitKey, type Desk, deskOptions, postOption, send } from './desk.ts'
import { detailText } from './detail-text.ts'
import { rowJson, sayAge } from './inbox.ts'
import { requireOnline } from './issue.ts'
import { idOfPost, rowToRead } from './which.ts'

/**
 * `show ID`: the letter and its thread, or with `--of` that of another addressed post, for those who may read it. Showing it to
 * an addressee signs that it was opened, once.
 */
export const show: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: { ...deskOptions, ...postOption, of: { value: 'CODE', says: 'cli.options.of' } },
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    return atDesk(args, io, async (desk) => {
      const { client } = desk
      await awaitKey(desk, id)
      const row = rowToRead(id, args, client)
      if (row.unreadable) throw new Refusal('cannot_open', 'No key on this device yet', { id })
      const of = args.text('of')
      if (of !== undefined) requireOnline(desk)
      const detail = await opened(desk, id, row.post, of === undefined ? undefined : idOfPost(of, client))
      if (io.json) io.out(JSON.stringify(detailJson(detail, desk)))
      else {
        sayAge(desk, io)
        io.out(detailText(detail, client, io))
      }
      return EXIT.ok
    })
  },
}

async function opened(desk: Desk, id: string, post: string, of: string | undefined): Promise<DirectiveDetail> {
  const { client, online } = desk
  const detail = await client.open(id, post)
  const thread = online ? await client.thread(id, of ?? post).catch(none(of)) : null
  if (detail.parts !== null) {
    await client.shown(id, post)
    const receipt = client.outbox.find(({ what }) => what === 'open')
    if (receipt && online) await send(desk, receipt.id)
  }
  return { ...detail, thread: thread ?? detail.thread }
}

/** A post that only supervises, or that issued, has no thread of its own. */
function none(of: string | undefined) {
  return (error: unknown): null => {
    if (of === undefined && error instanceof Refusal && ['not_found', 'offline'].includes(error.code)) return null
    throw error
  }
}

function detailJson(detail: DirectiveDetail, { client }: Desk) {
  const { parts, thread, openedAt = null, acknowledgedAt = null } = detail
  const fields = fieldsIn(amended(parts ?? [], detail.changes).parts)
  return { ...rowJson(detail, client), openedAt, acknowledgedAt, parts, fields, thread }
}
