import type { Progress } from '../client/act.ts'
import type { IssueDraft } from '../client/views.ts'
import { Refusal } from '../core/refusal.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT } from './command.ts'
import { askedIn, composeLetter, letterOptions } from './compose.ts'
import { atDesk, type Desk, send } from './desk.ts'
import { progressTo } from './import.ts'

/** `issue --letter FILE`: seals a letter to every post its lines mean, signs it and places it. Needs a connection. */
export const issue: Command = {
  options: letterOptions,
  json: true,
  async run(args, io) {
    const asked = askedIn(args)
    args.needed('letter')
    return atDesk(args, io, async (desk) => {
      requireOnline(desk)
      const draft = await composeLetter(args, asked, io, desk.client)
      const issued = await issueNow(desk, draft, progressTo(io))
      io.out(io.json ? JSON.stringify(issued) : say(io.lang, 'cli.issue.done', issued))
      return EXIT.ok
    })
  },
}

/** Throws `Refusal('offline')`: a letter goes to the posts as they are known now, or not at all. */
export function requireOnline({ online }: Desk): void {
  if (!online) throw new Refusal('offline', 'No connection; nothing was issued')
}

/**
 * Throws what refused it, the letter then not being issued; `issue_pending` where it was sent and no answer came, `kept_in_outbox`
 * where the server takes nothing now.
 */
export async function issueNow(
  desk: Desk,
  draft: IssueDraft,
  progress?: Progress,
): Promise<{ id: string; index: number; addressees: number }> {
  const { outbox } = desk.client.device
  const local = await outbox.add({ what: 'issue', post: draft.post, draft }, draft.summary.subject)
  try {
    const sent = await send(desk, local, progress)
    if (!sent) throw new TypeError('a letter that was issued before')
    return { id: sent.id, index: sent.index, addressees: Number(sent.header.fields.get(4)) }
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'kept_in_outbox') throw error
    if (await outbox.undo(local)) throw new Refusal('offline', 'No connection; nothing was issued')
    if (outbox.putOff.has(local)) throw error // it was answered: not yet
    throw new Refusal('issue_pending', 'Sent, and not answered yet', { outbox: local })
  }
}
