import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Read, Tx } from '../../server/db.ts'
import type { Id } from '../directory/index.ts'
import type { DraftHead, Head } from './book.ts'
import type { PracticeEntry } from './duty.ts'
import { ASKS, type Clause, FORMS, RECEIPT_STATES, type ReceiptState } from './entries.ts'
import { Frozen, type FrozenPlace } from './frozen.ts'

/** A directive as its row has it. */
export type Stored = Head & { number: number; addressees: number; expanded: boolean; grade: number; urgency: number }

type DirectiveRow = {
  number: number
  id: Bytes
  index: number
  issuer: Bytes
  issued: number
  addressees: number
  due: number | null
  labels: string[]
  asks: number[]
  ended: number | null
  ended_by: Bytes | null
  successor: Bytes | null
  expanded: boolean
  form: number
  parent: Bytes | null
  reminded: number | null
  grade: number
  urgency: number
}

const COLUMNS =
  'number, id, index, issuer, issued, addressees, due, labels, asks, ended, ended_by, successor, expanded, form, parent, reminded, grade, urgency'

/** The directives of these ids that exist, in no order. */
export async function readDirectives(read: Read, ids: readonly Id[]): Promise<Stored[]> {
  const rows = await read.many<DirectiveRow>(`SELECT ${COLUMNS} FROM directive WHERE id = any($1::bytea[])`, [
    ids.map(fromBase64url),
  ])
  return rows.map(stored)
}

export async function readByNumber(read: Read, numbers: readonly number[]): Promise<Stored[]> {
  const rows = await read.many<DirectiveRow>(`SELECT ${COLUMNS} FROM directive WHERE number = any($1::int[])`, [
    numbers,
  ])
  return rows.map(stored)
}

function stored(row: DirectiveRow): Stored {
  const clauses = row.labels.map((label, i): Clause => ({ label, ask: ASKS[row.asks[i]!]! }))
  const successor = row.successor && toBase64url(row.successor)
  return {
    number: row.number,
    addressees: row.addressees,
    expanded: row.expanded,
    grade: row.grade,
    urgency: row.urgency,
    id: toBase64url(row.id),
    index: row.index,
    time: row.issued,
    issuer: toBase64url(row.issuer),
    clauses,
    due: row.due,
    form: FORMS[row.form]!,
    parent: row.parent && toBase64url(row.parent),
    // Of its changes a rule asks only when it was last reminded of.
    changes: row.reminded === null ? [] : [{ kind: 'remind', by: '', index: row.index, time: row.reminded, posts: [] }],
    ended:
      row.ended === null || !row.ended_by
        ? null
        : { by: toBase64url(row.ended_by), how: successor ? 'superseded' : 'cancelled', time: row.ended, successor },
  }
}

/** The drafts of these ids that exist. */
export async function readDrafts(read: Read, ids: readonly Id[]): Promise<DraftHead[]> {
  const rows = await read.many<{
    id: Bytes
    index: number
    issuer: Bytes
    approvers: Bytes[]
    approved: number
    returned: boolean
    directive: Bytes | null
  }>('SELECT id, index, issuer, approvers, approved, returned, directive FROM draft WHERE id = any($1::bytea[])', [
    ids.map(fromBase64url),
  ])
  return rows.map((row) => ({
    ...row,
    id: toBase64url(row.id),
    issuer: toBase64url(row.issuer),
    approvers: row.approvers.map((post) => toBase64url(post)),
    directive: row.directive && toBase64url(row.directive),
    acts: [],
  }))
}

/** Of these offices that say so, by whose approval which of their posts issue letters. */
export async function readRoutes(read: Read, offices: readonly Id[]): Promise<NonNullable<PracticeEntry['routes']>> {
  const rows = await read.many<{ routes: NonNullable<PracticeEntry['routes']> }>(
    'SELECT routes FROM practice WHERE office = any($1::bytea[]) AND routes IS NOT NULL',
    [offices.map(fromBase64url)],
  )
  return rows.flatMap(({ routes }) => routes)
}

