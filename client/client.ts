import { fromBase64url, toBase64, toBase64url } from '../core/bytes.ts'
import { openCheckpoint } from '../core/checkpoint.ts'
import { verifyInclusion } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import { PLAIN_CALENDAR, type WorkingCalendar, workingCalendar } from '../language/working-time.ts'
import { aboutMe } from './about-me.ts'
import { checkWay } from './check.ts'
import { type Device, KINDS } from './device.ts'
import { openEnclosed } from './enclosure.ts'
import { FILES_PART, readFiles } from './file-part.ts'
import { FollowThrough } from './following.ts'
import { makeRecoveryCode } from './recovery.ts'
import { personName, postName, reachedAt, rowsOf, textOf } from './rows.ts'
import type { Session } from './session.ts'
import { wipe } from './store.ts'
import type {
  AboutMe,
  Answer,
  AnswerFile,
  Answering,
  Arrival,
  Connection,
  ConnectionCheck,
  DeviceView,
  DirectiveDetail,
  DirectiveRow,
  Following,
  Guard,
  HeldPost,
  IssueDraft,
  KeptFile,
  ListedPost,
  MonthUse,
  OutboxEntry,
  Part,
  Proof,
  Smarak,
} from './views.ts'

/** How long an act can be taken back before it is sealed. */
const UNDO = 5_000
/** A difference of clocks worth showing. */
const CLOCK_OFF = 10 * 60_000

export type SmarakNeeds = {
  device: Device
  session: Session
  demo?: boolean
  /** How long an act can be taken back; none for a command line. */
  undoFor?: number
}

/** A thread, and how large the log was known to be when it came; null while it is on its way. */
type Fetched = { size: number | null; fetched: Promise<void> }

/** One person's device as screens, the command line and simulated officials use it. */
export class SmarakClient implements Smarak {
  readonly demo: boolean
  readonly device: Device
  readonly session: Session
  readonly following: Following
  readonly #undoFor: number
  readonly #listeners = new Set<() => void>()
  #rows: DirectiveRow[] | null = null
  #me: Smarak['me'] | null = null
  /** Threads fetched while this runs, by directive and post. */
  readonly #threads = new Map<string, Fetched>()

  constructor({ device, session, demo = false, undoFor = UNDO }: SmarakNeeds) {
    this.device = device
    this.session = session
    this.demo = demo
    this.#undoFor = undoFor
    const changed = () => {
      this.#rows = null
      this.#me = null
      for (const listener of this.#listeners) listener()
    }
    device.changed.call = changed
    this.following = new FollowThrough({ device, session, rows: () => this.rows, undoFor })
  }

  get me(): Smarak['me'] {
    // Asked by every row of a list, and as good as the rows are.
    this.#me ??= this.#whoIAm()
    return this.#me
  }

  #whoIAm(): Smarak['me'] {
    const { person, proven } = this.device
    const { directory } = proven
    const posts = directory.postsOf(person).map((holding): HeldPost => {
      const post: HeldPost = {
        id: holding.post,
        name: postName(holding.post, directory),
        charge: holding.charge,
        from: holding.from,
        orderMemo: holding.memo,
        count: this.rows.filter((row) => row.post === holding.post && row.owed.length > 0).length,
        mayIssue: directory.post(holding.post)?.mayIssue ?? false,
      }
      if (this.session.arrivedAt(holding.post)) post.arrived = true
      return post
    })
    return { person: { id: person, name: personName(person, directory) }, posts }
  }

  get connection(): Connection {
    return this.session.connection
  }

  get outbox(): OutboxEntry[] {
    return this.device.outbox.entries()
  }

  get rows(): DirectiveRow[] {
    return this.locked ? [] : this.#allRows()
  }

  get arrivals(): Arrival[] {
    return this.#allRows()
      .filter(({ role }) => role === 'addressed' || role === 'fallback')
      .map(({ id, grade, urgency, issuer }) => ({ id, grade, urgency, office: issuer.office }))
  }

