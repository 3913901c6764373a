/** The issuer's and the approver's screens over the sample data of web/preview: what they ask before they let anything go. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { freshPage, noBrowser } from '../helpers/browser.ts'
import { openPreviewSite, type PreviewSite } from './preview-site.ts'

let site: PreviewSite | undefined

before(async () => {
  if (!noBrowser) site = await openPreviewSite()
})
after(() => site?.close())

let page: Page | undefined

async function open(at: string, who: string): Promise<Page> {
  page ??= await freshPage()
  await page.goto(`${site!.url}/preview/?who=${who}&at=${encodeURIComponent(at)}`)
  return page
}

test('a superior ticks nobody beforehand, takes all of one kind in one tap, and back', {
  skip: noBrowser,
}, async () => {
  const page = await open('/issue', 'dc')
  await page.getByRole('button', { name: 'সংক্ষিপ্ত নির্দেশ' }).click()
  const all = page.getByRole('button', { name: 'সব উপজেলা নির্বাহী অফিসার (৮)' })
  await all.waitFor()
  assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 0)
  await all.click()
  await page.getByRole('button', { name: '৮টি পদে দিন' }).click()
  await page.getByRole('alert').getByText('লেখা দিন।').waitFor()
  await page.getByRole('textbox', { name: 'নির্দেশ' }).fill('আশ্রয়কেন্দ্রের তালিকা দিন।')
  await page.getByRole('button', { name: '৮টি পদে দিন' }).click()
  await page.getByRole('dialog').getByText('৮টি পদে যাবে।').waitFor()
  await page.keyboard.press('Escape')
  await all.click()
  assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 0)
})

test('advice is asked for no date, and a demi-official letter finds its person by the post', {
  skip: noBrowser,
}, async () => {
  const page = await open('/issue', 'dc')
  await page.getByRole('button', { name: 'পরামর্শ', exact: true }).click()
  await page.getByRole('textbox', { name: 'পরামর্শ' }).waitFor()
  assert.equal(await page.getByText('কবের মধ্যে').count(), 0)
  await page.getByRole('button', { name: 'আধা-সরকারি পত্র' }).click()
  await page.getByRole('searchbox').fill('ইউএনও পীরগাছা')
  await page.getByRole('button', { name: /উপজেলা নির্বাহী অফিসার, পীরগাছা/ }).click()
  await page.getByRole('button', { name: '১ জনকে পাঠান' }).waitFor()
})

test('a date that was promised is asked for at its field before anything is checked or given', {
  skip: noBrowser,
}, async () => {
  const page = await open('/issue', 'issuer')
  await page.getByRole('button', { name: 'নমুনা' }).click()
  await page.getByRole('button', { name: /^২.প্রাপক/ }).click()
  await page.getByRole('button', { name: 'তারিখ', exact: true }).click()
  const asked = page.getByRole('alert').getByText('সময়সীমার তারিখ দেওয়া হয়নি')
  assert.equal(await asked.count(), 0, 'not before somebody goes on')
  for (const on of [page.getByRole('button', { name: /^পরবর্তী/ }), page.getByRole('button', { name: /^৩.যাচাই/ })]) {
    await on.click()
    await asked.waitFor()
    assert.equal(await page.evaluate(() => (document.activeElement as HTMLInputElement).type), 'date')
    await page.getByRole('button', { name: 'আজ', exact: true }).click()
    await page.getByRole('button', { name: 'তারিখ', exact: true }).click()
    assert.equal(await asked.count(), 0)
  }
  await page.locator('input[type="date"]').fill('2099-01-15')
  await page.getByRole('button', { name: /^পরবর্তী/ }).click()
  await page.getByText('১৫ জানুয়ারি ২০৯৯', { exact: false }).first().waitFor()
  assert.equal(await page.getByRole('article').count(), 1, 'the letter as it goes')
})

test('a letter whose office wants it goes to its approvers, not out', { skip: noBrowser }, async () => {
  const page = await open('/issue', 'issuer')
  await page.getByRole('button', { name: 'নমুনা' }).click()
  await page.getByRole('button', { name: /যাচাই ও জারি/ }).click()
  await page.getByText('এ দপ্তরের নিয়মে এঁদের অনুমোদন লাগে।').waitFor()
  assert.equal(await page.getByRole('button', { name: 'জারি করুন', exact: true }).count(), 0)
  await page.getByRole('button', { name: 'অনুমোদনের জন্য পাঠান' }).click()
  await page.getByRole('heading', { name: 'খসড়া ও অনুমোদন' }).waitFor()
  await page.getByText('অনুমোদনের জন্য পাঠানো হচ্ছে').waitFor()
})

test('who returns a draft says why; who approves need not', { skip: noBrowser }, async () => {
  const page = await open('/drafts/f1', 'dc')
  await page.getByRole('article').waitFor()
  await page.getByRole('button', { name: 'ফেরত দিন' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'ফেরত দিন' }).click()
  await page.getByRole('alert').getByText('কারণ লিখুন').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'অনুমোদন করুন' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'অনুমোদন করুন' }).click()
  await page.getByRole('button', { name: 'ফিরিয়ে নিন' }).waitFor()
})

test('from the board nothing is amended without other words, nor extended or reminded without a reason', {
  skip: noBrowser,
}, async () => {
  const page = await open('/board/d1', 'issuer')
  await page.getByRole('button', { name: 'আরও কাজ' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'সংশোধন', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox').selectOption('clause:গ')
  assert.equal(
    await dialog.getByRole('textbox', { name: 'নতুন লেখা' }).inputValue(),
    'দিনে তিনবার মেসেজ পরীক্ষা করতে হবে;',
    'what an earlier amendment said is what is amended now',
  )
  await dialog.getByRole('button', { name: 'সংশোধন দিন' }).click()
  await dialog.getByText('লেখা বদলায়নি').waitFor()
  await dialog.getByText('কারণ লিখুন').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^তাগিদ দিন/ }).click()
  await dialog.getByRole('textbox', { name: 'তাগিদের লেখা' }).fill('')
  await dialog.getByRole('button', { name: /টি পদে তাগিদ দিন$/ }).click()
  await dialog.getByText('তাগিদের লেখা দিন').waitFor()
})

test('what the answers add up to is the sum of its districts', { skip: noBrowser }, async () => {
  const page = await open('/board/d1', 'issuer')
  const table = page.getByRole('region', { name: 'মোট' }).getByRole('table')
  await page.getByText('যোগফল এ যন্ত্রে').waitFor({ timeout: 20_000 })
  await table.getByRole('button', { name: 'রংপুর বিভাগ' }).click()
  const numbers = await table.getByRole('row').evaluateAll((rows) =>
    rows.map((row) => {
      const [head, cell] = [row.querySelector('th'), row.querySelector('td strong')]
      const latin = (cell?.textContent ?? '0').replace(/[০-৯]/g, (digit) => String('০১২৩৪৫৬৭৮৯'.indexOf(digit)))
      return {
        inner: head?.classList.contains('inner'),
        name: head?.textContent?.trim(),
        n: Number(latin.replaceAll(',', '')) || 0,
      }
    }),
  )
  const division = numbers.find(({ name }) => name === 'রংপুর বিভাগ')!
  const districts = numbers.filter(({ inner }) => inner)
  assert.ok(division.n > 0)
  assert.equal(
    districts.reduce((sum, { n }) => sum + n, 0),
    division.n,
  )
})

test('a letter written in two pages at once says so in both, and each keeps its own on the screen', {
  skip: noBrowser,
}, async () => {
  const first = await open('/issue', 'issuer')
  const second = await first.context().newPage()
  await second.goto(`${site!.url}/preview/?who=issuer&at=/issue`)
  const write = (page: Page, text: string) => page.getByRole('textbox', { name: 'পত্রের লেখা এখানে দিন' }).fill(text)
  const said = (page: Page) => page.getByText('আরেক পাতায়ও নির্দেশনা লেখা হচ্ছে')
  await write(first, 'বিষয়: প্রথম।')
  await write(second, 'বিষয়: দ্বিতীয়।')
  await said(first).waitFor()
  await write(first, 'বিষয়: প্রথম, আবার।')
  await said(second).waitFor()
  assert.equal(await second.getByRole('textbox', { name: 'পত্রের লেখা এখানে দিন' }).inputValue(), 'বিষয়: দ্বিতীয়।')
  await second.close()
})
