import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { crowd } from './crowd.ts'
import { type Line, startProxy } from './proxy.ts'

const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket))
let port: number
before(async () => {
  await once(echo.listen(0, '127.0.0.1'), 'listening')
  port = (echo.address() as AddressInfo).port
})
after(() => void echo.close())

const closed = (socket: Socket) => new Promise((resolve) => socket.on('close', resolve))

async function through(line: Line) {
  const proxy = await startProxy({ port }, line)
  const socket = connect(proxy.port, '127.0.0.1')
  await once(socket, 'connect')
  return { proxy, socket }
}

async function roundTrip(socket: Socket, bytes: number): Promise<number> {
  const start = performance.now()
  socket.write(Buffer.alloc(bytes, 7))
  for (let got = 0; got < bytes; ) got += (await once(socket, 'data'))[0].length
  return performance.now() - start
}

test('delay is added each way, bytes are counted', async () => {
  const { proxy, socket } = await through({ latencyMs: 60 })
  const ms = await roundTrip(socket, 100)
  assert.ok(ms >= 118 && ms < 400 * crowd(), `${ms} ms`)
  assert.deepEqual(proxy.counts, { up: 100, down: 100, connections: 1 })
  proxy.set({})
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 5; i++) best = Math.min(best, await roundTrip(socket, 100))
  assert.ok(best < 60, `${best} ms`)
  await proxy.close()
})

test('a narrow pipe takes as long as its width says', async () => {
  const { proxy, socket } = await through({ bytesPerSecond: 100_000 })
  const ms = await roundTrip(socket, 50_000)
  assert.ok(ms >= 490 && ms < 1_500 * crowd(), `${ms} ms`)
  await proxy.close()
})

test('a cut breaks what is open and refuses what comes, until restored', async () => {
  const { proxy, socket } = await through({})
  await roundTrip(socket, 10)
  socket.on('error', () => {})
  proxy.cut()
  await closed(socket)
  await closed(connect(proxy.port, '127.0.0.1').on('error', () => {}))
  proxy.restore()
  const again = connect(proxy.port, '127.0.0.1')
  assert.ok((await roundTrip(again, 10)) > 0)
  await proxy.close()
})

test('silence carries nothing, and afterwards everything', async () => {
  const { proxy, socket } = await through({})
  proxy.silence()
  let heard = false
  const answered = roundTrip(socket, 10).then(() => {
    heard = true
  })
  await sleep(80)
  assert.equal(heard, false)
  proxy.restore()
  await answered
  await proxy.close()
})
