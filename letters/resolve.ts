import type { Lang } from '../language/digits.ts'
import { sayIfKnown } from '../language/words.ts'
import { type ParsedLine, parseDistributionLine } from './distribution.ts'
import { indexPosts, type KnownPost, keyOf, namesOf, nearest, type PostIndex } from './known-posts.ts'
import type { DistributionLine } from './letter.ts'
import { evaluateSelectors, type Selector } from './selectors.ts'
import { bangla } from './text.ts'

export type { KnownPost } from './known-posts.ts'
export { evaluateSelectors, type Selector } from './selectors.ts'

/**
 * What was made of one line. A remark is `code` or `code:words`, worded under `issue.addressees.<code>`:
 * unresolved is notInDirectory, notInOffice:…, partNotFound:…, noPlace or severalPosts:n; unsure is spelling:…, asDistrict:…,
 * notSaidAll or partNotFound:….
 */
export type ResolvedLine = {
  n: string
  text: string
  purpose?: string
  selectors: Selector[]
  /** The posts of the selectors, sorted, each once. */
  ids: string[]
  posts: number
  vacant: number
  /** Why nothing, or not everything, could be resolved; such a line must be corrected by a person. */
  unresolved?: string
  unsure?: string[]
  /** What an unresolved line may mean: ids, at most twenty, in the order of the posts given. */
  candidates?: string[]
  publish: boolean
}

/** Resolves the lines of a distribution against the known posts. Never throws; what is not understood is unresolved, never guessed. */
export function resolveLines(
  lines: readonly Pick<DistributionLine, 'n' | 'text'>[],
  posts: readonly KnownPost[],
): ResolvedLine[] {
  const index = indexPosts(posts)
  return lines.map(({ n, text }) => resolveLine(n, text, index))
}

/** The whole audience: each post once, and how many stand on more than one line. */
export function audienceOf(lines: readonly ResolvedLine[]): { ids: string[]; repeated: number } {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const id of lines.flatMap(({ ids }) => ids)) (seen.has(id) ? twice : seen).add(id)
  return { ids: [...seen].sort(), repeated: twice.size }
}

/** A remark of a resolved line as a sentence: "বানান মিলিয়ে নিন: রেষ্টর". */
export function sayRemark(lang: Lang, remark: string): string {
  const colon = remark.indexOf(':')
  const [code, words] = colon < 0 ? [remark, ''] : [remark.slice(0, colon), remark.slice(colon + 1)]
  const params = { word: words, part: words, n: Number(words) }
  return sayIfKnown(lang, `issue.addressees.${code}`, params) ?? remark
}

type Work = {
  index: PostIndex
  /** The posts still meant. */
  posts: KnownPost[]
  unsure: string[]
  narrowed: Set<'office' | 'place' | 'wing'>
  /** Parts not understood before the office was. */
  unknown: string[]
  /** And behind it, where an address may stand. */
  behind: string[]
}

function resolveLine(n: string, text: string, index: PostIndex): ResolvedLine {
  const parsed = parseDistributionLine(text)
  const work: Work = { index, posts: [], unsure: [], narrowed: new Set(), unknown: [], behind: [] }
  const outcome = decide(parsed, work)
  const selectors = outcome.posts ? shorten(outcome.posts, work) : []
  const ids = evaluateSelectors(selectors, index.posts)
  const meant = new Set(ids)
  return {
    n,
    text,
    ...(parsed.purpose === undefined ? {} : { purpose: parsed.purpose }),
    selectors,
    ids,
    posts: ids.length,
    vacant: index.posts.filter((post) => post.vacant && meant.has(post.id)).length,
    ...(outcome.unresolved === undefined ? {} : { unresolved: outcome.unresolved }),
    ...(work.unsure.length > 0 && ids.length > 0 ? { unsure: [...new Set(work.unsure)] } : {}),
    ...(outcome.unresolved !== undefined && work.posts.length > 0
      ? { candidates: work.posts.slice(0, 20).map(({ id }) => id) }
      : {}),
    publish: parsed.publish,
  }
}

