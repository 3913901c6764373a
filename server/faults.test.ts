import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { openCheckpoint, signCheckpoint } from '../core/checkpoint.ts'
import { rootOf } from '../core/merkle.ts'
import { testDatabase } from '../test/helpers/database.ts'
import { brief, makeNote, type NotesRoad, openNotes } from '../test/helpers/notes.ts'
import { type Db, OutcomeUnknown, type Read, type Tx } from './db.ts'
import { openVerifyPool } from './verify-pool.ts'

let directory: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'smarak-faults-'))
})
after(() => rm(directory, { recursive: true, force: true }))

describe('a database that is behind the checkpoint file', () => {
  let db: Db
  let first: NotesRoad
  const file = () => join(directory, 'behind')

  before(async () => {
    ;({ db } = await testDatabase())
    first = await openNotes(db, { checkpointFile: file() })
    for (let i = 0; i < 5; i++) await first.send(await makeNote(first.author, `note ${i}`))
    await first.road.close()
  })

  async function lose(from: number): Promise<void> {
    await db.write(async (tx) => {
      await tx.query('DELETE FROM item WHERE index >= $1', [from])
      await tx.query('DELETE FROM note WHERE index >= $1', [from])
    })
  }

  test('refuses everything new, says what to do, and goes on being read', async () => {
    // As after a damaged WAL tail: the last two batches never happened.
    const [older] = await earlierCheckpoints(db, first, 4)
    await lose(4)
    await db.write((tx) => tx.query('UPDATE log_state SET size = 4, checkpoint = $1', [older]))
    const behind = await openNotes(db, { ...first, checkpointFile: file() })
    const [answer] = await behind.send(await makeNote(first.author, 'anything'))
    assert.deepEqual(answer, { code: 'behind_checkpoint', details: { have: 4, want: 6 } })
    assert.match(behind.warnings.join(), /2 are missing[\s\S]*log recover/)
    assert.equal(behind.road.view.size, 4)
    assert.equal((await openCheckpoint(await readFile(file(), 'utf8'), first.key.note)).size, 6, 'the file stays')
    await behind.road.close()
  })

  test('is told from one that holds another log of the same length, and from a file that is none', async () => {
    const { db: other } = await testDatabase()
    const forked = await openNotes(other, { ...first, checkpointFile: join(directory, 'forked') })
    for (let i = 0; i < 7; i++) await forked.send(await makeNote(first.author, `other ${i}`))
    await forked.road.close()
    const reopened = await openNotes(other, { ...first, checkpointFile: file() })
    assert.deepEqual(brief(await reopened.send(await makeNote(first.author, 'x'))), ['behind_checkpoint'])
    await reopened.road.close()

    await writeFile(join(directory, 'rubbish'), 'not a checkpoint')
    const rubbish = await openNotes(other, { ...first, checkpointFile: join(directory, 'rubbish') })
    assert.deepEqual(brief(await rubbish.send(await makeNote(first.author, 'x'))), ['behind_checkpoint'])
    await rubbish.road.close()
  })
})

describe('a log that was changed behind our back is not opened', () => {
  for (const [what, change] of [
    ['an item', 'UPDATE item SET cose = cose || $1 WHERE index = 2'],
    ['a leaf', 'UPDATE item SET leaf = leaf || $1 WHERE index = 2'],
    ['a hash', 'UPDATE item SET leaf_hash = sha256($1) WHERE index = 2'],
  ] as const) {
    test(what, async () => {
      const { db } = await testDatabase()
      const service = await openNotes(db)
      for (let i = 0; i < 4; i++) await service.send(await makeNote(service.author, `note ${i}`))
      await service.road.close()
      await db.write((tx) => tx.query(change, [Uint8Array.of(0)]))
      await assert.rejects(openNotes(db, service), { code: 'log_damaged' })
      await service.close().catch(() => {})
    })
  }
})

describe('a disk that is full', () => {
  let db: Db
  let service: NotesRoad

  before(async () => {
    ;({ db } = await testDatabase())
    await mkdir(join(directory, 'disk'))
    service = await openNotes(db, { checkpointFile: join(directory, 'disk', 'checkpoint') })
  })
  after(() => service.road.close())

  test('of the database refuses everything and keeps nothing, until there is room again', async () => {
    // PostgreSQL's own word for it, raised where it would be: at an insert.
    await db.write((tx) =>
      tx.query(
        `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
         CREATE TRIGGER full_disk BEFORE INSERT ON item EXECUTE FUNCTION full_disk()`,
      ),
    )
    const notes = await Promise.all(Array.from({ length: 5 }, (_, i) => makeNote(service.author, `note ${i}`)))
    assert.deepEqual(brief(await service.send(...notes)), Array(5).fill('disk_full'))
    assert.deepEqual(service.notes.texts, ['root'])
    await db.write((tx) => tx.query('DROP TRIGGER full_disk ON item'))
    assert.deepEqual(brief(await service.send(...notes)), [1, 2, 3, 4, 5])
  })

  test('of the checkpoint file answers nobody before it is written, and the same place afterwards', async () => {
    const note = await makeNote(service.author, 'placed, not yet promised')
    const shown = service.road.view.size
    // The draft's place is taken by a directory: the write fails as it would on a broken disk.
    await mkdir(join(directory, 'disk', 'checkpoint.new'))
    assert.deepEqual(brief(await service.send(note)), ['internal'])
    assert.equal(service.road.view.size, shown, 'what is not vouched for is not shown')
    assert.deepEqual(brief(await service.send(note)), ['internal'], 'nor is a repeat answered')
    await rm(join(directory, 'disk', 'checkpoint.new'), { recursive: true })
    assert.deepEqual(brief(await service.send(note)), [shown])
    assert.equal(service.road.view.size, shown + 1)
  })
})

