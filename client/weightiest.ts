import type { AnswerState } from './views.ts'

/** What is open or was not possible for one clause is not covered by what was done for another. */
const WEIGHTS = ['problem', 'progress', 'impossible', 'done', 'kept', 'notours'] as const satisfies AnswerState[]

/** One state for several clauses; null where there is none. */
export function weightiest(states: readonly AnswerState[]): AnswerState | null {
  return WEIGHTS.find((weight) => states.includes(weight)) ?? null
}
