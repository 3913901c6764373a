import { fromBase64url, toBase64url } from '../../core/bytes.ts'
import { issuedChain, threadChain } from '../../core/chain.ts'
import { type Header, MAX_WRAPS } from '../../core/item.ts'
import type { At, Place } from '../../core/kind.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Directory, Id } from '../directory/index.ts'
import { type Audience, audience } from './audience.ts'
import type { Act, DirectiveBook, Head } from './book.ts'
import { amend, extend, remind } from './changes.ts'
import { approval, draft, requireApproved } from './drafts.ts'
import { absence, practice } from './duty.ts'
import {
  type AnswerEntry,
  type CancelEntry,
  type DirectiveEntry,
  RECEIPT_STATES,
  type ReceiptEntry,
  readAnswer,
  readCancel,
  readDirective,
  readReceipt,
  readSupersede,
  readWrapAdd,
  type SupersedeEntry,
  type WrapAddEntry,
} from './entries.ts'
import { freeze } from './frozen.ts'
import {
  type DirectiveKind,
  headOf,
  noSuchDirective,
  requireAddressed,
  requireAhead,
  requireIssuer,
  requireNoWraps,
  requireSealed,
  requireStanding,
} from './requiring.ts'
import {
  coverOf,
  directiveReaders,
  isBelow,
  requireAnswerable,
  requireCover,
  requireReadable,
  threadReaders,
} from './rules.ts'

/**
 * What the rule found, for `apply` to fix. Only the sequencer runs the rule, so only there is an audience frozen: a device
 * does not have the whole directory.
 */
const found = new WeakMap<DirectiveEntry, Audience>()

/** `directive`: sealed to the posts its lines mean, their direct supervisors and the issuing post. */
export const directive: DirectiveKind<DirectiveEntry> = {
  name: 'directive',
  read: readDirective,
  chain: ({ issuer }) => issuedChain(fromBase64url(issuer)),
  authority({ issuer, form, parent }, header, { directory }, at) {
    directory.authorFor(header, issuer, at.index)
    const post = directory.post(issuer)
    // Any superior directs, advises and passes on to his own subordinates; that they are his, the rule judges.
    const toSubordinates = parent !== null || form === 'short' || form === 'advice'
    if (!post || post.abolished || !(post.mayIssue || toSubordinates)) {
      throw new Refusal('not_allowed', 'That post may not issue directives')
    }
  },
  rule(entry, header, { directory, directives }, at) {
    // What is passed on travels along as it was signed, in a section of its own.
    requireSealed('directive', entry, header, entry.parent === null ? 2 : 3)
    if (entry.resolvedAt > at.index) throw new Refusal('bad_input', 'directive: evaluated in the future', { field: 3 })
    // What was approved is issued as it was approved, however long that took; more time can be given at once.
    if (entry.draft === null) requireAhead(entry.due, at)
    // @NOTE Evaluated as the directory stands here. Were it to give others than at the size the author names, those who
    // were sealed to are no longer those who are meant: the author looks at the list again.
    const now = audience(entry.lines, directory)
    if (now.posts.length === 0) throw new Refusal('unresolved_line', 'Addressed to nobody')
    if (now.posts.length !== entry.count || toBase64url(now.hash) !== toBase64url(entry.audienceHash)) {
      throw new Refusal('audience_mismatch', 'The lines mean other posts now', { count: now.posts.length })
    }
    requireReadable(now.posts, directory)
    requireSubordinates(entry, now.posts, directory)
    if (entry.parent !== null) requirePassable(entry, entry.parent, directives, at)
    if (entry.form === 'letter' && entry.parent === null) requireApproved(entry.draft, entry.issuer, directives)
    const readers = directiveReaders(now.posts, entry.issuer, directory)
    for (const post of approversOf(entry.draft, directives)) readers.add(post)
    if ((entry.wraps?.length ?? 0) > MAX_WRAPS) {
      throw new Refusal('too_many_wraps', 'More than 2,000 wraps', { max: MAX_WRAPS })
    }
    requireCover(entry.wraps ?? [], coverOf(readers, directory))
    found.set(entry, now)
  },
  apply(entry, header, place, { directory, directives }) {
    const { issuer, clauses, due, form, parent } = entry
    const { index, time } = place
    const id = toBase64url(header.id)
    const head: Head = { id, index, time, issuer, clauses, due, form, parent, changes: [], ended: null }
    const now = found.get(entry)
    directives.setHead(head, now && freeze(now, directory))
    const draft = entry.draft === null ? undefined : directives.draft(entry.draft)
    if (draft) directives.setDraft({ ...draft, directive: id })
  },
}

