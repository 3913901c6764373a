import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { withoutCommandWords } from './without-command-words.ts'

const ROOT = join(import.meta.dirname, '../..')

test('the words of the command line are left out of the page, and no others', () => {
  const { load } = withoutCommandWords() as { load: (id: string) => string | null }
  const words = readdirSync(join(ROOT, 'language/words'))
  const left = words.filter((name) => load(join(ROOT, 'language/words', name)) !== null)
  assert.deepEqual(left.sort(), ['cli-following.ts', 'cli-running.ts', 'cli.ts'])
})

test('nothing that runs in the page says a word of the command line', () => {
  const said = ['web', 'features', 'client', 'letters', 'language']
    .flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((name) => join(room, name)),
    )
    .filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.test.ts') && !name.includes('words/cli'))
    .filter((name) => /['"`]cli[A-Z]?\w*\./.test(readFileSync(join(ROOT, name), 'utf8')))
  assert.deepEqual(said, [])
})
