/** Notices, taken up once each: a row of `sending` for every person who is to be told. */
import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Db, Read, Tx } from '../db.ts'
import type { ChannelName } from './channel.ts'

/** A notice on its way to one person. Ids as text. */
export type Sending = {
  notice: number
  person: string
  party: string
  kind: string
  directive: string
  addressee: string
  against: number
  grade: number
  urgency: number
  office: string
  made: number
}

/** No transaction that writes notices lasts so long: what is older was committed, or never will be. */
const SETTLED_MS = 10 * 60_000

/** After a long standstill, or before any channel was on: what is so old is news to nobody, and his device has it. */
const STALE_MS = 4 * 24 * 3_600_000

type NoticeRow = { id: number; party: Bytes }

/**
 * Takes up to `most` new notices in hand and says how many there were. `personsOf` gives whoever stands for a party now: the
 * holders of a post, or the person himself.
 */
export async function takeUp(
  db: Db,
  personsOf: (party: string) => readonly string[],
  now: number,
  most = 2_000,
): Promise<number> {
  const fresh = await db.many<NoticeRow>(
    `SELECT n.id, n.party FROM notice n
     WHERE n.id > (SELECT notice FROM sending_cursor)
       -- Ids are handed out before they are committed: what is above the cursor is looked at until it has settled.
       AND NOT EXISTS (SELECT FROM sending s WHERE s.notice = n.id)
     ORDER BY n.id LIMIT $1`,
    [most],
  )
  const notices: number[] = []
  const persons: Bytes[] = []
  const nobody: boolean[] = []
  for (const { id, party } of fresh) {
    const told = personsOf(toBase64url(party))
    for (const person of told.length > 0 ? told.map(fromBase64url) : [party]) {
      notices.push(id)
      persons.push(person)
      nobody.push(told.length === 0)
    }
  }
  await db.write(async (tx) => {
    await tx.query(
      `INSERT INTO sending (notice, person, party, kind, directive, addressee, against, grade, urgency, office, made, state, next_at)
       SELECT n.id, t.person, n.party, n.kind, n.directive, n.addressee, n.against, n.grade, n.urgency, n.office, n.made_at,
              CASE WHEN t.nobody THEN 'nobody' WHEN n.made_at < $5 THEN 'unseen' ELSE 'open' END,
              CASE WHEN t.nobody OR n.made_at < $5 THEN NULL ELSE $4::bigint END
       FROM unnest($1::bigint[], $2::bytea[], $3::boolean[]) t (notice, person, nobody)
       JOIN notice n ON n.id = t.notice
       ON CONFLICT DO NOTHING`,
      [notices, persons, nobody, now, now - STALE_MS],
    )
    if (fresh.length < most)
      await tx.query(
        `UPDATE sending_cursor SET notice = greatest(notice, coalesce(
           (SELECT max(id) FROM notice WHERE id > sending_cursor.notice AND made_at < $1), 0))`,
        [now - SETTLED_MS],
      )
  })
  return fresh.length
}

/** Everything that is due on a lane (a channel, or '' where that is to be decided) for up to `people` persons, the urgent first. */
export async function pick(read: Read, lane: ChannelName | '', now: number, people: number): Promise<Sending[]> {
  const rows = await read.many<SendingRow>(
    `WITH due AS (
       SELECT person, max(urgency) AS urgency, min(next_at) AS since FROM sending
       WHERE next_channel = $1 AND next_at <= $2
       GROUP BY person ORDER BY 2 DESC, 3 LIMIT $3)
     SELECT ${COLUMNS} FROM sending s JOIN due d ON d.person = s.person
     WHERE s.next_channel = $1 AND s.next_at <= $2
     ORDER BY d.urgency DESC, d.since, s.person, s.notice`,
    [lane, now, people],
  )
  return rows.map(readSending)
}

const COLUMNS = `s.notice, s.person, s.party, s.kind, s.directive, s.addressee, s.against, s.grade, s.urgency, s.office, s.made`

type SendingRow = Omit<Sending, 'person' | 'party' | 'directive' | 'addressee' | 'office'> & {
  person: Bytes
  party: Bytes
  directive: Bytes
  addressee: Bytes
  office: Bytes
}

function readSending({ person, party, directive, addressee, office, ...rest }: SendingRow): Sending {
  return {
    ...rest,
    person: toBase64url(person),
    party: toBase64url(party),
    directive: toBase64url(directive),
    addressee: toBase64url(addressee),
    office: toBase64url(office),
  }
}

export type Next = {
  notice: number
  person: string
  state: 'open' | 'held' | 'seen' | 'told' | 'unseen'
  at: number | null
  channel: ChannelName | null
}

/** Writes what comes next for each. */
export async function setNext(tx: Tx, next: readonly Next[]): Promise<void> {
  if (next.length === 0) return
  await tx.query(
    `UPDATE sending s SET state = t.state, next_at = t.at, next_channel = t.channel
     FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::bigint[], $5::text[]) t (notice, person, state, at, channel)
     WHERE s.notice = t.notice AND s.person = t.person`,
    [
      next.map(({ notice }) => notice),
      next.map(({ person }) => fromBase64url(person)),
      next.map(({ state }) => state),
      next.map(({ at }) => at),
      next.map(({ channel }) => channel ?? ''),
    ],
  )
}
