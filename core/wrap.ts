import type { Bytes } from './bytes.ts'
import { type Cbor, encode } from './cbor.ts'
import { ENCAPSULATION_LENGTH, type KemPrivate, openWith, sealTo } from './kem.ts'
import { Refusal } from './refusal.ts'

/** An item key sealed to one ring (a device, person or post) at one generation. */
export type Wrap = { ring: Bytes; generation: number; enc: Bytes; ct: Bytes }

/** A ring one can seal to: its id, generation and X-Wing public key. */
export type Target = { ring: Bytes; generation: number; publicKey: Bytes }

const ITEM_KEY_LENGTH = 32
const TAG_LENGTH = 16

/** Binds a wrap to its item and ring, so that it opens nowhere else. */
function wrapInfo(item: Bytes, ring: Bytes, generation: number): Bytes {
  return encode(['wrap/v1', item, ring, generation])
}

/** Seals an item key (32 bytes) to a target: 1,168 bytes. */
export async function wrapKey(itemKey: Bytes, item: Bytes, { ring, generation, publicKey }: Target): Promise<Wrap> {
  return { ring, generation, ...(await sealTo(publicKey, itemKey, wrapInfo(item, ring, generation))) }
}

/** The item key inside a wrap. Throws `Refusal('cannot_open')`. */
export async function unwrapKey(wrap: Wrap, item: Bytes, key: KemPrivate): Promise<Bytes> {
  const itemKey = await openWith(key, wrap, wrapInfo(item, wrap.ring, wrap.generation))
  if (itemKey.length !== ITEM_KEY_LENGTH) throw new Refusal('cannot_open', 'Not an item key')
  return itemKey
}

/** The bytes of a wrap: the leaf of the wraps root. */
export function wrapLeaf(wrap: Wrap): Bytes {
  return encode(writeWrap(wrap))
}

/** A post's or person's ring has the 16 bytes of its owner's id, a device's the 32 of its thumbprint. */
function isRingId(value: Cbor | undefined): value is Bytes {
  return value instanceof Uint8Array && (value.length === 16 || value.length === 32)
}

export function writeWrap({ ring, generation, enc, ct }: Wrap): Cbor {
  return [ring, generation, enc, ct]
}

/** Throws `Refusal('bad_bytes')`. */
export function readWrap(value: Cbor): Wrap {
  if (Array.isArray(value) && value.length === 4) {
    const [ring, generation, enc, ct] = value
    if (isRingId(ring) && typeof generation === 'number' && generation >= 0)
      if (enc instanceof Uint8Array && enc.length === ENCAPSULATION_LENGTH)
        if (ct instanceof Uint8Array && ct.length === ITEM_KEY_LENGTH + TAG_LENGTH) return { ring, generation, enc, ct }
  }
  throw new Refusal('bad_bytes', 'Not a wrap')
}
