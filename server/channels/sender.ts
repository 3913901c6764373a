/**
 * Tells people what there is to tell: takes notices up, decides what comes next for each person, claims it, sends it, and writes
 * what came of it. Claim first, send second: a crash may lose a message, and never sends it twice.
 */
import type { Lang } from '../../language/digits.ts'
import type { Db, HeldLock, Read } from '../db.ts'
import {
  type Claim,
  type Claimed,
  claimAll,
  type Ended,
  giveUpLost,
  keepReceipts,
  readTried,
  writeOutcomes,
} from './attempts.ts'
import {
  type Adapter,
  CHANNELS,
  type ChannelName,
  type Message,
  type Outcome,
  type Receipt,
  type WrittenChannel,
} from './channel.ts'
import { markDead, type Reach, reachOf, rememberAnswered, unsubscribe } from './contacts.ts'
import { decide, type Facts, type Tried, type Verdict } from './decide.ts'
import { holdBack, type Limits, readHeld } from './held.ts'
import { type Habits, retryAt } from './plan.ts'
import type { PushAddress } from './push.ts'
import { type Next, pick, type Sending, setNext, takeUp } from './queue.ts'
import { isUrgent, wordNotices } from './wording.ts'

export type Adapters = {
  push?: Adapter<PushAddress>
} & { [C in WrittenChannel]?: Adapter }

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
  /** The issuing post of each of these that exists. */
  issuersOf(read: Read, directives: readonly string[]): Promise<ReadonlyMap<string, string>>
}

export type SenderNeeds = {
  db: Db
  adapters: Adapters
  known: Known
  limits: Limits
  now: () => number
  /** Hears of a fault of ours, which is tried again. */
  onError: (error: unknown) => void
  /** Hears that a channel answers in a way that an operator must mend; once an hour for each. */
  onTrouble?: (channel: ChannelName, code: string) => void
}

type Lane = ChannelName | ''

const TICK_MS = 1_000
const LOCK_RETRY_MS = 30_000
/** How many persons are decided upon at once. */
const DECIDE = 500
/** While a message is under way, its row is left alone; should nothing be written, it is looked at again. */
const FLIGHT_MS = 3_600_000
const HOUR = 3_600_000

export class Sender {
  readonly #needs: SenderNeeds
  readonly #paused = new Map<ChannelName, number>()
  readonly #told = new Map<string, number>()
  readonly #running = new Map<Lane | 'intake', Promise<number>>()
  #lock: HeldLock | undefined
  #timer: NodeJS.Timeout | undefined
  #starting: Promise<unknown> = Promise.resolve()
  #lockAt = 0
  #closing = false

  constructor(needs: SenderNeeds) {
    this.#needs = needs
  }

