import { say } from '../language/words.ts'
import { type Command, EXIT, Usage } from './command.ts'
import { atDesk, deskOptions, send } from './desk.ts'
import { rowsOf } from './which.ts'

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
      rowsOf(id, args, desk.client)
      const sent = await send(desk, await desk.client.cancel(id, reason))
      const { id: item = null, index = null } = sent ?? {}
      io.out(io.json ? JSON.stringify({ id, item, index }) : say(io.lang, 'cli.cancel.done'))
      return EXIT.ok
    })
  },
}
