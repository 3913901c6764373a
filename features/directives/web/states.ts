import type { AnswerState } from '../../../client/views.ts'
import type { WordKey } from '../../../language/words.ts'

export type { GlyphState } from '../../../web/kit/glyph.ts'

/** The word of an answer, as a state. */
export const answerWords = {
  done: 'common.states.complied',
  progress: 'common.states.progress',
  impossible: 'common.states.impossible',
  notours: 'common.states.notOurs',
  kept: 'common.states.keeping',
  problem: 'common.states.problem',
} as const satisfies Record<AnswerState, WordKey>

/** The word of how far it came; of an answer, `answerWords` has it. */
export const progressWords = {
  queued: 'common.where.willSend',
  sent: 'common.states.sent',
  delivered: 'common.states.delivered',
  opened: 'common.states.opened',
  acknowledged: 'common.states.acknowledged',
  answered: 'common.states.complied',
} as const satisfies Record<string, WordKey>

export const urgencyWords = [
  'common.urgency.normal',
  'common.urgency.urgent',
  'common.urgency.immediate',
  'common.urgency.highest',
] as const satisfies WordKey[]

export const gradeWords = [
  'common.grades.open',
  'common.grades.restricted',
  'common.grades.confidential',
  'common.grades.secret',
  'common.grades.topSecret',
] as const satisfies WordKey[]
