import type { Cbor } from '../../../core/cbor.ts'
import { Refusal } from '../../../core/refusal.ts'
import { type Field, fieldsFromCbor } from '../../../letters/fields.ts'

/** What a letter asks for besides a state; none where its list cannot be read, for the letter itself must still open. */
export function fieldsIn(parts: readonly { label: string; value: unknown }[]): Field[] {
  const part = parts.find(({ label }) => label === 'fields')
  if (!part) return []
  try {
    return fieldsFromCbor(part.value as Cbor)
  } catch (error) {
    if (error instanceof Refusal) return []
    throw error
  }
}
