import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { randomBytes, toBase64url } from '../../core/bytes.ts'
import { type Served, serve } from '../helpers/serve.ts'
import { foundTown, type Town, townLetter } from '../helpers/town.ts'

const AT_ONCE = 20
/** On a signal the server sets free what it does not hold, and writes down what it does. */
const weighsItself = (file: string) =>
  `data:text/javascript,${encodeURIComponent(`
    import { writeFileSync } from 'node:fs'
    import { setFlagsFromString } from 'node:v8'
    import { runInNewContext } from 'node:vm'
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc')
    process.on('SIGUSR2', () => {
      gc()
      const { heapUsed, external } = process.memoryUsage()
      writeFileSync(${JSON.stringify(file)}, String(heapUsed + external))
    })
  `)}`

describe('ten thousand rubbish requests', () => {
  let directory: string
  let server: Served
  let town: Town
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'smk-'))
    const { NODE_OPTIONS = '' } = process.env
    process.env.NODE_OPTIONS = `${NODE_OPTIONS} --import ${weighsItself(join(directory, 'held'))}`
    server = await serve(join(directory, 'data'))
    process.env.NODE_OPTIONS = NODE_OPTIONS
    town = await foundTown(server.url)
  })
  after(async () => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  })

  const random = (length: number) => toBase64url(randomBytes(length))
  /** What one might send who has nothing to say: path, type and body, or headers. */
  const rubbish: ((n: number) => [path: string, type?: string, body?: Uint8Array | string, token?: string])[] = [
    (n) => ['/items', 'application/cbor', randomBytes(10 + (n % 5_000))],
    () => ['/items', 'application/cbor', new Uint8Array(20_000).fill(0x81)],
    () => ['/items', 'application/cbor', Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff)],
    (n) => ['/items', 'text/plain', new Uint8Array(n)],
    () => ['/api/session', 'application/json', JSON.stringify({ device: 'x'.repeat(99) })],
    () => ['/api/session', 'application/json', randomBytes(6_000)],
    () => ['/api/directory', 'application/cbor', randomBytes(100)],
    () => [`/api/tickets/${random(32)}`],
    () => ['/api/me', undefined, undefined, random(32)],
    (n) => [`/${'x'.repeat(n % 4_000)}?${n}`],
    (n) => [`/tile/0/x${String(n % 1000).padStart(3, '0')}/999`],
  ]

  /** The status of one such request. */
  function ask(agent: Agent, n: number): Promise<number> {
    const [path, type, body, token] = rubbish[n % rubbish.length]!(n)
    const headers = {
      ...(type ? { 'content-type': type } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    }
    return new Promise((resolve, reject) => {
      const asked = request(town.url + path, { agent, method: type ? 'POST' : 'GET', headers }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode!))
      })
      asked.once('error', reject)
      asked.end(body)
    })
  }

  async function send(count: number): Promise<Map<number, number>> {
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
    const statuses = new Map<number, number>()
    let next = 0
    const work = async () => {
      for (let n = next++; n < count; n = next++) {
        const status = await ask(agent, n)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    agent.destroy()
    return statuses
  }

  /** What the server holds, in megabytes. */
  async function memory(): Promise<number> {
    await rm(join(directory, 'held'), { force: true })
    server.process.kill('SIGUSR2')
    for (;;) {
      const held = await readFile(join(directory, 'held'), 'utf8').catch(() => '')
      if (held) return Number(held) / 1024 / 1024
      await pause(50)
    }
  }

  test('raise memory by less than 50 MB, are all refused, and hold up nobody', async (t) => {
    const ds = await town.official('ds')
    await send(1_000) // what a server allocates once
    const before = await memory()
    let slowest = 0
    let done = false
    const work = (async () => {
      let issued = 0
      for (; !done; issued++, await pause(100)) {
        const start = performance.now()
        await ds.issue(townLetter(town), () => {})
        slowest = Math.max(slowest, performance.now() - start)
      }
      return issued
    })()
    const statuses = await send(10_000)
    assert.deepEqual(
      [...statuses.keys()].filter((status) => status !== 200 && (status < 400 || status >= 500)),
      [],
    )
    done = true
    const issued = await work
    const grown = (await memory()) - before
    t.diagnostic(`+${grown.toFixed(0)} MB; ${issued} letters issued meanwhile, the slowest in ${slowest.toFixed(0)} ms`)
    assert.ok(grown < 50, `${grown.toFixed(0)} MB`)
    assert.ok(issued > 0 && slowest < 20_000)
  })
})
