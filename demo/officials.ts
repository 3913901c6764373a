import { join } from 'node:path'
import { fieldsOf } from '../client/report.ts'
import { openDoor } from '../client/smarak.ts'
import type { DirectiveRow, DraftView, Smarak } from '../client/views.ts'
import { openWire, type Wire } from '../client/wire.ts'
import { fromUtf8, utf8 } from '../core/bytes.ts'
import { sha256 } from '../core/hash.ts'
import { Refusal } from '../core/refusal.ts'
import type { ImportPerson } from '../features/directory/country/import-shape.ts'
import type { Progress } from '../features/directory/registrar.ts'
import type { Field } from '../letters/fields.ts'
import { answersOf } from './answers.ts'
import { sharedChecks } from './shared-checks.ts'
import { Shelf } from './shelf.ts'
import { temperOf } from './temper.ts'

type Needs = {
  directory: string
  url: string
  people: ImportPerson[]
  /** Codes of those who must hear at once when somebody below them joins, to wrap again what he cannot open. */
  watchful: ReadonlySet<string>
  tickets: (people: ImportPerson[]) => Promise<string[]>
  report: Progress
}

const JOIN_AT_ONCE = 32
const LOOK_AT_ONCE = 8
/** Within this everybody has looked once, evenly spread, so that a thousand officials are a murmur and not a wave. */
const ROUND = 15_000
/** Looks although nothing is new, for what is done only after a while. */
const LOOK_ANYWAY = 120_000
/** How long whoever approves takes over a draft. */
const READS_A_DRAFT = 8_000

/** Where somebody's last look brought him: when, and how long the log was before it. */
type Looked = { at: number; size: number }

/** Several hundred officials in one process, each with the real client, a device of his own and a temper. */
export class Officials {
  readonly #url: string
  readonly #people: ImportPerson[]
  readonly #watchful: ReadonlySet<string>
  readonly #clients = new Map<string, Smarak>()
  readonly #firstSeen = new Map<string, number>()
  readonly #answered = new Set<string>()
  readonly #looked = new Map<string, Looked>()
  readonly #verify = sharedChecks()
  readonly #wire: Wire
  #size: { at: number; asked: Promise<number | null> } = { at: 0, asked: Promise.resolve(null) }
  #left = false

  // Held for as long as the officials live: Node closes a file whose handle nobody holds, and complains.
  readonly #shelf: Shelf

  private constructor(shelf: Shelf, { url, people, watchful }: Needs) {
    this.#shelf = shelf
    this.#url = url
    this.#wire = openWire({ origin: url })
    this.#watchful = watchful
    const first = (person: ImportPerson) => (watchful.has(person.code) ? 0 : 1)
    this.#people = [...people].sort((a, b) => first(a) - first(b))
  }

  async close(): Promise<void> {
    this.#left = true
    await this.#shelf.close()
  }

  /** Lets those join who have not; the others are taken up when they first look. */
  static async open(needs: Needs): Promise<Officials> {
    const shelf = await Shelf.open(join(needs.directory, 'officials'))
    const officials = new Officials(shelf, needs)
    await officials.#letJoin(needs)
    return officials
  }

