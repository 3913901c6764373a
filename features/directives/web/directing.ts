import type { Ask, IssueDraft, ListedPost, Name } from '../../../client/views.ts'
import { toBangla } from '../../../language/digits.ts'
import { type Field, fieldsToCbor } from '../../../letters/fields.ts'
import type { Letter } from '../../../letters/letter.ts'
import { parseMemo } from '../../../letters/memo.ts'
import { letterParts } from '../../../letters/parts.ts'
import { evaluateSelectors, type Selector } from '../../../letters/selectors.ts'

/** A person as a demi-official letter names him: by what he is today, to find him again. */
export type Named = { id: string; name: Name; title: string }

/** Who signs, as printed. */
export type Signatory = { name: string; post: string; office: string }

/** Every post under `post`, directly or further down: those directly below first, each as the list has them. */
export function postsBelow(posts: readonly ListedPost[], post: string): ListedPost[] {
  const under = Map.groupBy(posts, ({ supervisor }) => supervisor ?? '')
  const seen = new Set([post])
  const found: ListedPost[] = []
  for (let level = [post]; level.length > 0; ) {
    const next = level.flatMap((above) => under.get(above) ?? []).filter(({ id }) => !seen.has(id))
    for (const one of next) seen.add(one.id)
    found.push(...next)
    level = next.map(({ id }) => id)
  }
  return found
}

/** Roles of which there are several among `posts`, in their order: each can be chosen in one tap. */
export function rolesAmong(posts: readonly ListedPost[]): { role: string; title: Name; ids: string[] }[] {
  return [...Map.groupBy(posts, ({ role }) => role)]
    .filter(([, same]) => same.length > 1)
    .map(([role, same]) => ({ role, title: same[0]!.title, ids: same.map(({ id }) => id) }))
}

/** A daily order of one field as a letter: its first sentence is the subject, its signatory the issuing post. */
export function shortLetter(text: string, date: string, signatory: Signatory): Letter {
  const body = text.trim()
  return letterOf(firstWords(body), [body], date, signatory)
}

export type Directing = {
  post: string
  brief: string
  to: readonly string[]
  due: number | null
  urgency: number
  fields?: readonly Field[]
  supersedes?: string
}

/**
 * A short directive, or advice, which asks nothing. `below` are the posts under the issuing one: a directive to others as well is
 * not a superior's word but a letter, and goes as one, its addressees printed by `titleOf`.
 */
export function shortDraft(
  form: 'short' | 'advice',
  { post, brief, to, due, urgency, fields = [], supersedes }: Directing,
  { below, titleOf, date, signatory }: Writing,
): IssueDraft {
  const text = brief.trim()
  const printed = [signatory.name, signatory.post].filter(Boolean).join(', ')
  const draft = {
    post,
    summary: { memo: '', subject: firstWords(text), date, issuer: printed },
    due: form === 'advice' ? null : due,
    grade: 0,
    urgency,
    ...(supersedes && { supersedes }),
  }
  if (form === 'advice' || to.every((id) => below.has(id)))
    return {
      ...draft,
      form,
      parts: [{ label: 'paragraph:', value: text }, ...(form === 'short' ? fieldsPart(fields) : [])],
      lines: [{ n: 1, purpose: form === 'advice' ? 1 : 0, selectors: to.map((id) => ({ post: id })) }],
      clauses: [{ label: '', ask: form === 'advice' ? 'nothing' : 'once' }],
    }
  const letter = shortLetter(text, date, signatory)
  letter.distribution = to.map((id, i) => ({ n: toBangla(i + 1), text: titleOf(id) }))
  return {
    ...draft,
    form: 'letter',
    parts: [...sealedParts(letter), ...fieldsPart(fields)],
    lines: to.map((id, i) => ({ n: i + 1, purpose: 0, selectors: [{ post: id }] })),
    clauses: [{ label: '', ask: 'once' }],
  }
}

type Writing = { below: ReadonlySet<string>; titleOf: (post: string) => string; date: string; signatory: Signatory }

export type Personal = {
  post: string
  subject: string
  text: string
  persons: readonly Named[]
  reply: Ask
  due: number | null
  grade: number
  urgency: number
}

/** A demi-official letter to persons by name, who are all printed on it. */
export function personalDraft(
  { post, subject, text, persons, reply, due, grade, urgency }: Personal,
  { date, signatory }: Pick<Writing, 'date' | 'signatory'>,
): IssueDraft {
  const paragraphs = text.split(/\n\s*\n/).map((one) => one.trim())
  const letter = letterOf(subject.trim() || firstWords(text.trim()), paragraphs.filter(Boolean), date, signatory)
  letter.distribution = persons.map(({ name, title }, i) => ({ n: toBangla(i + 1), text: `${name.bn}, ${title}` }))
  return {
    post,
    form: 'do',
    summary: {
      memo: '',
      subject: letter.subject,
      date,
      issuer: [signatory.name, signatory.post].filter(Boolean).join(', '),
    },
    parts: sealedParts(letter),
    lines: persons.map(({ id }, i) => ({ n: i + 1, purpose: 0, selectors: [[3, id]] })),
    clauses: [{ label: '', ask: reply }],
    due: reply === 'nothing' ? null : due,
    grade,
    urgency,
  }
}

/** The sealed list of what is asked for, as a part of the letter; none where nothing is. */
export function fieldsPart(fields: readonly Field[]): { label: string; value: unknown }[] {
  return fields.length > 0 ? [{ label: 'fields', value: fieldsToCbor(fields) }] : []
}

/** The parts of a letter as they are sealed. */
export function sealedParts(letter: Letter): { label: string; value: unknown }[] {
  return letterParts(letter).map(({ label, text }) => ({ label, value: text }))
}

function letterOf(subject: string, paragraphs: string[], date: string, { name, post, office }: Signatory): Letter {
  return {
    kind: 'digital',
    letterhead: [office].filter(Boolean),
    memo: parseMemo(''),
    date,
    subject,
    references: [],
    paragraphs: paragraphs.map((text) => ({ label: '', text })),
    clauses: [],
    signatory: { name, post },
    distribution: [],
    others: [],
  }
}

/** How many posts and persons these lines reach, as far as the list of names knows; each once. */
export function reachedBy(
  lines: readonly Pick<IssueDraft['lines'][number], 'selectors'>[],
  names: readonly ListedPost[],
): number {
  const selectors = lines.flatMap((line) => line.selectors)
  const persons = new Set(selectors.flatMap((one) => (Array.isArray(one) ? [String(one[1])] : [])))
  const posts = evaluateSelectors(
    selectors.filter((one): one is Selector => !Array.isArray(one)),
    names,
  )
  return posts.length + persons.size
}

/** The first sentence, or a dozen words of it. */
export function firstWords(text: string): string {
  const sentence = /^[^।\n?!]*[।?!]?/u.exec(text)?.[0].trim() ?? ''
  const words = sentence.split(/\s+/)
  return words.length > 12 ? `${words.slice(0, 12).join(' ')} …` : sentence
}
