import { type Bytes, concat, randomBytes } from './bytes.ts'
import { decode, encode } from './cbor.ts'
import { checkParts, commit, type Part, proveParts, readPart, writePart } from './commitment.ts'
import { deflate, inflate } from './deflate.ts'
import { hkdf } from './hash.ts'
import type { CountedRoot } from './item.ts'
import { Refusal } from './refusal.ts'

/**
 * Sealing of a body. The item key is used once, for this item; each section has a subkey of its own, so that a summary can
 * be opened without fetching the letter. A section is AES-256-GCM over the deflated CBOR [first part, [part…], [proof…]].
 */
export type SealedBody = { sections: Bytes[]; commitment: CountedRoot }

/** Sections above this are refused when opened: a deflate bomb ends here. */
const MAX_SECTION = 8 * 1024 * 1024

export function newItemKey(): Bytes {
  return randomBytes(32)
}

/** Seals consecutive groups of parts, one section a group. */
export async function sealBody(itemKey: Bytes, item: Bytes, groups: Part[][]): Promise<SealedBody> {
  const parts = groups.flat().map(writePart)
  const sections: Bytes[] = []
  let first = 0
  for (const group of groups) {
    const own = parts.slice(first, first + group.length)
    const proof = own.length === parts.length ? [] : proveParts(itemKey, parts, first, own.length)
    const plain = await deflate(encode([first, own, proof]))
    sections.push(await encrypt(sectionKey(itemKey, sections.length), plain, sectionLabel(item, sections.length)))
    first += group.length
  }
  return { sections, commitment: commit(itemKey, parts) }
}

/**
 * Opens one section and checks it against the commitment in the signed header. Throws `Refusal`: `cannot_open` (another key
 * or altered bytes), `bad_commitment` (opens, but is not what the author signed).
 */
export async function openSection(
  itemKey: Bytes,
  item: Bytes,
  commitment: CountedRoot,
  index: number,
  section: Bytes,
): Promise<Part[]> {
  const plain = await decrypt(sectionKey(itemKey, index), section, sectionLabel(item, index))
  const value = decode(await inflate(plain, MAX_SECTION))
  if (!Array.isArray(value) || value.length !== 3) throw new Refusal('bad_bytes', 'Not a section')
  const [first, parts, proof] = value
  if (typeof first !== 'number' || first < 0 || !isByteList(parts) || !isByteList(proof)) {
    throw new Refusal('bad_bytes', 'Not a section')
  }
  checkParts(itemKey, commitment, first, parts, proof)
  return parts.map(readPart)
}

/** The key of a notice about a directive (its cancellation): whoever can open the directive can open it. */
export function noticeKey(directiveKey: Bytes, notice: Bytes): Bytes {
  return hkdf(directiveKey, 'notice', notice)
}

function sectionKey(itemKey: Bytes, index: number): Bytes {
  return hkdf(itemKey, 'section', Uint8Array.of(index))
}

function sectionLabel(item: Bytes, index: number): Bytes {
  return concat(item, Uint8Array.of(index))
}

// The nonce is constant because no key here ever seals twice.
const NONCE = new Uint8Array(12)

/** AES-256-GCM under a key that is used for one message only. */
export async function encrypt(key: Bytes, plain: Bytes, label: Bytes): Promise<Bytes> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: NONCE, additionalData: label }, aes, plain)
  return new Uint8Array(sealed)
}

/** Throws `Refusal('cannot_open')`. */
export async function decrypt(key: Bytes, sealed: Bytes, label: Bytes): Promise<Bytes> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv: NONCE, additionalData: label }, aes, sealed),
    )
  } catch (cause) {
    const refusal = new Refusal('cannot_open', 'Another key, or altered bytes')
    refusal.cause = cause
    throw refusal
  }
}

function isByteList(value: unknown): value is Bytes[] {
  return Array.isArray(value) && value.every((element) => element instanceof Uint8Array)
}
