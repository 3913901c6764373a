import { Refusal } from '../core/refusal.ts'
import type { Progress } from './act.ts'
import type { Device } from './device.ts'
import type { Sent } from './outbox.ts'
import { type Later, Soon } from './soon.ts'
import type { Connection } from './views.ts'
import type { LiveConnection } from './wire.ts'

/** Calls back whenever the platform thinks that the network may have returned; the answer stops it. */
export type Wakes = (wake: () => void) => () => void

type Needs = { device: Device; later?: Later; rewrapEvery?: number; wakes?: Wakes }

/** A sync that takes longer than this is called slow on the screen. */
const SLOW = 6_000
/** How often the posts below are looked at for rings that appeared, without being woken for it; oftener where nothing wakes. */
const REWRAP_EVERY = 10 * 60_000
/** The record room stands above everybody and is woken for few. */
const REWRAP_EVERY_ROOM = 30_000
/** And how often at most, however much happens. */
const REWRAP_AT_MOST = 5_000
/** When files are tried again whose way was cut, should nothing else wake us before. */
const UPLOAD_AGAIN = 10_000
/** And when a round is that failed although the live connection stands: a request lost, a server short of something. */
const TRY_AGAIN = 10_000
const RECONNECT_FIRST = 1_000
const RECONNECT_LAST = 60_000

/**
 * What a device does by itself while it runs: sync, then the upkeep it owes, then the outbox, then wrapping again; and the live
 * connection that says when. One round at a time; a call during a round waits for the next.
 */
export class Session {
  readonly #device: Device
  readonly #later: Later
  readonly #rewrapEvery: number
  readonly #wakes: Wakes | undefined
  readonly #arrived = new Set<string>()
  /** Rounds running in which the server answered and could not be believed. */
  #failed = 0
  #connection: Connection = { online: true, slow: false, lastSync: null, sending: null, clockOff: 0 }
  #round: Promise<void> | null = null
  #next: Promise<void> | null = null
  #rewrapAt = Number.NEGATIVE_INFINITY
  #rewrapWoken = false
  #live: LiveConnection | null = null
  /** Whether the server has taken the live connection up. */
  #liveReady = false
  readonly #soon: Soon
  #stopWakes: () => void = () => {}
  #started = false
  #connecting = false
  #woken = false
  #stopWaiting: () => void = () => {}
  #watched: string | null = null
  /** Codes of lies told to this device, newest last: they are never hidden by a later success. */
  readonly alarms: { code: string; at: number }[] = []

  constructor({ device, later = timer, rewrapEvery = REWRAP_EVERY, wakes }: Needs) {
    this.#wakes = wakes
    this.#rewrapEvery = rewrapEvery
    this.#device = device
    this.#later = later
    this.#soon = new Soon({ later, now: device.now, run: () => void this.sync().catch((error) => this.#again(error)) })
    device.transport.onDate = (date) => this.#compareClocks(date)
  }

  get connection(): Connection {
    return this.#connection
  }

  /** Whether the server would tell us of news at once. */
  get live(): boolean {
    return this.#liveReady
  }

  arrivedAt(post: string): boolean {
    return this.#arrived.has(post)
  }

