import type { ListedPost } from '../../../client/views.ts'
import { fold, foldedWords, soundOfLatin, soundsOf } from '../../../language/fold.ts'
import type { KnownPost } from '../../../letters/resolve.ts'
import { shortOffice } from '../../../web/shell/posts.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'

const keys = new WeakMap<ListedPost, string>()
const soundKeys = new WeakMap<ListedPost, string>()

/**
 * Posts in which every word begins some word of title, place, office, their other names or their holder's; titles that begin so first.
 * Where none is spelt so, those that sound like words typed in Latin letters.
 */
export function searchPosts<P extends ListedPost>(posts: readonly P[], typed: string, limit: number): P[] {
  const words = foldedWords(typed)
  if (words.length === 0) return []
  const spelt = posts.filter((post) => words.every((word) => keyOf(post).includes(` ${word}`)))
  if (spelt.length === 0 && words.some(isLatin)) return heardAmong(posts, words).slice(0, limit)
  const first = ` ${words[0]}`
  const rank = (post: P) => (keyOf(post).startsWith(first) ? 0 : 1)
  return spelt.sort((a, b) => rank(a) - rank(b)).slice(0, limit)
}

/** A word that is in the names as typed counts as well: "ডিসি rangpoor". */
function heardAmong<P extends ListedPost>(posts: readonly P[], words: readonly string[]): P[] {
  const asked = words.map((word) => ({ word, sound: isLatin(word) ? soundOfLatin(word) : '' }))
  // One consonant is in half of all names.
  const isHeard = (post: P, sound: string) => sound.length > 1 && soundKeyOf(post).includes(` ${sound}`)
  return posts.filter((post) =>
    asked.every(({ word, sound }) => keyOf(post).includes(` ${word}`) || isHeard(post, sound)),
  )
}

function isLatin(word: string): boolean {
  return /^[a-z]/.test(word)
}

/** জেলা প্রশাসক, রংপুর. */
export function knownTitle({ name }: Pick<Prefs, 'name'>, { title, placeName, officeName }: KnownPost): string {
  const where = name(placeName) || shortOffice(name(officeName), name(title))
  return where ? `${name(title)}, ${where}` : name(title)
}

function keyOf(post: ListedPost): string {
  const known = keys.get(post)
  if (known) return known
  const { title, titleAlt = [], placeName, placeAlt = [], officeName, officeAlt = [], wing = '', holder } = post
  const names = [
    title.bn,
    title.en,
    ...titleAlt,
    placeName?.bn,
    placeName?.en,
    ...placeAlt,
    officeName.bn,
    officeName.en,
    ...officeAlt,
    wing,
    holder?.bn,
    holder?.en,
  ]
  const key = ` ${fold(names.filter(Boolean).join(' '))}`
  keys.set(post, key)
  return key
}

function soundKeyOf(post: ListedPost): string {
  const known = soundKeys.get(post)
  if (known !== undefined) return known
  const { title, placeName, officeName, holder } = post
  const sounds = soundsOf([title.bn, placeName?.bn, officeName.bn, holder?.bn].filter(Boolean).join(' '))
  const key = ` ${sounds.join(' ')}`
  soundKeys.set(post, key)
  return key
}
