import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { deserialize, serialize } from 'node:v8'
import { MemoryStore } from '../client/memory-store.ts'
import type { Change, Store } from '../client/store.ts'

/**
 * The stores of several hundred simulated officials in one journal file. Not synced to disk: what a power cut takes here is
 * a simulation's memory, and the officials join anew.
 */
export class Shelf {
  readonly #stores = new Map<string, ShelfStore>()
  readonly #handle: FileHandle
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  static async open(file: string): Promise<Shelf> {
    const handle = await open(file, 'a', 0o600)
    const shelf = new Shelf(handle)
    let end = 0
    for await (const frame of readFrames(file)) {
      await shelf.store(frame.name).restore(frame.changes)
      end = frame.end
    }
    // What was cut short at the end goes, or nothing written after it could be read.
    await handle.truncate(end)
    return shelf
  }

  store(name: string): ShelfStore {
    const known = this.#stores.get(name)
    if (known) return known
    const made = new ShelfStore((changes) => this.#append(name, changes))
    this.#stores.set(name, made)
    return made
  }

  async close(): Promise<void> {
    await this.#turn
    await this.#handle.close()
  }

  #append(name: string, changes: Change[]): Promise<void> {
    const body = serialize([name, changes])
    const head = Buffer.alloc(4)
    head.writeUInt32LE(body.length)
    const done = this.#turn.then(() => this.#handle.appendFile(Buffer.concat([head, body])))
    this.#turn = done.catch(() => {})
    return done
  }
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

  async write(changes: Change[]): Promise<void> {
    await this.#append(changes)
    await this.#memory.write(changes)
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
