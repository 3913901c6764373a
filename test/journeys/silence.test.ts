/**
 * A UNO reads a directive and stays silent: he is reminded by push, then by SMS, and then his DC is told by e-mail. The phone, the
 * server, and the other end of every channel are real; the clock is moved by hand, and the server is started anew whenever
 * something falls due. Each test stands on those before it.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, mock, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Page } from 'playwright-core'
import { type App, openApp } from '../../app.ts'
import type { SmarakClient } from '../../client/client.ts'
import { fromBase64url, toBase64url } from '../../core/bytes.ts'
import { dhakaTime, fromDhaka } from '../../language/time.ts'
import { fieldsToCbor } from '../../letters/fields.ts'
import type { AttemptView } from '../../server/channels/attempts.ts'
import { importContacts } from '../../server/channels/index.ts'
import { readConfig } from '../../server/config.ts'
import { openLog } from '../../server/log.ts'
import { noBrowser } from '../helpers/browser.ts'
import { type HttpEnd, httpEnd, mailEnd, PushBrowser, type SmscEnd, smscEnd } from '../helpers/channel-ends.ts'
import { type TestDatabase, testDatabase } from '../helpers/database.ts'
import { readableMail } from '../helpers/mail.ts'
import { needlesOfText, Search } from '../helpers/needles.ts'
import { clearTray, type PushTo, pushTo } from '../helpers/push-to.ts'
import { foundTown, type Town, townLetter } from '../helpers/town.ts'
import { look } from './looking.ts'
import { joinBy, NO_START_PAGE, named } from './own-town.ts'
import { EXPECTED, Seat, type Step, stepsOf } from './stage.ts'

const OFFICE = 'জনপ্রশাসন মন্ত্রণালয়'
const NAMES = {
  ds: named('উপসচিব', 'মোহাম্মদ নাহির উল্লাহ খান'),
  dc: named('জেলা প্রশাসক', 'শামীমা আক্তার'),
  uno1: named('উপজেলা নির্বাহী অফিসার, পীরগাছা', 'আরিফা সিদ্দিকা'),
  uno2: named('উপজেলা নির্বাহী অফিসার, কাউনিয়া', 'মাহমুদ হাসান'),
}
/** What is sealed, each in a place of its own; none of it may stand in a message. */
const SEALED = {
  memo: '০৫.০০.৭৭৭৭.৮৮৮.৯৯.০৪২',
  subject: 'কাকাতুয়া বিষয়ে প্রতিবেদন',
  letter: 'তোতাপাখি দফা পালন করতে হবে',
  field: 'মাছরাঙা সংখ্যা',
  unit: 'পানকৌড়ি জন',
  note: 'ময়না বিবরণ দেখুন',
  value: '77193557',
  reason: 'দোয়েল কারণে দেরি হয়েছে',
}
/** A browser without a memory has no push service; a server is gone while it starts anew. */
const EXPECTED_HERE = [
  NO_START_PAGE,
  /Push API in incognito/,
  /ERR_CONNECTION_|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED|WebSocket/,
  EXPECTED.closed,
]
/** Senders look every second. */
const SENDER_TURN = 1_500

