import type { Import } from './country/import-shape.ts'
import { type KnownPost, knownPosts } from './country/known-posts.ts'
import type { Directory } from './directory.ts'
import type { Id, Names, Post } from './model.ts'

/** A post in the list of names: how letters call it, where it stands, and who holds it. */
export type NamedPost = KnownPost & {
  supervisor: Id | null
  holder?: Names
  /** The holder's id: a demi-official letter goes to a person. */
  person?: Id
  /** Present when the holder's charge is not the regular one. */
  charge?: string
  /** Some device of a holder lives: he can read for himself. */
  joined: boolean
}

/**
 * Every post of the service by all its names, for resolving a letter's lines and for search. Ids instead of codes; a post
 * that was abolished is left out.
 */
export function namesOf(directory: Directory): NamedPost[] {
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
  return knownPosts(plan).map((known, i) => ({ ...known, ...standing(directory, posts[i]!) }))
}

function standing(
  directory: Directory,
  { id, office, supervisor, holders }: Post,
): Omit<NamedPost, keyof KnownPost> & Pick<KnownPost, 'id' | 'office'> {
  const holding = holders[0]
  const holder = holding && directory.person(holding.person)
  const joined = holders.some(({ person }) =>
    directory.person(person)?.devices.some((device) => directory.isLive(device)),
  )
  return {
    id,
    office,
    supervisor,
    joined,
    ...(holder ? { holder: holder.name, person: holding.person } : { vacant: true }),
    ...(holding && holding.charge !== 'regular' && { charge: holding.charge }),
  }
}
