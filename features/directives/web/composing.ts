import type { Ask, ClauseAsk, HeldPost, IssueDraft, Name } from '../../../client/views.ts'
import { sortBangla } from '../../../language/collate.ts'
import { toBangla, toLatin } from '../../../language/digits.ts'
import { foldedWords } from '../../../language/fold.ts'
import { say } from '../../../language/words.ts'
import { checkFields, type Field } from '../../../letters/fields.ts'
import type { Letter, Reading } from '../../../letters/letter.ts'
import { parseMemo } from '../../../letters/memo.ts'
import {
  audienceOf,
  evaluateSelectors,
  type KnownPost,
  type ResolvedLine,
  resolveLines,
} from '../../../letters/resolve.ts'
import type { Selector } from '../../../letters/selectors.ts'
import { fieldsPart, type Named, sealedParts } from './directing.ts'

/** 0 for action, 1 for information, 2 for publication. */
export type Purpose = 0 | 1 | 2

/** What a person decided about a line that the reader could not, or not rightly. */
export type LineFix = { selectors?: Selector[]; paper?: boolean; purpose?: Purpose; sure?: boolean }

/** Fields given by hand where the text did not show them, or not rightly. */
export type Fixes = { memo?: string; date?: string; subject?: string; name?: string; post?: string }

export type Due = { kind: 'none' | 'today' | 'three' | 'seven' } | { kind: 'date'; date: string }

/** All that is being composed, as it is kept in the draft. */
export type Composition = {
  mode: Mode
  text: string
  /** A short directive or advice, and the posts it goes to. */
  brief: string
  to: string[]
  /** A demi-official letter, its persons, and what is asked of them. */
  subject: string
  personal: string
  persons: Named[]
  reply: Ask
  /** What is asked for besides a state (ছক). */
  fields: Field[]
  fixes: Fixes
  lines: Record<string, LineFix>
  /** Lines added by hand, after those of the letter. */
  added: string[]
  post: string
  acknowledge: boolean
  perClause: boolean
  asks: Record<string, Ask>
  due: Due
  grade: number
  urgency: number
  supersedes: string
  supersedesSubject: string
  /** Posts that shall approve it besides those that the office wants. */
  approvers: string[]
  /** The draft that this one replaces: returned, or taken back. */
  replaces: string
}

export const MODES = ['letter', 'short', 'advice', 'do'] as const
export type Mode = (typeof MODES)[number]

export function emptyComposition(post: string): Composition {
  return {
    mode: 'letter',
    text: '',
    brief: '',
    to: [],
    subject: '',
    personal: '',
    persons: [],
    reply: 'acknowledge',
    fields: [],
    fixes: {},
    lines: {},
    added: [],
    post,
    acknowledge: true,
    perClause: false,
    asks: {},
    due: { kind: 'none' },
    grade: 0,
    urgency: 0,
    supersedes: '',
    supersedesSubject: '',
    approvers: [],
    replaces: '',
  }
}

/** A draft as it was saved by this or an earlier version; what does not fit is left at its beginning. */
export function compositionOf(saved: unknown, post: string): Composition {
  const empty = emptyComposition(post)
  if (typeof saved !== 'object' || saved === null) return empty
  const known = Object.entries(saved).filter(([key, value]) => {
    const like = (empty as Record<string, unknown>)[key]
    return (
      like !== undefined &&
      typeof value === typeof like &&
      value !== null &&
      Array.isArray(value) === Array.isArray(like)
    )
  })
  const merged = { ...empty, ...Object.fromEntries(known) } as Composition
  if (!MODES.includes(merged.mode)) merged.mode = 'letter'
  for (const list of ['added', 'to', 'approvers'] as const)
    merged[list] = merged[list].filter((one) => typeof one === 'string')
  merged.persons = merged.persons.filter((one) => typeof one?.id === 'string' && typeof one.name?.bn === 'string')
  if (!['nothing', 'acknowledge', 'once'].includes(merged.reply)) merged.reply = empty.reply
  merged.fields = merged.fields.filter(isField)
  if (!['none', 'today', 'three', 'seven', 'date'].includes(merged.due.kind)) merged.due = empty.due
  return merged
}

function isField(value: unknown): value is Field {
  const { key, clause, name, unit, required, choices } = (value ?? {}) as Record<string, unknown>
  return (
    [key, clause, name, unit].every((text) => typeof text === 'string') &&
    typeof required === 'boolean' &&
    Array.isArray(choices)
  )
}

/** A letter read, with what was given by hand in place of what the text does not show. */
export function mended(reading: Reading, { memo, date, subject, name, post }: Fixes): Letter {
  const { warnings: _, spans: __, ...letter } = reading
  const signatory =
    name || post
      ? { ...(letter.signatory ?? { name: '', post: '' }), ...(name && { name }), ...(post && { post }) }
      : letter.signatory
  return {
    ...letter,
    ...(memo && { memo: parseMemo(memo) }),
    ...(date && { date }),
    ...(subject && { subject }),
    ...(signatory && { signatory }),
  }
}

