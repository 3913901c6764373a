import { type Bytes, fromUtf8, toBase64url, utf8 } from '../core/bytes.ts'
import { type Cbor, decode, encode } from '../core/cbor.ts'
import { sha256 } from '../core/hash.ts'
import { type Envelope, writeEnvelope } from '../core/item.ts'
import type { JournalEntry } from '../core/journal.ts'
import { Refusal } from '../core/refusal.ts'
import type { DeviceKeys } from './device-keys.ts'
import {
  type Bundle,
  type ItemAnswer,
  readBundle,
  readItemAnswers,
  readService,
  readSyncReply,
  type Service,
  type SyncReply,
  writeDirectoryAsk,
  writeSyncAsk,
} from './messages.ts'
import type { Ask, LiveConnection, LiveEvents, Reply, Wire } from './wire.ts'

export type TransportNeeds = {
  wire: Wire
  /** Between tries; a test passes one that does not wait. */
  sleep?: (milliseconds: number) => Promise<void>
  random?: () => number
  tries?: number
}

/** 32 KB at 4 kbit/s: slower than any line that carries a call. */
const CHUNK_PATIENCE = 75_000

export type Session = { token: string; person: string; origin: string }

/**
 * The server's calls, typed. Every call may be repeated without harm (items carry their own id), so a lost one is tried
 * again with a growing, jittered pause. A 4xx becomes the `Refusal` its body names; no answer becomes `offline`.
 */
export class Transport {
  readonly wire: Wire
  /** Told what each reply says of the server's clock, in milliseconds since 1970 and whole seconds. */
  onDate: (date: number) => void = () => {}
  /** Given what was sent and what was answered, before whoever sent it hears of it. */
  onPlaced: (envelopes: Bytes[], answers: ItemAnswer[]) => Promise<void> = async () => {}
  readonly #sleep: (milliseconds: number) => Promise<void>
  readonly #random: () => number
  readonly #tries: number
  #session: Session | null = null
  #signIn: (() => Promise<Session>) | null = null
  #keys: DeviceKeys | null = null

  constructor({ wire, sleep = pause, random = Math.random, tries = 3 }: TransportNeeds) {
    this.wire = wire
    this.#sleep = sleep
    this.#random = random
    this.#tries = tries
  }

