import assert from 'node:assert/strict'
import { mkdtemp, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { guardDisk } from './disk.ts'

test('a disk with room lets everything pass', async () => {
  await guardDisk(tmpdir(), 1)()
})

test('a disk with too little room refuses, and again at each try', async () => {
  const check = guardDisk(tmpdir(), Infinity)
  for (const _ of [1, 2]) await assert.rejects(check(), { code: 'disk_full' })
})

test('the disk is looked at once a second', async () => {
  const path = await mkdtemp(join(tmpdir(), 'disk-'))
  let time = 0
  const check = guardDisk(path, 1, () => time)
  await check()
  await rmdir(path) // from now on, looking fails
  time = 999
  await check()
  time = 1_000
  await assert.rejects(check(), { code: 'ENOENT' })
})
