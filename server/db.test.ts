import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../core/refusal.ts'
import { emptyDatabase } from '../test/helpers/database.ts'
import { checkServer, type Db, openDb, type Read, type Statement, type Tx } from './db.ts'

let db: Db
let url: string

before(async () => {
  const made = await emptyDatabase()
  db = made.db
  url = made.url
  await db.write((tx) => tx.query('CREATE TABLE note (id int8 PRIMARY KEY, body bytea NOT NULL)'))
})

const count = async (read: Read) => (await read.one<{ n: number }>('SELECT count(*) AS n FROM note'))!.n

describe('values', () => {
  test('bytes come back as they went, as plain Uint8Array', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.array(fc.uint8Array({ minLength: 1 })), async (one, many) => {
        const row = await db.one<{ one: Uint8Array; many: Uint8Array[] }>(
          'SELECT $1::bytea AS one, $2::bytea[] AS many',
          [one, many],
        )
        assert.deepEqual(row, { one: new Uint8Array(one), many: many.map((bytes) => new Uint8Array(bytes)) })
        assert.equal(Object.getPrototypeOf(row?.one), Uint8Array.prototype)
      }),
      { numRuns: 50 },
    )
  })

  test('an int8 is a number, and one too large for a number is an error', async () => {
    const safe = Number.MAX_SAFE_INTEGER
    assert.deepEqual(await db.one('SELECT $1::int8 AS n, $2::int8[] AS ns', [safe, [1, null, -safe]]), {
      n: safe,
      ns: [1, null, -safe],
    })
    await assert.rejects(db.one('SELECT $1::int8 AS n', [2n ** 53n]), /too large/)
    assert.deepEqual(await db.one('SELECT 1 AS n'), { n: 1 }, 'and the connection still works')
  })

  test('a date stays the day it is', async () => {
    assert.deepEqual(await db.one(`SELECT DATE '2024-10-22' AS day, ARRAY[DATE '2024-10-22'] AS days`), {
      day: '2024-10-22',
      days: ['2024-10-22'],
    })
  })

  test('one refuses to choose among several rows', async () => {
    await assert.rejects(db.one('SELECT generate_series(1, 2)'), /One row expected, 2 found/)
    assert.equal(await db.one('SELECT 1 WHERE false'), undefined)
  })
})

describe('writing', () => {
  test('a Db cannot write, neither by its type nor on the server', async () => {
    // @ts-expect-error a Db is no Tx
    const wrong: Tx = db
    await assert.rejects(wrong.query(`INSERT INTO note VALUES (1, '')`), /read-only transaction/)
  })

  test('a write is kept, and is announced only then', async () => {
    const heard: string[] = []
    const seen = await db.write(async (tx) => {
      await tx.query('INSERT INTO note VALUES ($1, $2)', [10, new Uint8Array([7])])
      tx.afterCommit(() => void heard.push('first'))
      tx.afterCommit(() => {
        throw new Error('a listener breaks')
      })
      tx.afterCommit(() => void heard.push('second'))
      assert.deepEqual(heard, [])
      return count(tx)
    })
    assert.equal(seen, await count(db))
    assert.deepEqual(heard, ['first', 'second'])
  })

  test('a write that throws leaves nothing and is not announced', async () => {
    const before = await count(db)
    const write = db.write(async (tx) => {
      await tx.query(`INSERT INTO note VALUES (20, '')`)
      tx.afterCommit(() => assert.fail('announced'))
      throw new Refusal('not_allowed', 'no')
    })
    await assert.rejects(write, { code: 'not_allowed' })
    assert.equal(await count(db), before)
  })

  test('a statement that failed unheard is not taken for a commit', async () => {
    const before = await count(db)
    const write = db.write(async (tx) => {
      await tx.query(`INSERT INTO note VALUES (30, '')`)
      await tx.query('SELECT 1 / 0').catch(() => {})
      tx.afterCommit(() => assert.fail('announced'))
    })
    await assert.rejects(write, /rolled back/)
    assert.equal(await count(db), before)
  })

  test('a failing statement nobody awaited is not taken for a commit either', async () => {
    const write = db.write(async (tx) => {
      tx.query('SELECT 1 / 0').catch(() => {})
    })
    await assert.rejects(write, /rolled back/)
  })

  test('what broke is told, also where a statement sent along with it is heard of first', async () => {
    const broken = db.write(async (tx) => {
      tx.query('SELECT 1 / 0').catch(() => {})
      await tx.query('SELECT 1') // fails too, since the transaction is aborted
    })
    await assert.rejects(broken, { code: '22012' })
  })

  test('a transaction is dead once its function has returned', async () => {
    const kept = await db.write(async (tx) => tx)
    await assert.rejects(kept.query('SELECT 1'), /has ended/)
  })

  test('statements sent together are answered each to its own', async () => {
    const answers = await db.write((tx) =>
      Promise.all(Array.from({ length: 200 }, (_, i) => tx.one<{ i: number }>('SELECT $1::int4 AS i', [i]))),
    )
    assert.deepEqual(
      answers.map((row) => row?.i),
      Array.from({ length: 200 }, (_, i) => i),
    )
  })

  test('a snapshot sees one moment', async () => {
    const [early, late] = await db.snapshot(async (read) => {
      const early = await count(read)
      await db.write((tx) => tx.query(`INSERT INTO note VALUES (40, '')`))
      return [early, await count(read)]
    })
    assert.equal(early, late)
    assert.equal(await count(db), early! + 1)
  })
})

