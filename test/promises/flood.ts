/**
 * Rubbish, however much of it, is refused and forgotten: a real server is asked for nonsense in many ways, twenty at a time, while
 * letters are issued; what it holds afterwards is weighed against what it held before.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { randomBytes, toBase64url } from '../../core/bytes.ts'
import type { PromiseTest } from '../../scripts/promises.ts'
import { startTestPostgres, TEMPLATE } from '../helpers/postgres.ts'
import { type Served, serve } from '../helpers/serve.ts'
import { foundTown, townLetter } from '../helpers/town.ts'

export type FloodOptions = {
  /** A migrated database that nobody else uses. */
  databaseUrl: string
  requests: number
  /** As many before the first weighing, for what a server allocates once. */
  warmUp: number
}

export type FloodFigures = {
  requests: number
  /** What the server holds more than before, in bytes, once it has let go of what it does not need. */
  grown: number
  /** Issued meanwhile, and how long the slowest took, ms. */
  letters: number
  slowest: number
  /** What of the promise does not hold, in words. */
  broken: string[]
}

const AT_ONCE = 20
/** What is on its way at one of them is no load that stays: the least counts. */
const WEIGHINGS = 6
/** Bytes a request may leave behind, all in all. A server that kept every request, or every body, would keep more. */
const LEFT_BY_ONE = 1_000
/** Of a letter that is issued meanwhile, ms. */
const PATIENCE = 20_000

/** Sends them to a server of its own. */
export async function tryFlood({ databaseUrl, requests, warmUp }: FloodOptions): Promise<FloodFigures> {
  const directory = await mkdtemp(join(tmpdir(), 'smk-'))
  const { server, weigh } = await serveOnScales(directory, databaseUrl)
  try {
    const town = await foundTown(server.url)
    const ds = await town.official('ds')
    await send(server.url, warmUp)
    const before = await weigh()
    let [letters, slowest, done] = [0, 0, false]
    const issue = async () => {
      for (; !done; letters++, await pause(100)) {
        const start = performance.now()
        await ds.issue(townLetter(town), () => {})
        slowest = Math.max(slowest, performance.now() - start)
      }
    }
    const flood = async () => {
      try {
        return await send(server.url, requests)
      } finally {
        done = true
      }
    }
    const [statuses] = await Promise.all([flood(), issue()])
    const unfit = [...statuses].filter((status) => status !== 200 && (status < 400 || status >= 500))
    const grown = (await weigh()) - before
    const broken = [
      ...unfit.map((status) => `rubbish is answered with ${status}`),
      ...(grown < requests * LEFT_BY_ONE ? [] : [`${megabytes(grown)} MB more are held`]),
      ...(letters > 0 && slowest < PATIENCE ? [] : [`${letters} letters, the slowest in ${Math.round(slowest)} ms`]),
    ]
    return { requests, grown, letters, slowest, broken }
  } finally {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

/** A server that sets free what it does not hold, on a signal, and tells how many bytes it does hold. */
async function serveOnScales(
  directory: string,
  databaseUrl: string,
): Promise<{ server: Served; weigh(): Promise<number> }> {
  const file = join(directory, 'held')
  const scales = `
    import { writeFileSync } from 'node:fs'
    import { setTimeout as pause } from 'node:timers/promises'
    import { setFlagsFromString } from 'node:v8'
    import { runInNewContext } from 'node:vm'
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc')
    process.on('SIGUSR2', async () => {
      let least = Infinity
      for (let i = 0; i < ${WEIGHINGS}; i++, await pause(50)) {
        gc()
        const { heapUsed, external } = process.memoryUsage()
        least = Math.min(least, heapUsed + external)
      }
      writeFileSync(${JSON.stringify(file)}, String(least))
    })
  `
  const { NODE_OPTIONS } = process.env
  process.env.NODE_OPTIONS = `${NODE_OPTIONS ?? ''} --import data:text/javascript,${encodeURIComponent(scales)}`
  let server: Served
  try {
    server = await serve(join(directory, 'data'), '--database-url', databaseUrl)
  } finally {
    if (NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS
    else process.env.NODE_OPTIONS = NODE_OPTIONS
  }
  return {
    server,
    async weigh() {
      await rm(file, { force: true })
      server.process.kill('SIGUSR2')
      for (const end = performance.now() + 30_000; performance.now() < end; await pause(50)) {
        const held = await readFile(file, 'utf8').catch(() => '')
        if (held) return Number(held)
      }
      throw new Error('The server does not say what it holds')
    },
  }
}

/** What one might send who has nothing to say: path, type and body, or headers. */
const RUBBISH: ((n: number) => [path: string, type?: string, body?: Uint8Array | string, token?: string])[] = [
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

/** The statuses that so many were answered with. */
async function send(url: string, count: number): Promise<Set<number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const statuses = new Set<number>()
  let next = 0
  const work = async () => {
    for (let n = next++; n < count; n = next++) statuses.add(await ask(agent, url, n))
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    agent.destroy()
  }
  return statuses
}

/** The status of one such request. */
function ask(agent: Agent, url: string, n: number): Promise<number> {
  const [path, type, body, token] = RUBBISH[n % RUBBISH.length]!(n)
  const headers = {
    ...(type ? { 'content-type': type } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  }
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { agent, method: type ? 'POST' : 'GET', headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode!))
    })
    asked.once('error', reject)
    asked.end(body)
  })
}

function random(length: number): string {
  return toBase64url(randomBytes(length))
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

export const promise: PromiseTest = {
  name: 'flood',
  says: 'ten thousand rubbish requests leave less than a kilobyte each in memory, are all refused, and hold up nobody',
  async run() {
    const { postgres, stop } = await startTestPostgres()
    const options = { databaseUrl: postgres.urlFor(TEMPLATE), requests: 10_000, warmUp: 1_000 }
    const { requests, grown, letters, slowest, broken } = await tryFlood(options).finally(stop)
    return {
      kept: broken.length === 0,
      figures: [
        ...broken,
        `${requests} requests, ${megabytes(grown)} MB more held`,
        `${letters} letters issued meanwhile, the slowest in ${Math.round(slowest)} ms`,
      ].join('; '),
    }
  },
}
