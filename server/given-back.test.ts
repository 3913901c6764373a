import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { equal, randomBytes } from '../core/bytes.ts'
import { sha256 } from '../core/hash.ts'
import { type Envelope, idText, thumbprint, writeEnvelope } from '../core/item.ts'
import type { JournalEntry } from '../core/journal.ts'
import { decodeLeaf, encodeLeaf } from '../core/leaf.ts'
import { leafHash } from '../core/merkle.ts'
import { testDatabase } from '../test/helpers/database.ts'
import {
  type Answer,
  type Author,
  makeNote,
  type NotesRoad,
  newAuthor,
  notesFeature,
  openNotes,
} from '../test/helpers/notes.ts'
import { GivenBack, type GivenBackNeeds } from './given-back.ts'
import { readJournals } from './journal.ts'
import { openLog } from './log.ts'

const LOST = { from: 3, to: 8 }

let directory: string
let service: NotesRoad
/** What was accepted, by index. */
let entries: JournalEntry[]
let file: string
let warned: string[]
/** Who joined at 6, after what the database holds, and wrote 7. */
let newcomer: Author

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'smarak-given-'))
  service = await openNotes((await testDatabase()).db)
  const notes = await Promise.all(Array.from({ length: 5 }, (_, i) => makeNote(service.author, `note ${i}`)))
  newcomer = await newAuthor('device')
  notes.push(await makeNote(service.author, 'joins', { newKey: newcomer.key.publicKey }))
  notes.push(await makeNote(newcomer, 'a first note'))
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

/** A database that knows the root keys and the devices `one`, `two` … */
function open(more: Partial<GivenBackNeeds> = {}): Promise<GivenBack> {
  const { pool, keys } = service.road
  const isNew = (id: Uint8Array) => equal(id, thumbprint(newcomer.key.publicKey))
  return GivenBack.open({
    lost: LOST,
    file,
    keys: { find: (ids) => keys.find([...ids].filter((id) => !isNew(id))) },
    people: { personOfDevice: (device) => (/^[a-z]+$/.test(device) ? 'somebody' : undefined) },
    kinds: new Map(notesFeature(service.notes).kinds.map((kind) => [kind.name, kind])),
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
    assert.equal(given.missing, 5)
    assert.deepEqual(await given.give('one', [at(3), at(4)]), [null, null])
    assert.deepEqual(await given.give('two', [at(4)]), [null])
    assert.deepEqual(warned, [])
    const offers = [3, 5].map((index) => ({ index, hash: leafHash(at(index).leaf) }))
    assert.deepEqual(given.wanted('two', offers), [5])
    assert.deepEqual(await given.give('two', [at(5), at(6), at(7)]), [null, null, null])
    assert.match(warned.join(), /log recover/)
    assert.deepEqual(await inJournal(), [3, 4, 5, 6, 7])
  })

  test('and is still there after a crash that cut a line short', async () => {
    await (await open()).give('one', [at(3)])
    await appendFile(file, '{"index":4,"leaf":"')
    const again = await open()
    assert.equal(again.missing, 4)
    await again.give('two', [at(3), at(4)])
    const faults: number[] = []
    const read = await readJournals([file], (_, line) => faults.push(line))
    assert.deepEqual([[...read.keys()], faults.length], [[3, 4], 1])
  })

  test('by many at once, without a line in another', async () => {
    const given = await open({ lost: { from: 1, to: 8 } })
    await Promise.all(entries.map((entry, i) => given.give('abcdefgh'[i]!, [entry])))
    assert.deepEqual(await inJournal(), [1, 2, 3, 4, 5, 6, 7])
    assert.equal(given.missing, 0)
  })

  test('from a device that joined since, once what made it known is here, be it of its own giving', async () => {
    const self = idText(thumbprint(newcomer.key.publicKey))
    const given = await open()
    assert.deepEqual(await given.give(self, [at(4)]), ['unknown_device'], 'anybody can make a key')
    assert.deepEqual(await given.give('one', [at(7)]), ['unknown_device'], 'nor is what it signed')
    assert.deepEqual(await given.give(self, [at(4), at(6), at(7)]), [null, null, null])
    const again = await open()
    assert.deepEqual(await again.give(self, [at(5)]), [null], 'also after a restart')
    const [line] = (await readJournals([file], () => {})).get(5)!
    assert.equal(line!.from, idText(thumbprint(service.author.key.publicKey)), 'and who let it in answers for it')
  })
})

describe('turned away is', () => {
  const refused: [what: string, entry: () => JournalEntry, code: string][] = [
    ['an index below those that are missing', () => at(2), 'not_found'],
    ['one above', () => ({ ...at(5), index: 8 }), 'not_found'],
    ['what nobody known has signed', () => at(7), 'unknown_device'],
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
