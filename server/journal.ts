/**
 * A journal: accepted items with their places, one JSON object a line, `{"index", "leaf", "envelope"}` with bytes as
 * base64url. Authors keep what they were answered, so that they can give items back to a server that lost them.
 */
import { constants, createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { type Bytes, equal, fromBase64url, toBase64url } from '../core/bytes.ts'
import { sha256 } from '../core/hash.ts'
import { type Item, readEnvelope } from '../core/item.ts'
import { decodeLeaf } from '../core/leaf.ts'
import { Refusal } from '../core/refusal.ts'

/** Index and leaf as they were answered, and the envelope as it was sent. */
export type JournalEntry = { index: number; leaf: Bytes; envelope: Bytes }
export type JournalItem = { index: number; leaf: Bytes; item: Item; size: number }

export function formatJournalLine({ index, leaf, envelope }: JournalEntry): string {
  return `${JSON.stringify({ index, leaf: toBase64url(leaf), envelope: toBase64url(envelope) })}\n`
}

/** The entry of one line, whose leaf is of its very item. Throws `Refusal('bad_input')`, `bad_bytes`. */
export function readJournalLine(line: string): JournalItem {
  const { index, leaf, envelope } = parse(line)
  if (typeof index !== 'number' || typeof leaf !== 'string' || typeof envelope !== 'string')
    throw bad('a key is missing')
  const bytes = fromBase64url(envelope)
  const item = readEnvelope(bytes)
  const data = fromBase64url(leaf)
  if (!equal(decodeLeaf(data).item, sha256(item.cose))) throw bad('the leaf is of another item')
  return { index, leaf: data, item, size: bytes.length }
}

/**
 * Entries of the files by index; `onFault` hears of every line that is none. The same index twice: all of them. Throws
 * `Refusal`: `file_missing`, `file_unreadable`.
 */
export async function readJournals(
  files: readonly string[],
  onFault: (file: string, line: number, error: unknown) => void,
): Promise<Map<number, JournalItem[]>> {
  const entries = new Map<number, JournalItem[]>()
  for (const file of files) {
    let number = 0
    await access(file, constants.R_OK).catch((cause: NodeJS.ErrnoException) => {
      const code = cause.code === 'ENOENT' ? 'file_missing' : 'file_unreadable'
      throw Object.assign(new Refusal(code, `${file}: ${cause.code}`, { file, reason: cause.code }), { cause })
    })
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1
      if (line.trim() === '') continue
      try {
        const entry = readJournalLine(line)
        entries.set(entry.index, [...(entries.get(entry.index) ?? []), entry])
      } catch (error) {
        onFault(file, number, error) // a line cut short by a crash, perhaps; the others still count
      }
    }
  }
  return entries
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    throw bad('not JSON')
  }
}

function bad(why: string): Refusal {
  return new Refusal('bad_input', `Not a line of a journal: ${why}`)
}
