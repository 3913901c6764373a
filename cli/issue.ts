import type { Progress } from '../client/act.ts'
import type { IssueDraft } from '../client/views.ts'
import { Refusal } from '../core/refusal.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT } from './command.ts'
import { askedIn, composeLetter, letterOptions } from './compose.ts'
import { atDesk, type Desk } from './desk.ts'
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
 * As the client's `issue`, and throws as it does, but where the server takes nothing now: `kept_in_outbox`, for here no act goes by
 * itself later.
 */
export async function issueNow(
  { client }: Desk,
  draft: IssueDraft,
  progress: Progress,
): Promise<{ id: string; index: number; addressees: number }> {
  try {
    return await client.issue(draft, progress)
  } catch (error) {
    const local = error instanceof Refusal ? error.details.outbox : undefined
    if (typeof local !== 'string' || !client.device.outbox.putOff.has(local)) throw error
    throw Object.assign(new Refusal('kept_in_outbox', 'Not yet', { outbox: local }), { cause: error })
  }
}
