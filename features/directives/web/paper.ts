import type { Letter } from '../../../letters/letter.ts'
import { letterFromParts } from '../../../letters/parts.ts'
import { type Block, typeset } from '../../../letters/typeset.ts'

/**
 * The parts of a sealed letter as blocks. What is said in one sentence stands there once, though a list needs it as a subject too;
 * and what has no signatory of its own is signed by its `issuer`, which belongs to the summary and stands on no other paper.
 */
export function paperOf(parts: readonly { label: string; value: unknown }[]): Block[] {
  const known = parts.flatMap(({ label, value }) => (typeof value === 'string' ? [{ label, text: value }] : []))
  const letter = letterFromParts(known.filter(({ label }) => label !== 'issuer'))
  const issuer = known.find(({ label }) => label === 'issuer')?.text.trim()
  return typeset({
    ...letter,
    ...(saidTwice(letter) && { subject: '' }),
    ...(!letter.signatory && !letter.byOrderOf && issuer && { signatory: signatoryOf(issuer) }),
  })
}

function saidTwice({ subject, paragraphs, clauses }: Letter): boolean {
  return paragraphs.length === 1 && clauses.length === 0 && paragraphs[0]!.text.trim() === subject.trim()
}

/** The summary has the name, then the post, which may hold commas itself; of a command the post alone. */
function signatoryOf(issuer: string): { name: string; post: string } {
  const [name = '', ...post] = issuer.split(', ')
  return { name, post: post.join(', ') }
}
