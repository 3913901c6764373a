import { coveredAbsence } from '../features/directives/index.ts'
import type { WorkingCalendar } from '../language/working-time.ts'
import { aboutMe } from './about-me.ts'
import { Acting } from './acting.ts'
import { Asking } from './asking.ts'
import { checkWay } from './check.ts'
import { type Device, KINDS } from './device.ts'
import { FollowThrough } from './following.ts'
import { Guarding } from './guarding.ts'
import { note, noted } from './notes.ts'
import { devicesOf, revoke } from './own-devices.ts'
import { proofOf } from './proof.ts'
import { passing, Reading } from './reading.ts'
import { makeRecoveryCode } from './recovery.ts'
import { personName, postName } from './rows.ts'
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
  Proof,
  Smarak,
  Workday,
} from './views.ts'

/** How long an act can be taken back before it is sealed. */
const UNDO = 5_000

export type SmarakNeeds = {
  device: Device
  session: Session
  demo?: boolean
  /** How long an act can be taken back; none for a command line. */
  undoFor?: number
}

/** One person's device as screens, the command line and simulated officials use it: the door to the parts that do it. */
export class SmarakClient implements Smarak {
  readonly demo: boolean
  readonly device: Device
  readonly session: Session
  readonly following: Following
  readonly #reading: Reading
  readonly #acting: Acting
  readonly #asking: Asking
  readonly #guarding: Guarding
  readonly #listeners = new Set<() => void>()
  #me: Smarak['me'] | null = null

  constructor({ device, session, demo = false, undoFor = UNDO }: SmarakNeeds) {
    this.device = device
    this.session = session
    this.demo = demo
    const reading = new Reading({ device, session })
    this.#reading = reading
    this.#acting = new Acting({ device, session, reading, undoFor })
    this.#asking = new Asking({ device, session })
    this.#guarding = new Guarding({ device, session, name: () => this.#ownName() })
    device.changed.call = () => {
      reading.forget()
      this.#me = null
      for (const listener of this.#listeners) listener()
    }
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
        // What stands there of an absence is for the machine: the screens say it in words.
        orderMemo: coveredAbsence(holding) === null ? holding.memo : null,
        count: this.rows.filter((row) => row.post === holding.post && row.owed.length > 0).length,
        mayIssue: directory.post(holding.post)?.mayIssue ?? false,
      }
      if (this.session.arrivedAt(holding.post)) post.arrived = true
      return post
    })
    return { person: { id: person, name: personName(person, directory) }, posts }
  }

  #ownName(): string {
    const { name } = this.me.person
    return name.bn || name.en
  }

  get connection(): Connection {
    return this.session.connection
  }

  get outbox(): OutboxEntry[] {
    return this.device.outbox.entries()
  }

  get rows(): DirectiveRow[] {
    return this.#reading.rows
  }

  get arrivals(): Arrival[] {
    return this.#reading.allRows
      .filter(({ role }) => role === 'addressed' || role === 'fallback')
      .map(({ id, grade, urgency, issuer }) => ({ id, grade, urgency, office: issuer.office }))
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

  open(id: string, post: string): Promise<DirectiveDetail> {
    return this.#reading.open(id, post)
  }

  /** Before its store is closed: resolves when what was opened has fetched and kept what stands behind it. */
  settled(): Promise<void> {
    return this.#reading.settled()
  }

  thread(id: string, post: string): Promise<Answer[]> {
    return this.#reading.thread(id, post)
  }

  proof(id: string): Promise<Proof> {
    return proofOf(this.device, id)
  }

  shown(id: string, post: string): Promise<void> {
    return this.#acting.shown(id, post)
  }

  acknowledge(id: string, post: string): Promise<string> {
    return this.#acting.acknowledge(id, post)
  }

  answer(answering: Answering): Promise<string> {
    return this.#acting.answer(answering)
  }

  issue(
    draft: IssueDraft,
    progress: (done: number, total: number) => void,
  ): Promise<{ id: string; index: number; addressees: number }> {
    return this.#acting.issue(draft, progress)
  }

  cancel(id: string, reason: string): Promise<string> {
    return this.#acting.cancel(id, reason)
  }

  supersede(id: string, successor: string, reason: string): Promise<string> {
    return this.#acting.supersede(id, successor, reason)
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

  draft(key: string): Promise<unknown> {
    return noted(this.device, key)
  }

  saveDraft(key: string, value: unknown): Promise<void> {
    return note(this.device, key, value)
  }

  names(when?: 'as they are now'): Promise<ListedPost[]> {
    return this.device.names(when)
  }

  calendar(office: string): Promise<WorkingCalendar> {
    return this.#asking.calendar(office)
  }

  workday(post: string): Promise<Workday> {
    return this.#asking.workday(post)
  }

  board(id: string, query: { group?: string; within?: string; filter?: string; cursor?: string }): Promise<unknown> {
    return this.#asking.board(id, query)
  }

  curve(id: string, within?: string): Promise<unknown> {
    return this.#asking.curve(id, within)
  }

  passedOn(id: string): Promise<unknown> {
    return this.#asking.passedOn(id)
  }

  plan(id: string, post: string): Promise<unknown> {
    return this.#asking.plan(id, post)
  }

  attempts(id: string, post: string): Promise<unknown> {
    return this.#asking.attempts(id, post)
  }

  waiting(ids: readonly string[]): Promise<unknown> {
    return this.#asking.waiting(ids)
  }

  reach(): Promise<unknown> {
    return this.#asking.reach()
  }

  api(path: string, value?: unknown): Promise<unknown> {
    return this.#asking.api(path, value)
  }

  devices(): Promise<DeviceView[]> {
    return devicesOf(this.device)
  }

  revoke(device: string): Promise<void> {
    return revoke(this.device, device)
  }

  /** A code on paper that is one more device of this person: made here, shown once, kept nowhere. */
  async recoveryCode(): Promise<string> {
    const code = await makeRecoveryCode(this.device)
    this.device.changed.call()
    return code
  }

  get guard(): Guard {
    return this.#guarding.guard
  }

  setPin(pin: string | null, current?: string): Promise<void> {
    return this.#guarding.setPin(pin, current)
  }

  lock(): void {
    this.#guarding.lock()
  }

  unlock(pin: string): Promise<boolean> {
    return this.#guarding.unlock(pin)
  }

  unlockByAuthenticator(): Promise<boolean> {
    return this.#guarding.unlockByAuthenticator()
  }

  hasAuthenticator(): Promise<boolean> {
    return this.#guarding.hasAuthenticator()
  }

  useAuthenticator(use: boolean): Promise<void> {
    return this.#guarding.useAuthenticator(use)
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

  aboutMe(): Promise<AboutMe> {
    return aboutMe(this.device, KINDS)
  }

  dataUsed(others = 0): Promise<MonthUse[]> {
    this.device.usage.add(others)
    return this.device.usage.months()
  }
}
