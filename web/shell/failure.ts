import { sayIfKnown } from '../../language/words.ts'
import type { Prefs } from './prefs.svelte.ts'

/** What to tell the reader of a failed call; what is no refusal is a bug and is thrown on. */
export function wordsOf(prefs: Prefs, failure: unknown): string {
  const { code, details = {} } = failure as { code?: string; details?: Record<string, unknown> }
  if (!code) throw failure
  // A wrong number says what is wrong with it.
  const why = code === 'bad_phone' ? sayIfKnown(prefs.lang, `channels.phone.${details.why}`) : undefined
  return why ?? prefs.refusal(code, details)
}
