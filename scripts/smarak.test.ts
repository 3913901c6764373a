import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ROOT } from './steps.ts'

const house = join(await mkdtemp(join(tmpdir(), 'smarak command ')), 'house')
after(() => rm(join(house, '..'), { recursive: true }))
await mkdir(house)
await copyFile(join(ROOT, 'smarak'), join(house, 'smarak'))

const call = (file: string, ...args: string[]) => spawnSync(file, args, { cwd: '/', encoding: 'utf8' })

test('before npm ci, the command says what to do', () => {
  const { status, stderr } = call(join(house, 'smarak'), 'date')
  assert.equal(status, 69)
  assert.match(stderr, /Run 'npm ci' in .*house first/)
})

test('without the Node of this machine, it says so', async () => {
  await mkdir(join(house, 'node_modules'))
  const { status, stderr } = call(join(house, 'smarak'))
  assert.equal(status, 69)
  assert.match(stderr, /without --omit=optional/)
})

test('it hands its words to main.ts under the Node npm brought, also through a link from elsewhere', async () => {
  await mkdir(join(house, 'node_modules/.bin'))
  await symlink(process.execPath, join(house, 'node_modules/.bin/node'))
  await writeFile(
    join(house, 'main.ts'),
    'const words: string[] = process.argv.slice(2)\nconsole.log(JSON.stringify(words))\nprocess.exitCode = 7',
  )
  await symlink('house/smarak', join(house, '..', 'link'))
  const { status, stdout } = call(join(house, '..', 'link'), 'letter', 'a b', '--নথি')
  assert.deepEqual(JSON.parse(stdout), ['letter', 'a b', '--নথি'])
  assert.equal(status, 7)
})
