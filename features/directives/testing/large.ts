import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, openDb } from '../../../server/db.ts'
import { migrate } from '../../../server/migrate.ts'
import { startPostgres } from '../../../server/postgres/index.ts'
import type { Clause, Line } from '../entries.ts'
import { TestRoad } from './road.ts'
import { Service } from './service.ts'

export const LARGE_CLAUSES: Clause[] = [
  { label: '', ask: 'acknowledge' },
  { label: 'ক', ask: 'once' },
  { label: 'খ', ask: 'once' },
  { label: 'গ', ask: 'standing' },
  { label: 'ঘ', ask: 'standing' },
  { label: 'ঙ', ask: 'once' },
]

/** Every post of a role. */
export function toRole(role: string): Line[] {
  return [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role }] }]
}

/** `posts` officers under 64 DCs of 8 divisions, each with a holder who has not joined, role `officer`. */
export function largeService(posts: number, role = 'officer'): Service {
  const service = new Service()
  service.post('room', { role: 'record-room', ring: true })
  service.post('secretary', { mayIssue: true, ring: true })
  for (let dc = 0; dc < 64; dc++) {
    service.post(`dc ${dc}`, { role: 'dc', place: `${10 + (dc % 8)}${10 + dc}`, office: `dc office ${dc}`, ring: true })
  }
  for (let i = 0; i < posts; i++) {
    const dc = i % 64
    service.post(`${role} ${i}`, {
      role,
      supervisor: `dc ${dc}`,
      place: `${10 + (dc % 8)}${10 + dc}`,
      office: `field office ${dc}`,
      joined: false,
    })
  }
  return service
}

/** A PostgreSQL of its own with its ordinary, durable settings, migrated; gone afterwards. */
export async function withDatabase<T>(use: (db: Db) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'smarak-bench-'))
  const postgres = await startPostgres({ directory })
  const db = openDb({ url: postgres.url })
  try {
    await migrate(db)
    return await use(db)
  } finally {
    await db.close()
    await postgres.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

export function largeRoad(service: Service, db: Db): TestRoad {
  service.time = 1_700_000_000_000
  return new TestRoad(service, db)
}

/** How long `act` takes, in milliseconds. */
export async function timed(act: () => unknown): Promise<number> {
  const start = performance.now()
  await act()
  return performance.now() - start
}
