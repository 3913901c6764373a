/** Small helpers over `Uint8Array`, the only byte type in `core/`. Pure; the same in Node and a browser. */

export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function utf8(text: string): Bytes {
  return encoder.encode(text)
}

/** Decodes UTF-8, throwing `TypeError` on anything that is not well-formed; never replaces a byte. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

export function concat(...parts: Uint8Array[]): Bytes {
  return join(parts)
}

/** As `concat`, for lists of any length: a call's arguments lie on the stack, which a long list overflows. */
export function join(parts: readonly Uint8Array[]): Bytes {
  let length = 0
  for (const part of parts) length += part.length
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Equality of public values; not constant-time, so never used on secrets. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compare(a, b) === 0
}

/** Bytewise lexicographic order, a shorter prefix first: RFC 8949 §4.2.1 key order. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

export function toHex(bytes: Uint8Array): string {
  return bytes.toHex()
}

/** Hexadecimal in either case. Throws `SyntaxError`. */
export function fromHex(text: string): Bytes {
  return Uint8Array.fromHex(text)
}

/** base64url without padding (RFC 4648 §5): the form of ids and bytes in JSON and addresses. */
export function toBase64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true })
}

/** Throws `SyntaxError` on anything that `toBase64url` would not write. */
export function fromBase64url(text: string): Bytes {
  const bytes = Uint8Array.fromBase64(text, { alphabet: 'base64url' })
  if (toBase64url(bytes) !== text) throw new SyntaxError('not base64url in its one form')
  return bytes
}

/** Standard base64 with padding: the form used inside signed notes (C2SP signed-note). */
export function toBase64(bytes: Uint8Array): string {
  return bytes.toBase64()
}

/** Throws `SyntaxError` on anything that is not standard base64 with padding. */
export function fromBase64(text: string): Bytes {
  const bytes = Uint8Array.fromBase64(text, { lastChunkHandling: 'strict' })
  if (toBase64(bytes) !== text) throw new SyntaxError('not base64 in its one form')
  return bytes
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length))
}
