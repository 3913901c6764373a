/**
 * Pictures of every screen, for eyes: over the sample data of web/preview, in the sizes, themes and languages of the
 * design guide; each screen is also put before axe-core.
 *
 *     node test/journeys/look.ts OUT [--only WORD,…] [--as phone,desktop,narrow,large,dark,english,offline]
 *
 * Prints what axe finds and what overflows; ends with 1 when there is anything serious.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { FLAGS, findChromium } from '../helpers/chromium.ts'
import { openPreviewSite } from './preview-site.ts'

/** Sample data needs no service worker, and has none. */
const NO_WORKER = /HTTP response code \(404\) was received when fetching the script/

type Shot = { name: string; who: string; at: string; query?: string; act?: (page: Page) => Promise<void> }
type Manner = { width: number; height: number; query: string; touch?: boolean }

const manners: Record<string, Manner> = {
  phone: { width: 360, height: 640, query: '', touch: true },
  desktop: { width: 1280, height: 800, query: '' },
  narrow: { width: 320, height: 640, query: '', touch: true },
  large: { width: 360, height: 640, query: 'size=130', touch: true },
  dark: { width: 360, height: 640, query: 'theme=dark', touch: true },
  darkdesktop: { width: 1280, height: 800, query: 'theme=dark' },
  english: { width: 360, height: 640, query: 'lang=en', touch: true },
  englishdesktop: { width: 1280, height: 800, query: 'lang=en' },
  offline: { width: 360, height: 640, query: 'net=off', touch: true },
  zoomed: { width: 640, height: 400, query: '' },
}

const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole('button', { name }).first().click()
}
const bottom = async (page: Page) => {
  await page.evaluate(() => {
    for (const pane of document.querySelectorAll('.scroll')) pane.scrollTop = pane.scrollHeight
  })
}
const order = async (page: Page) => {
  await press(/নমুনা|Sample/)(page)
  await page.waitForTimeout(600)
}

const fill = async (page: Page, wrong: boolean) => {
  await page.getByRole('radio').first().check()
  await page
    .getByRole('textbox')
    .first()
    .fill(wrong ? 'অনেক' : '১,২৪০')
  if (wrong) await press(/প্রতিপালন পাঠান|Send compliance/)(page)
}

