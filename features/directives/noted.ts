import { fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Read } from '../../server/db.ts'
import type { Noted } from '../../server/feature.ts'
import type { Directory, Holding, Id } from '../directory/index.ts'
import type { FrozenCache } from './store.ts'

type Needs = { db: Read; directory: Pick<Directory, 'holdingsOf'>; frozen: FrozenCache }

/** "Delivered", as the server noted it of the posts this person holds and held, while he held them. */
export async function deliveriesTo(person: Id, { db, directory, frozen }: Needs): Promise<Noted[]> {
  const noted: Noted[] = []
  for (const holding of directory.holdingsOf(person)) noted.push(...(await deliveriesDuring(holding, db, frozen)))
  return noted
}

async function deliveriesDuring({ post, since, until }: Holding, db: Read, frozen: FrozenCache): Promise<Noted[]> {
  const [time] = await db.many<{ begun: number | null; ended: number | null }>(
    `SELECT (SELECT accepted FROM item WHERE index = $1) AS begun, (SELECT accepted FROM item WHERE index = $2) AS ended`,
    [since, until],
  )
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
    [places.map(({ directive }) => directive), places.map(({ n }) => n), time?.begun ?? 0, time?.ended ?? null],
  )
  return rows.map(({ id, delivered }) => ({ what: 'delivered', at: delivered, directive: toBase64url(id), post }))
}
