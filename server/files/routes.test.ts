import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Bytes, randomBytes, toBase64url, utf8 } from '../../core/bytes.ts'
import { MAX_CHUNK, MAX_CHUNKS } from '../../core/file.ts'
import { sha256 } from '../../core/hash.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import { type Member, type NotesServer, openNotesServer } from '../../test/helpers/notes-server.ts'
import { fileRoutes } from './routes.ts'
import { ChunkStore } from './store.ts'

let directory: string
let server: NotesServer
let member: Member

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'smarak-files-'))
  const { db } = await testDatabase()
  const store = new ChunkStore({ db, directory, room: async () => {}, now: Date.now })
  server = await openNotesServer(db, { routes: fileRoutes(store) })
  member = await server.join()
})
after(async () => {
  await server.close()
  await rm(directory, { recursive: true })
})

const bearer = ({ token }: Member) => ({ authorization: `Bearer ${token}` })

function put(name: string, body: Bytes, type = 'application/octet-stream') {
  const headers = { ...bearer(member), 'content-type': type }
  return fetch(`${server.url}/api/chunks/${name}`, { method: 'PUT', headers, body })
}

function ask(names: unknown) {
  const headers = { ...bearer(member), 'content-type': 'application/json' }
  return fetch(`${server.url}/api/chunks/missing`, { method: 'POST', headers, body: JSON.stringify(names) })
}

function get(name: string, as = member) {
  return fetch(`${server.url}/api/chunks/${name}`, { headers: bearer(as) })
}

function chunk(size = 1_000): { name: string; bytes: Bytes } {
  const bytes = randomBytes(size)
  return { name: toBase64url(sha256(bytes)), bytes }
}

async function code(response: Response): Promise<[number, string]> {
  return [response.status, ((await response.json()) as { code: string }).code]
}

test('a chunk goes up once, and comes down as it is, kept by the reader alone', async () => {
  const { name, bytes } = chunk(MAX_CHUNK)
  assert.deepEqual(await (await ask([name])).json(), [name])
  assert.equal((await put(name, bytes)).status, 200)
  assert.equal((await put(name, bytes)).status, 200)
  assert.deepEqual(await (await ask([name])).json(), [])
  const response = await get(name, await server.join())
  assert.equal(response.headers.get('cache-control'), 'private, max-age=31536000, immutable')
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes)
})

describe('what is refused', () => {
  test('everything, without a session or with a forged one', async () => {
    const { name, bytes } = chunk()
    assert.equal((await put(name, bytes)).status, 200)
    for (const token of ['', toBase64url(randomBytes(32))]) {
      const auth = { authorization: `Bearer ${token}` }
      const octets = { ...auth, 'content-type': 'application/octet-stream' }
      const json = { ...auth, 'content-type': 'application/json' }
      const path = `${server.url}/api/chunks/${name}`
      const answers = [
        await fetch(path, { method: 'PUT', headers: octets, body: bytes }),
        await fetch(`${server.url}/api/chunks/missing`, { method: 'POST', headers: json, body: '[]' }),
        await fetch(path, { headers: auth }),
      ]
      for (const answer of answers) assert.deepEqual(await code(answer), [401, 'session_expired'])
    }
  })

  test('bytes under a name that is not theirs', async () => {
    const [one, other] = [chunk(), chunk()]
    assert.deepEqual(await code(await put(one.name, other.bytes)), [400, 'bad_input'])
    assert.deepEqual(await (await ask([one.name, other.name])).json(), [one.name, other.name])
  })

  test('more than a chunk', async () => {
    for (const size of [MAX_CHUNK + 1, 100_000]) {
      const bytes = new Uint8Array(size)
      assert.deepEqual(await code(await put(toBase64url(sha256(bytes)), bytes)), [413, 'too_large'])
    }
  })

  test('what is no name, no list of names, too many of them, or no chunk', async () => {
    const { name, bytes } = chunk()
    for (const wrong of ['x', '..%2f..%2fkeys', `${name}A`, name.slice(1)]) {
      assert.deepEqual(await code(await put(wrong, bytes)), [400, 'bad_input'], wrong)
      assert.deepEqual(await code(await get(wrong)), [400, 'bad_input'], wrong)
    }
    for (const wrong of [{}, [1], ['x'], [[name]], Array(MAX_CHUNKS + 1).fill(name)])
      assert.deepEqual(await code(await ask(wrong)), [400, 'bad_input'])
    assert.deepEqual(await code(await put(name, utf8('[1]'), 'application/json')), [400, 'bad_input'])
    assert.deepEqual(await code(await put(name, bytes, 'text/plain')), [400, 'bad_input'])
    assert.deepEqual(await code(await get(name)), [404, 'not_found'])
  })
})

test('an upload that is cut leaves nothing, and goes through when it is tried again', async () => {
  const { name, bytes } = chunk(MAX_CHUNK)
  const { port, hostname } = new URL(server.url)
  const head = [
    `PUT /api/chunks/${name} HTTP/1.1`,
    `host: ${hostname}`,
    `authorization: Bearer ${member.token}`,
    'content-type: application/octet-stream',
    `content-length: ${bytes.length}`,
    '\r\n',
  ].join('\r\n')
  for (const part of [0, 1, 10_000, bytes.length - 1]) {
    const socket = connect(Number(port), hostname)
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.write(head)
    socket.write(bytes.subarray(0, part))
    await new Promise((resolve) => setTimeout(resolve, 30))
    socket.destroy()
  }
  assert.deepEqual(await (await ask([name])).json(), [name])
  assert.deepEqual(await code(await get(name)), [404, 'not_found'])
  const files = await readdir(directory, { recursive: true })
  assert.equal(files.filter((file) => file.endsWith('.part')).length, 0)
  assert.equal((await put(name, bytes)).status, 200)
  assert.deepEqual(new Uint8Array(await (await get(name)).arrayBuffer()), bytes)
})
