import { fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Cbor, CborMap } from '../../core/cbor.ts'
import { draftChain } from '../../core/chain.ts'
import { Fields } from '../../core/fields.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Id } from '../directory/index.ts'
import type { DirectiveBook, DraftHead } from './book.ts'
import { type Carried, carried, isId, raw } from './entries.ts'
import { type DirectiveKind, requireNoWraps, requireSealed } from './requiring.ts'
import { coverOf, requireCover } from './rules.ts'

/** A letter laid before those who must approve it, in their order, before the post that drafts it may issue it. */
export type DraftEntry = Carried & {
  issuer: Id
  approvers: Id[]
  /** The draft it stands in for: one that was returned, or that its drafter took back before it was issued. */
  replaces: Id | null
}
export type ApprovalEntry = Carried & { draft: Id; post: Id; approved: boolean }

const MOST_APPROVERS = 12

/** `draft`: sealed to the drafting post and its approvers; two sections as of a directive. */
export const draft: DirectiveKind<DraftEntry> = {
  name: 'draft',
  read(item) {
    const fields = new Fields('draft', item.header.fields)
    const approvers = fields.list(2, MOST_APPROVERS, (value) => {
      if (!isId(value)) throw fields.bad(2, 'posts')
      return toBase64url(value)
    })
    const entry = { ...carried(item), issuer: fields.id(1), approvers, replaces: fields.idOrNull(3) }
    fields.end()
    const posts = new Set([entry.issuer, ...approvers])
    if (approvers.length === 0 || posts.size <= approvers.length) throw fields.bad(2, 'others, once')
    return entry
  },
  chain: (_entry, { id }) => draftChain(id),
  authority: ({ issuer }, header, { directory }, at) => void directory.authorFor(header, issuer, at.index),
  rule(entry, header, { directory, directives }) {
    requireSealed('draft', entry, header, 2)
    for (const post of entry.approvers) {
      if (!directory.post(post) || directory.post(post)?.abolished)
        throw new Refusal('not_found', 'No such post', { post })
    }
    if (entry.replaces) {
      const before = draftOf(directives, entry.replaces)
      if (before.issuer !== entry.issuer) throw noSuchDraft()
      if (before.directive) throw new Refusal('wrong_state', 'The draft before was issued')
    }
    requireCover(entry.wraps ?? [], coverOf(new Set([entry.issuer, ...entry.approvers]), directory))
  },
  apply({ issuer, approvers }, header, { index }, { directives }) {
    const id = toBase64url(header.id)
    directives.setDraft({ id, index, issuer, approvers, approved: 0, returned: false, directive: null, acts: [] })
  },
}

/** `approval`: the next of the approvers approves, or returns it; its note opens for everybody who can open the draft. */
export const approval: DirectiveKind<ApprovalEntry> = {
  name: 'approval',
  read(item) {
    const fields = new Fields('approval', item.header.fields)
    const entry = { ...carried(item), draft: fields.id(1), post: fields.id(2), approved: fields.flag(3) }
    fields.end()
    return entry
  },
  chain: ({ draft }) => draftChain(fromBase64url(draft)),
  authority({ draft, post }, header, { directory, directives }, at) {
    directory.authorFor(header, post, at.index)
    if (!draftOf(directives, draft).approvers.includes(post)) throw noSuchDraft()
  },
  rule(entry, header, { directives }) {
    requireSealed('approval', entry, header, 1)
    requireNoWraps(entry)
    const { approvers, approved, returned } = draftOf(directives, entry.draft)
    if (returned) throw new Refusal('wrong_state', 'The draft was returned')
    const at = approvers.indexOf(entry.post)
    if (at < approved) throw new Refusal('already_done', 'Approved already')
    if (at > approved) throw new Refusal('not_your_turn', 'Others approve before', { post: approvers[approved] })
  },
  apply({ draft, post, approved }, header, place, { directory, directives }) {
    const head = directives.draft(draft)
    if (!head) return
    const { person } = directory.author(header, place.index)
    const act = { item: toBase64url(header.id), index: place.index, time: place.time, post, person, approved }
    const counted = approved ? { approved: head.approved + 1 } : { returned: true }
    directives.setDraft({ ...head, ...counted, acts: [...head.acts, act] })
  },
}

export function draftFields(entry: Pick<DraftEntry, 'issuer' | 'approvers' | 'replaces'>): CborMap {
  return new Map<number, Cbor>([
    [1, raw(entry.issuer)],
    [2, entry.approvers.map(raw)],
    [3, entry.replaces && raw(entry.replaces)],
  ])
}

export function approvalFields(entry: Pick<ApprovalEntry, 'draft' | 'post' | 'approved'>): CborMap {
  return new Map<number, Cbor>([
    [1, raw(entry.draft)],
    [2, raw(entry.post)],
    [3, entry.approved],
  ])
}

export function isApproved({ approvers, approved, returned }: DraftHead): boolean {
  return !returned && approved === approvers.length
}

/**
 * Throws unless what `issuer` is about to issue was approved as its office's practice wants: `approval_needed` naming the
 * posts, `wrong_state` for a draft that is not approved, was returned, or was issued before.
 */
export function requireApproved(id: Id | null, issuer: Id, directives: DirectiveBook): void {
  const route = directives.route(issuer)
  if (id === null) {
    if (route && route.length > 0) throw new Refusal('approval_needed', 'Not without approval', { posts: route })
    return
  }
  const head = draftOf(directives, id)
  if (head.issuer !== issuer) throw noSuchDraft()
  if (!isApproved(head)) throw new Refusal('wrong_state', 'The draft is not approved')
  if (head.directive) throw new Refusal('already_done', 'Issued already', { directive: head.directive })
  const missing = route?.filter((post) => !head.approvers.includes(post)) ?? []
  if (missing.length > 0) throw new Refusal('approval_needed', 'Not without approval', { posts: missing })
}

function draftOf(directives: DirectiveBook, id: Id): DraftHead {
  const head = directives.draft(id)
  if (!head) throw noSuchDraft()
  return head
}

function noSuchDraft(): Refusal {
  return new Refusal('not_found', 'No such draft')
}
