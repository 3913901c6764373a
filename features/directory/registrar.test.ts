import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readItemAnswers } from '../../client/messages.ts'
import { MemoryLog } from '../../client/testing/memory-log.ts'
import { PLAN } from '../../client/testing/world.ts'
import { type Bytes, randomBytes } from '../../core/bytes.ts'
import { decode, encode } from '../../core/cbor.ts'
import { signingKeyFromSeed } from '../../core/cose.ts'
import { makeItem, thumbprint, writeEnvelope } from '../../core/item.ts'
import { Refusal } from '../../core/refusal.ts'
import { rootDraft } from './drafts.ts'
import { importKeyOf } from './founding.ts'
import { type Hand, Registrar, type Send } from './registrar.ts'

const FROM = '2024-01-01'

/** A founded service with nobody in it yet. `cut(n)` lets n requests through and then loses either the request or its answer. */
async function founded() {
  const log = await MemoryLog.open()
  const keys = await Promise.all([signingKeyFromSeed(randomBytes(32)), signingKeyFromSeed(randomBytes(32))])
  const [maker, checker] = keys.map(
    ({ publicKey, sign }): Hand => ({ signer: { type: 'root', id: thumbprint(publicKey) }, sign }),
  )
  let left = Number.POSITIVE_INFINITY
  let saves = true
  const send: Send = async (envelopes) => {
    const body = encode(envelopes.map((envelope) => decode(envelope)))
    const lost = left-- <= 0
    if (lost && !saves) throw new Refusal('offline', 'not sent')
    const reply = await log.answer({ method: 'POST', path: '/items', body })
    if (lost) throw new Refusal('offline', 'no answer')
    return readItemAnswers(reply.body)
  }
  const key = importKeyOf(log.key.publicKey, log.now)
  const rootKeys: [Bytes, Bytes] = [keys[0].publicKey, keys[1].publicKey]
  const root = await makeItem(
    rootDraft(key, PLAN.service, rootKeys, log.key.publicKey, log.origin),
    maker!.signer,
    maker!.sign,
  )
  await send([writeEnvelope(root)])
  const registrar = (time = key.time, size = 0) =>
    new Registrar({ send, size, maker: maker!, checker: checker!, key: { ...key, time } })
  const cut = (requests: number, saved: boolean) => {
    left = requests
    saves = saved
  }
  return { log, registrar, cut }
}

const itemsOf = (log: MemoryLog) => log.rows.length

test('an import that is cut off at any request, sent or not, ends as the whole one when it is run again', async () => {
  const whole = await founded()
  assert.deepEqual(await whole.registrar().import(PLAN, FROM), [])
  for (const saved of [true, false])
    for (let requests = 0; requests < 5; requests++) {
      const { log, registrar, cut } = await founded()
      cut(requests, saved)
      await assert.rejects(registrar().import(PLAN, FROM), { code: 'offline' })
      cut(Number.POSITIVE_INFINITY, true)
      assert.deepEqual(await registrar().import(PLAN, FROM), [])
      assert.equal(itemsOf(log), itemsOf(whole.log), `cut after ${requests}`)
    }
})

test('what is there already is left and named, and the rest is added', async () => {
  const { log, registrar } = await founded()
  await registrar().import(PLAN, FROM)
  const before = itemsOf(log)
  const more = {
    ...PLAN,
    people: [
      ...PLAN.people,
      { code: 'new', bn: 'নতুন', en: 'New', posts: [{ post: 'uno3', charge: 'regular' as const }] },
    ],
  }
  const there = await registrar(log.now + 1).import(more, FROM)
  assert.equal(itemsOf(log), before + 3, 'a person, his charge, its approval')
  assert.deepEqual(
    there.map(({ kind }) => kind).filter((kind, i, all) => all.indexOf(kind) === i),
    ['office', 'post', 'person', 'appoint'],
  )
  assert.equal(there.filter(({ kind }) => kind === 'person').length, PLAN.people.length)
})

test('the same import again names all of it, and of one that was cut off what was there', async () => {
  const { log, registrar, cut } = await founded()
  const charges = PLAN.people.flatMap(({ posts }) => posts).length
  const all = PLAN.offices.length + PLAN.posts.length + PLAN.people.length + charges
  const again = () => registrar(undefined, itemsOf(log)).import(PLAN, FROM)
  cut(4, false)
  await assert.rejects(again(), { code: 'offline' })
  cut(Number.POSITIVE_INFINITY, true)
  assert.equal((await again()).length, all - charges, 'charges that nobody had approved are new')
  assert.equal((await again()).length, all)
})

test('a charge that is held is not given again under another date', async () => {
  const { log, registrar } = await founded()
  await registrar().import(PLAN, FROM)
  const before = itemsOf(log)
  const there = await registrar().import(PLAN, '2025-01-01')
  assert.equal(itemsOf(log), before)
  assert.equal(there.length, PLAN.people.flatMap(({ posts }) => posts).length)
})

test('progress reaches its total also when everything was there', async () => {
  const { log, registrar } = await founded()
  await registrar().import(PLAN, FROM)
  let last: [number, number] = [0, 1]
  await registrar(log.now + 1).import(PLAN, FROM, (done, total) => {
    last = [done, total]
  })
  assert.equal(last[0], last[1])
})