/** How the names of ministries and divisions end, and those of no other office. */
const ministry = bangla('(?:মন্ত্রণালয়|বিভাগ)$')

type Outcome = { posts?: KnownPost[]; unresolved?: string }

function decide(parsed: ParsedLine, work: Work): Outcome {
  const segments = findTitle(parsed, work)
  if (work.posts.length === 0) return { unresolved: 'notInDirectory' }
  if (parsed.ministries) {
    work.posts = work.posts.filter(({ officeName }) => ministry.test(officeName.bn))
    work.narrowed.add('office')
    if (work.posts.length === 0) return { unresolved: 'notInDirectory' }
  }
  const listed = parsed.places.length === 0 ? placesListed(segments, work) : undefined
  for (const segment of listed ? listed.rest : segments) narrow(segment, parsed, work)
  const certain = work.narrowed.has('office') && work.posts.length === 1
  // Words behind a post that is certain say where it is, unless they are another post: the next line, run into this one.
  const another = work.behind.find((segment) => endsInPost(segment, work.index))
  const doubt = another ?? work.unknown[0] ?? (certain ? undefined : work.behind[0])
  if (doubt !== undefined) {
    if (!certain || another !== undefined)
      return { unresolved: `${isOffice(doubt, work) ? 'notInOffice' : 'partNotFound'}:${doubt}` }
    work.unsure.push(`partNotFound:${doubt}`)
  }
  if (parsed.wings.length > 0) return each('wing', parsed.wings, work, inWing)
  const places = listed?.places ?? parsed.places
  if (places.length > 0) return each('place', places, work, inPlace)
  if (work.posts.length === 1 || parsed.all) return { posts: work.posts }
  if (work.narrowed.size === 0) return { unresolved: 'noPlace' }
  const onlyOffice = work.narrowed.size === 1 && work.narrowed.has('office')
  if (!onlyOffice || new Set(work.posts.map(({ role }) => role)).size > 1)
    return { unresolved: `severalPosts:${work.posts.length}` }
  work.unsure.push('notSaidAll')
  return { posts: work.posts }
}

/**
 * Sets the posts of the line's title and gives back what else the line says. The title may carry its wing in brackets
 * (সহকারী কমিশনার (ভূমি) is a post of its own) or its place before or behind it without a comma.
 */
function findTitle(parsed: ParsedLine, work: Work): string[] {
  const { titles } = work.index
  const get = (name: string) => titles.get(keyOf(name))
  const bracketed = parsed.brackets.length > 0 ? get(`${parsed.fullTitle} ${parsed.brackets.join(' ')}`) : undefined
  if (bracketed) {
    work.posts = bracketed
    return parsed.segments
  }
  const rest = [...parsed.brackets, ...parsed.segments]
  const whole = get(parsed.fullTitle) ?? get(parsed.title)
  if (whole) {
    work.posts = whole
    return rest
  }
  const several = parsed.title.split('/').map(get)
  if (several.length > 1 && several.every((posts) => posts !== undefined)) {
    work.posts = [...new Set(several.flat())]
    return rest
  }
  const words = parsed.fullTitle.split(' ')
  for (let size = words.length - 1; size > 0; size--) {
    const behind = get(words.slice(0, size).join(' '))
    if (behind) {
      work.posts = behind
      return [words.slice(size).join(' '), ...rest]
    }
    const ahead = get(words.slice(-size).join(' '))
    if (ahead) {
      work.posts = ahead
      return [words.slice(0, -size).join(' ').replace(bangla('(?:-?\\s?এর|ের|র)$'), ''), ...rest]
    }
  }
  const near = nearest(keyOf(parsed.title), titles.keys())
  if (near !== null) {
    work.posts = titles.get(near)!
    work.unsure.push(`spelling:${parsed.title}`)
  }
  return rest
}

