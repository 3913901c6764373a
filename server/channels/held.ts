/** A sending that costs much waits until somebody who may has seen the cost. Money is in hundredths. */
import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Db, Read, Tx } from '../db.ts'
import type { ChannelName } from './channel.ts'
import type { Sending } from './queue.ts'

/** All that is told of one kind about one directive through one channel is one sending. */
export type Group = { directive: string; kind: string; channel: ChannelName }

export type Held = Group & {
  id: number
  people: number
  cost: number
  made: number
}

export type Limits = {
  /** What one sending may cost without a question. */
  sending: number
  /** What all together may cost in 24 hours without one. */
  daily: number
}

const DAY = 24 * 3_600_000

/** Which of these groups have to wait. Asks anew for what was confirmed, once it has cost that much and the limit more. */
export async function holdBack(
  tx: Tx,
  groups: readonly (Group & { each: number })[],
  limits: Limits,
  now: number,
): Promise<Group[]> {
  const waiting: Group[] = []
  for (const { each, ...group } of groups) {
    if (each === 0) continue
    const known = [fromBase64url(group.directive), group.kind, group.channel]
    const [held, spent, today, left] = await Promise.all([
      tx.one<{ cost: number; confirmed: number | null }>(
        'SELECT cost, confirmed FROM held WHERE directive = $1 AND kind = $2 AND channel = $3',
        known,
      ),
      tx.one<{ cost: number }>(
        `SELECT coalesce(sum(cost), 0)::bigint AS cost FROM attempt WHERE directive = $1 AND kind = $2 AND channel = $3`,
        known,
      ),
      tx.one<{ cost: number }>(
        'SELECT coalesce(sum(cost), 0)::bigint AS cost FROM attempt WHERE cost > 0 AND claimed > $1',
        [now - DAY],
      ),
      tx.one<{ people: number }>(
        `SELECT count(DISTINCT s.person)::int AS people FROM sending s
         WHERE s.directive = $1 AND s.kind = $2 AND (s.next_at IS NOT NULL OR s.state = 'held')
           AND EXISTS (SELECT FROM contact c WHERE c.person = s.person AND c.channel = $3 AND c.confirmed IS NOT NULL AND c.dead IS NULL)
           AND NOT EXISTS (SELECT FROM attempt a WHERE a.notice = s.notice AND a.person = s.person AND a.channel = $3)`,
        known,
      ),
    ])
    const cost = spent!.cost + left!.people * each
    const agreed = held?.confirmed ? held.cost : 0
    if (cost <= agreed + limits.sending && (agreed > 0 || today!.cost + left!.people * each <= limits.daily)) continue
    waiting.push(group)
    await tx.query(
      `INSERT INTO held (directive, kind, channel, people, cost, made) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (directive, kind, channel) DO UPDATE
         SET people = excluded.people, cost = excluded.cost, made = excluded.made, confirmed = NULL, dropped = NULL, decider = NULL`,
      [...known, left!.people, cost, now],
    )
  }
  return waiting
}

/** The channels that wait for a confirmation, by `directive kind`. */
export async function readHeld(read: Read, of: readonly Sending[]): Promise<Map<string, Set<ChannelName>>> {
  const rows = await read.many<{ directive: Bytes; kind: string; channel: ChannelName }>(
    'SELECT directive, kind, channel FROM held WHERE confirmed IS NULL AND dropped IS NULL AND directive = any($1::bytea[])',
    [[...new Set(of.map(({ directive }) => directive))].map(fromBase64url)],
  )
  const found = new Map<string, Set<ChannelName>>()
  for (const { directive, kind, channel } of rows) {
    const key = `${toBase64url(directive)} ${kind}`
    found.set(key, (found.get(key) ?? new Set()).add(channel))
  }
  return found
}

/** What waits, oldest first; `of` narrows it to the directives somebody issued. */
export async function listHeld(
  read: Read,
  of?: (directives: string[]) => Promise<ReadonlySet<string>>,
): Promise<Held[]> {
  const rows = await read.many<Omit<Held, 'directive'> & { directive: Bytes }>(
    `SELECT id, directive, kind, channel, people, cost, made FROM held
     WHERE confirmed IS NULL AND dropped IS NULL ORDER BY id LIMIT 1000`,
  )
  const all = rows.map((row) => ({ ...row, directive: toBase64url(row.directive) }))
  if (!of) return all
  const mine = await of([...new Set(all.map(({ directive }) => directive))])
  return all.filter(({ directive }) => mine.has(directive))
}

/**
 * A sending is not to go by its channel: everybody who waits for it counts as tried there, and the other channels go on. What is
 * told of the same kind later asks anew. Gives how many people it was. `decider` is the person, or null for the operator. Throws
 * `not_found`, `already_done`.
 */
export async function dropHeld(db: Db, id: number, decider: string | null, now: number): Promise<number> {
  return db.write(async (tx) => {
    const group = await takeHeld(tx, id)
    const { count } = await tx.query(
      `INSERT INTO attempt (notice, person, channel, party, directive, kind, claimed, outcome, code)
       SELECT s.notice, s.person, $3, s.party, s.directive, s.kind, $4, 'refused', 'dropped' FROM sending s
       WHERE s.directive = $1 AND s.kind = $2 AND (s.state = 'held' OR (s.state = 'open' AND s.next_at IS NOT NULL))
         AND EXISTS (SELECT FROM contact c WHERE c.person = s.person AND c.channel = $3 AND c.confirmed IS NOT NULL AND c.dead IS NULL)
       ON CONFLICT DO NOTHING`,
      [...group, now],
    )
    await decide(tx, 'dropped', id, decider, now)
    await setAnew(tx, group, now)
    return count
  })
}

/** Lets a sending go. `decider` is the person, or null for the operator. Throws `not_found`, `already_done`. */
export async function confirmHeld(db: Db, id: number, decider: string | null, now: number): Promise<void> {
  await db.write(async (tx) => {
    const group = await takeHeld(tx, id)
    await decide(tx, 'confirmed', id, decider, now)
    await setAnew(tx, group, now)
  })
}

function decide(tx: Tx, how: 'confirmed' | 'dropped', id: number, decider: string | null, now: number) {
  return tx.query(`UPDATE held SET ${how} = $2, decider = $3 WHERE id = $1`, [
    id,
    now,
    decider && fromBase64url(decider),
  ])
}

async function takeHeld(tx: Tx, id: number): Promise<[directive: Bytes, kind: string, channel: ChannelName]> {
  const held = await tx.one<{ directive: Bytes; kind: string; channel: ChannelName; decided: boolean }>(
    `SELECT directive, kind, channel, confirmed IS NOT NULL OR dropped IS NOT NULL AS decided FROM held
     WHERE id = $1 FOR UPDATE`,
    [id],
  )
  if (!held) throw new Refusal('not_found', 'No such sending')
  if (held.decided) throw new Refusal('already_done', 'Decided before')
  return [held.directive, held.kind, held.channel]
}

async function setAnew(tx: Tx, [directive, kind]: Awaited<ReturnType<typeof takeHeld>>, now: number): Promise<void> {
  await tx.query(
    `UPDATE sending SET state = 'open', next_at = $3, next_channel = ''
     WHERE directive = $1 AND kind = $2 AND (state = 'held' OR (state = 'open' AND next_at IS NOT NULL))`,
    [directive, kind, now],
  )
}