  async #letJoin({ tickets, report }: Needs): Promise<void> {
    const joined = await Promise.all(this.#people.map(({ code }) => this.#shelf.store(code).get('meta', 'person')))
    const strangers = this.#people.filter((_, i) => joined[i] === undefined)
    if (strangers.length === 0) return
    const codes = await tickets(strangers)
    let done = this.#people.length - strangers.length
    await inLanes(JOIN_AT_ONCE, [...strangers.entries()], async ([i, { code }]) => {
      const door = this.#door(code)
      // Somebody whose joining was cut short has a device already.
      this.#clients.set(code, (await door.saved()) ?? (await door.join(codes[i]!)))
      report(++done, this.#people.length)
    })
  }

  #door(person: string) {
    const [store, wire] = [this.#shelf.store(person), openWire({ origin: this.#url })]
    return openDoor({ store, wire, label: 'simulated', live: this.#watchful.has(person), verify: this.#verify })
  }

  async #client(person: string): Promise<Smarak> {
    const known = this.#clients.get(person)
    if (known) return known
    const client = await this.#door(person).saved()
    if (!client) throw new TypeError(`${person} joined and has no device`)
    this.#clients.set(person, client)
    return client
  }

  /** Lives from here on: everybody looks at regular intervals, a few at a time. */
  live(): void {
    const codes = this.#people.map(({ code }) => code)
    for (let lane = 0; lane < LOOK_AT_ONCE; lane++) {
      void this.#rounds(codes.filter((_, i) => i % LOOK_AT_ONCE === lane))
    }
  }

  async #rounds(lane: string[]): Promise<void> {
    while (!this.#left) {
      const began = Date.now()
      for (const [i, person] of lane.entries()) {
        if (this.#left) return
        await this.#look(person)
        await until(began + ((i + 1) * ROUND) / lane.length)
      }
      await until(Math.max(began + ROUND, Date.now() + 1000))
    }
  }

  async #look(person: string): Promise<void> {
    try {
      const client = await this.#client(person)
      await this.#syncIfNew(person, client)
      for (const row of client.rows) if (row.role === 'addressed') await this.#deal(person, client, row)
      for (const draft of client.following.drafts) await this.#approve(client, draft)
      if (client.outbox.length > 0) await client.sync()
    } catch (error) {
      // A server that restarts, or a cancelled letter: the next look finds things as they are.
      if (!(error instanceof Refusal)) throw error
    }
  }

  /** @NOTE The length of the log is the server's bare word, and good for nothing but leaving a sync out for a while. */
  async #syncIfNew(person: string, client: Smarak): Promise<void> {
    const [now, size] = [Date.now(), await this.#sizeNow()]
    const last = this.#looked.get(person)
    if (size === null || (last && last.size === size && now - last.at < LOOK_ANYWAY)) return
    await client.sync()
    this.#looked.set(person, { at: now, size })
  }

  /** How long the log is, asked once a second for everybody; null where the server does not say. */
  #sizeNow(): Promise<number | null> {
    if (Date.now() - this.#size.at > 1000) {
      const asked = this.#wire.ask({ method: 'GET', path: '/checkpoint' }).then(
        ({ status, body }) => (status === 200 ? Number(fromUtf8(body).split('\n')[1]) : null),
        () => null,
      )
      this.#size = { at: Date.now(), asked }
    }
    return this.#size.asked
  }

  async #deal(person: string, client: Smarak, row: DirectiveRow): Promise<void> {
    if (row.cancelled || row.supersededBy || row.unreadable) return
    const temper = temperOf(person, row.id, row.clauses)
    if (temper.dark) return
    const thread = `${person} ${row.id} ${row.post}`
    const since = Date.now() - (this.#firstSeen.get(thread) ?? Date.now())
    if (!this.#firstSeen.has(thread)) this.#firstSeen.set(thread, Date.now())
    if (since < temper.opensAfter) return
    if (row.progress === 'sent' || row.progress === 'delivered') {
      await client.open(row.id, row.post)
      await client.shown(row.id, row.post)
      return
    }
    if (since < temper.acknowledgesAfter) return
    if (row.progress === 'opened') {
      await client.acknowledge(row.id, row.post)
      return
    }
    if (temper.answersAfter === null || since < temper.answersAfter || row.progress !== 'acknowledged') return
    // Once: an answer that leaves something owed (work in progress) would otherwise be given anew at every look.
    if (this.#answered.has(thread)) return
    this.#answered.add(thread)
    const { parts } = await client.open(row.id, row.post)
    const values = valuesFor(fieldsOf(parts ?? []), `${person} ${row.id}`)
    for (const [state, clauses] of answersOf(row, temper.state)) {
      const until = state === 'progress' ? Date.now() + 7 * 86_400_000 : null
      const filled = state === 'done' || state === 'kept' || state === 'progress' ? values : {}
      const note = temper.note(state)
      await client.answer({ directive: row.id, post: row.post, clauses, state, until, note, values: filled })
    }
  }

  /** Whoever is asked to approve reads it for a while, and approves. */
  async #approve(client: Smarak, draft: DraftView): Promise<void> {
    if (draft.role !== 'approver' || !draft.mineToDo || draft.unreadable) return
    const since = this.#firstSeen.get(draft.id) ?? Date.now()
    this.#firstSeen.set(draft.id, since)
    if (Date.now() - since < READS_A_DRAFT || this.#answered.has(draft.id)) return
    this.#answered.add(draft.id)
    await client.following.approve(draft.id, true, 'অনুমোদন করা হলো।')
  }
}

/** Numbers, days and words as an office might fill a form in; the same official always the same. No pictures. */
function valuesFor(fields: readonly Field[], who: string): Record<string, string> {
  const values: Record<string, string> = {}
  for (const { key, type, choices } of fields) {
    const [first = 0, second = 0] = sha256(utf8(`${who} ${key}`))
    if (type === 'number') values[key] = String((first * 256 + second) % 400)
    if (type === 'date') values[key] = `2026-11-${String(1 + (first % 28)).padStart(2, '0')}`
    if (type === 'choice') values[key] = choices[first % choices.length]!
    if (type === 'text') values[key] = 'তথ্য যাচাই করা হয়েছে।'
  }
  return values
}

/** Does all of `work`, so many at a time. */
async function inLanes<T>(lanes: number, work: T[], act: (one: T) => Promise<void>): Promise<void> {
  const left = work.values()
  const lane = async () => {
    for (const one of left) await act(one)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

function until(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - Date.now())))
}
