import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openFileStore } from '../client/file-store.ts'
import { letter, official, settledWorld } from '../client/testing/officials.ts'
import { readJournalLine } from '../core/journal.ts'
import { EXIT } from './command.ts'
import { SERVER } from './profile.ts'
import { typed } from './testing.ts'

let profile: string
before(async () => {
  profile = await mkdtemp(join(tmpdir(), 'smarak-journal-'))
})
after(() => rm(profile, { recursive: true }))

test('a profile shows the items it has whole, each with the leaf it has in the log, and asks no server', async () => {
  const world = await settledWorld()
  const store = await openFileStore(profile)
  const ds = await official(world, 'secretary', { store })
  const uno = await official(world, 'first')
  const { id, index } = await ds.issue(letter(world), () => {})
  await uno.sync()
  await uno.acknowledge(id, world.id('post', 'uno1'))
  await uno.sync()
  await ds.thread(id, world.id('post', 'uno1'))
  await store.write([{ ...SERVER, value: 'http://127.0.0.1:9' }])
  await store.close()

  const { code, out } = await typed(['log', 'journal', '--profile', profile])
  assert.equal(code, EXIT.ok)
  const lines = out.trim().split('\n').map(readJournalLine)
  for (const { index, leaf, item } of lines) {
    assert.deepEqual(leaf, world.log.rows[index]!.leaf)
    assert.deepEqual(item.wraps, world.log.rows[index]!.item.wraps, 'with every wrap, or it could not be read')
  }
  const kinds = new Set(lines.map(({ item }) => item.header.kind))
  for (const kind of ['root', 'office', 'post', 'appoint', 'device-add', 'ring', 'directive', 'receipt'])
    assert.ok(kinds.has(kind), `${kind} is missing: ${[...kinds].join(' ')}`)
  assert.ok(lines.some((line) => line.index === index))
  assert.deepEqual(
    lines.map((line) => line.index),
    [...new Set(lines.map((line) => line.index))].sort((a, b) => a - b),
  )
})

test('there is nothing to show of a directory where nobody joined', async () => {
  const { code, out, err } = await typed(['log', 'journal', '--profile', join(profile, 'none')])
  assert.deepEqual([code, out], [EXIT.refused, ''])
  assert.match(err, /join/i)
})
