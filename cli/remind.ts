import { Refusal } from '../core/refusal.ts'
import type { BoardRow, BoardRows } from '../features/directives/rows.ts'
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
      const codes = [...new Set(args.all('to'))]
      const posts = codes.length > 0 ? await named(desk, id, codes) : await owing(desk, id)
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

/** The posts of these codes. Throws `Refusal('not_addressed')` naming those to which the directive did not go. */
async function named(desk: Desk, id: string, codes: string[]): Promise<string[]> {
  const posts = codes.map((code) => idOfPost(code, desk.client))
  const missing = new Set(posts)
  for await (const { post } of boardOf(desk, id)) {
    missing.delete(post)
    if (missing.size === 0) break
  }
  const strangers = codes.filter((_, i) => missing.has(posts[i]!))
  if (strangers.length === 0) return posts
  throw new Refusal('not_addressed', 'The directive did not go there', { posts: strangers.join(', '), option: '--to' })
}

/** Who owes something, in the order of the directory. */
async function owing(desk: Desk, id: string): Promise<string[]> {
  const posts: string[] = []
  for await (const { post, clauses } of boardOf(desk, id)) {
    if (posts.length === MOST) break
    if (clauses.some(({ owed }) => owed)) posts.push(post)
  }
  return posts
}

/** Everybody the directive went to, page by page. */
async function* boardOf({ client }: Desk, id: string): AsyncGenerator<BoardRow> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = (await client.board(id, { filter: '', ...(cursor && { cursor }) })) as BoardRows
    yield* page.rows
    cursor = page.cursor
  }
}