/** The frozen audience of a directive that exists. */
export async function readFrozen(read: Read, directive: number): Promise<Frozen> {
  const [audience, places] = await Promise.all([
    read.one<{ ids: Bytes; reached: Bytes; places: Bytes }>(
      'SELECT ids, reached, places FROM directive_audience WHERE directive = $1',
      [directive],
    ),
    read.many<Omit<FrozenPlace, 'office' | 'supervisor'> & { office: Bytes; supervisor: Bytes | null }>(
      `SELECT division, district, upazila, office, supervisor FROM directive_place
       WHERE directive = $1 ORDER BY place`,
      [directive],
    ),
  ])
  if (!audience) throw new Error(`Directive ${directive} has no audience`)
  const numbers = new DataView(audience.places.buffer)
  return new Frozen({
    ids: audience.ids,
    reached: audience.reached,
    placeOf: Uint32Array.from(audience.reached, (_, n) => numbers.getUint32(n * 4)),
    places: places.map(({ office, supervisor, ...area }) => ({
      ...area,
      office: toBase64url(office),
      supervisor: supervisor && toBase64url(supervisor),
    })),
  })
}

/** Writes the audience of a directive just placed. */
export async function writeFrozen(tx: Tx, directive: number, frozen: Frozen): Promise<void> {
  const numbers = new DataView(new ArrayBuffer(frozen.count * 4))
  for (const [n, place] of frozen.placeOf.entries()) numbers.setUint32(n * 4, place)
  const { places } = frozen
  await Promise.all([
    tx.query('INSERT INTO directive_audience (directive, ids, reached, places) VALUES ($1, $2, $3, $4)', [
      directive,
      frozen.ids,
      frozen.reached,
      new Uint8Array(numbers.buffer),
    ]),
    tx.query(
      `INSERT INTO directive_place (directive, place, division, district, upazila, office, supervisor)
       SELECT $1, o - 1, division, district, upazila, office, supervisor
       FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[])
            WITH ORDINALITY p (division, district, upazila, office, supervisor, o)`,
      [
        directive,
        places.map(({ division }) => division),
        places.map(({ district }) => district),
        places.map(({ upazila }) => upazila),
        places.map(({ office }) => fromBase64url(office)),
        places.map(({ supervisor }) => supervisor && fromBase64url(supervisor)),
      ],
    ),
  ])
}

/** One addressee of one directive. */
export type Addressee = { directive: number; n: number }

/** The furthest receipt of each of these addressees, in their order. */
export async function readReceipts(read: Read, of: readonly Addressee[]): Promise<(ReceiptState | null)[]> {
  const rows = await read.many<{ state: number | null }>(
    `SELECT CASE WHEN t.acknowledged IS NOT NULL THEN 1 WHEN t.opened IS NOT NULL THEN 0 END AS state
     FROM unnest($1::int[], $2::int[]) WITH ORDINALITY a (directive, n, o)
     LEFT JOIN tracking t ON t.directive = a.directive AND t.clause = 0 AND t.n = a.n
     ORDER BY o`,
    [of.map(({ directive }) => directive), of.map(({ n }) => n)],
  )
  return rows.map(({ state }) => (state === null ? null : RECEIPT_STATES[state]!))
}

/** The items of each of these threads that have a key of their own. */
export async function readAnswerIds(read: Read, of: readonly Addressee[]): Promise<Id[][]> {
  const rows = await read.many<{ ids: Bytes[] }>(
    `SELECT coalesce(array_agg(w.id ORDER BY w.index) FILTER (WHERE w.id IS NOT NULL), '{}') AS ids
     FROM unnest($1::int[], $2::int[]) WITH ORDINALITY a (directive, n, o)
     LEFT JOIN answer w ON w.directive = a.directive AND w.n = a.n
     GROUP BY o ORDER BY o`,
    [of.map(({ directive }) => directive), of.map(({ n }) => n)],
  )
  return rows.map(({ ids }) => ids.map((id) => toBase64url(id)))
}

/**
 * Frozen audiences that were used lately, some 21 bytes a post. They never change, so what is kept is never wrong.
 */
export class FrozenCache {
  readonly #kept = new Map<number, Frozen>()
  #posts = 0
  readonly #most: number

  /** @param most how many posts to keep in all */
  constructor(most = 3_000_000) {
    this.#most = most
  }

  async get(read: Read, directive: number): Promise<Frozen> {
    const frozen = this.#kept.get(directive) ?? (await readFrozen(read, directive))
    this.keep(directive, frozen)
    return frozen
  }

  keep(directive: number, frozen: Frozen): void {
    if (this.#kept.delete(directive)) this.#posts -= frozen.count
    this.#kept.set(directive, frozen)
    this.#posts += frozen.count
    for (const [oldest, { count }] of this.#kept) {
      if (this.#posts <= this.#most || oldest === directive) break
      this.#kept.delete(oldest)
      this.#posts -= count
    }
  }
}
