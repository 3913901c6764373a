import { type BanglaDate, formatBanglaDate, formatDate } from '../language/calendar.ts'
import { bodyInOrder, type Copies, type DistributionLine, type Letter, type Signatory, type Span } from './letter.ts'

/**
 * A letter as blocks from top to bottom, for the one component that draws it. Texts are the letter's own; only the two
 * dates and the labels are set by us. `clause` on a block is what an answer names; `line` what a distribution shows.
 */
export type Block =
  | { type: 'letterhead'; lines: string[] }
  | { type: 'number'; memo: string; banglaDate?: string; date?: string }
  | { type: 'subject'; text: string }
  | { type: 'references'; items: string[] }
  | { type: 'paragraph'; label: string; text: string; at?: Span }
  | { type: 'clause'; label: string; text: string; at?: Span }
  | { type: 'signature'; lines: string[]; contacts: { name: 'phone' | 'email'; value: string }[] }
  | { type: 'distribution'; lines: DistributionLine[] }
  | { type: 'copies'; memo?: string; banglaDate?: string; date?: string; lines: DistributionLine[] }
  | { type: 'others'; lines: string[] }

/** The blocks of a letter in the order they stand on paper; empty ones are left out. Clauses keep their written order. */
export function typeset(letter: Letter): Block[] {
  const blocks: Block[] = []
  if (letter.letterhead.length > 0) blocks.push({ type: 'letterhead', lines: letter.letterhead })
  if (letter.memo.raw || letter.date || letter.banglaDate)
    blocks.push({ type: 'number', memo: letter.memo.raw, ...dates(letter) })
  if (letter.subject) blocks.push({ type: 'subject', text: letter.subject })
  if (letter.references.length > 0) blocks.push({ type: 'references', items: letter.references })
  for (const part of bodyInOrder(letter))
    blocks.push({
      type: part.kind,
      label: part.part.label,
      text: part.part.text,
      ...(part.part.at && { at: part.part.at }),
    })
  if (letter.signatory) blocks.push(signatureBlock(letter.signatory))
  if (letter.distribution.length > 0) blocks.push({ type: 'distribution', lines: letter.distribution })
  if (letter.copies) blocks.push(copiesBlock(letter.copies))
  if (letter.others.length > 0) blocks.push({ type: 'others', lines: letter.others })
  return blocks
}

function dates({ date, banglaDate }: { date?: string; banglaDate?: BanglaDate }) {
  return {
    ...(banglaDate && { banglaDate: formatBanglaDate(banglaDate) }),
    ...(date !== undefined && { date: formatDate('bn', date) }),
  }
}

function signatureBlock({ name, post, charge, office, phone, email }: Signatory): Block {
  const lines = [name, charge ? `${post} (${charge})` : post, office ?? ''].filter(Boolean)
  const contacts = [
    ...(phone === undefined ? [] : [{ name: 'phone' as const, value: phone }]),
    ...(email === undefined ? [] : [{ name: 'email' as const, value: email }]),
  ]
  return { type: 'signature', lines, contacts }
}

function copiesBlock({ memo, lines, ...rest }: Copies): Block {
  return { type: 'copies', ...(memo && { memo: memo.raw }), ...dates(rest), lines }
}
