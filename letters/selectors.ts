/**
 * Whom a directive is for, as the server sees and evaluates it: every post of a role in the service, every post of a
 * role in one office, or one post.
 */
export type Selector = { role: string } | { role: string; office: string } | { post: string }

/** What evaluating needs to know of a post. */
export type SelectablePost = { id: string; role: string; office: string }

/**
 * The ids of the posts some selectors mean, each once, in ascending order of UTF-16 code units. The same on a phone
 * and in the sequencer: the frozen audience is the hash of this list. A post that does not exist adds nothing.
 */
export function evaluateSelectors(selectors: readonly Selector[], posts: Iterable<SelectablePost>): string[] {
  const single = new Set<string>()
  const roles = new Set<string>()
  const roleInOffice = new Map<string, Set<string>>()
  for (const selector of selectors) {
    if ('post' in selector) single.add(selector.post)
    else if ('office' in selector) {
      const offices = roleInOffice.get(selector.role) ?? new Set()
      roleInOffice.set(selector.role, offices.add(selector.office))
    } else roles.add(selector.role)
  }
  const ids = new Set<string>()
  for (const { id, role, office } of posts)
    if (single.has(id) || roles.has(role) || roleInOffice.get(role)?.has(office)) ids.add(id)
  return [...ids].sort()
}
