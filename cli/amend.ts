import { isIsoDate } from '../language/calendar.ts'
import { fromDhaka } from '../language/time.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, Usage } from './command.ts'
import { atDesk, deskOptions, send } from './desk.ts'
import { rowsOf } from './which.ts'

/**
 * `amend ID --clause LABEL --text TEXT --reason TEXT`: puts another text in place of a clause; with `--due DATE` alone it gives more
 * time. The letter stays as it was signed, and everybody who has it sees the change.
 */
export const amend: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: {
    ...deskOptions,
    clause: { value: 'LABEL', says: 'cliFollowing.options.clause' },
    text: { value: 'TEXT', says: 'cliFollowing.options.newText' },
    due: { value: 'YYYY-MM-DD', says: 'cliFollowing.options.newDue' },
    reason: { value: 'TEXT', says: 'cli.options.reason' },
  },
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    const reason = args.needed('reason')
    const [clause, text, due] = [args.text('clause'), args.text('text'), args.text('due')]
    if (due === undefined && text === undefined) throw new Usage('missing_option', { option: '--text' })
    if (text !== undefined && clause === undefined) throw new Usage('missing_option', { option: '--clause' })
    if (due !== undefined && !isIsoDate(due)) throw new Usage('bad_date', { value: due })
    return atDesk(args, io, async (desk) => {
      const { client } = desk
      rowsOf(id, args, client)
      const done: { what: string; item: string | null; index: number | null }[] = []
      const sent = async (what: string, local: string) => {
        const { id: item = null, index = null } = (await send(desk, local)) ?? {}
        done.push({ what, item, index })
      }
      if (text !== undefined) {
        const parts = [{ label: `clause:${clause}`, value: text.normalize('NFC') }]
        await sent('amend', await client.following.amend(id, reason, parts))
      }
      if (due !== undefined) await sent('extend', await client.following.extend(id, fromDhaka(due, 17), reason))
      io.out(io.json ? JSON.stringify({ id, changes: done }) : say(io.lang, 'cliFollowing.amended'))
      return EXIT.ok
    })
  },
}
