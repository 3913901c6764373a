import * as v from 'valibot'
import ministriesJson from './data/ministries.json' with { type: 'json' }
import officesJson from './data/offices.json' with { type: 'json' }
import postsJson from './data/posts.json' with { type: 'json' }
import { type Import, type ImportOffice, type ImportPost, unitKinds } from './import-shape.ts'
import { type Place, places } from './places.ts'
import { staff } from './staff.ts'

const text = v.pipe(
  v.string(),
  v.transform((value) => value.normalize('NFC')),
)
const names = v.optional(v.array(text))
const ministriesShape = v.object({ items: v.array(v.object({ code: text, bn: text, en: text, kind: text })) })
const titlesShape = v.object({ posts: v.array(v.object({ id: text, bn: text, en: text })) })
const field = v.object({
  office: text,
  post: text,
  role: text,
  kind: text,
  parent: v.optional(text),
  bn: text,
  en: text,
})
const officesShape = v.object({
  service: v.object({ bn: text, en: text }),
  roles: v.array(v.object({ id: text, bn: v.optional(text), en: v.optional(text), alt: names })),
  ministries: v.object({
    top: text,
    items: v.array(v.object({ ministry: text, office: text, post: text, role: text, alt: names })),
  }),
  field: v.object({ division: field, district: field, upazila: field }),
  offices: v.array(
    v.object({
      code: text,
      bn: text,
      en: text,
      alt: names,
      kind: text,
      parent: v.optional(text),
      place: v.optional(text),
      posts: v.optional(
        v.array(
          v.object({
            code: text,
            role: text,
            bn: v.optional(text),
            en: v.optional(text),
            alt: names,
            supervisor: text,
            mayIssue: v.boolean(),
          }),
        ),
        [],
      ),
    }),
  ),
})

/**
 * The shipped country: the ministries, the Ministry of Public Administration with its wings, the offices that the order
 * of 22 October 2024 names, and every division, district and upazila, with invented holders. Built from `data/` alone
 * and always the same; two calls give equal plans that may be changed freely.
 *
 * Supervision: UNO → DC → divisional commissioner → cabinet secretary. In the ministry: deputy secretary → joint
 * secretary → additional secretary → senior secretary; the private secretary and the heads of the ministry's offices →
 * senior secretary. Heads of ministries → cabinet secretary, who is the top. `data/offices.json` says so and may be edited.
 */
export function country(): Import {
  const plan = v.parse(officesShape, officesJson)
  const titles = roleTitles(plan.roles)
  const offices: ImportOffice[] = []
  const posts: ImportPost[] = []
  const filled = new Map<string, number>()
  function add(post: Omit<ImportPost, 'order' | 'bn' | 'en'> & Partial<Pick<ImportPost, 'bn' | 'en'>>): void {
    const title = titles.get(post.role)
    if (!title) throw new Error(`data/offices.json: the role ${post.role} has no title; add it to roles`)
    const order = (filled.get(post.office) ?? 0) + 1
    filled.set(post.office, order)
    const alt = [...new Set([...(post.alt ?? []), ...(title.alt ?? [])])]
    const { code, role, bn = title.bn, en = title.en, alt: _, ...rest } = post
    posts.push({ code, role, bn, en, ...(alt.length > 0 && { alt }), ...rest, order })
  }

  const { top, items } = plan.ministries
  for (const { code, bn, en, kind } of v.parse(ministriesShape, ministriesJson).items) {
    const special = items.find((item) => item.ministry === code)
    const office = special?.office ?? `ministry-${code}`
    const post = special?.post ?? `secretary-${code}`
    offices.push({ code: office, bn, en, ...(special?.alt && { alt: special.alt }), kind })
    const role = special?.role ?? 'secretary'
    add({ code: post, role, office, ...(post !== top && { supervisor: top }), mayIssue: true })
  }

  for (const { posts: within, ...office } of plan.offices) {
    offices.push(office)
    const wing = unitKinds.includes(office.kind) ? office.code : undefined
    const owner = wing === undefined ? office.code : ownerOf(offices, office)
    for (const post of within)
      add({ ...post, office: owner, ...(office.place && { place: office.place }), ...(wing && { wing }) })
  }

  for (const place of places().values()) {
    if (place.kind === 'thana') continue // A metropolitan thana has no UNO.
    const { office, post, role, kind, parent, bn, en } = plan.field[place.kind]
    const above = place.within === undefined ? undefined : places().get(place.within)
    const upper = above && above.kind !== 'thana' ? plan.field[above.kind] : undefined
    offices.push({
      code: `${office}-${place.code}`,
      bn: fill(bn, place, above, 'bn'),
      en: fill(en, place, above, 'en'),
      kind,
      ...(above && upper ? { parent: `${upper.office}-${above.code}` } : parent && { parent }),
      place: place.code,
    })
    const supervisor = above && upper ? `${upper.post}-${above.code}` : top
    const at = { office: `${office}-${place.code}`, place: place.code }
    add({ code: `${post}-${place.code}`, role, supervisor, ...at, mayIssue: true })
  }

  return { service: plan.service, offices, posts, people: staff(posts) }
}

type Title = { bn: string; en: string; alt?: string[] }

function roleTitles(ours: v.InferOutput<typeof officesShape>['roles']): Map<string, Title> {
  const titles = new Map<string, Title>()
  for (const { id, bn, en } of v.parse(titlesShape, postsJson).posts) titles.set(id, { bn, en })
  for (const { id, bn, en, alt } of ours) {
    const known = titles.get(id)
    titles.set(id, { bn: bn ?? known?.bn ?? id, en: en ?? known?.en ?? id, ...(alt && { alt }) })
  }
  return titles
}

/** The first office above a unit that is not itself a unit. */
function ownerOf(offices: ImportOffice[], unit: ImportOffice): string {
  let at: ImportOffice | undefined = unit
  while (at && unitKinds.includes(at.kind)) {
    const parent: string | undefined = at.parent
    at = offices.find((office) => office.code === parent)
  }
  if (!at) throw new Error(`data/offices.json: ${unit.code} is a ${unit.kind}; put the office it belongs to before it`)
  return at.code
}

function fill(pattern: string, place: Place, above: Place | undefined, lang: 'bn' | 'en'): string {
  return pattern.replace('{place}', place[lang]).replace('{district}', above?.[lang] ?? '')
}
