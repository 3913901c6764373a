/**
 * Every reminder and escalation is made exactly once and at most a minute late, whatever crashes or whichever clock jumps: thirty
 * simulated days of officials who answer or do not, two schedulers over one real PostgreSQL, each with a clock of its own that
 * jumps, each killed in the middle of its work; what an oracle in memory expects is held against the table of notices.
 */
import pg from 'pg'
import { type Bytes, toBase64url } from '../../core/bytes.ts'
import { extendFields } from '../../features/directives/changes.ts'
import { Practices } from '../../features/directives/habits.ts'
import { DEFAULT_RULE, type Reminder, remindersOf, toldAbove } from '../../features/directives/reminders.ts'
import { coverOf, threadReaders } from '../../features/directives/rules.ts'
import { sendReminders } from '../../features/directives/send-reminders.ts'
import { FrozenCache } from '../../features/directives/store.ts'
import { TestRoad } from '../../features/directives/testing/road.ts'
import { idOf, Service, wrapsTo } from '../../features/directives/testing/service.ts'
import { fromDhaka } from '../../language/time.ts'
import { workingCalendar } from '../../language/working-time.ts'
import type { PromiseTest } from '../../scripts/promises.ts'
import { type Db, openDb } from '../../server/db.ts'
import { createDatabase } from '../../server/postgres/index.ts'
import { startTestPostgres, TEMPLATE } from '../helpers/postgres.ts'
import { Killable } from './reminders/killable.ts'
import { type Moment, Moments } from './reminders/moments.ts'
import { randomOf } from './reminders/random.ts'

export type ReminderOptions = { url: string; days: number; directives: number; addressees: number; seed: number }
export type ReminderFigures = {
  days: number
  directives: number
  notices: number
  /** Expected and not there; there and not expected; for somebody else than expected. */
  missing: string[]
  uncalled: string[]
  misled: string[]
  /** Latest of those that no jump excuses, ms. */
  latest: number
  late: number
  ticks: number
  kills: number
  hung: number
  jumps: number
}

/** What the system says by itself; the rest stands in the log. */
const OURS = `kind ~ '^(reminder|escalation)-'`
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const EVERY = 15 * SECOND
/** After whatever happens the schedulers are watched tick by tick for this long at least. */
const WATCHED = 20 * SECOND
/** One that was killed is left alone for a while: that nobody is there for a minute is no fault of reminding. */
const SPARED = 3 * MINUTE
const MOST_LATE = MINUTE
/** As long as the database lets one hang in a transaction. */
const CUT_OFF = 10 * SECOND

const FATES = [...Array<'well'>(12).fill('well'), 'killed', 'hanging'] as const
const START = fromDhaka('2026-12-06', 9)
const holidays = [
  { date: '2026-12-16', bn: 'বিজয় দিবস', en: 'Victory Day' },
  { date: '2026-12-25', bn: 'বড়দিন', en: 'Christmas' },
]
const calendar = workingCalendar({ holidays })

type Addressee = { name: string; owes: boolean; heard: number | null }
type Issued = {
  name: string
  id: string
  issued: number
  due: number
  urgency: number
  ended: boolean
  addressees: Addressee[]
}
type Act = { at: number; run: () => Promise<void> }
type NoticeRow = {
  party: Bytes
  kind: string
  nth: number
  directive: Bytes
  addressee: Bytes
  against: number
  due_at: number
}

