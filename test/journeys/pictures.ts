/**
 * The pictures of the README, of a demonstration as it stands after a few minutes:
 *
 *     node test/journeys/pictures.ts [docs/pictures]
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { DESKTOP, PHONE } from '../helpers/browser.ts'
import { openStage } from './stage.ts'

const out = process.argv[2] ?? 'docs/pictures'
const SUBJECT = 'তথ্য ও যোগাযোগ প্রযুক্তির ব্যবহারে'
const FILL = { timeout: 240_000 }

await mkdir(out, { recursive: true })
const stage = await openStage(400)
const browser = await chromium.launch({
  executablePath: process.env.SMARAK_CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
try {
  const issuer = await enter('উপসচিব', DESKTOP)
  await issuer.getByRole('button', { name: 'নতুন নির্দেশনা' }).click()
  await issuer.getByRole('button', { name: 'নমুনা' }).click()
  await issuer.getByRole('heading', { name: 'যা বোঝা গেছে' }).waitFor()
  await picture(issuer, 'issue')
  await issuer.getByRole('button', { name: /^পরবর্তী/ }).click()
  await issuer.getByRole('checkbox', { name: 'দফাওয়ারি চাই' }).check()
  for (const label of ['খ', 'গ', 'ঙ']) {
    const ask = issuer.getByRole('group', { name: `দফা ${label}` })
    await ask.getByRole('button', { name: label === 'ঙ' ? 'স্থায়ী' : 'একবার' }).click()
  }
  await issuer.getByRole('button', { name: '৩ কর্মদিবস' }).click()
  await issuer.getByRole('button', { name: /^পরবর্তী/ }).click()
  await issuer.getByRole('button', { name: 'জারি করুন', exact: true }).click()
  await issuer
    .getByRole('dialog')
    .getByRole('button', { name: /পদে জারি করুন$/ })
    .click()
  await issuer.getByRole('treegrid').waitFor(FILL)

  const uno = await enter('উপজেলা নির্বাহী অফিসার', { ...PHONE, hasTouch: true, isMobile: true })
  await uno.getByRole('link', { name: SUBJECT }).waitFor(FILL)
  await picture(uno, 'phone-today')
  await uno.getByRole('link', { name: SUBJECT }).click()
  await uno.getByRole('article').waitFor()
  await picture(uno, 'phone-letter')
  await uno.getByRole('button', { name: 'আরও কাজ' }).click()
  await uno.getByRole('dialog').getByRole('button', { name: 'প্রমাণ' }).click()
  await uno.getByText('যাচাই হয়েছে').waitFor()
  await picture(uno, 'proof')

  // A hundred have answered: three digits in the last of the five numbers.
  await issuer.waitForFunction(
    () => document.querySelectorAll('main .legend strong')[4]!.textContent!.length > 2,
    null,
    FILL,
  )
  await issuer.getByRole('treegrid').getByRole('button', { name: /^রংপুর/ }).first().click()
  await issuer.evaluate(() => {
    for (const pane of document.querySelectorAll('.scroll')) pane.scrollTop = 0
  })
  await picture(issuer, 'board')
} finally {
  await browser.close()
  await stage.close()
}

async function enter(post: string, options: object): Promise<Page> {
  const page = await (await browser.newContext({ ...options, reducedMotion: 'reduce' })).newPage()
  await page.goto(stage.url)
  await page.getByRole('list').getByRole('button', { name: post }).click(FILL)
  await page.getByRole('heading', { name: 'আজ', level: 1 }).waitFor()
  return page
}

async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(out, `${name}.png`) })
}
