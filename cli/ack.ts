import { Refusal } from '../core/refusal.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT } from './command.ts'
import { atDesk, awaitKey, deskOptions, postOption, send } from './desk.ts'
import { codeOf, rowToAct } from './which.ts'

/** `ack ID`: acknowledges a letter for the addressed post. */
export const ack: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: { ...deskOptions, ...postOption },
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    return atDesk(args, io, async (desk) => {
      const { client } = desk
      await awaitKey(desk, id)
      const row = rowToAct(id, args, client)
      const isKept = client.device.outbox.has('acknowledge', id, row.post)
      if (isKept) throw new Refusal('kept_in_outbox', 'On its way already', { id })
      const sent = await send(desk, await client.acknowledge(id, row.post))
      const { id: item = null, index = null } = sent ?? {}
      const post = codeOf(client, row.post)
      io.out(
        io.json ? JSON.stringify({ id, post, item, index }) : say(io.lang, 'cli.ack.done', { subject: row.subject }),
      )
      return EXIT.ok
    })
  },
}