describe('a silent officer', { skip: noBrowser, timeout: 220_000 }, () => {
  let folder: string
  let database: TestDatabase
  let pushes: HttpEnd
  let mails: Awaited<ReturnType<typeof mailEnd>>
  let smsc: SmscEnd
  let app: App
  let url: string
  let town: Town
  let issuer: SmarakClient
  let answering: SmarakClient
  let uno: Seat
  let dc: Seat
  let directive = ''
  /** His browser's side of push: its keys, and the way to its service worker. */
  let phone: { push: PushBrowser; worker: PushTo }

  const real = Date.now
  let ahead = 0
  const inTurn = stepsOf(() => [uno, dc])
  const step = (name: string, act: Step) => test(name, inTurn(act))

  before(
    async () => {
      moveTo('2026-12-01', '10:00')
      mock.method(Date, 'now', () => real() + ahead)
      folder = await mkdtemp(join(tmpdir(), 'smarak-silence-'))
      ;[pushes, mails, smsc, database] = await Promise.all([
        httpEnd({ status: 201 }),
        mailEnd(),
        smscEnd(),
        testDatabase(),
      ])
      await startServer()
      town = await foundTown(url, { upazilas: 2, names: NAMES })
      ;[issuer, answering] = [await town.official('ds'), await town.official('uno2')]
      await answering.sync()
      const rows = [
        ['uno1', 'sms', '01712345678'],
        ['uno2', 'sms', '01812345678'],
        ['dc', 'mail', 'dc.rangpur@example.gov.bd'],
      ].map((cells, i) => ({ row: i + 1, cells }))
      await importContacts(database.db, rows, (code) => town.id('person', code), Date.now())
      uno = await Seat.take({ permissions: ['notifications'] })
      dc = await Seat.take()
    },
    { timeout: 150_000 },
  )
  after(async () => {
    await app?.close()
    await Promise.all([pushes?.close(), mails?.close(), smsc?.close()])
    await rm(folder, { recursive: true, force: true })
    mock.restoreAll()
  })

  step('joins by his code, and so does his DC; news shall come to his phone', async () => {
    for (const [seat, code] of [
      [dc, 'dc'],
      [uno, 'uno1'],
    ] as const) {
      await seat.context.clock.install({ time: Date.now() })
      await joinBy(seat, url, await town.code(code))
    }
    // Of a push service only its keys are ours: what it is handed is given to the phone's own service worker below.
    phone = { push: new PushBrowser(`${pushes.url}/uno1`), worker: await pushTo(uno.page) }
    await until(() => uno.token !== '', 'the phone has signed in')
    const reply = await fetch(`${url}/api/push/subscribe`, {
      method: 'POST',
      headers: { authorization: uno.token, 'content-type': 'application/json' },
      body: JSON.stringify({ ...phone.push.address, lang: 'bn' }),
    })
    assert.equal(reply.status, 200)
  })

  step(
    'is told of the directive by push at the office’s next check, and reads beforehand what will follow',
    async () => {
      await issuer.sync()
      const { id } = await issuer.issue(
        townLetter(town, {
          summary: { memo: SEALED.memo, subject: SEALED.subject, date: '2026-12-01', issuer: 'উপসচিব' },
          parts: [
            { label: 'clause:ক', value: SEALED.letter },
            {
              label: 'fields',
              value: fieldsToCbor([
                {
                  key: 'n',
                  clause: 'ক',
                  type: 'number',
                  name: SEALED.field,
                  unit: SEALED.unit,
                  required: true,
                  choices: [],
                },
              ]),
            },
          ],
          due: fromDhaka('2026-12-03', 13),
        }),
        () => {},
      )
      directive = id
      await answerOf(answering, town.id('post', 'uno2'))
      moveTo('2026-12-01', '12:29')
      await arrived({ push: 0, sms: 0, mail: 0 }) // nobody is called from his work before the check
      moveTo('2026-12-01', '12:30')
      await arrived({ push: 1, sms: 0, mail: 0 }) // who has answered meanwhile is told of nothing
      await takeUp(uno, await ring(0, `নির্দেশনা · ${OFFICE}`))
      const { page } = uno
      await page.getByText(SEALED.letter).waitFor()
      await foretold('আগামীকাল দুপুর ১:০০-এ স্মরণ করানো হবে', '৬ ডিসেম্বর, দুপুর ১:০০-এ ঊর্ধ্বতন জানবেন')
      await look(page, 'a letter with what will follow')
      await page.getByRole('button', { name: 'প্রাপ্তি স্বীকার করুন' }).click()
      await page.getByRole('button', { name: 'প্রতিপালন জানান' }).waitFor()
      await sent(page)
      uno.calm(...EXPECTED_HERE)
    },
  )

  step(
    'is reminded a working day before it is due: by push, and as he does nothing by SMS on the next day',
    async () => {
      await anew('2026-12-02', '13:00', 3)
      moveTo('2026-12-02', '15:59')
      await arrived({ push: 1, sms: 0, mail: 0 })
      moveTo('2026-12-02', '16:00')
      await arrived({ push: 2, sms: 0, mail: 0 })
      await ring(1, `তাগিদ · ${OFFICE}`)
      moveTo('2026-12-02', '23:00')
      await arrived({ push: 2, sms: 0, mail: 0 })
      moveTo('2026-12-03', '12:29')
      await arrived({ push: 2, sms: 0, mail: 0 })
      moveTo('2026-12-03', '12:30')
      await arrived({ push: 2, sms: 1, mail: 0 })
      assert.deepEqual(lastSms(), ['8801712345678', `তাগিদ · ${OFFICE}`])
    },
  )

  step('is reminded when it is due, and not on Friday and Saturday', async () => {
    await anew('2026-12-03', '13:00', 4)
    moveTo('2026-12-03', '16:00')
    await arrived({ push: 3, sms: 1, mail: 0 })
    moveTo('2026-12-04', '12:30')
    await arrived({ push: 3, sms: 1, mail: 0 })
    moveTo('2026-12-05', '16:00')
    await arrived({ push: 3, sms: 1, mail: 0 })
    moveTo('2026-12-06', '12:30')
    await arrived({ push: 3, sms: 2, mail: 0 })
    await takeUp(uno, await ring(2, `তাগিদ · ${OFFICE}`))
    await uno.page.getByText(SEALED.letter).waitFor()
    await foretold('আজ দুপুর ১:০০-এ বিলম্বের তাগিদ যাবে', 'আজ দুপুর ১:০০-এ ঊর্ধ্বতন জানবেন')
    await look(uno.page, 'a late letter')
  })

  step('and at the hour that he was told beforehand his DC is told', async () => {
    await anew('2026-12-06', '13:00', 6)
    moveTo('2026-12-06', '16:00')
    await arrived({ push: 4, sms: 2, mail: 1 })
    const [mail] = mails.mails
    assert.deepEqual(mail!.to, ['dc.rangpur@example.gov.bd'])
    assert.match(readableMail(mail!.raw), new RegExp(`অধীনস্থ পদের নির্দেশনা বিলম্বিত · ${OFFICE}`))
    await ring(3, `তাগিদ · ${OFFICE}`)
    const { page } = dc
    await takeUp(dc, '/')
    await page.getByRole('link', { name: SEALED.subject }).click()
    await page.getByRole('button', { name: 'অগ্রগতি দেখুন' }).click()
    await page.getByRole('button', { name: /^বিলম্বিত/ }).click()
    const late = page.locator('main li button[data-row]')
    await late.first().waitFor()
    assert.equal(await late.count(), 1)
    await late.click()
    const panel = page.getByRole('dialog', { name: /পীরগাছা/ })
    await panel.getByText(NAMES.uno1.holder.bn).waitFor()
    await panel.getByText('বিলম্ব', { exact: true }).waitFor()
    await look(page, 'board: who is silent')
    dc.calm(...EXPECTED_HERE)
  })

  step('answers the next morning, and from then on nothing more is said', async () => {
    moveTo('2026-12-07', '11:00')
    const { page } = uno
    await takeUp(uno, `/today/${directive}/${town.id('post', 'uno1')}`)
    await page.getByRole('button', { name: 'প্রতিপালন জানান' }).click()
    await page.getByRole('radio', { name: 'প্রতিপালিত হয়েছে' }).check()
    await page.getByRole('textbox', { name: SEALED.field }).fill('৭,৭১,৯৩,৫৫৭')
    await page.getByRole('textbox', { name: 'বিবরণ' }).fill(SEALED.reason)
    await page.getByRole('button', { name: 'প্রতিপালন পাঠান' }).click()
    await page.getByText(/^প্রতিপালিত · আজ/).waitFor()
    await sent(page)
    uno.calm(...EXPECTED_HERE)
    moveTo('2026-12-07', '12:30')
    await arrived({ push: 4, sms: 2, mail: 1 })
    await anew('2026-12-07', '13:00', 6)
    await anew('2026-12-08', '13:00', 6)
    moveTo('2026-12-08', '16:00')
    await arrived({ push: 4, sms: 2, mail: 1 })
  })

  step('all that was said was said once, on time, and the issuer sees how', async () => {
    const notices = await database.db.many<{ kind: string; nth: number; party: Uint8Array; late: number }>(
      'SELECT kind, nth, party, made_at - due_at AS late FROM notice WHERE addressee = $1 ORDER BY due_at, kind',
      [fromBase64url(town.id('post', 'uno1'))],
    )
    const partyOf = new Map(['uno1', 'dc'].map((code) => [town.id('post', code), code]))
    assert.deepEqual(
      notices.map(({ kind, nth, party }) => `${kind} ${nth} ${partyOf.get(toBase64url(party))}`),
      ['new 1 uno1', 'reminder-before 1 uno1', 'reminder-due 1 uno1', 'escalation-1 1 dc', 'reminder-late 1 uno1'],
    )
    for (const { kind, late } of notices) assert.ok(late >= 0 && late <= 60_000, `${kind} was ${late} ms late`)
    await issuer.sync()
    const { attempts } = (await issuer.attempts(directive, town.id('post', 'uno1'))) as { attempts: AttemptView[] }
    assert.deepEqual(
      attempts
        .toSorted((a, b) => a.at - b.at)
        .map(
          ({ channel, outcome, at }) => `${dhakaTime(at).date.slice(8)} ${dhakaTime(at).hour} ${channel} ${outcome}`,
        ),
      ['01 12 push sent', '02 16 push sent', '03 12 sms sent', '03 16 push sent', '06 12 sms sent', '06 16 push sent'],
    )
  })

  step('and in no message of any channel was a word of the letter, of what it asks, or of an answer', async () => {
    const messages = {
      push: pushes.asked.map((one) => JSON.stringify([phone.push.read(one), one.headers, one.path])),
      sms: smsc.messages.map((one) => `${one.text} ${JSON.stringify(one)} ${one.raw}`),
      mail: mails.mails.map(({ from, to, raw }) => JSON.stringify([from, to]) + readableMail(raw)),
    }
    const sealed = new Search(Object.entries(SEALED).flatMap(([name, text]) => needlesOfText(name, text)))
    const office = new Search(needlesOfText('office', OFFICE))
    for (const [channel, said] of Object.entries(messages))
      for (const message of said) {
        assert.deepEqual(sealed.inBytes(channel, Buffer.from(message)).found, [], channel)
        assert.notDeepEqual(office.inBytes(channel, Buffer.from(message)).found, [], `the search sees into ${channel}`)
      }
  })

  /** A server over the same data, at the same address. */
  async function startServer(): Promise<void> {
    const config = readConfig(
      {
        SMARAK_PUSH_SUBJECT: 'mailto:a@b.cd',
        SMARAK_PUSH_HOSTS: '127.0.0.1',
        SMARAK_MAIL_URL: mails.url,
        SMARAK_MAIL_FROM: 'smarak@example.gov.bd',
        SMARAK_SMPP_URL: smsc.url,
      },
      ['--data', folder, '--port', url ? new URL(url).port : '0', '--database-url', database.url],
    )
    app = await openApp(config, { version: 'test', log: openLog('silent'), warn: () => {} })
    url = (await app.listen()).replace('localhost', '127.0.0.1')
  }

  async function until(isSo: () => boolean, what = ''): Promise<void> {
    for (const end = performance.now() + 10_000; !isSo(); await new Promise((resolve) => setTimeout(resolve, 50)))
      if (performance.now() > end) throw new Error(`In vain: ${what}`)
  }

  function moveTo(date: string, time: string): void {
    const [hour, minute] = time.split(':').map(Number)
    ahead = fromDhaka(date, hour, minute) + 1000 - real()
  }

  /** A server that was stopped before that time and starts at it makes so many notices in all, and takes them up. */
  async function anew(date: string, time: string, notices: number): Promise<void> {
    await app.close()
    moveTo(date, time)
    await startServer()
    const count = async () =>
      await database.db.one(
        'SELECT (SELECT count(*) FROM notice)::int AS made, (SELECT count(*) FROM sending)::int AS taken',
      )
    const wanted = { made: notices, taken: notices }
    for (const end = performance.now() + 40_000; !isDeepStrictEqual(await count(), wanted) && performance.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 100))
    assert.deepEqual(await count(), wanted)
  }

  /** Waits until so many messages have come in all; that there are no more is seen after the senders had their turn. */
  async function arrived(count: Record<'push' | 'sms' | 'mail', number>): Promise<void> {
    const counted = () => ({ push: pushes.asked.length, sms: smsc.messages.length, mail: mails.mails.length })
    const channels = Object.keys(count) as 'push'[]
    const have = () => channels.every((channel) => counted()[channel] >= count[channel])
    if (have()) await new Promise((resolve) => setTimeout(resolve, SENDER_TURN))
    for (const end = performance.now() + 40_000; !have() && performance.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 50))
    assert.deepEqual(counted(), count)
  }

  /** Hands what the push endpoint was given to the phone's service worker. Gives what a tap on the notification opens. */
  async function ring(nth: number, words: string): Promise<string> {
    const payload = phone.push.read(pushes.asked[nth]!)
    const all = (await phone.worker.deliver(JSON.stringify(payload))).map(({ title, body, data: { opens } }) => ({
      title,
      body,
      opens,
    }))
    await clearTray(uno.page)
    assert.deepEqual(all, [{ title: words, body: '', opens: `/today/${directive}/${town.id('post', 'uno1')}` }])
    return all[0]!.opens
  }

  const lastSms = () => {
    const { to, text } = smsc.messages.at(-1)!
    return [to, text]
  }

  /** The other UNO, who answers at once, with words and a number of his own. */
  async function answerOf(client: SmarakClient, post: string): Promise<void> {
    await client.sync()
    await client.open(directive, post)
    await client.answer({
      directive,
      post,
      clauses: ['', 'ক'],
      state: 'done',
      until: null,
      note: SEALED.note,
      values: { n: SEALED.value },
    })
    await client.sync()
  }

  /** What may be taken back for some seconds has left the phone. */
  const sent = (page: Page) =>
    page
      .getByText(/^পাঠানো হচ্ছে/)
      .first()
      .waitFor({ state: 'detached' })

  /** What the letter on the phone says will happen by itself. */
  async function foretold(...lines: string[]): Promise<void> {
    const plan = uno.page.getByRole('region', { name: 'সামনে কী হবে' })
    await plan.waitFor()
    assert.deepEqual(await plan.getByRole('listitem').allInnerTexts(), lines)
  }

  /** The next day's phone: its clock is right, and the page is opened at this address. */
  async function takeUp(seat: Seat, path: string): Promise<void> {
    await seat.context.clock.setSystemTime(Date.now())
    await seat.page.goto(url + path)
  }
})