  /** While locked, what nobody sealed: mirror and outbox hold no text then. */
  #allRows(): DirectiveRow[] {
    const { proven, mirror, outbox, person, now } = this.device
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

  get locked(): boolean {
    return this.device.locker.locked
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  sync(): Promise<void> {
    return this.session.sync()
  }

  async open(id: string, post: string): Promise<DirectiveDetail> {
    const row = this.#row(id, post)
    const parts = await this.#letter(id)
    const { directives } = this.device.proven.state
    const local = directives.thread(id, post)
    if (row.role === 'addressed') {
      // What is here shows at once; what the others wrote comes behind it.
      const fetched = this.#fetchThread(id, post)
      if (local.acts.length === 0 && this.connection.online) await fetched.catch(passing)
      else fetched.catch(passing)
    }
    const thread = directives.thread(id, post)
    const detail: DirectiveDetail = { ...this.#row(id, post), parts, thread: this.#answers(id, post) }
    const enclosed = await this.#enclosed(id)
    if (enclosed) detail.enclosed = enclosed
    const acknowledged = reachedAt(thread, (act) => act.kind === 'receipt' && act.entry.state === 'acknowledged')
    const opened = reachedAt(thread, (act) => act.kind === 'receipt')
    if (acknowledged !== undefined) detail.acknowledgedAt = acknowledged
    if (opened !== undefined) detail.openedAt = opened
    return detail
  }

  async shown(id: string, post: string): Promise<void> {
    const { outbox, proven } = this.device
    if (this.locked || this.#row(id, post).role !== 'addressed') return
    if (proven.state.directives.thread(id, post).receipt !== null) return
    if (outbox.has('open', id, post) || outbox.has('acknowledge', id, post)) return
    await outbox.add({ what: 'open', directive: id, post }, this.#row(id, post).subject)
    this.session.flushSoon(0)
  }

  async acknowledge(id: string, post: string): Promise<string> {
    const { outbox, proven } = this.device
    const row = this.#readable(id, post)
    const done = proven.state.directives.thread(id, post).receipt === 'acknowledged'
    if (done || outbox.has('acknowledge', id, post)) throw new Refusal('already_done', 'Acknowledged already')
    const local = await outbox.add({ what: 'acknowledge', directive: id, post }, row.subject, this.#undoFor)
    this.session.flushSoon(this.#undoFor)
    return local
  }

  async answer(answering: Answering): Promise<string> {
    const { outbox } = this.device
    const title = this.#readable(answering.directive, answering.post).subject
    const local = await outbox.add({ what: 'answer', ...answering }, title, this.#undoFor)
    this.session.flushSoon(this.#undoFor)
    return local
  }

  addFile(file: AnswerFile): Promise<KeptFile> {
    return this.device.files.add(file)
  }

  forgetFile(file: KeptFile): Promise<void> {
    return this.device.files.forget(file)
  }

  fetchFile(file: KeptFile, progress?: (done: number, total: number) => void): Promise<Uint8Array<ArrayBuffer>> {
    return this.device.files.fetch(file, progress)
  }

  undo(outboxId: string): Promise<boolean> {
    return this.device.outbox.undo(outboxId)
  }

  async retry(outboxId: string): Promise<void> {
    await this.device.outbox.retry(outboxId)
    this.session.flushSoon(0)
  }

  discard(outboxId: string): Promise<void> {
    return this.device.outbox.discard(outboxId)
  }

  names(): Promise<ListedPost[]> {
    return this.device.names()
  }

  async calendar(office: string): Promise<WorkingCalendar> {
    const { store, transport } = this.device
    const key = `calendar ${office}`
    let said = await store.get<Parameters<typeof workingCalendar>[0]>('meta', key)
    try {
      said = (await transport.json(`/api/calendar?office=${office}`)) as typeof said
      await store.write([{ table: 'meta', key, value: said }])
    } catch (error) {
      passing(error)
    }
    return said ? workingCalendar(said) : PLAIN_CALENDAR
  }

  /**
   * Seals, signs and places a letter at once; needs a connection. Throws what refused it, the letter then not being issued; and
   * `issue_pending` where the answer was lost on the way: it stands in the outbox and goes by itself, once.
   */
  async issue(
    draft: IssueDraft,
    progress: (done: number, total: number) => void,
  ): Promise<{ id: string; index: number; addressees: number }> {
    const { outbox } = this.device
    const empty = draft.lines.find((line) => line.selectors.length === 0 && line.purpose !== 2)
    if (empty && draft.lines.every((line) => line.selectors.length === 0)) {
      throw new Refusal('unresolved_line', 'No line means anybody', { line: empty.n })
    }
    await this.session.sync()
    const local = await outbox.add({ what: 'issue', post: draft.post, draft }, draft.summary.subject)
    await this.session.flush(progress).catch((error) => {
      // What fails behind the acceptance does not undo it: the letter is brought back by the next round.
      if (!outbox.issued.has(local)) throw error
      this.session.flushSoon(0)
    })
    const sent = outbox.issued.get(local)
    if (sent) {
      const count = sent.header.fields.get(4)
      return { id: sent.id, index: sent.index, addressees: typeof count === 'number' ? count : 0 }
    }
    const entry = outbox.entries().find((one) => one.id === local)
    if (entry?.state === 'attention') {
      await outbox.discard(local)
      throw new Refusal(entry.code ?? 'internal', 'The letter was refused', entry.details)
    }
    if (await outbox.undo(local)) throw new Refusal('offline', 'No connection; nothing was issued')
    throw new Refusal('issue_pending', 'Sent, and not answered yet', { outbox: local })
  }

  async cancel(id: string, reason: string): Promise<string> {
    const post = this.#issuerOf(id)
    const title = this.#row(id, post).subject
    const local = await this.device.outbox.add({ what: 'cancel', directive: id, post, reason }, title, this.#undoFor)
    this.session.flushSoon(this.#undoFor)
    return local
  }

  /** Says that `successor`, issued already by the same post, stands in place of `id`. */
  async supersede(id: string, successor: string, reason: string): Promise<string> {
    const post = this.#issuerOf(id)
    const title = this.#row(id, post).subject
    const draft = { what: 'supersede' as const, directive: id, post, successor, reason }
    const local = await this.device.outbox.add(draft, title, this.#undoFor)
    this.session.flushSoon(this.#undoFor)
    return local
  }

  async draft(key: string): Promise<unknown> {
    const { store, locker } = this.device
    const kept = await store.get<Uint8Array<ArrayBuffer>>('meta', `draft ${key}`)
    if (!kept) return undefined
    return JSON.parse(new TextDecoder().decode(await locker.open(kept, `draft ${key}`)))
  }

  async saveDraft(key: string, value: unknown): Promise<void> {
    const { store, locker } = this.device
    const bytes = new TextEncoder().encode(JSON.stringify(value ?? null))
    const sealed = value === undefined || value === null ? undefined : await locker.seal(bytes, `draft ${key}`)
    await store.write([{ table: 'meta', key: `draft ${key}`, value: sealed }])
  }

  board(id: string, query: { group?: string; within?: string; filter?: string; cursor?: string }): Promise<unknown> {
    const asked = new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]))
    this.session.watch(id)
    const what = query.filter !== undefined || query.cursor !== undefined ? 'rows' : 'board'
    return this.device.transport.json(`/api/directives/${id}/${what}?${asked}`)
  }

  /** The curve of answers over time. */
  curve(id: string, within?: string): Promise<unknown> {
    const asked = within ? `?within=${encodeURIComponent(within)}` : ''
    return this.device.transport.json(`/api/directives/${id}/curve${asked}`)
  }

  passedOn(id: string): Promise<unknown> {
    return this.device.transport.json(`/api/directives/${id}/passed`)
  }

  plan(id: string, post: string): Promise<unknown> {
    return this.device.transport.json(`/api/directives/${id}/plan/${post}`)
  }

  attempts(id: string, post: string): Promise<unknown> {
    return this.device.transport.json(`/api/directives/${id}/attempts?post=${post}`)
  }

  reach(): Promise<unknown> {
    return this.device.transport.json('/api/reach')
  }

  async thread(id: string, post: string): Promise<Answer[]> {
    await this.device.sync.thread(id, post)
    return this.#answers(id, post)
  }

  /** The place of an item in the log, checked here: our own proven leaf, under a checkpoint of the log's key. */
  async proof(id: string): Promise<Proof> {
    const { proven, mirror, transport, now } = this.device
    const placed = mirror.act(id)
    if (!placed) throw new Refusal('not_found', 'No such item here', { id })
    const given = (await transport.json(`/api/proof/${id}`)) as { proof: string[]; checkpoint: string }
    const checkpoint = await openCheckpoint(given.checkpoint, proven.root.logKey)
    if (checkpoint.size < proven.seen.size) throw new Refusal('rollback', 'A proof older than what was seen')
    const path = given.proof.map((hash) => Uint8Array.fromBase64(hash))
    verifyInclusion(placed.leafHash, placed.index, checkpoint, path)
    return {
      index: placed.index,
      size: checkpoint.size,
      leafHash: toBase64(placed.leafHash),
      itemId: id,
      path: given.proof,
      checkpoint: given.checkpoint,
      verifiedAt: now(),
      root: toBase64(checkpoint.root),
      device: toBase64url(placed.header.signer.id),
    }
  }

  async devices(): Promise<DeviceView[]> {
    const { proven, person, keys } = this.device
    const { directory } = proven
    const live = (directory.person(person)?.devices ?? []).filter((id) => directory.isLive(id))
    return Promise.all(
      live.map(async (id): Promise<DeviceView> => {
        const { label, added } = directory.device(id)!
        const view: DeviceView = { id, label, added: await proven.timeOf(added), thisOne: id === keys.id }
        if (label === 'recovery') view.recovery = true
        return view
      }),
    )
  }

  async revoke(device: string): Promise<void> {
    const { acts, transport, proven, person, upkeep } = this.device
    const fields = new Map().set(1, fromBase64url(person)).set(2, fromBase64url(device))
    await transport.place(await acts.actAs('device-revoke', fields))
    if (device === this.device.keys.id) return
    await proven.refresh([person])
    await upkeep.run()
    this.device.changed.call()
  }

  /** A code on paper that is one more device of this person: made here, shown once, kept nowhere. */
  async recoveryCode(): Promise<string> {
    const code = await makeRecoveryCode(this.device)
    this.device.changed.call()
    return code
  }

  get guard(): Guard {
    const { hasPin, waitsUntil, authenticator, authenticatorOpens } = this.device.locker
    return { hasPin, waitsUntil, authenticator, authenticatorOpens }
  }

  async setPin(pin: string | null, current?: string): Promise<void> {
    const { lock, locker, changed } = this.device
    await lock('locker', () => locker.setPin(pin, current)).finally(() => changed.call())
  }

  lock(): void {
    this.device.locker.lock()
    if (!this.locked) return
    this.device.mirror.forget()
    this.device.changed.call()
  }

  async unlock(pin: string): Promise<boolean> {
    const { lock, locker } = this.device
    return this.#unlockedBy('wrong_pin', () => lock('locker', () => locker.unlock(pin)))
  }

  async unlockByAuthenticator(): Promise<boolean> {
    const { locker, authenticator } = this.device
    if (!authenticator) return false
    return this.#unlockedBy('authenticator_failed', () => locker.unlockBy(authenticator))
  }

  async hasAuthenticator(): Promise<boolean> {
    return (await this.device.authenticator?.available()) ?? false
  }

  async useAuthenticator(use: boolean): Promise<void> {
    const { authenticator, locker, changed } = this.device
    if (!authenticator) throw new Refusal('authenticator_failed', 'This device has none')
    const { name } = this.me.person
    await (use ? locker.addAuthenticator(authenticator, name.bn || name.en) : locker.removeAuthenticator())
    changed.call()
  }

  async forgetDevice(): Promise<void> {
    this.session.stop()
    await this.sync().catch(passing)
    await wipe(this.device.store)
  }

  async check(): Promise<ConnectionCheck> {
    await this.sync().catch(passing)
    const way = await checkWay(this.device)
    if (way.clockOff !== null) this.session.note({ clockOff: way.clockOff })
    const { live, connection, alarms } = this.session
    return { ...way, live, lastSync: connection.lastSync, problem: alarms.at(-1) ?? null }
  }

  api(path: string, value?: unknown): Promise<unknown> {
    const { transport } = this.device
    return value === undefined ? transport.json(path) : transport.postJson(path, value, true)
  }

  aboutMe(): Promise<AboutMe> {
    return aboutMe(this.device, KINDS)
  }

  dataUsed(others = 0): Promise<MonthUse[]> {
    this.device.usage.add(others)
    return this.device.usage.months()
  }

  async #unlockedBy(wrong: string, unlock: () => Promise<void>): Promise<boolean> {
    try {
      await unlock()
    } catch (error) {
      this.device.changed.call()
      if (error instanceof Refusal && error.code === wrong) return false
      throw error
    }
    await this.device.mirror.load()
    // What came while it was locked is opened now.
    await this.device.mirror.absorb([])
    await this.device.outbox.load()
    this.device.changed.call()
    this.session.flushSoon(0)
    return true
  }

  #row(id: string, post: string): DirectiveRow {
    const row = this.rows.find((one) => one.id === id && one.post === post) ?? this.rows.find((one) => one.id === id)
    if (!row) throw new Refusal('not_found', 'No such directive here', { id })
    return row
  }

  /** Throws `Refusal('cannot_open')` while its text waits for a key: what was not read is neither acknowledged nor answered. */
  #readable(id: string, post: string): DirectiveRow {
    const row = this.#row(id, post)
    if (row.unreadable) throw new Refusal('cannot_open', 'The key to that letter has not come yet', { id })
    return row
  }

  #issuerOf(id: string): string {
    const placed = this.device.mirror.directive(id)
    if (!placed) throw new Refusal('not_found', 'No such directive here', { id })
    return placed.entry.issuer
  }

  /** The letter that this one passes on; absent where it passes none on, or its section is not here and cannot be fetched. */
  async #enclosed(id: string): Promise<DirectiveDetail['enclosed']> {
    const { mirror, transport, proven } = this.device
    if (!mirror.directive(id)?.entry.parent || !mirror.text(id)) return undefined
    try {
      const opened = await openEnclosed(await mirror.section(id, 2, () => transport.section(id, 2)))
      if (!opened) return undefined
      const checked = await proven.checks(opened.cose, [opened.issuer]).catch((error) => {
        if (error instanceof Refusal) return false
        throw error
      })
      const { parts, issuer } = opened
      return { id: opened.id, issuer: postName(issuer, proven.directory, textOf(parts, 'issuer')), parts, checked }
    } catch (error) {
      if (error instanceof Refusal && error.code === 'offline') return undefined
      throw error
    }
  }

  /** Summary and letter; null while the letter has not been fetched and cannot be. */
  async #letter(id: string): Promise<Part[] | null> {
    const { mirror, transport } = this.device
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
    const { proven, sync, changed } = this.device
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

  #answers(id: string, post: string): Answer[] {
    const { proven, mirror, outbox, person } = this.device
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
      if (Math.abs(clientTime - act.time) > CLOCK_OFF) answer.clockOff = clientTime - act.time
      return [answer]
    })
    const waiting = outbox.answers(id, post).map(
      ({ at, answering }): Answer => ({
        by: postName(post, directory),
        person: personName(person, directory),
        clauses: answering.clauses,
        state: answering.state,
        until: answering.until,
        note: answering.note,
        ...(answering.values && { values: answering.values }),
        ...(answering.files && answering.files.length > 0 ? { files: answering.files } : {}),
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
function passing(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}
