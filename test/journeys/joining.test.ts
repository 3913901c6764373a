/** How a browser becomes somebody's device, and in which words it is told that it cannot. */
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, describe, type TestContext, test } from 'node:test'
import { lastingContext, noBrowser } from '../helpers/browser.ts'
import { weigh } from '../helpers/weigh.ts'
import { look } from './looking.ts'
import { EXPECTED, openStage, Seat, type Stage } from './stage.ts'

const PEOPLE = [
  'উপসচিব, জনপ্রশাসন মন্ত্রণালয়',
  'বিভাগীয় কমিশনার, রংপুর',
  'জেলা প্রশাসক, রংপুর',
  'উপজেলা নির্বাহী অফিসার, পীরগাছা',
  'সিনিয়র সচিবের একান্ত সচিব, জনপ্রশাসন মন্ত্রণালয়',
  'সিনিয়র সিস্টেম এনালিস্ট, পাবলিক অ্যাডমিনিস্ট্রেশন কম্পিউটার সেন্টার (পিএসিসি)',
  'রেকর্ড সংরক্ষণ কর্মকর্তা, জনপ্রশাসন মন্ত্রণালয়',
]

describe('joining', { skip: noBrowser, timeout: 220_000 }, () => {
  let stage: Stage
  const seats: Seat[] = []
  const seat = async (...options: Parameters<typeof Seat.take>) => {
    const taken = await Seat.take(...options)
    seats.push(taken)
    return taken
  }

  before(
    async () => {
      stage = await openStage(1)
    },
    { timeout: 150_000 },
  )
  after(() => stage?.close())
  afterEach(async (t) => {
    if (!(t as TestContext).passed) for (const each of seats) await each.tell(t as TestContext)
    for (const each of seats.splice(0)) await each.context.close()
  })

  test('the start page, of 170 KB with its font, offers the people one can be, and a field for a code', async () => {
    const visitor = await seat()
    const { page } = visitor
    const weight = await weigh(page)
    await page.goto(stage.url)
    const people = page.getByRole('region', { name: 'প্রদর্শনী: কার চোখে দেখবেন?' }).getByRole('button')
    await people.first().waitFor()
    assert.deepEqual(await people.locator('strong').allInnerTexts(), PEOPLE)
    await page.getByRole('textbox', { name: 'নিবন্ধন কোড' }).waitFor()
    const fonts = await page.evaluate(async () => [...(await document.fonts.ready)].map(({ status }) => status))
    assert.ok(fonts.includes('loaded'))
    assert.ok(weight() > 100_000 && weight() <= 170_000, `${weight()} bytes`)
    await look(page, 'start')

    const english = /\/assets\/english-/
    await visitor.context.route(english, (route) => route.abort())
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByText('ইংরেজি লেখাগুলো আনা যায়নি।').waitFor()
    await visitor.context.unroute(english)
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('textbox', { name: 'Enrolment code' }).waitFor()
    visitor.calm(/net::ERR_FAILED/)
  })

  test('a wrong code is refused in words beside the field, and the code is still there', async () => {
    const visitor = await seat()
    const { page } = visitor
    await page.goto(stage.url)
    const code = page.getByRole('textbox', { name: 'নিবন্ধন কোড' })
    // Two links after each other in one tab: the second counts, though the page is not loaded anew.
    await page.goto(`${stage.url}/join#AAAA-AAAA-AAAA-AAAA-AAAA`)
    await page.goto(`${stage.url}/join#7K3M-9QXP-2DRT-4HGB-W8NC`)
    await page.waitForFunction(() => document.querySelector('input')?.value === '7K3M-9QXP-2DRT-4HGB-W8NC')
    await code.fill('৭K৩M-9QXP')
    await page.getByRole('button', { name: 'শুরু করুন' }).click()
    await page.getByText('কোডটি মেলেনি। ২০টি অক্ষর দেখে আবার লিখুন।').waitFor()
    await code.fill('7K3M-9QXP-2DRT-4HGB-W8NC')
    await page.getByRole('button', { name: 'শুরু করুন' }).click()
    const refusal = page.getByRole('alert')
    await refusal.getByText(/^কোডটি মেলেনি। কোনো চেষ্টা নষ্ট হয়নি।/).waitFor()
    assert.equal(await code.inputValue(), '7K3M-9QXP-2DRT-4HGB-W8NC')
    assert.equal(await code.getAttribute('aria-invalid'), 'true')
    await look(page, 'start: a wrong code')
    visitor.calm(EXPECTED.refused)
  })

  test('a code typed without a network is kept, and leads on by itself when it returns', async () => {
    const visitor = await seat()
    const { page } = visitor
    const code = await stage.codeOf('divcom')
    await page.goto(`${stage.url}/join#${code}`)
    const field = page.getByRole('textbox', { name: 'নিবন্ধন কোড' })
    await field.waitFor()
    assert.equal(await field.inputValue(), code)
    await visitor.context.setOffline(true)
    await page.getByRole('button', { name: 'শুরু করুন' }).click()
    await page.getByText('সংযোগ নেই। কোডটি রাখা আছে; সংযোগ পেলে নিজেই চেষ্টা হবে।').waitFor()
    await visitor.context.setOffline(false)
    await page.getByRole('heading', { name: 'আপনি কি এই কর্মকর্তা?' }).waitFor()
    await page.getByText('মো. রফিকুল আনাম').waitFor()
    await look(page, 'start: is it you?')
    visitor.calm(EXPECTED.offline, EXPECTED.noWorker)
  })

  test('the code of a person leads through what makes a device ready, to his rooms', async () => {
    const visitor = await seat()
    const { page } = visitor
    await page.goto(`${stage.url}/join#${await stage.codeOf('analyst')}`)
    await page.getByRole('button', { name: 'শুরু করুন' }).click()
    await page.getByText('শামীমা নাজনীন').waitFor()
    await page.getByRole('button', { name: 'হ্যাঁ, আমি' }).click()
    await page.getByRole('heading', { name: 'যন্ত্রটি প্রস্তুত করুন' }).waitFor()
    await look(page, 'start: prepare')
    await page.getByRole('button', { name: 'স্মারক খুলুন' }).click()
    await page.getByRole('heading', { name: 'আজ', level: 1 }).waitFor()
    await page.getByRole('link', { name: 'আরও' }).click()
    await look(page, 'more')
    for (const [room, title] of [
      ['আমার পদ', 'আমার পদ'],
      ['আমার যন্ত্র', 'আমার যন্ত্র'],
      ['সেটিংস', 'সেটিংস'],
    ] as const) {
      await page.getByRole('main').getByRole('link', { name: room }).click()
      await page.getByRole('heading', { name: title, level: 1 }).waitFor()
      await look(page, room)
      await page.getByRole('button', { name: 'ফিরে যান' }).click()
    }
    visitor.calm()
  })

  test('a second tap in another browser closes the first, which says so', async () => {
    const [first, second] = [await seat(), await seat()]
    await first.become(stage.url, 'সিনিয়র সচিবের একান্ত সচিব')
    await second.become(stage.url, 'সিনিয়র সচিবের একান্ত সচিব')
    await first.page.getByText(/^যন্ত্রটি বন্ধ করা হয়েছে/).waitFor()
    await look(first.page, 'a closed device')
    await second.page.getByText('এখন কিছু বাকি নেই।').waitFor()
    assert.equal(await second.page.getByText(/^যন্ত্রটি বন্ধ/).count(), 0)
    // It is told to get a new code: here is where that is used.
    await first.page.getByText(/^যন্ত্রটি বন্ধ করা হয়েছে/).click()
    await first.page.getByRole('heading', { name: 'এ যন্ত্র বন্ধ করা হয়েছে' }).waitFor()
    await look(first.page, 'a closed device: the way back in')
    await first.page.getByRole('button', { name: 'কোড দিয়ে আবার যুক্ত হোন' }).click()
    await first.page.getByRole('button', { name: 'হ্যাঁ, কোড হাতে আছে; খালি করে যুক্ত হোন' }).click()
    await first.page.getByRole('textbox', { name: 'নিবন্ধন কোড' }).waitFor()
    first.calm(EXPECTED.closed)
    second.calm()
  })

  test('a browser that keeps nothing is told to use an ordinary window', async () => {
    // What a private window or a strict policy does: no site may keep data.
    const folder = join(stage.folder, 'keeps-nothing')
    await mkdir(join(folder, 'Default'), { recursive: true })
    const preferences = { profile: { default_content_setting_values: { cookies: 2 } } }
    await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences))
    const context = await lastingContext(folder)
    const page = context.pages()[0] ?? (await context.newPage())
    await page.goto(stage.url)
    await page
      .getByText(/^ব্যক্তিগত উইন্ডোতে চাবি রাখা যায় না।/)
      .first()
      .waitFor({ timeout: 15_000 })
    await look(page, 'start: a private window')
  })

  test('inside another app it offers the link to be opened in Chrome', async () => {
    const agent = 'Mozilla/5.0 (Linux; Android 13; wv) AppleWebKit/537.36 Chrome/120 Mobile [FBAN/FB4A;FBAV/440]'
    const { page } = await seat({ userAgent: agent })
    await page.goto(stage.url)
    await page
      .getByRole('alert')
      .getByText(/^এ অ্যাপের ভেতরে চাবি রাখা যায় না।/)
      .waitFor()
    await page.getByRole('button', { name: 'লিংক কপি করুন' }).waitFor()
    await look(page, 'start: inside another app')
  })
})
