import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { openFileStore } from './file-store.ts'
import { Locker } from './locker.ts'
import { MemoryStore } from './memory-store.ts'
import { type Change, indexKey, type Store } from './store.ts'

const made: string[] = []
after(() => Promise.all(made.map((directory) => rm(directory, { recursive: true, force: true }))))

async function profile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'smarak-profile-'))
  made.push(directory)
  return directory
}

const change = fc.record({
  table: fc.constantFrom<Change['table']>('meta', 'key', 'act', 'outbox'),
  key: fc.constantFrom('a', 'b', 'c'),
  value: fc.option(fc.uint8Array({ maxLength: 20 }), { nil: undefined }),
})

async function everything(store: Store): Promise<unknown> {
  return Promise.all((['meta', 'key', 'act', 'outbox'] as const).map((table) => store.list(table)))
}

test('a profile holds after a restart what memory holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }), async (batches) => {
      const directory = await profile()
      const memory = new MemoryStore()
      const file = await openFileStore(directory)
      for (const batch of batches) {
        await memory.write(batch)
        await file.write(batch)
      }
      assert.deepEqual(await everything(file), await everything(memory))
      await file.close()
      const again = await openFileStore(directory)
      assert.deepEqual(await everything(again), await everything(memory))
      await again.close()
    }),
    { numRuns: 20 },
  )
})

test('a profile whose last write was cut short holds all before it', async () => {
  for (const cut of [1, 5, 9, 30]) {
    const directory = await profile()
    const store = await openFileStore(directory)
    await store.write([{ table: 'meta', key: 'first', value: 1 }])
    const { size } = await stat(join(directory, 'journal'))
    await store.write([
      { table: 'meta', key: 'second', value: 'x'.repeat(50) },
      { table: 'outbox', key: 'second', value: 2 },
    ])
    await store.close()
    await truncate(join(directory, 'journal'), size + cut)
    const again = await openFileStore(directory)
    assert.equal(await again.get('meta', 'first'), 1)
    assert.equal(await again.get('meta', 'second'), undefined)
    assert.equal(await again.get('outbox', 'second'), undefined)
    await again.write([{ table: 'meta', key: 'third', value: 3 }])
    await again.close()
    const last = await openFileStore(directory)
    assert.equal(await last.get('meta', 'third'), 3)
    await last.close()
  }
})

test('rubbish behind the journal is left out', async () => {
  const directory = await profile()
  const store = await openFileStore(directory)
  await store.write([{ table: 'meta', key: 'a', value: 1 }])
  await store.close()
  await appendFile(join(directory, 'journal'), Buffer.from('rubbish that is no frame'))
  const again = await openFileStore(directory)
  assert.equal(await again.get('meta', 'a'), 1)
  await again.close()
})

test('a profile in use is refused to a second process, and a dead one leaves it free', async () => {
  const directory = await profile()
  const store = await openFileStore(directory)
  await assert.rejects(openFileStore(directory, 60), { code: 'profile_busy' })
  await store.close()
  await writeFile(join(directory, 'lock'), '999999999')
  await (await openFileStore(directory, 60)).close()
})

test('keys lie in files that only their owner reads', async () => {
  const directory = await profile()
  const store = await openFileStore(directory)
  await Locker.open(store, Date.now)
  await store.close()
  const names = await readdir(join(directory, 'keys'))
  assert.deepEqual(names.sort(), ['local', 'outer'])
  for (const name of names) assert.equal((await stat(join(directory, 'keys', name))).mode & 0o777, 0o600)
})

test('sealed under the local key, bytes open in their own place only', async () => {
  const store = new MemoryStore()
  const locker = await Locker.open(store, Date.now)
  const sealed = await locker.seal(new TextEncoder().encode('কথা'), 'here')
  const again = await Locker.open(store, Date.now)
  assert.equal(new TextDecoder().decode(await again.open(sealed, 'here')), 'কথা')
  await assert.rejects(again.open(sealed, 'elsewhere'))
})

test('a PIN locks a restarted device until it is typed, and can be taken off', async () => {
  const store = new MemoryStore()
  const locker = await Locker.open(store, Date.now)
  const sealed = await locker.seal(new Uint8Array([1, 2, 3]), 'x')
  await locker.setPin('2468')
  const again = await Locker.open(store, Date.now)
  assert.equal(again.locked, true)
  await assert.rejects(again.open(sealed, 'x'), { code: 'locked' })
  await assert.rejects(again.unlock('1357'), { code: 'wrong_pin' })
  await again.unlock('2468')
  assert.deepEqual(await again.open(sealed, 'x'), new Uint8Array([1, 2, 3]))
  await again.setPin(null, '2468')
  assert.equal((await Locker.open(store, Date.now)).locked, false)
})

test('indexes in the log sort as numbers', () => {
  const keys = [0, 9, 10, 99, 100, 2 ** 40].map(indexKey)
  assert.deepEqual([...keys].sort(), keys)
})
