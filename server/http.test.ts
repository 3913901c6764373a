import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { randomBytes } from '../core/bytes.ts'
import { idText, thumbprint } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { testDatabase } from '../test/helpers/database.ts'
import { makeNote, newAuthor } from '../test/helpers/notes.ts'
import { type Member, type NotesServer, openNotesServer, syncAsk } from '../test/helpers/notes-server.ts'
import type { Route } from './routes.ts'

/** Routes of the test itself, one of each kind of trouble. */
const ROUTES: Route[] = [
  {
    method: 'GET',
    path: '/api/breaks',
    who: 'anyone',
    answer() {
      throw new TypeError('a fault with a secret in it')
    },
  },
  {
    method: 'GET',
    path: '/api/refuses/:code',
    who: 'anyone',
    answer({ params }) {
      throw new Refusal(params.code!, 'As it says', { n: 1 })
    },
  },
  { method: 'GET', path: '/api/rare', who: 'anyone', perMinute: 3, answer: () => ({ json: 'here' }) },
  { method: 'GET', path: '/demo/door', who: 'loopback', answer: () => ({ json: 'open' }) },
  { method: 'GET', path: '/api/tagged', who: 'person', answer: () => ({ json: [1], etag: '"1"' }) },
]

let server: NotesServer
let member: Member
let web: string

before(async () => {
  web = await mkdtemp(join(tmpdir(), 'smarak-web-'))
  await mkdir(join(web, 'assets'))
  const script = 'console.log(1)'.repeat(100)
  await writeFile(join(web, 'index.html'), '<!doctype html><title>স্মারক</title>')
  await writeFile(join(web, 'sw.js'), 'self')
  await writeFile(join(web, 'notes.txt'), 'not for serving')
  await writeFile(join(web, 'assets', 'main-1a2b.js'), script)
  await writeFile(join(web, 'assets', 'main-1a2b.js.gz'), gzipSync(script))
  await writeFile(join(web, 'assets', 'report-worker-1a2b.js'), script)
  await writeFile(join(web, 'assets', 'engine-1a2b.wasm'), new Uint8Array(5_000_000).fill(7))
  const { db } = await testDatabase()
  server = await openNotesServer(db, { routes: ROUTES, web, loopbackFactor: 1 })
  member = await server.join()
})
after(async () => {
  await server.close()
  await rm(web, { recursive: true })
})

describe('every route answers each role as the table says', () => {
  // Method, path, status for nobody, status for a person. 404 of a person means: asked for what is not there.
  const TABLE: [string, string, number, number][] = [
    ['POST /items', '/items', 400, 400],
    ['GET /checkpoint', '/checkpoint', 200, 200],
    ['GET /tile/*', '/tile/0/000.p/1', 200, 200],
    ['GET /api/service', '/api/service', 200, 200],
    ['POST /api/session', '/api/session', 400, 400],
    ['GET /api/tickets/:key', '/api/tickets/unknown', 400, 400],
    ['POST /api/directory', '/api/directory', 400, 400],
    ['POST /api/sync', '/api/sync', 401, 400],
    ['GET /api/items/:id/sections/:n', `/api/items/${idText(randomBytes(16))}/sections/0`, 401, 404],
    ['GET /api/threads/:directive/:post', '/api/threads/x/y', 401, 404],
    ['GET /api/absences', '/api/absences', 401, 404],
    ['GET /api/proof/:id', `/api/proof/${idText(randomBytes(16))}`, 401, 404],
    ['GET /api/me', '/api/me', 401, 200],
    ['GET /api/about-me', '/api/about-me', 401, 200],
    ['GET /api/about-me/signed/:kind', '/api/about-me/signed/answer', 401, 200],
    ['POST /api/lost/offer', '/api/lost/offer', 200, 200],
    ['POST /api/lost/give', '/api/lost/give', 404, 404],
    ['GET /api/breaks', '/api/breaks', 500, 500],
    ['GET /api/refuses/:code', '/api/refuses/conflict', 409, 409],
    ['GET /api/rare', '/api/rare', 200, 200],
    ['GET /demo/door', '/demo/door', 200, 200],
    ['GET /api/tagged', '/api/tagged', 401, 200],
  ]

  test('a page whose name a stranger leads to this machine gets nothing meant for this machine', async () => {
    const { hostname, port } = new URL(server.url)
    const as = (host: string) =>
      new Promise<number>((resolve, reject) => {
        get({ hostname, port, path: '/demo/door', headers: { host } }, (response) => {
          response.resume()
          resolve(response.statusCode!)
        }).on('error', reject)
      })
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) assert.equal(await as(host), 200)
    for (const host of [`evil.example:${port}`, '127.0.0.1.evil.example', 'localhost.evil.example'])
      assert.equal(await as(host), 404, host)
  })

  test('no route is without a row', () => {
    const names = server.service.routes.map(({ method, path }) => `${method} ${path}`)
    assert.deepEqual(names.toSorted(), TABLE.map(([name]) => name).toSorted())
  })

  for (const [name, path, nobody, person] of TABLE) {
    test(name, async () => {
      const method = name.split(' ')[0]!
      const options = method === 'POST' ? { body: new Map([[99, 0]]) } : {}
      assert.equal((await server.call(path, { method, ...options })).status, nobody, 'nobody')
      const stranger = { ...member, token: idText(randomBytes(32)) }
      const forged = await server.call(path, { method, ...options, as: stranger })
      assert.equal(forged.status, nobody, 'a forged token')
      assert.equal((await server.call(path, { method, ...options, as: member })).status, person, 'a person')
    })
  }
})

