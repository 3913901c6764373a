import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter, official, settledWorld } from '../client/testing/officials.ts'
import type { Wire } from '../client/wire.ts'
import { utf8 } from '../core/bytes.ts'
import { type Cbor, decode, encode } from '../core/cbor.ts'
import { Refusal } from '../core/refusal.ts'
import { issueNow } from './issue.ts'

const nothing = () => {}

/** Somebody at his desk, whose line does to each request what `trouble` says; undefined leaves it to the server. */
async function atDesk(
  trouble: (path: string, honest: Wire, ask: Parameters<Wire['ask']>[0]) => ReturnType<Wire['ask']> | undefined,
) {
  const world = await settledWorld()
  const honest = world.log.wire()
  let joined = false
  const ask: Wire['ask'] = (asked) => (joined ? trouble(asked.path, honest, asked) : undefined) ?? honest.ask(asked)
  const client = await official(world, 'secretary', { wire: { ...honest, ask } })
  joined = true
  const issued = () => world.log.rows.filter(({ kind }) => kind === 'directive').length
  return { issue: () => issueNow({ client, online: true }, letter(world), nothing), client, issued }
}

test('a letter that a full server does not take now is kept, and said to be', async () => {
  const { issue, client, issued } = await atDesk((path, _, { body }) => {
    if (path !== '/items') return undefined
    const refused = (decode(body!) as Cbor[]).map((): Cbor => [0, 'disk_full', '{}'])
    return Promise.resolve({ status: 200, body: encode(refused) })
  })
  await assert.rejects(issue(), { code: 'kept_in_outbox' })
  assert.deepEqual([client.outbox.length, issued()], [1, 0])
})

test('a letter whose answer was lost is not said to be unissued, and one that was never sent is', async () => {
  const lost = await atDesk((path, honest, ask) => {
    if (path !== '/items') return undefined
    return honest.ask(ask).then(() => Promise.reject(new Refusal('offline', 'cut')))
  })
  await assert.rejects(lost.issue(), { code: 'issue_pending' })
  assert.deepEqual([lost.client.outbox.length, lost.issued()], [1, 1])
  const away = await atDesk(() => Promise.reject(new Refusal('offline', 'cut')))
  await assert.rejects(away.issue(), { code: 'offline' })
  assert.deepEqual([away.client.outbox.length, away.issued()], [0, 0])
})

test('a letter that was accepted is said to be issued, whatever fails behind it', async () => {
  let accepted = false
  const { issue, issued } = await atDesk((path, honest, ask) => {
    const fault = { code: 'database_unavailable', message: '', details: {} }
    if (accepted) return Promise.resolve({ status: 400, body: utf8(JSON.stringify(fault)) })
    if (path !== '/items') return undefined
    return honest.ask(ask).finally(() => {
      accepted = true
    })
  })
  assert.equal((await issue()).addressees, 3)
  assert.equal(issued(), 1)
})
