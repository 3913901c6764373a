import { toBase64url } from '../../core/bytes.ts'
import type { Entry } from '../../core/kind.ts'
import type { Holiday } from '../../language/working-time.ts'
import type { Db } from '../../server/db.ts'
import type { Feature } from '../../server/feature.ts'
import type { Directory, Id } from '../directory/index.ts'
import { absentPosts } from './absent.ts'
import type { DirectiveBook } from './book.ts'
import { CountCache } from './counts.ts'
import { Deliveries } from './deliveries.ts'
import { AT_ONCE, Expander, type Job } from './expand.ts'
import { Practices, type Usual } from './habits.ts'
import { isTold } from './item-notices.ts'
import { directiveKinds } from './kinds.ts'
import { type FileStore, load } from './load.ts'
import { notedOf } from './noted.ts'
import { noticeRoutes } from './notice-routes.ts'
import { practiceRoute } from './practice-route.ts'
import { project } from './project.ts'
import { type ReachNeeds, reachRoute } from './reach.ts'
import { ReminderClock } from './reminder-clock.ts'
import type { DirectiveState } from './requiring.ts'
import { type AreaNames, directiveRoutes } from './routes.ts'
import { coverOf, threadReaders } from './rules.ts'
import { sendReminders } from './send-reminders.ts'
import { FrozenCache, readDirectives } from './store.ts'

export type DirectivesNeeds = {
  db: Db
  directory: Directory
  directives: DirectiveBook
  now: () => number
  /** Hears of what nobody waits for: a chunk or a mark that could not be written and will be tried again. */
  onError: (error: unknown) => void
  /** Names of divisions, districts and upazilas by their codes, for the board. */
  areas?: AreaNames
  /** Where the files of answers lie; without it an answer with a file is refused. */
  files?: FileStore
  /** The country's, where the service said nothing of its own. */
  holidays?: readonly Holiday[]
  /** Check times and quiet hours where no office said otherwise. */
  usual?: Usual
  /** By which ways people can be told something (`server/channels/ways.ts`). */
  ways?: ReachNeeds['ways']
  /** Hears that there are new notices to be told: of reminders and of items. Whoever misses it finds them in the table. */
  noticed?: () => void
  /** How many addressees are tracked at once, and how many a chunk of the worker takes: smaller in tests. */
  atOnce?: number
  chunk?: number
}

/** The feature, and the doing of it that is not on the road. */
export type DirectivesFeature = Feature<DirectiveState> & {
  /** Goes on with directives whose expansion was cut short, and begins to remind. Call once the server may write. */
  start(): void
  /** Resolves when no expansion is under way and every delivery seen so far is written. */
  settled(): Promise<void>
  /** Ends reminding, and the worker after the chunk at hand, and writes what was gathered. */
  close(): Promise<void>
}

/** Directives on the server: what `app.ts` joins to the road. */
export function directivesFeature(needs: DirectivesNeeds): DirectivesFeature {
  const { db, directory, directives, now, onError, atOnce = AT_ONCE } = needs
  const cache = new FrozenCache()
  const counts = new CountCache()
  const changed = (directive: number) => counts.touch(directive)
  const expander = new Expander({
    db,
    directory,
    frozen: cache,
    onError,
    changed,
    ...(needs.noticed && { noticed: needs.noticed }),
    ...(needs.chunk && { chunk: needs.chunk }),
  })
  const deliveries = new Deliveries({ db, directory, frozen: cache, expander, now, onError, changed })
  /** By the item they show; taken up once the item is committed. What was rolled back is found again when it is placed. */
  const later = new Map<Id, Job>()
  const projecting = {
    directory,
    directives,
    atOnce,
    changed,
    later: (item: Id, job: Job) => void later.set(item, job),
    ...(needs.files && { files: needs.files }),
  }

  const practices = new Practices(directory, needs.holidays ?? [], needs.usual)
  const clock = new ReminderClock(async () => {
    if ((await sendReminders({ db, directory, practices, frozen: cache, now })) > 0) needs.noticed?.()
  }, onError)

  async function mayReadThread(directive: Id, post: Id, parties: readonly Id[]): Promise<boolean> {
    const [stored] = await readDirectives(db, [directive])
    if (!stored) return false
    if (!(await cache.get(db, stored.number)).has(post)) return false
    const readers = threadReaders(post, stored.issuer, directory)
    if (parties.some((party) => readers.has(party))) return true
    // Where nobody reads at one of the three, whoever it falls to reads in its place.
    const rings = [...coverOf(readers, directory).keys()]
    return rings.some((ring) => parties.includes(directory.device(ring)?.person ?? ring))
  }

  return {
    name: 'directives',
    kinds: directiveKinds,
    restore: () => expander.restore(),
    load: (tx, entries) =>
      load(tx, entries as Entry<unknown, DirectiveState>[], { directory, directives }, cache, needs.files),
    project: (tx, placed, effects) => project(tx, placed, effects, projecting),
    afterCommit(placed) {
      for (const { header } of placed) {
        const id = toBase64url(header.id)
        const job = later.get(id)
        if (job && later.delete(id)) expander.add(job)
      }
      expander.run()
      if (placed.some(({ kind }) => isTold(kind.name))) needs.noticed?.()
    },
    inbox: (party, from, to, limit) => expander.shownTo(party, from, to, limit),
    mayReadThread,
    absent: (viewer, after, limit) => absentPosts(viewer, { after, limit }, { db, directory, now: now() }),
    onSynced: (seen) => deliveries.note(seen),
    aboutMe: ({ person }) => notedOf(person, { db, directory, frozen: cache, now }),
    routes: [
      ...directiveRoutes({ db, directory, frozen: cache, counts, now, ...(needs.areas && { areas: needs.areas }) }),
      reachRoute({ db, directory, frozen: cache, now, ways: needs.ways }),
      ...noticeRoutes({ db, directory, frozen: cache, practices, now, mayReadThread }),
      practiceRoute({ db, directory, practices }),
    ],
    start() {
      expander.run()
      clock.start()
    },
    async settled() {
      await expander.idle()
      await deliveries.flush()
    },
    async close() {
      await clock.close()
      await expander.close()
      await deliveries.flush()
    },
  }
}
