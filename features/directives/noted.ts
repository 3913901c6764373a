import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Read } from '../../server/db.ts'
import type { Noted } from '../../server/feature.ts'
import type { Directory, Id } from '../directory/index.ts'
import { REASONS } from './duty.ts'
import type { FrozenCache } from './store.ts'

type Needs = { db: Read; directory: Pick<Directory, 'holdingsOf'>; frozen: FrozenCache; now: () => number }

/** A post while a person held it, or the person himself always. Milliseconds; `ended` null: until today. */
type Term = { party: Id; begun: number; ended: number | null }

/**
 * What the server noted by itself about a person: deliveries to the posts he holds and held, notices made to them or about them,
 * absences of theirs, all while he held them; and how far their devices have fetched.
 */
export async function notedOf(person: Id, { db, directory, frozen, now }: Needs): Promise<Noted[]> {
  const terms = await termsOf(db, person, directory)
  const own = { party: person, begun: 0, ended: null }
  const noted: Noted[] = []
  for (const term of terms) noted.push(...(await deliveries(term, db, frozen)))
  noted.push(...(await notices(db, [...terms, own])), ...(await absences(db, terms)))
  noted.push(...(await cursors(db, [...terms.filter(({ ended }) => ended === null), own], now())))
  return noted
}

async function termsOf(db: Read, person: Id, directory: Needs['directory']): Promise<Term[]> {
  const holdings = directory.holdingsOf(person)
  const places = holdings.flatMap(({ since, until }) => [since, ...(until === null ? [] : [until])])
  const rows = await db.many<{ index: number; accepted: number }>(
    'SELECT index, accepted FROM item WHERE index = any($1::bigint[])',
    [places],
  )
  const times = new Map(rows.map(({ index, accepted }) => [index, accepted]))
  return holdings.map(({ post, since, until }) => ({
    party: post,
    begun: times.get(since) ?? 0,
    ended: until === null ? null : (times.get(until) ?? null),
  }))
}

/** "Delivered": a device of the post had fetched it. */
async function deliveries({ party: post, begun, ended }: Term, db: Read, frozen: FrozenCache): Promise<Noted[]> {
  const shown = await db.many<{ number: number }>(
    'SELECT d.number FROM inbox i JOIN directive d ON d.index = i.index WHERE i.party = $1',
    [fromBase64url(post)],
  )
  const places: { directive: number; n: number }[] = []
  for (const { number } of shown) {
    const n = (await frozen.get(db, number)).indexOf(post)
    if (n >= 0) places.push({ directive: number, n })
  }
  const rows = await db.many<{ id: Uint8Array; delivered: number }>(
    `SELECT d.id, t.delivered
     FROM unnest($1::int[], $2::int[]) k (directive, n)
     JOIN tracking t ON t.directive = k.directive AND t.clause = 0 AND t.n = k.n
     JOIN directive d ON d.number = k.directive
     WHERE t.delivered >= $3 AND ($4::bigint IS NULL OR t.delivered < $4)`,
    [places.map(({ directive }) => directive), places.map(({ n }) => n), begun, ended],
  )
  return rows.map(({ id, delivered }) => ({ what: 'delivered', at: delivered, directive: toBase64url(id), post }))
}

const TERMS = 'unnest($1::bytea[], $2::bigint[], $3::bigint[]) k (party, begun, ended)'

const asRows = (terms: readonly Term[]) => [
  terms.map(({ party }) => fromBase64url(party)),
  terms.map(({ begun }) => begun),
  terms.map(({ ended }) => ended),
]

/** Reminders and news made to them (`notice-…`), and what was told to others about their part (`about-…`). */
async function notices(db: Read, terms: readonly Term[]): Promise<Noted[]> {
  const rows = await db.many<{ what: string; post: Bytes; directive: Bytes; made_at: number }>(
    `SELECT 'notice-' || n.kind AS what, n.party AS post, n.directive, n.made_at
     FROM ${TERMS} JOIN notice n ON n.party = k.party AND n.made_at >= k.begun AND (k.ended IS NULL OR n.made_at < k.ended)
     UNION ALL
     SELECT 'about-' || n.kind, n.addressee, n.directive, n.made_at
     FROM ${TERMS} JOIN notice n ON n.addressee = k.party AND n.party <> n.addressee
      AND n.made_at >= k.begun AND (k.ended IS NULL OR n.made_at < k.ended)`,
    asRows(terms),
  )
  return rows.map(({ what, post, directive, made_at: at }) => ({
    what,
    at,
    directive: toBase64url(directive),
    post: toBase64url(post),
  }))
}

/** The newest word on why a post cannot answer, and where it stands in for another. */
async function absences(db: Read, terms: readonly Term[]): Promise<Noted[]> {
  const rows = await db.many<{ what: string; post: Bytes; accepted: number; reason: number; until: number | null }>(
    `SELECT DISTINCT CASE WHEN a.post = k.party THEN 'absent' ELSE 'covering' END AS what, k.party AS post, i.accepted, a.reason, a.until
     FROM ${TERMS} JOIN absence a ON a.post = k.party OR a.cover = k.party
     JOIN item i ON i.index = a.index AND i.accepted >= k.begun AND (k.ended IS NULL OR i.accepted < k.ended)`,
    asRows(terms),
  )
  return rows.map(
    ({ what, post, accepted, reason, until }): Noted => ({
      what,
      at: accepted,
      post: toBase64url(post),
      outcome: REASONS[reason]!,
      ...(until === null ? {} : { until }),
    }),
  )
}

/** Up to where devices have fetched. It has no time of its own: it is what stands now. */
async function cursors(db: Read, terms: readonly Term[], now: number): Promise<Noted[]> {
  const rows = await db.many<{ party: Bytes; cursor: number }>(
    'SELECT party, cursor FROM delivery WHERE party = any($1::bytea[])',
    [terms.map(({ party }) => fromBase64url(party))],
  )
  return rows.map(({ party, cursor }) => ({ what: 'fetched', at: now, post: toBase64url(party), n: cursor }))
}