/** Keeps the posts a part of the line can mean: an office, a place or a wing; exactly first, then by nearness. */
function narrow(segment: string, parsed: ParsedLine, work: Work): void {
  for (const [kind, posts] of [
    ['office', inOffice(segment, work)],
    ['place', inPlace(segment, work, parsed.all)],
    ['wing', inWing(segment, work)],
  ] as const) {
    if (posts.length === 0) continue
    work.posts = posts
    work.narrowed.add(kind)
    return
  }
  if (isOwnOffice(segment, parsed)) return
  const near = nearOffice(segment, work)
  if (near.length > 0) {
    work.posts = near
    work.narrowed.add('office')
    work.unsure.push(`spelling:${segment}`)
    return
  }
  const named = work.narrowed.size === 0 ? nearNamed(segment, work) : []
  if (named.length > 0) {
    work.posts = named
    work.narrowed.add('place')
  } else if (!work.narrowed.has('office')) work.unknown.push(segment)
  else if (endsInPost(segment, work.index) || !isAddress(segment, work.index)) work.behind.push(segment)
}

function inOffice(segment: string, { posts, index }: Work): KnownPost[] {
  for (const name of namesOf(segment)) {
    const ids = index.offices.get(name)
    const found = ids ? posts.filter(({ office }) => ids.has(office)) : []
    if (found.length > 0) return found
  }
  return []
}

/** A known office that has no such post: জনপ্রশাসন মন্ত্রণালয় has a senior secretary and no secretary. */
function isOffice(segment: string, { index }: Work): boolean {
  return namesOf(segment).some((name) => index.offices.has(name))
}

function nearOffice(segment: string, { posts, index }: Work): KnownPost[] {
  const offices = new Set(posts.map(({ office }) => office))
  const names = [...index.offices].filter(([, ids]) => [...ids].some((id) => offices.has(id))).map(([name]) => name)
  for (const wanted of namesOf(segment).slice(0, 2)) {
    const name = nearest(wanted, names)
    const ids = name === null ? undefined : index.offices.get(name)
    if (ids) return posts.filter(({ office }) => ids.has(office))
  }
  return []
}

const level = bangla('\\s(বিভাগ|জেলা|উপজেলা)$')
const codeLengths: Record<string, number> = { বিভাগ: 2, জেলা: 4, উপজেলা: 6 }

/** The codes of the places a name may mean, by the level it says. */
function codesOf(name: string, { index }: Work): string[] {
  const said = level.exec(name)
  const bare = said ? name.slice(0, said.index) : name
  const codes = [...(index.places.get(keyOf(bare)) ?? index.places.get(keyOf(name)) ?? [])]
  return said ? codes.filter((code) => code.length === codeLengths[said[1]!]) : codes
}

function atPlace(name: string, work: Work): KnownPost[] {
  const codes = codesOf(name, work)
  return work.posts.filter(({ place }) => place !== undefined && codes.includes(place))
}

/**
 * The posts of a place; failing that, those within it: all of them when the line says (সকল) or names the place's
 * level, else only when that tells same-named places apart. One name may be a division and a district: then a bare
 * name means the smaller.
 */
function inPlace(name: string, work: Work, all = false): KnownPost[] {
  const { posts, unsure } = work
  const exact = atPlace(name, work)
  if (exact.length > 0) return exact
  const meant = codesOf(name, work)
  const longest = Math.max(0, ...meant.map((code) => code.length))
  const around = meant.filter((code) => code.length === longest)
  const within = posts.filter(({ place }) => around.some((code) => place?.startsWith(code)))
  if (all && within.length > 0 && meant.length > around.length) unsure.push(`asDistrict:${name}`)
  return within
}

const joined = bangla('^(\\S.*?)\\s(?:ও|এবং)\\s(.+)$')

/**
 * রংপুর, দিনাজপুর ও গাইবান্ধা: one post for each. Only where each of them is a place of such a post; what holds ও in its own name,
 * and commas alone, where an address may stand, are none.
 */
function placesListed(segments: string[], work: Work): { places: string[]; rest: string[] } | undefined {
  const has = (name: string) => atPlace(name, work).length > 0
  const end = segments.findIndex((segment) => {
    const [, first, last] = joined.exec(segment) ?? []
    return first !== undefined && last !== undefined && has(first) && has(last)
  })
  if (end < 0) return undefined
  const [, first, last] = joined.exec(segments[end]!)!
  let start = end
  while (start > 0 && has(segments[start - 1]!)) start--
  return {
    places: [...segments.slice(start, end), first!, last!],
    rest: [...segments.slice(0, start), ...segments.slice(end + 1)],
  }
}

