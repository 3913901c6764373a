import type { DraftView } from '../../../client/views.ts'

/** What a draft waits for, as its reader stands to it. */
export type Turn = 'approve' | 'issue' | 'mend' | 'waits' | 'issued'

/**
 * Whether its drafter may take it back and lay it anew: a mistake was seen, its due date passed before it was approved, or whoever
 * should approve it is somebody else by now. One that was returned is mended anyway.
 */
export function mayTakeBack({ role, directive, returned }: DraftView): boolean {
  return role === 'drafter' && !directive && !returned
}

export function turnOf({ role, mineToDo, returned, directive }: DraftView): Turn {
  if (directive) return 'issued'
  if (!mineToDo) return 'waits'
  if (role === 'approver') return 'approve'
  return returned ? 'mend' : 'issue'
}

/** Whether its due date is over before it was issued: it goes as it was approved, and everybody is late from the start. */
export function lateFromStart(turn: Turn, due: number | null, now: number): boolean {
  return turn !== 'issued' && due !== null && due <= now
}

/** Drafts as they are listed: what the reader owes first, what was issued last; each in the order given. */
export function draftSections(
  drafts: readonly DraftView[],
): { section: 'mine' | 'others' | 'done'; drafts: DraftView[] }[] {
  const sections = (['mine', 'others', 'done'] as const).map((section) => ({
    section,
    drafts: drafts.filter((draft) => sectionOf(draft) === section),
  }))
  return sections.filter(({ drafts }) => drafts.length > 0)
}

function sectionOf(draft: DraftView): 'mine' | 'others' | 'done' {
  if (draft.directive) return 'done'
  return draft.mineToDo ? 'mine' : 'others'
}

/** Who must approve, in their order: whom the office wants, then whom the drafter chose; nobody twice, the drafter never. */
export function approversOf(route: readonly string[], chosen: readonly string[], drafter: string): string[] {
  return [...new Set([...route, ...chosen])].filter((post) => post !== drafter)
}
