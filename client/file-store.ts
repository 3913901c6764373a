import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import { Refusal } from '../core/refusal.ts'
import { MemoryStore } from './memory-store.ts'
import { type Change, type Store, TABLES, type Table } from './store.ts'

/**
 * A profile directory of the command line: `journal` (every write, appended and synced, length and CRC-32 before it),
 * `keys/` (one file a key, mode 0600) and `lock`. One process at a time has a profile; that is what makes its outbox
 * send once.
 *
 * Throws `Refusal('profile_busy')` while another process has it.
 */
export async function openFileStore(directory: string, wait = 5000): Promise<Store> {
  await mkdir(join(directory, 'keys'), { recursive: true, mode: 0o700 })
  await takeLock(join(directory, 'lock'), Date.now() + wait)
  try {
    const memory = new MemoryStore()
    const journal = join(directory, 'journal')
    const { entries, end } = readJournal(await readFile(journal).catch(() => Buffer.alloc(0)))
    for (const changes of entries) await memory.write(changes)
    await memory.write(await readKeys(join(directory, 'keys')))
    const handle = await compact(journal, memory, entries.length, end)
    return new FileStore(directory, memory, handle, (await handle.stat()).size)
  } catch (error) {
    await unlink(join(directory, 'lock')).catch(() => {})
    throw error
  }
}

class FileStore implements Store {
  readonly keepsKeys = false
  readonly #directory: string
  readonly #memory: MemoryStore
  readonly #journal: FileHandle
  /** Where the last whole write ends. */
  #end: number
  #turn: Promise<unknown> = Promise.resolve()

  constructor(directory: string, memory: MemoryStore, journal: FileHandle, end: number) {
    this.#end = end
    this.#directory = directory
    this.#memory = memory
    this.#journal = journal
  }

  get<T>(table: Table, key: string): Promise<T | undefined> {
    return this.#memory.get<T>(table, key)
  }

  list<T>(table: Table): Promise<[string, T][]> {
    return this.#memory.list<T>(table)
  }

  write(changes: Change[]): Promise<void> {
    const done = this.#turn.then(() => this.#append(changes))
    this.#turn = done.catch(() => {})
    return done
  }

  async #append(changes: Change[]): Promise<void> {
    try {
      // Keys first: what the journal says of a device must never precede the key it needs.
      for (const { table, key, value } of changes) if (table === 'key') await this.#writeKey(key, value)
      const plain = changes.filter(({ table }) => table !== 'key')
      if (plain.length > 0) {
        const bytes = frame(plain)
        await this.#journal.appendFile(bytes)
        await this.#journal.datasync()
        this.#end += bytes.length
      }
    } catch (cause) {
      // Half a frame in the middle would hide whatever is written after it.
      await this.#journal.truncate(this.#end).catch(() => {})
      if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') {
        throw Object.assign(new Refusal('device_full', 'No room for the profile'), { cause })
      }
      throw cause
    }
    await this.#memory.write(changes)
  }

  async #writeKey(name: string, value: unknown): Promise<void> {
    const file = join(this.#directory, 'keys', name)
    if (value === undefined) return void (await rm(file, { force: true }))
    await replaceFile(file, serialize(value))
  }

  async close(): Promise<void> {
    await this.#turn
    await this.#journal.close()
    await unlink(join(this.#directory, 'lock')).catch(() => {})
  }
}

function frame(changes: Change[]): Buffer {
  const body = serialize(changes)
  const head = Buffer.alloc(8)
  head.writeUInt32LE(body.length, 0)
  head.writeUInt32LE(crc32(body), 4)
  return Buffer.concat([head, body])
}

/** Reads up to the first frame that is cut short or damaged: that write never resolved. */
function readJournal(bytes: Buffer): { entries: Change[][]; end: number } {
  const entries: Change[][] = []
  let end = 0
  while (end + 8 <= bytes.length) {
    const length = bytes.readUInt32LE(end)
    const body = bytes.subarray(end + 8, end + 8 + length)
    if (body.length < length || crc32(body) !== bytes.readUInt32LE(end + 4)) break
    entries.push(deserialize(body) as Change[])
    end += 8 + length
  }
  return { entries, end }
}

async function readKeys(directory: string): Promise<Change[]> {
  const names = (await readdir(directory)).filter((name) => !name.includes('.'))
  return Promise.all(
    names.map(async (key) => ({
      table: 'key' as const,
      key,
      value: deserialize(await readFile(join(directory, key))),
    })),
  )
}

/** A journal of many writes becomes one; a crash in between leaves the old one. */
async function compact(file: string, memory: MemoryStore, writes: number, end: number): Promise<FileHandle> {
  if (writes > 50) {
    const changes: Change[] = []
    for (const table of TABLES) {
      if (table === 'key') continue
      for (const [key, value] of await memory.list(table)) changes.push({ table, key, value })
    }
    await replaceFile(file, frame(changes))
    return open(file, 'a', 0o600)
  }
  const handle = await open(file, 'a', 0o600)
  await handle.truncate(end)
  return handle
}

async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${file}.${randomUUID()}`
  const handle = await open(fresh, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.datasync()
  } finally {
    await handle.close()
  }
  await rename(fresh, file)
}

async function takeLock(file: string, until: number): Promise<void> {
  for (;;) {
    try {
      return await writeFile(file, String(process.pid), { flag: 'wx', mode: 0o600 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => ''))
    // A process that died left its lock; an empty file is one being written this moment.
    if (owner > 0 && !isAlive(owner)) await unlink(file).catch(() => {})
    else if (Date.now() > until)
      throw new Refusal('profile_busy', 'Another command is using this profile', { pid: owner })
    else await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
