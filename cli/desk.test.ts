import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter, official, settledWorld } from '../client/testing/officials.ts'
import { awaitKey } from './desk.ts'

test('a command waits a while for the key of a letter that has only just come', async () => {
  const world = await settledWorld()
  const [ds, dc] = [await official(world, 'secretary'), await official(world, 'commissioner')]
  const { id } = await ds.issue(letter(world), () => {})
  await dc.sync()
  const uno = await official(world, 'second')
  const isReadable = () => uno.rows[0]?.unreadable === undefined

  await awaitKey({ client: uno, online: true }, id, 1)
  assert.equal(isReadable(), false, 'not for ever')
  await awaitKey({ client: uno, online: false }, id, 60_000)

  world.log.now += 3_600_000
  const waiting = awaitKey({ client: uno, online: true }, id, 100)
  await dc.sync()
  await waiting
  assert.equal(isReadable(), true)
})
