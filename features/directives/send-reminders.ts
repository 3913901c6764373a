import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import { ID_LENGTH } from '../../core/item.ts'
import type { Db, Read, Tx } from '../../server/db.ts'
import type { Directory, Id } from '../directory/index.ts'
import type { Habits, Practices } from './habits.ts'
import { escalatesAt, isEscalation, type ReminderKind, type Stage, stagesOf, toldAbove, toldAt } from './reminders.ts'
import type { FrozenCache } from './store.ts'

export type SendRemindersNeeds = {
  db: Db
  directory: Pick<Directory, 'post'>
  practices: Practices
  frozen: FrozenCache
  now: () => number
}

/** A directive as its clock sees it. */
type Clocked = {
  directive: number
  id: Bytes
  issuer: Bytes
  issued: number
  due: number | null
  grade: number
  urgency: number
  ended: number | null
  reminded: number
  escalated: number
}

/** A notice to be made of one addressee. */
type Owing = { n: number; heard: number | null }

/** How much one transaction takes; what is left goes into the next one of the same tick. */
const CLOCKS = 500
const FIRED = 20
const WAITS = 1_000
/** Addressees in one statement. */
const PAGE = 20_000

/** Whoever hangs in the middle of a transaction is cut off by the database after this time, and another goes on. */
const HANGING_MS = 10_000

/**
 * When the directive `d` ended for who is to be reminded: with what it passes on too, which is asked for by nobody any more. What
 * one passed on stands all the same, until one withdraws it.
 */
export const ENDED = `coalesce(d.ended, (
  WITH RECURSIVE above AS (
    SELECT p.parent, p.ended FROM directive p WHERE p.id = d.parent
    UNION ALL
    SELECT p.parent, p.ended FROM above JOIN directive p ON p.id = above.parent
  )
  SELECT min(ended) FROM above
))`

const CLOCKED = `d.number AS directive, d.id, d.issuer, d.issued, d.due, d.grade, d.urgency, ${ENDED} AS ended`

/**
 * Makes the notices that are due, and gives how many. May run anywhere at any time, also twice at once: that nothing is made
 * twice is the word of the table's key; that two do not do the same work, of a lock that is only tried. A round is one
 * transaction, in which the clocks move on; cut off anywhere it leaves nothing.
 */
export async function sendReminders(needs: SendRemindersNeeds): Promise<number> {
  const now = needs.now()
  for (let made = 0; ; ) {
    const round = await needs.db.write((tx) => sendSome(tx, now, needs))
    made += round.made
    if (!round.more) return made
  }
}

