import type { Reach, Unreached } from '../features/directives/reach.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, type Io } from './command.ts'
import { atDesk, deskOptions } from './desk.ts'
import { requireOnline } from './issue.ts'

/** `reach`: which posts below nothing has reached for a day or more, and what they say of it. */
export const reach: Command = {
  options: deskOptions,
  json: true,
  async run(args, io) {
    return atDesk(args, io, async (desk) => {
      requireOnline(desk)
      const { posts } = (await desk.client.device.transport.json('/api/reach')) as Reach
      if (io.json) io.out(JSON.stringify({ posts }))
      else if (posts.length === 0) io.out(say(io.lang, 'cliFollowing.reach.none'))
      else for (const post of posts) io.out(lineOf(post, io))
      return EXIT.ok
    })
  },
}

function lineOf({ name, office, since }: Unreached, { lang, now }: Io): string {
  const days = Math.floor((now() - since) / 86_400_000)
  return say(lang, 'cliFollowing.reach.row', { post: `${name[lang]}, ${office[lang]}`, days })
}
