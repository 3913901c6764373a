/** Telling people by real protocols, over a real database, under a clock moved by hand. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { utf8 } from '../../core/bytes.ts'
import { type HttpEnd, httpEnd, mailEnd, PushBrowser, type SmscEnd, smscEnd } from '../../test/helpers/channel-ends.ts'
import { fairClock } from '../../test/helpers/crowd.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import { WHATSAPP, type WhatsAppEnd, whatsAppEnd } from '../../test/helpers/whatsapp.ts'
import { confirmHeld, dropHeld, listHeld } from './held.ts'
import { mailAdapter } from './mail.ts'
import { pushAdapter } from './push.ts'
import { httpSmsAdapter } from './sms-http.ts'
import { smppAdapter } from './sms-smpp.ts'
import { Telling } from './testing.ts'
import { openVapidKeys } from './vapid.ts'
import { whatsAppAdapter } from './whatsapp.ts'
import { readStatuses } from './whatsapp-webhook.ts'

const folder = await mkdtemp(join(tmpdir(), 'smarak-sender-'))
const keys = await openVapidKeys(join(folder, 'push.key'))
after(() => rm(folder, { recursive: true }))

let pushEnd: HttpEnd
let smsc: SmscEnd
let mails: Awaited<ReturnType<typeof mailEnd>>
let whatsapp: WhatsAppEnd
let telling: Telling
const now = () => telling.time
const extra: (() => Promise<void>)[] = []

async function openTelling(limits = { sending: 1_000_000, daily: 10_000_000 }): Promise<Telling> {
  const { db } = await testDatabase()
  return new Telling(
    db,
    {
      push: pushAdapter({ keys, settings: { subject: 'mailto:a@b.cd', hosts: ['127.0.0.1'], timeout: 300 }, now }),
      sms: smppAdapter(
        { url: smsc.url, from: 'Smarak', price: 35, timeout: 300 },
        { onReceipt: (receipt) => void received.push(telling.sender.receive([receipt])) },
      ),
      mail: mailAdapter({ url: mails.url, from: 'smarak@mopa.gov.bd', body: 'স্মারক খুলে দেখুন।', timeout: 500 }),
      whatsapp: whatsAppAdapter({ ...WHATSAPP, api: whatsapp.api, price: 120, timeout: 300 }, { now }),
    },
    limits,
  )
}
const received: Promise<void>[] = []
/** Until every receipt that was sent is kept. */
async function receipts(count: number): Promise<void> {
  while (received.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
  await Promise.all(received.splice(0))
}

beforeEach(async () => {
  ;[pushEnd, smsc, mails, whatsapp] = await Promise.all([httpEnd({ status: 201 }), smscEnd(), mailEnd(), whatsAppEnd()])
  telling = await openTelling()
})
afterEach(async () => {
  await telling.sender.close()
  for (const close of extra.splice(0)) await close()
  await Promise.all([pushEnd.close(), smsc.close(), mails.close(), whatsapp.close()])
})

const PHONE = '+8801712345678'
const everywhere = { sms: PHONE, whatsapp: PHONE, mail: 'uno@mopa.gov.bd' }
const browserOf = async (name: string) => {
  const browser = new PushBrowser(`${pushEnd.url}/${name}/${Math.random()}`)
  const device = await telling.device(name, browser.address)
  return Object.assign(browser, { device })
}

test('what is announced is taken up at once, also while the last is; the clock’s tick is for what nobody announced', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  await telling.officer('uno', { mail: 'uno@mopa.gov.bd' })
  await telling.officer('dc', { mail: 'dc@mopa.gov.bd' })
  telling.sender.wake() // before it has started, nothing is sent
  const first = await telling.notice(['uno'], { urgency: 1 })
  telling.sender.start()
  const until = async (directive: string, post: string, meanwhile = () => {}) => {
    while ((await telling.state(directive, post)) === undefined) {
      meanwhile()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  await until(first, 'uno')
  await new Promise((resolve) => setTimeout(resolve, 200)) // what took it up has come to rest
  const second = await telling.notice(['dc'], { urgency: 1 })
  telling.sender.wake()
  telling.sender.wake()
  await until(second, 'dc')
  const third = await telling.notice(['uno', 'dc'], { urgency: 1 })
  await until(third, 'uno', () => t.mock.timers.tick(1_000))
})

describe('জরুরি', () => {
  test('rings by push, then by SMS, then by WhatsApp and mail, until it is opened', async () => {
    await telling.officer('uno', everywhere)
    const browser = await browserOf('uno')
    const directive = await telling.notice(['uno'], { urgency: 1 })
    await telling.at('10:00')
    const told = browser.read(pushEnd.asked[0]!)
    assert.equal(told.text, 'জরুরি নির্দেশনা · জনপ্রশাসন মন্ত্রণালয়')
    assert.match(told.opens!, new RegExp(`^/today/${directive}/`))
    await telling.at('10:04')
    assert.equal(smsc.messages.length, 0)
    await telling.at('10:05')
    assert.deepEqual(
      smsc.messages.map(({ to, text }) => [to, text]),
      [[PHONE.slice(1), told.text]],
    )
    await telling.at('10:15')
    assert.deepEqual(
      whatsapp.messages.map(({ text }) => text),
      [told.text],
    )
    telling.open(directive, 'uno')
    await telling.at('10:30')
    assert.deepEqual(mails.mails, [])
    assert.deepEqual(await telling.story(directive, 'uno'), ['push sent', 'sms sent', 'whatsapp sent'])
    assert.equal(await telling.state(directive, 'uno'), 'seen')
  })

  test('what one last answered on comes sooner the next time', async () => {
    await telling.officer('uno', everywhere)
    const first = await telling.notice(['uno'], { urgency: 1 })
    for (const time of ['10:00', '10:05']) await telling.at(time)
    telling.open(first, 'uno')
    await telling.at('10:15')
    assert.deepEqual(await telling.story(first, 'uno'), ['sms sent', 'whatsapp sent'])
    const second = await telling.notice(['uno'], { urgency: 1 })
    await telling.at('10:16')
    assert.deepEqual(await telling.story(second, 'uno'), ['whatsapp sent'])
  })

  test('is told at night and on a Friday', async () => {
    await telling.officer('uno', { sms: PHONE })
    telling.time += 3 * 24 * 3_600_000 + 13 * 3_600_000
    const directive = await telling.notice(['uno'], { urgency: 2 })
    await telling.sender.settle()
    assert.deepEqual(await telling.story(directive, 'uno'), ['sms sent'])
  })
})

describe('an ordinary one', () => {
  test('waits for the office’s check time, and several come as one message', async () => {
    await telling.officer('uno', { mail: 'uno@mopa.gov.bd' })
    const browser = await browserOf('uno')
    const directives = []
    for (let i = 0; i < 4; i++) directives.push(await telling.notice(['uno']))
    await telling.at('10:00')
    assert.equal(pushEnd.asked.length, 0)
    await telling.at('12:30')
    assert.equal(pushEnd.asked.length, 1)
    assert.deepEqual(
      [browser.read(pushEnd.asked[0]!).text, browser.read(pushEnd.asked[0]!).opens],
      ['৪টি নতুন নির্দেশনা', '/'],
    )
    for (const directive of directives) assert.deepEqual(await telling.story(directive, 'uno'), ['push sent'])
    for (const directive of directives.slice(1)) telling.open(directive, 'uno')
    await telling.at('16:00')
    const [mail] = mails.mails
    assert.ok(mail!.raw.includes(Buffer.from('নির্দেশনা · জনপ্রশাসন').toString('base64').slice(0, 40)))
    assert.deepEqual(await telling.story(directives[0]!, 'uno'), ['push sent', 'mail sent'])
    assert.equal(await telling.state(directives[1]!, 'uno'), 'seen')
  })

  test('is held in quiet hours, and over the weekend', async () => {
    await telling.officer('uno', { sms: PHONE })
    telling.time += 12 * 3_600_000 // ten in the evening
    const directive = await telling.notice(['uno'], { kind: 'remind' })
    await telling.at('23:00')
    await telling.at('9:29', '2024-10-23')
    assert.deepEqual(await telling.story(directive, 'uno'), [])
    await telling.at('9:30', '2024-10-23')
    assert.equal(smsc.messages[0]!.text, 'তাগিদ · জনপ্রশাসন মন্ত্রণালয়')
  })

  test('of a graded one it is told that it came, and nothing else', async () => {
    await telling.officer('uno', everywhere)
    const browser = await browserOf('uno')
    await telling.notice(['uno'], { urgency: 3, grade: 2, kind: 'reminder-late' })
    for (const time of ['10:00', '10:05', '10:15', '10:30']) await telling.at(time)
    const wanted = 'নতুন নির্দেশনা'
    assert.deepEqual(
      [browser.read(pushEnd.asked[0]!).text, smsc.messages[0]!.text, whatsapp.messages[0]!.text],
      [wanted, wanted, wanted],
    )
    assert.ok(!mails.mails[0]!.raw.includes(Buffer.from('জনপ্রশাসন').toString('base64').slice(0, 12)))
  })
})

describe('a channel that', () => {
  test('is gone is forgotten, and the next is tried at once', async () => {
    await telling.officer('uno', { sms: PHONE })
    await browserOf('uno')
    pushEnd.answers = [{ status: 410 }]
    const directive = await telling.notice(['uno'], { urgency: 1 })
    await telling.at('10:00')
    assert.deepEqual(await telling.story(directive, 'uno'), ['push gone', 'sms sent'])
    assert.deepEqual(await telling.db.many('SELECT * FROM push_subscription'), [])
  })

  test('throttles is left alone for as long as it asks, and then tried again, once', async () => {
    await telling.officer('uno', { sms: PHONE })
    await telling.officer('dc', { sms: '+8801812345678' })
    smsc.statuses = [0x58]
    const directive = await telling.notice(['uno', 'dc'], { urgency: 1 })
    await telling.at('10:00')
    const stories = async () => [...(await telling.story(directive, 'uno')), ...(await telling.story(directive, 'dc'))]
    assert.deepEqual((await stories()).filter((one) => one === 'sms later').length, 1)
    await telling.at('10:01')
    assert.deepEqual(await stories(), ['sms sent', 'sms sent'])
    assert.equal(smsc.messages.length, 2)
    const [tried] = await telling.attempts(directive, 'uno')
    assert.ok(tried!.tries <= 2)
  })

  test('fails again and again is given up after five tries, and the next has long been tried', async () => {
    await telling.officer('uno', { mail: 'uno@mopa.gov.bd' })
    await browserOf('uno')
    pushEnd.answers = [{ status: 503 }]
    const directive = await telling.notice(['uno'], { urgency: 1 })
    for (const time of ['10:00', '10:05', '10:10', '10:30', '11:00', '12:00', '13:00', '14:00', '15:00'])
      await telling.at(time)
    assert.deepEqual(await telling.story(directive, 'uno'), ['push later', 'mail sent'])
    const [push] = await telling.attempts(directive, 'uno')
    assert.deepEqual([push!.tries, push!.code, pushEnd.asked.length], [5, 'given_up', 5])
  })

  test('gives no answer is not asked twice: another is tried', async () => {
    await telling.officer('uno', { sms: PHONE, mail: 'uno@mopa.gov.bd' })
    smsc.statuses = ['silence']
    const directive = await telling.notice(['uno'], { urgency: 1 })
    await telling.at('10:00')
    assert.deepEqual(await telling.story(directive, 'uno'), ['sms refused', 'mail sent'])
    assert.deepEqual(telling.trouble, ['sms no_answer'])
  })

  test('says yes and then that it could not deliver gives way to the next', async () => {
    await telling.officer('uno', everywhere)
    const directive = await telling.notice(['uno'], { urgency: 1 })
    await telling.at('10:00')
    smsc.receipt('m1', 'UNDELIV')
    await receipts(1)
    await telling.at('10:01')
    assert.deepEqual(await telling.story(directive, 'uno'), ['sms sent failed', 'whatsapp sent'])
    await telling.sender.receive(readStatuses(utf8(whatsapp.status(whatsapp.messages[0]!.id, 'failed', 131026).body)))
    await telling.at('10:02')
    assert.deepEqual(await telling.story(directive, 'uno'), ['sms sent failed', 'whatsapp sent failed', 'mail sent'])
  })

  test('says yes and delivers nothing, with no word of it, gives way at its time', async () => {
    await telling.officer('uno', { sms: PHONE, whatsapp: PHONE })
    const directive = await telling.notice(['uno'], { urgency: 1 })
    await telling.at('10:04')
    assert.deepEqual(await telling.story(directive, 'uno'), ['sms sent'])
    await telling.at('10:05')
    assert.deepEqual(await telling.story(directive, 'uno'), ['sms sent', 'whatsapp sent'])
  })

  test('confirms delivery of an ordinary one has done enough', async () => {
    await telling.officer('uno', { sms: PHONE, whatsapp: PHONE })
    const directive = await telling.notice(['uno'])
    await telling.at('12:30')
    assert.deepEqual(await telling.story(directive, 'uno'), ['whatsapp sent'])
    await telling.sender.receive(readStatuses(utf8(whatsapp.status(whatsapp.messages[0]!.id, 'delivered').body)))
    await telling.at('16:00')
    assert.deepEqual(await telling.story(directive, 'uno'), ['whatsapp sent delivered'])
    assert.equal(await telling.state(directive, 'uno'), 'told')
  })

  test('tells twice and in disorder what became of a message is understood', async () => {
    await telling.officer('uno', { whatsapp: PHONE })
    const directive = await telling.notice(['uno'], { urgency: 1 })
    await telling.at('10:00')
    const { id } = whatsapp.messages[0]!
    for (const state of ['read', 'sent', 'delivered', 'read', 'failed'])
      await telling.sender.receive(readStatuses(utf8(whatsapp.status(id, state).body)))
    assert.deepEqual(await telling.story(directive, 'uno'), ['whatsapp sent read'])
  })

  test('hangs holds up no other', async () => {
    const silent = await httpEnd('silence')
    extra.push(silent.close)
    const { db } = await testDatabase()
    const slow = httpSmsAdapter(
      { url: silent.url, method: 'GET', headers: {}, body: '', yes: null, idField: '', price: 0, timeout: 2_000 },
      { now: Date.now },
    )
    const other = new Telling(db, {
      sms: slow,
      push: pushAdapter({ keys, settings: { subject: 'mailto:a@b.cd', hosts: ['127.0.0.1'] }, now: Date.now }),
    })
    other.time = Date.now()
    const browser = new PushBrowser(`${pushEnd.url}/dc`)
    for (let i = 0; i < 20; i++) await other.officer(`uno${i}`, { sms: PHONE })
    await other.notice(
      Array.from({ length: 20 }, (_, i) => `uno${i}`),
      { urgency: 1 },
    )
    await other.officer('dc')
    await other.device('dc', browser.address)
    other.sender.start()
    while (silent.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await other.notice(['dc'], { urgency: 1 })
    const passed = fairClock()
    while (pushEnd.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const ms = passed()
    assert.ok(ms < 1_900, `${ms} ms`)
    await other.sender.close()
  })
})

test('a closed device is told nothing, and its address is forgotten', async () => {
  await telling.officer('uno')
  const [lost, kept] = [await browserOf('uno'), await browserOf('uno')]
  telling.closedDevices.add(lost.device)
  const directive = await telling.notice(['uno'], { urgency: 1 })
  await telling.at('10:00')
  assert.deepEqual(
    pushEnd.asked.map(({ path }) => path),
    [new URL(kept.endpoint).pathname],
  )
  assert.deepEqual(await telling.story(directive, 'uno'), ['push sent'])
  assert.equal((await telling.db.many('SELECT * FROM push_subscription')).length, 1)
})

test('what is older than a weekend and a day when it is taken up is told to nobody any more', async () => {
  await telling.officer('uno', { sms: PHONE })
  const directive = await telling.notice(['uno'], { urgency: 3 })
  await telling.at('10:01', '2024-10-26')
  assert.deepEqual([await telling.state(directive, 'uno'), smsc.messages.length], ['unseen', 0])
})

test('a vacant post is nobody to be told, and two holders are told both', async () => {
  await telling.officer('a', { sms: PHONE })
  await telling.officer('b', { sms: '+8801812345678' })
  telling.holders.set('', [])
  const { idOf } = await import('./testing.ts')
  telling.holders.set(idOf('both'), [idOf('person a'), idOf('person b')])
  const directive = await telling.notice(['both', 'vacant'], { urgency: 1 })
  await telling.at('10:00')
  assert.deepEqual(smsc.messages.map(({ to }) => to).toSorted(), ['8801712345678', '8801812345678'])
  assert.equal(await telling.state(directive, 'vacant'), 'nobody')
})

describe('a sending that costs much', () => {
  const people = Array.from({ length: 40 }, (_, i) => `uno${i}`)
  beforeEach(async () => {
    await telling.sender.close()
    telling = await openTelling({ sending: 1_000, daily: 5_000 })
    for (const [i, name] of people.entries())
      await telling.officer(name, { sms: `+88017123456${String(i).padStart(2, '0')}`, mail: `${name}@mopa.gov.bd` })
  })

  test('waits until somebody has seen its cost; meanwhile what costs nothing is sent', async () => {
    const directive = await telling.notice(people, { urgency: 1, kind: 'remind' })
    await telling.at('10:00')
    assert.equal(smsc.messages.length, 0)
    assert.equal(mails.mails.length, 40)
    const [held] = await listHeld(telling.db)
    assert.deepEqual(
      [held!.directive, held!.kind, held!.channel, held!.people, held!.cost],
      [directive, 'remind', 'sms', 40, 1_400],
    )
    telling.open(directive, 'uno3')
    await confirmHeld(telling.db, held!.id, null, telling.time)
    await telling.at('10:10')
    assert.equal(smsc.messages.length, 39)
    assert.deepEqual(await listHeld(telling.db), [])
    await assert.rejects(confirmHeld(telling.db, held!.id, null, telling.time), { code: 'already_done' })
  })

  test('goes no more by that channel once it is dropped, and by the others all the same; the next of its kind asks anew', async () => {
    const first = await telling.notice(people, { urgency: 1, kind: 'remind' })
    await telling.at('10:00')
    const [held] = await listHeld(telling.db)
    assert.equal(await dropHeld(telling.db, held!.id, null, telling.time), 40)
    await assert.rejects(dropHeld(telling.db, held!.id, null, telling.time), { code: 'already_done' })
    await assert.rejects(confirmHeld(telling.db, held!.id, null, telling.time), { code: 'already_done' })
    await telling.at('12:00')
    assert.equal(smsc.messages.length, 0)
    assert.deepEqual(await listHeld(telling.db), [])
    assert.deepEqual(await telling.story(first, 'uno0'), ['mail sent', 'sms refused'])
    await telling.notice(people, { urgency: 1, kind: 'remind' })
    await telling.at('12:01')
    assert.equal((await listHeld(telling.db)).length, 1)
    assert.equal(smsc.messages.length, 0)
  })

  test('a cheap one goes, but not one after the other without end', async () => {
    let sent = 0
    for (let i = 0; i < 8; i++) {
      await telling.notice(people.slice(0, 25), { urgency: 1 })
      telling.time += 60_000
      await telling.sender.settle()
      sent = smsc.messages.length
    }
    assert.ok(sent * 35 <= 5_000, `${sent} sent`)
    assert.equal((await listHeld(telling.db)).length > 0, true)
  })
})

describe('a crash', () => {
  test('between claim and answer loses that message at most: it is not sent again, and the next channel is', async () => {
    await telling.officer('uno', { sms: PHONE, mail: 'uno@mopa.gov.bd' })
    const directive = await telling.notice(['uno'], { urgency: 1 })
    await telling.at('10:00')
    // As a sender leaves it that was killed after the claim.
    await telling.db.write((tx) => tx.query(`UPDATE attempt SET outcome = 'claimed', message = NULL`))
    await telling.sender.close()
    const next = new Telling(telling.db, {
      mail: mailAdapter({ url: mails.url, from: 'a@b.cd', body: '', timeout: 500 }),
    })
    for (const [post, persons] of telling.holders) next.holders.set(post, persons)
    await next.at('10:01')
    assert.deepEqual(await next.story(directive, 'uno'), ['sms lost', 'mail sent'])
    assert.equal(smsc.messages.length, 1)
    await next.sender.close()
  })

  test('of two senders over one database one sends', async () => {
    await telling.officer('uno', { sms: PHONE })
    await telling.notice(['uno'], { urgency: 1 })
    await telling.at('10:00')
    const second = new Telling(telling.db, {})
    await assert.rejects(second.sender.settle(), /Another server sends/)
    await second.sender.close()
  })

  test('a notice that is committed late, below others, is told all the same', async () => {
    await telling.officer('uno', { sms: PHONE })
    const early = await telling.notice(['uno'], { urgency: 1 })
    const { id } = (await telling.db.one<{ id: number }>('SELECT id FROM notice'))!
    await telling.db.write((tx) => tx.query('DELETE FROM notice'))
    await telling.notice(['uno'], { urgency: 1 })
    await telling.at('10:00')
    assert.equal(smsc.messages.length, 1)
    await telling.db.write((tx) =>
      tx.query(
        `INSERT INTO notice (id, party, kind, directive, addressee, grade, urgency, office, due_at, made_at) OVERRIDING SYSTEM VALUE
         SELECT $1, party, kind, $2, addressee, grade, urgency, office, due_at, made_at FROM notice`,
        [id, Buffer.from(early, 'base64url')],
      ),
    )
    await telling.at('10:01')
    assert.equal(smsc.messages.length, 2)
    await telling.at('11:00')
    await telling.notice(['uno'], { urgency: 1 })
    await telling.at('11:01')
    assert.equal(smsc.messages.length, 3)
  })
})
