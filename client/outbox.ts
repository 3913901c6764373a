import { type Bytes, fromUtf8, randomBytes, toBase64url, utf8 } from '../core/bytes.ts'
import { type Envelope, type Header, MAX_DIRECTIVE, readEnvelope, writeEnvelope } from '../core/item.ts'
import { decodeLeaf } from '../core/leaf.ts'
import { Refusal } from '../core/refusal.ts'
import type { PracticeEntry } from '../features/directives/index.ts'
import type { Progress } from './act.ts'
import { type ChunkName, chunksOf, type Files } from './files.ts'
import type { Lock } from './lock.ts'
import type { Locker } from './locker.ts'
import type { ItemAnswer } from './messages.ts'
import type { Change, Store } from './store.ts'
import type { Transport } from './transport.ts'
import type { Absence, Answering, IssueDraft, OutboxEntry, Part } from './views.ts'

/** An act as a person meant it. Sealing and signing come later, when the directory is fresh. */
export type Drafted =
  | { what: 'open'; directive: string; post: string }
  | { what: 'acknowledge'; directive: string; post: string }
  | ({ what: 'answer' } & Answering)
  | { what: 'cancel'; directive: string; post: string; reason: string }
  | { what: 'supersede'; directive: string; post: string; successor: string; reason: string }
  | { what: 'issue'; post: string; draft: IssueDraft }
  | { what: 'amend'; directive: string; post: string; reason: string; parts: Part[] }
  | { what: 'extend'; directive: string; post: string; reason: string; due: number }
  | { what: 'remind'; directive: string; post: string; reason: string; posts: string[] }
  | { what: 'draft'; post: string; draft: IssueDraft; approvers: string[]; replaces: string | null }
  | { what: 'approval'; post: string; draftId: string; approved: boolean; reason: string }
  | { what: 'absence'; post: string; as: string; absence: Absence }
  | { what: 'practice'; post: string; practice: PracticeEntry }

export type Sent = { local: string; id: string; index: number; time: number; header: Header }

type Kept = {
  what: Drafted['what']
  at: number
  undoUntil: number
  directive: string | null
  post: string
  /** The draft and its title as JSON, under the local key. */
  draft: Bytes
  /** Frozen once sealed: these bytes and no others are sent until there is an answer. */
  envelope: Bytes | null
  /** How often it was sealed. */
  tries: number
  attention: { code: string; details: Record<string, unknown> } | null
  /** Of a letter: the directive it stands in for. */
  supersedes?: string
  /** Of an answer with files: what must be there before it. Names of ciphertext, so that a locked device sends them too. */
  chunks?: ChunkName[]
}

type Needs = {
  store: Store
  locker: Locker
  lock: Lock
  transport: Pick<Transport, 'postItems'>
  files: Pick<Files, 'upload' | 'settle'>
  /** Seals and signs, on a directory fetched just now. */
  seal: (draft: Drafted, progress: Progress) => Promise<Envelope>
  /** Looks again at parties whose rings moved on; all of one's own where none are named. */
  refresh: (parties: string[]) => Promise<void>
  now: () => number
  changed: () => void
}

/** What whoever flushes hears of files on their way, and by which he may ask for the line in between. */
export type Way = { uploading?: Progress; pause?: () => boolean }

/** The server's readers moved on between sealing and placing: sealed anew, under a new id. */
const SEAL_AGAIN = new Set(['stale_ring', 'audience_mismatch', 'wrong_cover'])
/** Nothing is wrong with the item; it goes later. */
const LATER = new Set([
  'offline',
  'behind_checkpoint',
  'disk_full',
  'database_unavailable',
  'too_fast',
  'internal',
  'stopping',
  'session_expired',
])
/** A whole request refused for what is in it; anything else is the server's own trouble. */
const ITS_FAULT = new Set(['bad_bytes', 'bad_input', 'too_large'])
/** Somebody did the same before (a second device, another holder): what was wanted has come about. */
const ALREADY: Partial<Record<Drafted['what'], string>> = {
  open: 'already_done',
  acknowledge: 'already_done',
  cancel: 'already_done',
  supersede: 'already_done',
  approval: 'already_done',
}
const MOST_SEALS = 3
const MOST_ITEMS = 64

