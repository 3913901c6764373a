import type { Import } from './country/import-shape.ts'
import { type KnownPost, knownPosts } from './country/known-posts.ts'

import type { Directory } from './directory.ts'

/**
 * Every post of the service by all its names, for resolving a letter's lines and for search. Ids instead of codes; a post
 * that was abolished is left out.
 */
export function namesOf(directory: Directory): KnownPost[] {
  const offices = [...directory.offices()]
  const officeCode = new Map(offices.map(({ id, code }) => [id, code]))
  const posts = [...directory.posts()].filter(({ abolished }) => !abolished)
  const plan: Pick<Import, 'offices' | 'posts'> = {
    offices: offices.map(({ code, name, kind, parent, place, alt }) => ({
      code,
      ...name,
      kind,
      alt,
      ...(parent !== null && { parent: officeCode.get(parent) ?? '' }),
      ...(place !== null && { place }),
    })),
    posts: posts.map(({ code, role, name, office, place, wing, order, mayIssue, alt }) => ({
      code,
      role,
      ...name,
      office: officeCode.get(office) ?? '',
      order,
      mayIssue,
      alt,
      ...(place !== null && { place }),
      ...(wing !== null && { wing }),
    })),
  }
  return knownPosts(plan).map((known, i) => {
    const { id, office, holders } = posts[i]!
    return { ...known, id, office, ...(holders.length === 0 && { vacant: true }) }
  })
}
