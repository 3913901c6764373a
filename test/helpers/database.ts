/** A database for one test file: a copy of the migrated template on a real PostgreSQL. */
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import pg from 'pg'
import { type Db, openDb } from '../../server/db.ts'
import { createDatabase } from '../../server/postgres/index.ts'
import { startTestPostgres, TEMPLATE, TEST_POSTGRES, type TestPostgres } from './postgres.ts'

export type TestDatabase = {
  db: Db
  /** For a test that starts a server of its own, or wants a connection of its own. */
  url: string
}

const closers: (() => Promise<void>)[] = []
let own: Promise<TestPostgres> | undefined

after(async () => {
  await closeDatabases()
  await (await own)?.stop()
})

/** Those handed out so far: where test files share a process, each lets go of its own. */
export async function closeDatabases(): Promise<void> {
  for (const close of closers.splice(0)) await close()
}

/** A fresh, migrated database, as nobody has touched it; it is dropped when the test file ends. */
export function testDatabase(): Promise<TestDatabase> {
  return copyOf(TEMPLATE)
}

/** A fresh database without any table. */
export function emptyDatabase(): Promise<TestDatabase> {
  return copyOf('template0')
}

async function copyOf(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await onServer(`${createDatabase(name, template)} STRATEGY FILE_COPY`) // half the time of the default
  const url = await urlFor(name)
  const db = openDb({ url, readers: 4, writers: 4 })
  closers.push(async () => {
    await db.close()
    await onServer(`DROP DATABASE ${name} WITH (FORCE)`)
  })
  return { db, url }
}

async function urlFor(database: string): Promise<string> {
  const shared = process.env[TEST_POSTGRES]
  if (shared) return shared.replace(/[^/]*$/, database)
  own ??= startTestPostgres()
  return (await own).postgres.urlFor(database)
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: await urlFor('postgres') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
