import { type Bytes, randomBytes } from './bytes.ts'
import { decode, encode } from './cbor.ts'
import { type Commitment, checkSection, commit, type Part, readPart, writePart } from './commitment.ts'
import { deflate, inflate } from './deflate.ts'
import { hkdf } from './hash.ts'
import { type Header, MAX_PARTS, MAX_SECTIONS } from './item.ts'
import { Refusal } from './refusal.ts'

/**
 * Sealing of a body. The item key is used once, for this item; each section has a subkey of its own, so that a summary can
 * be opened without fetching the letter. A section is AES-256-GCM over the deflated CBOR [[part…], [proof…]].
 */
export type SealedBody = { sections: Bytes[]; commitment: Commitment }

/** The item a text is sealed for: its id and its signer, so that nobody can put his own name to another's ciphertext. */
export type SealedItem = Pick<Header, 'id' | 'signer'>

/** Sections above this are refused when opened: a deflate bomb ends here. */
const MAX_SECTION = 8 * 1024 * 1024

export function newItemKey(): Bytes {
  return randomBytes(32)
}

/** Seals groups of parts, one section a group, 1 to 16 of them. An item key seals one body, once. */
export async function sealBody(itemKey: Bytes, item: SealedItem, groups: Part[][]): Promise<SealedBody> {
  if (groups.length === 0 || groups.length > MAX_SECTIONS) throw new RangeError('1 to 16 sections expected')
  if (groups.some(({ length }) => length === 0 || length > MAX_PARTS)) throw new RangeError('A section without parts')
  const parts = groups.map((group) => group.map(writePart))
  const { commitment, proofs } = commit(itemKey, parts)
  const sections = await Promise.all(
    parts.map(async (own, section) => {
      const plain = await deflate(encode([own, proofs[section]!]))
      return encrypt(sectionKey(itemKey, section), plain, sectionLabel(item, section))
    }),
  )
  return { sections, commitment }
}

/**
 * Opens section `index` of the item with this header, and checks it against the commitment there. Throws `Refusal`:
 * `cannot_open` (another key or author, or altered bytes), `bad_commitment` (opens, but is not what the author signed),
 * `bad_bytes` and `too_large` for what no client of ours seals.
 */
export async function openSection(
  itemKey: Bytes,
  header: SealedItem & Pick<Header, 'commitment'>,
  index: number,
  section: Bytes,
): Promise<Part[]> {
  const { commitment } = header
  if (!commitment || !(index in commitment.counts)) throw new Refusal('bad_commitment', 'No such section is sealed')
  const plain = await decrypt(sectionKey(itemKey, index), section, sectionLabel(header, index))
  const value = decode(await inflate(plain, MAX_SECTION))
  if (!Array.isArray(value) || value.length !== 2) throw new Refusal('bad_bytes', 'Not a section')
  const [parts, proof] = value
  if (!isByteList(parts) || !isByteList(proof)) throw new Refusal('bad_bytes', 'Not a section')
  checkSection(itemKey, commitment, index, parts, proof)
  return parts.map(readPart)
}

/** The key of a notice about a directive (its cancellation): whoever can open the directive can open it. */
export function noticeKey(directiveKey: Bytes, notice: Bytes): Bytes {
  return hkdf(directiveKey, 'notice', notice)
}

function sectionKey(itemKey: Bytes, index: number): Bytes {
  return hkdf(itemKey, 'section', encode(index))
}

function sectionLabel({ id, signer }: SealedItem, index: number): Bytes {
  return encode(['section/v1', id, signer.id, index])
}

// The nonce is constant because no key here ever seals twice.
const NONCE = new Uint8Array(12)

/** AES-256-GCM under a key (32 bytes) that is used for one message only; `label` is what it is bound to. */
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
