import { shortOffice } from '../../../web/shell/posts.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'
import type { BoardGroup } from '../board.ts'
import type { BoardRow } from '../rows.ts'
import { ownOf } from './board-view.ts'

/** রংপুর; offices that lie in no area together. */
export function groupName(prefs: Prefs, { key, name }: BoardGroup): string {
  if (name) return prefs.name(name)
  if (ownOf(key) !== null) return prefs.say('board.ownOffices')
  return key === '-' ? prefs.say('board.noArea') : key
}

/** The post, and its office where the title alone does not tell. */
export function rowName(prefs: Prefs, { name, office, post }: BoardRow): string {
  const title = prefs.name(name ?? undefined) || post.slice(0, 8)
  const where = shortOffice(prefs.name(office ?? undefined), title)
  return where ? `${title}, ${where}` : title
}

/** Who holds it: posts of one office are often called alike, and he is what tells them apart. */
export function holderNames(prefs: Prefs, { holders }: BoardRow): string {
  return holders.map(({ name }) => prefs.name(name)).join(', ')
}
