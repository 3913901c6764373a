import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Bytes, randomBytes } from '../core/bytes.ts'
import { signCheckpoint } from '../core/checkpoint.ts'
import { writeEnvelope } from '../core/item.ts'
import { formatJournalLine, type JournalEntry } from '../core/journal.ts'
import { decodeLeaf, encodeLeaf } from '../core/leaf.ts'
import { leafHash, rootOf } from '../core/merkle.ts'
import { testDatabase } from '../test/helpers/database.ts'
import {
  type Answer,
  brief,
  makeNote,
  makeNoteTable,
  makeRoot,
  Notebook,
  type NotesRoad,
  newAuthor,
  notesFeature,
  openNotes,
} from '../test/helpers/notes.ts'
import { readJournals } from './journal.ts'
import { recoverLog } from './log-recover.ts'

/** How much of the log the backup holds. */
const SIZE = 430

let directory: string
let journal: JournalEntry[]
let service: NotesRoad

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'smarak-recover-'))
  const { db } = await testDatabase()
  service = await openNotes(db, { root: false, checkpointFile: join(directory, 'checkpoint') })
  const parties = [randomBytes(16), randomBytes(16)]
  const envelopes = [await makeRoot(service.author, await newAuthor(), service.key)]
  for (let i = 0; i < 599; i++)
    envelopes.push(await makeNote(service.author, `note ${i}`, { party: parties[i % 2]!, body: [randomBytes(20)] }))
  journal = []
  for (let at = 0; at < envelopes.length; at += 60) {
    const sent = envelopes.slice(at, at + 60)
    for (const [i, answer] of (await service.send(...sent)).entries())
      journal.push({ ...(answer as Extract<Answer, { index: number }>), envelope: writeEnvelope(sent[i]!) })
  }
  await service.road.close()
})
after(() => rm(directory, { recursive: true, force: true }))

/** A database with the beginning of the log only, as a backup would have it, and what recovery needs of it. */
async function restored(size: number) {
  const { db } = await testDatabase()
  await makeNoteTable(db)
  if (size > 0) {
    const notes = new Notebook()
    const file = join(directory, `target-${size}`)
    const root = rootOf(journal.slice(0, size).map(({ leaf }) => leafHash(leaf)))
    await writeFile(file, await signCheckpoint({ size, root }, service.key.note, service.key.sign))
    const needs = { db, key: service.key, checkpointFile: file, state: { notes }, features: [notesFeature(notes)] }
    await recoverLog(needs, await journals(journal.slice(0, size)))
  }
  const notes = new Notebook()
  const { key, checkpointFile } = service
  return { db, needs: { db, key, checkpointFile, state: { notes }, features: [notesFeature(notes)] } }
}

function moveTo(index: number, entry: JournalEntry): JournalEntry {
  return { ...entry, index }
}

/** A leaf of the same item, as a liar makes one. */
function forged(leaf: Bytes): Bytes {
  return encodeLeaf({ ...decodeLeaf(leaf), time: decodeLeaf(leaf).time + Math.floor(1 + Math.random() * 1e6) })
}

async function journals(...files: JournalEntry[][]) {
  const paths = await Promise.all(
    files.map(async (entries, i) => {
      const path = join(directory, `journal-${i}`)
      await writeFile(path, `${entries.map(formatJournalLine).join('')}{"cut short`)
      return path
    }),
  )
  return readJournals(paths, () => {})
}

describe('log recover', () => {
  test('gives back what a backup lacks, each item at its own place, from several journals in any order', async () => {
    const { db, needs } = await restored(SIZE)
    const lost = journal.slice(SIZE - 5)
    const shuffled = lost.toSorted(() => Math.random() - 0.5)
    const count = await recoverLog(needs, await journals(shuffled.slice(0, 100), shuffled.slice(90)))
    assert.equal(count, 600 - SIZE)
    const reopened = await openNotes(db, service)
    assert.equal(reopened.road.view.size, 600)
    assert.equal(reopened.road.view.checkpoint, service.road.view.checkpoint, 'the very same checkpoint')
    assert.deepEqual(reopened.notes.texts, service.notes.texts)
    assert.deepEqual(brief(await reopened.send(await makeNote(service.author, 'and on'))), [600])
    await reopened.road.close()
    await rm(service.checkpointFile)
    await writeFile(service.checkpointFile, service.road.view.checkpoint)
  })

  test('of a whole log, into an empty database', async () => {
    const { needs } = await restored(0)
    assert.equal(await recoverLog(needs, await journals(journal)), 600)
    assert.equal(await recoverLog(needs, await journals(journal)), 0, 'a second time nothing is missing')
  })

  test('says which indexes nobody has, and changes nothing', async () => {
    const { db, needs } = await restored(SIZE)
    const gaps = journal.filter(({ index }) => index !== 440 && (index < 500 || index > 503))
    await assert.rejects(recoverLog(needs, await journals(gaps)), {
      code: 'still_missing',
      details: { ranges: ['440', '500–503'], count: 5 },
    })
    assert.deepEqual(await db.one('SELECT size FROM log_state'), { size: SIZE })
  })

  test('takes nothing that leads to another log', async () => {
    const { db, needs } = await restored(SIZE)
    const moved = journal.with(450, moveTo(450, journal[451]!))
    await assert.rejects(recoverLog(needs, await journals(moved)), { code: 'wrong_journal', details: { disputed: [] } })
    const both = await journals(moved, journal.with(451, moveTo(451, journal[452]!)))
    await assert.rejects(recoverLog(needs, both), { code: 'wrong_journal', details: { disputed: [450, 451] } })
    assert.deepEqual(await db.one('SELECT size FROM log_state'), { size: SIZE })
  })

  test('believes of those who disagree whoever leads to the log, one liar or several', async () => {
    const { needs } = await restored(SIZE)
    const lost = journal.slice(SIZE)
    const lies = (from: string, step: number) =>
      lost.flatMap((entry, i) => (i % step === 0 ? { ...entry, leaf: forged(entry.leaf), from } : []))
    const honest = lost.map((entry, i) => ({ ...entry, from: `device ${i % 5}` }))
    assert.equal(await recoverLog(needs, await journals([...lies('x', 1), ...honest, ...lies('y', 3)])), 600 - SIZE)
  })

  test('names a journal that is not there', async () => {
    const absent = join(directory, 'nobody-wrote-this')
    await assert.rejects(
      readJournals([absent], () => {}),
      { code: 'file_missing', details: { file: absent, reason: 'ENOENT' } },
    )
  })

  test('waits for no running server', async () => {
    const { db, needs } = await restored(SIZE)
    const lock = await db.lockOnce('sequencer')
    await assert.rejects(recoverLog(needs, await journals(journal)), { code: 'log_in_use' })
    await lock!.release()
  })
})