describe('what goes wrong', () => {
  test('a refusal is told with its code, details and status', async () => {
    for (const [code, status] of Object.entries({ disk_full: 507, behind_checkpoint: 503, bad_input: 400 })) {
      const response = await server.call(`/api/refuses/${code}`)
      assert.equal(response.status, status)
      assert.deepEqual(await response.json(), { code, message: 'As it says', details: { n: 1 } })
    }
  })

  test('a fault of ours is told by a number that stands in the log, and by nothing else', async () => {
    const response = await server.call('/api/breaks')
    const text = await response.text()
    assert.ok(!text.includes('secret'))
    const { code, details } = JSON.parse(text)
    assert.equal(code, 'internal')
    assert.ok(server.logged.some(({ number }) => number === details.number))
  })

  test('a request too large, or of another type, is refused in our words', async () => {
    const large = await fetch(`${server.url}/items`, {
      method: 'POST',
      headers: { 'content-type': 'application/cbor' },
      body: new Uint8Array(5_000_000),
    })
    assert.deepEqual([large.status, ((await large.json()) as { code: string }).code], [413, 'too_large'])
    const form = await fetch(`${server.url}/items`, { method: 'POST', body: new URLSearchParams('a=b') })
    assert.deepEqual([form.status, ((await form.json()) as { code: string }).code], [400, 'bad_input'])
    const json = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"device":',
    })
    assert.equal(((await json.json()) as { code: string }).code, 'bad_input')
  })

  test('who calls too often is told to wait', async () => {
    const statuses = []
    for (let i = 0; i < 6; i++) statuses.push((await server.call('/api/rare', { as: member })).status)
    assert.equal(statuses.at(-1), 429)
    const response = await server.call('/api/rare')
    assert.equal(((await response.json()) as { code: string }).code, 'too_fast')
  })

  test('nothing but the product is on the port, and whoever looks for more is logged', async () => {
    for (const path of [
      '/metrics',
      '/debug/pprof',
      '/actuator/heapdump',
      '/.git/config',
      '/.env',
      '/inspector',
      '//etc',
    ]) {
      const response = await fetch(server.url + path, { headers: { accept: '*/*' } })
      assert.equal(response.status, 404, path)
      assert.equal(((await response.json()) as { code: string }).code, 'not_found')
    }
    assert.ok(server.logged.some(({ path }) => path === '/.git/config'))
  })
})

describe('what every answer carries', () => {
  test('a policy that lets nothing inline or foreign run', async () => {
    const policy = (await server.call('/')).headers.get('content-security-policy')!
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types svelte-trusted-html smarak',
    ])
      assert.ok(policy.split(';').includes(part), part)
    assert.ok(!/unsafe|\*|http/.test(policy))
  })

  test('what has an etag is made short for whoever can read it so', async () => {
    const asked = (coding: string) =>
      server.call('/api/tagged', { as: member, headers: { 'accept-encoding': coding } }).then(async (reply) => {
        return [reply.headers.get('content-encoding'), await reply.json()]
      })
    assert.deepEqual(await asked('gzip, br'), ['br', [1]])
    assert.deepEqual(await asked('gzip'), [null, [1]])
  })

  test('an etag spares the second answer', async () => {
    assert.equal((await server.call('/api/tagged', { as: member })).headers.get('etag'), '"1"')
    const again = await server.call('/api/tagged', { as: member, headers: { 'if-none-match': '"1"' } })
    assert.equal(again.status, 304)
  })
})

