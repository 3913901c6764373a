import * as v from 'valibot'
import personasJson from './data/personas.json' with { type: 'json' }
import staffingJson from './data/staffing.json' with { type: 'json' }
import { charges, type ImportPerson, type ImportPost } from './import-shape.ts'
import { type Name, nameAt } from './names.ts'

const text = v.pipe(
  v.string(),
  v.transform((value) => value.normalize('NFC')),
)
const words = v.object({ bn: text, en: text })
const offered = v.object({ code: text, post: text, name: words, why: words })
const personasShape = v.object({ personas: v.array(offered), staff: v.array(offered) })
const staffingShape = v.object({
  vacantOneIn: v.pipe(v.number(), v.integer(), v.minValue(2)),
  vacantRoles: v.array(text),
  vacant: v.array(text),
  charges: v.array(v.object({ holderOf: text, also: text, charge: v.picklist(charges), order: v.optional(text) })),
})

/** The people offered on the start page and the two of the personnel section, as `data/personas.json` says. */
export function offeredPeople(): v.InferOutput<typeof personasShape> {
  return v.parse(personasShape, personasJson)
}

/**
 * Who holds the posts of the shipped country, by `data/staffing.json`: a person for each post, some with a second
 * charge, and a few posts vacant. No two people share a name, and a person's code is the English name.
 */
export function staff(posts: ImportPost[]): ImportPerson[] {
  const { vacantOneIn, vacantRoles, vacant, charges: extra } = v.parse(staffingShape, staffingJson)
  const { personas, staff: section } = offeredPeople()
  const people: ImportPerson[] = []
  const byPost = new Map<string, ImportPerson>()
  const taken = new Set<string>()

  function hire(post: string, name: Name, charge: ImportPerson['posts'][number]['charge'] = 'regular'): void {
    const person = { code: slug(name.en), ...name, posts: [{ post, charge }] }
    taken.add(name.bn).add(person.code)
    byPost.set(post, person)
    people.push(person)
  }

  const byTwo = new Set(extra.map(({ also }) => also))
  const named = new Map([...personas, ...section].map(({ post, name }) => [post, name]))
  for (const { bn, en } of named.values()) taken.add(bn).add(slug(en))
  const needed = new Set([...named.keys(), ...extra.flatMap(({ holderOf, also }) => [holderOf, also])])
  let nth = 0
  function nextName(): Name {
    for (let tries = 0; tries < 10_000; tries += 1) {
      const name = nameAt(nth)
      nth += 1
      if (!taken.has(name.bn) && !taken.has(slug(name.en))) return name
    }
    throw new Error('data/names.json has too few names for the posts; add some to its groups')
  }

  for (const { code, role } of posts) {
    if (byTwo.has(code)) continue
    const name = named.get(code)
    if (name) hire(code, name)
    else if (vacant.includes(code)) continue
    else if (!needed.has(code) && vacantRoles.includes(role) && hash(code) % vacantOneIn === 0) continue
    else hire(code, nextName())
  }
  for (const { holderOf, also, charge, order } of extra) {
    const person = byPost.get(holderOf)
    if (!person) throw new Error(`data/staffing.json: nobody holds ${holderOf}, who should also hold ${also}`)
    // A persona keeps the printed name although the post is the second one.
    const name = named.get(also)
    if (name) Object.assign(person, { code: slug(name.en), ...name })
    person.posts.push({ post: also, charge, ...(order && { order }) })
  }
  return people
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/^-|-$/g, '')
}

/** FNV-1a over the code units: spreads the vacancies over the country without any order of its own. */
function hash(value: string): number {
  let sum = 0x811c9dc5
  for (let at = 0; at < value.length; at += 1) sum = Math.imul(sum ^ value.charCodeAt(at), 0x01000193) >>> 0
  return (sum ^ (sum >>> 15)) >>> 0
}
