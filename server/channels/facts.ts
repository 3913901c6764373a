/** What is decided upon: how each person can be reached, what was tried, and what he has seen to meanwhile. */
import type { Db, Read } from '../db.ts'
import { readTried } from './attempts.ts'
import type { ChannelName } from './channel.ts'
import { type Reach, reachOf } from './contacts.ts'
import type { Facts } from './decide.ts'
import { readHeld } from './held.ts'
import type { Habits } from './plan.ts'
import type { Sending } from './queue.ts'
import type { Adapters } from './tell.ts'

/** What the channels ask of those who know: the directory, and what became of directives. Ids as text. */
export type Known = {
  /** Who stands for a party now. */
  personsOf(party: string): readonly string[]
  /** Whose device it is, while it is live. */
  personOfDevice(device: string): string | undefined
  officeName(office: string): { bn: string; en: string } | null
  /** How the office of this party works. */
  habitsOf(party: string): Habits
  /** For each: has whoever was to be told done what the notice is about, so that nothing more need be said? */
  seenTo(read: Read, of: readonly Sending[]): Promise<boolean[]>
  /** Whether one of these posts sees to it that the service's people are reached, and pays for it. */
  isOperator(posts: readonly string[]): boolean
  /** A person by the code of an operator's lists. */
  personByCode(code: string): string | undefined
  /** The issuing post of each of these that exists. */
  issuersOf(read: Read, directives: readonly string[]): Promise<ReadonlyMap<string, string>>
}

export type FactsOfPerson = Facts & { reach: Reach }

/** For each of these, in order. */
export async function readFacts(
  { db, adapters, known }: { db: Db; adapters: Adapters; known: Pick<Known, 'seenTo' | 'habitsOf'> },
  rows: readonly Sending[],
): Promise<FactsOfPerson[]> {
  const persons = rows.map(({ person }) => person)
  const [reach, tried, held, seen] = await Promise.all([
    reachOf(db, persons),
    readTried(db, rows),
    readHeld(db, rows),
    known.seenTo(db, rows),
  ])
  return rows.map((row, i) => {
    const mine = reach.get(row.person)!
    const reachable = new Set<ChannelName>()
    if (adapters.push && mine.push.length > 0) reachable.add('push')
    for (const channel of mine.written.keys()) if (adapters[channel]) reachable.add(channel)
    const habits = known.habitsOf(row.party)
    return {
      reach: mine,
      seen: seen[i]!,
      reachable,
      held: held.get(`${row.directive} ${row.kind}`) ?? new Set(),
      tried: tried.get(`${row.notice} ${row.person}`) ?? [],
      lastAnswered: mine.lastAnswered,
      habits: mine.quiet ? { ...habits, quiet: mine.quiet } : habits,
    }
  })
}