export async function tryReminders({
  url,
  days,
  directives,
  addressees,
  seed,
}: ReminderOptions): Promise<ReminderFigures> {
  // What happens in the world comes out the same for the same seed, however the races of those who are killed end.
  const { between, chance, pick, some } = randomOf(seed)
  const fates = randomOf(seed + 1)
  const db = openDb({ url, readers: 2, writers: 2 })
  const figures: ReminderFigures = {
    days,
    directives,
    notices: 0,
    missing: [],
    uncalled: [],
    misled: [],
    latest: 0,
    late: 0,
    ticks: 0,
    kills: 0,
    hung: 0,
    jumps: 0,
  }

  const service = new Service()
  service.post('room', { role: 'record-room', ring: true })
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('commissioner', { ring: true })
  const districts = ['dc-1', 'dc-2', 'dc-3', 'dc-4']
  for (const dc of districts) {
    service.post(dc, { supervisor: 'commissioner', ring: true, ...(dc === 'dc-3' && { holder: '', ring: false }) })
  }
  service.post('dc-4', { supervisor: 'uno-3', ring: true }) // a circle
  const unos = Array.from({ length: addressees }, (_, i) => `uno-${i}`)
  for (const [i, uno] of unos.entries())
    service.post(uno, { role: 'uno', supervisor: districts[i % districts.length]!, ring: true })
  const road = new TestRoad(service, db)
  const covered = { post: idOf('uno-1'), cover: idOf('uno-2'), from: START + 4 * DAY, to: START + 9 * DAY }
  await db.write((tx) =>
    tx.query('INSERT INTO absence (post, index, reason, since, until, cover) VALUES ($1, 0, 0, $2, $3, $4)', [
      Uint8Array.fromBase64(covered.post, { alphabet: 'base64url' }),
      covered.from,
      covered.to,
      Uint8Array.fromBase64(covered.cover, { alphabet: 'base64url' }),
    ]),
  )

  /** The time there is, whatever clocks say. */
  let now = START
  let watched = START
  const end = START + days * DAY
  const issued: Issued[] = []
  const acts: Act[] = []
  const moments = new Moments<{ of: Issued; addressee: Addressee }>()
  const seen = new Set<string>()
  /** What an extension overtook. */
  const dropped = new Set<string>()
  /** Times in which no scheduler had a clock that was not behind: nobody can be on time then. */
  const behind: { from: number; to: number }[] = []

  const schedulers = [0, 1].map((i) => {
    const killable = new Killable(url, `scheduler ${i} ${seed}`)
    return {
      killable,
      phase: (4 + i * 5) * SECOND,
      offset: 0,
      deadUntil: 0,
      sparedUntil: 0,
      brain: () => newBrain(),
      needs: newBrain(),
    }
  })
  /** What a process that starts again has: nothing. */
  function newBrain() {
    return { practices: new Practices(service.directory, holidays), frozen: new FrozenCache() }
  }

  try {
    planActs()
    for (const each of jumpsOf()) acts.push(...each)
    acts.sort((a, b) => a.at - b.at)
    for (;;) {
      const next =
        now < watched || !moments.settled ? nextTick() : Math.min(acts[0]?.at ?? end, moments.next() ?? end, end)
      now = Math.max(now, next)
      if (now >= end) break
      while (acts[0] && acts[0].at <= now) {
        await acts.shift()!.run()
        watched = now + WATCHED
      }
      if (moments.pass(now)) watched = now + WATCHED
      await tickAll()
      moments.sift(isAwaited)
    }
    const all = await db.many<NoticeRow>(`SELECT * FROM notice WHERE ${OURS}`)
    figures.notices = all.length
    if (all.length !== seen.size) figures.uncalled.push(`${all.length - seen.size} rows appeared unseen`)
    return figures
  } finally {
    for (const { killable } of schedulers) await killable.close()
    await road.feature.close()
    await db.close()
  }

  function planActs(): void {
    for (let i = 0; i < directives; i++) {
      const name = `directive ${i}`
      acts.push({ at: START + between(0, (days - 4) * DAY), run: () => issue(name) })
    }
  }

  async function issue(name: string): Promise<void> {
    service.time = now
    const to = some(unos)
    const due = now + between(HOUR, 7 * DAY)
    const urgency = chance(0.25) ? 1 : 0
    const selectors = to.map((uno) => ({ by: 'post' as const, post: idOf(uno) }))
    const [id] = await road.place(
      service.directive('secretary', [{ n: 1, purpose: 'action', selectors }], {
        clauses: [{ label: '', ask: 'once' }],
        due,
        urgency,
      }),
    )
    const of: Issued = {
      name,
      id: id!,
      issued: now,
      due,
      urgency,
      ended: false,
      addressees: to.map((uno) => ({ name: uno, owes: true, heard: null })),
    }
    issued.push(of)
    for (const addressee of of.addressees) {
      note(of, addressee)
      for (let words = chance(0.4) ? between(1, 3) : 0; words > 0; words--)
        later(between(HOUR, due - now + 4 * DAY), () => answer(of, addressee, 'progress'))
      if (chance(0.6)) later(between(MINUTE, due - now + 6 * DAY), () => answer(of, addressee, 'done'))
    }
    if (chance(0.15)) later(between(HOUR, due - now + 3 * DAY), () => cancel(of))
    if (chance(0.3)) later(between(HOUR, due - now + 2 * DAY), () => extend(of))
  }

  function later(ms: number, run: () => Promise<void>): void {
    const at = now + Math.round(ms)
    acts.splice(acts.findLastIndex((act) => act.at <= at) + 1, 0, { at, run })
  }

  async function answer(of: Issued, addressee: Addressee, state: 'progress' | 'done'): Promise<void> {
    if (of.ended || (state === 'progress' && !addressee.owes)) return
    service.time = now
    const readers = threadReaders(idOf(addressee.name), idOf('secretary'), service.directory)
    const wraps = wrapsTo(coverOf(readers, service.directory))
    await road.place(service.answer(addressee.name, of.id, [''], state, { wraps }))
    addressee.heard = now
    if (state === 'done') addressee.owes = false
    note(of, addressee)
  }

  async function cancel(of: Issued): Promise<void> {
    if (of.ended) return
    service.time = now
    await road.place(service.cancel('secretary', of.id))
    of.ended = true
  }

  async function extend(of: Issued): Promise<void> {
    if (of.ended) return
    service.time = now
    of.due = Math.max(of.due, now) + between(HOUR, 4 * DAY)
    const fields = extendFields({ directive: of.id, issuer: idOf('secretary'), due: of.due })
    await road.place(service.make('extend', 'secretary', 'secretary', fields, 1, []))
    for (const addressee of of.addressees) note(of, addressee)
    // What the longer time would have said already is not said any more: the clock was set anew just now.
    for (const addressee of of.addressees)
      for (const reminder of planOf(of, addressee, now))
        if (reminder.at <= now) dropped.add(keyOf(of, addressee, reminder))
  }

  /** Each scheduler's clock jumps now and then, sometimes both together, and some time later it is right again. */
  function jumpsOf(): Act[][] {
    return Array.from({ length: Math.round(days * 1.2) }, () => {
      const from = START + between(0, days * DAY)
      const to = from + between(MINUTE, 2 * HOUR)
      const offset = chance(0.5) ? between(MINUTE, 2 * DAY) : -between(MINUTE, 2 * DAY)
      const which = chance(0.3) ? schedulers : [pick(schedulers)]
      const set = (at: number, by: number): Act => ({
        at,
        async run() {
          figures.jumps += by === 0 ? 0 : 1
          for (const scheduler of which) scheduler.offset = by
          const last = behind.at(-1)
          const isBehind = schedulers.every(({ offset }) => offset < 0)
          if (isBehind && last?.to !== Number.POSITIVE_INFINITY)
            behind.push({ from: now, to: Number.POSITIVE_INFINITY })
          if (!isBehind && last?.to === Number.POSITIVE_INFINITY) last.to = now
        },
      })
      return [set(from, offset), set(to, 0)]
    })
  }

  function nextTick(): number {
    return Math.min(...schedulers.map((scheduler) => tickAfter(scheduler)))
  }

  function tickAfter({ phase, deadUntil }: (typeof schedulers)[number]): number {
    const after = Math.max(now + 1, deadUntil)
    return Math.ceil((after - START - phase) / EVERY) * EVERY + START + phase
  }

  /** Those whose turn it is, at once; now and then one is killed on the way, or hangs until the database cuts it off. */
  async function tickAll(): Promise<void> {
    for (const { killable } of schedulers) await killable.cutOff(now)
    const turn = schedulers.filter(({ deadUntil, phase }) => deadUntil <= now && (now - START - phase) % EVERY === 0)
    if (turn.length === 0) return
    await Promise.all(turn.map((scheduler) => tick(scheduler)))
    const clocks = turn.map(({ offset }) => now + offset)
    const rows = await db.many<NoticeRow>(`SELECT * FROM notice WHERE ${OURS} AND made_at = any($1::bigint[])`, [
      clocks,
    ])
    for (const row of rows) judge(row, clocks)
  }

  async function tick(scheduler: (typeof schedulers)[number]): Promise<void> {
    const { killable, offset } = scheduler
    figures.ticks += 1
    const fate = now < scheduler.sparedUntil ? 'well' : fates.pick(FATES)
    const clock = now + offset
    const run = (through: Db) =>
      sendReminders({ db: through, directory: service.directory, ...scheduler.needs, now: () => clock })
    if (fate === 'well') return void (await run(killable.db))
    const struck =
      fate === 'killed'
        ? await killable.kill(run, fates.between(0, 8))
        : await killable.hang(run, fates.between(2, 14), now + CUT_OFF)
    if (!struck) return
    if (fate === 'killed') figures.kills += 1
    else figures.hung += 1
    scheduler.deadUntil = now + fates.between(5, 30) * SECOND
    scheduler.sparedUntil = now + SPARED
    scheduler.needs = scheduler.brain()
  }

  /** Everything planned for him from now on will be looked after. */
  function note(of: Issued, addressee: Addressee): void {
    for (const { at } of planOf(of, addressee, now))
      if (at >= now) moments.add({ at, from: at, value: { of, addressee } })
  }

  function planOf(of: Issued, { name, owes, heard }: Addressee, clock: number): Reminder[] {
    const id = idOf(name)
    const away = id === covered.post && clock >= covered.from && clock < covered.to
    const debtor = { id, owes, heard, cover: away ? covered.cover : null, above: toldAbove(id, service.directory) }
    return remindersOf(of, debtor, DEFAULT_RULE, calendar)
  }

  /** Whether somebody is still to be told what was planned for that moment. A minute and a tick after it, he never was. */
  function isAwaited({ at, from, value }: Moment<{ of: Issued; addressee: Addressee }>): boolean {
    const { of, addressee } = value
    const untold = planOf(of, addressee, now)
      .filter((reminder) => reminder.at === at)
      .map((reminder) => keyOf(of, addressee, reminder))
      .filter((key) => !seen.has(key) && !dropped.has(key))
    if (untold.length === 0) return false
    if (now <= from + MOST_LATE + EVERY) return true
    const excuse = behind.find((span) => span.from <= from + MOST_LATE + EVERY && span.to > from)
    // Nobody could be on time; it is due as soon as somebody's clock is right.
    if (excuse) moments.add({ at, from: Math.max(from + 1, Math.min(excuse.to, now)), value })
    else figures.missing.push(...untold)
    return false
  }

  function judge(row: NoticeRow, clocks: number[]): void {
    const of = issued.find(({ id }) => id === toBase64url(row.directive))
    const addressee = of?.addressees.find(({ name }) => idOf(name) === toBase64url(row.addressee))
    if (!of || !addressee) return void figures.uncalled.push(`of nobody: ${row.kind}`)
    const key = keyOf(of, addressee, row, row.against)
    if (seen.has(key)) return
    if (dropped.has(key)) figures.uncalled.push(key)
    seen.add(key)
    const planned = clocks.flatMap((clock) =>
      planOf(of, addressee, clock).filter(({ kind, nth }) => kind === row.kind && nth === row.nth),
    )
    const called = planned.filter(({ at }) => at === row.due_at && row.against === of.due)
    if (called.length === 0 || row.due_at > Math.max(...clocks)) return void figures.uncalled.push(key)
    if (!called.some(({ to }) => isFor(to, row, addressee))) figures.misled.push(key)
    const excused = behind.some(({ from, to }) => from <= row.due_at + MOST_LATE && to >= row.due_at)
    if (excused) return
    figures.latest = Math.max(figures.latest, now - row.due_at)
    if (now - row.due_at > MOST_LATE) figures.late += 1
  }

  /** Who acts for the one who is away is told of others in his stead, unless it is himself who is silent. */
  function isFor(to: string, row: NoticeRow, { name }: Addressee): boolean {
    const party = toBase64url(row.party)
    return party === to || (to === covered.post && party === covered.cover && idOf(name) !== covered.cover)
  }

  function keyOf(of: Issued, { name }: Addressee, { kind, nth }: { kind: string; nth: number }, due = of.due): string {
    return `${of.name} ${name} ${kind} ${nth} ${new Date(due).toISOString()}`
  }
}