/**
 * Acts on their way. One flush at a time (`outbox-sending`, held over the network); what a person changes himself waits only for
 * another such change (`outbox`). A draft is kept encrypted until it is sealed; from then on its bytes are frozen and sent until the server
 * answers, so that a retry, a restart or a second tab gives one item and not two. A refused one waits for the person's
 * attention and the rest goes on.
 */
export class Outbox {
  readonly #needs: Needs
  #entries = new Map<string, Kept>()
  /** What can be read of them while unlocked. */
  readonly #drafts = new Map<string, { draft: Drafted; title: string }>()
  #sending = new Set<string>()
  /** Of which the server said that files are missing. */
  readonly #lacking = new Set<string>()
  /** Letters that got their place since this device was opened, by whatever flush sent them. */
  readonly issued = new Map<string, Sent>()
  /** What the server said of acts it did not take for a trouble of its own; they go by themselves when that is over. */
  readonly putOff = new Map<string, string>()
  /** The last flush ended because the way was cut under a file. */
  interrupted = false

  constructor(needs: Needs) {
    this.#needs = needs
  }

  load(): Promise<void> {
    return this.#alone(async () => {
      this.#entries = new Map(await this.#needs.store.list<Kept>('outbox'))
      // What another tab sent or took back waits here no longer either.
      for (const local of this.#drafts.keys()) if (!this.#entries.has(local)) this.#drafts.delete(local)
      for (const [local, kept] of this.#entries) {
        if (this.#needs.locker.locked) break
        if (!this.#drafts.has(local)) this.#drafts.set(local, await this.#open(local, kept))
      }
    })
  }

  /** Changes to the entries, here and in the store, one after another in all tabs. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#needs.lock('outbox', work)
  }

  entries(): OutboxEntry[] {
    return [...this.#entries].map(([id, { what, at, undoUntil, envelope, attention }]) => {
      const state = attention ? 'attention' : this.#sending.has(id) ? 'sending' : 'waiting'
      const entry: OutboxEntry = { id, what, title: this.#drafts.get(id)?.title ?? '', at, state }
      if (attention) Object.assign(entry, attention)
      if (!envelope && undoUntil > this.#needs.now()) entry.undoUntil = undoUntil
      return entry
    })
  }

  /** How many acts of this post on a directive wait; refused ones wait for the person, not for the network. */
  queued(directive: string, post: string): number {
    let count = 0
    for (const kept of this.#entries.values()) {
      if (kept.directive === directive && kept.post === post && !kept.attention && kept.what !== 'open') count++
    }
    return count
  }

  /** The acts of this post on a directive that are on their way, in the order they were done; refused ones are not. */
  pending(directive: string, post: string): Drafted[] {
    const found: Drafted[] = []
    for (const [local, kept] of this.#entries) {
      const draft = this.#drafts.get(local)?.draft
      if (draft && !kept.attention && kept.directive === directive && kept.post === post) found.push(draft)
    }
    return found
  }

  has(what: Drafted['what'], directive: string, post: string): boolean {
    return [...this.#entries.values()].some(
      (kept) => kept.what === what && kept.directive === directive && kept.post === post,
    )
  }

  /** Answers of a thread on their way, for showing them in it. */
  answers(directive: string, post: string): { at: number; answering: Answering; refused: boolean }[] {
    const found: { at: number; answering: Answering; refused: boolean }[] = []
    for (const [local, { draft }] of this.#drafts) {
      if (draft.what !== 'answer' || draft.directive !== directive || draft.post !== post) continue
      const kept = this.#entries.get(local)
      found.push({ at: kept?.at ?? 0, answering: draft, refused: Boolean(kept?.attention) })
    }
    return found
  }

  /** Absences that wait, in the order they were declared. */
  absences(): Absence[] {
    return [...this.#drafts.values()].flatMap(({ draft }) => (draft.what === 'absence' ? [draft.absence] : []))
  }

  /** Keeps a draft; durable when it resolves. Not sent before `undoFor` milliseconds have passed. */
  async add(draft: Drafted, title: string, undoFor = 0): Promise<string> {
    const { store, changed } = this.#needs
    const [local, kept] = await this.#kept(draft, title, undoFor)
    await this.#alone(async () => {
      await store.write([{ table: 'outbox', key: local, value: kept }])
      this.#entries.set(local, kept)
      this.#drafts.set(local, { draft, title })
    })
    changed()
    return local
  }

