import { equal } from '../core/bytes.ts'
import { type Cbor, encode } from '../core/cbor.ts'
import type { Part } from '../core/commitment.ts'
import { type DirectiveEntry, directiveFields } from '../features/directives/index.ts'
import { issueOf } from './seal-draft.ts'
import type { IssueDraft } from './views.ts'

/** In what a letter that was issued is not the draft that was approved. */
export type Difference = 'text' | 'addressees' | 'duties'

/** Fields of a directive by what they say, for `differences`. */
const OPEN = { addressees: [2], duties: [6, 7, 8, 9, 10] } as const

/**
 * Compares what was approved with what was issued, as this device opened both: the server can read neither, so a drafter who issues
 * other words than those that were approved is found out by his approvers' devices. Empty where nothing differs.
 */
export function differences(approved: IssueDraft, issued: { entry: DirectiveEntry; sections: Part[][] }): Difference[] {
  const meant = issueOf(approved)
  const [wanted, found] = [directiveFields({ ...issued.entry, ...openOf(meant) }), directiveFields(issued.entry)]
  const open = (['addressees', 'duties'] as const).filter((what) =>
    OPEN[what].some((key) => !same(wanted.get(key) ?? null, found.get(key) ?? null)),
  )
  return same(partsOf(meant.groups), partsOf(issued.sections)) ? open : ['text', ...open]
}

function openOf({ lines, clauses, due, grade, urgency, form = 'letter' }: ReturnType<typeof issueOf>) {
  return { lines, clauses, due, grade, urgency, form }
}

function partsOf(sections: readonly (readonly Pick<Part, 'label' | 'value'>[])[]): Cbor {
  return sections.map((parts) => parts.map(({ label, value }): Cbor => [label, value]))
}

function same(a: Cbor, b: Cbor): boolean {
  return equal(encode(a), encode(b))
}
