import { digitsOf, formatNumber, type Lang } from './digits.ts'
import { bn, en, type Words } from './words/index.ts'

/** A dotted path to one sentence: 'errors.offline', 'common.buttons.save'. */
export type WordKey = LeafPaths<Words>

/** What `key` needs to be said: one value for each {name} in its Bangla sentence. */
export type ParamsOf<K extends WordKey> = Record<NamesIn<LeafAt<Words, K>>, string | number>

type LeafPaths<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${LeafPaths<T[K]>}` }[keyof T & string]

type LeafAt<T, P extends string> = P extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? LeafAt<T[Head], Rest>
    : never
  : P extends keyof T
    ? T[P]
    : never

type NamesIn<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never

/**
 * The sentence of `key` in `lang`. Numbers are grouped and written in that language's digits; texts stand as given
 * (a memo number must not change its digits). In English `{n:post|posts}` gives "1 post" or "8 posts".
 */
export function say<K extends WordKey>(
  lang: Lang,
  key: K,
  ...[params]: [NamesIn<LeafAt<Words, K>>] extends [never] ? [] : [params: ParamsOf<K>]
): string {
  return fill(lang, find(lang, key) ?? key, params ?? {})
}

/**
 * The sentence for a refusal's code, whatever the code is: one that nobody worded reads as `internal`. Names in
 * `details` fill the sentence; a missing one becomes a dash.
 */
export function sayRefusal(lang: Lang, code: string, details: Record<string, unknown> = {}): string {
  const sentence = find(lang, `errors.${code}`) ?? find(lang, 'errors.internal')!
  return fill(lang, sentence, details)
}

/** For keys only known while running (a warning's code, a state): the sentence, or undefined when there is none. */
export function sayIfKnown(lang: Lang, key: string, params: Record<string, unknown> = {}): string | undefined {
  const sentence = find(lang, key)
  return sentence === undefined ? undefined : fill(lang, sentence, params)
}

function find(lang: Lang, key: string): string | undefined {
  let at: unknown = lang === 'bn' ? bn : en
  for (const step of key.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string, unknown>)[step]
  }
  return typeof at === 'string' ? at : undefined
}

function fill(lang: Lang, sentence: string, params: Record<string, unknown>): string {
  return sentence.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, many?: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined
    if (typeof value === 'number') {
      const number = Number.isInteger(value) ? formatNumber(lang, value) : digitsOf(lang, value)
      return one === undefined ? number : `${number} ${value === 1 ? one : many}`
    }
    return typeof value === 'string' ? (one === undefined ? value : `${value} ${many}`) : '–'
  })
}
