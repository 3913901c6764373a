import assert from 'node:assert/strict'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type Enemy, openEnemy, worded } from './service.ts'

type Answer = { status: number; headers: IncomingHttpHeaders; body: string }

describe('the public port under an enemy’s hands', () => {
  let enemy: Enemy
  before(async () => {
    enemy = await openEnemy()
  })
  after(() => enemy.close())

  /** The path goes out as it is written: `fetch` would tidy it. */
  function ask(path: string, method = 'GET', headers: Record<string, string> = {}, body = ''): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request(enemy.url, { path, method, headers, agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }))
      })
      asked.on('error', reject)
      asked.end(body)
    })
  }

  const PROBES = [
    '/metrics',
    '/.git/config',
    '/.git/HEAD',
    '/.env',
    '/debug',
    '/debug/pprof/heap',
    '/actuator',
    '/actuator/heapdump',
    '/actuator/env',
    '/inspector',
    '/json/version',
    '/heapdump',
    '/server-status',
    '/wp-login.php',
    '/phpmyadmin/',
    '/api',
    '/api/',
    '/api/docs',
    '/graphql',
    '/log.key',
    '/checkpoint.new',
    '/data/log.key',
    '/postgres/cluster/PG_VERSION',
    '/package.json',
    '/server/http.ts',
    '/index.php',
    '/assets/',
    '/assets/../../../package.json',
    '/../../etc/passwd',
    `${'/..'.repeat(20)}/etc/passwd`,
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/%252e%252e/%252e%252e/etc/passwd',
    '/..%5c..%5cwindows%5cwin.ini',
    '/..\\..\\etc\\passwd',
    '/%c0%ae%c0%ae/etc/passwd',
    '/today/../../etc/passwd',
    '/today/..%2f..%2fetc%2fpasswd',
    '/issue/%2e%2e/.git/config',
    '/more/.git/config',
    '/board/a%00b',
    '//evil.example/%2f..',
    'http://evil.example/',
    '/%',
    '/%E0%A4%A',
    '/%00',
    `/${'a'.repeat(8_000)}`,
    `/api/items/${'a'.repeat(8_000)}/sections/0`,
    '/tile/../log.key',
    '/tile/%2e%2e/log.key',
    '/today;jsessionid=1',
    '/demo/people',
    '/demo/become',
  ]

  test('nothing but the product answers there, however the path is written', async () => {
    for (const path of PROBES) {
      const { status, body, headers } = await ask(path, 'GET', { accept: '*/*' })
      assert.equal(status, 404, path)
      assert.match(headers['content-type']!, /^application\/json/, path)
      const { code, message } = JSON.parse(body) as { code: string; message: string }
      assert.equal(code, 'not_found', path)
      assert.ok(!message.includes('passwd'), 'nothing of the path comes back')
    }
  })

  test('who mistyped an address in a browser reads one and the same page, whatever the address', async () => {
    const pages = new Set<string>()
    for (const path of [
      '/settings',
      '/metrics',
      '/more/.git/config',
      '/../../etc/passwd',
      '/nowhere/<script>alert(1)</script>',
    ]) {
      const { status, body, headers } = await ask(path, 'GET', { accept: 'text/html,*/*' })
      assert.equal(status, 404, path)
      assert.match(headers['content-type']!, /^text\/html/, path)
      pages.add(body)
    }
    assert.equal(pages.size, 1)
    assert.match([...pages][0]!, /lang="bn">এ ঠিকানায় কিছু নেই/)
  })

  test('methods nobody uses do nothing', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      for (const path of ['/', '/items', '/api/session', '/api/me']) {
        const { status, headers } = await ask(path, method)
        assert.equal(status, 404, `${method} ${path}`)
        assert.equal(headers['access-control-allow-origin'], undefined)
      }
    }
  })

  test('every answer, good or bad, carries the headers that keep a browser honest', async () => {
    const json = { 'content-type': 'application/json' }
    const answers: Record<string, Answer> = {
      page: await ask('/'),
      screen: await ask('/today'),
      icon: await ask('/icon.svg'),
      worker: await ask('/sw.js'),
      checkpoint: await ask('/checkpoint'),
      tile: await ask('/tile/entries/000.p/1'),
      service: await ask('/api/service'),
      'no session, names': await ask('/api/names'),
      'no session': await ask('/api/me'),
      'no such address': await ask('/nothing'),
      'no address': await ask('/%'),
      'no item': await ask('/items', 'POST', { 'content-type': 'application/cbor' }, 'x'),
      'no JSON': await ask('/api/session', 'POST', json, '{'),
      'no challenge': await ask('/api/session', 'POST', json, '{}'),
      'a form': await ask('/items', 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b'),
      'too large': await ask('/api/session', 'POST', json, `"${'x'.repeat(70_000)}"`),
      'not modified': await ask('/', 'GET', { 'if-none-match': (await ask('/')).headers.etag! }),
      'a header without end': await ask('/', 'GET', { 'x-long': 'x'.repeat(20_000) }),
      'another method': await ask('/', 'DELETE'),
    }
    assert.deepEqual(
      Object.values(answers).map(({ status }) => status),
      [200, 200, 200, 200, 200, 200, 200, 401, 401, 404, 404, 400, 400, 400, 400, 413, 304, 431, 404],
    )
    for (const [what, { status, headers, body }] of Object.entries(answers)) {
      const policy = headers['content-security-policy'] as string
      assert.match(policy, /default-src 'none'/, what)
      assert.match(policy, /frame-ancestors 'none'/, what)
      assert.doesNotMatch(policy, /unsafe|\*|https?:/, what)
      assert.equal(headers['x-content-type-options'], 'nosniff', what)
      assert.equal(headers['x-frame-options'], 'DENY', what)
      assert.equal(headers['referrer-policy'], 'no-referrer', what)
      for (const telling of ['server', 'x-powered-by', 'access-control-allow-origin', 'set-cookie'])
        assert.equal(headers[telling], undefined, what)
      if (status >= 400) {
        assert.equal(headers['cache-control'], 'no-store', what)
        worded((JSON.parse(body) as { code: string }).code)
      }
    }
    for (const what of ['page', 'screen'])
      assert.match(answers[what]!.headers['content-security-policy'] as string, /require-trusted-types-for 'script'/)
  })

  test('what is not HTTP is answered in our words and the connection ends', async () => {
    for (const bytes of [
      '\x16\x03\x01\x02\x00\x01',
      'GET / SMARAK\r\n\r\n',
      'POST /items HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
    ]) {
      const said = await talk(bytes)
      assert.match(said, /^HTTP\/1\.1 400 /)
      assert.match(said, /content-security-policy: default-src 'none'/)
      assert.match(said, /"code":"bad_input"/)
    }
  })

  test('two lengths, or a length and chunks, are not a second request hidden in the first', async () => {
    const inner = 'GET /checkpoint HTTP/1.1\r\nhost: x\r\n\r\n'
    for (const lengths of [
      `content-length: 0\r\ncontent-length: ${inner.length}`,
      `content-length: ${inner.length}\r\ntransfer-encoding: chunked`,
      `transfer-encoding: chunked, identity`,
    ]) {
      const said = await talk(`POST /items HTTP/1.1\r\nhost: x\r\n${lengths}\r\n\r\n0\r\n\r\n${inner}`)
      assert.match(said, /^HTTP\/1\.1 400 /, lengths)
      assert.doesNotMatch(said, /smarak\.log/, lengths)
    }
  })

  function talk(bytes: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(enemy.url).port), '127.0.0.1', () => socket.write(bytes))
      let said = ''
      socket.setTimeout(5_000, () => socket.destroy(new Error(`no end after: ${said}`)))
      socket.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      socket.on('close', () => resolve(said))
      socket.on('error', reject)
    })
  }
})