describe('the web app', () => {
  test('is served as it was compressed, for ever where its name tells its content', async () => {
    const response = await fetch(`${server.url}/assets/main-1a2b.js`, { headers: { 'accept-encoding': 'gzip' } })
    assert.match(response.headers.get('cache-control')!, /immutable/)
    assert.equal(response.headers.get('content-encoding'), 'gzip')
    assert.match(await response.text(), /^console\.log/)
    const plain = await fetch(`${server.url}/assets/main-1a2b.js`, { headers: { 'accept-encoding': 'gzip;q=0' } })
    assert.equal(plain.headers.get('content-encoding'), null)
  })

  test('tells of a page what it would send, to whoever asks for that alone', async () => {
    for (const path of ['/', '/today', '/assets/main-1a2b.js']) {
      const [whole, head] = await Promise.all(['GET', 'HEAD'].map((method) => fetch(server.url + path, { method })))
      assert.equal(head!.status, 200, path)
      for (const name of ['content-type', 'etag', 'content-security-policy'])
        assert.equal(head!.headers.get(name), whole!.headers.get(name))
      assert.equal(await head!.text(), '')
    }
    assert.equal((await fetch(`${server.url}/etc/passwd`, { method: 'HEAD' })).status, 404)
  })

  test('lets the worker that prints compile WebAssembly, and nothing else', async () => {
    const policyOf = async (path: string) =>
      (await fetch(server.url + path)).headers.get('content-security-policy')!.split(';')
    const page = await policyOf('/')
    const worker = await policyOf('/assets/report-worker-1a2b.js')
    assert.deepEqual(
      worker.filter((part) => !page.includes(part)),
      ["script-src 'self' 'wasm-unsafe-eval'"],
    )
    assert.deepEqual(
      page.filter((part) => !worker.includes(part)),
      ["script-src 'self'"],
    )
    for (const path of ['/assets/main-1a2b.js', '/sw.js', '/today']) assert.deepEqual(await policyOf(path), page, path)
  })

  test('a large file comes whole, with its length, and not twice', async () => {
    const response = await fetch(`${server.url}/assets/engine-1a2b.wasm`)
    assert.equal(response.headers.get('content-type'), 'application/wasm')
    assert.equal(response.headers.get('content-length'), '5000000')
    const bytes = new Uint8Array(await response.arrayBuffer())
    assert.ok(bytes.length === 5_000_000 && bytes.every((byte) => byte === 7))
    const again = await fetch(response.url, { headers: { 'if-none-match': response.headers.get('etag')! } })
    assert.equal(again.status, 304)
    assert.equal((await fetch(response.url, { method: 'HEAD' })).headers.get('content-length'), '5000000')
  })

  test('answers with its page where a screen is, and nowhere else', async () => {
    for (const path of ['/', '/today', '/join', '/board/abc'])
      assert.match(await (await server.call(path)).text(), /<title>স্মারক/, path)
    assert.equal((await server.call('/')).headers.get('cache-control'), 'no-cache')
    assert.equal((await server.call('/sw.js')).headers.get('cache-control'), 'no-cache')
    for (const path of ['/index.php', '/notes.txt', '/assets/../../../etc/passwd', '/api/nothing', '/assets/gone.js'])
      assert.equal((await server.call(path)).status, 404, path)
  })
})

describe('a session', () => {
  test('is given for the signature of a live device over a fresh challenge', async () => {
    const me = (await (await server.call('/api/me', { as: member })).json()) as { person: string }
    assert.equal(me.person, member.person)
  })

  test('is refused to an unknown device, another key, and a challenge used twice', async () => {
    const unknown = await server.signIn(await newAuthor('device'))
    assert.equal(((await unknown.json()) as { code: string }).code, 'unknown_device')
    const liar = { ...(await newAuthor('device')) }
    liar.key = { ...liar.key, publicKey: member.device.key.publicKey }
    assert.equal(((await (await server.signIn(liar)).json()) as { code: string }).code, 'bad_signature')
    const device = idText(thumbprint(member.device.key.publicKey))
    const stale = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ device, challenge: 'made up', signature: idText(randomBytes(64)) }),
    })
    assert.equal(((await stale.json()) as { code: string }).code, 'session_expired')
  })

  test('ends with its device, in the database too', async () => {
    const other = await server.join()
    assert.equal((await server.call('/api/me', { as: other })).status, 200)
    const gone = { party: randomBytes(16), newKey: other.device.key.publicKey }
    await server.send(await makeNote(server.author, 'revoked', gone))
    assert.equal((await server.call('/api/me', { as: other })).status, 401)
    assert.equal(((await (await server.signIn(other.device)).json()) as { code: string }).code, 'revoked_device')
    assert.equal((await server.call('/api/sync', { as: other, body: syncAsk([]) })).status, 401)
  })
})
