import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, writeFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { MemoryStore } from '../client/memory-store.ts'
import { type Change, type Store, TABLES } from '../client/store.ts'

/**
 * The stores of several hundred simulated officials in one journal file. Not synced to disk: what a power cut takes here is
 * a simulation's memory, and the officials join anew.
 */
export class Shelf {
  readonly #stores = new Map<string, ShelfStore>()
  readonly #handle: FileHandle
  #turn: Promise<unknown> = Promise.resolve()
  #closed = false

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  static async open(file: string): Promise<Shelf> {
    const shelf = new Shelf(await open(file, 'a', 0o600))
    let end = 0
    let changes = 0
    for await (const frame of readFrames(file)) {
      await shelf.store(frame.name).restore(frame.changes)
      changes += frame.changes.length
      end = frame.end
    }
    const held = await shelf.#held()
    if (changes <= 2 * held.reduce((sum, [, kept]) => sum + kept.length, 0)) {
      // What was cut short at the end goes, or nothing written after it could be read.
      await shelf.#handle.truncate(end)
      return shelf
    }
    // Most of it was overwritten since: what is left makes a new file, in the old one's place once it is whole.
    await shelf.close()
    await writeFile(`${file}.new`, Buffer.concat(held.map(frameOf)), { mode: 0o600 })
    await rename(`${file}.new`, file)
    return Shelf.open(file)
  }

  async #held(): Promise<[name: string, changes: Change[]][]> {
    const all = [...this.#stores].map(async ([name, store]): Promise<[string, Change[]]> => {
      const tables = TABLES.map(async (table) => {
        const rows = await store.list(table)
        return rows.map(([key, value]): Change => ({ table, key, value }))
      })
      return [name, (await Promise.all(tables)).flat()]
    })
    return Promise.all(all)
  }

  store(name: string): ShelfStore {
    const known = this.#stores.get(name)
    if (known) return known
    const made = new ShelfStore((changes) => this.#append(name, changes))
    this.#stores.set(name, made)
    return made
  }

  /** What is written afterwards is lost: whoever closes is about to end. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#turn
    await this.#handle.close()
  }

  #append(name: string, changes: Change[]): Promise<void> {
    if (this.#closed) return Promise.resolve()
    const done = this.#turn.then(() => this.#handle.appendFile(frameOf([name, changes])))
    this.#turn = done.catch(() => {})
    return done
  }
}

function frameOf(written: [name: string, changes: Change[]]): Buffer {
  const body = serialize(written)
  const head = Buffer.alloc(4)
  head.writeUInt32LE(body.length)
  return Buffer.concat([head, body])
}

class ShelfStore implements Store {
  readonly keepsKeys = false
  readonly #memory = new MemoryStore()
  readonly #append: (changes: Change[]) => Promise<void>

  constructor(append: (changes: Change[]) => Promise<void>) {
    this.#append = append
  }

  get<T>(...at: Parameters<Store['get']>): Promise<T | undefined> {
    return this.#memory.get<T>(...at)
  }

  list<T>(...of: Parameters<Store['list']>): Promise<[string, T][]> {
    return this.#memory.list<T>(...of)
  }

  /** Leaves out what stands there already: a device writes its cursors at every look. */
  async write(changes: Change[]): Promise<void> {
    const fresh: Change[] = []
    for (const change of changes) {
      const before = await this.#memory.get(change.table, change.key)
      if (!isDeepStrictEqual(before, change.value)) fresh.push(change)
    }
    if (fresh.length === 0) return
    await this.#append(fresh)
    await this.#memory.write(fresh)
  }

  restore(changes: Change[]): Promise<void> {
    return this.#memory.write(changes)
  }

  async close(): Promise<void> {}
}

type Frame = { name: string; changes: Change[]; end: number }

/** Frames up to the first that was cut short; `end` is where each ends in the file. */
async function* readFrames(file: string): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0)
  let from = 0
  for await (const chunk of createReadStream(file)) {
    rest = Buffer.concat([rest, chunk as Buffer])
    let at = 0
    while (at + 4 <= rest.length && at + 4 + rest.readUInt32LE(at) <= rest.length) {
      const end = at + 4 + rest.readUInt32LE(at)
      const [name, changes] = deserialize(rest.subarray(at + 4, end)) as [string, Change[]]
      yield { name, changes, end: from + end }
      at = end
    }
    rest = rest.subarray(at)
    from += at
  }
}
