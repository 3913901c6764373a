import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../core/refusal.ts'
import { Accepted } from './accepted.ts'
import { processLock } from './lock.ts'
import { MemoryStore } from './memory-store.ts'
import type { ItemAnswer } from './messages.ts'
import { indexKey } from './store.ts'

const bytes = (length: number) => new Uint8Array(length)
const accepted = (index: number): ItemAnswer => ({ accepted: true, index, leaf: bytes(1) })
const refused: ItemAnswer = { accepted: false, code: 'conflict', details: {} }

function open(more: { most?: number; mostBytes?: number } = {}) {
  const store = new MemoryStore()
  const kept = new Accepted({ store, lock: processLock(), ...more })
  const indexes = async () => (await store.list('accepted')).map(([key]) => Number(key))
  return { store, kept, indexes }
}

test('what was accepted is kept as it was sent, and what was refused is not', async () => {
  const { store, kept, indexes } = open()
  const envelopes = [bytes(3), bytes(4), bytes(5)]
  await kept.keep(envelopes, [accepted(7), refused, accepted(3)])
  assert.deepEqual(await indexes(), [3, 7])
  assert.deepEqual(await store.get('accepted', indexKey(3)), { leaf: bytes(1), envelope: envelopes[2] })
  assert.deepEqual([await kept.reaches(7), await kept.reaches(8)], [true, false])
})

test('only the newest are kept: so many, and so many bytes', async () => {
  const few = open({ most: 3 })
  for (const index of [5, 9, 2, 8, 11]) await few.kept.keep([bytes(1)], [accepted(index)])
  assert.deepEqual(await few.indexes(), [8, 9, 11])
  const small = open({ mostBytes: 100 })
  for (const index of [1, 2, 3]) await small.kept.keep([bytes(45)], [accepted(index)])
  assert.deepEqual(await small.indexes(), [2, 3])
  await small.kept.keep([bytes(101)], [accepted(4)])
  assert.deepEqual(await small.indexes(), [], 'one that is larger than all of it may be')
  assert.equal(await small.kept.reaches(4), false)
})

test('nothing is forgotten where two keep at once, and a repeated answer counts once', async () => {
  const { kept, indexes } = open({ mostBytes: 40 })
  await Promise.all([1, 2, 3, 3, 3].map((index) => kept.keep([bytes(10)], [accepted(index)])))
  assert.deepEqual(await indexes(), [1, 2, 3])
})

test('a device without room goes on without', async () => {
  const { store, kept, indexes } = open()
  store.failWrites = new Refusal('device_full', 'no room')
  await kept.keep([bytes(1)], [accepted(1)])
  store.failWrites = null
  assert.deepEqual(await indexes(), [])
})
