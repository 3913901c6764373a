/**
 * Signing in: a challenge, signed by a device. The answer is a random token of which only a hash is stored. A session ends
 * with its device: the projection of a revocation deletes it, and every use asks the directory again.
 */
import { type Bytes, fromBase64url, randomBytes, toBase64url, utf8 } from '../core/bytes.ts'
import { sha256 } from '../core/hash.ts'
import { Refusal } from '../core/refusal.ts'
import type { Db } from './db.ts'
import type { People } from './feature.ts'
import type { SigningKeys } from './keys.ts'
import type { Viewer } from './routes.ts'
import type { VerifyPool } from './verify-pool.ts'

const CHALLENGE_MS = 2 * 60_000
const MAX_CHALLENGES = 20_000
/** Unused for so long, a session is over; the device signs in anew by itself. */
const IDLE_MS = 30 * 24 * 3_600_000
/** How old `seen` may be before it is written again: not at every request. */
const SEEN_MS = 3_600_000

export type SessionNeeds = {
  db: Db
  people: People
  keys: Pick<SigningKeys, 'find'>
  pool: Pick<VerifyPool, 'verify'>
  /** The log's origin: what is signed here is worth nothing at another service. */
  origin: string
  now: () => number
}

export class Sessions {
  readonly #needs: SessionNeeds
  /** Challenges given out, with the device they are for; each is good once. */
  readonly #challenges = new Map<string, { device: string; until: number }>()

  constructor(needs: SessionNeeds) {
    this.#needs = needs
  }

  /** Text to be signed by the device. Given for any name: whether a device exists is not told to strangers. */
  challenge(device: string): string {
    const now = this.#needs.now()
    for (const [challenge, { until }] of this.#challenges) {
      if (until > now && this.#challenges.size < MAX_CHALLENGES) break
      this.#challenges.delete(challenge)
    }
    const challenge = toBase64url(randomBytes(32))
    this.#challenges.set(challenge, { device, until: now + CHALLENGE_MS })
    return challenge
  }

  /**
   * A session for a signature over `smarak sign-in v1\n` ‖ origin ‖ `\n` ‖ challenge. Throws `Refusal`: `session_expired`
   * for a challenge that is not good any more, `unknown_device`, `revoked_device`, `bad_signature`.
   */
  async open(device: string, challenge: string, signature: string): Promise<{ token: string; person: string }> {
    const given = this.#challenges.get(challenge)
    this.#challenges.delete(challenge)
    if (given?.device !== device || given.until <= this.#needs.now())
      throw new Refusal('session_expired', 'The challenge is not good any more; ask for another')
    const thumbprint = bytesOf(device, 32)
    const key = (await this.#needs.keys.find([thumbprint])).get(device)
    if (key?.type !== 'device') throw new Refusal('unknown_device', 'No such device')
    const bytes = utf8(`smarak sign-in v1\n${this.#needs.origin}\n${challenge}`)
    const [good] = await this.#needs.pool.verify([
      { publicKey: key.publicKey, signature: bytesOf(signature, 64), bytes },
    ])
    if (!good) throw new Refusal('bad_signature', 'The challenge was signed by another key')
    return this.#begin(device, thumbprint)
  }

  async #begin(device: string, thumbprint: Bytes): Promise<{ token: string; person: string }> {
    const person = this.#needs.people.personOfDevice(device)
    if (!person) throw new Refusal('revoked_device', 'The device was closed')
    const token = randomBytes(32)
    await this.#needs.db.write((tx) =>
      tx.query('INSERT INTO session (token_hash, device, person, created, seen) VALUES ($1, $2, $3, $4, $4)', [
        sha256(token),
        thumbprint,
        fromBase64url(person),
        this.#needs.now(),
      ]),
    )
    return { token: toBase64url(token), person }
  }

  /** Who bears this token. Throws `Refusal('session_expired')`, whatever the reason. */
  async viewer(token: string): Promise<Viewer> {
    const { db, people, now } = this.#needs
    const hash = sha256(tokenBytes(token))
    const row = await db.one<{ device: Bytes; person: Bytes; seen: number }>(
      'SELECT device, person, seen FROM session WHERE token_hash = $1',
      [hash],
    )
    if (!row || row.seen + IDLE_MS < now()) throw expired()
    const device = toBase64url(row.device)
    const person = toBase64url(row.person)
    if (row.seen + SEEN_MS < now())
      await db.write((tx) => tx.query('UPDATE session SET seen = $2 WHERE token_hash = $1', [hash, now()]))
    // @NOTE Asked last, with nothing waited for afterwards: a device closed meanwhile must not get a socket that nobody closes.
    if (people.personOfDevice(device) !== person) throw expired()
    const posts = [...new Set(people.postsOf(person))]
    return { device, person, posts, parties: [person, ...posts] }
  }
}

function tokenBytes(token: string): Bytes {
  try {
    const bytes = fromBase64url(token)
    if (bytes.length === 32) return bytes
  } catch {
    // not base64url: nobody's token
  }
  throw expired()
}

function bytesOf(text: string, length: number): Bytes {
  try {
    const bytes = fromBase64url(text)
    if (bytes.length === length) return bytes
  } catch {
    // refused below
  }
  throw new Refusal('bad_input', `${length} bytes as base64url expected`)
}

function expired(): Refusal {
  return new Refusal('session_expired', 'Sign in first')
}
