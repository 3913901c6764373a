import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fromBase64url, randomBytes, toBase64url } from '../../core/bytes.ts'
import { encode } from '../../core/cbor.ts'
import { signingKeyFromSeed } from '../../core/cose.ts'
import { makeItem, thumbprint } from '../../core/item.ts'
import { generateKemKey } from '../../core/kem.ts'
import { Refusal } from '../../core/refusal.ts'
import { newCode, readCode, ticketKey } from '../../core/ticket.ts'
import { Sessions } from '../../server/sessions.ts'
import { townLetter } from '../helpers/town.ts'
import { call, codeOf, type Enemy, openEnemy, refused, revocation, send, tokenOf, worded } from './service.ts'

describe('devices and codes in an enemy’s hands', () => {
  let enemy: Enemy
  let directive: string

  before(async () => {
    enemy = await openEnemy({ upazilas: 4 })
    const ds = await enemy.official('ds')
    directive = (await ds.issue(townLetter(enemy), () => {})).id
  })
  after(() => enemy.close())

  /** An addressee who has the letter. */
  async function addressee(code: string) {
    const client = await enemy.official(code)
    await client.sync()
    const receipt = (state: 'opened' | 'acknowledged') =>
      client.device.acts.receipt(directive, enemy.id('post', code), state)
    return { client, receipt }
  }

  test('an item behind the revocation of its device is refused, in the same request too, whatever date it claims', async () => {
    const { client, receipt } = await addressee('uno1')
    const before = await receipt('opened') // signed first, and says so
    const [closed, late] = await send(enemy, await revocation(client), before)
    assert.ok(closed && 'index' in closed)
    assert.ok(late && 'code' in late)
    assert.equal(late.code, 'revoked_device')
    assert.equal(await refused(enemy, await receipt('acknowledged')), 'revoked_device')
  })

  test('an item before the revocation stands: order is time', async () => {
    const { client, receipt } = await addressee('uno2')
    const answers = await send(enemy, await receipt('opened'), await revocation(client), await receipt('acknowledged'))
    assert.deepEqual(
      answers.map((answer) => ('code' in answer ? answer.code : 'placed')),
      ['placed', 'placed', 'revoked_device'],
    )
  })

  test('with its device goes the session, and no challenge brings it back', async () => {
    const { client } = await addressee('uno3')
    const token = await tokenOf(client)
    assert.equal((await call(enemy, '/api/me', { token })).status, 200)
    await send(enemy, await revocation(client))
    assert.equal((await call(enemy, '/api/me', { token })).status, 401)
    await assert.rejects(client.device.transport.json('/api/me'), { code: 'revoked_device' })
  })

  test('a device closed while its session is written anew gets no socket', async () => {
    let closed = false
    const row = { device: randomBytes(32), person: randomBytes(16), seen: 0 }
    const sessions = new Sessions({
      db: {
        one: async () => row,
        write: async () => {
          closed = true // the revocation commits and closes what sockets there are, while we wait for this write
        },
      } as never,
      people: { personOfDevice: () => (closed ? undefined : toBase64url(row.person)), postsOf: () => [] } as never,
      keys: { find: async () => new Map() },
      pool: { verify: async () => [] },
      origin: 'test',
      now: () => 2 * 3_600_000,
    })
    await assert.rejects(sessions.viewer(toBase64url(randomBytes(32))), { code: 'session_expired' })
  })

  test('nobody closes the device of another', async () => {
    const { client } = await addressee('uno4')
    const dc = await enemy.official('dc')
    const fields = new Map().set(1, fromBase64url(client.device.person)).set(2, fromBase64url(client.device.keys.id))
    assert.equal(await refused(enemy, await dc.device.acts.actAs('device-revoke', fields)), 'not_allowed')
  })

  test('one hand that closes a device cannot put another in its place: the code for that takes two', async () => {
    const victim = await enemy.official('room', { code: await enemy.code('room', { replacing: true }) })
    const [root] = enemy.roots
    const close = new Map().set(1, fromBase64url(victim.device.person)).set(2, fromBase64url(victim.device.keys.id))
    const draft = { kind: 'device-revoke', id: randomBytes(16), time: Date.now(), fields: close }
    assert.ok('index' in (await send(enemy, await makeItem(draft, root.signer, root.sign)))[0]!)
    const code = await enemy.code('room')
    await assert.rejects(enemy.official('room', { code }), is('ticket_unapproved'))
    await enemy.official('room', { code: await enemy.code('room', { replacing: true }) })
  })

  test('a code that is wrong, was used, or is of another person lets nobody in', async () => {
    const code = await enemy.code('dc-far')
    await assert.rejects(enemy.official('dc-far', { code: newCode() }), is('ticket_wrong'))
    await assert.rejects(enemy.official('dc-far', { code: 'AAAA' }), is('ticket_wrong'))
    await enemy.official('dc-far', { code })
    await assert.rejects(enemy.official('dc-far', { code }), is('ticket_used'))
    // A second code by one hand, while the person has a device.
    await assert.rejects(enemy.official('dc-far', { code: await enemy.code('dc-far') }), is('ticket_not_needed'))
    assert.equal(await codeOf(await call(enemy, `/api/tickets/${toBase64url(randomBytes(32))}`)), 'ticket_wrong')
  })

  test('a ticket adds one device of its own person, and the server says so where the client is a liar', async () => {
    const ticket = await ticketKey(readCode(await enemy.code('uno-far')))
    const add = async (person: string) => {
      const { publicKey } = await signingKeyFromSeed(randomBytes(32))
      const { publicKey: kem } = await generateKemKey()
      const fields = new Map()
        .set(1, fromBase64url(enemy.id('person', person)))
        .set(2, publicKey)
        .set(3, 'mine')
      const draft = { kind: 'device-add', id: randomBytes(16), time: Date.now(), fields, body: [kem] }
      return makeItem(draft, { type: 'ticket', id: thumbprint(ticket.publicKey) }, ticket.sign)
    }
    assert.equal(await refused(enemy, await add('ds')), 'ticket_wrong')
    const [first, second] = await send(enemy, await add('uno-far'), await add('uno-far'))
    assert.ok(first && 'index' in first)
    assert.ok(second && 'code' in second)
    assert.equal(second.code, 'ticket_used')
  })

  test('a key that nobody can seal to is refused: it would keep every letter from its whole audience', async () => {
    const client = await enemy.official('dc-far', { code: await enemy.code('dc-far', { replacing: true }) })
    const person = fromBase64url(client.device.person)
    const { publicKey } = await signingKeyFromSeed(randomBytes(32))
    for (const kem of [new Uint8Array(1216), new Uint8Array(1216).fill(0xff)]) {
      const device = new Map().set(1, person).set(2, publicKey).set(3, 'mine')
      assert.equal(
        await refused(enemy, await client.device.acts.actAs('device-add', device, { body: [kem] })),
        'bad_input',
      )
      const own = [fromBase64url(client.device.keys.id), 0]
      const ring = new Map().set(1, person).set(2, 9).set(3, [own])
      const body = [kem, new Uint8Array(0), encode([])]
      assert.equal(await refused(enemy, await client.device.acts.actAs('ring', ring, { body })), 'bad_input')
    }
  })

  test('a device made up by an enemy adds itself to nobody', async () => {
    const { publicKey, sign } = await signingKeyFromSeed(randomBytes(32))
    const fields = new Map()
      .set(1, fromBase64url(enemy.id('person', 'ds')))
      .set(2, publicKey)
      .set(3, 'mine')
    const { publicKey: kem } = await generateKemKey()
    const draft = { kind: 'device-add', id: randomBytes(16), time: Date.now(), fields, body: [kem] }
    // It brings its own key, so the signature fits; that it may sign for nobody is judged at its place.
    const own = await makeItem(draft, { type: 'device', id: thumbprint(publicKey) }, sign)
    assert.equal(await refused(enemy, own), 'unknown_device')
  })
})

function is(code: string) {
  return (error: unknown) => {
    assert.ok(error instanceof Refusal, String(error))
    assert.equal(error.code, code)
    worded(code)
    return true
  }
}
