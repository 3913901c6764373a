import type { Lang } from '../language/digits.ts'
import type { Io, Operator } from './command.ts'
import { runCommand } from './index.ts'
import { list, readFile, writeFile } from './io.ts'

export type Ran = {
  code: number
  out: string
  err: string
  json: () => Record<string, never> & { error?: { code: string; message: string } }
}

/** A command in this process, as typed: what it wrote and its exit code. Files in `files` stand before those on disk. */
export async function typed(
  words: string[],
  {
    lang = 'en',
    files = {},
    now = Date.now,
    operator,
  }: { lang?: Lang; files?: Record<string, Uint8Array | string>; now?: () => number; operator?: Operator } = {},
): Promise<Ran> {
  let [out, err] = ['', '']
  const io: Omit<Io, 'lang' | 'json' | 'operator'> = {
    now,
    list,
    writeFile,
    out: (line) => {
      out += `${line}\n`
    },
    err: (line) => {
      err += `${line}\n`
    },
    async readFile(path, atMost) {
      const file = files[path]
      return file === undefined ? readFile(path, atMost) : new Uint8Array(Buffer.from(file))
    },
  }
  const code = await runCommand(words, { env: { LANG: lang }, io, ...(operator && { operator }) })
  return { code, out, err, json: () => JSON.parse(out) }
}
