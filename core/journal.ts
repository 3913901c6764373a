import { type Bytes, equal, fromBase64url, toBase64url } from './bytes.ts'
import { sha256 } from './hash.ts'
import { type Item, readEnvelope } from './item.ts'
import { decodeLeaf } from './leaf.ts'
import { Refusal } from './refusal.ts'

/**
 * A journal: accepted items with their places, one JSON object a line, `{"index", "leaf", "envelope"}` with bytes as base64url.
 * Devices keep what they were answered, so that they can give items back to a server that lost them. `from` names the device
 * that gave a line.
 */
export type JournalEntry = {
  index: number
  /** Leaf data as it was answered. */
  leaf: Bytes
  /** As it was sent. */
  envelope: Bytes
  from?: string | undefined
}
export type JournalItem = { index: number; leaf: Bytes; item: Item; size: number; from?: string | undefined }

/** One line, its end included. */
export function formatJournalLine({ index, leaf, envelope, from }: JournalEntry): string {
  return `${JSON.stringify({ index, leaf: toBase64url(leaf), envelope: toBase64url(envelope), from })}\n`
}

/** The entry of one line, whose leaf is of its very item. Throws `Refusal('bad_input')`, `bad_bytes`. */
export function readJournalLine(line: string): JournalItem {
  const { index, leaf, envelope, from } = parse(line)
  if (typeof index !== 'number' || typeof leaf !== 'string' || typeof envelope !== 'string')
    throw bad('a key is missing')
  if (from !== undefined && typeof from !== 'string') throw bad('from whom?')
  return readJournalEntry({ index, leaf: fromBase64url(leaf), envelope: fromBase64url(envelope), from })
}

/** Takes an entry apart, whose leaf must be of its very item. Throws as `readEnvelope` and `decodeLeaf`, and `bad_input`. */
export function readJournalEntry({ index, leaf, envelope, from }: JournalEntry): JournalItem {
  const item = readEnvelope(envelope)
  if (!equal(decodeLeaf(leaf).item, sha256(item.cose))) throw bad('the leaf is of another item')
  return { index, leaf, item, size: envelope.length, from }
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    throw bad('not JSON')
  }
}

function bad(why: string): Refusal {
  return new Refusal('bad_input', `Not an entry of a journal: ${why}`)
}
