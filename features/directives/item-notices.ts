import { type Bytes, fromBase64url } from '../../core/bytes.ts'
import { ID_LENGTH } from '../../core/item.ts'
import type { Tx } from '../../server/db.ts'
import type { Directory, Id } from '../directory/index.ts'

/** What an addressee is told of, by the kind of the item: the queue of notices that the channels read. */
const KINDS = new Map([
  ['directive', 'new'],
  ['amend', 'amended'],
  ['extend', 'extended'],
  ['cancel', 'cancelled'],
  ['supersede', 'cancelled'],
  ['remind', 'remind'],
])

/** Whether somebody is told of items of this kind. */
export function isTold(kind: string): boolean {
  return KINDS.has(kind)
}

/** The item that is told of, and the directive it is about. */
export type Told = {
  kind: string
  index: number
  time: number
  directive: Bytes
  issuer: Id
  grade: number
  urgency: number
}

/**
 * Puts a notice to each of these addressees (raw ids, one after the other) into the queue; not to the issuer himself. Done twice
 * it is there once: the table's key is the item's place.
 */
export async function tell(tx: Tx, told: Told, ids: Uint8Array, directory: Pick<Directory, 'post'>): Promise<void> {
  const kind = KINDS.get(told.kind)
  if (!kind || ids.length === 0) return
  const office = directory.post(told.issuer)?.office
  await tx.query(
    `INSERT INTO notice (party, kind, directive, addressee, against, grade, urgency, office, due_at, made_at)
     SELECT post, $2, $3, post, $4, $5, $6, $7, $8, $8
     FROM (SELECT substring($1::bytea FROM n * ${ID_LENGTH} + 1 FOR ${ID_LENGTH}) AS post
           FROM generate_series(0, $9::int - 1) n) a
     WHERE post <> $10
     ON CONFLICT DO NOTHING`,
    [
      ids,
      kind,
      told.directive,
      told.index,
      told.grade,
      told.urgency,
      office ? fromBase64url(office) : new Uint8Array(ID_LENGTH),
      told.time,
      ids.length / ID_LENGTH,
      fromBase64url(told.issuer),
    ],
  )
}