/** `cancel`: by whoever holds the issuing post now. Its reason opens for everybody who could open the directive. */
export const cancel: DirectiveKind<CancelEntry> = {
  name: 'cancel',
  read: readCancel,
  chain: ({ issuer }) => issuedChain(fromBase64url(issuer)),
  authority: requireIssuer,
  rule(entry, header, { directives }) {
    requireSealed('cancel', entry, header, 1)
    requireNoWraps(entry)
    const head = headOf(directives, entry.directive)
    if (head.ended?.how === 'cancelled') throw new Refusal('already_done', 'The directive is cancelled already')
    requireStanding(head)
  },
  apply(entry, header, place, { directives }) {
    const by = toBase64url(header.id)
    directives.end(entry, { by, how: 'cancelled', time: place.time, successor: null })
  },
}

/** `supersede`: the directive in its stead stands already, is of the same post, and is not ended itself. */
export const supersede: DirectiveKind<SupersedeEntry> = {
  name: 'supersede',
  read: readSupersede,
  chain: ({ issuer }) => issuedChain(fromBase64url(issuer)),
  authority: requireIssuer,
  rule(entry, header, { directives }) {
    requireSealed('supersede', entry, header, 1)
    requireNoWraps(entry)
    const head = headOf(directives, entry.directive)
    if (head.ended?.successor === entry.successor)
      throw new Refusal('already_done', 'The directive is superseded already')
    requireStanding(head)
    const successor = headOf(directives, entry.successor)
    if (successor.issuer !== entry.issuer) throw new Refusal('not_allowed', 'The successor is of another post')
    if (successor.ended || successor.id === entry.directive) {
      throw new Refusal('wrong_state', 'The successor does not stand')
    }
  },
  apply(entry, header, place, { directives }) {
    const by = toBase64url(header.id)
    directives.end(entry, { by, how: 'superseded', time: place.time, successor: entry.successor })
  },
}

/** `receipt`: a holder of the addressed post opened or acknowledged. Only forward; also after the directive has ended. */
export const receipt: DirectiveKind<ReceiptEntry> = {
  name: 'receipt',
  read: readReceipt,
  chain: thread,
  authority: ({ post }, header, { directory }, at) => requireAddressee(post, header, directory, at),
  rule(entry, _header, { directives }) {
    requireNoWraps(entry)
    requireAddressed(directives, entry)
    const before = directives.thread(entry.directive, entry.post).receipt
    if (before && RECEIPT_STATES.indexOf(entry.state) <= RECEIPT_STATES.indexOf(before)) {
      throw new Refusal('already_done', 'That was signed already', { state: before })
    }
  },
  apply(entry, header, place, { directory, directives }) {
    directives.add({ kind: 'receipt', entry, ...actOf(header, place, directory) })
  },
}

/** `answer`: how clauses are complied with, or a remark where it names none; sealed to the three who read the thread. */
export const answer: DirectiveKind<AnswerEntry> = {
  name: 'answer',
  read: readAnswer,
  chain: thread,
  authority(entry, header, { directory, directives }, at) {
    const { post, person } = directory.author(header, at.index)
    const { issuer } = headOf(directives, entry.directive)
    if (entry.post === person) return // a demi-official letter goes to the person himself
    if (!post || !threadReaders(entry.post, issuer, directory).has(post)) {
      throw noSuchDirective() // that it exists is not told to an outsider
    }
  },
  rule(entry, header, { directory, directives }) {
    requireSealed('answer', entry, header, 1)
    requireAddressed(directives, entry)
    const head = headOf(directives, entry.directive)
    requireStanding(head)
    requireAnswerable(head.clauses, entry.clauses, entry.state)
    requireFiles(entry, directives)
    requireCover(entry.wraps ?? [], coverOf(threadReaders(entry.post, head.issuer, directory), directory))
  },
  apply(entry, header, place, { directory, directives }) {
    directives.add({ kind: 'answer', entry, ...actOf(header, place, directory) })
  },
}

/**
 * `wrap-add`: a reader of the thread wraps item keys again, to the ring that another reader has now. Readers are the three
 * of the thread, and any post above the addressed one: while nobody read there, what was meant for it fell to them.
 */
