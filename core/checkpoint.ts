import { type Bytes, equal, toBase64 } from './bytes.ts'
import type { Sign } from './cose.ts'
import { EMPTY_ROOT, HASH_LENGTH, type TreeHead } from './merkle.ts'
import { ed25519Verifier, formatNote, type NoteKey, openNote, readBase64, signNoteText } from './note.ts'
import { Refusal } from './refusal.ts'

/**
 * C2SP tlog-checkpoint: the signed state of the log. A note whose text is three lines: the log's origin, the number of
 * leaves, the root. More lines may follow; we write none, for witnesses do not judge them.
 */
export type Checkpoint = TreeHead & { origin: string; size: number; root: Bytes; extensions: string[] }

/** The text that is signed. Throws `Refusal('bad_note')` for one that `parseCheckpoint` would refuse. */
export function formatCheckpoint({
  origin,
  size,
  root,
  extensions = [],
}: TreeHead & { origin: string; extensions?: string[] }): string {
  const text = [origin, size, toBase64(root), ...extensions].map((line) => `${line}\n`).join('')
  const back = parseCheckpoint(text)
  if (back.origin !== origin || back.extensions.length !== extensions.length) refuse('a line with a newline in it')
  return text
}

/** Reads a note's text, which somebody has verified. Throws `Refusal('bad_note')`. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n')
  if (lines.pop() !== '') refuse('the last line does not end')
  const [origin, size, root, ...extensions] = lines
  if (origin === undefined || size === undefined || root === undefined) refuse('fewer than three lines')
  if (lines.includes('')) refuse('an empty line')
  if (!/^(0|[1-9]\d{0,15})$/.test(size)) refuse('not a size')
  const head = { origin, size: Number(size), root: readBase64(root), extensions }
  if (!Number.isSafeInteger(head.size)) refuse('a size beyond what we count')
  if (head.root.length !== HASH_LENGTH) refuse('not a root')
  // Hazard 13: an empty tree has one root, so nothing can be consistent with another.
  if (head.size === 0 && !equal(head.root, EMPTY_ROOT)) refuse('an empty tree under a wrong root')
  return head
}

/** The checkpoint of `head` as a note. The log's key bears the log's origin as its name. */
export async function signCheckpoint(head: TreeHead, logKey: NoteKey, sign: Sign): Promise<string> {
  const text = formatCheckpoint({ origin: logKey.name, size: head.size, root: head.root })
  return formatNote({ text, signatures: [await signNoteText(text, logKey, sign)] })
}

/** The checkpoint inside a note signed by this log. Throws `Refusal('bad_note')` otherwise; witnesses are not asked. */
export async function openCheckpoint(note: Uint8Array | string, logKey: NoteKey): Promise<Checkpoint> {
  const { text } = await openNote(note, [ed25519Verifier(logKey)])
  const checkpoint = parseCheckpoint(text)
  if (checkpoint.origin !== logKey.name) refuse('the checkpoint of another log')
  return checkpoint
}

function refuse(reason: string): never {
  throw new Refusal('bad_note', `Checkpoint: ${reason}`)
}