describe('a COMMIT whose answer is lost', () => {
  /** A `Db` whose writer loses the answer of its next commit, after it was carried out or instead of it. */
  function losing(db: Db, next: { lose: 'kept' | 'not kept' | undefined }): Db {
    return {
      ...db,
      async writer() {
        const writer = await db.writer()
        return {
          ...writer,
          async write<A, T>(change: (tx: Tx, found: A) => Promise<T>, ahead: (read: Read) => Promise<A>): Promise<T> {
            const { lose } = next
            next.lose = undefined
            if (lose === 'not kept')
              await writer.write(async (tx, found: A) => {
                await change(tx, found)
                throw new OutcomeUnknown(new Error('the connection was cut'))
              }, ahead)
            const result = await writer.write(change, ahead)
            if (lose === 'kept') throw new OutcomeUnknown(new Error('the connection was cut'))
            return result
          },
        }
      },
    } as Db
  }

  for (const lose of ['kept', 'not kept'] as const) {
    test(`is looked up: the batch was ${lose}, and everybody is answered once`, async () => {
      const { db } = await testDatabase()
      const next: { lose: 'kept' | 'not kept' | undefined } = { lose: undefined }
      const service = await openNotes(losing(db, next))
      const notes = await Promise.all(Array.from({ length: 10 }, (_, i) => makeNote(service.author, `note ${i}`)))
      next.lose = lose
      assert.deepEqual(brief(await service.send(...notes)), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      assert.deepEqual(brief(await service.send(await makeNote(service.author, 'after'))), [11])
      const count = await db.one<{ items: number; notes: number }>(
        'SELECT (SELECT count(*) FROM item) AS items, (SELECT count(*) FROM note) AS notes',
      )
      assert.deepEqual(count, { items: 12, notes: 12 })
      assert.equal(service.notes.texts.length, 12)
      await service.close()
    })
  }
})

describe('a connection that PostgreSQL cuts', () => {
  test('is replaced, and the lock with it', async () => {
    const { db, url } = await testDatabase()
    const service = await openNotes(db)
    const admin = new pg.Client({ connectionString: url })
    await admin.connect()
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    await admin.end()
    const note = await makeNote(service.author, 'after the cut')
    let answers = brief(await service.send(note))
    // The cut may be noticed by the first who writes; he is told to try again, and loses nothing.
    if (answers[0] !== 1) {
      assert.deepEqual(answers, ['database_unavailable'])
      answers = brief(await service.send(note))
    }
    assert.deepEqual(answers, [1])
    await service.close()
  })

  test('a second server on the same database is not let in', async () => {
    const { db } = await testDatabase()
    const service = await openNotes(db)
    await assert.rejects(openNotes(db, service), { code: 'log_in_use' })
    await service.close()
  })
})

describe('a verifying thread that dies', () => {
  test('is replaced, and what it was asked is asked again', async () => {
    const { db } = await testDatabase()
    const service = await openNotes(db)
    const notes = await Promise.all(Array.from({ length: 200 }, (_, i) => makeNote(service.author, `note ${i}`)))
    const sent = notes.map((note) => service.send(note))
    await new Promise((resolve) => setImmediate(resolve))
    for (const thread of service.road.pool.threads) void thread.terminate()
    const answers = (await Promise.all(sent)).flatMap(brief)
    assert.equal(new Set(answers).size, 200)
    assert.ok(answers.every((answer) => typeof answer === 'number'))
    await service.close()
  })

  test('a request that ends two threads is refused, and the next is served', async () => {
    const pool = openVerifyPool(1)
    const check = { publicKey: new Uint8Array(32), signature: new Uint8Array(64), bytes: new Uint8Array(3) }
    const refused = assert.rejects(pool.verify([check]), { code: 'internal' })
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    await pool.threads[0]!.terminate()
    await pool.threads[0]!.terminate()
    await refused
    assert.deepEqual(await pool.verify([check]), [false])
    await pool.close()
  })
})

/** Checkpoints of the log in `db` at earlier sizes, as they were signed then. */
async function earlierCheckpoints(db: Db, { key }: NotesRoad, ...sizes: number[]): Promise<string[]> {
  const rows = await db.many<{ leaf_hash: Uint8Array }>('SELECT leaf_hash FROM item ORDER BY index')
  return Promise.all(
    sizes.map((size) => {
      const root = rootOf(rows.slice(0, size).map(({ leaf_hash }) => leaf_hash))
      return signCheckpoint({ size, root }, key.note, key.sign)
    }),
  )
}
