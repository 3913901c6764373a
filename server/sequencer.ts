/**
 * Gives items their place in the log, one batch at a time, in one transaction each. Everything an official does goes
 * through `place`.
 */
import { idText } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import type { CheckpointFile } from './checkpoint-file.ts'
import { type Db, OutcomeUnknown, type Read, type Tx, type Writer } from './db.ts'
import { type Announcement, GatheredEffects } from './effects.ts'
import type { Feature, Placed, State } from './feature.ts'
import { HeadCache } from './head-cache.ts'
import type { Log } from './log.ts'
import type { LogKey } from './log-key.ts'
import { readHeads, readKnown, readLogState, writeGrowth } from './log-store.ts'
import { type LogView, signView } from './log-view.ts'
import { type Checked, HeadNeeded, type Known, type Outcome, type Placement, Poisoned, placeAll } from './place.ts'

/** What a batch costs besides its items is shared by whoever comes meanwhile: the longer, the more requests the last one held. */
const GATHER_MS = 2
const GATHER_MOST_MS = 8
/** As many share it well enough. */
const MANY_ITEMS = 128
const MAX_ITEMS = 512
const MAX_BYTES = 8 * 1024 * 1024
/** Items waiting beyond this are refused at once: memory is finite, and their clients try again. */
const MAX_WAITING = 20_000
const LOCK = 'sequencer'

export type SequencerNeeds = {
  db: Db
  view: LogView
  key: LogKey
  file: CheckpointFile
  state: State
  features: readonly Feature[]
  now: () => number
  log: Log
  /** Called in log order, once the checkpoint that covers the batch is on disk and before anybody is answered. */
  announce: (announcement: Announcement) => void
  /** Why nothing may be written, from `compareWithFile`. */
  refusal?: Refusal | undefined
  /** Asked before each batch; throws a `Refusal` where there is no room for it. */
  room?: (() => Promise<void>) | undefined
}

type Job = { items: Checked[]; resolve: (outcomes: Outcome[]) => void }
type Batch = { outcomes: Outcome[]; announcements: Announcement[] }

