import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const FILE = `
import { describe, test } from 'node:test'
describe('a suite', () => {
  test('passes', () => {})
  test('fails', () => { throw new Error('because') })
  test('is skipped', { skip: 'no browser here' }, () => {})
})
test('a parent', async (t) => {
  await t.test('one', () => {})
  await t.test('two', async (t) => { await t.test('deep', () => {}) })
})
describe('an empty suite', () => {})
`

test('only leaves are counted, a failure is told with its reason, the counts come last', async () => {
  const { lines, ok } = await tell(FILE)
  assert.equal(lines.at(-1), '3 passed, 1 failed, 1 skipped')
  assert.equal(ok, false)
  assert.match(lines.join('\n'), /✖ fails\n {2}some\n.*because/)
  assert.ok(lines.includes('skipped 1: no browser here'))
})

test('a file that cannot be run is a failure', async () => {
  const { lines, ok } = await tell(`import './absent.ts'`)
  assert.equal(lines.at(-1), '0 passed, 1 failed, 0 skipped')
  assert.equal(ok, false)
})

test('a file without a test is a failure, not a silence', async () => {
  const { lines, ok } = await tell(`import { describe } from 'node:test'\nconsole.log('nothing here')`)
  assert.equal(lines.at(-1), '0 passed, 1 failed, 0 skipped')
  assert.equal(ok, false)
})

test('all well is told so', async () => {
  const { lines, ok } = await tell(`import { test } from 'node:test'\ntest('well', () => {})`)
  assert.equal(lines.at(-1), '1 passed, 0 failed, 0 skipped')
  assert.equal(ok, true)
})

async function tell(source: string): Promise<{ lines: string[]; ok: boolean }> {
  const directory = await mkdtemp(join(tmpdir(), 'tally-'))
  const file = join(directory, 'some.test.mjs')
  await writeFile(file, source)
  const runner = `
    import { run } from 'node:test'
    import { Tally } from ${JSON.stringify(join(import.meta.dirname, 'tally.ts'))}
    const tally = new Tally()
    for await (const { type, data } of run({ files: [${JSON.stringify(file)}] })) {
      if (type === 'test:pass') tally.passed(data, 'some')
      if (type === 'test:fail') tally.failed(data, 'some')
    }
    tally.close()
    process.exitCode = tally.ok ? 0 : 1`
  const { NODE_TEST_CONTEXT: _, ...env } = process.env // with it, node:test takes the inner run for a part of this one
  await writeFile(join(directory, 'runner.mjs'), runner)
  const { status, stdout } = spawnSync(process.execPath, [join(directory, 'runner.mjs')], { env, encoding: 'utf8' })
  await rm(directory, { recursive: true })
  return { lines: stdout.trimEnd().split('\n'), ok: status === 0 }
}
