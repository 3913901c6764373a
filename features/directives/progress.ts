import { fromBase64url } from '../../core/bytes.ts'
import type { Tx } from '../../server/db.ts'
import type { Placed } from '../../server/feature.ts'
import type { Directory, Id } from '../directory/index.ts'
import { ANSWER_STATES, type AnswerEntry, type AnswerState, type ReceiptEntry } from './entries.ts'
import { lockExpansion, type Tracked, writeTrackingOf } from './expand.ts'
import { isFinal } from './rules.ts'

/** Any of these with the addressee it concerns. */
type Of<T> = T & { tracked: Tracked & { expanded: boolean }; n: number }
type Known = ReadonlyMap<Id, Of<unknown>['tracked']>

export type ReceiptMark = Of<{ opened: number | null; acknowledged: number | null }>
export type DeliveryMark = Of<{ time: number }>

const BY = ['addressed', 'supervisor', 'issuer'] as const
export type AnswerMark = Of<{
  index: number
  id: Uint8Array
  time: number
  clauses: number[]
  state: AnswerState
  until: number | null
  by: (typeof BY)[number]
  post: Id
  person: Id
}>

/** The receipts of a batch, one mark for each addressee: the first time of each state. */
export function receiptsOf(placed: Placed<ReceiptEntry>[], known: Known): ReceiptMark[] {
  const marks = new Map<string, ReceiptMark>()
  for (const { entry, place } of placed) {
    const key = `${entry.directive} ${entry.post}`
    const tracked = known.get(entry.directive)!
    const mark = marks.get(key) ?? {
      tracked,
      n: tracked.frozen.indexOf(entry.post),
      opened: null,
      acknowledged: null,
    }
    mark[entry.state] ??= place.time
    marks.set(key, mark)
  }
  return [...marks.values()]
}

/** The answers of a batch, in log order. */
export function answersOf(placed: Placed<AnswerEntry>[], known: Known, directory: Directory): AnswerMark[] {
  return placed.map(({ entry, place, header }) => {
    const tracked = known.get(entry.directive)!
    const { post, person } = directory.author(header, place.index)
    return {
      tracked,
      n: tracked.frozen.indexOf(entry.post),
      index: place.index,
      id: header.id,
      time: place.time,
      clauses: entry.clauses.map((label) => tracked.clauses.findIndex((clause) => clause.label === label)),
      state: entry.state,
      until: entry.until,
      by:
        post === entry.post || person === entry.post ? 'addressed' : post === tracked.issuer ? 'issuer' : 'supervisor',
      post: post ?? person,
      person,
    }
  })
}

/** Notes signed receipts, of addressees whose rows are there (`ensureRows`). An acknowledgement fulfils every clause that asks for no more. */
export async function markReceipts(tx: Tx, marks: ReceiptMark[]): Promise<void> {
  if (marks.length === 0) return
  await tx.query(
    `UPDATE tracking t
     SET opened = least(t.opened, coalesce(m.opened, m.acknowledged)), -- least() passes over nulls
         acknowledged = coalesce(t.acknowledged, m.acknowledged)
     FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) m (directive, n, opened, acknowledged)
     WHERE t.directive = m.directive AND t.clause = 0 AND t.n = m.n`,
    [...columns(marks), marks.map(({ opened }) => opened), marks.map(({ acknowledged }) => acknowledged)],
  )
  await fulfilAcknowledged(
    tx,
    marks.flatMap((mark) => (mark.acknowledged === null ? [] : [{ ...mark, time: mark.acknowledged }])),
  )
  await countUp(tx, marks)
}

/** Keeps answers and notes the newest of each clause. The addressee's own says that he has opened and taken note. */
export async function markAnswers(tx: Tx, marks: AnswerMark[]): Promise<void> {
  if (marks.length === 0) return
  await tx.query(
    `INSERT INTO answer (directive, n, index, id, clauses, state, until, by, post, person, placed)
     SELECT directive, n, index, id, clauses::smallint[], state, until, by, post, person, placed
     FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bytea[], $5::text[], $6::smallint[], $7::bigint[],
                 $8::smallint[], $9::bytea[], $10::bytea[], $11::bigint[])
          a (directive, n, index, id, clauses, state, until, by, post, person, placed)`,
    [
      ...columns(marks),
      marks.map(({ index }) => index),
      marks.map(({ id }) => id),
      marks.map(({ clauses }) => `{${clauses}}`), // an array of arrays would have to be rectangular
      marks.map(({ state }) => ANSWER_STATES.indexOf(state)),
      marks.map(({ until }) => until),
      marks.map(({ by }) => BY.indexOf(by)),
      marks.map(({ post }) => fromBase64url(post)),
      marks.map(({ person }) => fromBase64url(person)),
      marks.map(({ time }) => time),
    ],
  )
  const newest = newestByClause(marks)
  await tx.query(
    `UPDATE tracking t
     SET state = m.state, by = m.by, answer = m.index, answered = m.time,
         met = CASE WHEN t.ask < 2 THEN t.met -- an acknowledgement fulfils it, see below
                    WHEN m.final THEN coalesce(t.met, m.time) END
     FROM unnest($1::int[], $2::int[], $3::smallint[], $4::smallint[], $5::smallint[], $6::bigint[], $7::bigint[],
                 $8::boolean[]) m (directive, n, clause, state, by, index, time, final)
     WHERE t.directive = m.directive AND t.clause = m.clause AND t.n = m.n`,
    [
      ...columns(newest),
      newest.map(({ clause }) => clause),
      newest.map(({ state }) => ANSWER_STATES.indexOf(state)),
      newest.map(({ by }) => BY.indexOf(by)),
      newest.map(({ index }) => index),
      newest.map(({ time }) => time),
      newest.map(({ state }) => isFinal(state)),
    ],
  )
  const own = firsts(marks.filter(({ by, clauses }) => by === 'addressed' && clauses.length > 0))
  await tx.query(
    `UPDATE tracking t SET spoke = m.time
     FROM unnest($1::int[], $2::int[], $3::bigint[]) m (directive, n, time)
     WHERE t.directive = m.directive AND t.clause = 0 AND t.n = m.n AND t.spoke IS NULL`,
    [...columns(own), own.map(({ time }) => time)],
  )
  await fulfilAcknowledged(tx, own)
  await countUp(tx, marks)
}

