import { type Bytes, toBase64url } from './bytes.ts'
import type { Cbor, CborMap } from './cbor.ts'
import { ID_LENGTH } from './item.ts'
import { Refusal } from './refusal.ts'

/**
 * Reads a kind's open fields: each call names a key and the shape it must have, `end` that nothing else is there.
 * Everything throws `Refusal('bad_input')` naming the kind and key.
 */
export class Fields {
  readonly #kind: string
  readonly #map: CborMap
  readonly #read = new Set<number>()

  constructor(kind: string, map: CborMap) {
    this.#kind = kind
    this.#map = map
  }

  /** 16 raw bytes, given as text. */
  id(key: number): string {
    return toBase64url(this.bytes(key, ID_LENGTH))
  }

  idOrNull(key: number): string | null {
    return this.#value(key) === null ? null : this.id(key)
  }

  bytes(key: number, length?: number): Bytes {
    const value = this.#value(key)
    if (!(value instanceof Uint8Array)) throw this.bad(key, 'bytes')
    if (length !== undefined && value.length !== length) throw this.bad(key, `${length} bytes`)
    return value
  }

  /** Text of 1 to `longest` UTF-16 units. */
  text(key: number, longest = 500): string {
    const value = this.#value(key)
    if (typeof value !== 'string' || value.length === 0 || value.length > longest) throw this.bad(key, 'text')
    return value
  }

  textOrNull(key: number, longest = 500): string | null {
    return this.#value(key) === null ? null : this.text(key, longest)
  }

  /** An integer from 0 to `most`. */
  count(key: number, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.#value(key)
    if (typeof value !== 'number' || value < 0 || value > most) throw this.bad(key, 'a number')
    return value
  }

  countOrNull(key: number): number | null {
    return this.#value(key) === null ? null : this.count(key)
  }

  flag(key: number): boolean {
    const value = this.#value(key)
    if (typeof value !== 'boolean') throw this.bad(key, 'yes or no')
    return value
  }

  /** A list whose elements `read` turns into what is wanted; `read` may throw. */
  list<T>(key: number, longest: number, read: (value: Cbor) => T): T[] {
    const value = this.#value(key)
    if (!Array.isArray(value) || value.length > longest) throw this.bad(key, 'a list')
    return value.map(read)
  }

  /** Call last: refuses a field nobody asked for, so that a later meaning cannot slip past an older server. */
  end(): void {
    for (const key of this.#map.keys()) if (!this.#read.has(key)) throw this.bad(key, 'nothing')
  }

  bad(key: number, wanted: string): Refusal {
    return new Refusal('bad_input', `${this.#kind}: field ${key} should be ${wanted}`, { kind: this.#kind, field: key })
  }

  #value(key: number): Cbor | undefined {
    this.#read.add(key)
    return this.#map.get(key)
  }
}
