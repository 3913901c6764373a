import type { Bytes } from './bytes.ts'
import type { Header, SignerType } from './item.ts'
import type { Wrap } from './wrap.ts'

/** Where an accepted item stands: its index in the log, the accepted time (ms) and the hash of its leaf. */
export type Place = At & { leafHash: Bytes }

/** A moment in the log: the index and accepted time (ms) an item has, or would have if accepted now. */
export type At = { index: number; time: number }

/**
 * One kind of item, `S` being the state its rules look at. The same functions run in the server's sequencer and on every
 * device, over the same bytes, so nobody has to be believed.
 */
export type Kind<E, S> = {
  name: string
  /**
   * The typed entry. Throws `Refusal('bad_input')` for fields or sections of another shape. `body` is what the reader has,
   * the first sections at least; `wraps` are present in the sequencer alone, whose `rule` judges whom an item is sealed to.
   */
  read(item: { header: Header; body: Bytes[]; wraps?: Wrap[] }): E
  /** Signing keys the entry brings into being, by which items of the same request may already be signed. */
  keys?(entry: E): { type: SignerType; publicKey: Bytes }[]
  /** The chain it stands in (`core/chain.ts`). */
  chain(entry: E, header: Header, state: S): Bytes
  /** May the author write this, here? What a liar could fake. Run by the sequencer and by every client. */
  authority(entry: E, header: Header, state: S, at: At): void
  /** Housekeeping that only the sequencer, who sees everything, can judge: references exist, a generation is the next. */
  rule?(entry: E, header: Header, state: S, at: At): void
  /** Folds the placed item into the state. Must not throw once `authority` and `rule` passed. */
  apply(entry: E, header: Header, place: Place, state: S): void
}

/** An entry with everything its kind's functions need; what a batch is made of. */
export type Entry<E = unknown, S = never> = { kind: Kind<E, S>; entry: E; header: Header }
