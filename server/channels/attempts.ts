/** Claims, outcomes and receipts: each attempt is a row before it is a message. */
import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Db, Read, Tx } from '../db.ts'
import { type ChannelName, RECEIPT_STATES, type Receipt } from './channel.ts'
import type { OUTCOMES, Tried } from './decide.ts'
import type { Sending } from './queue.ts'

export type Claim = { sending: Sending; channel: ChannelName; digest: number | null; cost: number; retry: boolean }
/** What was claimed; `claim.sending` is to be told by the message `id` names. */
export type Claimed = { claim: Claim; id: number; tries: number }

/** Claims what nobody has claimed yet; what is missing in the answer is somebody else's, or was sent before. */
export async function claimAll(tx: Tx, claims: readonly Claim[], now: number): Promise<Claimed[]> {
  if (claims.length === 0) return []
  const arrays = (some: readonly Claim[]) => [
    some.map(({ sending }) => sending.notice),
    some.map(({ sending }) => fromBase64url(sending.person)),
    some.map(({ channel }) => channel),
    some.map(({ digest }) => digest),
    some.map(({ cost }) => cost),
  ]
  const fresh = claims.filter(({ retry }) => !retry)
  const again = claims.filter(({ retry }) => retry)
  type Row = { id: number; notice: number; person: Bytes; channel: string; tries: number }
  const [made, renewed] = await Promise.all([
    fresh.length === 0
      ? []
      : tx.many<Row>(
          `INSERT INTO attempt (notice, person, channel, digest, cost, party, directive, kind, claimed, outcome)
           SELECT t.notice, t.person, t.channel, t.digest, t.cost, s.party, s.directive, s.kind, $6::bigint, 'claimed'
           FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::bigint[], $5::bigint[]) t (notice, person, channel, digest, cost)
           JOIN sending s ON s.notice = t.notice AND s.person = t.person
           ON CONFLICT (notice, person, channel) DO NOTHING
           RETURNING id, notice, person, channel, tries`,
          [...arrays(fresh), now],
        ),
    again.length === 0
      ? []
      : tx.many<Row>(
          `UPDATE attempt a SET outcome = 'claimed', claimed = $6::bigint, tries = tries + 1, again = NULL, digest = t.digest, cost = t.cost
           FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::bigint[], $5::bigint[]) t (notice, person, channel, digest, cost)
           WHERE a.notice = t.notice AND a.person = t.person AND a.channel = t.channel AND a.outcome = 'later'
           RETURNING a.id, a.notice, a.person, a.channel, a.tries`,
          [...arrays(again), now],
        ),
  ])
  const rows = new Map(
    [...made, ...renewed].map((row) => [keyOf(row.notice, toBase64url(row.person), row.channel), row]),
  )
  return claims.flatMap((claim) => {
    const row = rows.get(keyOf(claim.sending.notice, claim.sending.person, claim.channel))
    return row ? [{ claim, id: row.id, tries: row.tries }] : []
  })
}

const keyOf = (notice: number, person: string, channel: string) => `${notice} ${person} ${channel}`

export type Ended = {
  id: number
  outcome: (typeof OUTCOMES)[number]
  code: string | null
  message: string
  again: number | null
  cost: number
}

export async function writeOutcomes(tx: Tx, ended: readonly Ended[]): Promise<void> {
  if (ended.length === 0) return
  await tx.query(
    `UPDATE attempt a SET outcome = t.outcome, code = t.code, message = t.message, again = t.again, cost = t.cost
     FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[]) t (id, outcome, code, message, again, cost)
     WHERE a.id = t.id`,
    [
      ended.map(({ id }) => id),
      ended.map(({ outcome }) => outcome),
      ended.map(({ code }) => code),
      ended.map(({ message }) => message),
      ended.map(({ again }) => again),
      ended.map(({ cost }) => cost),
    ],
  )
}

/** What was tried for each of these, by `notice person`. */
export async function readTried(read: Read, of: readonly Sending[]): Promise<Map<string, Tried[]>> {
  const rows = await read.many<Tried & { notice: number; person: Bytes }>(
    `SELECT a.notice, a.person, a.channel, a.outcome, a.claimed, a.tries, a.again, r.rank AS receipt
     FROM unnest($1::bigint[], $2::bytea[]) t (notice, person)
     JOIN attempt a ON a.notice = t.notice AND a.person = t.person
     LEFT JOIN receipt r ON r.channel = a.channel AND r.message = a.message AND a.message <> ''`,
    [of.map(({ notice }) => notice), of.map(({ person }) => fromBase64url(person))],
  )
  const found = new Map<string, Tried[]>()
  for (const { notice, person, ...tried } of rows) {
    const key = `${notice} ${toBase64url(person)}`
    found.set(key, [...(found.get(key) ?? []), tried])
  }
  return found
}