  /** Sends from now on, whenever something is due. Of several servers over one database one does. */
  start(): void {
    const tick = () => {
      if (!this.#closing) this.#starting = this.#work().catch(this.#needs.onError)
    }
    this.#timer = setInterval(tick, TICK_MS).unref()
    tick()
  }

  async close(): Promise<void> {
    this.#closing = true
    clearInterval(this.#timer)
    await this.#starting
    await Promise.all(this.#running.values())
    await this.#lock?.release()
    await Promise.all(Object.values(this.#needs.adapters).map((adapter) => adapter.close()))
  }

  /** Does all that is due now, until nothing is: for tests and measurements. */
  async settle(): Promise<void> {
    if (!(await this.#lead())) throw new Error('Another server sends')
    for (;;) {
      const taken = await this.#once('intake', () => this.#takeUp())
      const done = await Promise.all(
        ['' as const, ...CHANNELS].map((lane) => this.#once(lane, () => this.#drain(lane))),
      )
      if (taken + done.reduce((sum, n) => sum + n, 0) === 0) return
    }
  }

  /** Keeps what operators told of messages. */
  async receive(receipts: readonly Receipt[]): Promise<void> {
    await keepReceipts(this.#needs.db, receipts, this.#needs.now())
  }

  async #work(): Promise<void> {
    if (!(await this.#lead())) return
    // Each lane at its own pace: a gateway that hangs holds up nobody's push.
    const channels = () => {
      for (const lane of CHANNELS) void this.#once(lane, () => this.#drain(lane))
    }
    channels()
    await this.#once('intake', () => this.#takeUp())
    await this.#once('', () => this.#drain(''))
    channels()
  }

  /** Whether this is the one server that sends. */
  async #lead(): Promise<boolean> {
    if (this.#lock) return true
    const { db, now } = this.#needs
    if (this.#lockAt > now() - LOCK_RETRY_MS && this.#lockAt > 0) return false
    this.#lockAt = now()
    const lock = await db.lockOnce('channels')
    if (!lock) return false
    this.#lock = lock
    void lock.lost.then(() => {
      if (this.#lock === lock) this.#lock = undefined
    })
    await giveUpLost(db, now())
    return true
  }

  #once(name: Lane | 'intake', act: () => Promise<number>): Promise<number> {
    const running = this.#running.get(name)
    if (running) return running
    const run = act()
      .catch((error: unknown) => {
        this.#needs.onError(error)
        return 0
      })
      .finally(() => this.#running.delete(name))
    this.#running.set(name, run)
    return run
  }

  async #takeUp(): Promise<number> {
    const { db, known, now } = this.#needs
    let all = 0
    while (!this.#closing) {
      const taken = await takeUp(db, (party) => known.personsOf(party), now())
      all += taken
      if (taken === 0) return all
    }
    return all
  }

  /** Everything due on a lane, batch after batch. */
  async #drain(lane: Lane): Promise<number> {
    const { db, adapters, now } = this.#needs
    let all = 0
    while (!this.#closing && this.#lock) {
      if (lane && (this.#paused.get(lane) ?? 0) > now()) return all
      const people = lane ? (adapters[lane]?.width ?? 1) * 4 : DECIDE
      const rows = await pick(db, lane, now(), people)
      if (rows.length === 0) return all
      all += rows.length
      await this.#step(lane, rows)
    }
    return all
  }

  async #step(lane: Lane, rows: readonly Sending[]): Promise<void> {
    const { db, adapters, now } = this.#needs
    const known = await this.#facts(rows)
    const verdicts = rows.map((row, i) => ({ row, facts: known[i]!, verdict: decide(row, known[i]!, now()) }))
    const here = verdicts.filter(({ verdict }) => lane !== '' && 'send' in verdict && verdict.send === lane)
    const claimed = await db.write(async (tx) => {
      const waits =
        lane === ''
          ? new Set<string>()
          : await this.#costly(
              tx,
              lane,
              here.map(({ row }) => row),
            )
      const go = here.filter(({ row }) => !waits.has(`${row.directive} ${row.kind}`))
      for (const one of here) {
        if (go.includes(one)) continue
        one.facts = { ...one.facts, held: new Set([...one.facts.held, lane as ChannelName]) }
        one.verdict = decide(one.row, one.facts, now())
      }
      const claims = this.#claims(lane as ChannelName, go)
      const claimed = await claimAll(tx, claims, now())
      const flying = new Set(claims.map(({ sending }) => sending))
      await setNext(
        tx,
        verdicts.map(({ row, verdict }) =>
          flying.has(row)
            ? { notice: row.notice, person: row.person, state: 'open', at: now() + FLIGHT_MS, channel: null }
            : nextOf(row, verdict, now()),
        ),
      )
      await rememberAnswered(tx, answeredIn(verdicts))
      return claimed
    })
    if (claimed.length === 0) return
    const adapter = adapters[lane as ChannelName]!
    const messages = [...Map.groupBy(claimed, ({ claim }) => claim.digest ?? -claim.sending.notice).values()].flatMap(
      (group) => [...Map.groupBy(group, ({ claim }) => claim.sending.person).values()],
    )
    const facts = new Map(verdicts.map(({ row, facts }) => [row, facts]))
    await pool(messages, adapter.width, (told) => this.#tell(lane as ChannelName, told, facts))
  }

  /** One message to one person about one or several notices, and what came of it. */
  async #tell(lane: ChannelName, told: readonly Claimed[], facts: ReadonlyMap<Sending, FactsOfPerson>): Promise<void> {
    const { db, now } = this.#needs
    const rows = told.map(({ claim }) => claim.sending)
    const { reach } = facts.get(rows[0]!)!
    const { outcome, undo } = await this.#send(lane, told, reach)
    const after = outcome.is === 'later' ? retryAt(told[0]!.tries, outcome.after, now()) : undefined
    if (outcome.is === 'later' && outcome.all) this.#paused.set(lane, now() + Math.min(outcome.after, HOUR))
    if (outcome.is === 'refused') this.#trouble(lane, outcome.code)
    const ended = told.map(
      ({ id, claim }): Ended => ({
        id,
        outcome: outcome.is,
        code: outcome.is === 'refused' ? outcome.code : outcome.is === 'later' && !after ? 'given_up' : null,
        message: outcome.is === 'sent' ? outcome.id : '',
        again: after ?? null,
        // What was not taken over costs nothing; where nobody knows, it may have.
        cost: outcome.is === 'sent' || (outcome.is === 'refused' && outcome.code === 'no_answer') ? claim.cost : 0,
      }),
    )
    await db.write(async (tx) => {
      await writeOutcomes(tx, ended)
      await undo(tx)
      await setNext(
        tx,
        told.map(({ claim, tries }) => {
          const row = claim.sending
          const before = facts.get(row)!
          const now_: Tried = {
            channel: lane,
            outcome: outcome.is,
            claimed: now(),
            tries,
            again: after ?? null,
            receipt: null,
          }
          const tried = [...before.tried.filter(({ channel }) => channel !== lane), now_]
          const reachable =
            outcome.is === 'gone' ? new Set([...before.reachable].filter((one) => one !== lane)) : before.reachable
          return nextOf(row, decide(row, { ...before, tried, reachable }, now()), now())
        }),
      )
    })
  }

  async #send(
    lane: ChannelName,
    told: readonly Claimed[],
    reach: Reach,
  ): Promise<{ outcome: Outcome; undo: (tx: Parameters<typeof unsubscribe>[0]) => Promise<void> }> {
    const { adapters, known, now } = this.#needs
    const [{ claim }] = told as [Claimed]
    const rows = told.map((one) => one.claim.sending)
    const office = known.officeName(claim.sending.office)
    const text = (lang: Lang) =>
      wordNotices(
        lang,
        rows.map(({ kind, urgency, grade }) => ({ kind, urgency, grade, office })),
      )
    const about = { id: `n${told[0]!.id}`, urgent: rows.some(({ urgency }) => isUrgent(urgency)) }
    const { person } = claim.sending
    if (lane !== 'push') {
      const to = reach.written.get(lane)
      if (!to) return { outcome: { is: 'refused', code: 'no_address' }, undo: async () => {} }
      const outcome = await attempt(adapters[lane]!, { ...about, to, text: text(reach.lang) })
      const gone = outcome.is === 'gone' ? [{ person, channel: lane, address: to }] : []
      return { outcome, undo: (tx) => markDead(tx, gone, now()) }
    }
    const opens = rows.length === 1 ? `/today/${claim.sending.directive}/${claim.sending.addressee}` : '/'
    const live = reach.push.filter(({ device }) => known.personOfDevice(device) === person)
    const outcomes = await Promise.all(
      live.map(({ lang, ...to }) => attempt(adapters.push!, { ...about, to, text: text(lang), opens })),
    )
    const dead = new Set(reach.push.filter((one) => !live.includes(one)).map(({ device }) => device))
    for (const [i, { is }] of outcomes.entries()) if (is === 'gone') dead.add(live[i]!.device)
    return { outcome: best(outcomes), undo: (tx) => unsubscribe(tx, [...dead]) }
  }

  async #facts(rows: readonly Sending[]): Promise<FactsOfPerson[]> {
    const { db, adapters, known } = this.#needs
    const [reach, tried, held, seen] = await Promise.all([
      reachOf(
        db,
        rows.map(({ person }) => person),
      ),
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

  /** The groups among these, as `directive kind`, that cost more than may be spent without a question. */
  async #costly(tx: Parameters<typeof holdBack>[0], lane: ChannelName, rows: readonly Sending[]): Promise<Set<string>> {
    const { limits, now } = this.#needs
    const groups = [...Map.groupBy(rows, ({ directive, kind }) => `${directive} ${kind}`).values()].map(([row]) => ({
      directive: row!.directive,
      kind: row!.kind,
      channel: lane,
      each: this.#price(lane, [row!]),
    }))
    const waiting = await holdBack(tx, groups, limits, now())
    return new Set(waiting.map(({ directive, kind }) => `${directive} ${kind}`))
  }

  /** What these cost as one message. */
  #price(lane: ChannelName, rows: readonly Sending[]): number {
    const { adapters, known } = this.#needs
    const text = wordNotices(
      'bn',
      rows.map(({ kind, urgency, grade, office }) => ({ kind, urgency, grade, office: known.officeName(office) })),
    )
    return adapters[lane]!.price(text)
  }

  /** জরুরি each by itself; all others to one person as one message, told in the name of the first. */
  #claims(lane: ChannelName, go: readonly { row: Sending; verdict: Verdict }[]): Claim[] {
    const groups = Map.groupBy(go, ({ row }) => (isUrgent(row.urgency) ? `${row.notice} ${row.person}` : row.person))
    return [...groups.values()].flatMap((group) => {
      const cost = this.#price(
        lane,
        group.map(({ row }) => row),
      )
      return group.map(({ row, verdict }, i) => ({
        sending: row,
        channel: lane,
        digest: group.length > 1 ? group[0]!.row.notice : null,
        cost: i === 0 ? cost : 0,
        retry: 'retry' in verdict && verdict.retry,
      }))
    })
  }

  #trouble(channel: ChannelName, code: string): void {
    const key = `${channel} ${code}`
    const at = this.#needs.now()
    if ((this.#told.get(key) ?? 0) > at - HOUR) return
    this.#told.set(key, at)
    this.#needs.onTrouble?.(channel, code)
  }
}

type FactsOfPerson = Facts & { reach: Reach }

function nextOf({ notice, person }: Sending, verdict: Verdict, now: number): Next {
  if ('end' in verdict) return { notice, person, state: verdict.end, at: null, channel: null }
  if ('send' in verdict) return { notice, person, state: 'open', at: now, channel: verdict.send }
  return { notice, person, state: 'open', at: verdict.until, channel: verdict.wait }
}

/** After which channel each person acted: the last that took the message over. */
function answeredIn(verdicts: readonly { row: Sending; facts: Facts; verdict: Verdict }[]): Map<string, ChannelName> {
  const answered = new Map<string, ChannelName>()
  for (const { row, facts, verdict } of verdicts) {
    if (!('end' in verdict) || verdict.end !== 'seen') continue
    const last = facts.tried.filter(({ outcome }) => outcome === 'sent').toSorted((a, b) => b.claimed - a.claimed)[0]
    if (last) answered.set(row.person, last.channel)
  }
  return answered
}

/** An adapter rejects for a fault of ours alone; whether anything left is then not known. */
async function attempt<To>(adapter: Adapter<To>, message: Message<To>): Promise<Outcome> {
  try {
    return await adapter.send(message)
  } catch {
    return { is: 'refused', code: 'internal' }
  }
}

/** Of the devices of one person one is enough. */
function best(outcomes: readonly Outcome[]): Outcome {
  const order = ['sent', 'later', 'refused', 'gone']
  return outcomes.toSorted((a, b) => order.indexOf(a.is) - order.indexOf(b.is))[0] ?? { is: 'gone' }
}

/** Runs `act` for each, `width` at a time. */
async function pool<T>(all: readonly T[], width: number, act: (one: T) => Promise<void>): Promise<void> {
  let next = 0
  const run = async () => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await act(one)
  }
  await Promise.all(Array.from({ length: Math.min(width, all.length) }, run))
}
