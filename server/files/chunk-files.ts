/** Chunks on disk: `ab/cdef…` under one directory, named by the hash in hexadecimal so that no file system confuses two. */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bytes, fromHex, toHex } from '../../core/bytes.ts'
import { Refusal } from '../../core/refusal.ts'

export class ChunkFiles {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  /**
   * The chunk is there, whole and durable, when this resolves; a crash leaves it there or leaves a `.part`. One writer a hash at
   * a time. Throws `Refusal('disk_full')`.
   */
  async write(hash: Bytes, bytes: Bytes): Promise<void> {
    const { folder, file, part } = this.#paths(hash)
    try {
      await this.#makeFolder(folder)
      const handle = await open(part, 'w', 0o600)
      try {
        await handle.writeFile(bytes)
        await handle.datasync()
      } finally {
        await handle.close()
      }
      await rename(part, file)
      await syncFolder(folder) // a rename is durable once its directory is
    } catch (error) {
      await rm(part, { force: true }).catch(() => {}) // the sweep tries again
      throw worded(error)
    }
  }

  async read(hash: Bytes): Promise<Bytes> {
    const { buffer, byteOffset, byteLength } = await readFile(this.#paths(hash).file)
    return new Uint8Array(buffer, byteOffset, byteLength)
  }

  /** Nothing of it is there afterwards. */
  async remove(hash: Bytes): Promise<void> {
    const { file, part } = this.#paths(hash)
    await Promise.all([rm(file, { force: true }), rm(part, { force: true })])
  }

  /** Every whole chunk, a folder at a time. */
  async *list(): AsyncGenerator<Bytes[]> {
    const folders = await readdir(this.#directory).catch(absent)
    for (const folder of folders.filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()) {
      const names = await readdir(join(this.#directory, folder))
      const whole = names.filter((name) => /^[0-9a-f]{62}$/.test(name))
      if (whole.length > 0) yield whole.map((name) => fromHex(folder + name))
    }
  }

  #paths(hash: Bytes): { folder: string; file: string; part: string } {
    const name = toHex(hash)
    const folder = join(this.#directory, name.slice(0, 2))
    const file = join(folder, name.slice(2))
    return { folder, file, part: `${file}.part` }
  }

  async #makeFolder(folder: string): Promise<void> {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 })
    if (made) await syncFolder(this.#directory)
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function absent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [] // nobody has sent a file yet
  throw error
}

function worded(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error
  return Object.assign(new Refusal('disk_full', 'The disk of the files is full; make room and try again'), {
    cause: error,
  })
}
