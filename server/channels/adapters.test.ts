/** Each adapter against the real other end of its protocol, well and badly behaved. */
import assert from 'node:assert/strict'
import { createVerify } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { utf8 } from '../../core/bytes.ts'
import { httpEnd, mailEnd, PushBrowser, type SmscEnd, smscEnd } from '../../test/helpers/channel-ends.ts'
import { WHATSAPP, type WhatsAppEnd, whatsAppEnd } from '../../test/helpers/whatsapp.ts'
import type { Adapter, Receipt } from './channel.ts'
import { mailAdapter } from './mail.ts'
import { checkEndpoint, PUSH_HOSTS, pushAdapter } from './push.ts'
import { type HttpGateway, httpSmsAdapter, requestOf } from './sms-http.ts'
import { receiptOf, smppAdapter } from './sms-smpp.ts'
import { openVapidKeys } from './vapid.ts'
import { outcomeOfCode, whatsAppAdapter } from './whatsapp.ts'
import { isSigned, readStatuses } from './whatsapp-webhook.ts'

const TEXT = 'জরুরি নির্দেশনা · জনপ্রশাসন মন্ত্রণালয়'
const now = () => Date.now()
const message = (to: string, text = TEXT) => ({ id: 'a1', to, text, urgent: true })
const closing: (() => Promise<unknown>)[] = []
after(async () => {
  for (const close of closing.reverse()) await close()
})

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('web push', () => {
  let folder: string
  const open = async (...answers: Parameters<typeof httpEnd>) => {
    const end = await httpEnd(...answers)
    closing.push(end.close)
    const keys = await openVapidKeys(join(folder, 'push.key'))
    const settings = { subject: 'mailto:sysop@mopa.gov.bd', hosts: ['127.0.0.1'], timeout: 300 }
    const adapter = pushAdapter({ keys, settings, now })
    const browser = new PushBrowser(`${end.url}/send/abc`)
    return {
      end,
      keys,
      browser,
      send: (to = browser.address) => adapter.send({ ...message(''), to, opens: '/today/d/p' }),
    }
  }
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'smarak-push-'))
    closing.push(() => rm(folder, { recursive: true }))
  })

  test('only the browser can read it, and its length does not tell how long it is', async () => {
    const { end, browser, send } = await open({ status: 201 })
    assert.deepEqual(await send(), { is: 'sent', id: '' })
    const [asked] = end.asked
    assert.deepEqual(browser.read(asked!), { text: TEXT, tag: 'a1', urgent: true, opens: '/today/d/p' })
    assert.equal(asked!.body.length, 1024 + 86 + 17) // the payload padded, its header, its tag
    assert.equal(asked!.headers.urgency, 'high')
    assert.equal(asked!.headers.topic, 'a1')
    assert.equal(asked!.headers['content-encoding'], 'aes128gcm')
  })

  test('the server shows itself by a signature of its key, for this push service alone', async () => {
    const { end, keys, send } = await open({ status: 201 })
    await send()
    const [, token, key] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(end.asked[0]!.headers.authorization!)!
    assert.equal(key, keys.publicKey)
    const [head, claims, signature] = token!.split('.')
    const point = Buffer.from(key!, 'base64url')
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    }
    const check = createVerify('sha256').update(`${head}.${claims}`)
    const verified = check.verify(
      { key: jwk, format: 'jwk', dsaEncoding: 'ieee-p1363' } as never,
      signature!,
      'base64url',
    )
    assert.equal(verified, true)
    const { aud, sub } = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as Record<string, string>
    assert.deepEqual([aud, sub], [end.url, 'mailto:sysop@mopa.gov.bd'])
  })

  test('each answer of a push service means one thing', async () => {
    const table: [Parameters<typeof httpEnd>[0], unknown][] = [
      [{ status: 410 }, { is: 'gone' }],
      [{ status: 404 }, { is: 'gone' }],
      [
        { status: 429, headers: { 'retry-after': '7' } },
        { is: 'later', after: 7_000, all: true },
      ],
      [{ status: 503 }, { is: 'later', after: 60_000 }],
      [
        { status: 403, body: 'bad jwt' },
        { is: 'refused', code: 'push_403' },
      ],
      [
        { status: 302, headers: { location: 'http://169.254.169.254/' } },
        { is: 'refused', code: 'push_302' },
      ],
      ['silence', { is: 'later', after: 30_000 }],
      ['cut', { is: 'later', after: 30_000 }],
    ]
    for (const [answer, wanted] of table) {
      const { end, send } = await open(answer)
      assert.deepEqual(await send(), wanted, JSON.stringify(answer))
      assert.equal(end.asked.length, 1)
    }
  })

  test('an address with keys that are none is gone, and nobody is asked', async () => {
    const { end, browser, send } = await open({ status: 201 })
    assert.deepEqual(await send({ ...browser.address, p256dh: 'AAAA' }), { is: 'gone' })
    assert.equal(end.asked.length, 0)
  })

  test('no address but a push service’s is ever asked', () => {
    checkEndpoint('https://fcm.googleapis.com/fcm/send/x:y', PUSH_HOSTS)
    checkEndpoint('https://wns2-par02p.notify.windows.com/w/?token=x', PUSH_HOSTS)
    for (const endpoint of [
      'https://169.254.169.254/latest',
      'https://localhost:5432/',
      'http://fcm.googleapis.com/x',
      'https://fcm.googleapis.com.evil.example/x',
      'https://evilnotify.windows.com/x',
      'https://fcm.googleapis.com@evil.example/x',
      'https://u:p@fcm.googleapis.com/x',
      `https://fcm.googleapis.com/${'x'.repeat(1000)}`,
      'nonsense',
    ])
      assert.throws(() => checkEndpoint(endpoint, PUSH_HOSTS), { code: 'bad_push_endpoint' }, endpoint)
  })

  test('the key is made once, for its owner’s eyes, and a spoilt file is not replaced', async () => {
    const file = join(folder, 'other.key')
    const [a, b] = await Promise.all([openVapidKeys(file), openVapidKeys(file)])
    assert.deepEqual(a, b)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.deepEqual(await openVapidKeys(file), a)
    await writeFile(file, 'not a key')
    await assert.rejects(openVapidKeys(file), { code: 'vapid_key_unreadable' })
    assert.equal(await readFile(file, 'utf8'), 'not a key')
  })
})

