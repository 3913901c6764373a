/**
 * Items accepted and durable a second, over HTTP from another process, beside what bare `pg` inserts of the same bytes
 * reach on 16 connections of the same PostgreSQL in the same run.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Bytes, randomBytes } from '../core/bytes.ts'
import { type Cbor, decode, encode } from '../core/cbor.ts'
import { writeEnvelope } from '../core/item.ts'
import type { Bench, Row } from '../scripts/bench.ts'
import { startPostgres } from '../server/postgres/index.ts'
import { logKeyOf, post, Registrar } from '../test/helpers/registrar.ts'
import { serve } from '../test/helpers/serve.ts'
import { openPoster, type Poster } from './poster.ts'

const CONNECTIONS = 16
const REFERENCE_MS = 3_000
/** Items a request, and the part of bare `pg` that is wanted. */
const LOADS = [
  { size: 64, wanted: '≥ 0.5' },
  { size: 16, wanted: '≥ 0.5' },
  { size: 1, wanted: '≥ 0.3' },
]
/**
 * Items that wait for their answer at a time, however many come in a request: the same crowd each time. One by one a crowd of 384
 * gives a tenth less.
 */
const IN_FLIGHT = 3_072
const ITEMS = 25_600
/** Items sent right before, so that a running server is measured and not how one wakes up. */
const WARM = 6_400
/**
 * What the loads before left behind is collected in this time, and can stop the server for a tenth of a second: of 6 s that was more
 * than one request in a hundred (p99 24 to 115 ms from run to run), of 20 s it is less.
 */
const STEADY = { perSecond: 500, seconds: 20 }

export const bench: Bench = {
  name: 'accept',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'smk-bench-'))
    const postgres = await startPostgres({ directory: join(directory, 'postgres') })
    try {
      const server = await serve(join(directory, 'data'), '--database-url', postgres.url)
      const poster = openPoster(`${server.url}/items`)
      try {
        const registrar = await Registrar.open()
        await post(server.url, [writeEnvelope(await registrar.root(await logKeyOf(server.url)))])
        const send = (body: Bytes) => sendOver(poster, body)
        const rows: Row[] = []
        let before = await bareInserts(postgres.url)
        for (const { size, wanted } of LOADS) {
          const [warm, requests] = [await requestsOf(registrar, size, WARM), await requestsOf(registrar, size, ITEMS)]
          await measure(send, warm, IN_FLIGHT / size)
          const value = ITEMS / (await measure(send, requests, IN_FLIGHT / size))
          // Before and after: a machine that others use is not the same for ten seconds.
          const after = await bareInserts(postgres.url)
          const reference = { name: `pg on ${CONNECTIONS} connections, items/s`, value: (before + after) / 2 }
          rows.push({ name: `accepted at ${size} a request`, value, unit: 'items/s', reference, wanted })
          before = after
        }
        const { perSecond, seconds } = STEADY
        await steady(send, await requestsOf(registrar, 1, perSecond), perSecond)
        const waits = await steady(send, await requestsOf(registrar, 1, perSecond * seconds), perSecond)
        rows.push({ name: `p50 at ${perSecond}/s`, value: at(waits, 0.5), unit: 'ms', wanted: '' })
        rows.push({ name: `p99 at ${perSecond}/s`, value: at(waits, 0.99), unit: 'ms', wanted: '≤ 60' })
        return rows
      } finally {
        poster.close()
        await server.stop()
      }
    } finally {
      await postgres.stop()
      await rm(directory, { recursive: true, force: true })
    }
  },
}

type Send = (body: Bytes) => Promise<void>

/** Signed beforehand: signing is the authors' work. */
async function requestsOf(registrar: Registrar, size: number, items: number): Promise<Bytes[]> {
  const requests: Bytes[] = []
  for (let made = 0; made < items; made += size) {
    const envelopes = await Promise.all(Array.from({ length: size }, () => registrar.person()))
    requests.push(encode(envelopes.map((envelope) => decode(writeEnvelope(envelope)))))
  }
  return requests
}

/** Seconds until every request was answered, `clients` at a time. */
async function measure(send: Send, requests: Bytes[], clients: number): Promise<number> {
  const start = performance.now()
  let next = 0
  const client = async () => {
    while (next < requests.length) await send(requests[next++]!)
  }
  await Promise.all(Array.from({ length: clients }, client))
  return (performance.now() - start) / 1_000
}

/** How long each of these waited, in ms, sent at an even pace whether or not the ones before were answered. */
async function steady(send: Send, requests: Bytes[], perSecond: number): Promise<number[]> {
  const start = performance.now()
  const waits: Promise<number>[] = []
  for (const [i, body] of requests.entries()) {
    const due = start + (i * 1_000) / perSecond
    const early = due - performance.now()
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early))
    // From when it was due, so that a slow spell counts for everybody who came in it.
    waits.push(send(body).then(() => performance.now() - due))
  }
  return (await Promise.all(waits)).sort((a, b) => a - b)
}

function at(sorted: number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
}

/** Sends a request and throws unless every item in it was accepted. */
async function sendOver(poster: Poster, body: Bytes): Promise<void> {
  const answers = decode(Uint8Array.from(await poster.post(body))) as Cbor[][]
  const refused = answers.find(([accepted]) => accepted !== 1)
  if (refused) throw new Error(`Refused: ${refused[1]}`)
}

/** Single-row inserts a second of as many bytes as an item has, each committed and durable. */
async function bareInserts(url: string): Promise<number> {
  const clients = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      return client
    }),
  )
  try {
    await clients[0]!.query('CREATE TABLE bare (id bytea PRIMARY KEY, bytes bytea NOT NULL)')
    const end = performance.now() + REFERENCE_MS
    const start = performance.now()
    let count = 0
    const bytes = Buffer.from(randomBytes(300))
    await Promise.all(
      clients.map(async (client) => {
        for (; performance.now() < end; count++) {
          const values = [Buffer.from(randomBytes(16)), bytes]
          await client.query({ name: 'bare', text: 'INSERT INTO bare VALUES ($1, $2)', values })
        }
      }),
    )
    return count / ((performance.now() - start) / 1_000)
  } finally {
    await clients[0]!.query('DROP TABLE bare')
    await Promise.all(clients.map((client) => client.end()))
  }
}
