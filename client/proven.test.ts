import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DirectiveBook } from '../features/directives/book.ts'
import { directiveKinds } from '../features/directives/kinds.ts'
import { Directory, directoryKinds } from '../features/directory/index.ts'
import { kindsByName } from './fold.ts'
import { join, lookUp } from './joining.ts'
import { MemoryStore } from './memory-store.ts'
import { Proven } from './proven.ts'
import { World } from './testing/world.ts'
import { Transport } from './transport.ts'

const kinds = kindsByName(directoryKinds, directiveKinds)
const newState = () => ({ directory: new Directory({ keepsKeys: true }), directives: new DirectiveBook() })

async function world() {
  const w = await World.open()
  const transport = new Transport({ wire: w.log.wire(), sleep: async () => {} })
  const needs = { transport, kinds, newState, now: () => w.log.now }
  return { w, transport, needs }
}

test('a code leads to the person it was made for, proven under the root it vouches for', async () => {
  const { w, needs } = await world()
  const looked = await lookUp(await w.code('first'), needs)
  assert.equal(looked.person, w.id('person', 'first'))
  assert.deepEqual(
    looked.proven.directory.postsOf(looked.person).map(({ post }) => post),
    [w.id('post', 'uno1')],
  )
})

test('a device that joined finds its root, its person and its ring again after a restart', async () => {
  const { w, needs, transport } = await world()
  const store = new MemoryStore()
  const { person } = await join(await lookUp(await w.code('first'), needs), 'phone', store, needs)
  const proven = new Proven({ store, transport, kinds, newState })
  assert.equal(await proven.load(), true)
  await proven.refresh([person])
  assert.equal(proven.directory.ring(person)?.generation, 1)
  assert.equal(proven.directory.person(person)?.devices.length, 1)

  const again = new Proven({ store, transport, kinds, newState })
  await again.load()
  assert.equal(again.seen.size, w.log.size)
  assert.equal(again.directory.ring(person)?.generation, 1)
})

test('a code that was used, or of another service, is refused by name', async () => {
  const { w, needs } = await world()
  const code = await w.code('first')
  await join(await lookUp(code, needs), 'phone', new MemoryStore(), needs)
  await assert.rejects(lookUp(code, needs), { code: 'ticket_used' })
  const other = await world()
  await assert.rejects(lookUp(await other.w.code('first'), needs), { code: 'ticket_wrong' })
})

test('entries that stand earlier than what was folded are folded in their place', async () => {
  const { w, needs, transport } = await world()
  const store = new MemoryStore()
  const { person } = await join(await lookUp(await w.code('first'), needs), 'phone', store, needs)
  const proven = new Proven({ store, transport, kinds, newState })
  await proven.load()
  await proven.refresh([person])
  await proven.need([w.id('post', 'uno1')])
  await proven.need([w.id('post', 'dc'), w.id('office', 'rangpur')])
  assert.equal(proven.directory.post(w.id('post', 'dc'))?.role, 'dc')
  assert.ok(proven.knows(w.id('person', 'commissioner')), 'holders come with the post')
})

test('two tabs that fetch the same, the one after the other, both know it', async () => {
  const { w, needs, transport } = await world()
  const store = new MemoryStore()
  await join(await lookUp(await w.code('first'), needs), 'phone', store, needs)
  const tabs = [1, 2].map(() => new Proven({ store, transport, kinds, newState }))
  for (const tab of tabs) await tab.load()
  const earlier = w.id('post', 'uno2')
  for (const tab of tabs) {
    await tab.refresh([earlier])
    assert.equal(tab.directory.post(earlier)?.id, earlier)
  }
})
