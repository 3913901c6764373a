/**
 * Tells people what there is to tell: takes notices up, decides what comes next for each person, claims it, sends it, and writes
 * what came of it. Claim first, send second: a crash may lose a message, and never sends it twice.
 */
import type { Db, HeldLock } from '../db.ts'
import { type Claim, type Claimed, claimAll, type Ended, giveUpLost, keepReceipts, writeOutcomes } from './attempts.ts'
import { CHANNELS, type ChannelName, type Outcome, type Receipt } from './channel.ts'
import { markDead, rememberAnswered, unsubscribe } from './contacts.ts'
import { decide, type Facts, type Tried, type Verdict } from './decide.ts'
import { type FactsOfPerson, type Known, readFacts } from './facts.ts'
import { holdBack, type Limits } from './held.ts'
import { retryAt } from './plan.ts'
import { type Next, pick, type Sending, setNext, takeUp } from './queue.ts'
import { type Adapters, claimsFor, messagesOf, priceOf, type Sent, sendMessage } from './tell.ts'

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

/** Time passes for what waits; new notices are announced (`wake`), and found at a tick where that was missed. */
const TICK_MS = 1_000
const LOCK_RETRY_MS = 30_000
/** How many persons are decided upon at once. */
const DECIDE = 500
/** While a message is under way, its row is left alone; should nothing be written, it is looked at again. */
const FLIGHT_MS = 3_600_000
const HOUR = 3_600_000

export class Sender {
  readonly #needs: SenderNeeds
  readonly #telling: Parameters<typeof sendMessage>[0]
  readonly #paused = new Map<ChannelName, number>()
  readonly #told = new Map<string, number>()
  readonly #running = new Map<Lane | 'intake', Promise<number>>()
  #lock: HeldLock | undefined
  #timer: NodeJS.Timeout | undefined
  #starting: Promise<unknown> = Promise.resolve()
  #lockAt = 0
  #closing = false
  #woken = false
  /** Woken while notices were being taken up: what came meanwhile is looked for once more. */
  #again = false

  constructor(needs: SenderNeeds) {
    this.#needs = needs
    this.#telling = { adapters: needs.adapters, ...needs.known }
  }

