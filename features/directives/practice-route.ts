import { Refusal } from '../../core/refusal.ts'
import type { Read } from '../../server/db.ts'
import type { Route, Viewer } from '../../server/routes.ts'
import type { Directory, Id } from '../directory/index.ts'
import { mayPractise, type PracticeEntry } from './duty.ts'
import { type Habits, type Practices, SERVICE } from './habits.ts'

type Names = { bn: string; en: string }

/** How an office works, in full. */
export type Working = {
  /** Sunday first: parts of the day in minutes; none on a day off. */
  hours: { from: number; to: number }[][]
  checks: number[]
  quiet: { from: number; to: number } | null
  reminders: { before: number[]; every: number; most: number; escalate: number[] }
}

/** An office’s practice as the people of that office see it. `office` null: the service. */
export type PracticeView = {
  office: Id | null
  name: Names | null
  /** What it said itself; null where it never did. */
  said: Omit<PracticeEntry, 'office'> | null
  /** When that was accepted. */
  at: number | null
  /** What holds now, and what would hold had it said nothing. */
  holds: Working
  above: Working
  /** Days off that are not its own: the country’s or the service’s, and of offices above. */
  holidays: { date: string; bn: string; en: string }[]
  /** Its posts, in their order: for whose letters need whose approval. */
  posts: { id: Id; name: Names }[]
  /** Names of posts elsewhere that its routes name. */
  elsewhere: { id: Id; name: Names }[]
  /** The reader’s posts by which he may write it. */
  writers: Id[]
}

type Needs = { db: Read; directory: Directory; practices: Practices }

/**
 * `GET /api/practice`: `{offices: PracticeView[]}` of the offices of the reader’s posts; with `office=` of that one alone (`service`
 * for the service), for whoever works in it or below it, or may write it.
 */
export function practiceRoute(needs: Needs): Route {
  return {
    method: 'GET',
    path: '/api/practice',
    who: 'person',
    async answer({ viewer, query }) {
      await needs.practices.refresh(needs.db)
      const asked = query.office
      const own = officesOf(viewer!, needs.directory)
      const offices = asked === undefined ? own : [asked === 'service' ? null : asked]
      if (asked !== undefined && !mayRead(offices[0]!, viewer!, own, needs.directory))
        throw new Refusal('not_found', 'No such office')
      return { json: { offices: await Promise.all(offices.map((office) => viewOf(office, viewer!, needs))) } }
    },
  }
}

function officesOf({ posts }: Viewer, directory: Directory): Id[] {
  return [...new Set(posts.flatMap((post) => directory.post(post)?.office ?? []))]
}

function mayRead(office: Id | null, { posts }: Viewer, own: readonly Id[], directory: Directory): boolean {
  if (office === null) return true
  if (!directory.office(office)) return false
  if (posts.some((post) => mayPractise(post, office, directory))) return true
  return own.some((one) => isWithin(one, office, directory))
}

function isWithin(office: Id, other: Id, directory: Pick<Directory, 'office'>): boolean {
  const seen = new Set<Id>()
  for (let at: Id | null = office; at !== null && !seen.has(at); at = directory.office(at)?.parent ?? null) {
    if (at === other) return true
    seen.add(at)
  }
  return false
}

function postsIn(office: Id, directory: Directory) {
  const posts = [...directory.posts()].filter((post) => post.office === office && !post.abolished)
  return posts.sort((a, b) => a.order - b.order)
}

async function viewOf(office: Id | null, { posts }: Viewer, needs: Needs): Promise<PracticeView> {
  const { db, directory, practices } = needs
  const id = office ?? SERVICE
  const said = practices.said(id)
  const above = practices.above(id)
  const { index, ...own } = said ?? { index: -1 }
  const row = said && (await db.one<{ at: number }>('SELECT accepted AS at FROM item WHERE index = $1', [index]))
  const members = office === null ? [] : postsIn(office, directory)
  const within = new Set(members.map(({ id }) => id))
  const named = (said?.routes ?? []).flatMap(({ post, approvers }) => [post, ...approvers])
  const elsewhere = [...new Set(named)].flatMap((post) => (within.has(post) ? [] : (directory.post(post) ?? [])))
  return {
    office,
    name: office === null ? null : (directory.office(office)?.name ?? null),
    said: said ? (own as Omit<PracticeEntry, 'office'>) : null,
    at: row?.at ?? null,
    holds: working(practices.of(id)),
    above: working(above),
    holidays: [...above.calendar.holidays.values()].map(({ date, bn, en }) => ({ date, bn, en })),
    posts: members.map(({ id, name }) => ({ id, name })),
    elsewhere: elsewhere.map(({ id, name }) => ({ id, name })),
    writers: posts.filter((post) => mayPractise(post, office, directory)),
  }
}

function working({ calendar, checks, quiet, rule }: Habits): Working {
  return { hours: calendar.hours.map((day) => [...day]), checks: [...checks], quiet, reminders: rule }
}
