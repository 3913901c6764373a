/** Single screens over the sample data of web/preview: what must stand there, and what must not. */
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

/** A screen as `who` of the sample sees it, in the one page there is: whatever stood there before is gone. */
async function open(at: string, who = 'uno', query = ''): Promise<Page> {
  page ??= await freshPage()
  await page.goto(`${site!.url}/preview/?who=${who}&at=${encodeURIComponent(at)}&${query}`)
  return page
}

test('a paragraph of a letter stands apart from its number', { skip: noBrowser }, async () => {
  const page = await open('/today/d1/uno-558573')
  const paragraph = page.locator('.paper .paragraph', { hasText: 'এমতাবস্থায়' })
  assert.match((await paragraph.textContent()) ?? '', /^০২। এমতাবস্থায়/)
})

test('a letter without its key says who brings it, and asks nothing', { skip: noBrowser }, async () => {
  for (const at of ['/today/d7/uno-558573', '/today/d7/uno-558573/answer']) {
    const page = await open(at)
    await page.getByText('চাবি দেবে: জেলা প্রশাসক, রংপুর; উপসচিব').last().waitFor()
    assert.equal(await page.getByRole('button', { name: /প্রাপ্তি স্বীকার|প্রতিপালন/ }).count(), 0)
  }
})

test('a clause nobody asked for is answered all the same, once it is chosen', { skip: noBrowser }, async () => {
  const page = await open('/today/d4/uno-558573')
  await page.getByRole('button', { name: 'উত্তর দিন' }).click()
  await page.getByLabel('প্রতিপালিত হয়েছে').check()
  await page.getByRole('button', { name: 'প্রতিপালন পাঠান' }).click()
  await page.getByText('অন্তত একটি দফা বেছে নিন').waitFor()
  await page.getByLabel('দফা গ').check()
  await page.getByRole('textbox', { name: 'বিবরণ' }).fill('দিনে তিনবার দেখা হচ্ছে')
  await page.getByRole('button', { name: 'প্রতিপালন পাঠান' }).click()
  const answers = page.getByRole('region', { name: 'উত্তর' })
  await answers.getByText('দিনে তিনবার দেখা হচ্ছে').waitFor()
  assert.match((await answers.textContent()) ?? '', /দফা গ/)
})

test('a corrected answer begins with the one given, and apart with what was written for all', {
  skip: noBrowser,
}, async () => {
  const page = await open('/today/d5/uno-558573/answer')
  const notes = () =>
    page
      .getByRole('textbox', { name: 'বিবরণ' })
      .evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value))
  const said = 'সকল শাখায় ই-নথি চালু হয়েছে।\nগত মাসে ৩৪২টি নথি নিষ্পন্ন।'
  await page.getByRole('radio', { name: 'প্রতিপালিত হয়েছে', checked: true }).waitFor()
  assert.deepEqual(await notes(), [said])
  await page.getByLabel('সব দফার জন্য একই উত্তর').uncheck()
  assert.deepEqual(await notes(), [said, said])
  assert.equal(await page.getByRole('radio', { checked: true }).count(), 2)
})

test('who passes a letter on is told who has it already', { skip: noBrowser }, async () => {
  const page = await open('/today/d1/dc-5585', 'dc')
  await page.getByRole('button', { name: 'অধীনস্থদের পাঠান' }).click()
  const sheet = page.getByRole('dialog', { name: 'অধীনস্থদের পাঠান' })
  await sheet.getByText('মূল পত্র নিজে পেয়েছেন').first().waitFor()
  await sheet.getByRole('checkbox', { name: /পীরগাছা/ }).check()
  await sheet.getByText('বেছে নেওয়া ১টি পদ মূল পত্রটি নিজে পেয়েছে').waitFor()
})

test('whoever is to publish says that it is published; a private secretary, that he has presented it', {
  skip: noBrowser,
}, async () => {
  for (const [who, post, said] of [
    ['analyst', 'pacc-ssa', 'প্রকাশ করা হয়েছে'],
    ['ps', 'mopa-ps', 'উপস্থাপন করা হয়েছে'],
    ['uno', 'uno-558573', 'প্রতিপালিত হয়েছে'],
  ] as const) {
    const page = await open(`/today/d1/${post}/answer`, who)
    await page.getByLabel(said).check()
  }
})