export class Sequencer {
  readonly #needs: SequencerNeeds
  readonly #heads = new HeadCache()
  /** The log in the database. */
  #current: LogView
  /** The log as it may be shown: its checkpoint is on disk. */
  #shown: LogView
  #writer: Writer | undefined
  #refusal: Refusal | undefined
  #queue: Job[] = []
  #waiting = 0
  /** Requests in the last batch. */
  #together = 0
  #running: Promise<void> | undefined
  #publishing: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(needs: SequencerNeeds) {
    this.#needs = needs
    this.#current = needs.view
    this.#shown = needs.view
    this.#refusal = needs.refusal
  }

  get view(): LogView {
    return this.#shown
  }

  /** Why nothing is accepted at all, if so; it takes an operator to change it. */
  get refusal(): Refusal | undefined {
    return this.#refusal
  }

  /**
   * Takes the lock that only one server has, and puts on disk the checkpoint of what the database holds. Throws `Refusal`:
   * `log_in_use`, `database_unavailable`, `disk_full`.
   */
  async start(): Promise<void> {
    this.#writer = await this.#connect()
    if (this.#refusal) return
    await this.#needs.file.save(this.#current.size, this.#current.checkpoint)
  }

  /** An outcome for each item, in order; accepted ones are durable by then. Never throws. */
  place(items: Checked[]): Promise<Outcome[]> {
    const refusal = this.#refusal ?? (this.#waiting + items.length > MAX_WAITING ? tooBusy() : undefined)
    if (this.#stopped) return refuseAll(items, new Refusal('database_unavailable', 'The server is stopping'))
    if (refusal) return refuseAll(items, refusal)
    return new Promise((resolve) => {
      this.#queue.push({ items, resolve })
      this.#waiting += items.length
      this.#running ??= this.#run()
    })
  }

  /** Answers whatever was taken, then lets the lock go. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
    await this.#publishing
    await this.#writer?.close()
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      if (this.#waiting < MANY_ITEMS) await pause(Math.min(GATHER_MOST_MS, GATHER_MS + this.#together))
      const jobs = this.#take()
      this.#together = jobs.length
      const items = jobs.flatMap((job) => job.items)
      const batch = await this.#attempt(items)
      const before = this.#publishing
      this.#publishing = before.then(() => this.#publish(jobs, batch, this.#needs.file))
      await before // at most one batch on its way to the disk while the next is decided
    }
    await this.#publishing
    if (this.#queue.length > 0) return this.#run()
    this.#running = undefined // at once, lest somebody queue behind one who has stopped looking
  }

  #take(): Job[] {
    let [items, bytes, jobs] = [0, 0, 0]
    for (const job of this.#queue) {
      items += job.items.length
      bytes += job.items.reduce((sum, { size }) => sum + size, 0)
      if (jobs > 0 && (items > MAX_ITEMS || bytes > MAX_BYTES)) break
      jobs += 1
    }
    const taken = this.#queue.splice(0, jobs)
    this.#waiting -= taken.reduce((sum, job) => sum + job.items.length, 0)
    return taken
  }

  /** A fault that is nobody's in particular (the disk, the database) refuses the whole batch; nothing of it is kept. */
  async #attempt(items: Checked[]): Promise<Batch & { view: LogView }> {
    const announcements: Announcement[] = []
    let outcomes: Outcome[]
    try {
      await this.#needs.room?.()
      outcomes = await this.#decide(items, announcements)
    } catch (error) {
      if (!(error instanceof Refusal)) this.#needs.log.error({ err: error }, 'a batch failed')
      const refusal = error instanceof Refusal ? error : new Refusal('internal', 'The batch failed')
      outcomes = items.map(() => refusal)
    }
    return { outcomes, announcements, view: this.#current }
  }

  /** The checkpoint goes to disk before anybody hears of the batch, repeats included: an answer is a promise. */
  async #publish(jobs: Job[], batch: Batch & { view: LogView }, file: CheckpointFile): Promise<void> {
    let { outcomes } = batch
    try {
      await file.save(batch.view.size, batch.view.checkpoint)
      this.#shown = batch.view
      for (const announcement of batch.announcements) this.#announce(announcement)
    } catch (error) {
      // The items stand in the log. Their authors are told nothing of it until the file vouches for it; they try again.
      this.#needs.log.error({ err: error }, 'the checkpoint file could not be written')
      const refusal = error instanceof Refusal ? error : new Refusal('internal', 'The checkpoint file failed')
      outcomes = outcomes.map((outcome) => (outcome instanceof Refusal ? outcome : refusal))
    }
    let at = 0
    for (const { items, resolve } of jobs) {
      resolve(outcomes.slice(at, at + items.length))
      at += items.length
    }
  }

  #announce(announcement: Announcement): void {
    for (const feature of this.#needs.features) {
      const own = ownOf(feature, announcement.placed)
      if (own.length === 0) continue
      this.#heard(feature.name, () => feature.afterCommit?.(own))
    }
    this.#heard('live', () => this.#needs.announce(announcement))
  }

  /** The items are safe: a listener's fault is logged and silences nobody else. */
  #heard(name: string, tell: () => void): void {
    try {
      tell()
    } catch (error) {
      this.#needs.log.error({ err: error, name }, 'a listener failed after commit')
    }
  }

  /**
   * The whole batch in one transaction; if it fails by an item's fault, without that item; if nobody can say whose fault
   * it is, in halves, until the culprit stands alone (hazard 14). Throws a `Refusal` that concerns everybody.
   */
  async #decide(items: Checked[], announcements: Announcement[]): Promise<Outcome[]> {
    try {
      return await this.#transact(items, announcements)
    } catch (error) {
      if (isEverybodys(error)) throw error
      if (error instanceof Poisoned) {
        const at = items.indexOf(error.culprit)
        const rest = items.filter((_, i) => i !== at)
        const outcomes = rest.length > 0 ? await this.#decide(rest, announcements) : []
        return [...outcomes.slice(0, at), this.#blame(error.culprit, error.cause), ...outcomes.slice(at)]
      }
      if (items.length === 1) return [this.#blame(items[0]!, error)]
      const middle = items.length >> 1
      const left = await this.#decide(items.slice(0, middle), announcements)
      return [...left, ...(await this.#decide(items.slice(middle), announcements))]
    }
  }

  #blame({ item }: Checked, cause: unknown): Refusal {
    const number = crypto.randomUUID()
    const { kind, id } = item.header
    this.#needs.log.error({ err: cause, number, kind, id: idText(id) }, 'an item was refused for a fault of ours')
    return new Refusal('internal', 'The server has a fault with this item', { number })
  }

  /** One transaction. Afterwards memory and database agree, whatever happened; only then it returns or throws. */
  async #transact(items: Checked[], announcements: Announcement[]): Promise<Outcome[]> {
    this.#writer ??= await this.#connect()
    const parts = Object.values(this.#needs.state)
    const turn: Turn = { open: false, grown: undefined, outcomes: [] }
    try {
      await this.#writer.write(
        (tx, known: ReadonlyMap<string, Known>) => this.#fill(tx, items, known, turn),
        (read) => this.#readAhead(read, items),
      )
    } catch (error) {
      if (!(error instanceof OutcomeUnknown && (await this.#wasKept(turn)))) {
        if (turn.open) for (const part of parts) part.rollback()
        this.#heads.rollback()
        if (error instanceof OutcomeUnknown) return this.#transact(items, announcements)
        if (error instanceof Refusal && error.code === 'database_unavailable') this.#dropWriter()
        throw error
      }
    }
    if (turn.open) for (const part of parts) part.commit()
    this.#heads.commit()
    if (turn.grown) {
      const { view, placed, effects } = turn.grown
      this.#current = view
      const { parties, boards, revoked } = effects
      announcements.push({ size: view.size, placed, parties, boards, revoked })
    }
    return turn.outcomes
  }

  async #fill(tx: Tx, items: Checked[], known: ReadonlyMap<string, Known>, turn: Turn): Promise<void> {
    const { features, state, key } = this.#needs
    const fresh = items.filter(({ item }) => !known.has(idText(item.header.id)))
    const time = Math.max(this.#current.time, this.#needs.now())

    let placement: Placement | undefined
    let edge = this.#current.edge
    while (!placement) {
      for (const part of Object.values(state)) part.begin()
      turn.open = true
      for (const feature of features) {
        const own = fresh.filter(({ kind }) => feature.kinds.includes(kind))
        const entries = own.map(({ kind, entry, item }) => ({ kind, entry, header: item.header }))
        if (own.length > 0) await feature.load?.(tx, entries as never)
      }
      edge = this.#current.edge.clone()
      try {
        placement = placeAll(items, known, {
          state,
          edge,
          heads: this.#heads.moved,
          headOf: (chain) => this.#heads.get(chain),
          time,
          log: key,
        })
      } catch (error) {
        if (!(error instanceof HeadNeeded)) throw error
        for (const part of Object.values(state)) part.rollback()
        turn.open = false
        this.#heads.rollback()
        this.#heads.add(await readHeads(tx, [error.chain]))
      }
    }
    turn.outcomes = placement.outcomes
    const { placed, tiles } = placement
    if (placed.length === 0) return

    const view = await signView(edge, time, key)
    const effects = new GatheredEffects()
    const project = async () => {
      for (const feature of features) {
        const own = ownOf(feature, placed)
        if (own.length > 0) await feature.project?.(tx, own, effects)
      }
    }
    // The projections' statements go out behind the items' without waiting for an answer. Where both fail, the first is why.
    const [grown, projected] = await Promise.allSettled([writeGrowth(tx, { placed, tiles, state: view }), project()])
    if (grown.status === 'rejected') throw grown.reason
    if (projected.status === 'rejected') throw projected.reason
    await effects.write(tx)
    turn.grown = { view, placed, effects }
  }

  /**
   * Which of the items are in the log already; and to `#heads`, those of the chains that the items would have if nothing before
   * them changed that: nearly always the right ones.
   */
  async #readAhead(read: Read, items: Checked[]): Promise<Map<string, Known>> {
    const wanted = new Map<string, Uint8Array<ArrayBuffer>>()
    for (const { item, kind, entry } of items) {
      try {
        const chain = kind.chain(entry, item.header, this.#needs.state)
        const name = idText(chain)
        if (this.#heads.get(name) === undefined) wanted.set(name, chain)
      } catch {
        // Not to be told yet, or not at all: then it is refused in its turn, or its head read then.
      }
    }
    const ids = items.map(({ item }) => item.header.id)
    const [known, heads] = await Promise.all([
      readKnown(read, ids),
      wanted.size > 0 ? readHeads(read, [...wanted.values()]) : [],
    ])
    this.#heads.add(heads)
    return known
  }

  /** After a COMMIT without an answer: was the batch kept? Waits for the database as long as it takes. */
  async #wasKept({ grown }: Turn): Promise<boolean> {
    this.#dropWriter()
    const before = this.#current
    for (let wait = 50; ; wait = Math.min(2_000, wait * 2)) {
      try {
        const writer = await this.#openWriter()
        const state = await writer.write((tx) => readLogState(tx))
        this.#writer = writer
        if ((state?.size ?? 0) === before.size) return false
        if (grown && state?.checkpoint === grown.view.checkpoint) return true
        throw this.#moved()
      } catch (error) {
        if (!(error instanceof Refusal) || error.code === 'log_moved' || this.#stopped) throw error
        this.#needs.log.warn({ err: error }, 'the database is away; waiting to learn whether a batch was kept')
        await pause(wait)
      }
    }
  }

  /** A writer that holds the lock, over a database that is where this memory is. */
  async #connect(): Promise<Writer> {
    const writer = await this.#openWriter()
    const state = await writer.write((tx) => readLogState(tx))
    if ((state?.size ?? 0) === this.#current.size) return writer
    await writer.close()
    throw this.#moved()
  }

  async #openWriter(): Promise<Writer> {
    const writer = await this.#needs.db.writer()
    // A killed server's connection lets go of the lock only when PostgreSQL notices.
    for (let tries = 0; !(await writer.lockOnce(LOCK)); tries++) {
      if (tries === 30) {
        await writer.close()
        throw new Refusal('log_in_use', 'Another server writes to this database; stop it first')
      }
      await pause(100)
    }
    void writer.lost.then(() => {
      if (this.#writer === writer) this.#writer = undefined
    })
    return writer
  }

  #dropWriter(): void {
    const writer = this.#writer
    this.#writer = undefined
    writer?.close().catch(() => {}) // it is dead already
  }

  /** Somebody else wrote to the log: what is in memory is of the past, and only a restart mends that. */
  #moved(): Refusal {
    this.#refusal = new Refusal('log_moved', 'Another server has written to this database; restart this one')
    this.#needs.log.fatal(this.#refusal.message)
    return this.#refusal
  }
}

/** One transaction's work, as far as it came. */
type Turn = {
  /** The state has begun and must be committed or rolled back. */
  open: boolean
  grown: { view: LogView; placed: Placed[]; effects: GatheredEffects } | undefined
  outcomes: Outcome[]
}

/** Codes of faults that no item is to blame for. */
const EVERYBODYS = new Set(['disk_full', 'database_unavailable', 'log_in_use', 'log_moved'])

function isEverybodys(error: unknown): boolean {
  return error instanceof Refusal && EVERYBODYS.has(error.code)
}

function ownOf(feature: Feature, placed: Placed[]): Placed[] {
  return placed.filter(({ kind }) => feature.kinds.includes(kind))
}

function refuseAll(items: Checked[], refusal: Refusal): Promise<Outcome[]> {
  return Promise.resolve(items.map(() => refusal))
}

function tooBusy(): Refusal {
  return new Refusal('too_fast', 'More items are waiting than can be placed soon')
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