async function sendSome(tx: Tx, now: number, needs: SendRemindersNeeds): Promise<{ made: number; more: boolean }> {
  await tx.query(`SET LOCAL idle_in_transaction_session_timeout = ${HANGING_MS}`)
  await tx.query('SET LOCAL statement_timeout = 30000')
  const lock = await tx.one<{ held: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('reminders', 0)) AS held`,
  )
  if (!lock?.held) return { made: 0, more: false }
  const practice = await needs.practices.refresh(tx)
  const fresh = await startClocks(tx, practice, needs)
  const stale = await setClocks(tx, practice, now, needs)
  const covers = await readCovers(tx, now)
  const fired = await fireClocks(tx, now, covers, needs)
  const waited = await fireWaits(tx, now, covers, needs)
  return {
    made: fired.made + waited.made,
    more: fresh === CLOCKS || stale === CLOCKS || fired.taken === FIRED || waited.taken === WAITS,
  }
}

/** Every directive gets a clock, in the order of their numbers, which is that of their places in the log. */
async function startClocks(tx: Tx, practice: number, needs: SendRemindersNeeds): Promise<number> {
  const rows = await tx.many<Clocked>(
    `SELECT ${CLOCKED}, d.issued AS reminded, d.issued AS escalated
     FROM directive d
     WHERE d.number > coalesce((SELECT max(directive) FROM reminder_clock), 0)
     ORDER BY d.number LIMIT ${CLOCKS}`,
  )
  if (rows.length === 0) return 0
  await tx.query(
    `INSERT INTO reminder_clock (directive, due, practice, open, reminded, escalated, next)
     SELECT directive, due, $3, due IS NOT NULL, issued, issued, next
     FROM unnest($1::int[], $2::bigint[], $4::bigint[], $5::bigint[]) c (directive, due, issued, next)
     ON CONFLICT DO NOTHING`,
    [
      rows.map(({ directive }) => directive),
      rows.map(({ due }) => due),
      practice,
      rows.map(({ issued }) => issued),
      rows.map((row) => nextOf(row, habitsOf(row, needs))),
    ],
  )
  return rows.length
}

/**
 * Sets the clocks anew where the due date or a practice has changed, and stops them where the directive has ended. What a clock
 * that ran ahead has done counts no further than the extension, or than now; that nobody hears it again is the word of the key.
 */
async function setClocks(tx: Tx, practice: number, now: number, needs: SendRemindersNeeds): Promise<number> {
  const rows = await tx.many<Clocked>(
    `SELECT ${CLOCKED},
            CASE WHEN d.due = c.due THEN least(c.reminded, $2)
                 ELSE coalesce(
                   (SELECT max(x.placed) FROM directive_change x WHERE x.directive = d.number AND x.kind = 'extend'),
                   d.issued)
            END AS reminded,
            CASE WHEN c.practice = -2 THEN c.escalated ELSE d.issued END AS escalated -- a shorter rule may have passed already
     FROM reminder_clock c JOIN directive d ON d.number = c.directive
     WHERE c.open AND (d.due IS DISTINCT FROM c.due OR c.practice < $1 OR d.ended IS NOT NULL)
     ORDER BY c.directive LIMIT ${CLOCKS} FOR UPDATE OF c SKIP LOCKED`,
    [practice, now],
  )
  await moveClocks(
    tx,
    rows.map((row) => ({ ...row, open: row.ended === null, next: nextOf(row, habitsOf(row, needs)) })),
    practice,
  )
  return rows.length
}

async function fireClocks(tx: Tx, now: number, covers: Covers, needs: SendRemindersNeeds): Promise<Fired> {
  const rows = await tx.many<Clocked>(
    `SELECT ${CLOCKED}, c.reminded, c.escalated
     FROM reminder_clock c JOIN directive d ON d.number = c.directive
     WHERE c.next <= $1 AND d.expanded -- those it is still being written for would be passed over
     ORDER BY c.next LIMIT ${FIRED} FOR UPDATE OF c SKIP LOCKED`,
    [now],
  )
  let made = 0
  const moved: (Clocked & { open: boolean; next: number | null })[] = []
  for (const row of rows) {
    const habits = habitsOf(row, needs)
    const due = leftOf(row, habits).filter(({ at }) => at <= now)
    let owing = await readOwing(tx, row.directive, -1)
    const owes = owing.length > 0
    while (owing.length > 0) {
      made += await tell(tx, row, due, owing, { now, habits, covers, needs })
      owing = owing.length < PAGE ? [] : await readOwing(tx, row.directive, owing.at(-1)!.n)
    }
    const reached = {
      ...row,
      reminded: Math.max(row.reminded, ...due.filter(({ kind }) => !isEscalation(kind)).map(({ at }) => at)),
      escalated: Math.max(row.escalated, ...due.filter(({ kind }) => isEscalation(kind)).map(({ at }) => at)),
    }
    const open = owes && row.ended === null
    moved.push({ ...reached, open, next: open ? nextOf(reached, habits) : null })
  }
  await moveClocks(tx, moved)
  return { made, taken: rows.length }
}

/** Escalations that were put off: made now, put off again where the addressee spoke meanwhile, or dropped where nothing is owed. */
async function fireWaits(tx: Tx, now: number, covers: Covers, needs: SendRemindersNeeds): Promise<Fired> {
  const rows = await tx.many<Clocked & Owing & { kind: ReminderKind; owed: number }>(
    `SELECT ${CLOCKED}, 0 AS reminded, 0 AS escalated, w.n, w.kind, t.owed, ${HEARD} AS heard
     FROM reminder_wait w
     JOIN directive d ON d.number = w.directive
     JOIN tracking t ON t.directive = w.directive AND t.clause = 0 AND t.n = w.n
     WHERE w.at <= $1
     ORDER BY w.at LIMIT ${WAITS} FOR UPDATE OF w SKIP LOCKED`,
    [now],
  )
  if (rows.length === 0) return { made: 0, taken: 0 }
  await tx.query(
    `DELETE FROM reminder_wait w
     USING unnest($1::int[], $2::int[], $3::text[]) g (directive, n, kind)
     WHERE w.directive = g.directive AND w.n = g.n AND w.kind = g.kind`,
    [rows.map(({ directive }) => directive), rows.map(({ n }) => n), rows.map(({ kind }) => kind)],
  )
  let made = 0
  for (const row of rows) {
    if (row.ended !== null || row.owed === 0 || row.due === null) continue
    const habits = habitsOf(row, needs)
    const stage: Stage = { kind: row.kind, nth: 1, at: row.due }
    made += await tell(tx, row, [stage], [row], { now, habits, covers, needs })
  }
  return { made, taken: rows.length }
}

type Fired = { made: number; taken: number }
type Covers = ReadonlyMap<Id, Id>
type Telling = { now: number; habits: Habits; covers: Covers; needs: SendRemindersNeeds }

/** Makes the notices of these stages to everybody who still owes; an escalation whose own moment is yet to come waits for it. */
async function tell(
  tx: Tx,
  row: Clocked,
  stages: readonly Stage[],
  owing: readonly Owing[],
  { now, habits, covers, needs }: Telling,
): Promise<number> {
  if (stages.length === 0 || owing.length === 0 || row.ended !== null) return 0
  const frozen = await needs.frozen.get(tx, row.directive)
  const told: { party: Bytes; addressee: Bytes; kind: ReminderKind; nth: number; at: number }[] = []
  const waiting: { n: number; kind: ReminderKind; at: number }[] = []
  for (const { n, heard } of owing) {
    const addressee = frozen.raw(n)
    const id = toBase64url(addressee)
    const debtor = { id, cover: covers.get(id) ?? null, above: [] as readonly Id[] }
    if (stages.some(({ kind }) => isEscalation(kind))) debtor.above = toldAbove(id, needs.directory)
    for (const { kind, nth, at: usual } of stages) {
      const at = isEscalation(kind) ? escalatesAt(kind, row, heard, habits.rule, habits.calendar) : usual
      const to = toldAt(kind, debtor)
      if (at === null || to === null) continue
      if (at > now) waiting.push({ n, kind, at })
      else told.push({ party: to === id ? addressee : fromBase64url(acting(to, id, covers)), addressee, kind, nth, at })
    }
  }
  if (waiting.length > 0) await putOff(tx, row.directive, waiting)
  return told.length === 0 ? 0 : await makeNotices(tx, row, told, now, needs)
}

/** Who acts for a post above, unless that is the very one who is silent. */
function acting(to: Id, addressee: Id, covers: Covers): Id {
  const cover = covers.get(to)
  return cover === undefined || cover === addressee ? to : cover
}

async function makeNotices(
  tx: Tx,
  { id, issuer, due, grade, urgency }: Clocked,
  told: readonly { party: Bytes; addressee: Bytes; kind: ReminderKind; nth: number; at: number }[],
  now: number,
  { directory }: SendRemindersNeeds,
): Promise<number> {
  const office = directory.post(toBase64url(issuer))?.office
  const { count } = await tx.query(
    `INSERT INTO notice (party, kind, directive, addressee, nth, against, grade, urgency, office, due_at, made_at)
     SELECT party, kind, $1, addressee, nth, $2, $3, $4, $5, at, $6
     FROM unnest($7::bytea[], $8::text[], $9::bytea[], $10::smallint[], $11::bigint[]) t (party, kind, addressee, nth, at)
     ON CONFLICT DO NOTHING`,
    [
      id,
      due,
      grade,
      urgency,
      office ? fromBase64url(office) : new Uint8Array(ID_LENGTH),
      now,
      told.map(({ party }) => party),
      told.map(({ kind }) => kind),
      told.map(({ addressee }) => addressee),
      told.map(({ nth }) => nth),
      told.map(({ at }) => at),
    ],
  )
  return count
}

async function putOff(
  tx: Tx,
  directive: number,
  waiting: readonly { n: number; kind: ReminderKind; at: number }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO reminder_wait (directive, n, kind, at)
     SELECT $1, n, kind, at FROM unnest($2::int[], $3::text[], $4::bigint[]) w (n, kind, at)
     ON CONFLICT (directive, n, kind) DO UPDATE SET at = excluded.at`,
    [directive, waiting.map(({ n }) => n), waiting.map(({ kind }) => kind), waiting.map(({ at }) => at)],
  )
}