/** A line of the distribution with what became of it. `key` finds its fix again while the letter is edited. */
export type Line = {
  key: string
  n: number
  label: string
  text: string
  purpose: Purpose
  selectors: Selector[]
  ids: string[]
  vacant: number
  unresolved?: string
  candidates: string[]
  unsure: string[]
  paper: boolean
  byHand: boolean
}

/** The lines of a letter (its distribution, then its copies, then those added), each resolved or mended. */
export function linesOf(
  letter: Pick<Letter, 'distribution' | 'copies'>,
  { lines: fixes, added }: Pick<Composition, 'lines' | 'added'>,
  posts: readonly KnownPost[],
): Line[] {
  const given = [
    ...letter.distribution.map((line) => ({ n: line.n, text: line.text, copy: false })),
    ...(letter.copies?.lines ?? []).map((line) => ({ n: line.n, text: line.text, copy: true })),
    ...added.map((text) => ({ n: '', text, copy: false })),
  ]
  const resolved = resolveLines(given, posts)
  const vacancies = new Set(posts.filter(({ vacant }) => vacant).map(({ id }) => id))
  const taken = new Set<number>()
  return given.map(({ n: label, text, copy }, i): Line => {
    const found = resolved[i]!
    const key = `${i} ${text}`
    const fix = fixes[key] ?? {}
    const ids = fix.selectors ? evaluateSelectors(fix.selectors, posts) : found.ids
    const decided = fix.selectors !== undefined || fix.paper === true
    return {
      key,
      n: numberOf(label, copy, taken),
      label,
      text,
      purpose: fix.purpose ?? purposeOf(found, copy),
      selectors: fix.paper ? [] : (fix.selectors ?? found.selectors),
      ids: fix.paper ? [] : ids,
      vacant: fix.paper ? 0 : ids.filter((id) => vacancies.has(id)).length,
      ...(!decided && found.unresolved !== undefined && { unresolved: found.unresolved }),
      candidates: found.candidates ?? [],
      unsure: fix.sure || decided ? [] : (found.unsure ?? []),
      paper: fix.paper === true,
      byHand: fix.selectors !== undefined,
    }
  })
}

/** The number printed before the line where it can stand for it, else the next free one. */
function numberOf(label: string, copy: boolean, taken: Set<number>): number {
  const printed = copy ? Number.NaN : Number(toLatin(label))
  let n = Number.isInteger(printed) && printed > 0 && !taken.has(printed) ? printed : 1
  while (taken.has(n)) n++
  taken.add(n)
  return n
}

function purposeOf({ publish, purpose = '' }: ResolvedLine, copy: boolean): Purpose {
  if (publish) return 2
  return copy || /অবগতি|জ্ঞাতার্থে/.test(purpose) ? 1 : 0
}

/** Whom it reaches: each post once, how many stand on several lines, how many are vacant, how many lines go on paper. */
export function reachOf(lines: readonly Line[], posts: readonly KnownPost[]) {
  const { ids, repeated } = audienceOf(lines as unknown as ResolvedLine[])
  const vacancies = new Set(posts.filter(({ vacant }) => vacant).map(({ id }) => id))
  return {
    posts: ids.length,
    repeated,
    vacant: ids.filter((id) => vacancies.has(id)).length,
    paper: lines.filter(({ paper }) => paper).length,
    unresolved: lines.filter(({ unresolved }) => unresolved !== undefined).length,
  }
}

/** A directive has room for no more clauses than this. */
const MOST_CLAUSES = 100

/**
 * What is asked, whole letter first. Clauses asked nothing are named too, so that they can be answered all the same, unless there
 * are more than fit.
 */
export function asksOf(
  letter: Pick<Letter, 'clauses'>,
  {
    acknowledge,
    perClause,
    asks,
    fields = [],
  }: Pick<Composition, 'acknowledge' | 'perClause' | 'asks'> & Partial<Pick<Composition, 'fields'>>,
): ClauseAsk[] {
  const filled = new Set(fields.map(({ clause }) => clause))
  const chosen = (label: string): Ask => {
    const ask = (perClause && asks[label]) || 'nothing'
    return ask === 'nothing' && filled.has(label) ? 'once' : ask // whoever is to fill in a form answers
  }
  const whole: Ask = chosen('') !== 'nothing' ? chosen('') : acknowledge ? 'acknowledge' : 'nothing'
  const labels = [...new Set(letter.clauses.map(({ label }) => label).filter(Boolean))]
  const each = labels.map((label): ClauseAsk => ({ label, ask: chosen(label) }))
  const named = each.length < MOST_CLAUSES ? each : each.filter(({ ask }) => ask !== 'nothing')
  return [{ label: '', ask: whole }, ...named]
}

