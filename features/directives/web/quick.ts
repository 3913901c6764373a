import type { Answer, DirectiveRow } from '../../../client/views.ts'

/** What of a short directive was said already: by a tap, or by any answer, which says at least that it was received. */
export function quickOf(
  row: Pick<DirectiveRow, 'progress'>,
  thread: readonly Answer[],
): { received: boolean; doing: boolean; problem: boolean } {
  const last = thread.findLast(({ clauses, refused }) => clauses.length > 0 && !refused)
  const received = row.progress === 'acknowledged' || row.progress === 'answered' || row.progress === 'queued'
  return {
    received: received || last !== undefined,
    doing: last?.state === 'progress',
    problem: last?.state === 'problem',
  }
}
