import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryStore } from './memory-store.ts'
import { keepNames, NAMES_AGE } from './names.ts'

test('the list of names is fetched once however many ask, and not anew when the page is opened again', async () => {
  const { open, asked } = service()
  const names = open()
  const [one, two] = await Promise.all([names(), names()])
  assert.deepEqual([one.length, two.length], [1, 1])
  await open()()
  assert.deepEqual(asked, ['/api/names'])
})

test('of an old list the server is told its size, and sends another only where there is one', async () => {
  const { open, asked, at } = service()
  await open()()
  at.now += NAMES_AGE
  assert.equal((await open()()).length, 1)
  at.size = 8
  at.now += NAMES_AGE
  assert.equal((await open()()).length, 2)
  assert.deepEqual(asked, ['/api/names', '/api/names?size=7', '/api/names?size=7'])
})

test('whoever issues finds the posts as they are now', async () => {
  const { open, at } = service()
  const names = open()
  await names()
  at.size = 8
  assert.equal((await names()).length, 1)
  assert.equal((await names('as they are now')).length, 2)
  assert.equal((await names()).length, 2)
})

test('without a connection the old list serves, and where there is none it is said', async () => {
  const { open, at } = service()
  at.online = false
  await assert.rejects(open()(), /no answer/)
  at.online = true
  await open()()
  at.online = false
  at.now += 10 * NAMES_AGE
  assert.equal((await open()()).length, 1)
})

test('a clock that was set back keeps no list for ever', async () => {
  const { open, asked, at } = service()
  await open()()
  at.now -= 365 * 86_400_000
  await open()()
  assert.equal(asked.length, 2)
})

/** A server that says what it was asked, and a device that is opened again and again. */
function service() {
  const at = { now: 1e12, size: 7, online: true }
  const asked: string[] = []
  const store = new MemoryStore()
  const json = async (path: string) => {
    if (!at.online) throw new Error('no answer')
    asked.push(path)
    if (path.endsWith(`?size=${at.size}`)) return { size: at.size }
    return { size: at.size, posts: at.size === 7 ? [{}] : [{}, {}] }
  }
  return { at, asked, open: () => keepNames({ store, transport: { json }, now: () => at.now }) }
}
