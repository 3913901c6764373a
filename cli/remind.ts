import type { BoardRows } from '../features/directives/rows.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT } from './command.ts'
import { atDesk, type Desk, deskOptions, send } from './desk.ts'
import { requireOnline } from './issue.ts'
import { idOfPost, requireStanding, rowsOf } from './which.ts'

/** What one item can name. */
const MOST = 2000

/** `remind ID --text TEXT [--to CODE…]`: a তাগিদপত্র to whoever still owes something, or to the posts named; once a day. */
export const remind: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: {
    ...deskOptions,
    to: { value: 'CODE', says: 'cliFollowing.options.to', many: true },
    text: { value: 'TEXT', says: 'cliFollowing.options.text' },
  },
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    const text = args.needed('text')
    return atDesk(args, io, async (desk) => {
      requireOnline(desk)
      const [row] = rowsOf(id, args, desk.client)
      requireStanding(row!)
      const named = args.all('to').map((code) => idOfPost(code, desk.client))
      const posts = named.length > 0 ? named : await owing(desk, id)
      if (posts.length === 0) {
        io.out(io.json ? JSON.stringify({ id, reminded: 0 }) : say(io.lang, 'cliFollowing.nobodyOwes'))
        return EXIT.ok
      }
      const sent = await send(desk, await desk.client.following.remind(id, posts, text))
      const told = { id, reminded: posts.length, item: sent?.id ?? null, index: sent?.index ?? null }
      io.out(io.json ? JSON.stringify(told) : say(io.lang, 'cliFollowing.reminded', { n: posts.length }))
      return EXIT.ok
    })
  },
}

/** Who owes something, in the order of the directory. */
async function owing({ client }: Desk, id: string): Promise<string[]> {
  const posts: string[] = []
  for (let cursor: string | null = ''; cursor !== null && posts.length < MOST; ) {
    const page = (await client.board(id, { filter: '', ...(cursor && { cursor }) })) as BoardRows
    posts.push(...page.rows.filter(({ clauses }) => clauses.some(({ owed }) => owed)).map(({ post }) => post))
    cursor = page.cursor
  }
  return posts.slice(0, MOST)
}
