import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { openDb } from '../db.ts'
import { type Postgres, type PostgresOptions, startPostgres } from './index.ts'

const made = await mkdtemp(join(tmpdir(), 'pg-made-'))
let directory: string
let running: Postgres | undefined

before(async () => {
  await (await startPostgres({ directory: made })).stop()
})
after(() => rm(made, { recursive: true }))

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pg-'))
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  await rm(directory, { recursive: true })
})

async function start(options: Partial<PostgresOptions> = {}): Promise<Postgres> {
  running = await startPostgres({ directory, ...options })
  return running
}

/** Making a cluster takes most of a second; where that is not the point, a copy of a stopped one does. */
async function startCopy(options: Partial<PostgresOptions> = {}): Promise<Postgres> {
  const to = options.directory ?? directory
  await mkdir(to, { recursive: true, mode: 0o700 })
  await cp(join(made, 'cluster'), join(to, 'cluster'), { recursive: true })
  return start(options)
}

async function ask<T extends object>(postgres: Postgres, text: string): Promise<T> {
  const db = openDb({ url: postgres.url })
  try {
    return (await db.one<T>(text)) as T
  } finally {
    await db.close()
  }
}

test('it starts, knows Bangla, keeps what it was told over a restart, and hides from the network', async () => {
  const first = await start()
  const db = openDb({ url: first.url })
  await db.write((tx) => tx.query(`CREATE TABLE kept AS SELECT 'স্মারক' AS word`))
  assert.deepEqual(
    await db.one(
      `SELECT 'স্মারক।' ~ '^[[:alpha:]]' AS letters, current_setting('data_checksums') AS checksums,
              current_setting('listen_addresses') AS listen, current_setting('fsync') AS fsync,
              current_setting('synchronous_commit') AS durable, current_setting('ssl') AS ssl`,
    ),
    { letters: true, checksums: 'on', listen: '', fsync: 'on', durable: 'on', ssl: 'off' },
  )
  await db.close()
  assert.equal((await stat(join(directory, 'cluster'))).mode & 0o777, 0o700)
  await first.stop()
  assert.deepEqual(await first.ended, { wanted: true })
  const second = await start()
  assert.equal(second.adopted, false)
  assert.deepEqual(await ask(second, 'SELECT word FROM kept'), { word: 'স্মারক' })
})

