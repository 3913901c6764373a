/** Brings the database to this release: numbered SQL files, each in one transaction, forward only. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toHex, utf8 } from '../core/bytes.ts'
import { sha256 } from '../core/hash.ts'
import { Refusal } from '../core/refusal.ts'
import type { Db, Tx } from './db.ts'

export type Migration = { number: number; name: string; sql: string; checksum: string }

/** Where this release keeps its own. */
export const MIGRATIONS = join(import.meta.dirname, '..', 'migrations')

/**
 * Applies what is missing and returns its names. Safe to run again after being killed at any moment, and by two
 * servers at once. Throws `Refusal`: `migration_changed` when an applied file now reads otherwise, `database_newer`
 * when the database knows migrations this release does not.
 */
export async function migrate(db: Db, directory = MIGRATIONS): Promise<string[]> {
  const migrations = await readMigrations(directory)
  await db.write(async (tx) => {
    await lock(tx)
    await tx.query(
      `CREATE TABLE IF NOT EXISTS migration (
         number   integer PRIMARY KEY,
         name     text NOT NULL,
         checksum text NOT NULL, -- SHA-256 of the file, hex
         applied  timestamptz NOT NULL DEFAULT now()
       )`,
    )
  })
  const applied: string[] = []
  for (const migration of migrations) {
    // A crash before COMMIT leaves nothing of this file; after it, the row says that it is done.
    if (await db.write((tx) => apply(tx, migration))) applied.push(migration.name)
  }
  const newest = await db.one<{ number: number; name: string }>(
    'SELECT number, name FROM migration ORDER BY 1 DESC LIMIT 1',
  )
  if (newest && newest.number > migrations.length)
    throw new Refusal(
      'database_newer',
      `The database was written by a newer release (migration ${newest.name}); start that release, or restore a backup`,
      newest,
    )
  return applied
}

/** The files `NNN-name.sql` of `directory` in order; throws when a number is missing or used twice. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (file, i) => {
      const number = Number(/^(\d{3})-[a-z0-9-]+\.sql$/.exec(file)?.[1])
      if (number !== i + 1) throw new Error(`migrations/${file}: expected number ${String(i + 1).padStart(3, '0')}`)
      const sql = await readFile(join(directory, file), 'utf8')
      return { number, name: file.slice(0, -'.sql'.length), sql, checksum: toHex(sha256(utf8(sql))) }
    }),
  )
}

async function apply(tx: Tx, { number, name, sql, checksum }: Migration): Promise<boolean> {
  await lock(tx)
  const done = await tx.one<{ checksum: string }>('SELECT checksum FROM migration WHERE number = $1', [number])
  if (done && done.checksum !== checksum)
    throw new Refusal(
      'migration_changed',
      `migrations/${name}.sql was changed after it was applied; restore the file and write a new one for the change`,
      { name },
    )
  if (done) return false
  const before = await transactionId(tx)
  try {
    await tx.query(sql)
  } catch (error) {
    throw new Error(`migrations/${name}.sql: ${(error as Error).message}`, { cause: error })
  }
  if ((await transactionId(tx)) !== before) throw new Error(`migrations/${name}.sql ends its transaction itself`)
  await tx.query('INSERT INTO migration (number, name, checksum) VALUES ($1, $2, $3)', [number, name, checksum])
  return true
}

async function lock(tx: Tx): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('migrate', 0))`)
}

async function transactionId(tx: Tx): Promise<string> {
  return (await tx.one<{ id: string }>('SELECT pg_current_xact_id()::text AS id'))!.id
}
