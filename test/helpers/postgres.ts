/** The PostgreSQL that tests share: real, in a temporary directory, trading only what a crash would need. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openDb } from '../../server/db.ts'
import { migrate } from '../../server/migrate.ts'
import { createDatabase, type Postgres, startPostgres } from '../../server/postgres/index.ts'
import { birthOf, isPostgresOf } from '../../server/postgres/process.ts'

/** The variable in which `npm test` hands on the shared PostgreSQL; a file run alone starts one for itself. */
export const TEST_POSTGRES = 'SMARAK_TEST_POSTGRES'
export const TEMPLATE = 'smarak_template'
const PREFIX = 'smarak-test-'
const FAST = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' }

export type TestPostgres = { postgres: Postgres; stop(): Promise<void> }

/** Starts one, with the template database migrated. It is stopped and removed by `stop`, or by the next run. */
export async function startTestPostgres(): Promise<TestPostgres> {
  await removeAbandoned()
  const directory = await mkdtemp(join(tmpdir(), PREFIX))
  await writeFile(join(directory, 'owner'), `${process.pid} ${await birthOf(process.pid)}`)
  const postgres = await startPostgres({ directory, settings: FAST, database: false })
  const stop = async () => {
    await postgres.stop()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await makeTemplate(postgres)
  } catch (error) {
    await stop()
    throw error
  }
  return { postgres, stop }
}

async function makeTemplate(postgres: Postgres): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.urlFor('postgres') })
  await client.connect()
  await client.query(createDatabase(TEMPLATE, 'template0'))
  await client.end()
  const db = openDb({ url: postgres.urlFor(TEMPLATE) })
  try {
    await migrate(db)
  } finally {
    await db.close()
  }
}

/** A run that was killed leaves its PostgreSQL running; whoever tests next clears it away. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const directory = join(tmpdir(), name)
    const [pid, ...birth] = (await readFile(join(directory, 'owner'), 'utf8').catch(() => '')).split(' ')
    if (!pid || (await birthOf(Number(pid))) === birth.join(' ')) continue
    const lines = (await readFile(join(directory, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    // The second line is PostgreSQL's own note of its directory; a number used again by another program is left alone.
    const orphan = Number(lines[0])
    if (orphan > 0 && (await isPostgresOf(orphan, lines[1] ?? ''))) process.kill(orphan, 'SIGQUIT')
    await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}
