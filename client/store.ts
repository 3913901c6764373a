/**
 * What a device keeps. Small on purpose, so that a browser's IndexedDB, a directory of a command-line profile and plain
 * memory (six hundred simulated officials in one process) can all carry it.
 */
export type Table =
  /** Single values: the service's root, the newest checkpoint, who we are, cursors. */
  | 'meta'
  /** Keys that never leave: the device's, and the one over the local store. */
  | 'key'
  /** Proven directory entries, by index in the log. */
  | 'directory'
  /** Proven official acts of the threads this device reads, by index in the log. */
  | 'act'
  /** What was opened of an act (summary, letter, note, item key), encrypted under the local key. */
  | 'opened'
  /** Drafts and frozen items on their way. */
  | 'outbox'
  /** The newest of this device's items that were accepted, as they were sent, by index in the log. */
  | 'accepted'
  /** What is known of the files whose chunks are here, by the name of the first. */
  | 'file'
  /** Encrypted chunks of files, by name: on their way, or fetched. */
  | 'chunk'
  /** Work of upkeep already done, so that it is not done again. */
  | 'done'

export const TABLES: readonly Table[] = [
  'meta',
  'key',
  'directory',
  'act',
  'opened',
  'outbox',
  'accepted',
  'file',
  'chunk',
  'done',
]

/** `value: undefined` deletes. */
export type Change = { table: Table; key: string; value: unknown }

export interface Store {
  /** Whether a CryptoKey can be kept as it is; otherwise keys are kept as the seeds they come from. */
  readonly keepsKeys: boolean
  get<T>(table: Table, key: string): Promise<T | undefined>
  /** Ascending by key. */
  list<T>(table: Table): Promise<[key: string, value: T][]>
  /** All of it or nothing of it, and durable when it resolves. Throws `Refusal('device_full')` where there is no room. */
  write(changes: Change[]): Promise<void>
  close(): Promise<void>
}

/** Takes everything away, all at once. */
export async function wipe(store: Store): Promise<void> {
  const lists = await Promise.all(
    TABLES.map(async (table) => (await store.list(table)).map(([key]): Change => ({ table, key, value: undefined }))),
  )
  await store.write(lists.flat())
}

/** Indexes in the log as keys: sorted as text they are sorted as numbers. */
export function indexKey(index: number): string {
  return String(index).padStart(16, '0')
}