/** A server that starts PostgreSQL, leaves a transaction open, and waits to be killed. */
async function killedServer(): Promise<{ pid: number }> {
  await cp(join(made, 'cluster'), join(directory, 'cluster'), { recursive: true })
  const script = `
    import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
    import { openDb } from ${JSON.stringify(join(import.meta.dirname, '../db.ts'))}
    const postgres = await startPostgres({ directory: ${JSON.stringify(directory)} })
    const db = openDb({ url: postgres.url })
    await db.write((tx) => tx.query('CREATE TABLE note (id int)'))
    await db.lockOnce('sequencer')
    db.write(async (tx) => {
      await tx.query('INSERT INTO note VALUES (1)')
      console.log(postgres.pid)
      await tx.query('SELECT pg_sleep(60)')
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  return { pid: Number(said) }
}

test('what a killed server left running is adopted, its sessions ended, its locks free', async () => {
  const left = await killedServer()
  const found = await start()
  assert.equal(found.adopted, true)
  assert.equal(found.pid, left.pid)
  const db = openDb({ url: found.url })
  assert.deepEqual(await db.one('SELECT count(*) AS n FROM note'), { n: 0 })
  const lock = await db.lockOnce('sequencer')
  assert.ok(lock)
  await lock.release()
  await db.close()
})

test('what runs with other settings is stopped and started anew', async () => {
  const left = await killedServer()
  const found = await start({ settings: { max_connections: '33' } })
  assert.equal(found.adopted, false)
  assert.notEqual(found.pid, left.pid)
  assert.deepEqual(await ask(found, `SELECT current_setting('max_connections') AS max`), { max: '33' })
})

test('PostgreSQL killed under writers loses nothing it acknowledged, says that it ended, and comes back', async () => {
  const first = await startCopy()
  const db = openDb({ url: first.url })
  await db.write((tx) => tx.query('CREATE TABLE note (id int PRIMARY KEY)'))
  const acknowledged: number[] = []
  let next = 0
  const writers = [1, 2, 3, 4].map(async () => {
    for (;;) {
      const id = next++
      await db.write((tx) => tx.query('INSERT INTO note VALUES ($1)', [id]))
      acknowledged.push(id)
      if (acknowledged.length === 300) process.kill(first.pid, 'SIGKILL')
    }
  })
  await Promise.allSettled(writers)
  assert.deepEqual(await first.ended, { wanted: false })
  await db.close()
  const second = await start()
  const again = openDb({ url: second.url })
  const kept = new Set((await again.many<{ id: number }>('SELECT id FROM note')).map((row) => row.id))
  await again.close()
  assert.deepEqual(
    acknowledged.filter((id) => !kept.has(id)),
    [],
  )
  assert.ok(acknowledged.length >= 300)
})

test('a number that lives again as another program does not keep it from starting', async () => {
  await (await startCopy()).stop()
  const other = spawn('sleep', ['60'])
  const file = join(directory, 'cluster', 'postmaster.pid')
  await writeFile(
    file,
    [other.pid, join(directory, 'cluster'), 1, 5432, join(directory, 'cluster'), '', '', 'ready', ''].join('\n'),
  )
  const second = await start()
  assert.equal(second.adopted, false)
  assert.equal(other.exitCode, null, 'and the other program is left alone')
  other.kill()
})

test('a directory whose making was killed half-way is made anew', async () => {
  await mkdir(join(directory, 'cluster.new', 'base'), { recursive: true })
  await writeFile(join(directory, 'cluster.new', 'PG_VERSION'), '18\n')
  assert.equal((await ask<{ one: number }>(await start(), 'SELECT 1 AS one')).one, 1)
})

test('a path too long for a socket gets a short one, which is gone afterwards', async () => {
  const deep = join(directory, 'দপ্তর'.repeat(8))
  const postgres = await startCopy({ directory: deep })
  assert.equal((await ask<{ one: number }>(postgres, 'SELECT 1 AS one')).one, 1)
  const socket = decodeURIComponent(new URL(postgres.url).hostname)
  assert.match(socket, /^\/tmp\/smarak-/)
  await postgres.stop()
  assert.equal((await start({ directory: deep })).url, postgres.url, 'so that connections find it again')
  await running?.stop()
  await assert.rejects(stat(socket), { code: 'ENOENT' })
})

test('data of another release of PostgreSQL is refused with what to do', async () => {
  await mkdir(join(directory, 'cluster'), { mode: 0o700 })
  await writeFile(join(directory, 'cluster', 'PG_VERSION'), '17\n')
  await assert.rejects(start(), { code: 'postgres_version', message: /backup/ })
})

test('data that PostgreSQL cannot read is refused with its last words', async () => {
  await (await startCopy()).stop()
  running = undefined
  await rm(join(directory, 'cluster', 'global', 'pg_control'))
  await assert.rejects(start(), { code: 'postgres_cannot_start', message: /pg_control/ })
})

const asRoot = process.getuid?.() === 0 ? false : 'only root can be somebody else'

test("started by root on an ordinary user's directory, it runs as that user and leaves him his files", {
  skip: asRoot,
}, async () => {
  const USER = 54321 // has no name here, so initdb needs the way round
  await chown(directory, USER, USER)
  const postgres = await start()
  assert.equal((await ask<{ one: number }>(postgres, 'SELECT 1 AS one')).one, 1)
  for (const file of ['postgresql.conf', 'pg_hba.conf', 'base'])
    assert.equal((await stat(join(directory, 'cluster', file))).uid, USER, file)
  const status = await readFile(`/proc/${postgres.pid}/status`, 'utf8')
  assert.match(status, new RegExp(`^Uid:\\s+${USER}`, 'm'))
  assert.equal((await stat(dirname(directory))).uid, 0)
})
