import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { fromBase64url, randomBytes } from '../core/bytes.ts'
import { idText } from '../core/item.ts'
import { fairClock } from '../test/helpers/crowd.ts'
import { testDatabase } from '../test/helpers/database.ts'
import { makeNote } from '../test/helpers/notes.ts'
import { type Member, type NotesServer, openNotesServer } from '../test/helpers/notes-server.ts'

let server: NotesServer

before(async () => {
  const { db } = await testDatabase()
  server = await openNotesServer(db, { slowMs: 500 })
})
after(() => server.close())

type Heard = {
  socket: WebSocket
  messages: Record<string, unknown>[]
  next(): Promise<Record<string, unknown>>
  closed: Promise<number>
}

async function listen(token: string): Promise<Heard> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/live`)
  const messages: Record<string, unknown>[] = []
  const waiting: ((message: Record<string, unknown>) => void)[] = []
  let read = 0
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)))
    if (waiting.length > 0) waiting.shift()!(messages[read++]!)
  })
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.send(JSON.stringify({ token }))
  const next = () =>
    read < messages.length
      ? Promise.resolve(messages[read++]!)
      : new Promise<Record<string, unknown>>((resolve) => waiting.push(resolve))
  return { socket, messages, next, closed }
}

async function listening(member: Member): Promise<Heard> {
  const heard = await listen(member.token)
  assert.deepEqual(await heard.next(), { ready: true })
  return heard
}

/** Another tab of the same device signs in for itself. */
async function again(member: Member): Promise<Member> {
  const { token } = (await (await server.signIn(member.device)).json()) as { token: string }
  return { ...member, token }
}

describe('a live connection', () => {
  test('wakes the person and the holders of a post, once for what comes together, and nobody else', async () => {
    const post = randomBytes(16)
    const holder = await server.join([idText(post)])
    const [heard, other] = [await listening(holder), await listening(await server.join())]
    const answers = await server.send(
      await makeNote(server.author, 'one', { readers: [post] }),
      await makeNote(server.author, 'two', { readers: [post, fromBase64url(holder.person)] }),
    )
    const wake = await heard.next()
    assert.equal(wake.size, (answers[1] as { index: number }).index + 1)
    assert.deepEqual(new Set(wake.parties as string[]), new Set([idText(post), holder.person]))
    await server.send(await makeNote(server.author, 'three', { readers: [post] }))
    assert.deepEqual(((await heard.next()) as { parties: unknown }).parties, [idText(post)])
    assert.equal(heard.messages.length, 3)
    assert.equal(other.messages.length, 1, 'the other heard only that it is ready')
    heard.socket.close()
    other.socket.close()
  })

  test('is refused without a session', async () => {
    const heard = await listen(idText(randomBytes(32)))
    assert.equal(await heard.closed, 4401)
    assert.deepEqual(heard.messages, [])
  })

  test('is closed within two seconds of the revocation of its device', async () => {
    const member = await server.join()
    const heard = await listening(member)
    const passed = fairClock()
    await server.send(
      await makeNote(server.author, 'revoked', { party: randomBytes(16), newKey: member.device.key.publicKey }),
    )
    assert.equal(await heard.closed, 4401)
    assert.ok(passed() < 2_000)
  })

  test('is had by each tab of a device, and all are closed when the device is', async () => {
    const member = await server.join()
    const tabs = [await listening(member), await listening(await again(member))]
    await server.send(await makeNote(server.author, 'both', { readers: [fromBase64url(member.person)] }))
    for (const tab of tabs) assert.deepEqual((await tab.next()).parties, [member.person])
    await server.send(
      await makeNote(server.author, 'revoked', { party: randomBytes(16), newKey: member.device.key.publicKey }),
    )
    assert.deepEqual(await Promise.all(tabs.map(({ closed }) => closed)), [4401, 4401])
  })

  test('is one for each session: a second closes the first', async () => {
    const member = await server.join()
    const first = await listening(member)
    const second = await listening(member)
    assert.equal(await first.closed, 4409)
    second.socket.close()
  })

  test('of a device that opens ever more is the newest eight', async () => {
    const member = await server.join()
    const first = await listening(member)
    const others: Heard[] = []
    for (let i = 0; i < 8; i++) others.push(await listening(await again(member)))
    assert.equal(await first.closed, 4409)
    assert.ok(others.every(({ socket }) => socket.readyState === WebSocket.OPEN))
    for (const { socket } of others) socket.close()
  })

  test('tells a watcher that the board moved, once a second however often it does', async () => {
    const heard = await listening(await server.join())
    const board = randomBytes(16)
    heard.socket.send(JSON.stringify({ watch: idText(board) }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    for (let i = 0; i < 5; i++) await server.send(await makeNote(server.author, 'counts', { party: board }))
    await server.send(await makeNote(server.author, 'counts', { party: randomBytes(16) }))
    assert.deepEqual(await heard.next(), { board: idText(board) })
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    assert.equal(heard.messages.length, 2)
    heard.socket.close()
  })

  test('of a reader who does not read is dropped by name, and the others hear on', async (t) => {
    const post = randomBytes(16)
    const [slow, quick] = [await server.join([idText(post)]), await server.join([idText(post)])]
    const heard = await listening(quick)
    const raw = await rawSocket(slow.token)
    t.after(() => raw.destroy())
    raw.pause()
    // Every wake-up names many parties, so that what waits for the slow one grows quickly.
    const readers = Array.from({ length: 2_000 }, () => randomBytes(16))
    server.notes.posts.set(slow.person, readers.map(idText))
    for (let i = 0; i < 400 && !dropped(); i++) {
      server.service.live.announce({
        size: 1,
        placed: [],
        parties: new Set([...readers.map(idText), idText(post)]),
        boards: new Set(),
        revoked: new Set(),
      })
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    assert.ok(dropped(), 'its device stands in the log')
    await server.send(await makeNote(server.author, 'still', { readers: [post] }))
    while ((await heard.next()).size !== server.service.road.view.size);
    heard.socket.close()
  })

  test('from a page of another origin is not opened', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/live`, {
      origin: 'https://elsewhere.example',
    })
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve))
    assert.match(error.message, /404/)
  })
})

function dropped(): boolean {
  return server.logged.some(({ msg, device }) => /does not read/.test(String(msg)) && typeof device === 'string')
}

/** A WebSocket client that can stop reading from its socket altogether. */
async function rawSocket(token: string) {
  const { port } = new URL(server.url)
  const socket = connect(Number(port), '127.0.0.1')
  const hello = Buffer.from(JSON.stringify({ token }))
  socket.write(
    'GET /api/live HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await new Promise((resolve) => socket.once('data', resolve))
  // A masked text frame with a mask of zeros, so the text stands as it is.
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | hello.length, 0, 0, 0, 0]), hello]))
  await new Promise((resolve) => socket.once('data', resolve))
  return socket
}
