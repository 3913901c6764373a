import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { buildWeb } from '../../scripts/build.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const ORIGIN = 'https://smarak.example'

type Fetched = { request: { url: string; method: string; mode: string }; respondWith: (answer: unknown) => void }

/** The service worker as it is built, in a place where everything it would ask for is written down. */
describe('the service worker', () => {
  let hear: (event: Fetched) => void
  before(async () => {
    await buildWeb({ force: false })
    const listeners = new Map<string, (event: never) => void>()
    const self = {
      addEventListener: (name: string, listener: (event: never) => void) => listeners.set(name, listener),
      location: { origin: ORIGIN },
    }
    const caches = {
      match: async () => undefined,
      open: async () => ({ put: async () => {}, match: async () => undefined }),
    }
    const fetch = async () => ({ ok: true, clone: () => ({}) })
    runInNewContext(await readFile(join(ROOT, 'dist', 'web', 'sw.js'), 'utf8'), { self, caches, fetch, URL, Promise })
    hear = listeners.get('fetch') as typeof hear
  })

  function takes(path: string, { method = 'GET', mode = 'cors', origin = ORIGIN } = {}): boolean {
    let taken = false
    hear({
      request: { url: origin + path, method, mode },
      respondWith: () => {
        taken = true
      },
    })
    return taken
  }

  test('keeps the app and nothing else: no letter, key, token or answer passes through it', () => {
    for (const path of ['/', '/today', '/board/x']) assert.ok(takes(path, { mode: 'navigate' }), path)
    assert.ok(takes('/assets/main.js'))
    for (const path of [
      '/api/sync',
      '/api/session',
      '/api/items/x/sections/1',
      '/api/directory',
      '/items',
      '/checkpoint',
      '/tile/entries/000',
      '/demo/people',
    ]) {
      for (const method of ['GET', 'POST']) assert.ok(!takes(path, { method }), `${method} ${path}`)
      assert.ok(!takes(path, { mode: 'navigate' }), path)
    }
    assert.ok(!takes('/assets/main.js', { origin: 'https://evil.example' }))
  })
})
