import type { Absence, Following, OutboxEntry } from '../../client/views.ts'

/** Following through, of sample data: acts go to the sample outbox and come to nothing. */
export function sampleFollowing(send: (entry: Omit<OutboxEntry, 'at' | 'state'>) => void): Following {
  let made = 0
  let absences: Absence[] = []
  const act = async (what: OutboxEntry['what'], title = '') => {
    const id = `following-${++made}`
    send({ id, what, title })
    return id
  }
  return {
    drafts: [],
    get absences() {
      return absences
    },
    openDraft: async () => {
      throw Object.assign(new Error('no such draft'), { code: 'not_found' })
    },
    layBefore: (draft) => act('draft', draft.summary.subject),
    approve: () => act('approval'),
    amend: () => act('amend'),
    extend: () => act('extend'),
    remind: () => act('remind'),
    declareAbsent: (absence) => {
      absences = [...absences.filter(({ post }) => post !== absence.post), absence]
      return act('absence')
    },
    route: async () => [],
  }
}
