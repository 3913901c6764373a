import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { concat, equal, randomBytes } from '../core/bytes.ts'
import { openCheckpoint } from '../core/checkpoint.ts'
import { decodeLeaf, verifyChain } from '../core/leaf.ts'
import { leafHash, rootOf } from '../core/merkle.ts'
import { testDatabase } from '../test/helpers/database.ts'
import { brief, makeNote, makeRoot, type NotesRoad, newAuthor, openNotes } from '../test/helpers/notes.ts'
import type { Db } from './db.ts'

/** The log in the database is one tree under the shown checkpoint, and every chain in it is whole. */
async function assertWhole(db: Db, { road, key, notes }: NotesRoad): Promise<void> {
  const rows = await db.many<{ index: number; leaf: Uint8Array<ArrayBuffer>; text: string }>(
    'SELECT i.index, i.leaf, n.text FROM item i JOIN note n USING (index) ORDER BY index',
  )
  assert.deepEqual(
    rows.map(({ index }) => index),
    rows.map((_, i) => i),
    'indexes without a hole',
  )
  const checkpoint = await openCheckpoint(road.view.checkpoint, key.note)
  assert.equal(checkpoint.size, rows.length)
  assert.ok(equal(checkpoint.root, rootOf(rows.map(({ leaf }) => leafHash(leaf)))), 'the checkpoint signs these leaves')
  assert.deepEqual(
    notes.texts,
    rows.map(({ text }) => text),
    'memory and database agree',
  )
  const chains = Map.groupBy(
    rows.map(({ leaf }) => decodeLeaf(leaf)),
    ({ chain }) => chain.toHex(),
  )
  for (const leaves of chains.values()) verifyChain(leaves)
}

