import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { emptyDatabase } from '../test/helpers/database.ts'
import { type Db, openDb } from './db.ts'
import { MIGRATIONS, migrate, readMigrations } from './migrate.ts'

let db: Db
let url: string
let directory: string

beforeEach(async () => {
  const made = await emptyDatabase()
  db = made.db
  url = made.url
  directory = await mkdtemp(join(tmpdir(), 'migrations-'))
})
afterEach(() => rm(directory, { recursive: true }))

const put = (file: string, sql: string) => writeFile(join(directory, file), sql)
const tables = async () =>
  (
    await db.many<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' ORDER BY 1`,
    )
  ).map((row) => row.name)

test('migrations run once, in order, and new ones later', async () => {
  await put('001-first.sql', 'CREATE TABLE one (); CREATE TABLE two ();')
  await put('002-second.sql', 'DROP TABLE two')
  assert.deepEqual(await migrate(db, directory), ['001-first', '002-second'])
  assert.deepEqual(await migrate(db, directory), [])
  await put('003-third.sql', 'CREATE TABLE three ()')
  assert.deepEqual(await migrate(db, directory), ['003-third'])
  assert.deepEqual(await tables(), ['one', 'three'])
})

test('a migration that fails leaves nothing of itself, keeps those before it, and works when mended', async () => {
  await put('001-first.sql', 'CREATE TABLE one ()')
  await put('002-second.sql', 'CREATE TABLE two (); SELECT 1 / 0;')
  await assert.rejects(migrate(db, directory), /002-second\.sql: division by zero/)
  assert.deepEqual(await tables(), ['one'])
  await put('002-second.sql', 'CREATE TABLE two ()')
  assert.deepEqual(await migrate(db, directory), ['002-second'])
})

test('a migration killed half-way works when run again', async () => {
  await put('001-first.sql', 'CREATE TABLE one (); SELECT pg_sleep(30); CREATE TABLE two ();')
  const running = assert.rejects(migrate(db, directory))
  const other = openDb({ url })
  const sleeping = async () =>
    (
      await other.one<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
      )
    )?.pid
  let pid = await sleeping()
  while (!pid) pid = await sleeping()
  await other.write((tx) => tx.query('SELECT pg_terminate_backend($1, 5000)', [pid]))
  await other.close()
  await running
  assert.deepEqual(await tables(), [])
  await put('001-first.sql', 'CREATE TABLE one (); CREATE TABLE two ();')
  assert.deepEqual(await migrate(db, directory), ['001-first'])
  assert.deepEqual(await tables(), ['one', 'two'])
})

test('two servers starting at once apply each migration once', async () => {
  await put('001-first.sql', 'CREATE TABLE one (); SELECT pg_sleep(0.05);')
  await put('002-second.sql', 'CREATE TABLE two ()')
  const other = openDb({ url })
  const applied = await Promise.all([migrate(db, directory), migrate(other, directory)])
  await other.close()
  assert.deepEqual(applied.flat().sort(), ['001-first', '002-second'])
})

test('a changed old migration is refused by name', async () => {
  await put('001-first.sql', 'CREATE TABLE one ()')
  await migrate(db, directory)
  await put('001-first.sql', 'CREATE TABLE one () -- with a remark')
  await assert.rejects(migrate(db, directory), { code: 'migration_changed', details: { name: '001-first' } })
})

test('a database of a newer release is refused', async () => {
  await put('001-first.sql', '')
  await put('002-second.sql', '')
  await migrate(db, directory)
  await rm(join(directory, '002-second.sql'))
  await assert.rejects(migrate(db, directory), { code: 'database_newer' })
})

test('a migration may not end its own transaction', async () => {
  await put('001-first.sql', 'CREATE TABLE one (); COMMIT; BEGIN; CREATE TABLE two ();')
  await assert.rejects(migrate(db, directory), /ends its transaction itself/)
})

test('a gap or a double number among the files is an error', async () => {
  await put('001-first.sql', '')
  await put('003-third.sql', '')
  await assert.rejects(readMigrations(directory), /003-third\.sql: expected number 002/)
  await put('001-again.sql', '')
  await assert.rejects(readMigrations(directory), /001-first\.sql: expected number 002/)
})

test('the migrations of this release are numbered without a gap', async () => {
  await readMigrations(MIGRATIONS)
})
