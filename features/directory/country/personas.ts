import type { Import } from './import-shape.ts'
import { offeredPeople } from './staff.ts'

/** Someone whom a visitor of the demonstration may become, or who does its set-up. */
export type Persona = {
  code: string
  /** The code of the person in the plan. */
  person: string
  /** The code of the post this is about; the person may hold another besides. */
  post: string
  /** One line for the start page: what there is to do. */
  why: { bn: string; en: string }
}

/**
 * The people of the demonstration's start page, in its order, and the maker and checker of the personnel section, who
 * are lived by the authority process. Throws when the plan has no holder for one of their posts: it is then not the
 * shipped country.
 */
export function personas(plan: Import): { personas: Persona[]; staff: Persona[] } {
  const holders = new Map(plan.people.flatMap(({ code, posts }) => posts.map(({ post }) => [post, code] as const)))
  const { personas: offered, staff } = offeredPeople()
  const asPersona = ({ code, post, why }: (typeof offered)[number]): Persona => {
    const person = holders.get(post)
    if (!person) throw new Error(`data/personas.json: nobody holds ${post}; give it a holder or offer another post`)
    return { code, person, post, why }
  }
  return { personas: offered.map(asPersona), staff: staff.map(asPersona) }
}
