import { Refusal } from '../core/refusal.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, Usage } from './command.ts'
import { atDesk, deskOptions, send } from './desk.ts'
import { requireStanding, rowsOf } from './which.ts'

/** `cancel ID --reason TEXT`: calls back a letter this post issued. It stays in the log, and everybody who has it reads why. */
export const cancel: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: { ...deskOptions, reason: { value: 'TEXT', says: 'cli.options.reason' } },
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    const reason = args.needed('reason').trim()
    if (reason === '') throw new Usage('missing_value', { option: '--reason' })
    return atDesk(args, io, async (desk) => {
      const [row] = rowsOf(id, args, desk.client)
      if (row!.cancelled) throw done()
      requireStanding(row!)
      const sent = await send(desk, await desk.client.cancel(id, reason))
      if (!sent) throw done()
      const { id: item, index } = sent
      io.out(io.json ? JSON.stringify({ id, item, index }) : say(io.lang, 'cli.cancel.done'))
      return EXIT.ok
    })
  },
}

/** Somebody was first, and it is his reason that everybody reads. */
function done(): Refusal {
  return new Refusal('already_done', 'Cancelled already')
}
