import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { buildMissingWeb } from './build.ts'

test('a server out of a clone builds the web app once, leaves one that stands, and starts where it cannot be built', async () => {
  const root = mkdtempSync(join(tmpdir(), 'smarak-clone-'))
  let built = 0
  const build = async () => {
    built++
    mkdirSync(join(root, 'dist/web'), { recursive: true })
    writeFileSync(join(root, 'dist/web/index.html'), '')
    return true
  }
  const cannot = () => Promise.reject(new Error('no vite'))
  const told: string[] = []
  const tell = (why: string) => told.push(why)
  try {
    assert.equal(await buildMissingWeb(tell, root, cannot), false)
    assert.deepEqual(told, ['no vite'])
    assert.equal(await buildMissingWeb(tell, root, build), true)
    assert.equal(await buildMissingWeb(tell, root, cannot), true)
    assert.deepEqual([built, told.length], [1, 1])
  } finally {
    rmSync(root, { recursive: true })
  }
})