  /** Sends from now on, whenever something is due. Of several servers over one database one does. */
  start(): void {
    // With nothing to send by, notices stay where they are: their own page shows them.
    if (Object.keys(this.#needs.adapters).length === 0) return
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref()
    this.#tick()
  }

  /** There are new notices, committed: they are taken up at once, and those of the same moment together. */
  wake(): void {
    if (!this.#timer || this.#woken) return
    this.#woken = true
    setImmediate(() => {
      this.#woken = false
      this.#again = this.#running.has('intake') || this.#running.has('')
      this.#tick()
    })
  }

  #tick(): void {
    if (!this.#closing) this.#starting = this.#work().catch(this.#needs.onError)
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
    if (!this.#again || this.#closing) return
    this.#again = false
    this.#tick()
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
    const people = lane ? (adapters[lane]?.width ?? 1) * 2 : DECIDE
    let all = 0
    let telling: Promise<void> | undefined
    const told = async () => {
      await telling
      telling = undefined
    }
    while (!this.#closing && this.#lock && !this.#isPaused(lane)) {
      const rows = await pick(db, lane, now(), people)
      if (rows.length === 0 && !telling) return all
      all += rows.length
      const tell = rows.length > 0 ? await this.#step(lane, rows) : undefined
      // While one batch is under way the next is claimed, and no more: a crash loses what was claimed.
      await told()
      telling = tell?.()
      telling?.catch(() => {}) // told by `told`
    }
    await told()
    return all
  }

  #isPaused(lane: Lane): boolean {
    return lane !== '' && (this.#paused.get(lane) ?? 0) > this.#needs.now()
  }

  /** Decides and claims; gives what then sends the messages. */
  async #step(lane: Lane, rows: readonly Sending[]): Promise<(() => Promise<void>) | undefined> {
    const { db, now } = this.#needs
    const known = await readFacts(this.#needs, rows)
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
      const claims = claimsFor(this.#telling, lane as ChannelName, go)
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
    if (claimed.length === 0) return undefined
    const facts = new Map(verdicts.map(({ row, facts }) => [row, facts]))
    return () => this.#tellAll(lane as ChannelName, claimed, facts)
  }

  /** Sends all messages, and writes what came of them together, a few at a time: a crash loses what was not yet written. */
  async #tellAll(
    lane: ChannelName,
    claimed: readonly Claimed[],
    facts: ReadonlyMap<Sending, FactsOfPerson>,
  ): Promise<void> {
    const { width } = this.#needs.adapters[lane]!
    let results: Result[] = []
    let writing: Promise<void> = Promise.resolve()
    const write = () => {
      const some = results
      results = []
      writing = writing.then(() => this.#write(lane, some, facts))
    }
    await pool(messagesOf(claimed), width, async (told) => {
      const { reach } = facts.get(told[0]!.claim.sending)!
      const sent = this.#isPaused(lane) ? this.#notNow(lane) : await sendMessage(this.#telling, lane, told, reach)
      this.#heed(lane, sent.outcome)
      results.push({ told, sent })
      if (results.length >= width) write()
    })
    write()
    await writing
  }

  /** The channel asked for a pause after this was claimed. */
  #notNow(lane: ChannelName): Sent {
    const after = (this.#paused.get(lane) ?? 0) - this.#needs.now()
    return { outcome: { is: 'later', after }, deadDevices: [], deadContact: null }
  }

  /** What an answer means for the whole channel. */
  #heed(lane: ChannelName, outcome: Outcome): void {
    const { now } = this.#needs
    if (outcome.is === 'later' && outcome.all) this.#paused.set(lane, now() + Math.min(outcome.after, HOUR))
    if (outcome.is === 'refused') this.#trouble(lane, outcome.code)
  }

  async #write(
    lane: ChannelName,
    results: readonly Result[],
    facts: ReadonlyMap<Sending, FactsOfPerson>,
  ): Promise<void> {
    if (results.length === 0) return
    const { db, now } = this.#needs
    const ended: Ended[] = []
    const next: Next[] = []
    for (const { told, sent } of results) {
      const { outcome } = sent
      const again = outcome.is === 'later' ? (retryAt(told[0]!.tries, outcome.after, now()) ?? null) : null
      for (const { id, claim, tries } of told) {
        ended.push(endedBy(id, claim, outcome, again))
        const before = facts.get(claim.sending)!
        const latest: Tried = { channel: lane, outcome: outcome.is, claimed: now(), tries, again, receipt: null }
        const tried = [...before.tried.filter(({ channel }) => channel !== lane), latest]
        const reachable = new Set(before.reachable)
        if (outcome.is === 'gone') reachable.delete(lane)
        next.push(nextOf(claim.sending, decide(claim.sending, { ...before, tried, reachable }, now()), now()))
      }
    }
    await db.write(async (tx) => {
      await writeOutcomes(tx, ended)
      await setNext(tx, next)
      await unsubscribe(
        tx,
        results.flatMap(({ sent }) => sent.deadDevices),
      )
      await markDead(
        tx,
        results.flatMap(({ sent }) => sent.deadContact ?? []),
        now(),
      )
    })
  }

  /** The groups among these, as `directive kind`, that cost more than may be spent without a question. */
  async #costly(tx: Parameters<typeof holdBack>[0], lane: ChannelName, rows: readonly Sending[]): Promise<Set<string>> {
    const { limits, now } = this.#needs
    const groups = [...Map.groupBy(rows, ({ directive, kind }) => `${directive} ${kind}`).values()].map(([row]) => ({
      directive: row!.directive,
      kind: row!.kind,
      channel: lane,
      each: priceOf(this.#telling, lane, [row!]),
    }))
    const waiting = await holdBack(tx, groups, limits, now())
    return new Set(waiting.map(({ directive, kind }) => `${directive} ${kind}`))
  }

  #trouble(channel: ChannelName, code: string): void {
    const key = `${channel} ${code}`
    const at = this.#needs.now()
    if ((this.#told.get(key) ?? 0) > at - HOUR) return
    this.#told.set(key, at)
    this.#needs.onTrouble?.(channel, code)
  }
}

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

type Result = { told: Claimed[]; sent: Sent }

function endedBy(id: number, claim: Claim, outcome: Outcome, again: number | null): Ended {
  const givenUp = outcome.is === 'later' && again === null
  return {
    id,
    outcome: outcome.is,
    code: outcome.is === 'refused' ? outcome.code : givenUp ? 'given_up' : null,
    message: outcome.is === 'sent' ? outcome.id : '',
    again,
    // What was not taken over costs nothing; where nobody knows, it may have.
    cost: outcome.is === 'sent' || (outcome.is === 'refused' && outcome.code === 'no_answer') ? claim.cost : 0,
  }
}

/** Runs `act` for each, `width` at a time. */
async function pool<T>(all: readonly T[], width: number, act: (one: T) => Promise<void>): Promise<void> {
  let next = 0
  const run = async () => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await act(one)
  }
  await Promise.all(Array.from({ length: Math.min(width, all.length) }, run))
}
