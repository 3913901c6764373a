import { fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Cbor, CborMap } from '../../core/cbor.ts'
import { issuedChain } from '../../core/chain.ts'
import { Fields } from '../../core/fields.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Id } from '../directory/index.ts'
import type { Change } from './book.ts'
import { type Carried, carried, isId, type Readable, raw } from './entries.ts'
import {
  type DirectiveKind,
  headOf,
  requireAhead,
  requireIssuer,
  requireNoWraps,
  requireSealed,
  requireStanding,
} from './requiring.ts'

/**
 * What the issuing post does to a directive that stands: amends its text, extends its time, reminds of it. Each carries its words
 * under `noticeKey` of the directive, so that everybody who could open the directive reads them, and nobody is wrapped to anew.
 */
export type AmendEntry = Carried & { directive: Id; issuer: Id }
export type ExtendEntry = Carried & { directive: Id; issuer: Id; due: number }
/** A তাগিদপত্র: the posts (or persons) that are reminded. */
export type RemindEntry = Carried & { directive: Id; issuer: Id; posts: Id[] }

/** A তাগিদপত্র once a day is a reminder; more is noise. */
export const REMIND_EVERY = 24 * 3_600_000
const MOST_REMINDED = 2000

/** `amend`: the text that is changed, part by part, and why. The letter itself stays as it was signed. */
export const amend: DirectiveKind<AmendEntry> = {
  name: 'amend',
  read(item) {
    const fields = new Fields('amend', item.header.fields)
    const entry = { ...carried(item), directive: fields.id(1), issuer: fields.id(2) }
    fields.end()
    return entry
  },
  chain: ({ issuer }) => issuedChain(fromBase64url(issuer)),
  authority: requireIssuer,
  rule(entry, header, { directives }) {
    requireChangeable('amend', entry, header, directives)
  },
  apply: (entry, header, { index, time }, { directives }) =>
    directives.change(entry, { kind: 'amend', by: toBase64url(header.id), index, time }),
}

/** `extend`: more time for everybody. Never less: who planned by the first date must not be late by the second. */
export const extend: DirectiveKind<ExtendEntry> = {
  name: 'extend',
  read(item) {
    const fields = new Fields('extend', item.header.fields)
    const entry = { ...carried(item), directive: fields.id(1), issuer: fields.id(2), due: fields.count(3) }
    fields.end()
    return entry
  },
  chain: ({ issuer }) => issuedChain(fromBase64url(issuer)),
  authority: requireIssuer,
  rule(entry, header, { directives }, at) {
    const head = requireChangeable('extend', entry, header, directives)
    if (head.due === null) throw new Refusal('no_due', 'The directive has no due date to extend')
    if (entry.due <= head.due) throw new Refusal('not_later', 'An extension gives more time', { due: head.due })
    requireAhead(entry.due, at)
  },
  apply: (entry, header, { index, time }, { directives }) =>
    directives.change(entry, { kind: 'extend', by: toBase64url(header.id), index, time, due: entry.due }),
}

/** `remind`: at most once a day, to posts that were addressed. */
export const remind: DirectiveKind<RemindEntry> = {
  name: 'remind',
  read(item) {
    const fields = new Fields('remind', item.header.fields)
    const posts = fields.list(3, MOST_REMINDED, (value) => {
      if (!isId(value)) throw fields.bad(3, 'posts')
      return toBase64url(value)
    })
    const entry = { ...carried(item), directive: fields.id(1), issuer: fields.id(2), posts }
    fields.end()
    if (posts.length === 0 || new Set(posts).size < posts.length) throw fields.bad(3, 'posts once')
    return entry
  },
  chain: ({ issuer }) => issuedChain(fromBase64url(issuer)),
  authority: requireIssuer,
  rule(entry, header, { directives }, at) {
    const head = requireChangeable('remind', entry, header, directives)
    const last = head.changes.findLast(({ kind }) => kind === 'remind')
    if (last && at.time - last.time < REMIND_EVERY) {
      throw new Refusal('reminded_today', 'Reminded within the last day', { again: last.time + REMIND_EVERY })
    }
    const frozen = directives.frozen(entry.directive)
    const stranger = entry.posts.find((post) => !frozen?.has(post))
    if (stranger) throw new Refusal('bad_input', 'remind: not addressed', { field: 3, post: stranger })
  },
  apply: (entry, header, { index, time }, { directives }) =>
    directives.change(entry, { kind: 'remind', by: toBase64url(header.id), index, time, posts: entry.posts }),
}

export function amendFields({ directive, issuer }: Pick<AmendEntry, 'directive' | 'issuer'>): CborMap {
  return new Map<number, Cbor>([
    [1, raw(directive)],
    [2, raw(issuer)],
  ])
}

export function extendFields(entry: Pick<ExtendEntry, 'directive' | 'issuer' | 'due'>): CborMap {
  return amendFields(entry).set(3, entry.due)
}

export function remindFields(entry: Pick<RemindEntry, 'directive' | 'issuer' | 'posts'>): CborMap {
  return amendFields(entry).set(3, entry.posts.map(raw))
}

function requireChangeable(
  kind: Change['kind'],
  entry: Carried & { directive: Id },
  header: Readable['header'],
  directives: Parameters<typeof headOf>[0],
) {
  requireSealed(kind, entry, header, 1)
  requireNoWraps(entry)
  const head = headOf(directives, entry.directive)
  requireStanding(head)
  return head
}
