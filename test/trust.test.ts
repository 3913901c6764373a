import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '..')
const page = readFileSync(join(ROOT, 'docs', 'trust.md'), 'utf8')
const named = [...page.matchAll(/`([\w./-]+\.test\.ts)`: “([^”]+)”/g)].map(
  ([, file, sentence]) => [file!, sentence!] as const,
)

test('every test that docs/trust.md names exists, by its very sentence', () => {
  assert.ok(named.length > 50)
  for (const [file, sentence] of named) {
    const source = readFileSync(join(ROOT, file), 'utf8')
    const isThere = ["'", '"', '`'].some((quote) =>
      new RegExp(`(?:test|describe)\\(\\s*${quote}${escaped(sentence)}${quote}`).test(source),
    )
    assert.ok(isThere, `${file}: ${sentence}`)
  }
})

test('every promise that docs/trust.md names exists, and every step of one by its very sentence', () => {
  const promises = [...page.matchAll(/`npm run promises -- (\w+)`(?:: “([^”]+)”)?/g)]
  assert.ok(promises.some(([, , sentence]) => sentence))
  for (const [, name, sentence] of promises) {
    const source = readFileSync(join(ROOT, 'test/promises', `${name}.ts`), 'utf8')
    assert.match(source, new RegExp(`name: '${name}'`))
    if (!sentence) continue
    const steps = globSync(`test/promises/${name}/*.ts`, { cwd: ROOT }).map((file) =>
      readFileSync(join(ROOT, file), 'utf8'),
    )
    assert.ok(
      steps.some((step) => step.includes(`'${sentence}': async (`)),
      `${name}: ${sentence}`,
    )
  }
})

test('every key and store of docs/trust.md names its tests', () => {
  for (const section of page.split(/^### /m).slice(1)) {
    const title = section.split('\n')[0]!
    assert.match(section.split(/^## /m)[0]!, /^Tests:\n`/m, title)
  }
})

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
