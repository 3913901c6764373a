import type { HeldPost } from '../../../client/views.ts'
import type { KnownPost } from '../../../letters/resolve.ts'
import { chargeWord, postTitle } from '../../../web/shell/posts.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'

/**
 * Posts of one's own to choose among. Those that are called alike say besides by what they differ: office, wing, branch, charge.
 * @param known what the list of names says of them; without it they differ by charge at best
 */
export function postOptions(
  prefs: Prefs,
  posts: readonly HeldPost[],
  known: ReadonlyMap<string, KnownPost>,
): { value: string; label: string; hint?: string }[] {
  const labels = posts.map(({ name }) => postTitle(prefs, name))
  return posts.map((post, i) => {
    const alike = posts.filter((_, j) => labels[j] === labels[i])
    const told = alike.length > 1 ? apart(prefs, post, alike, known) : ''
    return { value: post.id, label: labels[i]!, ...(told && { hint: told }) }
  })
}

function apart(
  prefs: Prefs,
  post: HeldPost,
  alike: readonly HeldPost[],
  known: ReadonlyMap<string, KnownPost>,
): string {
  const facts: ((one: HeldPost) => string)[] = [
    ({ name }) => prefs.name(name.office),
    ({ id }) => known.get(id)?.wing ?? '',
    ({ id }) => unitOf(known.get(id), alike, known),
  ]
  const differs = (fact: (one: HeldPost) => string) => new Set(alike.map(fact)).size > 1
  const where = facts.find(differs)?.(post) ?? ''
  return [where, chargeWord(prefs, post.charge)].filter(Boolean).join(' · ')
}

/** The first name of its wing and the units in it that the others do not have. */
function unitOf(
  post: KnownPost | undefined,
  alike: readonly HeldPost[],
  known: ReadonlyMap<string, KnownPost>,
): string {
  const others = alike.filter(({ id }) => id !== post?.id).flatMap(({ id }) => known.get(id)?.wingAlt ?? [])
  return post?.wingAlt?.find((unit) => !others.includes(unit)) ?? ''
}
