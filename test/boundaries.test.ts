import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { findDeadEnds, findFaults, findPairs, readSource, readTree } from './helpers/map.ts'

const ROOT = join(import.meta.dirname, '..')

test('the house keeps to its map', () => {
  const tree = readTree(ROOT)
  assert.ok(tree.length > 50, 'the scanner sees the house')
  assert.deepEqual(
    findFaults(tree).map(({ path, says }) => `${path}: ${says}`),
    [],
  )
})

test('no import leads nowhere', () => {
  assert.deepEqual(findDeadEnds(ROOT, readTree(ROOT)), [])
})

test('no two files import each other', () => {
  const pair = [
    readSource('/house', 'server/a.ts', `import { b } from './b.ts'`),
    readSource('/house', 'server/b.ts', `import { a } from './a.ts'`),
  ]
  assert.deepEqual(findPairs(pair), ['server/a.ts and server/b.ts'])
  assert.deepEqual(findPairs(readTree(ROOT)), [])
})

describe('the scanner sees', () => {
  const says = (files: Record<string, string>) =>
    findFaults(Object.entries(files).map(([path, text]) => readSource('/house', path, text))).map(
      ({ path, says }) => `${path}: ${says}`,
    )

  const broken: [string, Record<string, string>, RegExp][] = [
    ['core doing I/O', { 'core/a.ts': `import { readFile } from 'node:fs'` }, /core\/a\.ts: core\/ does no I\/O/],
    [
      'core reaching out',
      { 'core/a.ts': `import {\n  x,\n  y\n} from '../language/b.ts'` },
      /core\/ alone, not language\/b\.ts/,
    ],
    ['core passing on another room', { 'core/a.ts': `export * from '../server/db.ts'` }, /not server\/db\.ts/],
    ['a package in core', { 'core/a.ts': `import * as v from 'valibot'` }, /not valibot/],
    [
      'language reaching into letters',
      { 'language/a.ts': `import { b } from '../letters/b.ts'` },
      /language\/ may import/,
    ],
    ['letters doing I/O', { 'letters/a.ts': `import 'node:fs'` }, /letters\/ is pure/],
    [
      'the verifier reaching into a feature',
      { 'verify/a.ts': `import { b } from '../features/x/index.ts'` },
      /verify\/ may import/,
    ],
    [
      "a feature behind another's door",
      { 'features/a/rules.ts': `import type { B } from '../b/store.ts'` },
      /features meet at the door/,
    ],
    [
      "a screen behind another feature's door",
      { 'features/a/web/X.svelte': `<script lang="ts">\n  import Y from '../../b/web/Y.svelte'\n</script>` },
      /features meet at the door/,
    ],
    [
      'a screen with SQL',
      { 'features/a/web/X.svelte': `<script>\nimport { find } from '../store.ts'\n</script>` },
      /a screen may not import features\/a\/store\.ts/,
    ],
    [
      'a screen on the server',
      { 'web/a.ts': `import { openDb } from '../server/db.ts'` },
      /a screen may not import server\/db\.ts/,
    ],
    ['a screen with node', { 'web/a.ts': `const x = await import('node:fs')` }, /may not import node:fs/],
    ['a client on the server', { 'client/a.ts': `import { Db } from '../server/db.ts'` }, /client\/ runs on a device/],
    [
      'a server that knows its features',
      { 'server/a.ts': `import { kinds } from '../features/x/index.ts'` },
      /app\.ts joins them/,
    ],
    ['a clock in a rule', { 'features/a/rules.ts': `const now = Date.now()` }, /reads the clock \(Date\.now\(\)/],
    ['a clock in a kind', { 'features/a/kinds/b.ts': `const now = new Date()` }, /reads the clock/],
    ['a clock in core', { 'core/a.ts': `const now = new Date;` }, /reads the clock/],
    ['a setting read anywhere', { 'server/http.ts': `const port = process.env.PORT` }, /process\.env/],
    [
      'a screen that reaches node by a long way',
      {
        'web/a.ts': `import { b } from '../client/b.ts'`,
        'client/b.ts': `import { c } from './c.ts'`,
        'client/c.ts': `import 'node:fs'`,
      },
      /web\/a\.ts: brings node:fs into the browser, by way of client\/b\.ts → client\/c\.ts/,
    ],
  ]
  for (const [name, files, wanted] of broken)
    test(name, () => {
      const found = says(files)
      assert.equal(found.length, 1, found.join('\n'))
      assert.match(found[0]!, wanted)
    })

  test('and nothing where all is well', () => {
    assert.deepEqual(
      says({
        'core/a.ts': `import { sha256 } from '@noble/hashes/sha2.js'\nimport { b } from './b.ts' // not import '../server/db.ts'\nconst day = new Date(0)`,
        'core/b.ts': `/* import 'node:fs' */ export const now = 'Date.now'`,
        'features/a/rules.ts': `import { b } from '../b/index.ts'\nimport { x } from '../../core/a.ts'`,
        'features/a/web/X.svelte': `<script lang="ts">\n  import { r } from '../rules.ts'\n  import Y from '../../b/web/index.ts'\n</script>`,
        'features/a/store.ts': `import type { Tx } from '../../server/db.ts'`,
        'web/a.ts': `import { b } from '../client/b.ts'\nimport type { Db } from '../client/file.ts'`,
        'client/b.ts': 'export const b = 1',
        'client/file.ts': `import 'node:fs'`,
        'server/feature.ts': `import type { State } from '../features/x/index.ts'`,
        'server/config.ts': 'process.env.PORT',
        'server/a.test.ts': `import { kinds } from '../features/x/kinds.ts'\nDate.now()`,
        'app.ts': `import { kinds } from './features/x/kinds.ts'`,
      }),
      [],
    )
  })
})
