import { fromBase64url, toBase64url } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import type { Read } from './db.ts'
import type { Feature, Noted, People } from './feature.ts'
import type { Route, Viewer } from './routes.ts'

type Needs = { db: Read; people: Pick<People, 'devicesOf'>; features: readonly Feature[] }

const PAGE = 1000

/**
 * What is held about whoever asks, and about nobody else. `GET /api/about-me`: everything the server noted by itself, and how
 * many items of each kind his devices signed. His device holds most of those itself, proven; of a kind of which it holds fewer
 * it asks `GET /api/about-me/signed/:kind`, newest first, page by page.
 */
export function aboutMeRoutes({ db, people, features }: Needs): Route[] {
  const devicesOf = ({ person }: Viewer) => people.devicesOf(person).map(fromBase64url)
  return [
    {
      method: 'GET',
      path: '/api/about-me',
      who: 'person',
      perMinute: 10,
      async answer({ viewer }) {
        const told = await Promise.all(features.map((feature) => feature.aboutMe?.(viewer!) ?? []))
        const noted = [...(await sessionsOf(db, viewer!)), ...told.flat()].sort((a, b) => b.at - a.at)
        const signed = await db.many<{ kind: string; n: number }>(
          'SELECT kind, count(*)::int AS n FROM item WHERE signer = any($1::bytea[]) GROUP BY kind',
          [devicesOf(viewer!)],
        )
        return { json: { noted, signed: Object.fromEntries(signed.map(({ kind, n }) => [kind, n])) } }
      },
    },
    {
      method: 'GET',
      path: '/api/about-me/signed/:kind',
      who: 'person',
      async answer({ viewer, params, query }) {
        const before = query.before === undefined ? Number.MAX_SAFE_INTEGER : Number(query.before)
        if (!Number.isSafeInteger(before) || before < 0)
          throw new Refusal('bad_input', 'Not a place in the log', { field: 'before' })
        const rows = await db.many<{ index: number; id: Uint8Array; at: number; signer: Uint8Array }>(
          `SELECT index, id, accepted AS at, signer FROM item
           WHERE signer = any($1::bytea[]) AND kind = $2 AND index < $3 ORDER BY index DESC LIMIT ${PAGE + 1}`,
          [devicesOf(viewer!), params.kind ?? '', before],
        )
        const page = rows.slice(0, PAGE)
        const signed = page.map(({ index, id, at, signer }) => ({
          index,
          item: toBase64url(id),
          at,
          device: toBase64url(signer),
        }))
        return { json: { signed, before: rows.length > PAGE ? page.at(-1)!.index : null } }
      },
    },
  ]
}

/** When each device signed in, and until when it was used, within an hour. */
async function sessionsOf(db: Read, { person }: Viewer): Promise<Noted[]> {
  const rows = await db.many<{ device: Uint8Array; created: number; seen: number }>(
    'SELECT device, created, seen FROM session WHERE person = $1',
    [fromBase64url(person)],
  )
  return rows.map(({ device, created, seen }) => ({
    what: 'session',
    at: created,
    until: seen,
    device: toBase64url(device),
  }))
}
