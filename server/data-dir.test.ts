import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openDataDir } from './data-dir.ts'

const root = await mkdtemp(join(tmpdir(), 'data-dir-'))
after(() => rm(root, { recursive: true }))

test('the directory is made for its owner alone, and lets one server in at a time', async () => {
  const path = join(root, 'deep', 'data')
  const first = await openDataDir(path)
  assert.equal((await stat(path)).mode & 0o777, 0o700)
  await assert.rejects(openDataDir(path), { code: 'data_dir_in_use', details: { pid: process.pid } })
  await first.close()
  await (await openDataDir(path)).close()
  assert.deepEqual(await readdir(path), [])
})

test('the lock of a killed server is taken over, also when its number lives again as another process', async () => {
  const path = join(root, 'killed')
  const script = `import { openDataDir } from '${join(import.meta.dirname, 'data-dir.ts')}'; await openDataDir('${path}'); console.log('in'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  await assert.rejects(openDataDir(path), { code: 'data_dir_in_use', details: { pid: child.pid } })
  child.kill('SIGKILL')
  await once(child, 'exit')
  const second = await openDataDir(path)
  await second.close()
  await writeFile(join(path, 'lock'), `${process.pid} another-birth`)
  await (await openDataDir(path)).close()
})

test('of many that find a stale lock, one gets in', async () => {
  const path = join(root, 'many')
  await (await openDataDir(path)).close()
  await writeFile(join(path, 'lock'), '1 long-ago')
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => spawnOpen(path)))
  assert.equal(results.filter((result) => result.status === 'fulfilled' && result.value === 'in').length, 1)
})

async function spawnOpen(path: string): Promise<string> {
  const script = `import { openDataDir } from '${join(import.meta.dirname, 'data-dir.ts')}'
    console.log(await openDataDir('${path}').then(() => 'in', (error) => error.code)); setTimeout(() => {}, 1500)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(child.stdout, 'data')
  await once(child, 'exit')
  return String(said).trim()
}

test('a place that cannot be written says so', async () => {
  await writeFile(join(root, 'file'), '')
  await assert.rejects(openDataDir(join(root, 'file')), { code: 'data_dir_unwritable' })
  await assert.rejects(openDataDir(join(root, 'file', 'below')), { code: 'data_dir_unwritable' })
})