describe('an item gets one place in the log', () => {
  let db: Db
  let service: NotesRoad

  before(async () => {
    ;({ db } = await testDatabase())
    service = await openNotes(db)
  })
  after(() => service.close())

  test('the root stands first, and only once, and nothing before it', async () => {
    const { db: empty } = await testDatabase()
    const fresh = await openNotes(empty, { root: false })
    try {
      const second = await newAuthor()
      const early = await makeNote(fresh.author, 'too early')
      const root = await makeRoot(fresh.author, second, fresh.key)
      const elsewhere = await makeRoot(fresh.author, second, { ...fresh.key, origin: 'another.log' })
      assert.deepEqual(brief(await fresh.send(early)), ['unknown_device'])
      assert.deepEqual(brief(await fresh.send(elsewhere)), ['bad_input'])
      assert.deepEqual(brief(await fresh.send(root, early)), [0, 1], 'its key may be used in the same request')
      assert.deepEqual(brief(await fresh.send(await makeRoot(fresh.author, second, fresh.key))), ['conflict'])
    } finally {
      await fresh.close()
    }
  })

  test('many requests at once are placed in one order without holes', async () => {
    const { author, send } = service
    const parties = [randomBytes(16), randomBytes(16), randomBytes(16)]
    const requests = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        Promise.all(Array.from({ length: 1 + (i % 20) }, () => makeNote(author, `n${i}`, { party: parties[i % 3]! }))),
      ),
    )
    const answers = await Promise.all(requests.map((request) => send(...request)))
    const indexes = answers.flatMap(brief) as number[]
    assert.equal(new Set(indexes).size, indexes.length)
    for (const own of answers) {
      const order = brief(own) as number[]
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
        'a request keeps its own order',
      )
    }
    await assertWhole(db, service)
  })

  test('a repeat gets the first answer, in the same batch and later; other bytes under its id are a conflict', async () => {
    const { author, send } = service
    const note = await makeNote(author, 'said once')
    const other = await makeNote(author, 'said otherwise', { id: idOf(note) })
    const answers = await send(note, note, other)
    const again = await send(other, note)
    assert.deepEqual(brief(answers).slice(0, 2), [service.road.view.size - 1, service.road.view.size - 1])
    assert.equal(brief(answers)[2], 'conflict')
    assert.deepEqual([again[1], again[0]], [answers[0], answers[2]])
    await assertWhole(db, service)
  })

  test('a refusal is answered with its code and takes no place', async () => {
    const { author, send, road } = service
    const { size } = road.view
    const forged = await makeNote(author, 'forged')
    forged.cose.set([forged.cose.at(-1)! ^ 1], forged.cose.length - 1)
    const stranger = await newAuthor('device')
    const answers = await send(
      await makeNote(author, 'not allowed'),
      forged,
      await makeNote(stranger, 'who?'),
      await makeNote({ ...author, type: 'device' }, 'a root key is no device'),
      await makeNote(author, 'fine'),
    )
    assert.deepEqual(brief(answers), ['not_allowed', 'bad_signature', 'unknown_device', 'unknown_device', size])
    await assertWhole(db, service)
  })

  test('a rule sees the items before it in the same batch', async () => {
    const { author, send, road } = service
    const { size } = road.view
    const [early, rocket, late] = [
      await makeNote(author, 'after a rocket'),
      await makeNote(author, 'a rocket'),
      await makeNote(author, 'after a rocket'),
    ]
    assert.deepEqual(brief(await send(early, rocket, late)), ['wrong_state', size, size + 1])
  })

  test('a key that arrives in the same request may sign the items after it, and later ones', async () => {
    const { author, send } = service
    const device = await newAuthor('device')
    const first = await send(
      await makeNote(author, 'here is a device', { newKey: device.key.publicKey }),
      await makeNote(device, 'its first word'),
    )
    assert.ok(first.every((answer) => 'index' in answer))
    assert.ok('index' in (await send(await makeNote(device, 'its second word')))[0]!)
  })

  for (const text of ['breaks the rule', 'breaks the fold', 'breaks the rows']) {
    test(`one item that ${text} is refused as internal and hurts nobody else (hazard 14)`, async () => {
      const { author, send } = service
      const requests = await Promise.all(
        Array.from({ length: 30 }, async (_, i) => [
          await makeNote(author, `before ${i}`),
          await makeNote(author, i === 17 ? text : `good ${i}`),
          await makeNote(author, `after ${i}`),
        ]),
      )
      const answers = await Promise.all(requests.map((request) => send(...request)))
      const refused = answers.flat().filter((answer) => 'code' in answer)
      assert.deepEqual(brief(refused), ['internal'])
      assert.deepEqual(refused, [answers[17]![1]])
      await assertWhole(db, service)
    })
  }

  test('accepted time never runs backwards, whatever the clock does', async () => {
    const { db: own } = await testDatabase()
    let clock = 1_800_000_000_000
    const turned = await openNotes(own, { now: () => clock })
    try {
      await turned.send(await makeNote(turned.author, 'noon'))
      clock -= 3_600_000
      await turned.send(await makeNote(turned.author, 'an hour before, says the clock'))
      const rows = await own.many<{ accepted: number }>('SELECT accepted FROM item ORDER BY index')
      assert.deepEqual(new Set(rows.map(({ accepted }) => accepted)), new Set([1_800_000_000_000]))
    } finally {
      await turned.close()
    }
  })

  test('the log is taken up where it was left, across tiles', async () => {
    const { db: own } = await testDatabase()
    const first = await openNotes(own)
    const notes = await Promise.all(Array.from({ length: 600 }, (_, i) => makeNote(first.author, `note ${i}`)))
    for (let at = 0; at < notes.length; at += 60) await first.send(...notes.slice(at, at + 60))
    await first.road.close()
    const second = await openNotes(own, first)
    try {
      assert.equal(second.road.view.size, 601)
      assert.equal(second.road.view.checkpoint, first.road.view.checkpoint)
      assert.deepEqual(brief(await second.send(notes[599]!, await makeNote(first.author, 'after'))), [600, 601])
      await assertWhole(own, second)
    } finally {
      await second.close()
      await first.close().catch(() => {})
    }
  })
})

function idOf(envelope: { cose: Uint8Array }): Uint8Array<ArrayBuffer> {
  // The id is the header's third field; reading it back is simpler than passing it along.
  const at = Buffer.from(envelope.cose).indexOf(Buffer.from([0x03, 0x50]))
  return concat(envelope.cose.subarray(at + 2, at + 18))
}
