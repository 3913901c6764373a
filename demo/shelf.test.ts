import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Shelf } from './shelf.ts'

const folder = mkdtempSync(join(tmpdir(), 'smarak-shelf-'))
after(() => rmSync(folder, { recursive: true }))

const cursor = (value: unknown) => ({ table: 'meta', key: 'cursor', value }) as const

test('what was written is there again, without what a crash cut short', async () => {
  const file = join(folder, 'a')
  const shelf = await Shelf.open(file)
  await shelf.store('one').write([cursor({ post: 7 }), { table: 'done', key: 'x', value: new Uint8Array([1, 2]) }])
  await shelf.store('two').write([cursor({ post: 8 })])
  const whole = statSync(file).size
  await shelf.store('two').write([cursor({ post: 9 })])
  await shelf.close()
  truncateSync(file, statSync(file).size - 1)
  const again = await Shelf.open(file)
  assert.equal(statSync(file).size, whole)
  assert.deepEqual(await again.store('two').get('meta', 'cursor'), { post: 8 })
  assert.deepEqual(await again.store('one').get('done', 'x'), new Uint8Array([1, 2]))
  await again.close()
})

test('what stands there already is not written again', async () => {
  const file = join(folder, 'b')
  const shelf = await Shelf.open(file)
  await shelf.store('one').write([cursor({ post: 7 })])
  const before = statSync(file).size
  await shelf.store('one').write([cursor({ post: 7 })])
  assert.equal(statSync(file).size, before)
  await shelf.close()
})

test('a file of mostly old values is made small when it is opened, and loses nothing', async () => {
  const file = join(folder, 'c')
  const shelf = await Shelf.open(file)
  const one = shelf.store('one')
  for (let at = 0; at < 100; at++) await one.write([cursor({ post: at })])
  await one.write([{ table: 'done', key: 'x', value: 1 }])
  await one.write([{ table: 'done', key: 'x', value: undefined }])
  await shelf.close()
  appendFileSync(file, Buffer.from([9, 9])) // and cut short besides
  const before = statSync(file).size
  const again = await Shelf.open(file)
  assert.ok(statSync(file).size * 10 < before)
  await again.store('one').write([{ table: 'done', key: 'y', value: 2 }])
  await again.close()
  const third = await Shelf.open(file)
  assert.deepEqual(await third.store('one').list('done'), [['y', 2]])
  assert.deepEqual(await third.store('one').get('meta', 'cursor'), { post: 99 })
  await third.close()
})
