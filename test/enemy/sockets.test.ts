import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { randomBytes, toBase64url } from '../../core/bytes.ts'
import { fairClock } from '../helpers/crowd.ts'
import { townLetter } from '../helpers/town.ts'
import { type Enemy, openEnemy, revocation, send, tokenOf } from './service.ts'

type Heard = { socket: WebSocket; messages: string[]; closed: Promise<number> }

describe('the live connection under an enemy’s hands', () => {
  let enemy: Enemy
  before(async () => {
    enemy = await openEnemy({ upazilas: 3 })
  })
  after(() => enemy.close())

  const address = () => `${enemy.url.replace('http', 'ws')}/api/live`

  /** Opens a socket and says `first`, whatever it is. */
  async function open(first?: string | Uint8Array): Promise<Heard> {
    const socket = new WebSocket(address())
    const messages: string[] = []
    socket.on('message', (data) => messages.push(String(data)))
    socket.on('error', () => {}) // a close that follows tells the same
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    await new Promise((resolve) => socket.once('open', resolve))
    if (first !== undefined) socket.send(first)
    return { socket, messages, closed }
  }

  async function listening(token: string): Promise<Heard> {
    const heard = await open(JSON.stringify({ token }))
    while (heard.messages.length === 0) await pause(5)
    assert.deepEqual(heard.messages, ['{"ready":true}'])
    return heard
  }

  test('no token, half a token, somebody’s guess or noise opens nothing and says nothing', async () => {
    for (const hello of [
      '',
      '{',
      'null',
      '[]',
      '{}',
      '{"token":null}',
      '{"token":{"$ne":""}}',
      '{"token":""}',
      JSON.stringify({ token: toBase64url(randomBytes(32)) }),
      JSON.stringify({ token: toBase64url(randomBytes(31)) }),
      randomBytes(200),
    ]) {
      const { messages, closed } = await open(hello)
      assert.equal(await closed, 4401)
      assert.deepEqual(messages, [])
    }
  })

  test('a message without end, or a frame out of order, ends that socket alone', async () => {
    const client = await enemy.official('uno1')
    const good = await listening(await tokenOf(client))
    assert.ok([1006, 1009].includes(await (await open('x'.repeat(10_000))).closed))
    const raw = connect(Number(new URL(enemy.url).port), '127.0.0.1')
    raw.on('error', () => {}) // the server cuts it
    raw.resume()
    raw.write(
      'GET /api/live HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
        'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    raw.write(new Uint8Array(5_000).fill(0xff))
    await new Promise((resolve) => raw.once('close', resolve))
    good.socket.send('{"watch":null}')
    await pause(100)
    assert.equal(good.socket.readyState, good.socket.OPEN)
    good.socket.send('not JSON')
    assert.equal(await good.closed, 1003)
  })

  test('an upgrade anywhere else, or from a page of another origin, is not answered as one', async () => {
    const elsewhere = `${enemy.url.replace('http', 'ws')}/api/me`
    for (const socket of [new WebSocket(elsewhere), new WebSocket(address(), { origin: 'https://evil.example' })]) {
      const error = await new Promise<Error>((resolve) => socket.once('error', resolve))
      assert.match(error.message, /404/)
    }
  })

  test('another’s token hears what is that other’s, and ends his socket, so that he learns of it', async () => {
    const client = await enemy.official('uno2')
    const token = await tokenOf(client)
    const own = await listening(token)
    const thief = await listening(token)
    assert.equal(await own.closed, 4409)
    thief.socket.close()
  })

  test('a closed device hears nothing from the moment on: its socket ends within two seconds', async () => {
    const ds = await enemy.official('ds')
    const client = await enemy.official('uno3')
    const heard = await listening(await tokenOf(client))
    const passed = fairClock()
    await send(enemy, await revocation(client))
    assert.equal(await heard.closed, 4401)
    assert.ok(passed() < 2_000)
    const before = heard.messages.length
    await ds.issue(townLetter(enemy), () => {})
    await pause(100)
    assert.equal(heard.messages.length, before)
    assert.equal(await (await open(JSON.stringify({ token: await tokenOf(client) }))).closed, 4401)
  })

  test('wake-ups carry places and parties, never words', async () => {
    const dc = await enemy.official('dc')
    await dc.sync()
    const heard = await listening(await tokenOf(dc))
    const ds = await enemy.official('ds', { code: await enemy.code('ds', { replacing: true }) })
    await ds.sync()
    const letter = townLetter(enemy)
    await ds.issue(letter, () => {})
    while (heard.messages.length < 2) await pause(10)
    for (const message of heard.messages.slice(1)) {
      const { size, parties, ...rest } = JSON.parse(message) as { size: number; parties: string[] }
      assert.deepEqual(rest, {})
      assert.ok(Number.isSafeInteger(size))
      for (const party of parties) assert.match(party, /^[\w-]{22}$/)
    }
    heard.socket.close()
  })
})
