import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBase64url, utf8 } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import { letter, official, settledWorld } from './testing/officials.ts'
import type { Wire } from './wire.ts'

test('an officer sees every recorded time about him, what he signed with its place in the log', async () => {
  const world = await settledWorld()
  const honest = world.log.wire()
  let away = false
  const noted: object[] = []
  const wire: Wire = {
    ...honest,
    used: honest.used,
    async ask(ask) {
      if (ask.path !== '/api/about-me') return honest.ask(ask)
      if (away) throw new Refusal('offline', 'away')
      return { status: 200, body: utf8(JSON.stringify({ noted })) }
    },
  }
  const ds = await official(world, 'secretary')
  const uno = await official(world, 'first', { wire })
  const other = await official(world, 'second')
  const { id } = await ds.issue(letter(world), () => {})
  const post = world.id('post', 'uno1')
  await uno.sync()
  await other.sync()
  await uno.acknowledge(id, post)
  await uno.answer({ directive: id, post, clauses: ['ক'], state: 'done', until: null, note: 'হয়েছে' })
  await uno.sync()
  await other.acknowledge(id, world.id('post', 'uno2'))
  await other.sync()
  await uno.sync()
  noted.push({ what: 'delivered', at: 5, directive: id, post }, { what: 'session', at: 4, device: uno.device.keys.id })

  const found = await uno.aboutMe()
  assert.equal(found.complete, true)
  const signed = found.rows.filter(({ by }) => by === 'me')
  const about = signed.filter(({ directive }) => directive === id)
  assert.deepEqual(about.map(({ what }) => what).sort(), ['acknowledged', 'answer'])
  for (const { index, item, subject } of about) {
    assert.equal(toBase64url(world.log.rows[index!]!.item.header.id), item)
    assert.equal(subject, 'নির্দেশনা প্রতিপালন')
  }
  assert.ok(signed.some(({ what }) => what === 'ring'))
  assert.ok(found.rows.some(({ what, by }) => what === 'appoint' && by === 'office'))
  const seen = found.rows.filter(({ by }) => by === 'server')
  assert.deepEqual(
    seen.map(({ what, at, device, subject }) => [what, at, device ?? subject]),
    [
      ['delivered', 5, 'নির্দেশনা প্রতিপালন'],
      ['session', 4, 'test'],
    ],
  )

  away = true
  const offline = await uno.aboutMe()
  assert.equal(offline.complete, false)
  assert.deepEqual(
    offline.rows.map(({ item }) => item),
    found.rows.filter(({ by }) => by !== 'server').map(({ item }) => item),
  )
})
