/** A push in a real browser: the button, the subscription, the real bytes the server sends, the notification, the tap. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { type App, openApp } from '../../app.ts'
import { buildWeb } from '../../scripts/build.ts'
import { readConfig } from '../../server/config.ts'
import { openLog } from '../../server/log.ts'
import { freshContext, noBrowser } from '../helpers/browser.ts'
import { type HttpEnd, httpEnd, PushBrowser } from '../helpers/channel-ends.ts'
import { testDatabase } from '../helpers/database.ts'
import { foundTown, type Town, townLetter } from '../helpers/town.ts'

/** In the page: every notification away. */
async function clear(): Promise<void> {
  const ready = await navigator.serviceWorker.ready
  for (const notification of await ready.getNotifications()) notification.close()
}

describe('a push', { skip: noBrowser, timeout: 110_000 }, () => {
  let folder: string
  let app: App
  let url: string
  let town: Town
  let service: HttpEnd
  let browser: PushBrowser
  let context: BrowserContext
  let page: Page
  let cdp: CDPSession
  let registration: string

  before(async () => {
    await buildWeb({ force: false })
    folder = await mkdtemp(join(tmpdir(), 'smarak-push-'))
    service = await httpEnd({ status: 201 })
    const { url: database } = await testDatabase()
    const config = readConfig({ SMARAK_PUSH_SUBJECT: 'mailto:a@b.cd', SMARAK_PUSH_HOSTS: '127.0.0.1' }, [
      '--data',
      folder,
      '--port',
      '0',
      '--database-url',
      database,
    ])
    app = await openApp(config, { version: 'test', log: openLog('silent'), warn: () => {} })
    url = await app.listen()
    town = await foundTown(url.replace('localhost', '127.0.0.1'))
    browser = new PushBrowser(`${service.url}/send/uno1`)
    context = await freshContext({ permissions: ['notifications'] })
    context.setDefaultTimeout(20_000)
    // The push service of a browser is on the Internet: here its subscription stands for it, and the rest is real.
    await context.addInitScript((address) => {
      let given: PushSubscription | null = null
      PushManager.prototype.getSubscription = async () => given
      PushManager.prototype.subscribe = async (options) => {
        const { applicationServerKey: key, userVisibleOnly } = options!
        Object.assign(window, { asked: { key, userVisibleOnly } })
        const { endpoint, ...keys } = address
        given = {
          options: { applicationServerKey: null },
          toJSON: () => ({ endpoint, keys }),
          unsubscribe: async () => true,
        } as never
        return given!
      }
    }, browser.address)
    page = await context.newPage()
    await page.goto(`${url}/join#${await town.code('uno1')}`)
    await page.getByRole('button', { name: 'শুরু করুন' }).click()
    await page.getByRole('button', { name: 'হ্যাঁ, আমি' }).click()
    await page.getByRole('heading', { name: 'যন্ত্রটি প্রস্তুত করুন' }).waitFor()
    await page.getByRole('button', { name: 'স্মারক খুলুন' }).click()
    await page.getByRole('heading', { name: 'আজ', level: 1 }).waitFor()
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
    cdp = await context.newCDPSession(page)
    const seen = new Promise<string>((resolve) =>
      cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        if (registrations[0]) resolve(registrations[0].registrationId)
      }),
    )
    await cdp.send('ServiceWorker.enable')
    registration = await seen
  })
  after(async () => {
    await context?.close()
    await app?.close()
    await service?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** What the push service would hand to the browser, which opens it with its key. */
  const deliver = (data: string) =>
    cdp.send('ServiceWorker.deliverPushMessage', { origin: new URL(url).origin, registrationId: registration, data })
  const shown = async (tag: string) => {
    const find = (wanted: string) =>
      navigator.serviceWorker.ready
        .then((ready) => ready.getNotifications())
        .then((all) => all.filter((one) => one.tag === wanted).map(({ title, body, data }) => ({ title, body, data })))
    for (;;) {
      const found = await page.evaluate(find, tag)
      if (found.length > 0) return found as { title: string; body: string; data: { opens: string } }[]
      await page.waitForTimeout(50)
    }
  }

  test('is turned on by the button, and the test comes by the way that notices will', async () => {
    await page.goto(`${url}/more/devices`)
    await page.getByRole('button', { name: 'নোটিফিকেশন পরীক্ষা' }).click()
    await page.getByText('পেয়েছেন?').waitFor()
    await page.getByText('স্মারক বন্ধ থাকলেও নতুন নির্দেশনা জানানো হবে।').waitFor()
    const asked = await page.evaluate(
      () => (window as never as { asked: { key: string; userVisibleOnly: boolean } }).asked,
    )
    assert.deepEqual([Buffer.from(asked.key, 'base64url').length, asked.userVisibleOnly], [65, true])
    const test = browser.read(service.asked.at(-1)!)
    assert.equal(test.text, 'স্মারকের পরীক্ষামূলক বার্তা')
    await deliver(JSON.stringify(test))
    assert.deepEqual((await shown(test.tag))[0]!.title, test.text)
  })

  test('of a directive says kind, urgency and office, and a tap opens it', async () => {
    const issuer = await town.official('ds')
    await issuer.sync()
    const before = service.asked.length
    const { id } = await issuer.issue(townLetter(town, { urgency: 1 }), () => {})
    while (service.asked.length === before) await page.waitForTimeout(50)
    const payload = browser.read(service.asked.at(-1)!)
    assert.deepEqual(payload, {
      text: 'জরুরি নির্দেশনা · জনপ্রশাসন মন্ত্রণালয়',
      tag: id,
      urgent: true,
      opens: `/today/${id}/${town.id('post', 'uno1')}`,
    })
    await page.evaluate(clear)
    await deliver(JSON.stringify(payload))
    const [notification, ...more] = await shown(id)
    assert.deepEqual([notification!.title, notification!.body, more.length], [payload.text, '', 0])
    assert.equal(notification!.data.opens, payload.opens)
    const worker = context.serviceWorkers()[0]!
    await worker.evaluate(async (tag) => {
      const { registration } = globalThis as never as ServiceWorkerGlobalScope
      const [notification] = (await registration.getNotifications()).filter((one) => one.tag === tag)
      dispatchEvent(new NotificationEvent('notificationclick', { notification: notification! }))
    }, id)
    await page.waitForURL(`**${payload.opens}`)
    await page.locator('.paper', { hasText: 'নির্দেশনা প্রতিপালন' }).waitFor()
  })

  test('that cannot be read is shown as news, and leads nowhere else', async () => {
    for (const odd of [
      '',
      'null',
      '[]',
      '{"text":7}',
      '{"opens":"https://evil.example/"}',
      '{"opens":"//evil.example"}',
    ]) {
      await deliver(odd)
      const [notification] = await shown('news')
      assert.deepEqual([notification!.title, notification!.data.opens], ['স্মারক', '/'], odd)
      await page.evaluate(clear)
    }
  })
})
