import { join } from 'node:path'
import { openDoor } from '../client/smarak.ts'
import type { DirectiveRow, Smarak } from '../client/views.ts'
import { openWire } from '../client/wire.ts'
import { Refusal } from '../core/refusal.ts'
import type { ImportPerson } from '../features/directory/country/import-shape.ts'
import type { Progress } from '../features/directory/registrar.ts'
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

const JOIN_AT_ONCE = 48
const ROUND = 15_000
const LOOK_AT_ONCE = 8

/** Several hundred officials in one process, each with the real client, a device of his own and a temper. */
export class Officials {
  readonly #clients = new Map<string, Smarak>()
  readonly #firstSeen = new Map<string, number>()

  // Held for as long as the officials live: Node closes a file whose handle nobody holds, and complains.
  readonly #shelf: Shelf

  private constructor(shelf: Shelf) {
    this.#shelf = shelf
  }

  async close(): Promise<void> {
    await this.#shelf.close()
  }

  /** Takes up those who joined before and lets the others join. */
  static async open({ directory, url, people, watchful, tickets, report }: Needs): Promise<Officials> {
    const shelf = await Shelf.open(join(directory, 'officials'))
    const officials = new Officials(shelf)
    for (let at = 0; at < people.length; at += JOIN_AT_ONCE) {
      const group = people.slice(at, at + JOIN_AT_ONCE)
      const doors = group.map(({ code }) => {
        const live = watchful.has(code)
        return openDoor({ store: shelf.store(code), wire: openWire({ origin: url }), label: 'simulated', live })
      })
      const saved = await Promise.all(doors.map((door) => door.saved()))
      const strangers = group.filter((_, i) => !saved[i])
      const codes = strangers.length > 0 ? await tickets(strangers) : []
      await Promise.all(
        group.map(async (person, i) => {
          const client = saved[i] ?? (await doors[i]!.join(codes[strangers.indexOf(person)]!))
          officials.#clients.set(person.code, client)
        }),
      )
      report(Math.min(at + JOIN_AT_ONCE, people.length), people.length)
    }
    return officials
  }

  /** Lives from here on: everybody looks at regular intervals, a few at a time. */
  live(): void {
    const everybody = [...this.#clients]
    const lanes = Array.from({ length: LOOK_AT_ONCE }, (_, lane) =>
      everybody.filter((_, i) => i % LOOK_AT_ONCE === lane),
    )
    for (const lane of lanes) void this.#rounds(lane)
  }

  async #rounds(lane: [string, Smarak][]): Promise<never> {
    for (;;) {
      const began = Date.now()
      for (const [person, client] of lane) await this.#look(person, client)
      await new Promise((resolve) => setTimeout(resolve, Math.max(1000, ROUND - (Date.now() - began))))
    }
  }

  async #look(person: string, client: Smarak): Promise<void> {
    try {
      await client.sync()
      for (const row of client.rows) if (row.role === 'addressed') await this.#deal(person, client, row)
      if (client.outbox.length > 0) await client.sync()
    } catch (error) {
      // A server that restarts, or a cancelled letter: the next look finds things as they are.
      if (!(error instanceof Refusal)) throw error
    }
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
    const asked = row.clauses.filter(({ ask, label }) => label !== '' && ask !== 'nothing').map(({ label }) => label)
    const clauses = asked.length > 0 ? asked : ['']
    const until = temper.state === 'progress' ? Date.now() + 7 * 86_400_000 : null
    await client.answer({ directive: row.id, post: row.post, clauses, state: temper.state, until, note: temper.note })
  }
}
