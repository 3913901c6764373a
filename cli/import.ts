import type { Import } from '../features/directory/country/import-shape.ts'
import type { Before, Progress } from '../features/directory/registrar.ts'
import { dhakaTime } from '../language/time.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, type Io } from './command.ts'
import { dayIn } from './day.ts'
import { byHands, handOptions, openHands, registrarOf } from './hands.ts'
import { readPlan } from './read-plan.ts'

/** How often a long import says how far it is. */
const EVERY = 2000

/**
 * `import FILES…`: registers an operator's offices, posts, people and charges. What is there already is left as it stands and
 * said, so that an import that was cut off, or one with rows added, is simply run again.
 */
export const importPlan: Command = {
  words: { say: 'FILES…', least: 1, most: 100 },
  options: { ...handOptions, from: { value: 'YYYY-MM-DD', says: 'cli.options.chargesFrom' } },
  json: true,
  async run(args, io) {
    const given = dayIn(args, 'from')
    const plan = await readPlan(args.words, io)
    const hands = await openHands(args, { maker: 'make', checker: 'check' })
    try {
      const key = await hands.keyFor(JSON.stringify([plan, given]), io.now())
      const from = given ?? dhakaTime(key.time).date
      const before = await byHands(hands, () => registrarOf(hands, key).import(plan, from, progressTo(io)))
      const counts = countNew(plan, before)
      io.out(io.json ? JSON.stringify({ ...counts, before }) : told(counts, before, io))
      return EXIT.ok
    } finally {
      await hands.close()
    }
  },
}

/** Says how far a long work is, now and then; nothing to a program. */
export function progressTo({ err, lang, json, now }: Io): Progress {
  let last = now()
  return (done, total) => {
    if (json || now() - last < EVERY) return
    last = now()
    err(say(lang, 'cli.import.progress', { done, total }))
  }
}

type Counts = { offices: number; posts: number; people: number; charges: number }

function countNew({ offices, posts, people }: Import, before: Before[]): Counts {
  const there = (kind: string) => before.filter((one) => one.kind === kind).length
  return {
    offices: offices.length - there('office'),
    posts: posts.length - there('post'),
    people: people.length - there('person'),
    charges: people.flatMap((person) => person.posts).length - there('appoint'),
  }
}

function told(counts: Counts, before: Before[], { lang }: Io): string {
  const lines = [say(lang, 'cli.import.done', counts)]
  if (before.length > 0) {
    lines.push(say(lang, 'cli.import.before', { n: before.length }))
    lines.push(...before.map(({ kind, code }) => `  ${kind} ${code}`))
  }
  return lines.join('\n')
}
