import { aboveFirst } from '../drafts.ts'
import type { Import } from './import-shape.ts'

/**
 * The part of a plan that must exist before these posts can: the posts above them, their offices and units, and only the
 * people who hold the posts named. What the root keys register, before they hand over.
 */
export function partFor(plan: Import, postCodes: string[]): Import {
  const posts = new Set<string>()
  const byPost = new Map(plan.posts.map((post) => [post.code, post]))
  for (let wanted = [...postCodes]; wanted.length > 0; ) {
    const post = byPost.get(wanted.pop()!)
    if (!post || posts.has(post.code)) continue
    posts.add(post.code)
    if (post.supervisor !== undefined) wanted.push(post.supervisor)
  }
  const offices = new Set<string>()
  const byOffice = new Map(plan.offices.map((office) => [office.code, office]))
  const addOffice = (code: string | undefined): void => {
    if (code === undefined || offices.has(code)) return
    offices.add(code)
    addOffice(byOffice.get(code)?.parent)
  }
  for (const code of posts) addOffice(byPost.get(code)?.office)
  for (const code of posts) addOffice(byPost.get(code)?.wing)
  const people = plan.people
    .map((person) => ({ ...person, posts: person.posts.filter(({ post }) => postCodes.includes(post)) }))
    .filter((person) => person.posts.length > 0)
  return {
    service: plan.service,
    offices: aboveFirst(
      plan.offices.filter(({ code }) => offices.has(code)),
      ({ parent }) => parent,
    ),
    posts: aboveFirst(
      plan.posts.filter(({ code }) => posts.has(code)),
      ({ supervisor }) => supervisor,
    ),
    people,
  }
}

/** The rest of a plan once a part of it is registered. */
export function without(plan: Import, part: Import): Import {
  const has = (list: { code: string }[]) => new Set(list.map(({ code }) => code))
  const [offices, posts, people] = [has(part.offices), has(part.posts), has(part.people)]
  return {
    service: plan.service,
    offices: plan.offices.filter(({ code }) => !offices.has(code)),
    posts: plan.posts.filter(({ code }) => !posts.has(code)),
    people: plan.people.filter(({ code }) => !people.has(code)),
  }
}
