import { toBase64url } from '../core/bytes.ts'
import type { Part } from '../core/commitment.ts'
import { REACHED } from '../features/directives/audience.ts'
import {
  type Act,
  type Afar,
  askOf,
  type Change,
  type DirectiveEntry,
  type Head,
  isFinal,
  linesFor,
  linesNaming,
  type Thread,
} from '../features/directives/index.ts'
import type { Directory, Holding, Post } from '../features/directory/index.ts'
import type { Placed } from './fold.ts'
import type { ClientState, Mirror } from './mirror.ts'
import type { Drafted } from './outbox.ts'
import type { AnswerState, ClauseAsk, DirectiveRow, Name, PostName, Progress, RowChange, Since } from './views.ts'
import { weightiest } from './weightiest.ts'

/** What a post of mine has to do with a directive. */
export type Role = DirectiveRow['role']

type Looking = {
  state: ClientState
  mirror: Mirror
  /** Posts held now. */
  posts: readonly string[]
  /** Oneself: a demi-official letter goes to the person. */
  person: string
  /** By directive and post: how many of my acts wait in the outbox. */
  queued: (directive: string, post: string) => number
  /** Those acts themselves: what they answer is no longer owed while they are on their way. */
  pending?: (directive: string, post: string) => readonly Drafted[]
  now: number
}

/** A row for each directive and each post of mine that reads it, newest first. */
export function rowsOf(looking: Looking): DirectiveRow[] {
  const rows: DirectiveRow[] = []
  const passing = Map.groupBy(looking.state.directives.heads(), ({ parent }) => parent)
  const { directory } = looking.state
  const left = directory
    .holdingsOf(looking.person)
    .filter(({ post, until }) => until !== null && !directory.holds(looking.person, post))
  for (const placed of looking.mirror.directives()) {
    const id = toBase64url(placed.header.id)
    const problem = looking.mirror.problem(id)
    // Hazards 1 and 10: what was tampered with is not shown at all; the alarm names it.
    if (problem === 'bad_commitment' || problem === 'key_reused') continue
    for (const { post, role } of rolesIn(placed, looking, left)) {
      rows.push(rowOf(placed, post, role, looking, passing))
    }
  }
  return rows.sort((a, b) => b.index - a.index)
}

/** The posts of mine that read this directive, and why. `left`: charges that I hold no more. */
function rolesIn(
  { entry, index }: Placed<DirectiveEntry>,
  { state: { directory }, posts, person }: Looking,
  left: readonly Holding[],
): { post: Reader; role: Role }[] {
  const mine = posts.map((id) => directory.post(id)).filter((post): post is Post => post !== undefined)
  const own =
    linesNaming(person, entry.lines).length > 0
      ? [{ post: { id: person, supervisor: null }, role: 'addressed' as const }]
      : []
  const roleOf = (post: Post): Role | null => {
    if (post.id === entry.issuer) return 'issuing'
    if (linesFor(post, entry.lines).length > 0) return 'addressed'
    return reachesBelow(post, entry, directory) ? 'supervising' : null
  }
  const inPost = mine.flatMap((post) => {
    const role = roleOf(post)
    return role ? [{ post, role }] : []
  })
  const named = [...own, ...inPost]
  if (named.length > 0) return named
  // What came by a charge that is over is no affair of the posts that are left.
  const cameBy = ({ post, until }: Holding) => {
    const held = index < until! ? directory.post(post) : undefined
    return held !== undefined && roleOf(held) !== null
  }
  if (left.some(cameBy)) return []
  // It came to one of my posts without naming it or one below: because nobody reads where it was meant for.
  const [first] = mine
  return first ? [{ post: first, role: 'fallback' }] : []
}

/** A post of mine, or myself as the person a letter names. */
type Reader = Pick<Post, 'id' | 'supervisor'>

/** Whether it is meant for a post directly below this one; of those only what this device has met counts. */
function reachesBelow(post: Reader, entry: DirectiveEntry, directory: Directory): boolean {
  return [...directory.posts()].some((other) => other.supervisor === post.id && linesFor(other, entry.lines).length > 0)
}