/** Why it cannot be issued yet; each is worded under `issue.blocks`. */
export type Block = 'text' | 'subject' | 'unresolved' | 'nobody' | 'fields' | 'noDate' | 'duePast'

export function blocksOf(
  letter: Pick<Letter, 'subject' | 'paragraphs' | 'clauses'>,
  lines: readonly Line[],
  fields: readonly Field[] = [],
): Block[] {
  const blocks: Block[] = []
  if (letter.paragraphs.length + letter.clauses.length === 0) blocks.push('text')
  else if (letter.subject === '') blocks.push('subject')
  if (lines.some(({ unresolved }) => unresolved !== undefined)) blocks.push('unresolved')
  else if (lines.every(({ ids }) => ids.length === 0)) blocks.push('nobody')
  if (checkFields(fields).length > 0) blocks.push('fields')
  return blocks
}

/** Fields of a clause that the letter no longer has ask of the whole letter. */
export function fieldsIn(fields: readonly Field[], labels: readonly string[]): Field[] {
  return fields.map((field) => (labels.includes(field.clause) ? field : { ...field, clause: '' }))
}

/** Why a short directive, advice or a demi-official letter cannot go yet. */
export function directBlocks({ mode, brief, to, personal, persons, fields }: Composition): Block[] {
  const blocks: Block[] = []
  if ((mode === 'do' ? personal : brief).trim() === '') blocks.push('text')
  if ((mode === 'do' ? persons : to).length === 0) blocks.push('nobody')
  if (mode === 'short' && checkFields(fields).length > 0) blocks.push('fields')
  return blocks
}

/**
 * Whether a date was wanted and none given, which would go out as due at no time; or the due date is over at `now`: nobody shall
 * be late before he has heard of it. Where nothing is asked none goes along.
 */
export function dueBlocks(
  { mode, reply, due: wanted }: Pick<Composition, 'mode' | 'reply' | 'due'>,
  due: number | null,
  now: number,
): Block[] {
  const goesAlong = mode !== 'advice' && !(mode === 'do' && reply === 'nothing')
  if (!goesAlong) return []
  if (wanted.kind === 'date' && due === null) return ['noDate']
  return due !== null && due <= now ? ['duePast'] : []
}

/** What the client seals: lines on paper stand in the letter and address nobody here. */
export function draftOf(
  letter: Letter,
  lines: readonly Line[],
  { post, grade, urgency, supersedes, ...asked }: Composition,
  due: number | null,
  today: string,
): IssueDraft {
  const { signatory, byOrderOf } = letter
  const issuer = [signatory?.name, signatory?.post, byOrderOf?.text].filter(Boolean).join(', ')
  return {
    post,
    parts: [...sealedParts(withAdded(letter, lines)), ...fieldsPart(asked.fields)],
    summary: { memo: letter.memo.raw, subject: letter.subject, date: letter.date ?? today, issuer },
    lines: lines.filter(({ paper }) => !paper).map(({ n, purpose, selectors }) => ({ n, purpose, selectors })),
    clauses: asksOf(letter, asked),
    due,
    grade,
    urgency,
    ...(supersedes && { supersedes }),
  }
}

/** Lines added by hand stand in the letter too: whoever reads it sees everybody it went to. */
function withAdded(letter: Letter, lines: readonly Line[]): Letter {
  const added = lines.filter(({ label }) => label === '').map(({ n, text }) => ({ n: toBangla(n), text }))
  return added.length === 0 ? letter : { ...letter, distribution: [...letter.distribution, ...added] }
}

/**
 * Of the posts one may issue for, that of a letter signed so: the one held under the charge which the signature names, else the
 * first.
 */
export function postOfSignature<P extends Pick<HeldPost, 'charge'>>(
  signatory: Letter['signatory'],
  posts: readonly P[],
): P | undefined {
  const additional = signatory?.charge?.includes(say('bn', 'common.charges.additional')) ? 'additional' : 'regular'
  return posts.find(({ charge }) => charge === additional) ?? posts[0]
}

/** Posts in the order of the directory: of the country first, then by division, district and upazila. */
export function inPlaceOrder(posts: readonly KnownPost[]): KnownPost[] {
  const code = ({ place = '' }: KnownPost) => place
  return sortBangla(posts, ({ title }) => title.bn).sort((a, b) => (code(a) < code(b) ? -1 : code(a) > code(b) ? 1 : 0))
}

/** The name under the letter where it is another than the issuer's: fewer than half of its words are in his, however spelt. */
export function otherSigner(signatory: Letter['signatory'], issuer: Name): string | null {
  const words = foldedWords(signatory?.name ?? '')
  const own = new Set(foldedWords(`${issuer.bn} ${issuer.en}`))
  const shared = words.filter((word) => own.has(word)).length
  return words.length > 0 && shared * 2 < words.length ? signatory!.name : null
}
