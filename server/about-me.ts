import { fromBase64url, toBase64url } from '../core/bytes.ts'
import type { Read } from './db.ts'
import type { Feature, Noted } from './feature.ts'
import type { Route, Viewer } from './routes.ts'

/**
 * `GET /api/about-me`: everything the server has noted by itself about whoever asks, and about nobody else. What he signed is
 * not in it: his own devices hold that, with its place in the log.
 */
export function aboutMeRoute(db: Read, features: readonly Feature[]): Route {
  return {
    method: 'GET',
    path: '/api/about-me',
    who: 'person',
    perMinute: 10,
    async answer({ viewer }) {
      const told = await Promise.all(features.map((feature) => feature.aboutMe?.(viewer!) ?? []))
      return { json: { noted: [...(await sessionsOf(db, viewer!)), ...told.flat()].sort((a, b) => b.at - a.at) } }
    },
  }
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