/**
 * Notes that the server saw a device of the addressee fetch past the entry. Passes over rows that a batch is writing at
 * this moment, so that the two never wait for each other: what a batch writes there implies delivery.
 */
export async function markDelivered(tx: Tx, marks: DeliveryMark[]): Promise<void> {
  if (marks.length === 0) return
  await ensureRows(tx, marks)
  await tx.query(
    `UPDATE tracking t SET delivered = m.time
     FROM (
       SELECT r.directive, r.n, a.time
       FROM unnest($1::int[], $2::int[], $3::bigint[]) a (directive, n, time)
       JOIN tracking r ON r.directive = a.directive AND r.clause = 0 AND r.n = a.n
       WHERE r.delivered IS NULL
       FOR UPDATE OF r SKIP LOCKED
     ) m
     WHERE t.directive = m.directive AND t.clause = 0 AND t.n = m.n`,
    [...columns(marks), marks.map(({ time }) => time)],
  )
}

/** What asks only for an acknowledgement is fulfilled from `time` on, unless it was before. */
async function fulfilAcknowledged(tx: Tx, marks: DeliveryMark[]): Promise<void> {
  if (marks.length === 0) return
  await tx.query(
    `UPDATE tracking t SET met = m.time
     FROM unnest($1::int[], $2::int[], $3::bigint[], $4::int[]) m (directive, n, time, clauses)
     CROSS JOIN LATERAL generate_series(0, m.clauses - 1) g (clause)
     WHERE t.directive = m.directive AND t.clause = g.clause AND t.n = m.n AND t.ask = 1 AND t.met IS NULL`,
    [...columns(marks), marks.map(({ time }) => time), marks.map(({ tracked }) => tracked.clauses.length)],
  )
}

/** Counts anew what these addressees still owe, and whether every question has had an answer. */
async function countUp(tx: Tx, marks: readonly Of<unknown>[]): Promise<void> {
  const each = firsts(marks)
  await tx.query(
    `UPDATE tracking t
     SET owed = c.owed,
         replied = CASE WHEN c.silent = 0 AND c.answered IS NOT NULL THEN coalesce(t.replied, c.answered) END
     FROM (
       SELECT a.directive, a.n,
              count(*) FILTER (WHERE r.ask > 0 AND r.met IS NULL) AS owed,
              count(*) FILTER (WHERE r.ask > 1 AND r.state IS NULL) AS silent,
              max(r.answered) AS answered
       FROM unnest($1::int[], $2::int[], $3::int[]) a (directive, n, clauses)
       CROSS JOIN LATERAL generate_series(0, a.clauses - 1) g (clause)
       JOIN tracking r ON r.directive = a.directive AND r.clause = g.clause AND r.n = a.n
       GROUP BY a.directive, a.n
     ) c
     WHERE t.directive = c.directive AND t.clause = 0 AND t.n = c.n`,
    [...columns(each), each.map(({ tracked }) => tracked.clauses.length)],
  )
}

/** Of a directive still being expanded, the rows about to be marked are written now; the worker will find them there. */
export async function ensureRows(tx: Tx, marks: readonly Of<unknown>[]): Promise<void> {
  const unfinished = Map.groupBy(
    marks.filter(({ tracked }) => !tracked.expanded),
    ({ tracked }) => tracked,
  )
  if (unfinished.size === 0) return
  await lockExpansion(
    tx,
    [...unfinished.keys()].map(({ number }) => number),
  )
  for (const [tracked, own] of unfinished) {
    await writeTrackingOf(
      tx,
      tracked,
      [...new Set(own.map(({ n }) => n))].sort((a, b) => a - b),
    )
  }
}

function columns(marks: readonly Of<unknown>[]): [number[], number[]] {
  return [marks.map(({ tracked }) => tracked.number), marks.map(({ n }) => n)]
}

/** The first mark of each addressee: an UPDATE may meet a row only once. */
function firsts<T extends Of<unknown>>(marks: readonly T[]): T[] {
  const found = new Map<string, T>()
  for (const mark of marks) {
    const key = `${mark.tracked.number} ${mark.n}`
    if (!found.has(key)) found.set(key, mark)
  }
  return [...found.values()]
}

/** The last answer of each clause of each addressee. */
function newestByClause(marks: readonly AnswerMark[]): (AnswerMark & { clause: number })[] {
  const found = new Map<string, AnswerMark & { clause: number }>()
  for (const mark of marks) {
    for (const clause of mark.clauses) found.set(`${mark.tracked.number} ${mark.n} ${clause}`, { ...mark, clause })
  }
  return [...found.values()]
}
