import { type Id, JournaledMap } from '../directory/index.ts'
import type { AnswerEntry, Clause, Form, ReceiptEntry, ReceiptState, WrapAddEntry } from './entries.ts'
import type { Frozen } from './frozen.ts'

/** What the rules must know of a directive that was placed. */
export type Head = {
  id: Id
  index: number
  time: number
  issuer: Id
  clauses: Clause[]
  /** As it stands now, after every extension. */
  due: number | null
  form: Form
  parent: Id | null
  /** What the issuing post changed since, in log order; on the server only what rules ask for: the reminders. */
  changes: Change[]
  /** How it ended: the notice by which, and the directive in its stead. */
  ended: { by: Id; how: 'cancelled' | 'superseded'; time: number; successor: Id | null } | null
}

/** What a post says of a directive that is not here, as its issuer: of one that another here passes on. Only devices meet it. */
export type Afar = Pick<Head, 'changes' | 'ended'>

/** An amendment, an extension or a reminder by the issuer: the item, and to when or to whom. */
export type Change = { by: Id; index: number; time: number } & (
  | { kind: 'amend' }
  | { kind: 'extend'; due: number }
  | { kind: 'remind'; posts: Id[] }
)

/** A letter on its way to being issued: by whom, and how far its approval has come. */
export type DraftHead = {
  id: Id
  index: number
  issuer: Id
  approvers: Id[]
  /** How many of them approved, in their order. */
  approved: number
  returned: boolean
  /** The directive that was issued from it. */
  directive: Id | null
  /** The approvals as they were placed; on the server only those of the batch at hand. */
  acts: { item: Id; index: number; time: number; post: Id; person: Id; approved: boolean }[]
}

/** One act in the thread of an addressed post, as it was placed. `post` is the one its author acted for. */
export type Act = { item: Id; index: number; time: number; person: Id; post: Id } & (
  | { kind: 'receipt'; entry: ReceiptEntry }
  | { kind: 'answer'; entry: AnswerEntry }
  | { kind: 'wrap-add'; entry: WrapAddEntry }
)

export type Thread = {
  /** The furthest state the addressed post signed. */
  receipt: ReceiptState | null
  /** Items of the thread that carry an item key of their own. */
  answers: Id[]
  /** In log order; on the server only those of the batch at hand. */
  acts: Act[]
}

const UNCHANGED: Afar = { changes: [], ended: null }
const NO_THREAD: Thread = { receipt: null, answers: [], acts: [] }

/**
 * Directives and their threads as far as they are known here: on a device what it fetched, on the server what the batch at
 * hand names (`load` of the feature brings it). `begin`, `commit` and `rollback` bracket a batch.
 */
export class DirectiveBook {
  #heads = new JournaledMap<Id, Head>()
  /** By directive and the post that says it issued it. */
  #afar = new JournaledMap<string, Afar>()
  #frozen = new JournaledMap<Id, Frozen>()
  #threads = new JournaledMap<string, Thread>()
  #drafts = new JournaledMap<Id, DraftHead>()
  /** By issuing post, where its office's practice names whose approval a letter needs: for rules on the server. */
  #routes = new JournaledMap<Id, Id[]>()
  /** Chunks that the server has, of those the batch names, in hexadecimal. */
  #chunks = new JournaledMap<string, true>()
  #inBatch = false

  begin(): void {
    this.#inBatch = true
    for (const map of this.#all()) map.begin()
  }

  commit(): void {
    this.#inBatch = false
    for (const map of this.#all()) map.commit()
  }

  rollback(): void {
    this.#inBatch = false
    for (const map of this.#all()) map.rollback()
  }

  head(directive: Id): Head | undefined {
    return this.#heads.get(directive)
  }

  heads(): Iterable<Head> {
    return this.#heads.values()
  }

  /** The frozen audience; only the server has it. */
  frozen(directive: Id): Frozen | undefined {
    return this.#frozen.get(directive)
  }

  thread(directive: Id, post: Id): Thread {
    return this.#threads.get(`${directive} ${post}`) ?? NO_THREAD
  }

  setHead(head: Head, frozen?: Frozen): void {
    this.#heads.set(head.id, head)
    if (frozen) this.#frozen.set(head.id, frozen)
  }

  setThread(directive: Id, post: Id, thread: Thread): void {
    this.#threads.set(`${directive} ${post}`, thread)
  }

  end({ directive, issuer }: { directive: Id; issuer: Id }, ended: NonNullable<Head['ended']>): void {
    const head = this.#heads.get(directive)
    if (head) this.#heads.set(directive, { ...head, ended })
    else this.#afar.set(`${directive} ${issuer}`, { ...this.afar(directive, issuer), ended })
  }

  /** A change by the issuer; an extension moves the due date. */
  change({ directive, issuer }: { directive: Id; issuer: Id }, change: Change): void {
    const head = this.#heads.get(directive)
    if (head) {
      const due = change.kind === 'extend' ? change.due : head.due
      this.#heads.set(directive, { ...head, due, changes: [...head.changes, change] })
    } else {
      const { ended, changes } = this.afar(directive, issuer)
      this.#afar.set(`${directive} ${issuer}`, { ended, changes: [...changes, change] })
    }
  }

  /** What became of a directive whose issuer this is, whether it is here or within another. */
  afar(directive: Id, issuer: Id): Afar {
    const head = this.#heads.get(directive)
    if (head) return head.issuer === issuer ? head : UNCHANGED
    return this.#afar.get(`${directive} ${issuer}`) ?? UNCHANGED
  }

  draft(id: Id): DraftHead | undefined {
    return this.#drafts.get(id)
  }

  drafts(): Iterable<DraftHead> {
    return this.#drafts.values()
  }

  setDraft(draft: DraftHead): void {
    this.#drafts.set(draft.id, draft)
  }

  route(post: Id): Id[] | undefined {
    return this.#routes.get(post)
  }

  setRoute(post: Id, approvers: Id[]): void {
    this.#routes.set(post, approvers)
  }

  hasChunk(hash: Uint8Array): boolean {
    return this.#chunks.get(hash.toHex()) === true
  }

  setChunk(hash: Uint8Array): void {
    this.#chunks.set(hash.toHex(), true)
  }

  /** Adds an act to its thread. */
  add(act: Act): void {
    const { directive, post } = act.entry
    const thread = this.thread(directive, post)
    this.setThread(directive, post, {
      receipt: act.kind === 'receipt' ? act.entry.state : thread.receipt,
      answers: act.kind === 'answer' ? [...thread.answers, act.item] : thread.answers,
      acts: [...thread.acts, act],
    })
  }

  /** Forgets everything, beyond taking back: the server keeps no more than the batch at hand needs. */
  clear(): void {
    this.#heads = new JournaledMap()
    this.#afar = new JournaledMap()
    this.#frozen = new JournaledMap()
    this.#threads = new JournaledMap()
    this.#drafts = new JournaledMap()
    this.#routes = new JournaledMap()
    this.#chunks = new JournaledMap()
    if (this.#inBatch) this.begin()
  }

  #all() {
    return [this.#heads, this.#afar, this.#frozen, this.#threads, this.#drafts, this.#routes, this.#chunks]
  }
}