  async service(): Promise<Service> {
    return readService(await this.#get('/api/service'))
  }

  async ticket(key: Bytes): Promise<Bundle> {
    return readBundle(await this.#get(`/api/tickets/${toBase64url(key)}`))
  }

  async directory(parties: string[], size: number, held: { chain: Bytes; next: number }[] = []): Promise<Bundle> {
    return readBundle(await this.#post('/api/directory', writeDirectoryAsk(parties, size, held)))
  }

  /** 1–64 envelopes as bytes, each with its own answer. */
  async postItems(envelopes: Bytes[]): Promise<ItemAnswer[]> {
    const answers = readItemAnswers(await this.#post('/items', encode(envelopes.map(decode))))
    if (answers.length !== envelopes.length) throw new Refusal('bad_bytes', 'Not an answer for each item')
    await this.onPlaced(envelopes, answers)
    return answers
  }

  /** As `postItems`, throwing the first refusal. */
  async place(...envelopes: Envelope[]): Promise<{ index: number }[]> {
    const answers = await this.postItems(envelopes.map(writeEnvelope))
    return answers.map((answer) => {
      if (!answer.accepted) throw new Refusal(answer.code, 'The server refused an item', answer.details)
      return { index: answer.index }
    })
  }

  async sync(cursors: [party: string, cursor: number][], size: number): Promise<SyncReply> {
    return readSyncReply(await this.#post('/api/sync', writeSyncAsk(cursors, size), true))
  }

  section(item: string, n: number): Promise<Bytes> {
    return this.#get(`/api/items/${item}/sections/${n}`, true)
  }

  async thread(directive: string, post: string, size: number): Promise<Bundle> {
    return readBundle(await this.#get(`/api/threads/${directive}/${post}?size=${size}`, true))
  }

  /** The absences of posts after this one, for personnel; the first of them for ''. */
  async absences(after: string, size: number): Promise<Bundle> {
    const from = after === '' ? '' : `&after=${after}`
    return readBundle(await this.#get(`/api/absences?size=${size}${from}`, true))
  }

  /** Those of these chunks that the server has not. */
  async missingChunks(names: string[]): Promise<string[]> {
    const missing = parseJson(await this.#postJson('/api/chunks/missing', names, true))
    if (!Array.isArray(missing)) throw new Refusal('bad_bytes', 'Not a list of chunks')
    return missing.filter((name) => typeof name === 'string')
  }

  async putChunk(name: string, body: Bytes): Promise<void> {
    const type = 'application/octet-stream'
    await this.#call({ method: 'PUT', path: `/api/chunks/${name}`, body, type, patience: CHUNK_PATIENCE }, true)
  }

  /** Unchecked: whoever asks knows what the name must be of. */
  chunk(name: string): Promise<Bytes> {
    return this.#call({ method: 'GET', path: `/api/chunks/${name}`, patience: CHUNK_PATIENCE }, true)
  }

  /** The newest checkpoint the server shows, as it signed it. */
  async checkpoint(): Promise<string> {
    return fromUtf8(await this.#get('/checkpoint'))
  }

  /** The indexes at which a server that lost items wants the one whose leaf has this hash; none from one that lost nothing. */
  async offerLost(offers: [index: number, hash: Bytes][]): Promise<number[]> {
    const wanted = decode(await this.#postSigned('/api/lost/offer', encode(offers)))
    return Array.isArray(wanted) ? wanted.filter((index) => typeof index === 'number') : []
  }

  /** For each of 1–64 items null where the server has it now, or the code of a refusal. */
  async giveLost(entries: readonly JournalEntry[]): Promise<Cbor[]> {
    const rows = entries.map(({ index, leaf, envelope }): Cbor => [index, leaf, envelope])
    const answers = decode(await this.#postSigned('/api/lost/give', encode(rows)))
    return Array.isArray(answers) ? answers : []
  }

  /** JSON from an address of the API, with the session. */
  async json(path: string, signedIn = true): Promise<unknown> {
    return parseJson(await this.#get(path, signedIn))
  }

  async postJson(path: string, value: unknown, signedIn = false): Promise<unknown> {
    return parseJson(await this.#postJson(path, value, signedIn))
  }

  /** From now on calls that need a session sign in with this device when they must. */
  useDevice(keys: DeviceKeys): void {
    this.#session = null
    this.#signIn = () => this.#signInWith(keys)
    this.#keys = keys
  }

  async session(): Promise<Session> {
    if (!this.#signIn) throw new Refusal('unknown_device', 'No device yet')
    this.#session ??= await this.#signIn()
    return this.#session
  }

  async live(events: LiveEvents): Promise<LiveConnection> {
    const { token } = await this.session()
    return this.wire.live('/api/live', JSON.stringify({ token }), events)
  }

  async #signInWith(keys: DeviceKeys): Promise<Session> {
    try {
      return await this.#signInOnce(keys)
    } catch (error) {
      // A challenge is good once: where the answer to it was lost, another is asked for.
      if (error instanceof Refusal && error.code === 'session_expired') return this.#signInOnce(keys)
      throw error
    }
  }

  async #signInOnce(keys: DeviceKeys): Promise<Session> {
    const asked = (await this.postJson('/api/session', { device: keys.id })) as { challenge?: string; origin?: string }
    if (typeof asked.challenge !== 'string') throw new Refusal('bad_bytes', 'No challenge')
    const origin = this.#origin
    const signature = await keys.sign(utf8(`smarak sign-in v1\n${origin}\n${asked.challenge}`))
    const given = (await this.postJson('/api/session', {
      device: keys.id,
      challenge: asked.challenge,
      signature: toBase64url(signature),
    })) as { token?: string; person?: string }
    if (typeof given.token !== 'string') throw new Refusal('bad_bytes', 'No session')
    return { token: given.token, person: String(given.person), origin }
  }

  #origin = ''
  /** The log's origin, from the proven root: a challenge signed for one service is worth nothing at another. */
  set origin(origin: string) {
    this.#origin = origin
  }

  #get(path: string, signedIn = false): Promise<Bytes> {
    return this.#call({ method: 'GET', path }, signedIn)
  }

  #post(path: string, body: Bytes, signedIn = false): Promise<Bytes> {
    return this.#call({ method: 'POST', path, body, type: 'application/cbor' }, signedIn)
  }

  /** By the device itself: a server that lost who this is opens no session. */
  async #postSigned(path: string, rows: Bytes): Promise<Bytes> {
    if (!this.#keys) throw new Refusal('unknown_device', 'No device yet')
    const signed = utf8(`smarak give-back v1\n${this.#origin}\n${toBase64url(sha256(rows))}`)
    return this.#post(path, encode([this.#keys.publicKey, await this.#keys.sign(signed), rows]))
  }

  #postJson(path: string, value: unknown, signedIn = false): Promise<Bytes> {
    return this.#call({ method: 'POST', path, body: utf8(JSON.stringify(value)), type: 'application/json' }, signedIn)
  }

  async #call(ask: Ask, signedIn: boolean): Promise<Bytes> {
    const reply = await this.#tryAll(ask, signedIn)
    if (reply.status === 401 && signedIn) {
      // The server forgets sessions; the device signs in anew once. A closed device is refused there.
      this.#session = null
      return bodyOf(await this.#tryAll(ask, signedIn))
    }
    return bodyOf(reply)
  }

  async #tryAll(ask: Ask, signedIn: boolean): Promise<Reply> {
    for (let attempt = 1; ; attempt++) {
      try {
        const token = signedIn ? (await this.session()).token : undefined
        const reply = await this.wire.ask(token ? { ...ask, token } : ask)
        if (reply.date !== undefined) this.onDate(reply.date)
        if (attempt === this.#tries || !isPassing(reply.status)) return reply
      } catch (error) {
        if (attempt === this.#tries || !(error instanceof Refusal) || error.code !== 'offline') throw error
      }
      await this.#sleep(2 ** attempt * 250 * (0.5 + this.#random()))
    }
  }
}

/** Answers of a server that is busy, or of a proxy whose server is away for a moment. */
function isPassing(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504
}

function bodyOf({ status, body }: Reply): Bytes {
  if (status >= 200 && status < 300) return body
  const { code, message, details } = refusalIn(body)
  if (isPassing(status) && code === 'internal') throw new Refusal('offline', `The server is away (${status})`)
  throw new Refusal(code, message, details)
}

function refusalIn(body: Bytes): { code: string; message: string; details: Record<string, unknown> } {
  try {
    const value = JSON.parse(fromUtf8(body)) as Record<string, unknown>
    if (typeof value.code === 'string') {
      return {
        code: value.code,
        message: String(value.message ?? value.code),
        details: (value.details as Record<string, unknown> | undefined) ?? {},
      }
    }
  } catch {
    // Not our server's words: a proxy's page, perhaps. The status says enough.
  }
  return { code: 'internal', message: 'The server failed', details: {} }
}

function parseJson(body: Bytes): unknown {
  try {
    return JSON.parse(fromUtf8(body))
  } catch (cause) {
    throw Object.assign(new Refusal('bad_bytes', 'Not JSON'), { cause })
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
