import { type FileHandle, open, readdir, writeFile as write } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '../core/refusal.ts'
import type { Lang } from '../language/digits.ts'
import type { Io } from './command.ts'

const MOST = 64_000_000

/** The terminal, the disk and the clock. `lang` and `json` are set by what was typed. */
export function processIo(): Omit<Io, 'lang' | 'json' | 'operator'> {
  for (const stream of [process.stdout, process.stderr]) {
    // `./smarak … | head` closes the pipe early, and that is no error.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    now: Date.now,
    readFile,
    writeFile,
    list,
  }
}

/** Bangla unless `LANG` begins with `en`. */
export function langOf(env: Record<string, string | undefined>): Lang {
  return /^en/i.test(env.LANG ?? '') ? 'en' : 'bn'
}

/** Reads no more than one byte past `atMost`, however large the file or endless the pipe is. */
export async function readFile(path: string, atMost = MOST): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  let file: FileHandle | undefined
  try {
    if (path !== '-') file = await open(path)
    for await (const chunk of file ? file.createReadStream({ autoClose: false }) : process.stdin) {
      size += (chunk as Uint8Array).length
      if (size > atMost) {
        const most = Math.floor(atMost / 1e5) / 10 // MB
        throw new Refusal('file_too_large', `${path} is over ${atMost} bytes`, { file: path, most })
      }
      chunks.push(chunk as Uint8Array)
    }
  } catch (error) {
    throw worded(error, path)
  } finally {
    await file?.close()
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** See `Io.writeFile`. */
export async function writeFile(path: string, bytes: Uint8Array | string): Promise<void> {
  try {
    await write(path, bytes)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    const refusal = new Refusal('file_unwritable', `${path}: ${code}`, { file: path, reason: code })
    throw Object.assign(refusal, { cause: error })
  }
}

/** See `Io.list`. */
export async function list(path: string): Promise<string[] | null> {
  try {
    return (await readdir(path)).sort().map((name) => join(path, name))
  } catch (error) {
    // Whatever else is wrong with it, reading it as a file will say.
    if (['ENOTDIR', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw worded(error, path)
  }
}

function worded(error: unknown, file: string): unknown {
  if (error instanceof Refusal) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) return error
  const missing = code === 'ENOENT' || code === 'ENOTDIR'
  const refusal = new Refusal(missing ? 'file_missing' : 'file_unreadable', `${file}: ${code}`, { file, reason: code })
  return Object.assign(refusal, { cause: error })
}
