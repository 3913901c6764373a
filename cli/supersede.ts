import { say } from '../language/words.ts'
import { type Command, EXIT } from './command.ts'
import { askedIn, composeLetter, letterOptions } from './compose.ts'
import { atDesk, type Desk, send } from './desk.ts'
import { progressTo } from './import.ts'
import { issueNow, requireOnline } from './issue.ts'
import { requireStanding, rowsOf } from './which.ts'

/** `supersede ID --letter FILE`: issues a letter in the stead of one this post issued, which everybody who has it then sees. */
export const supersede: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: { ...letterOptions, reason: { value: 'TEXT', says: 'cli.options.reason' } },
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    const asked = askedIn(args)
    args.needed('letter')
    return atDesk(args, io, async (desk) => {
      requireOnline(desk)
      const { client } = desk
      const [row] = rowsOf(id, args, client)
      requireStanding(row!)
      const draft = await composeLetter(args, asked, io, client)
      const issued = await issueNow(desk, { ...draft, supersedes: id }, progressTo(io))
      await endFirst(desk, id, issued.id, args.text('reason') ?? '')
      io.out(
        io.json
          ? JSON.stringify({ ...issued, supersedes: id })
          : say(io.lang, 'cli.issue.superseded', { ...issued, old: id }),
      )
      return EXIT.ok
    })
  },
}

/**
 * @NOTE With the new letter's acceptance the outbox holds a notice without a reason, so that a crash right here leaves none of
 * both standing. Ours, with the reason, is put behind it before that is taken back: whatever happens in between, one is sent,
 * and a second would be refused as done.
 */
async function endFirst(desk: Desk, id: string, successor: string, reason: string): Promise<void> {
  const { client } = desk
  const unreasoned = client.outbox.filter(({ what }) => what === 'supersede')
  const local = await client.supersede(id, successor, reason)
  for (const one of unreasoned) await client.undo(one.id)
  await send(desk, local)
}
