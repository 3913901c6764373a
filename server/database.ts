/** The database of a service: one outside, or PostgreSQL out of npm in the data directory, which is kept running. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import type { DataDir } from './data-dir.ts'
import { checkServer, type Db, openDb } from './db.ts'
import type { Log } from './log.ts'
import { migrate } from './migrate.ts'
import { type Postgres, startPostgres } from './postgres/index.ts'

export type Database = {
  db: Db
  /** The process number of a PostgreSQL of ours. */
  postgres: number | undefined
  close(): Promise<void>
}

/**
 * Opens and migrates it. A PostgreSQL of ours that ends by itself (a full disk, the kernel's killer) is started again until
 * it stays; requests meanwhile are refused as `database_unavailable`. Throws `Refusal` as `startPostgres`, `checkServer` and
 * `migrate` do.
 */
export async function openDatabase(
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
  dataDir: Pick<DataDir, 'postgres'>,
  log: Log,
): Promise<Database> {
  const onError = (error: unknown) => log.warn({ err: error }, 'a database connection failed')
  if (databaseUrl) {
    const db = openDb({ url: databaseUrl, onError })
    await prepare(db, log)
    return { db, postgres: undefined, close: () => db.close() }
  }
  let postgres = await startPostgres(dataDir.postgres)
  let closing = false
  const db = openDb({ url: postgres.url, onError })
  let keeping: Promise<void> = Promise.resolve()
  const close = async () => {
    closing = true
    await db.close()
    await postgres.stop()
    await keeping // one that was being started again meanwhile is stopped as well
  }
  try {
    await prepare(db, log)
  } catch (error) {
    await close()
    throw error
  }
  keeping = keepRunning()
  return {
    db,
    get postgres() {
      return postgres.pid
    },
    close,
  }

  async function keepRunning(): Promise<void> {
    for (;;) {
      await postgres.ended
      if (closing) return
      log.error('PostgreSQL ended by itself; starting it again')
      const again = await startAgain()
      if (closing) await again?.stop()
      if (!again || closing) return
      if (again.url !== postgres.url) {
        // Its socket had to move; connections cannot follow. A restart of the server finds it.
        log.fatal('PostgreSQL came back at another place; restart the server')
        return
      }
      postgres = again
    }
  }

  async function startAgain(): Promise<Postgres | undefined> {
    for (let wait = 200; !closing; wait = Math.min(10_000, wait * 2)) {
      try {
        // Without its cluster a new and empty one would be made, behind the back of a running log.
        await access(join(dataDir.postgres.directory, 'cluster'))
        return await startPostgres(dataDir.postgres)
      } catch (error) {
        log.error({ err: error }, 'PostgreSQL does not start; trying again')
        await new Promise((resolve) => setTimeout(resolve, wait))
      }
    }
    return undefined
  }
}

async function prepare(db: Db, log: Log): Promise<void> {
  await checkServer(db)
  const applied = await migrate(db)
  if (applied.length > 0) log.info({ applied }, 'the database was brought to this release')
}
