/**
 * One WebSocket for each session, and so for each open page of a device: wake-ups, never content. A wake-up that is lost costs
 * nothing but time, because the device syncs from its cursor; so they are sent late, together, and not at all to whoever does not
 * read them.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Announcement } from './effects.ts'
import type { People } from './feature.ts'
import type { Log } from './log.ts'
import type { Viewer } from './routes.ts'

export const LIVE_PATH = '/api/live'
export const REVOKED = 4401
export const SLOW_READER = 4408
const REPLACED = 4409

const COALESCE_MS = 5
const BOARD_MS = 1_000
const HELLO_MS = 10_000
const PING_MS = 30_000
const MAX_BUFFERED = 256 * 1024
const SLOW_MS = 5_000
/** Pages of one device that hear at once. Were it one, two tabs would take the connection from each other for ever. */
const MOST_PAGES = 8

export type LiveNeeds = {
  people: People
  viewer: (token: string) => Promise<Viewer>
  log: Log
  /** How long a reader may be behind; 5 seconds. */
  slowMs?: number | undefined
}

type Listener = {
  socket: WebSocket
  token: string
  device: string
  person: string
  /** Gathered since the last message: the newest size, whose entries, which boards. */
  size: number
  parties: Set<string>
  boards: Set<string>
  timer: NodeJS.Timeout | undefined
  /** Since when more than `MAX_BUFFERED` bytes wait for it. */
  behindSince: number | undefined
  answered: boolean
}

