import type { Cbor } from '../../../core/cbor.ts'
import { Refusal } from '../../../core/refusal.ts'
import { type Field, fieldsFromCbor } from '../../../letters/fields.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'

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

/**
 * What is said under which clause of the paper, in the order asked; under '' what the letter as a whole asks for, and what
 * a clause does that does not stand on the paper, so that nothing asked goes unsaid.
 */
export function fieldsByClause(fields: readonly Field[], onPaper: readonly string[]): Map<string, Field[]> {
  return Map.groupBy(fields, ({ clause }) => (onPaper.includes(clause) ? clause : ''))
}

/** More choices than these are looked up in the form. */
const MOST_SAID = 4

/** A field as a reader prepares for it: "আশ্রিত মানুষ (জন)", "কেন্দ্র চালু কি (হ্যাঁ / না)", "ছাদ (ছবি; না দিলেও চলে)". */
export function fieldText({ say }: Pick<Prefs, 'say'>, { type, name, unit, required, choices }: Field): string {
  const kind = type === 'date' ? say('fields.aDate') : type === 'photo' ? say('fields.picture') : ''
  const said = choices.length <= MOST_SAID ? choices.join(' / ') : say('fields.aChoice', { n: choices.length })
  const more = [unit, said, name.includes(kind) ? '' : kind, required ? '' : say('fields.mayBeLeft')].filter(Boolean)
  return more.length > 0 ? say('fields.withUnit', { name, unit: more.join('; ') }) : name
}

/** The field that the `nth` file of an answer, from 1, was taken for; undefined of one that nobody asked for. */
export function fieldOfFile(
  fields: readonly Field[],
  values: Readonly<Record<string, string>> | undefined,
  nth: number,
): Field | undefined {
  return fields.find(({ key, type }) => type === 'photo' && values?.[key]?.split(' ').includes(String(nth)))
}