  async load(): Promise<void> {
    const lastSync = (await this.#device.store.get<number>('meta', 'last-sync')) ?? null
    this.#connection = { ...this.#connection, lastSync }
  }

  /**
   * One round. Rejects with `offline`, with what shut this device out (`revoked_device`), or with the lie that was noticed
   * (`rollback`, `forked`, `bad_proof`, …); what was known before stays shown.
   */
  sync(): Promise<void> {
    if (!this.#round) {
      this.#round = this.#runRound().finally(() => {
        this.#round = null
      })
      return this.#round
    }
    this.#next ??= this.#round.then(
      () => this.#startNext(),
      () => this.#startNext(),
    )
    return this.#next
  }

  #startNext(): Promise<void> {
    this.#next = null
    return this.sync()
  }

  /** Sends what is due, and brings back what that made. */
  async flush(progress?: Progress): Promise<Sent[]> {
    const { outbox, sync, now } = this.#device
    // Another tab may have added to it, and been closed.
    await outbox.load()
    const total = outbox.entries().filter(({ state }) => state === 'waiting').length
    if (total === 0) return []
    this.#show({ sending: { done: 0, total } })
    try {
      const uploading = (done: number, total: number) => {
        const { sending } = this.#connection
        if (sending) this.#show({ sending: { ...sending, bytes: { done, total } } })
      }
      // Whoever asked for another round waits for a chunk, and not for a file.
      const sent = await outbox.flush(progress, { uploading, pause: () => this.#next !== null })
      const last = sent.at(-1)
      if (last) this.#show({ clockOff: now() - last.time })
      if (sent.length > 0) await sync.run()
      return sent
    } finally {
      this.#show({ sending: null })
      this.#flushWhenDue()
      if (outbox.interrupted) this.flushSoon(UPLOAD_AGAIN)
    }
  }

  /** What can still be taken back is sent when that time is over, also by a page that was opened meanwhile. */
  #flushWhenDue(): void {
    const { outbox, now } = this.#device
    const due = Math.min(...outbox.entries().flatMap(({ undoUntil }) => undoUntil ?? []))
    if (due !== Number.POSITIVE_INFINITY) this.flushSoon(due - now())
  }

  /** Syncs and sends in a moment; errors are shown by `connection`, not thrown at nobody. */
  flushSoon(delay: number, within = 0): void {
    this.#soon.in(delay, within)
  }

  /** With the live connection standing nothing else would try again what failed on the way. */
  #again(error: unknown): void {
    if (this.#live && error instanceof Refusal && !LIES.has(error.code)) this.flushSoon(TRY_AGAIN, TRY_AGAIN)
  }

  /** Follows the board of a directive on the live connection. */
  watch(directive: string | null): void {
    this.#watched = directive
    this.#live?.send(JSON.stringify({ watch: directive }))
  }

  /** Keeps a live connection until `stop`. */
  start(): void {
    this.#started = true
    if (this.#wakes) this.#stopWakes = this.#wakes(() => this.#wake())
    void this.#connect(RECONNECT_FIRST)
  }

  /** Waits no longer: what was typed without a network leaves when it returns, and not when a pause has passed. */
  #wake(): void {
    if (!this.#started) return
    if (this.#live) {
      this.flushSoon(0)
      return
    }
    this.#woken = true
    if (this.#connecting) return
    this.#stopWaiting()
    void this.#connect(RECONNECT_FIRST)
  }

  stop(): void {
    this.#started = false
    this.#stopWaiting()
    this.#stopWakes()
    this.#soon.stop()
    this.#live?.close()
    this.#live = null
    this.#liveReady = false
  }

  async #runRound(): Promise<void> {
    const { sync, upkeep, mirror, now, locker, usage, accepted, proven } = this.#device
    const began = now()
    try {
      await sync.run()
      // A server that lost what was sent last is not seen to go back by who has not looked since.
      if (await accepted.reaches(proven.seen.size)) await this.#giveBack()
      await this.#noteArrivals()
      if ((await upkeep.run()) > 0) await mirror.absorb([])
      this.#show({ online: true, lastSync: now(), slow: now() - began > SLOW })
      await usage.keep([{ table: 'meta', key: 'last-sync', value: now() }])
      await this.flush()
      this.#failed = 0
      if (this.#connection.full || this.#connection.stuck) this.#show({ full: undefined, stuck: undefined })
      if (!locker.locked) await this.#wrapAgain()
    } catch (error) {
      if (error instanceof Refusal && error.code === 'rollback') await this.#giveBack()
      this.#judge(error)
      throw error
    }
  }

  /** A server that went back may have lost what it accepted. It is not believed sooner for what it gets. */
  async #giveBack(): Promise<void> {
    await this.#device.giveBack.run().catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error // tried again at the next round
    })
  }

  /** Posts held now that were not held when this device was last used. The first round of all is no arrival. */
  async #noteArrivals(): Promise<void> {
    const { store, proven, person } = this.#device
    const held = proven.directory.postsOf(person).map(({ post }) => post)
    const before = await store.get<string[]>('meta', 'held')
    for (const post of held) if (before && !before.includes(post)) this.#arrived.add(post)
    if (held.join() !== before?.join()) await store.write([{ table: 'meta', key: 'held', value: held }])
  }

  async #wrapAgain(): Promise<void> {
    const { rewrap, now, proven, person } = this.#device
    const room = proven.directory.recordRoom()
    const keepsRoom = room !== undefined && proven.directory.holds(person, room.id)
    const every = this.#rewrapWoken ? REWRAP_AT_MOST : keepsRoom ? REWRAP_EVERY_ROOM : this.#rewrapEvery
    if (!rewrap.hasLetters || now() - this.#rewrapAt < every) return
    this.#rewrapAt = now()
    this.#rewrapWoken = false
    await rewrap.run()
    this.#show({})
  }

  #judge(error: unknown): void {
    if (!(error instanceof Refusal)) return
    if (error.code === 'offline') {
      this.#show({ online: false })
      return
    }
    if (error.code === 'device_full') {
      this.#show({ full: true })
      return
    }
    if (error.code === 'revoked_device') {
      this.#started = false
      this.#show({ closed: true })
      return
    }
    if (LIES.has(error.code)) this.alarms.push({ code: error.code, at: this.#device.now() })
    // Once may be chance: somebody moved on between two answers.
    this.#show(++this.#failed > 1 ? { stuck: true } : {})
  }

  async #connect(pause: number): Promise<void> {
    if (!this.#started) return
    const again = () => {
      this.#live = null
      this.#liveReady = false
      if (!this.#started) return
      const wait = this.#woken ? 0 : pause * (0.5 + this.#device.random())
      const next = this.#woken ? RECONNECT_FIRST : Math.min(pause * 2, RECONNECT_LAST)
      this.#stopWaiting = this.#later(wait, () => void this.#connect(next))
    }
    this.#connecting = true
    this.#woken = false
    try {
      await this.sync()
      this.#live = await this.#device.transport.live({
        onMessage: (text) => this.#hear(text),
        // Also where the session was closed: the sync before connecting again finds out whether the device was, too.
        onClose: () => {
          this.#show({})
          again()
        },
      })
      if (this.#watched) this.watch(this.#watched)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      again()
    } finally {
      this.#connecting = false
    }
  }

  #hear(text: string): void {
    let message: { ready?: unknown; size?: unknown; parties?: unknown; board?: unknown }
    try {
      message = JSON.parse(text)
    } catch {
      return // Not ours to understand; a wake-up that is lost costs nothing but time.
    }
    if (message.ready === true) this.#liveReady = true
    if (message.board !== undefined) this.#device.changed.call()
    if (typeof message.size !== 'number' || message.size <= this.#device.proven.seen.size) return
    // It may be a letter or the directory: whoever is below may have made a ring, a post may have come.
    this.#device.sync.expectDirectory()
    this.#rewrapWoken = true
    this.flushSoon(this.#device.random() * 500, 500)
    if (this.#device.now() - this.#rewrapAt < REWRAP_AT_MOST) this.flushSoon(REWRAP_AT_MOST, REWRAP_AT_MOST)
  }

  /** Who only reads must learn of a wrong clock too: it says what is late. Less than a minute is the network's. */
  #compareClocks(date: number): void {
    const clockOff = this.#device.now() - date
    if (Math.abs(clockOff - this.#connection.clockOff) > 60_000) this.#show({ clockOff })
  }

  /** What was found out beside a round. */
  note(some: Pick<Connection, 'clockOff'>): void {
    this.#show(some)
  }

  #show(some: { [K in keyof Connection]?: Connection[K] | undefined }): void {
    this.#connection = { ...this.#connection, ...some } as Connection
    this.#device.changed.call()
  }
}

/** Refusals that can only come of a server, or somebody between, that tampers. */
const LIES = new Set([
  'rollback',
  'forked',
  'bad_proof',
  'bad_note',
  'wrong_root',
  'bad_signature',
  'not_allowed',
  'unknown_device',
  'wrong_members',
])

function timer(milliseconds: number, work: () => void): () => void {
  const id = setTimeout(work, milliseconds)
  // In Node a waiting timer must not keep a finished command alive.
  if (typeof id === 'object') id.unref()
  return () => clearTimeout(id)
}