export class Live {
  readonly #needs: LiveNeeds
  readonly #slowMs: number
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 4_096, perMessageDeflate: false })
  readonly #listeners = new Set<Listener>()
  /** Each device's, the oldest first. */
  readonly #byDevice = new Map<string, Set<Listener>>()
  readonly #byPerson = new Map<string, Set<Listener>>()
  readonly #watchers = new Map<string, Set<Listener>>()
  readonly #boards = new Set<string>()
  #boardTimer: NodeJS.Timeout | undefined
  readonly #checking: NodeJS.Timeout
  readonly #pinging: NodeJS.Timeout

  constructor(needs: LiveNeeds) {
    this.#needs = needs
    this.#slowMs = needs.slowMs ?? SLOW_MS
    this.#checking = setInterval(() => this.#dropSlow(), this.#slowMs / 5).unref()
    this.#pinging = setInterval(() => this.#dropSilent(), PING_MS).unref()
  }

  get count(): number {
    return this.#listeners.size
  }

  /** Takes over an HTTP upgrade of `LIVE_PATH`. The first message, `{"token"}`, must come soon. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#greet(opened))
  }

  /** Wakes the devices of all who may read these parties, and closes those that were revoked. */
  announce({ size, parties, boards, revoked }: Announcement): void {
    for (const device of revoked)
      for (const { socket } of this.#byDevice.get(device) ?? []) socket.close(REVOKED, 'revoked')
    for (const party of parties) {
      this.#wakePerson(party, party, size)
      for (const person of this.#needs.people.holdersOf(party)) this.#wakePerson(person, party, size)
    }
    for (const board of boards) this.#boards.add(board)
    if (this.#boards.size > 0) this.#boardTimer ??= setTimeout(() => this.#wakeBoards(), BOARD_MS).unref()
  }

  async close(): Promise<void> {
    clearInterval(this.#checking)
    clearInterval(this.#pinging)
    clearTimeout(this.#boardTimer)
    for (const { socket } of this.#listeners) socket.close(1001, 'the server stops')
    for (const socket of this.#server.clients) socket.terminate()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #greet(socket: WebSocket): void {
    socket.on('error', () => socket.terminate()) // its peer broke the protocol or vanished
    const hello = setTimeout(() => socket.close(REVOKED, 'no token'), HELLO_MS).unref()
    socket.once('message', async (data) => {
      clearTimeout(hello)
      try {
        const token = (JSON.parse(String(data)) as { token?: unknown }).token
        const viewer = await this.#needs.viewer(typeof token === 'string' ? token : '')
        if (socket.readyState === socket.OPEN) this.#add(socket, viewer, token as string)
      } catch {
        socket.close(REVOKED, 'no session') // whatever was wrong with the token, signing in again is what helps
      }
    })
  }

  /** A second socket of one session closes the first: whose token was stolen learns of it. */
  #add(socket: WebSocket, viewer: Viewer, token: string): void {
    const { device, person } = viewer
    const listener: Listener = {
      socket,
      token,
      device,
      person,
      size: 0,
      parties: new Set(),
      boards: new Set(),
      timer: undefined,
      behindSince: undefined,
      answered: true,
    }
    this.#listeners.add(listener)
    const pages = this.#byDevice.get(device) ?? new Set()
    const same = [...pages].find((page) => page.token === token)
    const [oldest] = pages
    const gone = same ?? (pages.size >= MOST_PAGES ? oldest : undefined)
    if (gone) {
      pages.delete(gone)
      gone.socket.close(REPLACED, same ? 'the session opened another' : 'the device opened too many others')
    }
    this.#byDevice.set(device, pages.add(listener))
    const own = this.#byPerson.get(person) ?? new Set()
    this.#byPerson.set(person, own.add(listener))
    socket.on('pong', () => {
      listener.answered = true
    })
    socket.on('message', (data) => this.#watch(listener, String(data)))
    socket.once('close', () => this.#remove(listener))
    socket.send('{"ready":true}')
  }

  #remove(listener: Listener): void {
    clearTimeout(listener.timer)
    this.#listeners.delete(listener)
    forget(this.#byDevice, listener.device, listener)
    forget(this.#byPerson, listener.person, listener)
    this.#unwatch(listener)
  }

  #unwatch(listener: Listener): void {
    for (const [board, watchers] of this.#watchers)
      if (watchers.delete(listener) && watchers.size === 0) this.#watchers.delete(board)
  }

  /**
   * `{"watch": directive}` or `{"watch": null}`: one board at a time, the one on the screen. Whoever knows the id may be told
   * that something moved; what moved is asked over HTTP, where it is judged who may know.
   */
  #watch(listener: Listener, text: string): void {
    let board: unknown
    try {
      board = (JSON.parse(text) as { watch?: unknown }).watch
    } catch {
      listener.socket.close(1003, 'not JSON')
      return
    }
    this.#unwatch(listener)
    if (typeof board !== 'string' || board.length > 64) return
    const watchers = this.#watchers.get(board) ?? new Set()
    this.#watchers.set(board, watchers.add(listener))
  }

  #wakePerson(person: string, party: string, size: number): void {
    for (const listener of this.#byPerson.get(person) ?? []) {
      listener.size = Math.max(listener.size, size)
      listener.parties.add(party)
      this.#sendSoon(listener)
    }
  }

  #wakeBoards(): void {
    this.#boardTimer = undefined
    for (const board of this.#boards) {
      for (const listener of this.#watchers.get(board) ?? []) {
        listener.boards.add(board)
        this.#sendSoon(listener)
      }
    }
    this.#boards.clear()
  }

  /** The write to the socket is what costs; whatever comes within a few milliseconds goes out together. */
  #sendSoon(listener: Listener): void {
    listener.timer ??= setTimeout(() => {
      listener.timer = undefined
      this.#send(listener)
    }, COALESCE_MS)
  }

  #send(listener: Listener): void {
    const { socket, size, parties, boards } = listener
    // Nothing is queued for who does not read; what was gathered stays gathered until he does.
    if (socket.readyState !== socket.OPEN || socket.bufferedAmount > MAX_BUFFERED) return
    if (parties.size > 0) socket.send(JSON.stringify({ size, parties: [...parties] }))
    for (const board of boards) socket.send(JSON.stringify({ board }))
    parties.clear()
    boards.clear()
  }

  #dropSlow(): void {
    const now = performance.now()
    for (const listener of this.#listeners) {
      const { socket, device } = listener
      if (socket.bufferedAmount <= MAX_BUFFERED) {
        listener.behindSince = undefined
        if (listener.parties.size + listener.boards.size > 0) this.#sendSoon(listener)
        continue
      }
      listener.behindSince ??= now
      if (now - listener.behindSince < this.#slowMs) continue
      this.#needs.log.warn({ device, buffered: socket.bufferedAmount }, 'a device does not read; its socket is closed')
      socket.close(SLOW_READER, 'slow reader')
      setTimeout(() => socket.terminate(), 1_000).unref() // it will hardly read the farewell
    }
  }

  #dropSilent(): void {
    for (const listener of this.#listeners) {
      if (!listener.answered) listener.socket.terminate()
      else {
        listener.answered = false
        listener.socket.ping()
      }
    }
  }
}

function forget(among: Map<string, Set<Listener>>, key: string, listener: Listener): void {
  const its = among.get(key)
  its?.delete(listener)
  if (its?.size === 0) among.delete(key)
}
