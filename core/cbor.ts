import { type Bytes, compare, fromUtf8, join, utf8 } from './bytes.ts'
import { Refusal } from './refusal.ts'

/**
 * Deterministic CBOR (RFC 8949 §4.2.1), the subset every signed or hashed byte of Smarak is written in: integers,
 * byte strings, text, arrays, integer-keyed maps, booleans and null. No floats, tags, indefinite lengths or other
 * simple values. One value has exactly one encoding, and `decode` refuses every other.
 */
export type Cbor = number | string | boolean | null | Bytes | Cbor[] | CborMap
export type CborMap = Map<number, Cbor>

/** Deeper nesting than this is refused: our own shapes need five levels, a hostile one would exhaust the stack. */
const MAX_DEPTH = 16

/**
 * More values than this in one message, integers aside, are refused. An empty map is one byte on the wire and some 200 in
 * memory: without a limit 4 MB would become a gigabyte. Our largest request, 64 directives to 648 posts, has 170,000.
 */
const MAX_VALUES = 1 << 18

const UNSIGNED = 0
const NEGATIVE = 1
const BYTES = 2
const TEXT = 3
const ARRAY = 4
const MAP = 5
const SIMPLE = 7

/** Encodes one value. Throws `TypeError` for what the subset cannot say (a float, an unsafe integer, a lone surrogate). */
export function encode(value: Cbor): Bytes {
  const out: Uint8Array[] = []
  write(value, out, 0)
  return join(out)
}

/** Decodes exactly one value spanning all of `bytes`. Throws `Refusal('bad_bytes')` unless `encode` would give these bytes back. */
export function decode(bytes: Uint8Array): Cbor {
  const reader = new Reader(bytes)
  const value = reader.value(0)
  if (reader.at !== bytes.length) throw bad('bytes after the value')
  return value
}

function write(value: Cbor, out: Uint8Array[], depth: number): void {
  if (depth > MAX_DEPTH) throw new TypeError('nested too deeply')
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError('not a safe integer')
    out.push(value < 0 ? head(NEGATIVE, -1 - value) : head(UNSIGNED, value))
  } else if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('text with a lone surrogate')
    const text = utf8(value)
    out.push(head(TEXT, text.length), text)
  } else if (value === null || typeof value === 'boolean') {
    out.push(Uint8Array.of((SIMPLE << 5) | (value === null ? 22 : value ? 21 : 20)))
  } else if (value instanceof Uint8Array) {
    out.push(head(BYTES, value.length), value)
  } else if (Array.isArray(value)) {
    out.push(head(ARRAY, value.length))
    for (const element of value) write(element, out, depth + 1)
  } else if (value instanceof Map) {
    if ([...value.keys()].some((key) => typeof key !== 'number')) throw new TypeError('a key that is not an integer')
    const entries = [...value].map(([key, element]) => [encode(key), element] as const)
    entries.sort(([a], [b]) => compare(a, b))
    out.push(head(MAP, entries.length))
    for (const [key, element] of entries) {
      out.push(key)
      write(element, out, depth + 1)
    }
  } else {
    throw new TypeError('not a CBOR value of this subset')
  }
}

function head(major: number, argument: number): Bytes {
  const type = major << 5
  if (argument < 24) return Uint8Array.of(type | argument)
  if (argument < 0x100) return Uint8Array.of(type | 24, argument)
  if (argument < 0x10000) return Uint8Array.of(type | 25, argument >> 8, argument & 0xff)
  const wide = argument >= 0x100000000
  const out = new Uint8Array(wide ? 9 : 5)
  const view = new DataView(out.buffer)
  out[0] = type | (wide ? 27 : 26)
  if (wide) view.setBigUint64(1, BigInt(argument))
  else view.setUint32(1, argument)
  return out
}

class Reader {
  at = 0
  #values = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    // A plain view: `slice` of Node's Buffer, which a database hands out, would not copy.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  value(depth: number): Cbor {
    if (depth > MAX_DEPTH) throw bad('nested too deeply')
    const initial = this.take(1)[0]!
    const major = initial >> 5
    const info = initial & 31
    if (major > NEGATIVE && ++this.#values > MAX_VALUES) throw bad('too many values')
    if (major === SIMPLE) return simple(info)
    const argument = this.argument(info)
    switch (major) {
      case UNSIGNED:
        return argument
      case NEGATIVE:
        if (argument >= Number.MAX_SAFE_INTEGER) throw bad('integer out of range')
        return -1 - argument
      case BYTES:
        return this.take(argument).slice() as Bytes
      case TEXT:
        return this.text(argument)
      case ARRAY:
        return this.array(argument, depth)
      case MAP:
        return this.map(argument, depth)
      default:
        throw bad('a tag')
    }
  }

  /** The argument in its shortest form only (RFC 8949 §4.2.1). */
  argument(info: number): number {
    if (info < 24) return info
    if (info > 27) throw bad('indefinite or reserved length')
    const width = 1 << (info - 24)
    const at = this.at
    this.take(width)
    if (width === 8) {
      const wide = this.#view.getBigUint64(at)
      if (wide > BigInt(Number.MAX_SAFE_INTEGER)) throw bad('integer out of range')
      if (wide < 0x100000000n) throw bad('a longer form than needed')
      return Number(wide)
    }
    const value =
      width === 1 ? this.#view.getUint8(at) : width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at)
    const least = width === 1 ? 24 : width === 2 ? 0x100 : 0x10000
    if (value < least) throw bad('a longer form than needed')
    return value
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.at) throw bad('cut short')
    this.at += length
    return this.#bytes.subarray(this.at - length, this.at)
  }

  text(length: number): string {
    const bytes = this.take(length)
    try {
      return fromUtf8(bytes)
    } catch (cause) {
      throw bad('text that is not UTF-8', cause)
    }
  }

  array(length: number, depth: number): Cbor[] {
    if (length > this.#bytes.length - this.at) throw bad('cut short')
    const out: Cbor[] = []
    for (let i = 0; i < length; i++) out.push(this.value(depth + 1))
    return out
  }

  map(length: number, depth: number): CborMap {
    if (length > this.#bytes.length - this.at) throw bad('cut short')
    const out: CborMap = new Map()
    let last: Uint8Array | undefined
    for (let i = 0; i < length; i++) {
      const from = this.at
      const key = this.value(depth + 1)
      if (typeof key !== 'number') throw bad('a key that is not an integer')
      const encoded = this.#bytes.subarray(from, this.at)
      if (last && compare(last, encoded) >= 0) throw bad('keys out of order or doubled')
      last = encoded
      out.set(key, this.value(depth + 1))
    }
    return out
  }
}

function simple(info: number): boolean | null {
  if (info === 20) return false
  if (info === 21) return true
  if (info === 22) return null
  throw bad('a float or an unknown simple value')
}

function bad(why: string, cause?: unknown): Refusal {
  const refusal = new Refusal('bad_bytes', `Not deterministic CBOR: ${why}`)
  if (cause) refusal.cause = cause
  return refusal
}
