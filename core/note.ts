import { type Bytes, concat, equal, fromBase64, fromUtf8, toBase64, toHex, utf8 } from './bytes.ts'
import { type Sign, verifyEd25519 } from './cose.ts'
import { sha256 } from './hash.ts'
import { Refusal } from './refusal.ts'

/**
 * C2SP signed-note: a text, an empty line, then lines `— <key name> <base64(key id ‖ signature)>`. The text means
 * nothing until a known key's signature has been verified, so `openNote` is the only way to it that others should use.
 */

/** Assigned signature types; those of other specifications are unknown to us, and unknown signatures are ignored. */
export const ED25519 = 0x01
export const COSIGNATURE = 0x04
export type SignatureType = typeof ED25519 | typeof COSIGNATURE

/** A public key under a name. The id is a hint of four bytes, never a proof of anything. */
export type NoteKey = { name: string; type: SignatureType; publicKey: Bytes; id: Bytes }
export type NoteSignature = { name: string; id: Bytes; signature: Bytes }
export type Note = { text: string; signatures: NoteSignature[] }

/** Knows one key, and what a signature of that key's type signs. */
export type NoteVerifier = { key: NoteKey; verify: (text: string, signature: Bytes) => Promise<boolean> }

/** C2SP asks for 16 at least, and tlog-policy for 32 witnesses; post-quantum signatures take 3 KB each. */
const MAX_SIGNATURES = 64
const MAX_NOTE_LENGTH = 512 * 1024
const MAX_NAME_LENGTH = 255
const ID_LENGTH = 4

/** Throws `Refusal('bad_note')` unless the name may stand in a note and the key has 32 bytes. */
export function noteKey(name: string, publicKey: Uint8Array, type: SignatureType = ED25519): NoteKey {
  if (!isKeyName(name)) refuse('not a key name')
  if (publicKey.length !== 32) refuse('not an Ed25519 public key')
  const id = sha256(utf8(`${name}\n`), Uint8Array.of(type), publicKey).slice(0, ID_LENGTH)
  return { name, type, publicKey: publicKey.slice() as Bytes, id }
}

/** The verifier key string: `<name>+<key id in hex>+<base64(type ‖ public key)>`. */
export function formatVerifierKey({ name, type, publicKey, id }: NoteKey): string {
  return `${name}+${toHex(id)}+${toBase64(concat(Uint8Array.of(type), publicKey))}`
}

/** Reads a verifier key string of a type we know, whose id must be its own. Throws `Refusal('bad_note')`. */
export function parseVerifierKey(text: string): NoteKey {
  const match = /^([^+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]+=*)$/.exec(text)
  if (!match) refuse('not a verifier key')
  const material = readBase64(match[2]!)
  const type = material[0]
  if (type !== ED25519 && type !== COSIGNATURE) refuse('a verifier key of a type we do not know')
  const key = noteKey(match[1]!, material.subarray(1), type)
  if (formatVerifierKey(key) !== text) refuse('a verifier key whose id is not its own')
  return key
}

/** Key names are not empty and have no Unicode space, plus or control character; 255 bytes are the most we take. */
export function isKeyName(name: string): boolean {
  if (!name.isWellFormed()) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\p{White_Space}+\u0000-\u001f]/u.test(name)) return false
  const { length } = utf8(name)
  return length > 0 && length <= MAX_NAME_LENGTH
}

/** Takes a note apart, verifying nothing. Throws `Refusal('bad_note')` for bytes or text that are no signed note. */
export function parseNote(note: Uint8Array | string): Note {
  const whole = noteText(note)
  const end = whole.lastIndexOf('\n\n')
  if (end < 0) refuse('no signatures')
  if (!whole.endsWith('\n')) refuse('the last line does not end')
  const lines = whole
    .slice(end + 2)
    .split('\n')
    .slice(0, -1)
  if (lines.length === 0) refuse('no signatures')
  if (lines.length > MAX_SIGNATURES) refuse('too many signatures')
  return { text: whole.slice(0, end + 1), signatures: lines.map(readSignature) }
}

/** Writes a note. Throws `Refusal('bad_note')` for a text that cannot be signed. */
export function formatNote({ text, signatures }: Note): string {
  const lines = signatures.map(({ name, id, signature }) => `— ${name} ${toBase64(concat(id, signature))}\n`)
  const note = `${text}\n${lines.join('')}`
  if (!text.endsWith('\n') || parseNote(note).text !== text) refuse('not a text to sign')
  return note
}

/** The plain Ed25519 signature of `text` by `key`, type 0x01. */
export async function signNoteText(text: string, key: NoteKey, sign: Sign): Promise<NoteSignature> {
  if (key.type !== ED25519) throw new RangeError('A key of another type signs in its own way')
  return { name: key.name, id: key.id, signature: await sign(utf8(text)) }
}

export function ed25519Verifier(key: NoteKey): NoteVerifier {
  if (key.type !== ED25519) throw new RangeError('A key of another type verifies in its own way')
  return { key, verify: (text, signature) => verifyEd25519(key.publicKey, signature, utf8(text)) }
}

export type OpenNote = { text: string; verified: { key: NoteKey; signature: Bytes }[] }

/**
 * The text of a note signed by at least one of the known keys, and by which. Signatures of unknown keys are ignored;
 * a false one under a known key refuses the whole note (`bad_note`). A key that signs twice counts once, its first.
 */
export async function openNote(note: Uint8Array | string, verifiers: readonly NoteVerifier[]): Promise<OpenNote> {
  const { text, signatures } = parseNote(note)
  const verified: OpenNote['verified'] = []
  for (const { name, id, signature } of signatures) {
    const known = verifiers.find(({ key }) => key.name === name && equal(key.id, id))
    if (!known) continue
    if (!(await known.verify(text, signature))) refuse('a false signature')
    if (!verified.some(({ key }) => key === known.key)) verified.push({ key: known.key, signature })
  }
  if (verified.length === 0) refuse('no signature by a known key')
  return { text, verified }
}

function readSignature(line: string): NoteSignature {
  const match = /^— ([^ ]+) ([A-Za-z0-9+/]+=*)$/u.exec(line)
  if (!match || !isKeyName(match[1]!)) refuse('not a signature line')
  const bytes = readBase64(match[2]!)
  if (bytes.length <= ID_LENGTH) refuse('a signature too short')
  return { name: match[1]!, id: bytes.slice(0, ID_LENGTH), signature: bytes.slice(ID_LENGTH) }
}

/** Well-formed text of a size we take, without control characters other than newline; else `Refusal('bad_note')`. */
export function noteText(note: Uint8Array | string): string {
  if (note.length > MAX_NOTE_LENGTH) refuse('too long')
  let text: string
  try {
    text = typeof note === 'string' ? note : fromUtf8(note)
  } catch {
    refuse('not UTF-8')
  }
  if (!text.isWellFormed()) refuse('not UTF-8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) refuse('a control character')
  return text
}

/**
 * Standard base64 with padding, in its one spelling; else `Refusal('bad_note')`.
 *
 * @NOTE `Uint8Array.fromBase64` by itself skips spaces and newlines.
 */
export function readBase64(text: string): Bytes {
  if (!/^[A-Za-z0-9+/]*=*$/.test(text)) refuse('not base64')
  try {
    return fromBase64(text)
  } catch {
    refuse('not base64')
  }
}

function refuse(reason: string): never {
  throw new Refusal('bad_note', `Signed note: ${reason}`)
}