  async #kept(draft: Drafted, title: string, undoFor: number): Promise<[string, Kept]> {
    const now = this.#needs.now()
    const local = `${String(now).padStart(15, '0')}-${toBase64url(randomBytes(9))}`
    const kept: Kept = {
      what: draft.what,
      at: now,
      undoUntil: now + undoFor,
      directive: 'directive' in draft ? draft.directive : null,
      post: draft.post,
      draft: await this.#needs.locker.seal(utf8(JSON.stringify({ draft, title })), local),
      envelope: null,
      tries: 0,
      attention: null,
    }
    if (draft.what === 'issue' && draft.draft.supersedes !== undefined) kept.supersedes = draft.draft.supersedes
    if (draft.what === 'answer' && draft.files && draft.files.length > 0) kept.chunks = chunksOf(draft.files)
    return [local, kept]
  }

  /** Takes an act back, if it has not been sealed. */
  undo(local: string): Promise<boolean> {
    return this.#alone(async () => {
      const kept = await this.#needs.store.get<Kept>('outbox', local)
      if (!kept || kept.envelope) return false
      await this.#drop(local)
      return true
    })
  }

  /** Gives a refused act another chance, sealed anew. */
  retry(local: string): Promise<void> {
    return this.#alone(async () => {
      const kept = await this.#needs.store.get<Kept>('outbox', local)
      if (kept?.attention) await this.#put(local, { ...kept, attention: null, envelope: null, tries: 0, undoUntil: 0 })
    })
  }

  /** Gives a refused act up. One that was sent and not answered may stand in the log and cannot be given up. */
  discard(local: string): Promise<void> {
    return this.#alone(async () => {
      const kept = await this.#needs.store.get<Kept>('outbox', local)
      if (!kept) return
      if (kept.envelope && !kept.attention) throw new Refusal('wrong_state', 'On its way already')
      await this.#drop(local)
    })
  }

  /**
   * Sends what is due, oldest first. Called after a sync. Stops quietly where there is no connection; throws only for faults of
   * the store.
   *
   * Order at each act: seal → keep the frozen bytes → send → forget. A crash before keeping seals again under another id,
   * nothing having been sent; a crash after sending sends the same bytes, whose first answer comes back.
   *
   * What has files comes after all that has none, and they go before it is sealed: until then it can be taken back. Between
   * two chunks `pause` may ask for the line; the next flush goes on from there.
   */
  flush(progress: Progress = () => {}, way: Way = {}): Promise<Sent[]> {
    return this.#needs.lock('outbox-sending', async () => {
      // Another tab may have sent or added since: the store is the truth.
      await this.load()
      const due = [...this.#entries].filter(([, kept]) => !kept.attention && kept.undoUntil <= this.#needs.now())
      const sent: Sent[] = []
      this.interrupted = false
      try {
        const { light, heavy } = byWeight(due)
        const ready: string[] = []
        for (const local of light) if (await this.#freeze(local, progress)) ready.push(local)
        for (const batch of this.#batches(ready)) {
          if (!(await this.#send(batch, sent, progress))) return sent
        }
        for (const local of heavy) {
          if (!(await this.#sendBehindFiles(local, sent, progress, way))) break
        }
      } finally {
        this.#sending = new Set()
        this.#needs.changed()
      }
      return sent
    })
  }

  /** Files first, then the act. False where nothing more should be tried now. */
  async #sendBehindFiles(local: string, sent: Sent[], progress: Progress, way: Way): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      const { chunks } = this.#entries.get(local)!
      if (chunks) {
        const outcome = await this.#upload(local, chunks, way)
        if (outcome !== 'there') return outcome === 'next'
      }
      if (!(await this.#freeze(local, progress))) return true
      const goOn = await this.#send([local], sent, progress)
      // What was there has been swept meanwhile: an act that waited for a week behind its files.
      if (!this.#lacking.delete(local)) return goOn
      if (tries < MOST_SEALS) continue
      await this.#needAttention(local, 'file_missing', {})
      return true
    }
  }

  async #upload(
    local: string,
    chunks: ChunkName[],
    { uploading = () => {}, pause = () => false }: Way,
  ): Promise<'there' | 'stop' | 'next'> {
    const { files, store, changed } = this.#needs
    this.#sending = new Set([local])
    changed()
    // Perhaps in another tab.
    const takenBack = async () => !(await store.get('outbox', local))
    try {
      if (await files.upload(chunks, uploading, async () => pause() || (await takenBack()))) return 'there'
      return (await takenBack()) ? 'next' : 'stop'
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.interrupted = LATER.has(error.code)
      if (this.interrupted) return 'stop'
      await this.#needAttention(local, error.code, error.details)
      return 'next'
    }
  }

  /** Seals a draft that is not sealed yet. False where it needs attention, or the device is locked or offline. */
  async #freeze(local: string, progress: Progress): Promise<boolean> {
    const kept = this.#entries.get(local)!
    if (kept.envelope) return true
    if (this.#needs.locker.locked) return false
    try {
      const { draft } = await this.#open(local, kept)
      const envelope = writeEnvelope(await this.#needs.seal(draft, progress))
      if (envelope.length > MAX_DIRECTIVE) throw new Refusal('too_large', 'An item above 4 MB')
      return await this.#alone(async () => {
        // Sealing took a while on a slow network, and it could be taken back all the time.
        if (!(await this.#needs.store.get('outbox', local))) {
          this.#entries.delete(local)
          this.#drafts.delete(local)
          return false
        }
        await this.#put(local, { ...kept, envelope, tries: kept.tries + 1 })
        return true
      })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.code === 'device_full') throw error
      if (!LATER.has(error.code)) await this.#needAttention(local, error.code, error.details)
      return false
    }
  }

  #batches(locals: string[]): string[][] {
    const batches: string[][] = []
    let size = 0
    for (const local of locals) {
      const { length } = this.#entries.get(local)!.envelope!
      const last = batches.at(-1)
      if (!last || last.length === MOST_ITEMS || size + length > MAX_DIRECTIVE) {
        batches.push([local])
        size = length
      } else {
        last.push(local)
        size += length
      }
    }
    return batches
  }

  /** Sends one request. False where nothing more should be tried now. */
  async #send(batch: string[], sent: Sent[], progress: Progress): Promise<boolean> {
    this.#sending = new Set(batch)
    this.#needs.changed()
    let answers: ItemAnswer[]
    try {
      answers = await this.#needs.transport.postItems(batch.map((local) => this.#entries.get(local)!.envelope!))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // The whole request: the network, or a server that takes nothing now. The items are as good as before.
      if (!ITS_FAULT.has(error.code)) return false
      if (batch.length === 1) {
        await this.#needAttention(batch[0]!, error.code, error.details)
        return true
      }
      // One of them is at fault, and the others shall not wait for it.
      for (const local of batch) if (!(await this.#send([local], sent, progress))) return false
      return true
    }
    const again: string[] = []
    for (const [i, local] of batch.entries()) {
      const outcome = await this.#settle(local, answers[i]!, sent)
      if (outcome === 'again') again.push(local)
      if (outcome === 'later') return false
    }
    if (again.length === 0) return true
    const ready: string[] = []
    for (const local of again) if (await this.#freeze(local, progress)) ready.push(local)
    return ready.length === 0 || this.#send(ready, sent, progress)
  }

  async #settle(local: string, answer: ItemAnswer, sent: Sent[]): Promise<'done' | 'again' | 'later'> {
    const kept = this.#entries.get(local)!
    this.putOff.delete(local)
    if (answer.accepted) {
      // What follows needs the local key; the same bytes are sent again when there is one.
      if (kept.supersedes !== undefined && this.#needs.locker.locked) return 'later'
      const { header } = readEnvelope(kept.envelope!)
      const id = toBase64url(header.id)
      const next = kept.supersedes === undefined ? null : await this.#afterIssue(kept, id)
      await this.#alone(() => this.#drop(local, next))
      if (kept.chunks) await this.#needs.files.settle(kept.chunks)
      const placed = { local, id, index: answer.index, time: decodeLeaf(answer.leaf).time, header }
      sent.push(placed)
      if (kept.what === 'issue') this.issued.set(local, placed)
      return 'done'
    }
    const { code, details } = answer
    if (LATER.has(code)) {
      this.putOff.set(local, code)
      return 'later'
    }
    if (code === 'file_missing' && kept.chunks) {
      this.#lacking.add(local)
      return 'later'
    }
    if (ALREADY[kept.what] === code) {
      await this.#alone(() => this.#drop(local))
      return 'done'
    }
    if (SEAL_AGAIN.has(code) && kept.tries < MOST_SEALS) {
      const parties = Array.isArray(details.parties) ? details.parties.filter((party) => typeof party === 'string') : []
      await this.#alone(() => this.#put(local, { ...kept, envelope: null }))
      try {
        await this.#needs.refresh(parties)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return 'later'
      }
      return 'again'
    }
    await this.#needAttention(local, code, details)
    return 'done'
  }

  async #needAttention(local: string, code: string, details: Record<string, unknown>): Promise<void> {
    // Its bytes are dropped: whatever is done next is a new act under a new id.
    const kept = this.#entries.get(local)!
    await this.#alone(() => this.#put(local, { ...kept, envelope: null, attention: { code, details } }))
  }

  async #put(local: string, kept: Kept): Promise<void> {
    await this.#needs.store.write([{ table: 'outbox', key: local, value: kept } satisfies Change])
    this.#entries.set(local, kept)
    this.#needs.changed()
  }

  /** A letter issued in another's stead: the other is superseded next, in the same breath of the store. */
  async #afterIssue({ post, supersedes }: Kept, successor: string): Promise<[string, Kept]> {
    const draft: Drafted = { what: 'supersede', directive: supersedes!, post, successor, reason: '' }
    return this.#kept(draft, '', 0)
  }

  async #drop(local: string, next: [string, Kept] | null = null): Promise<void> {
    const changes: Change[] = [{ table: 'outbox', key: local, value: undefined }]
    if (next) changes.push({ table: 'outbox', key: next[0], value: next[1] })
    await this.#needs.store.write(changes)
    this.#entries.delete(local)
    if (next) this.#entries.set(...next)
    this.#drafts.delete(local)
    this.#needs.changed()
  }

  async #open(local: string, { draft }: Kept): Promise<{ draft: Drafted; title: string }> {
    return JSON.parse(fromUtf8(await this.#needs.locker.open(draft, local)))
  }
}

/**
 * Acts that wait for nothing, and those that go behind files. What was done later in the same thread stays behind: of two
 * answers the last one stands.
 */
function byWeight(due: [local: string, kept: Kept][]): { light: string[]; heavy: string[] } {
  const slow = new Set<string>()
  const light: string[] = []
  const heavy: string[] = []
  for (const [local, { chunks, directive, post }] of due) {
    const thread = `${directive} ${post}`
    if (chunks) slow.add(thread)
    ;(slow.has(thread) ? heavy : light).push(local)
  }
  return { light, heavy }
}
