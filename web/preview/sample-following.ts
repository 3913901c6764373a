import type { Absence, DraftView, Following, IssueDraft, OutboxEntry } from '../../client/views.ts'

/** Following through, of sample data: acts go to the sample outbox and come to nothing. */
export function sampleFollowing(
  send: (entry: Omit<OutboxEntry, 'at' | 'state'>) => void,
  drafts: DraftView[],
  sampleDraft: () => IssueDraft,
  route: string[],
): Following {
  let made = 0
  let absences: Absence[] = []
  const act = async (what: OutboxEntry['what'], title = '') => {
    const id = `following-${++made}`
    send({ id, what, title })
    return id
  }
  return {
    drafts,
    get absences() {
      return absences
    },
    acting: () => null,
    openDraft: async () => sampleDraft(),
    differsFromApproved: async (id) => (id === 'f5' ? ['text', 'duties'] : []),
    layBefore: (draft) => act('draft', draft.summary.subject),
    approve: () => act('approval'),
    amend: () => act('amend'),
    extend: () => act('extend'),
    remind: () => act('remind'),
    declareAbsent: (absence) => {
      absences = [...absences.filter(({ post }) => post !== absence.post), absence]
      return act('absence')
    },
    sayPractice: () => act('practice'),
    route: async (post) => (post === 'mopa-ds-internal-admin' ? route : []),
  }
}
