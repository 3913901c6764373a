import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openWire } from '../../client/wire.ts'
import type { Bytes } from '../../core/bytes.ts'
import { serve } from '../helpers/serve.ts'
import { foundTown, townLetter } from '../helpers/town.ts'
import { changed, entriesIn, flipped, Liar } from './liar.ts'

// The same liar in front of the real server: what it sends is what a device must not believe when it is changed.
const directory = await mkdtemp(join(tmpdir(), 'smarak-hostile-'))
const server = await serve(directory)
after(async () => {
  await server.stop()
  await rm(directory, { recursive: true, force: true })
})
const town = await foundTown(server.url)
const ds = await town.official('ds')
const liar = new Liar(openWire({ origin: server.url }))
const uno = await town.official('uno1', { wire: liar.wire })
const { id } = await ds.issue(townLetter(town), () => {})

test('the real server, in front of it a liar: every lie is refused by name, and honesty believed again', async () => {
  const old = await (await fetch(`${server.url}/checkpoint`)).text()
  await town.official('uno2')
  await uno.device.proven.refresh([uno.me.person.id])
  const lies: [path: string, code: RegExp, lie: Liar['lie']][] = [
    ['/api/sync', /^rollback$/, (_, reply) => changed(reply, (map) => map.set(1, old).set(2, []))],
    ['/api/sync', /^bad_proof$/, (_, reply) => changed(reply, (map) => map.set(5, [new Uint8Array(32)]))],
    [
      '/api/sync',
      /^bad_proof$/,
      (_, reply) =>
        changed(reply, (map) => {
          for (const entry of entriesIn(map)) entry.set(4, [flipped((entry.get(4) as Bytes[])[0]!), new Uint8Array(32)])
        }),
    ],
  ]
  for (const [path, code, lie] of lies) {
    liar.lie = (ask, reply) => (ask.path === path ? lie!(ask, reply) : undefined)
    await assert.rejects(uno.sync(), (error: { code?: string }) => code.test(String(error.code)))
    assert.deepEqual(uno.rows, [])
  }
  liar.lie = null
  await uno.sync()
  assert.equal(uno.rows[0]?.id, id)
})

test('an answer lost on the way from the real server is asked for again, and stands once', async () => {
  await uno.sync()
  const post = town.id('post', 'uno1')
  await uno.answer({ directive: id, post, clauses: ['ক'], state: 'done', until: null, note: 'একবারই' })
  let lost = 0
  liar.lie = (ask) => (ask.path === '/items' && lost++ < 4 ? { status: 502, body: new Uint8Array(0) } : undefined)
  await uno.sync().catch(() => {})
  await uno.sync()
  assert.ok(lost >= 4)
  assert.deepEqual(
    (await ds.thread(id, post)).map(({ note }) => note),
    ['একবারই'],
  )
  assert.deepEqual(uno.outbox, [])
})
