import type { Bytes } from '../core/bytes.ts'
import type { Item } from '../core/item.ts'
import type { Entry, Kind, Place } from '../core/kind.ts'
import type { Read, Tx } from './db.ts'
import type { Route, Viewer } from './routes.ts'

/** How a feature joins the road. One object, given to `app.ts`; the road knows nothing else of it. */
// biome-ignore lint/suspicious/noExplicitAny: each feature's kinds have entries and a state of their own
export type Feature<S = any> = {
  name: string
  // biome-ignore lint/suspicious/noExplicitAny: as above
  kinds: Kind<any, S>[]
  /** At start, once, before anything else: fold what must be in memory (`server/replay.ts` helps). */
  restore?(db: Read): Promise<void>
  /** Within a batch, after the state's `begin` and before any rule: bring the rows they will ask for into the state. */
  load?(tx: Tx, entries: Entry<unknown, S>[]): Promise<void>
  /** In the same transaction, of its own kinds in log order; set-based SQL. May not throw on what its rules admitted. */
  project?(tx: Tx, placed: Placed[], effects: Effects): Promise<void>
  /** After the checkpoint is on disk, of its own kinds. What it throws is logged. */
  afterCommit?(placed: Placed[]): void
  /** May one who reads for these parties read the thread of this addressed post? All ids as text. */
  mayReadThread?(directive: string, post: string, parties: readonly string[]): Promise<boolean> | boolean
  /** Posts after `after` (an id, or '') on whose cover this viewer decides, by their ids, at most `limit`; null: on none ever. */
  absent?(viewer: Viewer, after: string, limit: number): Promise<string[] | null>
  /**
   * Entries the party may see whose `inbox` rows are still being written (a directive to very many posts): indexes from
   * `from` (inclusive) to `to` (exclusive), ascending, at most `limit`. Asked before `inbox` is read; may repeat what is there.
   */
  inbox?(party: string, from: number, to: number, limit: number): number[]
  /** A live device read for `party` up to `cursor` (every entry below it was handed out). Off the request's path. */
  onSynced?(seen: { party: string; cursor: number }[]): Promise<void> | void
  /** What the server noted by itself about this person, in this feature's tables: all of it, and of nobody else. */
  aboutMe?(viewer: Viewer): Promise<Noted[]>
  /** What items cannot do. */
  routes?: Route[]
}

/**
 * A time the server noted by itself about a person: not signed by him, and to be shown to him. `what` is worded in
 * `language/words/about.ts`; an id says what it is about.
 */
export type Noted = {
  what: string
  at: number
  until?: number
  directive?: string
  post?: string
  device?: string
  /** By which he was told something, and his own address there. */
  channel?: string
  address?: string
  /** What came of it; worded in `about.outcomes`. */
  outcome?: string
  detail?: string
  /** Bytes. */
  size?: number
  /** How many, or up to which place in the log. */
  n?: number
}

/** An entry with its place in the log. */
// biome-ignore lint/suspicious/noExplicitAny: the feature knows the type of its own entries
export type Placed<E = any> = Entry<E, any> & {
  item: Item
  place: Place
  chain: Bytes
  sequence: number
  /** Leaf data. */
  leaf: Bytes
}

/** What a projection asks the road to do with its batch: stored in the same transaction, announced after it. Ids raw. */
export type Effects = {
  /** Writes `inbox` rows: these parties see the entry, and their devices are woken. */
  show(index: number, parties: Iterable<Uint8Array>): void
  /** Wakes devices of these parties without showing them an entry: their directory changed. */
  wake(parties: Iterable<Uint8Array>): void
  /** Tells whoever watches a directive's board, at most once a second. */
  wakeBoard(directives: Iterable<Uint8Array>): void
  /** Deletes the sessions and push subscriptions of these devices (thumbprints) and closes their sockets. */
  revoke(devices: Iterable<Uint8Array>): void
}

/** One part of the state the rules look at: it can take back a batch whose transaction failed. */
export type StatePart = { begin(): void; commit(): void; rollback(): void }
/** The parts by the names the kinds know them by. */
export type State = Record<string, StatePart>

/** What the road asks of the directory. Ids are text. */
export type People = {
  /** Whose device it is, while it is live. */
  personOfDevice(device: string): string | undefined
  /** All devices he ever had, closed ones too. */
  devicesOf(person: string): string[]
  /** Posts held now. */
  postsOf(person: string): string[]
  /** Persons who hold the post now. */
  holdersOf(post: string): string[]
  /** The parties whose chains prove these parties, themselves included. */
  closure(parties: Iterable<string>): Set<string>
}
