/** A sender over a real database and real adapters, with people who are there because a test says so, and a clock moved by hand. */
import { fromBase64url, toBase64url } from '../../core/bytes.ts'
import { sha256 } from '../../core/hash.ts'
import { fromDhaka } from '../../language/time.ts'
import { PLAIN_CALENDAR } from '../../language/working-time.ts'
import type { Db } from '../db.ts'
import { type AttemptView, attemptsFor } from './attempts.ts'
import type { ChannelName } from './channel.ts'
import type { Known } from './facts.ts'
import type { Limits } from './held.ts'
import { Sender } from './sender.ts'
import { NO_CHANNELS } from './settings.ts'
import type { Adapters } from './tell.ts'

export function idOf(name: string): string {
  return toBase64url(sha256(new TextEncoder().encode(name)).subarray(0, 16))
}

export const OFFICE = { bn: 'জনপ্রশাসন মন্ত্রণালয়', en: 'Ministry of Public Administration' }

export class Telling {
  readonly db: Db
  readonly sender: Sender
  /** Tuesday, 22 October 2024, ten o’clock. */
  time = fromDhaka('2024-10-22', 10)
  /** `directive addressee` that were opened or answered. */
  readonly seen = new Set<string>()
  readonly holders = new Map<string, string[]>()
  readonly closedDevices = new Set<string>()
  readonly trouble: string[] = []
  /** Whose each device is. */
  readonly owners = new Map<string, string>()
  #directives = 0

  constructor(db: Db, adapters: Adapters, limits: Limits = NO_CHANNELS.limits) {
    this.db = db
    this.sender = new Sender({
      db,
      adapters,
      known: this.known,
      limits,
      now: () => this.time,
      onError: (error) => {
        throw error
      },
      onTrouble: (channel, code) => this.trouble.push(`${channel} ${code}`),
    })
  }

  get known(): Known {
    return {
      personsOf: (party) => this.holders.get(party) ?? [],
      personOfDevice: (device) => (this.closedDevices.has(device) ? undefined : this.owners.get(device)),
      officeName: () => OFFICE,
      habitsOf: () => ({ quiet: NO_CHANNELS.quiet, checks: NO_CHANNELS.checks, calendar: PLAIN_CALENDAR }),
      seenTo: async (_read, of) => of.map(({ directive, addressee }) => this.seen.has(`${directive} ${addressee}`)),
      isOperator: (posts) => posts.includes(idOf('operator')),
      personByCode: (code) => (/^p-\d+$/.test(code) ? idOf(code) : undefined),
      issuersOf: async (_read, directives) => new Map(directives.map((id) => [id, idOf('issuer')])),
    }
  }

  /** A post held by a person of the same name, with these addresses. */
  async officer(name: string, addresses: Partial<Record<Exclude<ChannelName, 'push'>, string>> = {}): Promise<void> {
    const person = idOf(`person ${name}`)
    this.holders.set(idOf(name), [person])
    for (const [channel, address] of Object.entries(addresses))
      await this.db.write((tx) =>
        tx.query(
          'INSERT INTO contact (person, channel, address, listed, added, confirmed) VALUES ($1, $2, $3, true, 0, 0)',
          [fromBase64url(person), channel, address],
        ),
      )
  }

  /** Gives a person's browser a subscription; the device is named by it. */
  async device(name: string, address: { endpoint: string; p256dh: string; auth: string }): Promise<string> {
    const person = idOf(`person ${name}`)
    const device = idOf(`device ${address.endpoint}`)
    this.owners.set(device, person)
    await this.db.write((tx) =>
      tx.query(
        `INSERT INTO push_subscription (device, person, endpoint, p256dh, auth, lang, added) VALUES ($1, $2, $3, $4, $5, 'bn', 0)`,
        [fromBase64url(device), fromBase64url(person), address.endpoint, address.p256dh, address.auth],
      ),
    )
    return device
  }

  /** A directive of which these posts are told. Gives its id. */
  async notice(
    posts: readonly string[],
    { kind = 'new', urgency = 0, grade = 0 }: { kind?: string; urgency?: number; grade?: number } = {},
  ): Promise<string> {
    const directive = idOf(`directive ${++this.#directives}`)
    await this.db.write((tx) =>
      tx.query(
        `INSERT INTO notice (party, kind, directive, addressee, grade, urgency, office, due_at, made_at)
         SELECT party, $2, $3, party, $4, $5, $6, $7, $7 FROM unnest($1::bytea[]) p (party)`,
        [
          posts.map((post) => fromBase64url(idOf(post))),
          kind,
          fromBase64url(directive),
          grade,
          urgency,
          fromBase64url(idOf('office')),
          this.time,
        ],
      ),
    )
    return directive
  }

  open(directive: string, post: string): void {
    this.seen.add(`${directive} ${idOf(post)}`)
  }

  /** Moves the clock to a time of day, of the next days if need be, and does what is due. */
  async at(time: string, date = '2024-10-22'): Promise<void> {
    const [hour, minute] = time.split(':').map(Number)
    this.time = fromDhaka(date, hour, minute)
    await this.sender.settle()
  }

  attempts(directive: string, post: string): Promise<AttemptView[]> {
    return attemptsFor(this.db, directive, idOf(post))
  }

  /** As `channel outcome receipt`. */
  async story(directive: string, post: string): Promise<string[]> {
    const attempts = await this.attempts(directive, post)
    return attempts.map(({ channel, outcome, receipt }) => [channel, outcome, receipt].filter(Boolean).join(' '))
  }

  async state(directive: string, post: string): Promise<string | undefined> {
    const row = await this.db.one<{ state: string }>('SELECT state FROM sending WHERE directive = $1 AND party = $2', [
      fromBase64url(directive),
      fromBase64url(idOf(post)),
    ])
    return row?.state
  }
}