const shots: Shot[] = [
  { name: 'start', who: 'start', at: '/' },
  {
    name: 'confirm',
    who: 'start',
    at: '/join#7K3M-9QXP-2DRT-4HGB-W8NC',
    act: press(/শুরু করুন|Begin/),
  },
  {
    name: 'prepare',
    who: 'start',
    at: '/join#7K3M-9QXP-2DRT-4HGB-W8NC',
    act: async (page) => {
      await press(/শুরু করুন|Begin/)(page)
      await press(/হ্যাঁ, আমি|Yes, I am/)(page)
      await page.waitForTimeout(1000)
    },
  },
  { name: 'today', who: 'uno', at: '/' },
  { name: 'today-dc', who: 'dc', at: '/' },
  { name: 'today-issuer', who: 'issuer', at: '/' },
  { name: 'today-empty', who: 'empty', at: '/' },
  { name: 'switch', who: 'dc', at: '/', act: press(/সব পদ|All posts/) },
  { name: 'list', who: 'dc', at: '/directives' },
  { name: 'letter', who: 'uno', at: '/today/d1/uno-558573' },
  { name: 'letter-foot', who: 'uno', at: '/today/d1/uno-558573', act: bottom },
  {
    name: 'letter-lines',
    who: 'uno',
    at: '/today/d1/uno-558573',
    act: async (page) => {
      await press(/বিতরণ|Distribution/)(page)
      await bottom(page)
    },
  },
  { name: 'letter-late', who: 'uno', at: '/today/d2/uno-558573' },
  { name: 'letter-cancelled', who: 'uno', at: '/today/d6/uno-558573' },
  { name: 'letter-locked', who: 'uno', at: '/today/d7/uno-558573' },
  { name: 'letter-answered', who: 'uno', at: '/directives/d5/uno-558573', act: bottom },
  { name: 'letter-issued', who: 'issuer', at: '/directives/d1/mopa-ds-internal-admin' },
  {
    name: 'letter-more',
    who: 'issuer',
    at: '/directives/d1/mopa-ds-internal-admin',
    act: press(/আরও কাজ|More actions/),
  },
  {
    name: 'acknowledged',
    who: 'uno',
    at: '/today/d1/uno-558573',
    act: async (page) => {
      await press(/প্রাপ্তি স্বীকার করুন|^Acknowledge$/)(page)
      await page.waitForTimeout(400)
    },
  },
  { name: 'answer', who: 'uno', at: '/today/d2/uno-558573/answer' },
  {
    name: 'answer-errors',
    who: 'uno',
    at: '/today/d1/uno-558573/answer',
    act: async (page) => {
      await page.getByRole('radio').nth(2).check()
      await press(/প্রতিপালন পাঠান|Send compliance/)(page)
    },
  },
  {
    name: 'answer-each',
    who: 'uno',
    at: '/today/d1/uno-558573/answer',
    act: async (page) => {
      await page.getByRole('checkbox').first().uncheck()
    },
  },
  { name: 'follow-today', who: 'busy', at: '/' },
  { name: 'follow-amended', who: 'busy', at: '/today/f-amended/uno-558573' },
  {
    name: 'follow-amended-text',
    who: 'busy',
    at: '/today/f-amended/uno-558573',
    act: async (page) => {
      await page
        .locator('.paper .was')
        .first()
        .evaluate((was) => was.scrollIntoView({ block: 'center' }))
    },
  },
  { name: 'follow-passed', who: 'busy', at: '/today/f-passed/uno-558573' },
  {
    name: 'follow-enclosed',
    who: 'busy',
    at: '/today/f-passed/uno-558573',
    act: async (page) => {
      await page.locator('#enclosed-d1').evaluate((title) => title.scrollIntoView())
    },
  },
  { name: 'follow-personal', who: 'busy', at: '/today/f-personal/me' },
  { name: 'follow-short', who: 'busy', at: '/today/f-short/uno-558573' },
  {
    name: 'follow-short-received',
    who: 'busy',
    at: '/today/f-short/uno-558573',
    act: async (page) => {
      await press(/^(প্রাপ্ত|Received)$/)(page)
      await page.waitForTimeout(400)
    },
  },
  {
    name: 'follow-problem',
    who: 'busy',
    at: '/today/f-short/uno-558573',
    act: press(/^(সমস্যা আছে|There is a problem)$/),
  },
  { name: 'follow-advice', who: 'busy', at: '/today/f-advice/uno-558573' },
  { name: 'follow-fields', who: 'busy', at: '/today/f-fields/uno-558573/answer', act: (page) => fill(page, false) },
  {
    name: 'follow-fields-errors',
    who: 'busy',
    at: '/today/f-fields/uno-558573/answer',
    act: (page) => fill(page, true),
  },
  {
    name: 'follow-photo',
    who: 'busy',
    at: '/today/f-fields/uno-558573/answer',
    act: async (page) => {
      const picture = await page.evaluate(() => {
        const canvas = document.createElement('canvas')
        Object.assign(canvas, { width: 900, height: 600 })
        canvas.getContext('2d')!.fillRect(200, 100, 300, 300)
        return canvas.toDataURL('image/jpeg').split(',')[1]!
      })
      const file = { name: 'কেন্দ্র.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(picture, 'base64') }
      await page.locator('input[type=file]').first().setInputFiles(file)
      await page.getByRole('button', { name: /সরান|Remove/ }).waitFor()
      await page.getByRole('button', { name: /সরান|Remove/ }).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'follow-asked',
    who: 'busy',
    at: '/today/f-fields/uno-558573',
    act: async (page) => {
      await page
        .locator('.paper .asked')
        .first()
        .evaluate((asked) => asked.scrollIntoView({ block: 'center' }))
    },
  },
  { name: 'follow-thread', who: 'busy', at: '/today/f-fields/uno-558573', act: bottom },
  {
    name: 'follow-ask',
    who: 'busy',
    at: '/today/f-fields/uno-558573',
    act: async (page) => {
      await press(/আরও কাজ|More actions/)(page)
      await press(/ব্যাখ্যা চান|Ask for explanation/)(page)
    },
  },
  {
    name: 'follow-more',
    who: 'busy',
    at: '/today/f-fields/uno-558573',
    act: press(/আরও কাজ|More actions/),
  },
  {
    name: 'follow-pass',
    who: 'dc',
    at: '/today/d1/dc-5585',
    act: press(/অধীনস্থদের পাঠান|Pass on/),
  },
  {
    name: 'follow-pass-chosen',
    who: 'dc',
    at: '/today/d1/dc-5585',
    act: async (page) => {
      await press(/অধীনস্থদের পাঠান|Pass on/)(page)
      await press(/^(সব উপজেলা|All Upazila)/)(page)
      await press(/টি পদে পাঠান|^Send to/)(page)
    },
  },
  { name: 'follow-below', who: 'dc', at: '/today/d1/dc-5585', act: bottom },
  {
    name: 'absence',
    who: 'dc',
    at: '/more/posts',
    act: press(/ছুটিতে যাচ্ছি|Going on leave/),
  },
  {
    name: 'absence-active',
    who: 'dc',
    at: '/more/posts',
    act: async (page) => {
      await press(/ছুটিতে যাচ্ছি|Going on leave/)(page)
      await page.getByRole('radio').first().check()
      await press(/জানিয়ে দিন|Declare it/)(page)
      await page.waitForTimeout(300)
    },
  },
  { name: 'proof', who: 'uno', at: '/today/d1/uno-558573/proof' },
  {
    name: 'proof-enclosed',
    who: 'busy',
    at: '/today/f-passed/uno-558573/proof',
    act: (page) =>
      page
        .getByText('সংযুক্ত মূল পত্র')
        .or(page.getByText('Enclosed original'))
        .evaluate((heading) => heading.scrollIntoView()),
  },
  { name: 'issue-empty', who: 'issuer', at: '/issue' },
  { name: 'issue-letter', who: 'issuer', at: '/issue', act: order },
  {
    name: 'issue-lines',
    who: 'issuer',
    at: '/issue',
    act: async (page) => {
      await order(page)
      await press(/প্রাপক ও করণীয়|Addressees and duties/)(page)
      await page.waitForTimeout(600)
    },
  },
  {
    name: 'issue-asks',
    who: 'issuer',
    at: '/issue',
    act: async (page) => {
      await order(page)
      await press(/প্রাপক ও করণীয়|Addressees and duties/)(page)
      await page.waitForTimeout(600)
      await page.getByRole('checkbox', { name: /দফাওয়ারি|clause by clause/ }).check()
      await bottom(page)
    },
  },
  {
    name: 'issue-check',
    who: 'issuer',
    at: '/issue',
    act: async (page) => {
      await order(page)
      await press(/যাচাই ও জারি|Check and issue/)(page)
      await page.waitForTimeout(600)
    },
  },
  {
    name: 'issue-sheet',
    who: 'dc',
    at: '/issue',
    act: async (page) => {
      await order(page)
      await press(/যাচাই ও জারি|Check and issue/)(page)
      await page.waitForTimeout(600)
      await press(/^(জারি করুন|Issue)$/)(page)
    },
  },
  {
    name: 'issue-short',
    who: 'dc',
    at: '/issue',
    act: async (page) => {
      await press(/সংক্ষিপ্ত নির্দেশ|Short directive/)(page)
      await page.getByRole('textbox').first().fill('আজ বিকাল ৫টার মধ্যে আশ্রয়কেন্দ্রের তালিকা দিন।')
      await press(/^সব উপজেলা নির্বাহী|^Every Upazila Nirbahi/)(page)
    },
  },
  {
    name: 'issue-short-past',
    who: 'dc',
    at: '/issue',
    act: async (page) => {
      await press(/সংক্ষিপ্ত নির্দেশ|Short directive/)(page)
      await page
        .getByText(/^(তারিখ|Date)$/)
        .first()
        .click()
      await page.locator('input[type=date]').fill('2024-10-31')
      await bottom(page)
    },
  },
  {
    name: 'issue-short-foot',
    who: 'dc',
    at: '/issue',
    act: async (page) => {
      await press(/সংক্ষিপ্ত নির্দেশ|Short directive/)(page)
      await press(/ঘর যোগ করুন|Add a field/)(page)
      await bottom(page)
    },
  },
  {
    name: 'issue-advice',
    who: 'dc',
    at: '/issue',
    act: async (page) => {
      await press(/^(পরামর্শ|Advice)$/)(page)
      await press(/জারি করুন|^Issue$/)(page)
    },
  },
  {
    name: 'issue-personal',
    who: 'issuer',
    at: '/issue',
    act: async (page) => {
      await press(/আধা-সরকারি পত্র|Demi-official/)(page)
      await page.getByRole('searchbox').fill('ইউএনও পীরগাছা')
      await page.waitForTimeout(300)
      await page.locator('.search li button').first().click()
      await page.getByRole('searchbox').fill('জেলা প্রশাসক রংপুর')
    },
  },
  {
    name: 'issue-form',
    who: 'issuer',
    at: '/issue',
    act: async (page) => {
      await order(page)
      await press(/প্রাপক ও করণীয়|Addressees and duties/)(page)
      await page.waitForTimeout(600)
      await press(/ঘর যোগ করুন|Add a field/)(page)
      await page.locator('fieldset select').first().selectOption('choice')
      await page.locator('fieldset').first().scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'issue-approval',
    who: 'issuer',
    at: '/issue',
    act: async (page) => {
      await order(page)
      await press(/যাচাই ও জারি|Check and issue/)(page)
      await page.waitForTimeout(600)
      await page.getByRole('searchbox').fill('যুগ্মসচিব')
      await page.getByRole('searchbox').scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'issue-twice',
    who: 'twice',
    at: '/issue',
    act: async (page) => {
      await order(page)
      await press(/প্রাপক ও করণীয়|Addressees and duties/)(page)
      await page.waitForTimeout(600)
      await bottom(page)
    },
  },
  { name: 'list-issuer', who: 'issuer', at: '/directives' },
  { name: 'drafts', who: 'issuer', at: '/drafts' },
  { name: 'draft-approve', who: 'dc', at: '/drafts/f1' },
  { name: 'draft-differs', who: 'dc', at: '/drafts/f5' },
  { name: 'draft-issued', who: 'issuer', at: '/drafts/f4' },
  { name: 'draft-approve-foot', who: 'dc', at: '/drafts/f1', act: bottom },
  { name: 'draft-return', who: 'dc', at: '/drafts/f1', act: press(/^(ফেরত দিন|Return)$/) },
  { name: 'draft-issue', who: 'issuer', at: '/drafts/f2' },
  { name: 'draft-mend', who: 'issuer', at: '/drafts/f3' },
  { name: 'board', who: 'issuer', at: '/board/d1' },
  {
    name: 'board-totals',
    who: 'issuer',
    at: '/board/d1',
    act: async (page) => {
      await page.getByRole('button', { name: /রংপুর বিভাগ|Rangpur Division/ }).click()
      await page.getByRole('heading', { name: /^(মোট|Totals)$/ }).scrollIntoViewIfNeeded()
      await page.evaluate(() => document.querySelector('#totals')?.scrollIntoView())
    },
  },
  {
    name: 'board-stage',
    who: 'issuer',
    at: '/board/d1',
    act: async (page) => {
      await page.locator('.legend button').nth(2).press('Enter')
      await page.waitForTimeout(300)
    },
  },
  {
    name: 'board-extend-date',
    who: 'issuer',
    at: '/board/d1',
    act: async (page) => {
      await press(/আরও কাজ|More actions/)(page)
      await press(/সময় বাড়ান|Give more time/)(page)
      await press(/তারিখ|Date/)(page)
      if ((page.viewportSize()?.width ?? 0) < 900) return
      await page.locator('input[type=date]').fill('2026-12-16')
      await page.locator('textarea').last().focus()
    },
  },
  { name: 'board-history', who: 'issuer', at: '/board/d1', act: bottom },
  { name: 'board-more', who: 'issuer', at: '/board/d1', act: press(/আরও কাজ|More actions/) },
  {
    name: 'board-amend',
    who: 'issuer',
    at: '/board/d1',
    act: async (page) => {
      await press(/আরও কাজ|More actions/)(page)
      await press(/^(সংশোধন|Amend)$/)(page)
      await page.getByRole('combobox').selectOption('clause:গ')
    },
  },
  {
    name: 'board-extend',
    who: 'issuer',
    at: '/board/d1',
    act: async (page) => {
      await press(/আরও কাজ|More actions/)(page)
      await press(/সময় বাড়ান|Give more time/)(page)
    },
  },
  {
    name: 'board-remind',
    who: 'issuer',
    at: '/board/d1',
    act: async (page) => {
      await press(/তাগিদ দিন|Remind/)(page)
      await page.waitForTimeout(500)
    },
  },
  { name: 'board-report', who: 'issuer', at: '/board/d1', act: press(/প্রতিবেদন নামান|Download the report/) },
  {
    name: 'board-post',
    who: 'issuer',
    at: '/board/d1/5585',
    act: async (page) => {
      if ((page.viewportSize()?.width ?? 0) >= 900)
        await page
          .getByRole('button', { name: /পীরগাছা|Pirgacha/ })
          .first()
          .click()
      else await page.locator('[data-row^="uno-5585"]').first().click()
      await page.waitForTimeout(300)
    },
  },
  { name: 'reach', who: 'dc', at: '/more/reach' },
  { name: 'reach-none', who: 'empty', at: '/more/reach' },
  { name: 'board-in', who: 'issuer', at: '/board/d1/55' },
  { name: 'board-in-in', who: 'issuer', at: '/board/d1/5585' },
  { name: 'more', who: 'uno', at: '/more' },
  { name: 'posts', who: 'dc', at: '/more/posts' },
  { name: 'devices', who: 'uno', at: '/more/devices' },
  { name: 'settings', who: 'uno', at: '/more/settings' },
  {
    name: 'settings-contacts',
    who: 'uno',
    at: '/more/settings',
    act: async (page) => {
      await page.getByRole('textbox', { name: /ই-মেইল ঠিকানা|E-mail address/ }).waitFor()
      await press(/কোড পাঠান|Send a code/)(page)
      await page.getByRole('radio', { name: /নিজের সময়|My own/ }).check()
      await page.evaluate(() => document.querySelector('#contacts')?.scrollIntoView())
    },
  },
  {
    name: 'settings-quiet',
    who: 'uno',
    at: '/more/settings',
    act: async (page) => {
      await page.getByRole('radio', { name: /নিজের সময়|My own/ }).check()
      await press(/সময় রাখুন|Keep these hours/)(page)
      await page.evaluate(() => document.querySelector('#quiet')?.scrollIntoView())
    },
  },
  {
    name: 'settings-contacts-none',
    who: 'empty',
    at: '/more/settings',
    act: async (page) => {
      await page.locator('#quiet').waitFor()
      await page.evaluate(() => document.querySelector('#contacts')?.scrollIntoView())
    },
  },
  { name: 'practice', who: 'uno', at: '/more/practice' },
  { name: 'practice-foot', who: 'uno', at: '/more/practice', act: bottom },
  { name: 'practice-form', who: 'dc', at: '/more/practice', act: press(/নিয়ম বদলান|^Change$/) },
  {
    name: 'practice-errors',
    who: 'dc',
    at: '/more/practice',
    act: async (page) => {
      await press(/নিয়ম বদলান|^Change$/)(page)
      for (const own of await page.getByRole('radio', { name: /^(নিজের|Our own)$/ }).all()) await own.check()
      await page.getByRole('textbox', { name: /ছুটির তালিকা|List of days off/ }).fill('২০২৬-০২-৩০, ভুল দিন\nপরশু, ছুটি')
      await page.getByRole('textbox', { name: /দেখার সময়|Check times/ }).fill('সকালে')
      await press(/নিয়ম চালু করুন|Let it hold/)(page)
      await bottom(page)
    },
  },
  { name: 'held', who: 'issuer', at: '/more/held' },
  { name: 'held-sure', who: 'issuer', at: '/more/held', act: press(/টাকায় পাঠান|^Send for/) },
  { name: 'held-card', who: 'issuer', at: '/' },
  { name: 'settings-foot', who: 'uno', at: '/more/settings', act: bottom },
  {
    name: 'settings-battery',
    who: 'uno',
    at: '/more/settings',
    act: async (page) => {
      await press(/কী করতে হবে দেখুন|See what to do/)(page)
      await page.getByRole('combobox').selectOption('xiaomi')
      await bottom(page)
    },
  },
  {
    name: 'settings-pin',
    who: 'uno',
    at: '/more/settings',
    act: async (page) => {
      await press(/পিন বদলান|Change the PIN/)(page)
      await page.getByRole('textbox').first().scrollIntoViewIfNeeded()
    },
  },
  { name: 'connection', who: 'uno', at: '/more/connection' },
  { name: 'connection-foot', who: 'uno', at: '/more/connection', act: bottom },
  { name: 'about', who: 'uno', at: '/more/about' },
  { name: 'about-foot', who: 'uno', at: '/more/about', act: bottom },
  { name: 'lock', who: 'locked', at: '/' },
  {
    name: 'lock-wait',
    who: 'locked',
    at: '/',
    act: async (page) => {
      for (let i = 0; i < 5; i++) {
        await page.getByLabel(/^(পিন|PIN)$/).fill('0000')
        await press(/^(খুলুন|Open)$/)(page)
        await page.waitForTimeout(100)
      }
    },
  },
  { name: 'lock-forgotten', who: 'locked', at: '/', act: press(/পিন ভুলে গেছেন|Forgotten the PIN/) },
  { name: 'today-update', who: 'uno', at: '/', query: 'update=yes' },
  { name: 'today-install', who: 'uno', at: '/', query: 'install=yes' },
  { name: 'today-full', who: 'full', at: '/' },
  { name: 'settings-full', who: 'full', at: '/more/settings', act: bottom },
  { name: 'today-foot', who: 'uno', at: '/', act: bottom },
  {
    name: 'outbox',
    who: 'uno',
    at: '/',
    act: async (page) =>
      void (await page
        .locator('[aria-live] button')
        .first()
        .click({ timeout: 1500 })
        .catch(() => undefined)),
  },
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, as: { type: 'string', default: 'phone,desktop' } },
})
const out = positionals[0] ?? 'look'
const only = values.only?.split(',')
await mkdir(out, { recursive: true })

const site = await openPreviewSite()
const browser = await chromium.launch({
  executablePath: findChromium() ?? '/usr/bin/chromium',
  args: FLAGS,
})
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let faults = 0
try {
  for (const name of values.as.split(',')) await lookAs(name, manners[name]!, browser)
} finally {
  await browser.close()
  await site.close()
}
console.log(`${faults} faults`)
process.exit(faults === 0 ? 0 : 1)

async function lookAs(
  manner: string,
  { width, height, query, touch = false }: Manner,
  browser: Browser,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height },
    hasTouch: touch,
    isMobile: touch,
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(4000)
  for (const shot of shots) {
    if (only && !only.some((word) => shot.name.startsWith(word))) continue
    const page = await context.newPage()
    page.on('pageerror', (error) => say(shot, manner, `script: ${error.message.slice(0, 300)}`))
    page.on(
      'console',
      (message) =>
        message.type() === 'error' &&
        !NO_WORKER.test(message.text()) &&
        say(shot, manner, `console: ${message.text().slice(0, 300)}`),
    )
    const at = encodeURIComponent(shot.at)
    await page.goto(`${site.url}/preview/?who=${shot.who}&at=${at}&${query}&${shot.query ?? ''}`, {
      waitUntil: 'load',
    })
    await page.waitForTimeout(700)
    await shot.act?.(page).catch((error) => say(shot, manner, `could not: ${String(error).slice(0, 200)}`))
    await page.waitForTimeout(250)
    await page.screenshot({ path: join(out, `${shot.name}.${manner}.png`) })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) say(shot, manner, `${wide} px too wide`)
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('.scroll')]
        .filter((pane) => !pane.querySelector(':scope > table') && pane.scrollWidth > pane.clientWidth + 1)
        .map((pane) => pane.scrollWidth - pane.clientWidth),
    )
    if (cut.length > 0) say(shot, manner, `a pane scrolls sideways by ${cut} px`)
    await page.evaluate(axe)
    const found = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(o: object): Promise<Found> } }).axe.run({ resultTypes: ['violations'] }),
    )
    for (const { id, impact, nodes } of found.violations)
      if (impact === 'serious' || impact === 'critical')
        say(
          shot,
          manner,
          `axe ${id}: ${nodes
            .slice(0, 3)
            .map(({ html, any }) => `${html.slice(0, 140)} ${any?.[0]?.message ?? ''}`)
            .join(' | ')}`,
        )
    await page.close()
  }
  await context.close()
}

type Found = { violations: { id: string; impact: string; nodes: { html: string; any?: { message: string }[] }[] }[] }

function say(shot: Shot, manner: string, what: string): void {
  faults++
  console.log(`${shot.name} (${manner}): ${what}`)
}
