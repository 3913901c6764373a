/** What an officer says of how he is reached, over real HTTP with real sessions. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { fromBase64url, toBase64url } from '../../core/bytes.ts'
import { thumbprint } from '../../core/item.ts'
import { type HttpEnd, httpEnd, PushBrowser, type SmscEnd, smscEnd } from '../../test/helpers/channel-ends.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import { type Member, type NotesServer, openNotesServer } from '../../test/helpers/notes-server.ts'
import { WHATSAPP, type WhatsAppEnd, whatsAppEnd } from '../../test/helpers/whatsapp.ts'
import type { Db } from '../db.ts'
import { GatheredEffects } from '../effects.ts'
import { type Channels, openChannels } from './index.ts'
import { NO_CHANNELS } from './settings.ts'
import { idOf, Telling } from './testing.ts'

let folder: string
let db: Db
let server: NotesServer
let channels: Channels
let smsc: SmscEnd
let pushEnd: HttpEnd
let whatsapp: WhatsAppEnd
let me: Member
let other: Member
let issuer: Member
let operator: Member
let time = Date.now()

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smarak-contacts-'))
  db = (await testDatabase()).db
  ;[smsc, pushEnd, whatsapp] = await Promise.all([smscEnd(), httpEnd({ status: 201 }), whatsAppEnd()])
  const telling = new Telling(db, {})
  channels = await openChannels({
    db,
    settings: {
      ...NO_CHANNELS,
      push: { subject: 'mailto:a@b.cd', hosts: ['127.0.0.1'] },
      smpp: { url: smsc.url, from: 'Smarak', price: 35 },
      whatsapp: { ...WHATSAPP, api: whatsapp.api, price: 100 },
    },
    dataDir: folder,
    known: telling.known,
    now: () => time,
    log: { error() {}, warn() {} } as never,
  })
  server = await openNotesServer(db, { routes: channels.feature.routes! })
  me = await server.join([idOf('uno')])
  other = await server.join([idOf('dc')])
  issuer = await server.join([idOf('issuer')])
  operator = await server.join([idOf('operator')])
})
after(async () => {
  await server.close()
  await channels.close()
  await Promise.all([smsc.close(), pushEnd.close(), whatsapp.close()])
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  time += 24 * 3_600_000
})

type Answer = { status: number; body: { code?: string; key?: string; contacts?: unknown; held?: unknown } }

async function ask(as: Member, path: string, body?: object): Promise<Answer> {
  const reply = await fetch(server.url + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: reply.status, body: await reply.json() }
}
const contactsOf = async (as: Member) =>
  (await ask(as, '/api/contacts')).body.contacts as { address: string; confirmed: number | null }[]

describe('addresses', () => {
  test('a number is kept in one form, and is used once its owner typed the code that came to it', async () => {
    const { body } = await ask(me, '/api/contacts/add', { channel: 'sms', address: '০১৭১২-৩৪৫ ৬৭৮' })
    assert.deepEqual(body, { address: '+8801712345678' })
    assert.equal((await contactsOf(me))[0]!.confirmed, null)
    const contact = { channel: 'sms', address: '+8801712345678' }
    assert.equal((await ask(me, '/api/contacts/test', contact)).status, 200)
    assert.equal((await ask(me, '/api/contacts/test', contact)).body.code, 'too_fast')
    const [, bangla] = /^স্মারকের যাচাই কোড: ([\d০-৯]{6})$/.exec(smsc.messages.at(-1)!.text)!
    const code = bangla!
    assert.equal(
      (await ask(me, '/api/contacts/confirm', { ...contact, code: code === '000000' ? '000001' : '000000' })).body.code,
      'wrong_code',
    )
    assert.equal((await ask(other, '/api/contacts/confirm', { ...contact, code })).body.code, 'wrong_code')
    assert.equal((await ask(me, '/api/contacts/confirm', { ...contact, code })).status, 200)
    assert.equal((await contactsOf(me))[0]!.confirmed, time)
    assert.equal((await ask(me, '/api/contacts/confirm', { ...contact, code })).body.code, 'wrong_code')
  })

  test('a code is guessed five times at most, and a quarter of an hour long', async () => {
    await ask(me, '/api/contacts/add', { channel: 'sms', address: '01912345678' })
    const contact = { channel: 'sms', address: '+8801912345678' }
    await ask(me, '/api/contacts/test', contact)
    const code = /: (\d{6})$/.exec(smsc.messages.at(-1)!.text)![1]!
    const wrong = code === '123456' ? '654321' : '123456'
    for (let i = 0; i < 5; i++) await ask(me, '/api/contacts/confirm', { ...contact, code: wrong })
    assert.equal((await ask(me, '/api/contacts/confirm', { ...contact, code })).body.code, 'wrong_code')
    time += 60_000
    await ask(me, '/api/contacts/test', contact)
    const second = /: (\d{6})$/.exec(smsc.messages.at(-1)!.text)![1]!
    time += 15 * 60_000
    assert.equal((await ask(me, '/api/contacts/confirm', { ...contact, code: second })).body.code, 'wrong_code')
  })

  test('a wrong one says what is wrong, and nothing is kept', async () => {
    const { status, body } = await ask(me, '/api/contacts/add', { channel: 'sms', address: '০১২১২৩৪৫৬৭৮' })
    assert.deepEqual(
      [status, body.code, (body as never as { details: { why: string } }).details.why],
      [400, 'bad_phone', 'not_mobile'],
    )
    assert.equal((await ask(me, '/api/contacts/add', { channel: 'mail', address: 'uno' })).body.code, 'bad_mail')
    assert.equal((await ask(me, '/api/contacts/add', { channel: 'push', address: 'x' })).body.code, 'bad_input')
    assert.equal((await ask(me, '/api/contacts/test', { channel: 'mail', address: 'a@b.cd' })).body.code, 'channel_off')
    for (const n of [1, 2, 3]) await ask(other, '/api/contacts/add', { channel: 'mail', address: `a${n}@b.cd` })
    assert.equal(
      (await ask(other, '/api/contacts/add', { channel: 'mail', address: 'a4@b.cd' })).body.code,
      'too_many_contacts',
    )
  })

  test('nobody sees, uses or removes another’s', async () => {
    await ask(me, '/api/contacts/add', { channel: 'mail', address: 'mine@mopa.gov.bd' })
    assert.ok(!JSON.stringify((await ask(other, '/api/contacts')).body).includes('mine@'))
    const contact = { channel: 'mail', address: 'mine@mopa.gov.bd' }
    assert.equal((await ask(other, '/api/contacts/remove', contact)).body.code, 'not_found')
    assert.equal((await ask(me, '/api/contacts/remove', contact)).status, 200)
    assert.equal((await ask(me, '/api/contacts/remove', contact)).body.code, 'not_found')
    for (const path of ['/api/contacts', '/api/contacts/export', '/api/push/key'])
      assert.equal((await fetch(server.url + path)).status, 401)
  })

  test('a number that was confirmed by SMS is good for WhatsApp too, and only for its owner', async () => {
    const number = '+8801712345678' // confirmed above
    await ask(me, '/api/contacts/add', { channel: 'whatsapp', address: number })
    await ask(other, '/api/contacts/add', { channel: 'whatsapp', address: number })
    await ask(me, '/api/contacts/add', { channel: 'whatsapp', address: '+8801912345678' })
    const confirmed = async (as: Member) =>
      (
        (await ask(as, '/api/contacts')).body.contacts as {
          channel: string
          address: string
          confirmed: number | null
        }[]
      )
        .filter(({ channel }) => channel === 'whatsapp')
        .map(({ address, confirmed }) => [address, confirmed])
    assert.deepEqual(await confirmed(me), [
      [number, time],
      ['+8801912345678', null],
    ])
    assert.deepEqual(await confirmed(other), [[number, null]])
    await ask(other, '/api/contacts/remove', { channel: 'whatsapp', address: number })
  })

  test('one takes everything along, and everything away', async () => {
    await ask(other, '/api/contacts/setting', { lang: 'en', quiet: { from: 1320, to: 360 } })
    await ask(other, '/api/push/subscribe', { ...new PushBrowser(`${pushEnd.url}/dc`).address, lang: 'en' })
    const { body } = await ask(other, '/api/contacts/export')
    const exported = body as never as { contacts: unknown[]; setting: unknown; subscription: { endpoint: string } }
    assert.equal(exported.contacts.length, 3)
    assert.deepEqual(exported.setting, { lang: 'en', quiet: { from: 1320, to: 360 }, lastAnswered: null })
    assert.equal(exported.subscription.endpoint, `${pushEnd.url}/dc`)
    assert.equal((await ask(other, '/api/contacts/forget', {})).status, 200)
    assert.deepEqual(await contactsOf(other), [])
    for (const table of ['contact', 'push_subscription', 'reach_setting'])
      assert.deepEqual(
        await db.many(`SELECT 1 FROM ${table} WHERE person = $1`, [fromBase64url(other.person)]),
        [],
        table,
      )
  })
})

describe('push', () => {
  test('a device subscribes with the key of the server, and is sent a test', async () => {
    const { body } = await ask(me, '/api/push/key')
    assert.equal(Buffer.from(body.key!, 'base64url').length, 65)
    assert.equal((await ask(me, '/api/push/test', {})).body.code, 'channel_off')
    const browser = new PushBrowser(`${pushEnd.url}/mine`)
    assert.equal((await ask(me, '/api/push/subscribe', { ...browser.address, lang: 'bn' })).status, 200)
    assert.equal((await ask(me, '/api/push/test', {})).status, 200)
    assert.equal(browser.read(pushEnd.asked.at(-1)!).text, 'স্মারকের পরীক্ষামূলক বার্তা')
    assert.equal((await ask(me, '/api/push/unsubscribe', {})).status, 200)
    assert.equal((await ask(me, '/api/push/test', {})).body.code, 'channel_off')
  })

  test('an address that is no push service’s is refused, and one that is gone is forgotten', async () => {
    const wrong = new PushBrowser('https://169.254.169.254/latest')
    assert.equal(
      (await ask(me, '/api/push/subscribe', { ...wrong.address, lang: 'bn' })).body.code,
      'bad_push_endpoint',
    )
    await ask(me, '/api/push/subscribe', { ...new PushBrowser(`${pushEnd.url}/gone`).address, lang: 'bn' })
    pushEnd.answers = [{ status: 410 }]
    assert.equal((await ask(me, '/api/push/test', {})).body.code, 'channel_failed')
    pushEnd.answers = [{ status: 201 }]
    assert.equal((await ask(me, '/api/push/test', {})).body.code, 'channel_off')
  })

  test('a browser that changes hands is told no more for the one before', async () => {
    const browser = new PushBrowser(`${pushEnd.url}/shared`)
    await ask(me, '/api/push/subscribe', { ...browser.address, lang: 'bn' })
    await ask(other, '/api/push/subscribe', { ...browser.address, lang: 'bn' })
    const rows = await db.many<{ person: Uint8Array }>('SELECT person FROM push_subscription WHERE endpoint = $1', [
      browser.endpoint,
    ])
    assert.deepEqual(
      rows.map(({ person }) => Buffer.from(person).toString('base64url')),
      [other.person],
    )
  })
})

describe('what an issuer sees', () => {
  const directive = idOf('a directive')
  let toldAt = 0
  before(async () => {
    await db.write(async (tx) => {
      await tx.query(
        `INSERT INTO attempt (notice, person, channel, party, directive, kind, claimed, outcome, message, cost)
         VALUES (1, $1, 'sms', $2, $3, 'new', 5, 'sent', 'm99', 35)`,
        [fromBase64url(me.person), fromBase64url(idOf('uno')), fromBase64url(directive)],
      )
      await tx.query(
        `INSERT INTO held (directive, kind, channel, people, cost, made) VALUES ($1, 'remind', 'sms', 50000, 1750000, 1)`,
        [fromBase64url(directive)],
      )
    })
    toldAt = time
    await channels.sender.receive([{ channel: 'sms', message: 'm99', state: 'delivered', code: null }])
  })

  test('each attempt and what came of it, as does the post itself, and nobody else', async () => {
    const path = `/api/directives/${directive}/attempts?post=${idOf('uno')}`
    for (const one of [issuer, me]) {
      const { attempts } = (await ask(one, path)).body as never as { attempts: object[] }
      assert.deepEqual(attempts, [
        {
          kind: 'new',
          channel: 'sms',
          at: 5,
          outcome: 'sent',
          code: null,
          tries: 1,
          receipt: 'delivered',
          told: toldAt,
        },
      ])
    }
    assert.equal((await ask(other, path)).body.code, 'not_found')
    assert.equal((await ask(me, `/api/directives/${directive}/attempts`)).body.code, 'not_found')
  })

  test('what waits because of its cost, and lets it go', async () => {
    const held = async (as: Member) =>
      (await ask(as, '/api/sending/held')).body.held as { id: number; people: number; cost: number }[]
    assert.deepEqual(await held(me), [])
    const [one] = await held(issuer)
    assert.deepEqual([one!.people, one!.cost], [50_000, 1_750_000])
    const path = `/api/sending/held/${one!.id}/confirm`
    assert.equal((await ask(me, path, {})).body.code, 'not_found')
    assert.equal((await ask(issuer, path, {})).status, 200)
    assert.deepEqual(await held(issuer), [])
    assert.equal((await ask(issuer, path, {})).body.code, 'not_found')
  })

  test('whoever pays sees what waits of everybody, and may have it not go', async () => {
    await db.write((tx) =>
      tx.query(
        `INSERT INTO held (directive, kind, channel, people, cost, made) VALUES ($1, 'new', 'sms', 100, 3500, 1)`,
        [fromBase64url(directive)],
      ),
    )
    const [one] = (await ask(operator, '/api/sending/held')).body.held as { id: number }[]
    assert.equal((await ask(me, `/api/sending/held/${one!.id}/drop`, {})).body.code, 'not_found')
    assert.equal((await ask(operator, `/api/sending/held/${one!.id}/drop`, {})).status, 200)
    assert.deepEqual((await ask(operator, '/api/sending/held')).body.held, [])
    const kept = await db.many<{ dropped: number; decider: Uint8Array }>(
      'SELECT dropped, decider FROM held WHERE dropped IS NOT NULL',
    )
    assert.deepEqual(
      kept.map(({ dropped, decider }) => [dropped, toBase64url(Uint8Array.from(decider))]),
      [[time, operator.person]],
    )
  })
})

describe('the webhook of WhatsApp', () => {
  const url = () => `${server.url}/api/whatsapp/webhook`
  const post = (body: string, signature: string) =>
    fetch(url(), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
    })

  test('answers the handshake of whoever knows the word, and is not there for others', async () => {
    const ask = (token: string) =>
      fetch(
        `${url()}?${new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': token })}`,
      )
    const right = await ask(WHATSAPP.verifyToken)
    assert.deepEqual([right.status, await right.text()], [200, '1158201444'])
    assert.equal((await ask('guess')).status, 404)
  })

  test('believes what is signed over its very bytes', async () => {
    const { body, signature } = whatsapp.status('wamid.X', 'delivered')
    const known = () => db.one<{ rank: number }>(`SELECT rank FROM receipt WHERE message = 'wamid.X'`)
    assert.equal(
      (
        await post(
          body,
          signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        )
      ).status,
      403,
    )
    assert.equal((await post(`${body} `, signature)).status, 403)
    assert.equal(await known(), undefined)
    assert.equal((await post(body, signature)).status, 200)
    assert.equal((await post(body, signature)).status, 200)
    assert.equal((await known())!.rank, 2)
  })
})

test('a device that is closed is forgotten with its sessions', async () => {
  await ask(me, '/api/push/subscribe', { ...new PushBrowser(`${pushEnd.url}/closed`).address, lang: 'bn' })
  const rows = () => db.many('SELECT 1 FROM push_subscription WHERE endpoint = $1', [`${pushEnd.url}/closed`])
  assert.equal((await rows()).length, 1)
  const effects = new GatheredEffects()
  effects.revoke([thumbprint(me.device.key.publicKey)])
  await db.write((tx) => effects.write(tx))
  assert.deepEqual(await rows(), [])
})

describe('an operator’s list of addresses', () => {
  const part = (rows: string[][], at: number | null, last = true) => ({
    rows: rows.map((cells, i) => ({ row: i + 2, cells })),
    at,
    last,
  })
  const listed = async () =>
    (await db.many<{ address: string }>('SELECT address FROM contact WHERE listed ORDER BY address')).map(
      ({ address }) => address,
    )

  test('is looked at first, and every fault told with its row', async () => {
    const rows = [
      ['p-1', 'sms', '০১৭১২ ৩৪৫৬৭৮'],
      ['nobody', 'mail', 'a@b.cd'],
      ['p-2', 'sms', '12'],
    ]
    const { body } = await ask(operator, '/api/contacts/import', part(rows, null))
    const { faults } = body as never as { faults: { row: number; fault: string }[] }
    assert.deepEqual(
      faults.map(({ row, fault }) => [row, fault]),
      [
        [3, 'unknown_person'],
        [4, 'bad_phone_short'],
      ],
    )
    assert.equal((await ask(operator, '/api/contacts/import', part(rows, time))).body.code, 'bad_contacts')
    assert.deepEqual(await listed(), [])
    assert.equal((await ask(other, '/api/contacts/import', part(rows.slice(0, 1), time))).body.code, 'not_allowed')
  })

  test('takes the place of the one before once its last part is there', async () => {
    const first = part(
      [
        ['p-1', 'sms', '01711111111'],
        ['p-2', 'mail', 'b@b.cd'],
      ],
      time,
    )
    await ask(operator, '/api/contacts/import', first)
    assert.deepEqual(await listed(), ['+8801711111111', 'b@b.cd'])
    const later = time + 1
    await ask(operator, '/api/contacts/import', part([['p-1', 'sms', '01711111111']], later, false))
    assert.equal((await listed()).length, 2, 'the second part may still name it')
    await ask(operator, '/api/contacts/import', part([['p-3', 'mail', 'c@b.cd']], later))
    assert.deepEqual(await listed(), ['+8801711111111', 'c@b.cd'])
    await ask(operator, '/api/contacts/import', part([['p-3', 'mail', 'c@b.cd']], later))
    assert.deepEqual(await listed(), ['+8801711111111', 'c@b.cd'], 'said twice it is the same')
  })
})
