import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDatabase } from './database.ts'
import { openLog } from './log.ts'
import { birthOf } from './postgres/process.ts'

test('a PostgreSQL that ends by itself is started again, and none is left when all is closed', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'smarak-own-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const dataDir = { postgres: { directory: join(directory, 'postgres'), inside: directory } }
  const database = await openDatabase({ databaseUrl: undefined }, dataDir, openLog('silent'))
  const first = database.postgres!
  process.kill(first, 'SIGKILL')
  while (database.postgres === first) await new Promise((resolve) => setTimeout(resolve, 20))
  const answered = async () => {
    for (;;) {
      // Connections of the dead one are found out one by one.
      const row = await database.db.one<{ n: number }>('SELECT 1 AS n').catch(() => undefined)
      if (row) return row.n
    }
  }
  assert.equal(await answered(), 1)
  const second = database.postgres!
  process.kill(second, 'SIGKILL')
  await database.close() // while it is being started again
  assert.equal(await birthOf(database.postgres!), undefined)
})