/**
 * What was claimed by a sender that ended before it wrote what came of it: nobody knows whether it went out, so it is not sent
 * again, and the next channel is tried. To be called by the only sender, before it begins.
 */
export async function giveUpLost(db: Db, now: number): Promise<number> {
  return db.write(async (tx) => {
    const lost = await tx.many<{ notice: number; person: Bytes }>(
      `UPDATE attempt SET outcome = 'lost' WHERE outcome = 'claimed' RETURNING notice, person`,
    )
    await tx.query(
      `UPDATE sending s SET next_at = $3, next_channel = ''
       FROM unnest($1::bigint[], $2::bytea[]) t (notice, person)
       WHERE s.notice = t.notice AND s.person = t.person AND s.state = 'open'`,
      [lost.map(({ notice }) => notice), lost.map(({ person }) => person), now],
    )
    return lost.length
  })
}

/** Keeps what operators told of messages; a later state outdoes an earlier, in whatever order they come, and twice is once. */
export async function keepReceipts(db: Db, receipts: readonly Receipt[], now: number): Promise<void> {
  const best = new Map<string, Receipt & { rank: number }>()
  for (const receipt of receipts) {
    const rank = RECEIPT_STATES.indexOf(receipt.state)
    const key = `${receipt.channel} ${receipt.message}`
    if (rank > (best.get(key)?.rank ?? -1)) best.set(key, { ...receipt, rank })
  }
  if (best.size === 0) return
  const list = [...best.values()]
  const arrays = [list.map(({ channel }) => channel), list.map(({ message }) => message)]
  await db.write(async (tx) => {
    await tx.query(
      `INSERT INTO receipt (channel, message, rank, code, at)
       SELECT *, $5::bigint FROM unnest($1::text[], $2::text[], $3::smallint[], $4::text[])
       ON CONFLICT (channel, message) DO UPDATE SET rank = excluded.rank, code = excluded.code, at = excluded.at
       WHERE receipt.rank < excluded.rank`,
      [...arrays, list.map(({ rank }) => rank), list.map(({ code }) => code), now],
    )
    // Not delivered, or delivered: what comes next may be another thing now.
    await tx.query(
      `UPDATE sending s SET next_at = $3, next_channel = ''
       FROM unnest($1::text[], $2::text[]) t (channel, message)
       JOIN attempt a ON a.channel = t.channel AND a.message = t.message AND a.outcome = 'sent'
       WHERE s.notice = a.notice AND s.person = a.person AND s.state = 'open' AND s.next_at IS NOT NULL`,
      [...arrays, now],
    )
  })
}

/** An attempt as the issuer and the addressed post see it: no address, and no name of a person. */
export type AttemptView = {
  kind: string
  channel: ChannelName
  at: number
  outcome: (typeof OUTCOMES)[number]
  code: string | null
  /** What the channel's operator told since, and when. */
  receipt: 'sent' | 'failed' | 'delivered' | 'read' | null
  told: number | null
  tries: number
}

type AttemptRow = Omit<AttemptView, 'receipt'> & { rank: number | null }

const VIEW = `SELECT a.kind, a.channel, a.claimed AS at, a.outcome, coalesce(r.code, a.code) AS code, r.rank, r.at AS told, a.tries
   FROM attempt a LEFT JOIN receipt r ON r.channel = a.channel AND r.message = a.message AND a.message <> ''`

/** Every attempt to tell a post of a directive, oldest first. */
export async function attemptsFor(read: Read, directive: string, party: string): Promise<AttemptView[]> {
  const rows = await read.many<AttemptRow>(`${VIEW} WHERE a.directive = $1 AND a.party = $2 ORDER BY a.id`, [
    fromBase64url(directive),
    fromBase64url(party),
  ])
  return rows.map(viewOf)
}

/** Every attempt to tell a person anything, newest first, 1,000 at most. */
export async function attemptsOf(read: Read, person: string): Promise<(AttemptView & { directive: string })[]> {
  const rows = await read.many<AttemptRow & { directive: Bytes }>(
    `${VIEW.replace('SELECT', 'SELECT a.directive,')} WHERE a.person = $1 ORDER BY a.id DESC LIMIT 1000`,
    [fromBase64url(person)],
  )
  return rows.map(({ directive, ...row }) => ({ directive: toBase64url(directive), ...viewOf(row) }))
}

function viewOf({ rank, ...row }: AttemptRow): AttemptView {
  return { ...row, receipt: rank === null ? null : RECEIPT_STATES[rank]! }
}