/** @param passing the directives that pass others on, by which they pass on */
function rowOf(
  placed: Placed<DirectiveEntry>,
  post: Reader,
  role: Role,
  looking: Looking,
  passing: ReadonlyMap<string | null, Head[]>,
): DirectiveRow {
  const { state, mirror, queued, now } = looking
  const { entry, header, index, leaf } = placed
  const id = toBase64url(header.id)
  const summary = mirror.text(id)
  const thread = state.directives.thread(id, post.id)
  const held = state.directory.post(post.id)
  const lines = held ? linesFor(held, entry.lines) : linesNaming(post.id, entry.lines)
  const reached = lines.reduce((bits, line) => bits | REACHED[line.purpose], 0)
  const addressed = role === 'addressed' || (role === 'issuing' && lines.length > 0)
  const asked = entry.clauses.map(({ label, ask }): ClauseAsk => {
    if (!addressed) return { label, ask: 'nothing' }
    return { label, ask: askOf({ label, ask }, reached, role === 'issuing') }
  })
  const head = state.directives.head(id)
  const ended = head?.ended ?? null
  const owed = ended ? [] : owedOf(asked, thread, looking.pending?.(id, post.id))
  const waiting = queued(id, post.id)
  const row: DirectiveRow = {
    id,
    post: post.id,
    role,
    index,
    accepted: leaf.time,
    issuer: postName(entry.issuer, state.directory, textOf(summary, 'issuer')),
    memo: textOf(summary, 'memo'),
    subject: textOf(summary, 'subject'),
    due: head?.due ?? null,
    urgency: entry.urgency as DirectiveRow['urgency'],
    grade: entry.grade as DirectiveRow['grade'],
    clauses: asked,
    progress: progressOf(thread, owed, addressed, waiting),
    owed,
    late: owed.length > 0 && !!head?.due && head.due < now,
    form: entry.form,
    ...sinceOf(head ?? { changes: [], ended: null }, post.id, role, mirror),
    publish: (reached & REACHED.publish) !== 0,
  }
  if (!summary) {
    row.unreadable = 'waiting-for-key'
    row.keyFrom = keyFrom(post, entry, state.directory)
  }
  const said = row.progress === 'answered' ? saidIn(thread) : null
  if (said) row.said = said
  if (waiting > 0) row.queued = waiting
  if (entry.due !== null && entry.due !== row.due) row.firstDue = entry.due
  if (entry.parent) row.parent = entry.parent
  const above = entry.parent && sinceWithin(entry.parent, post.id, { state, mirror })
  if (above) row.above = above
  const passed = passing.get(id)?.filter(({ issuer }) => issuer === post.id) ?? []
  if (passed.length > 0) row.passedOn = passed.map((one) => one.id)
  if (lines[0]) row.line = lines[0].n
  const question = role === 'addressed' ? askedAt(thread, post.id, looking.pending?.(id, post.id)) : undefined
  if (question !== undefined) row.asked = question
  if (role === 'addressed' && reachesBelow(post, entry, state.directory)) row.overseen = true
  return row
}

/** What became of a directive that another here passes on; null where nothing did, or it was not opened yet. */
export function sinceWithin(
  id: string,
  post: string,
  { state, mirror }: Pick<Looking, 'state' | 'mirror'>,
): Since | null {
  const issuer = mirror.issuerWithin(id)
  if (issuer === null) return null
  const since = sinceOf(state.directives.afar(id, issuer), post, 'addressed', mirror)
  return since.changes.length > 0 || since.cancelled || since.supersededBy ? since : null
}

function sinceOf({ changes, ended }: Afar, post: string, role: Role, mirror: Mirror): Since {
  const since: Since = { changes: changesOf(changes, post, role, mirror) }
  if (ended?.how === 'cancelled') since.cancelled = { reason: textOf(mirror.text(ended.by), 'reason'), at: ended.time }
  if (ended?.successor) since.supersededBy = ended.successor
  return since
}

/** What the issuer changed, as a reader of this post sees it: a reminder only by whom it reminds, and by the issuer. */
function changesOf(changes: readonly Change[], post: string, role: Role, mirror: Mirror): RowChange[] {
  return changes.flatMap((change): RowChange[] => {
    const text = mirror.text(change.by)
    const told = { at: change.time, reason: textOf(text, 'reason') }
    if (change.kind === 'amend') {
      return [{ ...told, kind: 'amend', parts: text?.filter(({ label }) => label !== 'reason') ?? [] }]
    }
    if (change.kind === 'extend') return [{ ...told, kind: 'extend', due: change.due }]
    return role === 'issuing' || change.posts.includes(post) ? [{ ...told, kind: 'remind' }] : []
  })
}