test('a browser that keeps no keys, or cannot make them, is refused before a code is used', {
  skip: noBrowser,
}, async () => {
  const page = await open('/')
  const opened = (spoil: string) =>
    page.evaluate(
      async ([file, spoil]) => {
        const { openBrowserStore } = await import(file)
        const { generateKey } = crypto.subtle
        const restore = new Function(
          'generateKey',
          `${spoil}; return () => { crypto.subtle.generateKey = generateKey }`,
        )
        const done = restore(generateKey.bind(crypto.subtle))
        const said = await openBrowserStore(`try ${spoil}`).then(
          () => 'opened',
          (error: { code: string }) => error.code,
        )
        done()
        return said
      },
      ['/store.js', spoil] as const,
    )
  const without = (name: string) =>
    `crypto.subtle.generateKey = (kind, ...more) => (kind.name ?? kind).includes('${name}')
      ? Promise.reject(new DOMException('no', 'NotSupportedError')) : generateKey(kind, ...more)`
  assert.equal(await opened(''), 'opened')
  assert.equal(await opened(without('ML-KEM')), 'old_browser')
  assert.equal(await opened(without('Ed25519')), 'old_browser')
  assert.equal(
    await opened(`IDBObjectStore.prototype.put = () => { throw new DOMException('no', 'InvalidStateError') }`),
    'no_key_storage',
  )
})

test('a wrong number is told in a sentence, and only the ways of this server are asked for', {
  skip: noBrowser,
}, async () => {
  const page = await open('/more/settings')
  await page.getByRole('textbox', { name: 'মোবাইল নম্বর' }).fill('০১৭১২')
  await page.getByRole('button', { name: 'নম্বর রাখুন' }).click()
  await page.getByRole('alert').filter({ hasText: 'নম্বরে অঙ্ক কম আছে' }).waitFor()
  await page.getByRole('checkbox', { name: /হোয়াটসঅ্যাপেও জানান/ }).check()
  const none = await open('/more/settings', 'empty')
  await none.getByText('এ সার্ভারে চালু নেই, তাই চাওয়া হচ্ছে না: এসএমএস, ই-মেইল, হোয়াটসঅ্যাপ।').waitFor()
  assert.equal(await none.getByRole('textbox', { name: 'মোবাইল নম্বর' }).count(), 0)
})

test('how the office works is read by all of it, and changed by its head, who is told each mistake in its line', {
  skip: noBrowser,
}, async () => {
  const reader = await open('/more/practice')
  await reader.getByText('সকাল ১০:০০, দুপুর ১:০০, বিকাল ৪:০০').waitFor()
  assert.equal(await reader.getByRole('button', { name: 'নিয়ম বদলান' }).count(), 0)
  const head = await open('/more/practice', 'dc')
  await head.getByRole('button', { name: 'নিয়ম বদলান' }).click()
  await head.getByRole('textbox', { name: 'ছুটির তালিকা' }).fill('২০২৬-১১-২৫, মেলা\n২০২৬-০২-৩০, নেই')
  await head.getByRole('button', { name: 'নিয়ম চালু করুন' }).click()
  await head.getByText('সারি ২ (২০২৬-০২-৩০): এমন কোনো দিন নেই').waitFor()
  await head.getByRole('textbox', { name: 'ছুটির তালিকা' }).fill('২০২৬-১১-২৫, মেলা')
  await head.getByRole('button', { name: 'নিয়ম চালু করুন' }).click()
  await head.getByText('নিয়ম চালু হয়েছে').waitFor()
})

test('a sending that costs much is shown to whoever issued it, and goes only when he says so', {
  skip: noBrowser,
}, async () => {
  const page = await open('/', 'issuer')
  await page.getByRole('button', { name: 'দেখুন' }).click()
  await page.getByRole('button', { name: '১৭,৫০০ টাকায় পাঠান' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByText('এসএমএস ৫০,০০০ জনকে যাবে; ১৭,৫০০ টাকা খরচ হবে।').waitFor()
  await sheet.getByRole('button', { name: '১৭,৫০০ টাকায় পাঠান' }).click()
  await page.getByText('অনুমতির অপেক্ষায় কিছু নেই।').waitFor()
})
