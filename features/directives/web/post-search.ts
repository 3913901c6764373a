import type { ListedPost } from '../../../client/views.ts'
import { fold, foldedWords } from '../../../language/fold.ts'
import type { KnownPost } from '../../../letters/resolve.ts'
import { shortOffice } from '../../../web/shell/posts.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'

const keys = new WeakMap<ListedPost, string>()

/** Posts in which every word begins some word of title, place, office, their other names or their holder's; titles that begin so first. */
export function searchPosts<P extends ListedPost>(posts: readonly P[], typed: string, limit: number): P[] {
  const words = foldedWords(typed)
  if (words.length === 0) return []
  const found: { post: P; rank: number }[] = []
  for (const post of posts) {
    const key = keyOf(post)
    if (!words.every((word) => key.includes(` ${word}`))) continue
    found.push({ post, rank: key.startsWith(` ${words[0]}`) ? 0 : 1 })
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ post }) => post)
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
