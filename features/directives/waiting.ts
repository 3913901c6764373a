import { Refusal } from '../../core/refusal.ts'
import type { Id } from '../directory/index.ts'
import { type BoardNeeds, board, openBoard } from './board.ts'

/** How others stand to a directive one waits for: what আজ says beneath it. */
export type Awaited = {
  directive: Id
  /** Addressees whose counts the asker may see; the issuing post, which nothing is asked of, not among them. */
  addressees: number
  /** To whom nothing asked is without an answer; where only an acknowledgement is asked, who gave it. */
  answered: number
  /** Who owe something past its due time. */
  late: number
}

/** A day's list is no longer; nobody asks after everything there ever was. */
const MOST = 50

/**
 * Those of these directives whose board the asker may see, in the order asked; what is hidden from him or absent is left out
 * alike. Throws `Refusal('bad_input')` for more than 50.
 */
export async function waitingFor(needs: BoardNeeds, posts: readonly Id[], ids: readonly Id[]): Promise<Awaited[]> {
  if (ids.length > MOST) throw new Refusal('bad_input', `At most ${MOST} directives`, { field: 'of', max: MOST })
  const awaited: Awaited[] = []
  for (const id of ids) {
    try {
      const [{ counts, clauses, standing }, { audience, stored }] = await Promise.all([
        board(needs, posts, id),
        openBoard(needs, posts, id),
      ])
      const toItself = standing === 'issuing' && audience.has(stored.issuer) ? 1 : 0
      const answers = clauses.some(({ ask }) => ask === 'once' || ask === 'standing')
      awaited.push({
        directive: id,
        addressees: counts.sent - toItself,
        answered: answers ? counts.answered : counts.acknowledged,
        late: counts.late,
      })
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'not_found')) throw error
    }
  }
  return awaited
}
