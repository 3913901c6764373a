/** What an officer does with his own device: its lock, the way out of a forgotten PIN, what he may know of it and himself. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { lastingContext } from '../../helpers/browser.ts'
import { look } from '../../journeys/looking.ts'
import { NO_START_PAGE } from '../../journeys/own-town.ts'
import type { Officers } from './officers.ts'

const PIN = '2468'

/** By its sentence; each needs no other, and throws where it does not hold. */
export const STEPS: Record<string, (officer: Officers) => Promise<void>> = {
  'the device’s own authenticator opens the lock, also after a start, and the PIN does where it fails': async (
    officer,
  ) => {
    const { seat, page, finger } = await officer.joined(true)
    await setPin(page, officer.url)
    await press(page, 'ফোনের নিজের তালা দিয়েও খুলুন')
    await page.getByText('ফোনের নিজের তালা দিয়ে খোলা যায়। তা না চললে পিন লাগবে।').waitFor()
    await look(page, 'settings')
    await press(page, 'এখনই তালা দিন')
    await isLocked(page)
    assert.equal(await focused(page), 'স্মারক বন্ধ আছে। পিন দিন।')
    await look(page, 'lock')
    await press(page, 'আঙুলের ছাপ বা মুখ দিয়ে খুলুন')
    await title(page, 'সেটিংস')
    await page.waitForFunction(() => document.activeElement?.textContent === 'সেটিংস')

    await page.reload()
    await isLocked(page)
    await press(page, 'আঙুলের ছাপ বা মুখ দিয়ে খুলুন')
    await title(page, 'সেটিংস')

    await page.reload()
    await finger!.read(false)
    await press(page, 'আঙুলের ছাপ বা মুখ দিয়ে খুলুন')
    await page.getByText('যন্ত্র আপনাকে চিনতে পারেনি।').waitFor()
    await isLocked(page)
    await givePin(page, PIN)
    await title(page, 'সেটিংস')
    seat.calm(NO_START_PAGE)
  },

  'an authenticator without a secret opens what it locked, and a start asks for the PIN': async (officer) => {
    const { seat, page } = await officer.joined(false)
    await setPin(page, officer.url)
    await press(page, 'ফোনের নিজের তালা দিয়েও খুলুন')
    await page.getByText('নতুন করে চালু হলে পিন লাগবে।').waitFor()
    await press(page, 'এখনই তালা দিন')
    await press(page, 'আঙুলের ছাপ বা মুখ দিয়ে খুলুন')
    await title(page, 'সেটিংস')
    await page.reload()
    await page.getByText('নতুন করে চালু হয়েছে, তাই এবার পিন লাগবে।').waitFor()
    assert.equal(await page.getByRole('button', { name: 'আঙুলের ছাপ বা মুখ দিয়ে খুলুন' }).count(), 0)
    await givePin(page, PIN)
    await title(page, 'সেটিংস')
    seat.calm(NO_START_PAGE)
  },

  'wrong PINs make one wait, over a reload too, and the wait ends': async (officer) => {
    const { seat, page } = await officer.joined()
    await setPin(page, officer.url)
    await press(page, 'এখনই তালা দিন')
    for (let i = 0; i < 5; i++) {
      await givePin(page, '0000')
      await page.getByRole('alert').waitFor()
    }
    const waits = page.getByText(/^পরপর কয়েকবার পিন মেলেনি। .+-এর পরে আবার চেষ্টা করা যাবে।$/)
    await waits.waitFor()
    await look(page, 'lock: wait')
    await page.clock.install()
    await page.reload()
    await waits.waitFor()
    assert.equal(await page.getByLabel('পিন', { exact: true }).count(), 0)
    await page.clock.fastForward(31_000)
    await page.getByLabel('পিন', { exact: true }).waitFor()
    await givePin(page, PIN)
    await title(page, 'সেটিংস')
    seat.calm(NO_START_PAGE)
  },

  'a forgotten PIN has a way out: the device is cleared, and joins again by the code on paper': async (officer) => {
    const { seat, page } = await officer.joined()
    await page.goto(`${officer.url}/more/devices`)
    await press(page, 'উদ্ধার কোড লিখে রাখুন')
    const code = (await page.locator('.code').textContent())!
    await press(page, 'লিখে রেখেছি')
    await setPin(page, officer.url)
    await press(page, 'এখনই তালা দিন')
    await press(page, 'পিন ভুলে গেছেন?')
    await title(page, 'পিন ভুলে গেলে')
    await page.getByText('পাঠানোর অপেক্ষায় কিছু নেই; শুধু এ যন্ত্রের খসড়া থাকবে না।').waitFor()
    await look(page, 'forgotten')
    await press(page, 'এ যন্ত্র খালি করুন')
    await press(page, 'হ্যাঁ, কোড হাতে আছে; খালি করুন')
    const field = page.getByRole('textbox', { name: 'নিবন্ধন কোড' })
    await field.fill(code)
    await press(page, 'শুরু করুন')
    await press(page, 'হ্যাঁ, আমি')
    await press(page, 'স্মারক খুলুন')
    await title(page, 'আজ')
    await page.goto(`${officer.url}/more/devices`)
    // The one before is still there, to be closed: nobody but its person does that.
    await page.getByRole('button', { name: 'হারিয়ে গেছে, বন্ধ করুন' }).waitFor()
    seat.calm(NO_START_PAGE)
  },

  'the connection check finds the way good, and tells nobody': async (officer) => {
    const { seat, page } = await officer.plain()
    const asked: string[] = []
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
    await page.goto(`${officer.url}/more/connection`)
    for (const words of [
      'সার্ভার সাড়া দিচ্ছে।',
      'সার্ভারের ঘড়ির সঙ্গে মেলে।',
      /^মিলেছে আজ .+: যা দেখেছেন তা থেকে কিছু মোছা বা বদলানো হয়নি।$/,
    ])
      await page.getByText(words).waitFor()
    await press(page, 'আবার পরীক্ষা করুন')
    await page.getByText('নতুন নির্দেশনা এলেই জানা যাবে।').waitFor()
    await page.getByText(/^[০-৯.]+ (কেবি|এমবি) \(পাঠানো [০-৯.]+ (কেবি|এমবি), আনা [০-৯.]+ (কেবি|এমবি)\)$/).waitFor()
    await look(page, 'connection')
    const posted = new Set(asked.filter((one) => one.startsWith('POST')))
    for (const one of posted) assert.match(one, /^POST \/(api\/(sync|session|directory)|items)$/)
    seat.calm(NO_START_PAGE)
  },

  'everything recorded about an officer is shown to him, and he takes it away': async (officer) => {
    const { seat, page } = await officer.plain()
    await page.goto(`${officer.url}/more/about`)
    await page.getByText('যন্ত্র সার্ভারে ঢুকেছে').first().waitFor()
    await page.getByText('যন্ত্র যুক্ত হয়েছে').first().waitFor()
    await look(page, 'about')
    const [table, plain] = [await saved(page, 'তালিকা নামান (CSV)'), await saved(page, 'কম্পিউটারে পড়ার রূপে নামান')]
    assert.match(table, /^\uFEFF"সময়","কী","কে লিখেছে"/)
    const { rows, complete } = JSON.parse(plain) as {
      rows: { what: string; index?: number; item?: string }[]
      complete: boolean
    }
    assert.equal(complete, true)
    assert.equal(table.trimEnd().split('\r\n').length, rows.length + 1)
    assert.ok(rows.some(({ what, index, item }) => what === 'device-add' && index! >= 0 && item))
    seat.calm(NO_START_PAGE)
  },

  'whoever got no test notification is shown what to change on his phone': async (officer) => {
    const { seat, page } = await officer.plain()
    await page.goto(`${officer.url}/more/devices`)
    await press(page, 'নোটিফিকেশন পরীক্ষা')
    await page.getByText('পেয়েছেন?').waitFor()
    await press(page, 'না')
    const maker = page.getByRole('combobox', { name: 'কোন কোম্পানির ফোন?' })
    await maker.selectOption('xiaomi')
    await page.getByText('“অটোস্টার্ট” চালু করুন।').waitFor()
    await maker.selectOption('samsung')
    await page.getByText('“নেভার স্লিপিং অ্যাপস”').waitFor()
    await look(page, 'devices: battery')
    seat.calm(NO_START_PAGE)
  },

  'the home screen is offered from the second visit on, until it is turned away': async (officer) => {
    const { page } = await officer.joined()
    const card = page.getByText('স্মারক হোম স্ক্রিনে রাখলে এক চাপেই খোলে')
    const offer = () =>
      page.evaluate(() =>
        dispatchEvent(
          Object.assign(new Event('beforeinstallprompt'), { prompt: async () => ({ outcome: 'accepted' }) }),
        ),
      )
    const again = async () => {
      await page.evaluate(() =>
        localStorage.setItem('smarak-visits', localStorage.getItem('smarak-visits')!.replace(/ .*/, ' 5')),
      )
      await page.goto(officer.url)
      await title(page, 'আজ')
      await offer()
    }
    await offer()
    await page.waitForTimeout(200)
    assert.equal(await card.count(), 0)
    await again()
    await card.waitFor()
    await look(page, 'today: install')
    await press(page, 'দরকার নেই')
    await again()
    await page.waitForTimeout(200)
    assert.equal(await card.count(), 0)
    // Turned away in আজ, it is still there for who looks for it.
    await page.getByRole('link', { name: 'আরও' }).click()
    await page.getByRole('link', { name: 'সেটিংস' }).click()
    await press(page, 'হোম স্ক্রিনে রাখুন')
    await page.getByText('হোম স্ক্রিনে রাখা হয়েছে।').waitFor()
  },

  'Chromium finds nothing that keeps Smarak from the home screen': async (officer) => {
    const context = await lastingContext(join(officer.folder, 'browser'))
    const page = await context.newPage()
    await page.goto(officer.url)
    const session = await context.newCDPSession(page)
    const { errors, data } = await session.send('Page.getAppManifest')
    assert.deepEqual(errors, [])
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
    assert.deepEqual(installabilityErrors, [])
    const { icons, lang, display } = JSON.parse(data!) as {
      icons: { src: string; sizes: string }[]
      lang: string
      display: string
    }
    assert.deepEqual([lang, display], ['bn', 'standalone'])
    for (const { src, sizes } of icons.filter(({ src }) => src.endsWith('.png'))) {
      const bytes = Buffer.from(await (await fetch(officer.server + src)).arrayBuffer())
      // Width and height stand behind the signature and the first chunk's name.
      assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes, src)
    }
    await context.close()
  },
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click()
}

function title(page: Page, name: string): Promise<void> {
  return page.getByRole('heading', { name, level: 1 }).waitFor()
}

function isLocked(page: Page): Promise<void> {
  return title(page, 'স্মারক বন্ধ আছে। পিন দিন।')
}

function focused(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => document.activeElement?.textContent)
}

async function setPin(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/more/settings`)
  await press(page, 'পিন দিন')
  await page.getByLabel('পিন', { exact: true }).fill('২৪৬৮')
  await press(page, 'সংরক্ষণ করুন')
  await page.getByText('পিন দেওয়া হয়েছে।').waitFor()
}

async function givePin(page: Page, pin: string): Promise<void> {
  await page.getByLabel('পিন', { exact: true }).fill(pin)
  await press(page, 'খুলুন')
}

async function saved(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, button)])
  return readFile(await download.path(), 'utf8')
}