describe('a lost connection', () => {
  const killer = () => openDb({ url, readers: 1, writers: 1 })

  test('during a write is refused with the word that it was not kept, and the next write works', async () => {
    const before = await count(db)
    const write = db.write(async (tx) => {
      await tx.query(`INSERT INTO note VALUES (50, '')`)
      const { pid } = (await tx.one<{ pid: number }>('SELECT pg_backend_pid() AS pid'))!
      await terminate(pid)
      await tx.query('SELECT 1')
    })
    await assert.rejects(write, { code: 'database_unavailable' })
    assert.equal(await count(db), before)
    await db.write((tx) => tx.query('SELECT 1'))
  })

  test('at COMMIT is said to be unknown', async () => {
    const write = db.write(async (tx) => {
      const { pid } = (await tx.one<{ pid: number }>('SELECT pg_backend_pid() AS pid'))!
      await terminate(pid)
    })
    await assert.rejects(write, { name: 'OutcomeUnknown' })
  })

  test('an address where nobody listens says so', async () => {
    const nowhere = openDb({ url: 'postgresql://smarak@127.0.0.1:1/smarak' })
    await assert.rejects(nowhere.many('SELECT 1'), { code: 'database_unavailable' })
    await nowhere.close()
  })

  async function terminate(pid: number): Promise<void> {
    const other = killer()
    await other.write((tx) => tx.query('SELECT pg_terminate_backend($1, 5000)', [pid]))
    await other.close()
  }
})

describe('the writer and the lock', () => {
  test('writes of a writer keep their order on one connection', async () => {
    const writer = await db.writer()
    const pids = await Promise.all(
      [1, 2, 3].map((i) =>
        writer.write(async (tx) => {
          await tx.query('SELECT pg_sleep($1)', [0.02 / i])
          return (await tx.one<{ at: number }>('SELECT pg_backend_pid() AS at'))!.at
        }),
      ),
    )
    assert.equal(new Set(pids).size, 1)
    await assert.rejects(
      writer.write((tx) => tx.query('SELECT 1 / 0')),
      /division by zero/,
    )
    assert.equal((await writer.write((tx) => tx.one<{ n: number }>('SELECT 1 AS n')))?.n, 1)
    await writer.close()
    await writer.lost
    await assert.rejects(
      writer.write((tx) => tx.query('SELECT 1')),
      { code: 'database_unavailable' },
    )
  })

  test('only one holds a lock, and it is free again when its holder is gone', async () => {
    const held = await db.lockOnce('sequencer')
    assert.ok(held)
    assert.equal(await db.lockOnce('sequencer'), undefined)
    const other = await db.lockOnce('another')
    assert.ok(other)
    await other.release()
    // Other tests hold locks in the same cluster.
    const mine = `SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database AND d.datname = current_database()
                  WHERE locktype = 'advisory'`
    const [{ pid }] = (await db.many<{ pid: number }>(mine)) as [{ pid: number }]
    await db.write((tx) => tx.query('SELECT pg_terminate_backend($1, 5000)', [pid]))
    await held.lost
    const writer = await db.writer()
    assert.equal(await writer.lockOnce('sequencer'), true)
    await writer.close()
  })
})

test('every statement is timed, also a failing one', async () => {
  const statements: Statement[] = []
  const watched = openDb({ url, onStatement: (statement) => statements.push(statement) })
  await watched.many('SELECT generate_series(1, 3)')
  await assert.rejects(watched.many('SELECT pg_sleep(0.02), 1 / (random() * 0)::int'))
  await watched.close()
  assert.deepEqual(
    statements.map(({ rows, failed }) => [rows, failed]),
    [
      [3, false],
      [0, true],
    ],
  )
  assert.ok(statements[1]!.ms >= 15)
})

test('the server that npm brought knows Bangla letters', async () => {
  await checkServer(db)
})
