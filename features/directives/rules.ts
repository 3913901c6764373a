import { toBase64url } from '../../core/bytes.ts'
import { MAX_WRAPS } from '../../core/item.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Wrap } from '../../core/wrap.ts'
import type { Directory, Id } from '../directory/index.ts'
import { REACHED } from './audience.ts'
import type { AnswerState, Ask, Clause } from './entries.ts'

export { type Audience, audience, linesFor, linesNaming, means } from './audience.ts'

/** What decides whom an item must be sealed to. */
export type Sealing = Pick<Directory, 'post' | 'person' | 'ring' | 'cover'>

/** Rings by id, each with the generation to seal to. */
export type Cover = Map<Id, number>

/** Who reads a directive: its addressees, their direct supervisors, and the issuing post. */
export function directiveReaders(addressees: Iterable<Id>, issuer: Id, directory: Pick<Directory, 'post'>): Set<Id> {
  const readers = new Set<Id>([issuer])
  for (const id of addressees) {
    readers.add(id)
    const supervisor = directory.post(id)?.supervisor
    if (supervisor) readers.add(supervisor)
  }
  return readers
}

/** Who reads the thread of one addressed post: itself, its direct supervisor, and the issuing post. */
export function threadReaders(post: Id, issuer: Id, directory: Pick<Directory, 'post'>): Set<Id> {
  return directiveReaders([post], issuer, directory)
}

/** Whether `post` stands somewhere below `superior`. A circle in the directory ends the search. */
export function isBelow(post: Id, superior: Id, directory: Pick<Directory, 'post'>): boolean {
  const seen = new Set<Id>([post])
  for (let at = directory.post(post)?.supervisor ?? null; at !== null; at = directory.post(at)?.supervisor ?? null) {
    if (at === superior) return true
    if (seen.has(at)) return false
    seen.add(at)
  }
  return false
}

/** R2 over many: the rings that an item for all these readers must be wrapped to, each exactly once. */
export function coverOf(readers: ReadonlySet<Id>, directory: Sealing): Cover {
  const cover: Cover = new Map()
  for (const reader of readers) {
    if (leavesItToSupervisor(reader, readers, directory)) continue
    for (const { id, generation } of directory.cover(reader)) cover.set(id, generation)
  }
  return cover
}

/**
 * Throws `Refusal('no_reader')` naming up to 20 addressees whom nobody reads for, not even the record room: what is sealed
 * to nobody would be tracked, and never read.
 */
export function requireReadable(addressees: readonly Id[], directory: Sealing & Pick<Directory, 'recordRoom'>): void {
  const room = directory.recordRoom()
  if (room && directory.cover(room.id).length > 0) return // it reads whatever nobody else does
  const parties = addressees.filter((id) => directory.cover(id).length === 0)
  if (parties.length === 0) return
  throw new Refusal('no_reader', 'Nobody reads for an addressed post', {
    parties: parties.slice(0, 20),
    count: parties.length,
  })
}

/**
 * A post nobody reads for is covered by its supervisor, and when that one is a reader anyway there is nothing to add. Most
 * posts of a large audience are such, and R2 need not be asked 100,000 times.
 */
function leavesItToSupervisor(reader: Id, readers: ReadonlySet<Id>, directory: Sealing): boolean {
  const post = directory.post(reader)
  if (!post?.supervisor || post.supervisor === reader || !readers.has(post.supervisor)) return false
  if (!directory.post(post.supervisor)) return false
  if (directory.ring(post.id)) return false
  return post.holders.every(({ person }) => directory.person(person)?.devices.length === 0 && !directory.ring(person))
}

/**
 * Throws unless the wraps are exactly to `wanted`: `too_many_wraps`, or `stale_ring` naming up to 20 of the parties that
 * are missing, superfluous or of another generation. The author seals anew.
 */
export function requireCover(wraps: readonly Wrap[], wanted: Cover): void {
  if (wanted.size > MAX_WRAPS) throw new Refusal('too_many_wraps', 'More than 2,000 wraps', { max: MAX_WRAPS })
  const left = new Map(wanted)
  const wrong = new Set<Id>()
  for (const { ring, generation } of wraps) {
    const id = toBase64url(ring)
    if (left.get(id) !== generation) wrong.add(id)
    else left.delete(id)
  }
  for (const id of left.keys()) wrong.add(id)
  if (wrong.size === 0) return
  const parties = [...wrong].slice(0, 20)
  throw new Refusal('stale_ring', 'Sealed to other rings than the readers have now', { parties, count: wrong.size })
}

/**
 * What is asked of one addressee for a clause: nothing of the issuer himself; of a post that is to publish the letter that, once,
 * as an answer to the whole of it, and of its clauses what is asked of everybody; a post that was only informed is asked to acknowledge the letter, where the others
 * are asked anything of it, and nothing clause by clause.
 */
export function askOf(clause: Clause, reached: number, isIssuer: boolean): Ask {
  if (isIssuer) return 'nothing'
  const publishes = clause.label === '' && (reached & REACHED.publish) !== 0
  if (publishes && clause.ask !== 'standing') return 'once'
  if (reached & (REACHED.action | REACHED.publish)) return clause.ask
  return clause.label === '' && clause.ask !== 'nothing' ? 'acknowledge' : 'nothing'
}

/** Whether an answer ends what was asked once, or keeps what was asked for good. Work in progress and a problem still owe an end. */
export function isFinal(state: AnswerState): boolean {
  return state !== 'progress' && state !== 'problem'
}

/** Whether this state can answer this ask: a standing clause is kept, never done; only a standing one is kept. */
export function canAnswer(ask: Ask, state: AnswerState): boolean {
  if (state === 'kept') return ask === 'standing'
  if (state === 'done') return ask !== 'standing'
  return true
}

/** Throws `Refusal`: `bad_input` for a label the directive does not have, `wrong_state` for a state it cannot take. */
export function requireAnswerable(clauses: readonly Clause[], labels: readonly string[], state: AnswerState): void {
  for (const label of labels) {
    const clause = clauses.find((known) => known.label === label)
    if (!clause) throw new Refusal('bad_input', 'No such clause', { clause: label })
    if (!canAnswer(clause.ask, state)) {
      throw new Refusal('wrong_state', `A clause asked ${clause.ask} is not answered ${state}`, {
        clause: label,
        state,
      })
    }
  }
}