/** How long one that really hangs keeps another from its work, ms. */
export async function tryHanging(url: string): Promise<number> {
  const service = new Service()
  service.time = START
  for (const post of ['room', 'secretary', 'dc', 'uno'])
    service.post(post, { role: post === 'room' ? 'record-room' : post, mayIssue: true, ring: true })
  const killable = new Killable(url, 'hanging')
  const db = openDb({ url, readers: 2, writers: 2 })
  const road = new TestRoad(service, db)
  try {
    const selectors = [{ by: 'post' as const, post: idOf('uno') }]
    await road.place(service.directive('secretary', [{ n: 1, purpose: 'action', selectors }], { due: START + DAY }))
    const run = (through: Db) =>
      sendReminders({
        db: through,
        directory: service.directory,
        practices: new Practices(service.directory, []),
        frozen: new FrozenCache(),
        now: () => START + 2 * DAY,
      })
    const start = performance.now()
    await killable.hang(run, 8, Number.POSITIVE_INFINITY)
    while ((await run(db)) === 0) {
      if (performance.now() - start > MINUTE) throw new Error('Whoever hangs keeps everybody from working for a minute')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return performance.now() - start
  } finally {
    await killable.close()
    await road.feature.close()
    await db.close()
  }
}

export function isKept({ missing, uncalled, misled, late }: ReminderFigures): boolean {
  return missing.length === 0 && uncalled.length === 0 && misled.length === 0 && late === 0
}

export const promise: PromiseTest = {
  name: 'reminders',
  says: 'every reminder and escalation is made once and at most a minute late, through jumps of clocks and kills',
  async run() {
    const { postgres, stop } = await startTestPostgres()
    const database = async (name: string) => {
      const client = new pg.Client({ connectionString: postgres.urlFor('postgres') })
      await client.connect()
      await client.query(createDatabase(name, TEMPLATE))
      await client.end()
      return postgres.urlFor(name)
    }
    try {
      const seed = Number(process.hrtime.bigint() % 1_000_000n)
      console.error(`  seed ${seed}`)
      const url = await database('reminders')
      const figures = await tryReminders({ url, days: 30, directives: 120, addressees: 16, seed })
      for (const list of ['missing', 'uncalled', 'misled'] as const)
        for (const key of figures[list].slice(0, 10)) console.error(`  ${list}: ${key}`)
      const hung = await tryHanging(await database('hanging'))
      const { notices, missing, uncalled, misled, latest, late, ticks, kills, jumps } = figures
      return {
        kept: isKept(figures) && kills > 20 && figures.hung > 20 && jumps > 20 && notices > 3_000 && hung < 20_000,
        figures:
          `30 days, ${notices} notices, ${missing.length} missing, ${uncalled.length} uncalled for, ${misled.length} to ` +
          `another, ${late} late, latest ${(latest / SECOND).toFixed(0)} s; ${ticks} ticks, ${kills} killed, ` +
          `${figures.hung} hung, ${jumps} clock jumps; a real hang keeps others ${(hung / SECOND).toFixed(1)} s`,
      }
    } finally {
      await stop()
    }
  },
}
