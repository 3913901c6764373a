import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type App, openApp } from './app.ts'
import { randomBytes } from './core/bytes.ts'
import { idText } from './core/item.ts'
import { Demonstration } from './demo/demonstration.ts'
import { readConfig } from './server/config.ts'
import { openLog } from './server/log.ts'
import { testDatabase } from './test/helpers/database.ts'

/** Every address of the whole server and who may call it. A route without a row here fails the test below. */
const TABLE: Record<string, 'anyone' | 'person' | 'loopback'> = {
  'POST /items': 'anyone',
  'GET /checkpoint': 'anyone',
  'GET /tile/*': 'anyone',
  'GET /api/service': 'anyone',
  'POST /api/session': 'anyone',
  'GET /api/tickets/:key': 'anyone',
  'POST /api/directory': 'anyone',
  'GET /api/me': 'person',
  'GET /api/about-me': 'person',
  'GET /api/about-me/signed/:kind': 'person',
  'GET /api/absences': 'person',
  'GET /api/names': 'person',
  'GET /api/record-room': 'person',
  'GET /api/posts/:id/below': 'person',
  'POST /api/sync': 'person',
  'GET /api/items/:id/sections/:n': 'person',
  'GET /api/threads/:directive/:post': 'person',
  'GET /api/proof/:id': 'person',
  'GET /api/directives/:id/board': 'person',
  'GET /api/directives/:id/rows': 'person',
  'GET /api/directives/:id/curve': 'person',
  'GET /api/directives/:id/summary': 'person',
  'GET /api/directives/:id/passed': 'person',
  'GET /api/directives/:id/plan/:post': 'person',
  'GET /api/notices': 'person',
  'GET /api/calendar': 'person',
  'GET /api/practice': 'person',
  'GET /api/waiting': 'person',
  'GET /api/posts/:id/route': 'person',
  'GET /api/reach': 'person',
  'GET /api/chunks/:hash': 'person',
  'POST /api/chunks/missing': 'person',
  'PUT /api/chunks/:hash': 'person',
  'GET /api/contacts': 'person',
  'POST /api/contacts/add': 'person',
  'POST /api/contacts/remove': 'person',
  'POST /api/contacts/test': 'person',
  'POST /api/contacts/confirm': 'person',
  'POST /api/contacts/setting': 'person',
  'GET /api/contacts/export': 'person',
  'POST /api/contacts/forget': 'person',
  'POST /api/contacts/import': 'person',
  'GET /api/push/key': 'person',
  'POST /api/push/subscribe': 'person',
  'POST /api/push/unsubscribe': 'person',
  'POST /api/push/test': 'person',
  'GET /api/directives/:id/attempts': 'person',
  'GET /api/sending/held': 'person',
  'POST /api/sending/held/:id/confirm': 'person',
  'POST /api/sending/held/:id/drop': 'person',
  // Signed by the device itself: who joined since what was lost has no session.
  'POST /api/lost/offer': 'anyone',
  'POST /api/lost/give': 'anyone',
  'GET /demo/people': 'loopback',
  'POST /demo/become': 'loopback',
}

let app: App
let url: string
let directory: string

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'smarak-app-'))
  const database = await testDatabase()
  const config = readConfig({}, ['--data', directory, '--port', '0', '--database-url', database.url])
  const demonstration = new Demonstration({
    directory: join(directory, 'authority'),
    simulated: 0,
    onProgress() {},
    onLost() {},
  })
  app = await openApp(config, {
    version: 'test',
    log: openLog('silent'),
    warn() {},
    routes: demonstration.routes,
  })
  url = (await app.listen()).replace('localhost', '127.0.0.1')
})
after(async () => {
  await app.close()
  await rm(directory, { recursive: true })
})

describe('the whole server', () => {
  test('has no route that the table does not know, and each is for whom it says', () => {
    const found = app.service.routes.map(({ method, path, who }) => [`${method} ${path}`, who])
    assert.deepEqual(Object.fromEntries(found), TABLE)
  })

  for (const [name, who] of Object.entries(TABLE)) {
    test(`${name} is ${who === 'person' ? 'closed to strangers and forged tokens' : 'open'}`, async () => {
      const [method, pattern] = name.split(' ') as [string, string]
      const path = pattern.replace(/:(n)\b/, '0').replace(/:\w+/g, idText(randomBytes(16)))
      for (const token of [undefined, idText(randomBytes(32))]) {
        const response = await fetch(url + path, {
          method,
          headers: {
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(method === 'POST' ? { 'content-type': 'application/cbor' } : {}),
          },
          ...(method === 'POST' ? { body: new Uint8Array([0xa0]) } : {}),
        })
        if (who === 'person') {
          assert.equal(response.status, 401)
          assert.equal(((await response.json()) as { code: string }).code, 'session_expired')
        } else assert.notEqual(response.status, 401)
      }
    })
  }

  test('lets only one process work in a data directory', async () => {
    const config = readConfig({}, ['--data', directory, '--port', '0'])
    const second = openApp(config, { version: 'test', log: openLog('silent'), warn() {} })
    await assert.rejects(second, { code: 'data_dir_in_use' })
  })
})
