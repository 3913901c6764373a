import type { KnownPost } from '../../../letters/resolve.ts'
import { type Import, type ImportOffice, type ImportPost, unitKinds } from './import-shape.ts'
import { places } from './places.ts'

export type { KnownPost }

/**
 * The posts of a plan for resolving a letter, in the plan's order; `id` and `office` are codes. A post is vacant when
 * the plan has people and none of them holds it. Offices and places the plan does not have are left out, not refused.
 */
export function knownPosts(plan: Pick<Import, 'offices' | 'posts'> & Partial<Pick<Import, 'people'>>): KnownPost[] {
  const offices = new Map(plan.offices.map((office) => [office.code, office]))
  const held = plan.people && new Set(plan.people.flatMap(({ posts }) => posts.map(({ post }) => post)))
  return plan.posts.map((post) => {
    const office = offices.get(post.office)
    return {
      id: post.code,
      role: post.role,
      title: { bn: post.bn, en: post.en },
      ...(post.alt && { titleAlt: post.alt }),
      office: post.office,
      officeName: { bn: office?.bn ?? '', en: office?.en ?? '' },
      ...(office?.alt && { officeAlt: office.alt }),
      ...wingOf(post, offices),
      ...placeOf(post, office),
      ...(held && !held.has(post.code) && { vacant: true }),
    }
  })
}

function wingOf(post: ImportPost, offices: ReadonlyMap<string, ImportOffice>): Pick<KnownPost, 'wing' | 'wingAlt'> {
  const units: ImportOffice[] = []
  let unit = post.wing === undefined ? undefined : offices.get(post.wing)
  while (unit && unitKinds.includes(unit.kind) && !units.includes(unit)) {
    units.push(unit)
    unit = unit.parent === undefined ? undefined : offices.get(unit.parent)
  }
  const top = units.at(-1)
  if (!top) return {}
  const others = [
    ...(top.alt ?? []),
    top.en,
    ...units.slice(0, -1).flatMap(({ bn, en, alt }) => [bn, en, ...(alt ?? [])]),
  ]
  return { wing: top.bn, wingAlt: [...new Set(others)] }
}

/** @NOTE Upazilas share names across districts, so "পীরগঞ্জ, রংপুর" is a name of its own. */
function placeOf(
  post: ImportPost,
  office: ImportOffice | undefined,
): Pick<KnownPost, 'place' | 'placeName' | 'placeAlt'> {
  const code = post.place ?? office?.place
  const place = code === undefined ? undefined : places().get(code)
  if (!place) return code === undefined ? {} : { place: code }
  const district = place.kind === 'upazila' && place.within ? places().get(place.within) : undefined
  const full = district ? [`${place.bn}, ${district.bn}`, `${place.en}, ${district.en}`] : []
  const others = [...place.alt, ...full]
  const placeName = { bn: place.bn, en: place.en }
  return { place: place.code, placeName, ...(others.length > 0 && { placeAlt: others }) }
}
