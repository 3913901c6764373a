import { isIsoDate } from '../language/calendar.ts'
import { findByOrderOf } from './by-order.ts'
import { purposeOf } from './distribution.ts'
import {
  bodyInOrder,
  type Copies,
  type DistributionLine,
  type Letter,
  type LetterKind,
  letterKinds,
  type Signatory,
} from './letter.ts'
import { parseMemo } from './memo.ts'

/**
 * One leaf of a letter's commitment. `label` says what it is, and can be shown when a part is disclosed: memo, date
 * (YYYY-MM-DD), bangla-date (YYYY-MM-DD of that calendar), kind, subject, letterhead, reference, paragraph:০২
 * (paragraph: when unnumbered), clause:ক, signatory.name …, line:১৮, copies.memo, copy:১, other.
 */
export type LetterPart = { label: string; text: string }

const signatoryFields = ['name', 'post', 'charge', 'office', 'phone', 'email'] as const

/**
 * A letter as its ordered parts, the commitment's leaves before salting. Absent fields make no part. What was derived
 * from the parts when reading (groups of the number, purposes, by whose order) is derived again by `letterFromParts`.
 */
export function letterParts(letter: Letter): LetterPart[] {
  const parts: LetterPart[] = []
  const add = (label: string, text: string | undefined) => {
    if (text !== undefined) parts.push({ label, text })
  }
  add('kind', letter.kind)
  for (const line of letter.letterhead) add('letterhead', line)
  if (letter.memo.raw) add('memo', letter.memo.raw)
  add('bangla-date', letter.banglaDate && banglaText(letter.banglaDate))
  add('date', letter.date)
  if (letter.subject) add('subject', letter.subject)
  for (const reference of letter.references) add('reference', reference)
  for (const { kind, part } of bodyInOrder(letter)) add(`${kind}:${part.label}`, part.text)
  for (const field of signatoryFields) add(`signatory.${field}`, letter.signatory?.[field])
  for (const { n, text } of letter.distribution) add(`line:${n}`, text)
  if (letter.copies) {
    add('copies.memo', letter.copies.memo?.raw)
    add('copies.bangla-date', letter.copies.banglaDate && banglaText(letter.copies.banglaDate))
    add('copies.date', letter.copies.date)
    for (const { n, text } of letter.copies.lines) add(`copy:${n}`, text)
  }
  for (const line of letter.others) add('other', line)
  return parts
}

/**
 * The letter of some parts, all of them or those that were disclosed. The inverse of `letterParts` but for offsets.
 * Never throws: a label not known is kept under `others`, a value not possible for its label likewise.
 */
export function letterFromParts(parts: readonly LetterPart[]): Letter {
  const letter: Letter = {
    letterhead: [],
    memo: parseMemo(''),
    subject: '',
    references: [],
    paragraphs: [],
    clauses: [],
    distribution: [],
    others: [],
  }
  for (const { label, text } of parts) if (!place(letter, label, text)) letter.others.push(text)
  const byOrderOf = bodyInOrder(letter)
    .map(({ part }) => findByOrderOf(part.text)?.by)
    .find(Boolean)
  if (byOrderOf) letter.byOrderOf = byOrderOf
  return letter
}

function place(letter: Letter, label: string, text: string): boolean {
  const colon = label.indexOf(':')
  const name = colon < 0 ? label : label.slice(0, colon)
  const which = colon < 0 ? '' : label.slice(colon + 1)
  switch (name) {
    case 'kind':
      if (!isKind(text)) return false
      letter.kind = text
      return true
    case 'letterhead':
      letter.letterhead.push(text)
      return true
    case 'memo':
      letter.memo = parseMemo(text)
      return letter.memo.raw === text
    case 'bangla-date':
    case 'date':
      return placeDate(letter, name, text)
    case 'subject':
      letter.subject = text
      return true
    case 'reference':
      letter.references.push(text)
      return true
    case 'paragraph':
      letter.paragraphs.push({ label: which, text })
      return true
    case 'clause':
      letter.clauses.push({ label: which, text, after: letter.paragraphs.length - 1 })
      return true
    case 'line':
      letter.distribution.push(lineOf(which, text))
      return true
    case 'copy':
      copiesOf(letter).lines.push(lineOf(which, text))
      return true
    case 'copies.memo':
      copiesOf(letter).memo = parseMemo(text)
      return true
    case 'copies.bangla-date':
    case 'copies.date':
      return placeDate(copiesOf(letter), name === 'copies.date' ? 'date' : 'bangla-date', text)
    case 'other':
      return false
  }
  const field = signatoryFields.find((known) => label === `signatory.${known}`)
  if (!field) return false
  const signatory: Signatory = letter.signatory ?? { name: '', post: '' }
  letter.signatory = signatory
  signatory[field] = text
  return true
}

function placeDate(into: Pick<Letter, 'date' | 'banglaDate'>, name: 'date' | 'bangla-date', text: string): boolean {
  if (name === 'date') {
    if (!isIsoDate(text)) return false
    into.date = text
    return true
  }
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return false
  into.banglaDate = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) }
  return true
}

function banglaText({ year, month, day }: { year: number; month: number; day: number }): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function lineOf(n: string, text: string): DistributionLine {
  const purpose = purposeOf(text)
  return { n, text, ...(purpose === undefined ? {} : { purpose }) }
}

function copiesOf(letter: Letter): Copies {
  letter.copies ??= { lines: [] }
  return letter.copies
}

function isKind(text: string): text is LetterKind {
  return (letterKinds as readonly string[]).includes(text)
}
