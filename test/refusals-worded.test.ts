import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { bn as cli } from '../language/words/cli.ts'
import { bn } from '../language/words/errors.ts'

const ROOT = join(import.meta.dirname, '..')

test('every refusal that can be thrown has a sentence that says what to do', async () => {
  const unworded = new Map<string, string>()
  for await (const file of glob('{core,client,server,features,letters,demo,cli}/**/*.ts', { cwd: ROOT })) {
    if (/\.test\.ts$|\/testing/.test(file)) continue
    const source = await readFile(join(ROOT, file), 'utf8')
    for (const [, code] of source.matchAll(/Refusal\(\s*'([a-z_]+)'/g)) {
      if (!(code! in bn) && !(code! in cli.errors)) unworded.set(code!, file)
    }
  }
  assert.deepEqual([...unworded], [])
})
