import type { AnswerState, ClauseAsk, DirectiveRow } from '../client/views.ts'

/**
 * What an official says to which parts of a letter: to everything that wants an answer, the letter as a whole ('') among it where
 * it does; to the whole where nothing does. Of a standing clause "done" is said as keeping to it.
 */
export function answersOf({ clauses }: Pick<DirectiveRow, 'clauses'>, state: AnswerState): Map<AnswerState, string[]> {
  const asked = clauses.filter(({ ask }) => ask === 'once' || ask === 'standing')
  if (asked.length === 0) return new Map([[state, ['']]])
  const said = ({ ask }: ClauseAsk): AnswerState => (ask === 'standing' && state === 'done' ? 'kept' : state)
  const groups = Map.groupBy(asked, said)
  return new Map([...groups].map(([one, of]) => [one, of.map(({ label }) => label)]))
}
