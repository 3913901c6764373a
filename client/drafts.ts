import { type DraftHead, isApproved } from '../features/directives/index.ts'
import type { ClientState, Mirror } from './mirror.ts'
import { postName, textOf } from './rows.ts'
import type { DraftView } from './views.ts'

type Looking = { state: ClientState; mirror: Mirror; person: string }

/** The drafts that posts of mine work on, newest first. Which was replaced by another is left out. */
export function draftsOf(looking: Looking): DraftView[] {
  const { state, mirror, person } = looking
  const held = new Set(state.directory.postsOf(person).map(({ post }) => post))
  const drafts = [...state.directives.drafts()].sort((a, b) => b.index - a.index)
  const replaced = new Set(drafts.map(({ id }) => mirror.act(id)?.entry.replaces as string | null))
  return drafts.flatMap((draft) => {
    const mine = [draft.issuer, ...draft.approvers].filter((post) => held.has(post))
    const turn = mine.find((post) => post === nextOf(draft)) ?? mine[0]
    return turn === undefined || replaced.has(draft.id) ? [] : [viewOf(draft, turn, looking)]
  })
}

function viewOf(draft: DraftHead, mine: string, { state, mirror }: Looking): DraftView {
  const { id, issuer, approvers, approved, returned, directive, acts } = draft
  const summary = mirror.text(id)
  const next = nextOf(draft)
  const view: DraftView = {
    id,
    post: postName(issuer, state.directory, textOf(summary, 'issuer')),
    memo: textOf(summary, 'memo'),
    subject: textOf(summary, 'subject'),
    at: mirror.act(id)?.leaf.time ?? 0,
    approvers: approvers.map((post, n) => {
      const act = acts.find((one) => one.post === post)
      const stands = act ? (act.approved ? 'approved' : 'returned') : post === next ? 'next' : 'waiting'
      const view: DraftView['approvers'][number] = {
        post: postName(post, state.directory),
        state: n < approved ? 'approved' : stands,
      }
      if (act) Object.assign(view, { at: act.time, reason: textOf(mirror.text(act.item), 'reason') })
      return view
    }),
    mine,
    role: mine === issuer ? 'drafter' : 'approver',
    mineToDo: directive === null && (mine === issuer ? returned || isApproved(draft) : mine === next),
    approved: isApproved(draft),
    returned,
  }
  if (directive) view.directive = directive
  if (!summary) view.unreadable = 'waiting-for-key'
  return view
}

/** Whose turn it is to approve; null when nobody's. */
function nextOf({ approvers, approved, returned }: DraftHead): string | null {
  return returned ? null : (approvers[approved] ?? null)
}
