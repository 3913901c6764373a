/** A superior directs his own shortly and follows it through; a letter is drafted, returned, approved and issued. On a real server. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { noBrowser } from '../helpers/browser.ts'
import { openStage, Seat } from './stage.ts'

test('a short directive is followed through, and a draft returned, approved and issued', {
  skip: noBrowser,
  timeout: 200_000,
}, async (t) => {
  const stage = await openStage(20)
  const seats: Seat[] = []
  try {
    const dc = await Seat.take()
    seats.push(dc)
    await dc.become(stage.url, 'জেলা প্রশাসক')
    const { page } = dc
    await page.goto(`${stage.url}/issue`)
    await page.getByRole('button', { name: 'সংক্ষিপ্ত নির্দেশ' }).click()
    await page.getByRole('textbox', { name: 'নির্দেশ' }).fill('আশ্রয়কেন্দ্রের তালিকা দিন।')
    await page.getByRole('button', { name: /^সব উপজেলা নির্বাহী/ }).click()
    await page.getByRole('button', { name: '৩ কর্মদিবস' }).click()
    await page.getByRole('button', { name: 'ঘর যোগ করুন' }).click()
    await page.getByRole('textbox', { name: 'ঘরের নাম' }).fill('আশ্রিত মানুষ')
    await page.getByRole('button', { name: /টি পদে দিন/ }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /টি পদে দিন/ })
      .click()
    await page.waitForURL('**/board/*')
    await page.getByRole('button', { name: /^তাগিদ দিন/ }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /টি পদে তাগিদ দিন$/ })
      .click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText('তাগিদ দেওয়া হয়েছে').waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'আরও কাজ' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'সময় বাড়ান' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('বন্যা')
    await page.getByRole('dialog').getByRole('button', { name: 'সময় বাড়ান' }).click()
    await page.getByText(/^সময় বাড়ানো হয়েছে/).waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'আরও কাজ' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'সংশোধন', exact: true }).click()
    await page.getByRole('dialog').getByRole('combobox').selectOption('paragraph:')
    await page.getByRole('dialog').getByRole('textbox', { name: 'নতুন লেখা' }).fill('আশ্রয়কেন্দ্রের তালিকা ও ছবি দিন।')
    await page.getByRole('dialog').getByRole('textbox', { name: 'কেন সংশোধন' }).fill('ছবিও চাই')
    await page.getByRole('dialog').getByRole('button', { name: 'সংশোধন দিন' }).click()
    await page.getByText(/^সংশোধন: /).waitFor({ timeout: 30_000 })
    await page.getByText(/যোগফল এ যন্ত্রে/).waitFor({ timeout: 30_000 })
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'প্রতিবেদন নামান' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /সিএসভি/ })
      .click()
    assert.match((await download).suggestedFilename(), /\.csv$/)
    const pdf = page.waitForEvent('download', { timeout: 60_000 })
    await page.getByRole('button', { name: 'প্রতিবেদন নামান' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'পিডিএফ', exact: true }).click()
    await (await pdf).saveAs(join(stage.folder, 'report.pdf'))
    assert.equal((await readFile(join(stage.folder, 'report.pdf'))).subarray(0, 5).toString(), '%PDF-')
    await page.goto(`${stage.url}/more/reach`)
    await page.getByText('সব জায়গায় পৌঁছেছে।').waitFor()
    dc.calm(/status of 404/)

    const issuer = await Seat.take()
    seats.push(issuer)
    await issuer.become(stage.url, 'উপসচিব')
    const p = issuer.page
    await p.goto(`${stage.url}/issue`)
    await p.getByRole('button', { name: 'নমুনা' }).click()
    await p.getByRole('button', { name: /যাচাই ও জারি/ }).click()
    await p.getByRole('searchbox', { name: 'অনুমোদনকারী যোগ করুন' }).fill('জেলা প্রশাসক রংপুর')
    await p.getByRole('button', { name: /^জেলা প্রশাসক, রংপুর/ }).click()
    await p.getByRole('button', { name: 'অনুমোদনের জন্য পাঠান' }).click()
    await p.waitForURL('**/drafts')
    await p.getByText('অনুমোদনের অপেক্ষায়: জেলা প্রশাসক, রংপুর').waitFor({ timeout: 30_000 })
    await page.goto(`${stage.url}/drafts`)
    await page.getByRole('link', { name: /আপনার অনুমোদন চাই/ }).click({ timeout: 30_000 })
    await page.getByRole('button', { name: 'ফেরত দিন' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('তারিখ দেখুন')
    await page.getByRole('dialog').getByRole('button', { name: 'ফেরত দিন' }).click()
    await p.getByRole('link', { name: /ফেরত এসেছে/ }).click({ timeout: 30_000 })
    await p.getByRole('button', { name: 'সংশোধন করে আবার পাঠান' }).click()
    await p.getByText('খসড়া এ যন্ত্রে').first().waitFor()
    await p.getByRole('button', { name: /যাচাই ও জারি/ }).click()
    await p.getByText('ফেরত আসা খসড়ার জায়গায় এটি যাবে।').waitFor()
    await p.getByRole('button', { name: 'অনুমোদনের জন্য পাঠান' }).click()
    await page.goto(`${stage.url}/drafts`)
    await page.getByRole('link', { name: /আপনার অনুমোদন চাই/ }).click({ timeout: 30_000 })
    await page.getByRole('button', { name: 'অনুমোদন করুন' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'অনুমোদন করুন' }).click()
    await p.getByRole('link', { name: /অনুমোদিত · জারি করুন/ }).click({ timeout: 40_000 })
    await p.getByRole('button', { name: 'জারি করুন' }).click()
    await p
      .getByRole('dialog')
      .getByRole('button', { name: /টি পদে জারি করুন/ })
      .click()
    await p.waitForURL('**/board/*', { timeout: 60_000 })
    await p.getByText(/^অনুমোদন: জেলা প্রশাসক/).waitFor({ timeout: 30_000 })
    issuer.calm(/status of 404/)
  } catch (error) {
    for (const seat of seats) await seat.tell(t)
    throw error
  } finally {
    for (const seat of seats) await seat.context.close().catch(() => {})
    await stage.close()
  }
})
