import type { Header } from '../../core/item.ts'
import type { At, Kind } from '../../core/kind.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Directory, Id } from '../directory/index.ts'
import type { DirectiveBook, Head } from './book.ts'

/** What several kinds ask before they let an item pass. */

/** The part of the road's state that these kinds look at. */
export type DirectiveState = { directory: Directory; directives: DirectiveBook }
export type DirectiveKind<E> = Kind<E, DirectiveState>

/**
 * By whoever holds the post that issued the directive. A device may not have the directive, only one that passes it on: what is
 * said of it then counts as said by the post named, no more. The server has every directive, and `headOf` in the rule says so.
 */
export function requireIssuer(
  entry: { directive: Id; issuer: Id },
  header: Header,
  { directory, directives }: DirectiveState,
  at: At,
): void {
  directory.authorFor(header, entry.issuer, at.index)
  const head = directives.head(entry.directive)
  // Of that post: whether another has one is not told.
  if (head && head.issuer !== entry.issuer) throw noSuchDirective()
}

/** Throws `not_found` for a directive that is not known here. */
export function headOf(directives: DirectiveBook, directive: Id): Head {
  const head = directives.head(directive)
  if (!head) throw noSuchDirective()
  return head
}

/** Throws `directive_ended` for one that was cancelled or superseded. */
export function requireStanding({ ended }: Head): void {
  if (ended) throw new Refusal('directive_ended', 'The directive has ended', { how: ended.how })
}

export function noSuchDirective(): Refusal {
  return new Refusal('not_found', 'No such directive')
}

/** Throws `not_found`: that a directive exists is not told to a post it was not addressed to. */
export function requireAddressed(directives: DirectiveBook, { directive, post }: { directive: Id; post: Id }): void {
  if (!directives.frozen(directive)?.has(post)) throw new Refusal('not_found', 'No such directive to that post')
}

/** Throws `due_past`: nobody shall be late before he has heard of it. */
export function requireAhead(due: number | null, at: At): void {
  if (due !== null && due <= at.time) throw new Refusal('due_past', 'Due before it is issued', { due })
}

export function requireSealed(kind: string, entry: { sections: number }, header: Header, sections: number): void {
  if (entry.sections === sections && header.commitment) return
  throw new Refusal('bad_input', `${kind}: ${sections} sealed sections and a commitment expected`, { kind })
}

export function requireNoWraps({ wraps }: { wraps: unknown[] | undefined }): void {
  if (wraps && wraps.length > 0) throw new Refusal('bad_input', 'No wraps expected')
}
