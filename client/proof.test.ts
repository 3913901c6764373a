import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '../core/bytes.ts'
import type { SmarakClient } from './client.ts'
import { letter, official, settledWorld } from './testing/officials.ts'
import type { Wire } from './wire.ts'

const nothing = () => {}

/** A letter to the commissioner, who passes it on to the first officer; `lie` may change what the server says of proofs. */
async function passedOn({ lie, swap = false }: { lie?: (path: string, said: string) => string; swap?: boolean } = {}) {
  const world = await settledWorld()
  const honest = world.log.wire()
  const wire: Wire = {
    ...honest,
    used: honest.used,
    async ask(ask) {
      const reply = await honest.ask(ask)
      if (!lie || !ask.path.startsWith('/api/proof/')) return reply
      return { ...reply, body: utf8(lie(ask.path, new TextDecoder().decode(reply.body))) }
    },
  }
  const [ds, dc] = [await official(world, 'secretary'), await official(world, 'commissioner')]
  const uno = await official(world, 'first', { wire })
  const mine = world.id('post', 'dc')
  const toDc = () => letter(world, { lines: [{ n: 1, purpose: 0, selectors: [[2, mine]] }] })
  const original = await ds.issue(toDc(), nothing)
  const other = await ds.issue(toDc(), nothing)
  await dc.sync()
  if (swap) encloseInstead(dc, other.id)
  const passed = await dc.issue(letter(world, { post: mine, parent: original.id }), nothing)
  await uno.sync()
  return { uno, post: world.id('post', 'uno1'), original, passed }
}

/** The commissioner's device encloses another letter than the one it names. */
function encloseInstead({ device: { mirror, transport } }: SmarakClient, other: string): void {
  const sealed = mirror.sealed.bind(mirror)
  mirror.sealed = () => sealed(other, (n) => transport.section(other, n))
}

test('the enclosed original is shown to stand in the log at its own place', async () => {
  const { uno, original, passed } = await passedOn()
  const { enclosed, index } = await uno.proof(passed.id)
  assert.ok(enclosed?.verified)
  assert.deepEqual([enclosed.itemId, enclosed.index, enclosed.signed], [original.id, original.index, true])
  assert.ok(enclosed.index < index && enclosed.size > index)
  assert.equal((await uno.proof(passed.id)).enclosed?.issuer.id, enclosed.issuer.id)
})

test('a letter that passes none on has no such proof', async () => {
  const { uno, original } = await passedOn()
  await assert.rejects(uno.proof(original.id), { code: 'not_found' }, 'it was not addressed to him')
})

test('a server that shows the place of other bytes, or no path, is not believed, and the letter’s own proof stands', async () => {
  for (const change of ['leaf', 'proof'] as const) {
    const { uno, passed } = await passedOn({
      lie(path, said) {
        if (!path.includes('?item=')) return said
        const given = JSON.parse(said) as { leaf: string; proof: string[] }
        if (change === 'proof') return JSON.stringify({ ...given, proof: given.proof.slice(1) })
        const bytes = Uint8Array.fromBase64(given.leaf)
        bytes[10]! ^= 1
        return JSON.stringify({ ...given, leaf: bytes.toBase64() })
      },
    })
    const { enclosed, index } = await uno.proof(passed.id)
    assert.ok(index > 0)
    assert.deepEqual(
      [enclosed?.verified, enclosed && 'code' in enclosed && enclosed.code],
      [false, 'bad_proof'],
      change,
    )
  }
})

test('another letter than the one passed on is not taken for it, though its signature is good', async () => {
  const { uno, post, passed } = await passedOn({ swap: true })
  assert.equal((await uno.open(passed.id, post)).enclosed?.checked, false)
  const { enclosed } = await uno.proof(passed.id)
  assert.deepEqual([enclosed?.verified, enclosed && 'code' in enclosed && enclosed.code], [false, 'bad_commitment'])
})
