import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { makeRootKey, readRootKey } from './root-key.ts'

const dir = mkdtempSync(join(tmpdir(), 'smarak-root-'))
after(() => rmSync(dir, { recursive: true }))

test('a root key is made once, for its owner’s eyes only, and is the same ever after', async () => {
  const file = join(dir, 'new', 'root-a.key')
  const made = await makeRootKey(file)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const kept = readFileSync(file, 'utf8')
  assert.deepEqual((await makeRootKey(file)).publicKey, made.publicKey)
  assert.deepEqual((await readRootKey(file)).publicKey, made.publicKey)
  assert.equal(readFileSync(file, 'utf8'), kept)
})

test('reading makes no key', async () => {
  await assert.rejects(readRootKey(join(dir, 'none')), { code: 'root_key_missing' })
  assert.ok(!existsSync(join(dir, 'none')))
})

test('a file that holds something else is not taken for a key, nor written over', async () => {
  const file = join(dir, 'letter.txt')
  for (const text of ['', 'dear sir', 'ab'.repeat(31), 'AB'.repeat(32), 'ab'.repeat(33)]) {
    writeFileSync(file, text)
    await assert.rejects(makeRootKey(file), { code: 'root_key_unreadable' })
    assert.equal(readFileSync(file, 'utf8'), text)
  }
})

test('where no key can be kept none is made', async () => {
  writeFileSync(join(dir, 'file'), '')
  await assert.rejects(makeRootKey(join(dir, 'file', 'key')), { code: 'root_key_unwritable' })
})
