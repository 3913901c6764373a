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

/** A screen as `who` of the sample sees it. */
async function open(at: string, who = 'uno', query = ''): Promise<Page> {
  const page = await freshPage()
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