function inWing(name: string, { posts, index }: Work): KnownPost[] {
  const wanted = namesOf(name.replace(bangla('\\s?(?:অনুবিভাগ|উইং)$'), ''), name)
  return posts.filter((post) => wanted.some((key) => index.wings.get(post)?.has(key)))
}

/** মহাপরিচালক এর দপ্তর, জেলা প্রশাসকের কার্যালয়: the office of the very post, which adds nothing. */
function isOwnOffice(segment: string, { title }: ParsedLine): boolean {
  const match = bangla('^(.+?)(?:-?\\s?এর|ের|র)\\s(?:দপ্তর|কার্যালয়)$').exec(segment)
  return match !== null && keyOf(match[1]!) === keyOf(title)
}

/** Whether the last words of a text are the name of a post. */
function endsInPost(text: string, { titles }: PostIndex): boolean {
  const words = text
    .replace(/[([][^()[\]]*[)\]]/gu, ' ')
    .trim()
    .split(/\s+/)
  return words.some((_, i) => titles.has(keyOf(words.slice(i).join(' '))))
}

const addressWords = bangla('সচিবালয়|সড়ক|রোড|ভবন|এভিনিউ|ব্লক|তলা|কক্ষ|ডাকঘর|বাড়ি|সরণি')

/** ঢাকা-১০০০, বাংলাদেশ সচিবালয়: where the office stands, not which post. */
function isAddress(segment: string, { places }: PostIndex): boolean {
  return addressWords.test(segment) || places.has(keyOf(segment.replace(/[\s-]*[0-9০-৯]{4}$/u, '')))
}

/** One post for each of a slash list, or the first that has none or several. */
function each(
  kind: 'wing' | 'place',
  names: string[],
  work: Work,
  find: (name: string, work: Work) => KnownPost[],
): Outcome {
  work.narrowed.add(kind)
  const posts: KnownPost[] = []
  let unresolved: string | undefined
  for (const name of names) {
    const found = find(name, work)
    const near = found.length > 0 ? found : nearNamed(name, work)
    if (near.length === 1) posts.push(near[0]!)
    else unresolved ??= near.length === 0 ? `partNotFound:${name}` : `severalPosts:${near.length}`
  }
  return { posts, ...(unresolved === undefined ? {} : { unresolved }) }
}

function nearNamed(name: string, { posts, index, unsure }: Work): KnownPost[] {
  const byName = new Map<string, KnownPost[]>()
  const note = (key: string, post: KnownPost) => byName.set(key, [...(byName.get(key) ?? []), post])
  for (const post of posts) {
    for (const key of index.wings.get(post) ?? []) note(key, post)
    if (post.placeName) note(keyOf(post.placeName.bn), post)
  }
  const key = nearest(keyOf(name), byName.keys())
  if (key === null) return []
  unsure.push(`spelling:${name}`)
  return byName.get(key)!
}

/** Roles, or roles of the office, when the line means just that; else post by post. Always exactly these posts. */
function shorten(posts: KnownPost[], { index, narrowed }: Work): Selector[] {
  const single = posts.map(({ id }) => ({ post: id }))
  const offices = new Set(posts.map(({ office }) => office))
  const wide = narrowed.size === 0
  const official = narrowed.size === 1 && narrowed.has('office') && offices.size === 1
  if (posts.length < 2 || !(wide || official)) return single
  const roles = [...new Set(posts.map(({ role }) => role))]
  const selectors = roles.map((role) => (wide ? { role } : { role, office: posts[0]!.office }))
  const ids = evaluateSelectors(selectors, index.posts)
  const meant = new Set(posts.map(({ id }) => id))
  return ids.length === meant.size && ids.every((id) => meant.has(id)) ? selectors : single
}
