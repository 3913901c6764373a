import { Refusal } from '../core/refusal.ts'
import type { Io } from './command.ts'

/** The text of a file: UTF-8, or UTF-16 that says so by its first two bytes (Windows' "Unicode"). Throws as `readFile`, and `not_utf8`. */
export async function readText(path: string, { readFile }: Pick<Io, 'readFile'>, atMost?: number): Promise<string> {
  const bytes = await readFile(path, atMost)
  const [first, second] = bytes
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw Object.assign(new Refusal('not_utf8', `${path} is not text`, { file: path }), { cause })
  }
}
