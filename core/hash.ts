import { hkdf as nobleHkdf } from '@noble/hashes/hkdf.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concat } from './bytes.ts'
import { encode } from './cbor.ts'

// @NOTE Synchronous on purpose: trees, chains and commitments stay plain functions. Node's own hash is six times
// faster than JavaScript and gives the same bytes; a browser uses the library.
const native = globalThis.process?.getBuiltinModule?.('node:crypto')

/** SHA-256 (FIPS 180-4) of the concatenation of `parts`: 32 bytes. */
export function sha256(...parts: Uint8Array[]): Bytes {
  const input = parts.length === 1 ? parts[0]! : concat(...parts)
  if (!native) return nobleSha256(input) as Bytes
  const out = native.hash('sha256', input, 'buffer')
  return new Uint8Array(out.buffer as ArrayBuffer, out.byteOffset, 32)
}

/**
 * HKDF-SHA256 (RFC 5869) with an empty salt and `info` = CBOR [label, context], so that no label followed by its context
 * can be read as another label. Give one label one length: a shorter output is the beginning of a longer one. One-way.
 */
export function hkdf(key: Uint8Array, label: string, context: Uint8Array = new Uint8Array(0), length = 32): Bytes {
  return nobleHkdf(nobleSha256, key, undefined, encode([label, context as Bytes]), length) as Bytes
}
