import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { randomBytes } from '../core/bytes.ts'
import { sha256 } from '../core/hash.ts'
import { type Envelope, writeEnvelope } from '../core/item.ts'
import type { JournalEntry } from '../core/journal.ts'
import { decodeLeaf, encodeLeaf } from '../core/leaf.ts'
import { leafHash } from '../core/merkle.ts'
import { testDatabase } from '../test/helpers/database.ts'
import { type Answer, makeNote, type NotesRoad, openNotes } from '../test/helpers/notes.ts'
import { GivenBack, type GivenBackNeeds } from './given-back.ts'
import { readJournals } from './journal.ts'
import { openLog } from './log.ts'

const LOST = { from: 3, to: 6 }

let directory: string
let service: NotesRoad
/** What was accepted, by index. */
let entries: JournalEntry[]
let file: string
let warned: string[]

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'smarak-given-'))
  service = await openNotes((await testDatabase()).db)
  const notes = await Promise.all(Array.from({ length: 6 }, (_, i) => makeNote(service.author, `note ${i}`)))
  entries = (await service.send(...notes)).map((answer, i) => entryOf(answer, notes[i]!))
})
after(async () => {
  await service.close()
  await rm(directory, { recursive: true })
})
beforeEach(() => {
  file = join(directory, randomBytes(6).toHex())
  warned = []
})

function entryOf(answer: Answer, envelope: Envelope): JournalEntry {
  return { ...(answer as { index: number; leaf: JournalEntry['leaf'] }), envelope: writeEnvelope(envelope) }
}

/** The accepted item of this index; the root stands at 0. */
const at = (index: number) => entries[index - 1]!

function open(more: Partial<GivenBackNeeds> = {}): Promise<GivenBack> {
  const { keys, pool } = service.road
  return GivenBack.open({
    lost: LOST,
    file,
    keys,
    pool,
    log: openLog('silent'),
    warn: (said) => warned.push(said),
    ...more,
  })
}

async function inJournal(): Promise<number[]> {
  const read = await readJournals([file], (_, line, error) => assert.fail(`line ${line}: ${error}`))
  return [...read].flatMap(([index, items]) => items.map(() => index)).sort()
}

describe('what was lost is taken back', () => {
  test('once, whoever else has it, and the operator hears when there is something for every place', async () => {
    const given = await open()
    assert.equal(given.missing, 3)
    assert.deepEqual(await given.give('one', [at(3), at(4)]), [null, null])
    assert.deepEqual(await given.give('two', [at(4)]), [null])
    assert.deepEqual(warned, [])
    const offers = [3, 5].map((index) => ({ index, hash: leafHash(at(index).leaf) }))
    assert.deepEqual(given.wanted('two', offers), [5])
    assert.deepEqual(await given.give('two', [at(5)]), [null])
    assert.match(warned.join(), /log recover/)
    assert.deepEqual(await inJournal(), [3, 4, 5])
  })

  test('and is still there after a crash that cut a line short', async () => {
    await (await open()).give('one', [at(3)])
    await appendFile(file, '{"index":4,"leaf":"')
    const again = await open()
    assert.equal(again.missing, 2)
    await again.give('two', [at(3), at(4)])
    const faults: number[] = []
    const read = await readJournals([file], (_, line) => faults.push(line))
    assert.deepEqual([[...read.keys()], faults.length], [[3, 4], 1])
  })

  test('by many at once, without a line in another', async () => {
    const given = await open({ lost: { from: 1, to: 7 } })
    await Promise.all(entries.map((entry, i) => given.give(`device ${i}`, [entry])))
    assert.deepEqual(await inJournal(), [1, 2, 3, 4, 5, 6])
    assert.equal(given.missing, 0)
  })
})

describe('turned away is', () => {
  const refused: [what: string, entry: () => JournalEntry, code: string][] = [
    ['an index below those that are missing', () => at(2), 'not_found'],
    ['one above', () => ({ ...at(5), index: 6 }), 'not_found'],
    ['rubbish', () => ({ ...at(4), envelope: randomBytes(200) }), 'bad_bytes'],
    ['a large one of rubbish', () => ({ ...at(4), envelope: new Uint8Array(70_000).fill(0x81) }), 'bad_bytes'],
    ['a leaf that is none', () => ({ ...at(4), leaf: randomBytes(60) }), 'bad_bytes'],
    ['the leaf of another item', () => ({ ...at(4), leaf: at(5).leaf }), 'bad_input'],
    ['what is more than one device may give', () => at(5), 'too_large'],
  ]
  for (const [what, entry, code] of refused)
    test(what, async () => {
      const given = await open(code === 'too_large' ? { ofOne: at(3).envelope.length + 10 } : {})
      assert.deepEqual(await given.give('one', [at(3), entry()]), [null, code])
      assert.deepEqual(await inJournal(), [3], 'its neighbour is kept')
    })

  test('a false signature of a key that is known', async () => {
    const forged = await makeNote(service.author, 'forged')
    forged.cose[forged.cose.length - 1]! ^= 1
    const leaf = encodeLeaf({ ...decodeLeaf(at(3).leaf), item: sha256(forged.cose) })
    assert.deepEqual(await (await open()).give('one', [{ index: 3, leaf, envelope: writeEnvelope(forged) }]), [
      'bad_signature',
    ])
  })

  test('a second one of the same device for a place; but the true one of another is not kept out by a false one', async () => {
    const given = await open()
    const { leaf } = at(3)
    const false3 = { ...at(3), leaf: encodeLeaf({ ...decodeLeaf(leaf), time: 1 }) }
    assert.deepEqual(await given.give('liar', [false3, at(3)]), [null, 'conflict'])
    assert.deepEqual(given.wanted('liar', [{ index: 3, hash: leafHash(leaf) }]), [])
    assert.deepEqual(given.wanted('one', [{ index: 3, hash: leafHash(leaf) }]), [3])
    assert.deepEqual(await given.give('one', [at(3)]), [null])
    assert.match(await readFile(file, 'utf8'), /"from":"liar"}\n+.*"from":"one"}/)
  })
})
