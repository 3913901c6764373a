/** What leaves the service by its channels: every real message of each, captured at the other end and searched. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { openApp } from '../app.ts'
import { importContacts } from '../server/channels/index.ts'
import { readConfig } from '../server/config.ts'
import { openLog } from '../server/log.ts'
import { httpEnd, mailEnd, PushBrowser, smscEnd } from './helpers/channel-ends.ts'
import { testDatabase } from './helpers/database.ts'
import { readableMail } from './helpers/mail.ts'
import { needlesOfText, Search } from './helpers/needles.ts'
import { foundTown, townLetter } from './helpers/town.ts'
import { WHATSAPP, whatsAppEnd } from './helpers/whatsapp.ts'

const SEALED = { memo: '05.00.7777.canary.99', subject: 'কাকাতুয়া বিষয়', clause: 'তোতাপাখি দফা', note: 'ময়না বিবরণ' }
/** Who is reached by what, and by nothing else. */
const REACHED = { push: 'uno1', sms: 'uno2', whatsapp: 'uno3', mail: 'uno4' }

describe('no word of a letter leaves by any channel: kind, urgency and office, and of a graded one not even that', () => {
  for (const gateway of ['SMPP', 'HTTP'] as const)
    test(`SMS by ${gateway}`, { timeout: 110_000 }, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'smarak-channels-'))
      const [pushes, mails, smsc, http, whatsapp] = await Promise.all([
        httpEnd({ status: 201 }),
        mailEnd(),
        smscEnd(),
        httpEnd({ status: 200, body: 'OK' }),
        whatsAppEnd(),
      ])
      const { db, url: database } = await testDatabase()
      const config = readConfig(
        {
          SMARAK_PUSH_SUBJECT: 'mailto:a@b.cd',
          SMARAK_PUSH_HOSTS: '127.0.0.1',
          SMARAK_MAIL_URL: mails.url,
          SMARAK_MAIL_FROM: 'smarak@example.gov.bd',
          ...(gateway === 'SMPP'
            ? { SMARAK_SMPP_URL: smsc.url }
            : {
                SMARAK_SMS_URL: `${http.url}/send?to={to}&text={text}&id={id}`,
                SMARAK_SMS_METHOD: 'GET',
                SMARAK_SMS_YES: '~OK',
              }),
          SMARAK_WHATSAPP_API: whatsapp.api,
          SMARAK_WHATSAPP_TOKEN: WHATSAPP.token,
          SMARAK_WHATSAPP_NUMBER_ID: WHATSAPP.phoneNumberId,
          SMARAK_WHATSAPP_TEMPLATE: WHATSAPP.template,
        },
        ['--data', folder, '--port', '0', '--database-url', database],
      )
      const app = await openApp(config, { version: 'test', log: openLog('silent'), warn: () => {} })
      try {
        const url = (await app.listen()).replace('localhost', '127.0.0.1')
        const town = await foundTown(url, { upazilas: 4 })
        const issuer = await town.official('ds')
        const pushed = await town.official(REACHED.push)
        await pushed.sync()
        const browser = new PushBrowser(`${pushes.url}/uno1`)
        const { token } = await pushed.device.transport.session()
        const subscribed = await fetch(`${url}/api/push/subscribe`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ ...browser.address, lang: 'bn' }),
        })
        assert.equal(subscribed.status, 200)
        const rows = [
          [REACHED.sms, 'sms', '01712345678'],
          [REACHED.whatsapp, 'whatsapp', '01712345679'],
          [REACHED.mail, 'mail', 'uno4@example.gov.bd'],
        ].map((cells, i) => ({ row: i + 1, cells }))
        await importContacts(db, rows, (code) => town.id('person', code), Date.now())

        const captured = () => ({
          push: pushes.asked.map((asked) => JSON.stringify([browser.read(asked), asked.headers, asked.path])),
          sms:
            gateway === 'SMPP'
              ? smsc.messages.map((one) => JSON.stringify(one))
              : http.asked.map(({ path }) => decodeURIComponent(path)),
          whatsapp: whatsapp.asked.map(({ body, headers }) => body.toString() + JSON.stringify(headers)),
          mail: mails.mails.map(({ raw }) => readableMail(raw)),
        })
        const each = async (count: number) => {
          while (Object.values(captured()).some((some) => some.length < count))
            await new Promise((resolve) => setTimeout(resolve, 50))
          return captured()
        }
        const letter = (grade: number) =>
          townLetter(town, {
            summary: { memo: SEALED.memo, subject: SEALED.subject, date: '2024-10-22', issuer: SEALED.note },
            parts: [{ label: 'clause:ক', value: SEALED.clause }],
            urgency: 1,
            grade,
          })
        await issuer.sync()
        await issuer.issue(letter(0), () => {})
        const open = await each(1)
        const sealed = new Search(Object.entries(SEALED).flatMap(([name, text]) => needlesOfText(name, text)))
        const names = new Search(needlesOfText('office', 'জনপ্রশাসন মন্ত্রণালয়'))
        for (const [channel, messages] of Object.entries(open)) {
          const bytes = Buffer.from(messages.join('\n'))
          assert.deepEqual(sealed.inBytes(channel, bytes).found, [], channel)
          assert.notDeepEqual(names.inBytes(channel, bytes).found, [], `the search sees what ${channel} says`)
        }
        await issuer.issue(letter(2), () => {})
        const both = await each(2)
        for (const [channel, messages] of Object.entries(both)) {
          const bytes = Buffer.from(messages.slice(open[channel as 'push'].length).join('\n'))
          assert.deepEqual(sealed.inBytes(channel, bytes).found, [], channel)
          assert.deepEqual(names.inBytes(channel, bytes).found, [], channel)
          assert.match(bytes.toString(), /নতুন নির্দেশনা/, channel)
        }
      } finally {
        await app.close()
        await Promise.all([pushes.close(), mails.close(), smsc.close(), http.close(), whatsapp.close()])
        await rm(folder, { recursive: true, force: true })
      }
    })
})
