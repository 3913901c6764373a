import { say } from '../language/words.ts'
import { type Command, EXIT } from './command.ts'
import { dueIn } from './day.ts'
import { atDesk, awaitKey } from './desk.ts'
import { progressTo } from './import.ts'
import { issueNow, requireOnline } from './issue.ts'
import { requireStanding, rowToAct } from './which.ts'
import { addresseesBelow, endorsement, wordsIn, wordsOptions } from './word.ts'

/**
 * `pass-on ID --to CODE… --text TEXT --due DATE`: sends a letter that came to one's post on to posts below, as it was signed, with
 * an instruction and an earlier due date of one's own. Needs a connection.
 */
export const passOn: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: wordsOptions,
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    const text = wordsIn(args)
    const due = dueIn(args)
    return atDesk(args, io, async (desk) => {
      requireOnline(desk)
      await awaitKey(desk, id)
      const row = rowToAct(id, args, desk.client)
      requireStanding(row)
      const to = await addresseesBelow(args, row.post, desk.client)
      const draft = { ...endorsement({ post: row.post, text, to, due, client: desk.client, io }), parent: id }
      const clauses = row.clauses.map(({ label, ask }) => ({ label, ask }))
      const issued = await issueNow(desk, { ...draft, clauses, urgency: row.urgency, grade: row.grade }, progressTo(io))
      io.out(io.json ? JSON.stringify({ ...issued, parent: id }) : say(io.lang, 'cliFollowing.passedOn', issued))
      return EXIT.ok
    })
  },
}
