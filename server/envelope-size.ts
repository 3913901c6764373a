import type { Cbor } from '../core/cbor.ts'

/** How many bytes a value that was decoded took, within a few bytes a part: for limits, not for hashing. */
export function sizeOf(value: Cbor): number {
  if (value instanceof Uint8Array) return value.length + 3
  if (typeof value === 'string') return value.length + 3
  if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + sizeOf(part), 1)
  if (value instanceof Map) {
    let sum = 1
    for (const part of value.values()) sum += 1 + sizeOf(part)
    return sum
  }
  return 1
}