/** Without `practice` the one they were reckoned by stays. */
async function moveClocks(
  tx: Tx,
  rows: readonly (Clocked & { open: boolean; next: number | null })[],
  practice: number | null = null,
): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `UPDATE reminder_clock c
     SET due = m.due, practice = coalesce($1, c.practice), open = m.open, reminded = m.reminded,
         escalated = m.escalated, next = CASE WHEN m.open THEN m.next END
     FROM unnest($2::int[], $3::bigint[], $4::boolean[], $5::bigint[], $6::bigint[], $7::bigint[])
          m (directive, due, open, reminded, escalated, next)
     WHERE c.directive = m.directive`,
    [
      practice,
      rows.map(({ directive }) => directive),
      rows.map(({ due }) => due),
      rows.map(({ open }) => open),
      rows.map(({ reminded }) => reminded),
      rows.map(({ escalated }) => escalated),
      rows.map(({ next }) => next),
    ],
  )
}

/** The addressee's own last answer. Most never gave one, and are not looked up. */
const HEARD = `CASE WHEN t.spoke IS NOT NULL THEN (
  SELECT max(a.placed) FROM answer a
  WHERE a.directive = t.directive AND a.n = t.n AND a.by = 0 AND a.clauses <> '{}'
) END`

/** Who still owes, after the `after`-th addressee; at most a page of them. */
async function readOwing(read: Read, directive: number, after: number): Promise<Owing[]> {
  return await read.many<Owing>(
    `SELECT t.n, ${HEARD} AS heard FROM tracking t
     WHERE t.directive = $1 AND t.clause = 0 AND t.n > $2 AND t.owed > 0 ORDER BY t.n LIMIT ${PAGE}`,
    [directive, after],
  )
}

