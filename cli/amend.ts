import type { SmarakClient } from '../client/client.ts'
import { Refusal } from '../core/refusal.ts'
import { fromDhaka } from '../language/time.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, Usage } from './command.ts'
import { dayIn } from './day.ts'
import { atDesk, deskOptions, send } from './desk.ts'
import { requireStanding, rowsOf } from './which.ts'

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
    const reason = args.needed('reason').trim()
    const [clause, text] = [args.text('clause')?.normalize('NFC').trim(), args.text('text')?.normalize('NFC').trim()]
    const due = dayIn(args, 'due')
    if (due === undefined && text === undefined) throw new Usage('missing_option', { option: '--text' })
    if (text !== undefined && clause === undefined) throw new Usage('missing_option', { option: '--clause' })
    if (reason === '') throw new Usage('missing_value', { option: '--reason' })
    if (text === '') throw new Usage('missing_value', { option: '--text' })
    if (due !== undefined && fromDhaka(due, 17) <= io.now()) throw new Usage('past_date', { value: due })
    return atDesk(args, io, async (desk) => {
      const { client } = desk
      const [row] = rowsOf(id, args, client)
      requireStanding(row!)
      if (clause !== undefined) await requireClause(client, id, row!.post, clause)
      const done: { what: string; item: string | null; index: number | null }[] = []
      const sent = async (what: string, local: string) => {
        const { id: item = null, index = null } = (await send(desk, local)) ?? {}
        done.push({ what, item, index })
      }
      if (text !== undefined) {
        const parts = [{ label: `clause:${clause}`, value: text }]
        await sent('amend', await client.following.amend(id, reason, parts))
      }
      if (due !== undefined) await sent('extend', await client.following.extend(id, fromDhaka(due, 17), reason))
      io.out(io.json ? JSON.stringify({ id, changes: done }) : say(io.lang, 'cliFollowing.amended'))
      return EXIT.ok
    })
  },
}

/** What was amended stands for good: throws `Refusal('no_such_clause')` where the letter has no such clause. */
async function requireClause(client: SmarakClient, id: string, post: string, clause: string): Promise<void> {
  const { parts } = await client.open(id, post)
  const labels = parts?.flatMap(({ label }) => (label.startsWith('clause:') ? [label.slice('clause:'.length)] : []))
  if (!labels || labels.includes(clause)) return
  throw new Refusal('no_such_clause', `No clause ${clause}`, { clause, clauses: labels.join(', ') })
}
