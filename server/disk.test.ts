import assert from 'node:assert/strict'
import { mkdtemp, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { guardDisk } from './disk.ts'

test('disks with room let everything pass', async () => {
  await guardDisk([tmpdir(), '/'], 1)()
})

test('a disk with too little room refuses, and again at each try', async () => {
  const check = guardDisk([tmpdir()], Infinity)
  for (const _ of [1, 2]) await assert.rejects(check(), { code: 'disk_full' })
})

test('the disks are looked at once a second', async () => {
  const path = await mkdtemp(join(tmpdir(), 'disk-'))
  let time = 0
  const check = guardDisk([path], Infinity, () => time)
  await assert.rejects(check(), { code: 'disk_full' })
  await rmdir(path) // from now on there is nothing to look at
  time = 999
  await assert.rejects(check(), { code: 'disk_full' })
  time = 1_000
  await check()
})
