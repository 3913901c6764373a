import type { Part as CorePart } from '../core/commitment.ts'
import type { Envelope } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { type Line, PURPOSES, type Selector } from '../features/directives/entries.ts'
import { means, threadReaders } from '../features/directives/rules.ts'
import type { Post } from '../features/directory/index.ts'
import type { Acts, Issue, Progress } from './act.ts'
import { enclose } from './enclosure.ts'
import { writeFiles } from './file-part.ts'
import type { ClientState, Mirror } from './mirror.ts'
import type { Names } from './names.ts'
import type { Drafted } from './outbox.ts'
import type { Proven } from './proven.ts'
import type { IssueDraft, ListedPost } from './views.ts'

export type NamedPost = ListedPost

type Needs = {
  proven: Proven<ClientState>
  mirror: Mirror
  acts: Acts
  person: string
  names: Names
  /** A sealed section of an item, from the server. */
  section: (item: string, n: number) => Promise<Uint8Array<ArrayBuffer>>
}

/** Turns what a person meant into a sealed, signed item. */
export async function sealDraft(draft: Drafted, progress: Progress, needs: Needs): Promise<Envelope> {
  const { acts, mirror } = needs
  switch (draft.what) {
    case 'open':
      return acts.receipt(draft.directive, draft.post, 'opened')
    case 'acknowledge':
      return acts.receipt(draft.directive, draft.post, 'acknowledged')
    case 'answer': {
      const issuer = issuerOf(draft.directive, needs)
      const { files = [], values = {}, ...answering } = draft
      const { hashes, part } = writeFiles(files)
      const filled = Object.keys(values).length > 0 ? [{ label: 'values', value: Object.entries(values) }] : []
      const named = { files: hashes, parts: files.length > 0 ? [...filled, part] : filled }
      return acts.answer(draft.directive, issuer, {
        ...answering,
        ...named,
        as: postActingIn(draft.post, issuer, needs),
      })
    }
    case 'cancel':
      return acts.cancel(draft.directive, draft.post, await mirror.keyOf(draft.directive), draft.reason)
    case 'supersede': {
      const key = await mirror.keyOf(draft.directive)
      return acts.supersede(draft.directive, draft.post, draft.successor, key, draft.reason)
    }
    case 'amend': {
      const parts = draft.parts.map(({ label, value }) => ({ label, value }) as CorePart)
      return acts.amend(draft.directive, draft.post, await mirror.keyOf(draft.directive), draft.reason, parts)
    }
    case 'extend':
      return acts.extend(draft.directive, draft.post, draft.due, await mirror.keyOf(draft.directive), draft.reason)
    case 'remind':
      return acts.remind(draft.directive, draft.post, draft.posts, await mirror.keyOf(draft.directive), draft.reason)
    case 'draft': {
      const { parts, ...rest } = draft.draft
      const issuing = { label: 'issuing', value: JSON.stringify({ ...rest, parts: [] }) }
      const { groups } = issueOf({ ...draft.draft, parts: [...parts, issuing] })
      return acts.layBefore(draft.post, draft.approvers, groups, draft.replaces)
    }
    case 'approval':
      return acts.approve(draft.draftId, draft.post, draft.approved, await mirror.keyOf(draft.draftId), draft.reason)
    case 'absence':
      return acts.absence(draft.absence, draft.as)
    case 'practice':
      return acts.practice(draft.practice, draft.post)
    case 'issue': {
      const { parent } = draft.draft
      const issue = issueOf(draft.draft)
      if (parent) {
        const enclosure = await enclose(mirror, parent, (n) => needs.section(parent, n))
        issue.passing = { parent, enclosure }
      }
      const { envelope } = await acts.issue(
        issue,
        candidatesOf(issue.lines, await needs.names('as they are now')),
        progress,
      )
      return envelope
    }
  }
}

/** The letter as it will be sealed. Throws `Refusal('unresolved_line')` naming a line for nobody, `bad_input` for a bad selector. */
export function issueOf(draft: IssueDraft): Issue {
  const { post, parts, summary, lines, clauses, due, grade, urgency, form = 'letter', from } = draft
  const { memo, subject, date, issuer } = summary
  const first = Object.entries({ memo, subject, date, issuer }).map(([label, value]) => ({ label, value }))
  const rest = parts.map(({ label, value }) => ({ label, value }) as CorePart)
  return { post, groups: [first, rest], lines: lines.map(lineOf), clauses, due, grade, urgency, form, draft: from }
}

function lineOf({ n, purpose, selectors }: IssueDraft['lines'][number]): Line {
  return { n, purpose: PURPOSES[purpose], selectors: selectors.map(readSelector) }
}

/** A selector in any of its written forms: `[0, role]`, `{role, office}`, `{by: 'post', post}`. */
export function readSelector(value: unknown): Selector {
  if (Array.isArray(value)) {
    const [type, first, second] = value
    if (type === 0 && typeof first === 'string') return { by: 'role', role: first }
    if (type === 1 && typeof first === 'string' && typeof second === 'string')
      return { by: 'office', role: first, office: second }
    if (type === 2 && typeof first === 'string') return { by: 'post', post: first }
    if (type === 3 && typeof first === 'string') return { by: 'person', person: first }
  } else if (typeof value === 'object' && value !== null) {
    const { post, person, role, office } = value as Record<string, unknown>
    if (typeof person === 'string') return { by: 'person', person }
    if (typeof post === 'string') return { by: 'post', post }
    if (typeof role === 'string')
      return typeof office === 'string' ? { by: 'office', role, office } : { by: 'role', role }
  }
  throw new Refusal('bad_input', 'Not a selector')
}

/** Posts the lines may mean, by the unproven list of names; which they do mean is decided on the proven directory. */
export function candidatesOf(lines: readonly Line[], names: readonly NamedPost[]): string[] {
  const selectors = lines.flatMap((line) => line.selectors)
  const persons = selectors.flatMap((selector) => (selector.by === 'person' ? [selector.person] : []))
  const posts = names.filter((name) => selectors.some((selector) => means(selector, name as unknown as Post)))
  return [...persons, ...posts.map(({ id }) => id)]
}

function issuerOf(directive: string, { mirror }: Needs): string {
  const placed = mirror.directive(directive)
  if (!placed) throw new Refusal('not_found', 'No such directive here', { directive })
  return placed.entry.issuer
}

/** The post of ours by which we write in this thread: the addressed one where we hold it, else the one that reads there. */
function postActingIn(post: string, issuer: string, { proven, person }: Needs): string {
  if (post === person) return person // a demi-official letter came to the person himself
  const held = proven.directory.postsOf(person).map((holding) => holding.post)
  if (held.includes(post)) return post
  const readers = threadReaders(post, issuer, proven.directory)
  const found = held.find((one) => readers.has(one))
  if (!found) throw new Refusal('not_allowed', 'This person does not read that thread')
  return found
}
