import { Refusal } from '../core/refusal.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, Usage } from './command.ts'
import { dueIn } from './day.ts'
import { atDesk } from './desk.ts'
import { progressTo } from './import.ts'
import { issueNow, requireOnline } from './issue.ts'
import { postIn } from './which.ts'
import { addresseesBelow, endorsement, wordsIn, wordsOptions } from './word.ts'

/** `direct --to CODE… --text TEXT [--due DATE] [--advice]`: a directive of a line or two to posts below; advice asks nothing. */
export const direct: Command = {
  options: { ...wordsOptions, advice: { says: 'cliFollowing.options.advice' } },
  json: true,
  async run(args, io) {
    const text = wordsIn(args)
    const advice = args.flag('advice')
    const due = dueIn(args)
    if (advice && due !== null) throw new Usage('advice_due', { option: '--due', other: '--advice' })
    return atDesk(args, io, async (desk) => {
      requireOnline(desk)
      const { client } = desk
      const post = postIn(args, client)?.id ?? client.me.posts[0]?.id
      if (!post) throw new Refusal('post_not_held', 'Holds no post', { post: '', held: '' })
      const to = await addresseesBelow(args, post, client)
      const draft = endorsement({ post, text, to, due, client, io })
      const asked = [{ label: '', ask: advice ? ('nothing' as const) : ('once' as const) }]
      const issued = await issueNow(
        desk,
        { ...draft, form: advice ? 'advice' : 'short', clauses: asked },
        progressTo(io),
      )
      io.out(io.json ? JSON.stringify(issued) : say(io.lang, 'cli.issue.done', issued))
      return EXIT.ok
    })
  },
}