/** Posts whose holders are away at `now`, each with the post that acts for it. */
export async function readCovers(read: Read, now: number): Promise<Map<Id, Id>> {
  const rows = await read.many<{ post: Bytes; cover: Bytes }>(
    `SELECT post, cover FROM absence
     WHERE cover IS NOT NULL AND since <= $1 AND (until IS NULL OR until > $1)`,
    [now],
  )
  return new Map(rows.map(({ post, cover }) => [toBase64url(post), toBase64url(cover)]))
}

/** One addressee as his row has him; undefined where it is not written yet. */
export async function readDebtor(
  read: Read,
  directive: number,
  n: number,
): Promise<{ owed: number; heard: number | null } | undefined> {
  return await read.one<{ owed: number; heard: number | null }>(
    `SELECT t.owed, ${HEARD} AS heard FROM tracking t WHERE t.directive = $1 AND t.clause = 0 AND t.n = $2`,
    [directive, n],
  )
}

/** Clocks run by the hours, holidays and rule of the issuing post's office. */
function habitsOf({ issuer }: Pick<Clocked, 'issuer'>, { directory, practices }: SendRemindersNeeds): Habits {
  return practices.of(directory.post(toBase64url(issuer))?.office ?? '')
}

function leftOf(row: Clocked, { rule, calendar }: Habits): Stage[] {
  const { issued, due, urgency, ended, reminded, escalated } = row
  return stagesOf({ issued, due, urgency, ended: ended !== null }, rule, calendar).filter(
    ({ kind, at }) => at > (isEscalation(kind) ? escalated : reminded),
  )
}

function nextOf(row: Clocked, habits: Habits): number | null {
  return leftOf(row, habits)[0]?.at ?? null
}