export const wrapAdd: DirectiveKind<WrapAddEntry> = {
  name: 'wrap-add',
  read: readWrapAdd,
  chain: thread,
  authority(entry, header, { directory, directives }, at) {
    const { post } = directory.author(header, at.index)
    const { issuer } = headOf(directives, entry.directive)
    if (!post || !mayRepair(post, entry.post, issuer, directory)) {
      throw new Refusal('not_allowed', 'The author does not read this thread')
    }
  },
  rule(entry, _header, { directory, directives }) {
    requireNoWraps(entry)
    if (entry.sections !== 1) throw new Refusal('bad_input', 'wrap-add: one section expected', { kind: 'wrap-add' })
    requireAddressed(directives, entry)
    const { issuer } = headOf(directives, entry.directive)
    const { answers } = directives.thread(entry.directive, entry.post)
    const cover = coverOf(threadReaders(entry.post, issuer, directory), directory)
    for (const { item, ring, generation } of entry.targets) {
      if (item !== entry.directive && !answers.includes(item)) {
        throw new Refusal('not_found', 'No such item in this thread', { item })
      }
      if (cover.get(ring) !== generation) {
        throw new Refusal('stale_ring', 'Not a ring that a reader has now', { parties: [ring], count: 1 })
      }
    }
  },
  apply(entry, header, place, { directory, directives }) {
    directives.add({ kind: 'wrap-add', entry, ...actOf(header, place, directory) })
  },
}

/** Every kind of this feature. */
export const directiveKinds: DirectiveKind<never>[] = [
  directive,
  cancel,
  supersede,
  receipt,
  answer,
  wrapAdd,
  amend,
  extend,
  remind,
  draft,
  approval,
  absence,
  practice,
] as DirectiveKind<never>[]

function thread(entry: { directive: Id; post: Id }) {
  return threadChain(fromBase64url(entry.directive), fromBase64url(entry.post))
}

/** Who acts for an addressee: the holder of the post; of a demi-official letter the person himself, in whatever post. */
function requireAddressee(addressee: Id, header: Header, directory: Directory, at: At): void {
  if (directory.author(header, at.index).person !== addressee) directory.authorFor(header, addressee, at.index)
}

/** Every file named is here whole: an answer must not promise what nobody can fetch. */
function requireFiles({ files }: AnswerEntry, directives: DirectiveBook): void {
  const missing = files.flat().filter((hash) => !directives.hasChunk(hash))
  if (missing.length === 0) return
  throw new Refusal('file_missing', 'A file has not come whole', {
    chunks: missing.slice(0, 20).map((hash) => toBase64url(hash)),
  })
}

/** Throws `not_subordinate` naming up to 20: only subordinates are directed shortly, advised, or passed a letter. */
function requireSubordinates(
  { form, parent, issuer }: DirectiveEntry,
  posts: readonly Id[],
  directory: Directory,
): void {
  if (form === 'do' || (form === 'letter' && parent === null)) return
  const parties = posts.filter((post) => !isBelow(post, issuer, directory))
  if (parties.length === 0) return
  throw new Refusal('not_subordinate', 'Not below the issuing post', {
    parties: parties.slice(0, 20),
    count: parties.length,
  })
}

/**
 * What was addressed to this very post and still stands can be passed on, to be answered no later than it is due; when it is late
 * already, by any time ahead.
 */
function requirePassable({ issuer, due }: DirectiveEntry, parent: Id, directives: DirectiveBook, { time }: At): void {
  requireAddressed(directives, { directive: parent, post: issuer })
  const head = headOf(directives, parent)
  requireStanding(head)
  if (head.due !== null && head.due > time && due !== null && due > head.due) {
    throw new Refusal('due_after_parent', 'Later than it is due oneself', { due: head.due })
  }
}

function approversOf(draft: Id | null, directives: DirectiveBook): Id[] {
  return (draft !== null && directives.draft(draft)?.approvers) || []
}

function mayRepair(author: Id, addressed: Id, issuer: Id, directory: Directory): boolean {
  if (author === issuer || author === directory.recordRoom()?.id) return true
  const above = new Set<Id>()
  for (const start of [addressed, issuer]) {
    for (let at: Id | null = start; at !== null && !above.has(at); at = directory.post(at)?.supervisor ?? null) {
      above.add(at)
    }
  }
  return above.has(author)
}

function actOf(
  header: Header,
  place: Place,
  directory: Directory,
): Pick<Act, 'item' | 'index' | 'time' | 'person' | 'post'> {
  const { person, post } = directory.author(header, place.index)
  return { item: toBase64url(header.id), index: place.index, time: place.time, person, post: post ?? person }
}
