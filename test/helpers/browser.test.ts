import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { freshPage, noBrowser } from './browser.ts'

test('the browser found is real, with windows and without: it has the keys we need', { skip: noBrowser }, async () => {
  for (const options of [{}, { permissions: ['notifications'] }]) {
    const page = await freshPage(options)
    await page.route('http://localhost/', (route) => route.fulfill({ body: '' }))
    await page.goto('http://localhost/')
    const key = await page.evaluate(async () => (await crypto.subtle.generateKey('Ed25519', false, ['sign'])) !== null)
    assert.equal(key, true)
  }
})

test('without a browser a journey is skipped with its reason, or fails where one is required', () => {
  const inner = `import { noBrowser, browser } from '${import.meta.dirname}/browser.ts'
    console.log(noBrowser || (await browser().then(() => 'started', (error) => error.message)))`
  const look = (required: string) => {
    const { NODE_TEST_CONTEXT: _, SMARAK_CHROMIUM: __, ...env } = process.env
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', inner], {
      env: { ...env, PATH: '/nowhere', SMARAK_REQUIRE_BROWSER: required },
      encoding: 'utf8',
    })
    return run.stdout
  }
  assert.match(look('0'), /^no Chromium found/)
  assert.match(look('1'), /SMARAK_REQUIRE_BROWSER=1 asks for one/)
})