describe('e-mail', () => {
  const open = async (...refusing: Parameters<typeof mailEnd>) => {
    const end = await mailEnd(...refusing)
    closing.push(end.close)
    return { end, adapter: adapterFor(end.url) }
  }
  const adapterFor = (url: string): Adapter => {
    const adapter = mailAdapter({ url, from: 'স্মারক <smarak@mopa.gov.bd>', body: 'স্মারক খুলে দেখুন।', timeout: 500 })
    closing.push(adapter.close)
    return adapter
  }

  test('a mail arrives with what there is to tell as its subject', async () => {
    const { end, adapter } = await open()
    assert.deepEqual(await adapter.send(message('uno@mopa.gov.bd')), { is: 'sent', id: '<a1@mopa.gov.bd>' })
    const [mail] = end.mails
    assert.deepEqual(mail!.to, ['uno@mopa.gov.bd'])
    assert.match(mail!.raw, /^Message-ID: <a1@mopa\.gov\.bd>/im)
    assert.match(mail!.raw, /^Auto-Submitted: auto-generated/im)
    const body = Buffer.from(mail!.raw.split('\r\n\r\n').slice(1).join(''), 'base64').toString('utf8')
    assert.equal(body, `${TEXT}\n\nস্মারক খুলে দেখুন।\n`)
  })

  test('each refusal of the protocol means one thing', async () => {
    const table: [[number, string], unknown][] = [
      [[550, '5.1.1 No such user'], { is: 'gone' }],
      [[550, '5.7.1 Policy'], { is: 'refused', code: 'mail_550' }],
      [[552, '5.2.2 Mailbox full'], { is: 'refused', code: 'mail_552' }],
      [[450, '4.7.1 Greylisted'], { is: 'later', after: 600_000 }],
      [[421, '4.3.2 Going down'], { is: 'later', after: 60_000, all: true }],
    ]
    for (const [answer, wanted] of table) {
      const { adapter } = await open({ recipient: () => answer })
      assert.deepEqual(await adapter.send(message('uno@mopa.gov.bd')), wanted, answer.join(' '))
    }
    const { adapter } = await open({ data: () => [554, '5.6.0 Not taken'] })
    assert.deepEqual(await adapter.send(message('uno@mopa.gov.bd')), { is: 'refused', code: 'mail_554' })
  })

  test('a server that is away, silent, or speaks something else is tried again later', async () => {
    assert.deepEqual(await adapterFor(`smtp://127.0.0.1:${await deadPort()}`).send(message('a@b.cd')), {
      is: 'later',
      after: 60_000,
    })
    for (const greeting of [undefined, 'HTTP/1.1 400 Bad Request\r\n\r\n']) {
      const server = createServer((socket) => {
        socket.on('error', () => {})
        if (greeting) socket.end(greeting)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
      closing.push(async () => server.close())
      const { port } = server.address() as { port: number }
      const outcome = await adapterFor(`smtp://127.0.0.1:${port}`).send(message('a@b.cd'))
      assert.equal(outcome.is, 'later')
    }
  })

  test('cut off behind the text, nobody knows, and it is not sent twice', async () => {
    // Takes the text and never says that it has.
    const { adapter } = await open({}, { onData: (stream) => void stream.resume() })
    const outcome = await adapter.send(message('uno@mopa.gov.bd'))
    assert.deepEqual(outcome, { is: 'refused', code: 'no_answer' })
  })

  test('a wrong password is said, and not tried again', async () => {
    const { end } = await open(
      {},
      { authOptional: false, allowInsecureAuth: true, onAuth: (_auth, _session, done) => done(new Error('no')) },
    )
    const adapter = adapterFor(end.url.replace('//', '//smarak:wrong@'))
    assert.deepEqual(await adapter.send(message('uno@mopa.gov.bd')), { is: 'refused', code: 'mail_auth' })
  })
})

describe('SMPP', () => {
  let smsc: SmscEnd
  let adapter: Adapter
  let receipts: Receipt[]
  beforeEach(async () => {
    smsc = await smscEnd()
    receipts = []
    adapter = smppAdapter(
      { url: smsc.url, from: 'Smarak', price: 35, timeout: 400 },
      { onReceipt: (one) => receipts.push(one) },
    )
  })
  const close = async () => {
    await adapter.close()
    await smsc.close()
  }

  test('Bangla goes as UCS-2 and arrives as it was, over one connection', async () => {
    assert.deepEqual(await adapter.send(message('+8801712345678')), { is: 'sent', id: 'm1' })
    assert.deepEqual(await adapter.send(message('+8801712345679', 'Test')), { is: 'sent', id: 'm2' })
    const [bangla, latin] = smsc.messages
    assert.deepEqual([bangla!.to, bangla!.from, bangla!.text, bangla!.coding], ['8801712345678', 'Smarak', TEXT, 8])
    assert.deepEqual([latin!.text, latin!.coding, smsc.binds], ['Test', 0, 1])
    await close()
  })

  test('a long text goes in the parts that are paid for', async () => {
    const long = TEXT.repeat(4)
    assert.deepEqual(await adapter.send(message('+8801712345678', long)), { is: 'sent', id: 'm3' })
    assert.equal(smsc.messages.map(({ text }) => text).join(''), long)
    assert.equal(adapter.price(long), 35 * smsc.messages.length)
    await close()
  })

  test('receipts come through: delivered, or not', async () => {
    await adapter.send(message('+8801712345678'))
    smsc.receipt('m1', 'ACCEPTD')
    smsc.receipt('m1', 'UNDELIV')
    smsc.receipt('m1', 'DELIVRD')
    while (receipts.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.deepEqual(receipts, [
      { channel: 'sms', message: 'm1', state: 'failed', code: 'UNDELIV' },
      { channel: 'sms', message: 'm1', state: 'delivered', code: null },
    ])
    assert.equal(receiptOf({ short_message: { message: 'হ্যাঁ, পেয়েছি id:m1' } }), undefined)
    await close()
  })

  test('each status means one thing', async () => {
    const table: [number | 'silence', unknown][] = [
      [0x58, { is: 'later', after: 5_000, all: true }],
      [0x14, { is: 'later', after: 10_000, all: true }],
      [0x08, { is: 'later', after: 60_000 }],
      [0x0b, { is: 'gone' }],
      [0x45, { is: 'refused', code: 'smpp_69' }],
      ['silence', { is: 'refused', code: 'no_answer' }],
    ]
    for (const [status, wanted] of table) {
      smsc.statuses.push(status)
      assert.deepEqual(await adapter.send(message('+8801712345678')), wanted, String(status))
    }
    smsc.statuses.push(0, 0x58)
    assert.deepEqual(await adapter.send(message('+8801712345678', TEXT.repeat(2))), {
      is: 'refused',
      code: 'smpp_partly',
    })
    await close()
  })

  test('a connection that broke is made anew; one that cannot be made is tried later', async () => {
    await adapter.send(message('+8801712345678'))
    smsc.cut()
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.deepEqual(await adapter.send(message('+8801712345678')), { is: 'sent', id: 'm2' })
    assert.equal(smsc.binds, 2)
    await close()
    assert.deepEqual(await adapter.send(message('+8801712345678')), { is: 'later', after: 60_000 })
  })

  test('a wrong password, silence and garbage are no connection', async () => {
    const nobody = (url: string) =>
      smppAdapter({ url, from: 'Smarak', price: 0, timeout: 300 }, { onReceipt: () => {} })
    assert.equal((await nobody(smsc.url.replace('secret', 'wrong')).send(message('+8801712345678'))).is, 'later')
    for (const garbage of ['', 'HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n']) {
      const server = createServer((socket) => {
        socket.on('error', () => {})
        socket.write(garbage)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
      closing.push(async () => server.close())
      const { port } = server.address() as { port: number }
      assert.equal((await nobody(`smpp://a:b@127.0.0.1:${port}`).send(message('+8801712345678'))).is, 'later')
    }
    await close()
  })
})

describe('an SMS gateway by HTTP', () => {
  const base: Omit<HttpGateway, 'url'> = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'k' },
    body: '{"msisdn":"{to}","sms":"{text}","csms_id":"{id}"}',
    yes: { field: 'status_code', is: '200' },
    idField: 'smsinfo.0.sms_id',
    price: 35,
    timeout: 300,
  }
  const open = async (change: Partial<HttpGateway>, ...answers: Parameters<typeof httpEnd>) => {
    const end = await httpEnd(...answers)
    closing.push(end.close)
    return { end, send: httpSmsAdapter({ ...base, url: `${end.url}/send`, ...change }, { now }).send }
  }

  test('is asked as its template says, and its own yes is heard', async () => {
    const yes = { status: 200, body: '{"status_code":200,"smsinfo":[{"sms_id":"77"}]}' }
    const { end, send } = await open({}, yes)
    assert.deepEqual(await send(message('+8801712345678', 'a "quoted" \\ line\nনির্দেশনা')), { is: 'sent', id: '77' })
    assert.deepEqual(JSON.parse(end.asked[0]!.body.toString()), {
      msisdn: '+8801712345678',
      sms: 'a "quoted" \\ line\nনির্দেশনা',
      csms_id: 'a1',
    })
    assert.equal(end.asked[0]!.headers['x-api-key'], 'k')
  })

  test('a text cannot break out of its place, be it an address, a form, JSON or XML', () => {
    const to = '+8801712345678'
    const text = '&to=1"\\</x>{id}'
    const ask = (change: Partial<HttpGateway>) =>
      requestOf({ ...base, url: 'https://g.example/', ...change }, { to, text, id: 'a1' })
    const { url } = ask({ method: 'GET', url: 'https://g.example/?to={to_plain}&text={text}' })
    assert.deepEqual(
      [...new URL(url).searchParams],
      [
        ['to', '8801712345678'],
        ['text', text],
      ],
    )
    const form = ask({ headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'to={to}&text={text}' })
    assert.deepEqual(
      [...new URLSearchParams(form.body)],
      [
        ['to', to],
        ['text', text],
      ],
    )
    assert.equal(JSON.parse(ask({}).body!).sms, text)
    const xml = ask({ headers: { 'content-type': 'text/xml' }, body: '<t>{text}</t>' })
    assert.equal(xml.body, '<t>&amp;to=1&quot;\\&lt;/x&gt;{id}</t>')
  })

  test('each answer means one thing, and garbage is no yes', async () => {
    const table: [Parameters<typeof httpEnd>[0], unknown][] = [
      [
        { status: 200, body: '{"status_code":1001,"error":"no balance"}' },
        { is: 'refused', code: 'sms_not_yes' },
      ],
      [
        { status: 200, body: '<html>Login</html>' },
        { is: 'refused', code: 'sms_not_yes' },
      ],
      [
        { status: 200, body: '{"status_code":{"x":1}}' },
        { is: 'refused', code: 'sms_not_yes' },
      ],
      [
        { status: 200, body: 'x'.repeat(300_000) },
        { is: 'refused', code: 'sms_not_yes' },
      ],
      [{ status: 401 }, { is: 'refused', code: 'sms_401' }],
      [
        { status: 302, headers: { location: 'http://169.254.169.254/' } },
        { is: 'refused', code: 'sms_302' },
      ],
      [{ status: 500 }, { is: 'refused', code: 'sms_500' }],
      [
        { status: 429, headers: { 'retry-after': '9' } },
        { is: 'later', after: 9_000, all: true },
      ],
      [{ status: 503 }, { is: 'later', after: 60_000 }],
      ['silence', { is: 'refused', code: 'no_answer' }],
      ['cut', { is: 'refused', code: 'no_answer' }],
    ]
    for (const [answer, wanted] of table) {
      const { end, send } = await open({}, answer)
      assert.deepEqual(await send(message('+8801712345678')), wanted, JSON.stringify(answer).slice(0, 60))
      assert.equal(end.asked.length, 1)
    }
    const { send } = await open({ yes: { holds: 'SUCCESS' }, idField: '' }, { status: 200, body: '1701|SUCCESS|9' })
    assert.deepEqual(await send(message('+8801712345678')), { is: 'sent', id: '' })
    const dead = httpSmsAdapter({ ...base, url: `http://127.0.0.1:${await deadPort()}/` }, { now })
    assert.deepEqual(await dead.send(message('+8801712345678')), { is: 'later', after: 60_000 })
  })
})

describe('WhatsApp', () => {
  let end: WhatsAppEnd
  const send = (change: object = {}) =>
    whatsAppAdapter({ ...WHATSAPP, api: end.api, price: 120, timeout: 300, ...change }, { now }).send(
      message('+8801712345678'),
    )
  before(async () => {
    end = await whatsAppEnd()
    closing.push(end.close)
  })

  test('a template message with the one line, taken over under an id', async () => {
    const outcome = await send()
    assert.deepEqual(end.messages.at(-1), { id: (outcome as { id: string }).id, to: '8801712345678', text: TEXT })
  })

  test('each error code of the API means one thing', async () => {
    const table: [number, unknown][] = [
      [130429, { is: 'later', after: 10_000, all: true }],
      [131048, { is: 'later', after: 3_600_000, all: true }],
      [131056, { is: 'later', after: 60_000 }],
      [131000, { is: 'later', after: 60_000 }],
      [131026, { is: 'refused', code: 'whatsapp_131026' }],
      [131047, { is: 'refused', code: 'whatsapp_131047' }],
      [132000, { is: 'refused', code: 'whatsapp_132000' }],
      [132001, { is: 'refused', code: 'whatsapp_132001' }],
      [190, { is: 'refused', code: 'whatsapp_190' }],
    ]
    for (const [code, wanted] of table) {
      end.fails.push(code)
      assert.deepEqual(await send(), wanted, String(code))
      assert.deepEqual(outcomeOfCode(code), wanted)
    }
    assert.deepEqual(await send({ token: 'old' }), { is: 'refused', code: 'whatsapp_190' })
    assert.deepEqual(await send({ template: 'unknown' }), { is: 'refused', code: 'whatsapp_132001' })
  })

  test('faster than the number may, it is told to wait, and sends nothing twice', async () => {
    end.perSecond = 1
    await new Promise((resolve) => setTimeout(resolve, 1_010))
    const count = end.messages.length
    const outcomes = await Promise.all([send(), send(), send()])
    assert.deepEqual(outcomes.map(({ is }) => is).toSorted(), ['later', 'later', 'sent'])
    assert.equal(end.messages.length, count + 1)
    end.perSecond = undefined
  })

  test('a yes that is no answer of the API, and silence, are not sent again here', async () => {
    for (const fault of ['garbage', 'silence'] as const) {
      end.fails.push(fault)
      assert.deepEqual(await send(), { is: 'refused', code: 'no_answer' }, fault)
      end.fails.length = 0
    }
  })

  test('a status counts only with the signature over its very bytes', () => {
    const { body, signature } = end.status('wamid.MQ', 'delivered')
    assert.ok(isSigned(utf8(body), signature, WHATSAPP.appSecret))
    assert.ok(!isSigned(utf8(`${body} `), signature, WHATSAPP.appSecret))
    assert.ok(!isSigned(utf8(body), signature, 'another'))
    for (const none of [undefined, '', 'sha256=', signature.slice(0, -1), signature.toUpperCase()])
      assert.ok(!isSigned(utf8(body), none, WHATSAPP.appSecret))
  })

  test('of a notification the statuses are read, and anything else is passed over', () => {
    const { body } = end.status('wamid.MQ', 'failed', 131026)
    assert.deepEqual(readStatuses(utf8(body)), [
      { channel: 'whatsapp', message: 'wamid.MQ', state: 'failed', code: 'whatsapp_131026' },
    ])
    for (const odd of [
      '{}',
      '[]',
      'null',
      '{"entry":[null,{"changes":[{"value":{"messages":[{}]}}]}]}',
      body.replace('"failed"', '"warped"'),
    ])
      assert.deepEqual(readStatuses(utf8(odd)), [], odd)
    assert.throws(() => readStatuses(utf8('{')), { code: 'bad_input' })
  })
})
