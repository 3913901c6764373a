import { Refusal } from '../core/refusal.ts'
import type { Device } from './device.ts'
import { enclosedIn, isSigned } from './enclosure.ts'
import { FILES_PART, readFiles } from './file-part.ts'
import { personName, postName, reachedAt, rowsOf, sinceWithin, textOf } from './rows.ts'
import type { Session } from './session.ts'
import type { Answer, DirectiveDetail, DirectiveRow, Part } from './views.ts'

/** A difference of clocks worth showing. */
const CLOCK_OFF = 10 * 60_000

/** A thread, and how large the log was known to be when it came; null while it is on its way. */
type Fetched = { size: number | null; fetched: Promise<void> }

type Needs = { device: Device; session: Pick<Session, 'connection'> }

/** Directives as this person reads them: rows, opened letters, threads. Nothing is signed by any of it. */
export class Reading {
  readonly #needs: Needs
  #rows: DirectiveRow[] | null = null
  /** Threads fetched while this runs, by directive and post. */
  readonly #threads = new Map<string, Fetched>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Something changed: rows are made anew when they are asked for. */
  forget(): void {
    this.#rows = null
  }

  get rows(): DirectiveRow[] {
    return this.#needs.device.locker.locked ? [] : this.allRows
  }

  /** While locked, what nobody sealed: mirror and outbox hold no text then. */
  get allRows(): DirectiveRow[] {
    const { proven, mirror, outbox, person, now } = this.#needs.device
    this.#rows ??= rowsOf({
      state: proven.state,
      mirror,
      posts: [...new Set(proven.directory.postsOf(person).map(({ post }) => post))],
      person,
      queued: (directive, post) => outbox.queued(directive, post),
      pending: (directive, post) => outbox.pending(directive, post),
      now: now(),
    })
    return this.#rows
  }

  async open(id: string, post: string): Promise<DirectiveDetail> {
    const row = this.row(id, post)
    const parts = await this.#letter(id)
    const { directives } = this.#needs.device.proven.state
    const local = directives.thread(id, post)
    if (row.role === 'addressed') {
      // What is here shows at once; what the others wrote comes behind it.
      const fetched = this.#fetchThread(id, post)
      if (local.acts.length === 0 && this.#needs.session.connection.online) await fetched.catch(passing)
      else fetched.catch(passing)
    }
    const thread = directives.thread(id, post)
    const detail: DirectiveDetail = { ...this.row(id, post), parts, thread: this.answers(id, post) }
    const enclosed = await this.#enclosed(id, post)
    if (enclosed) detail.enclosed = enclosed
    const acknowledged = reachedAt(thread, (act) => act.kind === 'receipt' && act.entry.state === 'acknowledged')
    const opened = reachedAt(thread, (act) => act.kind === 'receipt')
    if (acknowledged !== undefined) detail.acknowledgedAt = acknowledged
    if (opened !== undefined) detail.openedAt = opened
    return detail
  }

  async thread(id: string, post: string): Promise<Answer[]> {
    await this.#needs.device.sync.thread(id, post)
    return this.answers(id, post)
  }

  /** Resolves when nothing that an opened letter left to be fetched behind it is on its way any more. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#threads.values()].map(({ fetched }) => fetched))
  }

  row(id: string, post: string): DirectiveRow {
    const row = this.rows.find((one) => one.id === id && one.post === post) ?? this.rows.find((one) => one.id === id)
    if (!row) throw new Refusal('not_found', 'No such directive here', { id })
    return row
  }

  /** Throws `Refusal('cannot_open')` while its text waits for a key: what was not read is neither acknowledged nor answered. */
  readable(id: string, post: string): DirectiveRow {
    const row = this.row(id, post)
    if (row.unreadable) throw new Refusal('cannot_open', 'The key to that letter has not come yet', { id })
    return row
  }

  issuerOf(id: string): string {
    const placed = this.#needs.device.mirror.directive(id)
    if (!placed) throw new Refusal('not_found', 'No such directive here', { id })
    return placed.entry.issuer
  }

  /** The letter that this one passes on; absent where it passes none on, or its section is not here and cannot be fetched. */
  async #enclosed(id: string, post: string): Promise<DirectiveDetail['enclosed']> {
    const { device } = this.#needs
    const { proven, mirror } = device
    try {
      const opened = await enclosedIn(device, id)
      if (!opened) return undefined
      const checked = opened.isParent && (await isSigned(proven, opened))
      const { parts, issuer } = opened
      const since = sinceWithin(opened.id, post, { state: proven.state, mirror }) ?? { changes: [] }
      this.forget() // the list shows what became of it too, from now on
      const name = postName(issuer, proven.directory, textOf(parts, 'issuer'))
      return { id: opened.id, issuer: name, parts, checked, ...since }
    } catch (error) {
      if (error instanceof Refusal && error.code === 'offline') return undefined
      throw error
    }
  }

  /** Summary and letter; null while the letter has not been fetched and cannot be. */
  async #letter(id: string): Promise<Part[] | null> {
    const { mirror, transport } = this.#needs.device
    const summary = mirror.text(id)
    if (!summary) return null
    try {
      return [...summary, ...(await mirror.section(id, 1, () => transport.section(id, 1)))]
    } catch (error) {
      if (error instanceof Refusal && error.code === 'offline') return null
      throw error
    }
  }

  /**
   * Once for each size of the log this device knows, and one at a time: whoever hears of news opens the letter again, and
   * without a network every change would otherwise put one more request in the line.
   */
  #fetchThread(id: string, post: string): Promise<void> {
    const { proven, sync, changed } = this.#needs.device
    const key = `${id} ${post}`
    const before = this.#threads.get(key)
    if (before && (before.size === null || before.size === proven.seen.size)) return before.fetched
    const now: Fetched = { size: null, fetched: Promise.resolve() }
    now.fetched = sync.thread(id, post).then(
      (fresh) => {
        now.size = proven.seen.size
        if (fresh.length > 0) changed.call()
      },
      (error) => {
        this.#threads.delete(key)
        throw error
      },
    )
    this.#threads.set(key, now)
    return now.fetched
  }

  answers(id: string, post: string): Answer[] {
    const { proven, mirror, outbox, person } = this.#needs.device
    const { directory, directives } = proven.state
    const answers = directives.thread(id, post).acts.flatMap((act): Answer[] => {
      if (act.kind !== 'answer') return []
      const { clauses, state, until } = act.entry
      const clientTime = proven.act(act.index)?.header.time ?? act.time
      const answer: Answer = {
        by: postName(act.post, directory),
        person: personName(act.person, directory),
        clauses,
        state,
        until,
        note: textOf(mirror.text(act.item), 'note'),
        ...valuesOf(mirror.text(act.item)),
        accepted: act.time,
        clientTime,
      }
      const files = readFiles(act.entry.files, mirror.text(act.item)?.find(({ label }) => label === FILES_PART)?.value)
      if (files.length > 0) answer.files = files
      if (mirror.problem(act.item) === 'waiting-for-key') answer.unreadable = 'waiting-for-key'
      if (Math.abs(clientTime - act.time) > CLOCK_OFF) answer.clockOff = clientTime - act.time
      return [answer]
    })
    const waiting = outbox.answers(id, post).map(
      ({ at, answering, refused }): Answer => ({
        by: postName(post, directory),
        person: personName(person, directory),
        clauses: answering.clauses,
        state: answering.state,
        until: answering.until,
        note: answering.note,
        ...(answering.values && { values: answering.values }),
        ...(answering.files && answering.files.length > 0 ? { files: answering.files } : {}),
        ...(refused && { refused: true as const }),
        accepted: null,
        clientTime: at,
      }),
    )
    return [...answers, ...waiting]
  }
}

/** Values of asked-for fields, where an answer has some. */
function valuesOf(parts: readonly { label: string; value: unknown }[] | null): Pick<Answer, 'values'> {
  const pairs = parts?.find(({ label }) => label === 'values')?.value
  if (!Array.isArray(pairs)) return {}
  return { values: Object.fromEntries(pairs.filter((pair) => Array.isArray(pair) && pair.length === 2)) }
}

/** Nothing new came; what is here was shown. */
export function passing(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}
