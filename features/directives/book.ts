import { type Id, JournaledMap } from '../directory/index.ts'
import type { AnswerEntry, Clause, ReceiptEntry, ReceiptState, WrapAddEntry } from './entries.ts'
import type { Frozen } from './frozen.ts'

/** What the rules must know of a directive that was placed. */
export type Head = {
  id: Id
  index: number
  time: number
  issuer: Id
  clauses: Clause[]
  due: number | null
  /** How it ended: the notice by which, and the directive in its stead. */
  ended: { by: Id; how: 'cancelled' | 'superseded'; time: number; successor: Id | null } | null
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

const NO_THREAD: Thread = { receipt: null, answers: [], acts: [] }

/**
 * Directives and their threads as far as they are known here: on a device what it fetched, on the server what the batch at
 * hand names (`load` of the feature brings it). `begin`, `commit` and `rollback` bracket a batch.
 */
export class DirectiveBook {
  #heads = new JournaledMap<Id, Head>()
  #frozen = new JournaledMap<Id, Frozen>()
  #threads = new JournaledMap<string, Thread>()
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

  end(directive: Id, ended: NonNullable<Head['ended']>): void {
    const head = this.#heads.get(directive)
    if (head) this.#heads.set(directive, { ...head, ended })
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
    this.#frozen = new JournaledMap()
    this.#threads = new JournaledMap()
    if (this.#inBatch) this.begin()
  }

  #all() {
    return [this.#heads, this.#frozen, this.#threads]
  }
}