/** Whose devices wrap a key again for this post: the supervisor's, the issuer's. */
function keyFrom(post: Reader, { issuer }: DirectiveEntry, directory: Directory): PostName[] {
  const from = new Set([post.supervisor, issuer].filter((id) => id !== null && id !== post.id && directory.post(id)))
  return [...from].map((id) => postName(id!, directory))
}

/**
 * What of `asked` this thread still owes, acts on their way counted as done. An acknowledgement is answered by any
 * answer to the clause as well.
 */
export function owedOf(asked: readonly ClauseAsk[], thread: Thread, pending: readonly Drafted[] = []): ClauseAsk[] {
  const answered = new Set<string>()
  const acknowledged = thread.receipt === 'acknowledged' || pending.some(({ what }) => what === 'acknowledge')
  const said = thread.acts.flatMap((act) => (act.kind === 'answer' ? [act.entry] : []))
  const saying = pending.flatMap((draft) => (draft.what === 'answer' ? [draft] : []))
  for (const { clauses, state } of [...said, ...saying]) {
    for (const label of clauses) {
      if (isFinal(state)) answered.add(label)
      else answered.delete(label)
    }
  }
  return asked.filter(({ label, ask }) => {
    if (ask === 'nothing' || answered.has(label)) return false
    return ask !== 'acknowledge' || !acknowledged
  })
}

/** When another than the addressee last wrote a remark here, unless the addressee has written since or is about to. */
function askedAt(thread: Thread, post: string, pending: readonly Drafted[] = []): number | undefined {
  if (pending.some(({ what }) => what === 'answer')) return undefined
  const last = thread.acts.findLast(({ kind }) => kind === 'answer')
  if (last?.kind !== 'answer' || last.post === post || last.person === post) return undefined
  return last.entry.clauses.length === 0 ? last.time : undefined
}

function progressOf(thread: Thread, owed: ClauseAsk[], addressed: boolean, waiting: number): Progress {
  if (waiting > 0) return 'queued'
  const answered = thread.acts.some((act) => act.kind === 'answer' && act.entry.clauses.length > 0)
  if (addressed && answered && owed.length === 0) return 'answered'
  if (thread.receipt === 'acknowledged') return 'acknowledged'
  if (thread.receipt === 'opened') return 'opened'
  return 'delivered'
}

/** What was said last of each clause, as one state. */
function saidIn(thread: Thread): AnswerState | null {
  const said = new Map<string, AnswerState>()
  for (const act of thread.acts)
    if (act.kind === 'answer') for (const clause of act.entry.clauses) said.set(clause, act.entry.state)
  return weightiest([...said.values()])
}

/** When a state was first reached in a thread, as accepted. */
export function reachedAt(thread: Thread, is: (act: Act) => boolean): number | undefined {
  return thread.acts.find(is)?.time
}

/** A post as people read it. `printed` stands in where its chain is not here. */
export function postName(id: string, directory: Directory, printed = ''): PostName {
  const post = directory.post(id)
  if (!post) {
    const name = { bn: printed, en: printed }
    return { id, title: name, office: { bn: '', en: '' }, vacant: false, joined: false }
  }
  const [holding] = post.holders
  const holder = holding && directory.person(holding.person)
  const name: PostName = {
    id,
    title: post.name,
    office: directory.office(post.office)?.name ?? { bn: '', en: '' },
    vacant: post.holders.length === 0,
    joined: post.holders.some(({ person }) => isJoined(person, directory)),
  }
  if (holder) name.holder = holder.name
  if (holding && holding.charge !== 'regular') name.charge = holding.charge
  return name
}

function isJoined(person: string, directory: Directory): boolean {
  return (directory.person(person)?.devices ?? []).some((device) => directory.isLive(device))
}

export function personName(id: string, directory: Directory): Name {
  return directory.person(id)?.name ?? { bn: '', en: '' }
}

export function textOf(parts: readonly Part[] | null, label: string): string {
  const value = parts?.find((part) => part.label === label)?.value
  return typeof value === 'string' ? value : ''
}
