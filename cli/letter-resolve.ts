import { country } from '../features/directory/country/country.ts'
import { knownPosts } from '../features/directory/country/known-posts.ts'
import { say } from '../language/words.ts'
import { readLetter } from '../letters/read.ts'
import { audienceOf, type ResolvedLine, resolveLines } from '../letters/resolve.ts'
import { type Command, EXIT } from './command.ts'
import { letterJson } from './letter-json.ts'
import { MOST_LETTER } from './letter-read.ts'
import { letterText } from './letter-text.ts'
import { readPlan } from './read-plan.ts'
import { readText } from './read-text.ts'

/**
 * `letter resolve FILE`: as `letter read`, and of each line of the distribution the posts it means, by their codes. Exit code
 * 0 also when a line is unresolved: the answer says so.
 */
export const letterResolve: Command = {
  words: { say: 'FILE', least: 1, most: 1 },
  options: { country: { value: 'DIR', says: 'cli.options.country' } },
  json: true,
  async run(args, io) {
    const reading = readLetter(await readText(args.words[0]!, io, MOST_LETTER))
    const own = args.text('country')
    const posts = knownPosts(own === undefined ? country() : await readPlan([own], io))
    const lines = resolveLines([...reading.distribution, ...(reading.copies?.lines ?? [])], posts)
    if (!io.json) {
      io.out(letterText(reading, io.lang, lines))
      io.out(say(io.lang, 'cli.letter.total', { n: audienceOf(lines).ids.length }))
      return EXIT.ok
    }
    const letter = letterJson(reading, io.lang)
    const { distribution, copies } = letter
    const meant = <L extends object>(line: L, i: number) => ({ ...line, ...found(lines[i]!) })
    io.out(
      JSON.stringify({
        ...letter,
        distribution: distribution.map(meant),
        ...(copies && { copies: copies.map((line, i) => meant(line, distribution.length + i)) }),
      }),
    )
    return EXIT.ok
  },
}

function found({ posts, ids, unresolved, publish }: ResolvedLine) {
  return { posts, ids, unresolved: unresolved ?? null, publish }
}
