import { type Fault, type FaultCode, fault } from './faults.ts'
import { type Import, type ImportOffice, unitKinds } from './import-shape.ts'
import { places } from './places.ts'

/** Where an entry of the plan stands in the operator's files. `holding` is the position in a person's posts. */
export type Locate = (list: List, index: number, holding?: number) => { file: string; row: number }
export type List = 'offices' | 'posts' | 'people'

export type CheckOptions = {
  where: Locate
  /** A service that is there already: its codes may be referred to, and not be used again. */
  known?: Import
  /** Codes of entries that were refused for another reason, so that what refers to them is not blamed as well. */
  forgiven?: Record<List, ReadonlySet<string>>
}

/**
 * What is wrong between the entries of a plan whose entries are each well formed: codes used twice, references to
 * nothing, circles among offices or supervisors, and any number of top posts but one. Linear in the plan's size.
 */
export function checkImport(plan: Import, { where, known, forgiven }: CheckOptions): Fault[] {
  const faults: Fault[] = []
  function blame(list: List, index: number, column: string, code: FaultCode, value: string, holding?: number): void {
    const { file, row } = where(list, index, holding)
    faults.push(fault(file, row, column, code, value))
  }
  function firstOf<T extends { code: string }>(list: List, entries: T[], before: T[] = []): Map<string, T> {
    const found = new Map(before.map((entry) => [entry.code, entry]))
    entries.forEach((entry, index) => {
      if (found.has(entry.code)) blame(list, index, 'code', 'repeated_code', entry.code)
      else found.set(entry.code, entry)
    })
    return found
  }

  const offices = firstOf('offices', plan.offices, known?.offices)
  const posts = firstOf('posts', plan.posts, known?.posts)
  firstOf('people', plan.people, known?.people)
  const hasOffice = (code: string) => offices.has(code) || forgiven?.offices.has(code) === true
  const hasPost = (code: string) => posts.has(code) || forgiven?.posts.has(code) === true

  plan.offices.forEach(({ parent, place }, index) => {
    if (parent !== undefined && !hasOffice(parent)) blame('offices', index, 'parent', 'unknown_office', parent)
    if (place !== undefined && !places().has(place)) blame('offices', index, 'place', 'unknown_place', place)
  })
  for (const { at, path } of circles(plan.offices, (office) => office.parent)) {
    blame('offices', at, 'parent', 'circle', path)
  }

  plan.posts.forEach(({ office, supervisor, place, wing }, index) => {
    if (!hasOffice(office)) blame('posts', index, 'office', 'unknown_office', office)
    if (supervisor !== undefined && !hasPost(supervisor))
      blame('posts', index, 'supervisor', 'unknown_post', supervisor)
    if (place !== undefined && !places().has(place)) blame('posts', index, 'place', 'unknown_place', place)
    if (wing === undefined) return
    if (!hasOffice(wing)) blame('posts', index, 'wing', 'unknown_office', wing)
    else if (offices.has(wing) && offices.has(office) && !isUnitOf(offices, wing, office))
      blame('posts', index, 'wing', 'not_a_unit', wing)
  })
  for (const { at, path } of circles(plan.posts, (post) => post.supervisor)) {
    blame('posts', at, 'supervisor', 'circle', path)
  }
  let top = known?.posts.find((post) => post.supervisor === undefined)?.code
  plan.posts.forEach((post, index) => {
    if (post.supervisor !== undefined) return
    if (top === undefined) top = post.code
    else blame('posts', index, 'supervisor', 'two_tops', top)
  })
  if (top === undefined && !forgiven?.posts.size) {
    faults.push(fault(where('posts', 0).file, 0, 'supervisor', 'no_top'))
  }

  plan.people.forEach((person, index) => {
    const held = new Set<string>()
    person.posts.forEach(({ post }, holding) => {
      if (!hasPost(post)) blame('people', index, 'post', 'unknown_post', post, holding)
      if (held.has(post)) blame('people', index, 'post', 'repeated_holding', post, holding)
      held.add(post)
    })
  })
  return faults
}

/** Whether `unit` is a wing, branch or section of `office`, through units only. */
function isUnitOf(offices: ReadonlyMap<string, ImportOffice>, unit: string, office: string): boolean {
  let at = offices.get(unit)
  for (const seen = new Set<string>(); at && unitKinds.includes(at.kind) && !seen.has(at.code); ) {
    if (at.parent === office) return true
    seen.add(at.code)
    at = at.parent === undefined ? undefined : offices.get(at.parent)
  }
  return false
}

/** Each circle once, at its member that comes first in the list, with the way round it in words. */
function circles<T extends { code: string }>(
  entries: T[],
  above: (entry: T) => string | undefined,
): { at: number; path: string }[] {
  const index = new Map(entries.map((entry, at) => [entry.code, at]))
  const walkOf = new Array<number>(entries.length).fill(-1)
  const found: { at: number; path: string }[] = []
  for (let start = 0; start < entries.length; start += 1) {
    let at: number | undefined = start
    const walked: number[] = []
    while (at !== undefined && walkOf[at] === -1) {
      walkOf[at] = start
      walked.push(at)
      const next = above(entries[at]!)
      at = next === undefined ? undefined : index.get(next)
    }
    if (at === undefined || walkOf[at] !== start) continue
    const round = walked.slice(walked.indexOf(at))
    const first = round.indexOf(Math.min(...round.slice(0, 10_000)))
    const ring = [...round.slice(first), ...round.slice(0, first), round[first]!]
    found.push({
      at: round[first]!,
      path: ring
        .slice(0, 6)
        .map((member) => entries[member]!.code)
        .join(' → '),
    })
  }
  return found
}
