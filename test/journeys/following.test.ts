/**
 * A directive that asks for numbers and a photograph goes from the ministry to a DC, from him to three UNOs, and what they answer
 * comes back up as one sum: real browsers on a real server. Each test stands on those before it.
 */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { SmarakClient } from '../../client/client.ts'
import { readBundle } from '../../client/messages.ts'
import type { Cbor } from '../../core/cbor.ts'
import { readCose } from '../../core/item.ts'
import { dhakaTime } from '../../language/time.ts'
import { fieldsFromCbor } from '../../letters/fields.ts'
import { DESKTOP, noBrowser } from '../helpers/browser.ts'
import { look } from './looking.ts'
import { joinBy, NO_START_PAGE, named, type OwnTown, openOwnTown } from './own-town.ts'
import { EXPECTED, Seat, type Step, stepsOf } from './stage.ts'

const ASKED = 'উপজেলার আশ্রয়কেন্দ্রের হিসাব দিন।'
const INSTRUCTION = 'আপনার উপজেলার হিসাব কাল দিন।'
const UNO = 'উপজেলা নির্বাহী অফিসার'
const NAMES = {
  ds: named('উপসচিব', 'মোহাম্মদ নাহির উল্লাহ খান'),
  dc: named('জেলা প্রশাসক', 'সেলিনা মাহমুদা', { name: 'জেলা প্রশাসকের কার্যালয়, রংপুর', place: '5585' }),
  uno1: named(UNO, 'আরিফা সিদ্দিকা', { name: `${UNO}ের কার্যালয়, পীরগাছা`, place: '558573' }),
  uno2: named(UNO, 'মাহমুদ হাসান', { name: `${UNO}ের কার্যালয়, কাউনিয়া`, place: '558542' }),
  uno3: named(UNO, 'রওশন আরা', { name: `${UNO}ের কার্যালয়, গংগাচড়া`, place: '558527' }),
}
/** Each as he types it, the third as a device sends it; what it is, and how much in all. */
const SAID = { uno1: '১২,৩৪৫', uno2: '1,00,250', uno3: '780.5' }
const SUM = { bn: '১,১৩,৩৭৫.৫', csv: '113375.5' }
/** A photograph takes its time on a busy machine; the DC is told when the answer is there. */
const PATIENT = { timeout: 30_000 }

describe('following a directive through', { skip: noBrowser, timeout: 220_000 }, () => {
  let service: OwnTown
  let seats: Record<'ds' | 'dc' | 'uno1' | 'uno2', Seat>
  /** The third UNO, whose answer is like the first one's: his device has no screen. */
  let third: SmarakClient
  /** The directive of the ministry, and the one by which the DC passed it on. */
  let [directive, passed] = ['', '']

  const inTurn = stepsOf(() => Object.values(seats ?? {}))
  const step = (name: string, act: Step) => test(name, inTurn(act))

  before(
    async () => {
      service = await openOwnTown({ upazilas: 3, names: NAMES })
      const [ds, dc] = [await Seat.take(DESKTOP), await Seat.take(DESKTOP)]
      seats = { ds, dc, uno1: await Seat.take(), uno2: await Seat.take() }
      for (const [code, seat] of Object.entries(seats)) await joinBy(seat, service.url, await service.town.code(code))
      third = await service.town.official('uno3')
    },
    { timeout: 150_000 },
  )
  after(() => service?.close())

  step('the ministry asks a DC for a number with its unit and for a photograph', async () => {
    const { page } = seats.ds
    await page.getByRole('button', { name: 'নতুন নির্দেশনা' }).click()
    await page.getByRole('button', { name: 'সংক্ষিপ্ত নির্দেশ' }).click()
    await page.getByRole('textbox', { name: 'নির্দেশ' }).fill(ASKED)
    await page.getByRole('searchbox', { name: 'অন্য পদ খুঁজুন' }).fill('জেলা প্রশাসক রংপুর')
    await page.getByRole('button', { name: /জেলা প্রশাসক, রংপুর/ }).click()
    await page.getByRole('button', { name: '৭ কর্মদিবস' }).click()
    await page.getByRole('button', { name: 'ঘর যোগ করুন' }).click()
    const first = page.getByRole('group', { name: 'ঘর ১' })
    await first.getByRole('textbox', { name: 'ঘরের নাম' }).fill('আশ্রিত মানুষ')
    await first.getByRole('textbox', { name: 'একক' }).fill('জন')
    await page.getByRole('button', { name: 'ঘর যোগ করুন' }).click()
    const second = page.getByRole('group', { name: 'ঘর ২' })
    await second.getByRole('textbox', { name: 'ঘরের নাম' }).fill('কেন্দ্রের ছবি')
    await second.getByRole('combobox', { name: 'ধরন' }).selectOption('photo')
    await second.getByRole('checkbox', { name: 'না দিলে উত্তর যাবে না' }).uncheck()
    await look(page, 'a directive that asks for a form')
    await page.getByRole('button', { name: '১টি পদে দিন' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '১টি পদে দিন' }).click()
    await page.waitForURL('**/board/*')
    directive = page.url().split('/').at(-1)!
    seats.ds.calm(NO_START_PAGE)
  })

  step('the DC passes it on to his three UNOs, with an instruction and an earlier day', async () => {
    const { page } = seats.dc
    await page.getByRole('link', { name: ASKED }).click(PATIENT)
    await page.getByRole('button', { name: 'অধীনস্থদের পাঠান' }).click()
    const sheet = page.getByRole('dialog', { name: 'অধীনস্থদের পাঠান' })
    await sheet.getByRole('button', { name: `সব ${UNO} · ৩টি` }).click()
    await sheet.getByRole('textbox', { name: 'আপনার নির্দেশ' }).fill(INSTRUCTION)
    await sheet.getByLabel('কবের মধ্যে').fill(dhakaTime(Date.now() + 2 * 86_400_000).date)
    await look(page, 'passing on')
    await sheet.getByRole('button', { name: '৩টি পদে পাঠান' }).click()
    await sheet.waitFor({ state: 'detached' })
    await page.getByText('পাঠানো হয়েছে: ৩টি পদে · ০টি উত্তর দিয়েছে').waitFor(PATIENT)
    await look(page, 'a letter that was passed on')
    seats.dc.calm(NO_START_PAGE)
  })

  step('a UNO has the DC’s word with the letter in it, and answers in Bangla digits with a photograph', async () => {
    const { page } = seats.uno1
    const row = page.getByRole('link', { name: ASKED })
    await row.click(PATIENT)
    await page.getByText(INSTRUCTION).first().waitFor()
    await page.getByText(ASKED).last().waitFor()
    await look(page, 'what the DC passed on')
    await page.getByRole('button', { name: 'প্রতিপালন জানান' }).click()
    await page.getByRole('radio', { name: 'প্রতিপালিত হয়েছে' }).check()
    const number = page.getByRole('textbox', { name: 'আশ্রিত মানুষ (জন)' })
    await number.fill('অনেক')
    await page.getByRole('button', { name: 'প্রতিপালন পাঠান' }).click()
    await page.getByRole('alert').first().waitFor()
    await look(page, 'answering in words where a number is asked')
    await number.fill(SAID.uno1)
    await page
      .locator('input[type=file][accept="image/*"]')
      .first()
      .setInputFiles({
        name: 'কেন্দ্র.jpg',
        mimeType: 'image/jpeg',
        buffer: await photograph(page),
      })
    await page.getByText('কেন্দ্র.jpg').waitFor(PATIENT)
    await look(page, 'answering with a photograph')
    // The same form in a second tab must not let the answer go out again unnoticed.
    const second = await seats.uno1.context.newPage()
    await second.goto(page.url())
    await second.getByRole('radio', { name: 'প্রতিপালিত হয়েছে' }).waitFor(PATIENT)
    const meanwhile = /^ইতিমধ্যে অন্য পাতা বা যন্ত্র থেকে উত্তর দেওয়া হয়েছে/
    assert.equal(await second.getByText(meanwhile).count(), 0)
    await page.getByRole('button', { name: 'প্রতিপালন পাঠান' }).click()
    await page.getByText(/^প্রতিপালিত · আজ/).waitFor(PATIENT)
    await second.getByText(meanwhile).waitFor(PATIENT)
    await second.close()
    await seats.dc.page.getByText('পাঠানো হয়েছে: ৩টি পদে · ১টি উত্তর দিয়েছে').waitFor(PATIENT)
    seats.uno1.calm(NO_START_PAGE)
  })

  step('another has no network: his answer with commas waits in sight, and leaves by itself exactly once', async () => {
    const { page, context } = seats.uno2
    await page.getByRole('link', { name: ASKED }).click(PATIENT)
    await page.getByRole('button', { name: 'প্রতিপালন জানান' }).click()
    await page.getByRole('textbox', { name: 'আশ্রিত মানুষ (জন)' }).waitFor()
    await context.setOffline(true)
    await page.getByRole('radio', { name: 'প্রতিপালিত হয়েছে' }).check()
    await page.getByRole('textbox', { name: 'আশ্রিত মানুষ (জন)' }).fill(SAID.uno2)
    await page.getByRole('button', { name: 'প্রতিপালন পাঠান' }).click()
    await page.getByRole('button', { name: 'সংযোগ নেই · ১টি উত্তর অপেক্ষায়' }).waitFor()
    await look(page, 'an answer that waits')
    passed = page.url().match(/\/today\/([^/]+)/)![1]!
    await thirdAnswers()
    await context.setOffline(false)
    await page.getByText(/^প্রতিপালিত · আজ/).waitFor(PATIENT)
    await page.reload()
    await page.getByText(/^প্রতিপালিত · আজ/).waitFor()
    const kinds = await threadOf(seats.dc, passed, service.town.id('post', 'uno2'))
    assert.equal(kinds.filter((kind) => kind === 'answer').length, 1, kinds.join())
    seats.uno2.calm(NO_START_PAGE, EXPECTED.offline)
  })

  step('the DC’s board adds the three up, and he answers upward with their sum', async () => {
    const { page } = seats.dc
    await page.goto(`${service.url}/board/${passed}`)
    await hasTotal(page, SUM.bn, '৩/৩ উত্তর থেকে')
    await look(page, 'board of the DC')
    await page.goto(`${service.url}/today/${directive}/${service.town.id('post', 'dc')}`)
    await page.getByText('পাঠানো হয়েছে: ৩টি পদে · ৩টি উত্তর দিয়েছে').waitFor()
    await page.getByRole('button', { name: 'একত্র উত্তর দিন' }).click()
    const number = page.getByRole('textbox', { name: 'আশ্রিত মানুষ (জন)' })
    await number.waitFor(PATIENT)
    assert.match(await number.inputValue(), /১১৩৩৭৫.৫|১,১৩,৩৭৫.৫/)
    const note = page.getByRole('textbox', { name: 'বিবরণ' })
    assert.equal(await note.inputValue(), '৩টি পদের মধ্যে ৩টির উত্তর একত্র করা হলো।')
    await page.getByRole('radio', { name: 'প্রতিপালিত হয়েছে' }).check()
    await look(page, 'answering for all')
    await page.getByRole('button', { name: 'প্রতিপালন পাঠান' }).click()
    await page.getByText(/^প্রতিপালিত · আজ/).waitFor(PATIENT)
    seats.dc.calm(NO_START_PAGE)
  })

  step('the ministry’s board shows the DC’s answer, and that he passed it on', async () => {
    const { page } = seats.ds
    await hasTotal(page, SUM.bn, '১/১ উত্তর থেকে')
    await page.getByRole('treegrid').getByRole('button', { name: /রংপুর/ }).first().click()
    await look(page, 'board of the ministry')
    seats.ds.calm(NO_START_PAGE)
  })

  step('the report is downloaded: a PDF of whole pages, and a table with the sum and everybody’s name', async () => {
    const { page } = seats.dc
    await page.goto(`${service.url}/board/${passed}`)
    await page.getByRole('button', { name: 'প্রতিবেদন নামান' }).click()
    await look(page, 'board: the report')
    const csv = await saved(page, 'সিএসভি (হিসাবের ছক)', 'csv')
    const table = await readFile(csv, 'utf8')
    for (const words of [SUM.csv, '12345', '100250', '780.5', 'পীরগাছা', 'কাউনিয়া', 'গংগাচড়া'])
      assert.ok(table.includes(words), `${words} in\n${table}`)
    await page.getByRole('button', { name: 'প্রতিবেদন নামান' }).click()
    const pdf = await saved(page, 'পিডিএফ', 'pdf')
    const bytes = (await readFile(pdf)).toString('latin1')
    assert.equal(bytes.slice(0, 5), '%PDF-')
    assert.match(bytes, /\/Count 2\b/, 'the summary; the answers and who is silent')
    seats.dc.calm(NO_START_PAGE)
  })

  async function thirdAnswers(): Promise<void> {
    const post = service.town.id('post', 'uno3')
    await third.sync()
    const { parts } = await third.open(passed, post)
    const fields = fieldsFromCbor(parts!.find(({ label }) => label === 'fields')!.value as Cbor)
    const { key } = fields.find(({ type }) => type === 'number')!
    await third.answer({
      directive: passed,
      post,
      clauses: [''],
      state: 'done',
      until: null,
      note: '',
      values: { [key]: SAID.uno3 },
    })
    await third.sync()
  }

  /** Waits until the row of the whole says so. */
  async function hasTotal(page: Page, ...words: string[]): Promise<void> {
    const whole = page.getByRole('region', { name: 'মোট' }).getByRole('row', { name: /^সর্বমোট/ })
    for (const one of words) await whole.getByText(one).first().waitFor(PATIENT)
  }

  async function saved(page: Page, button: string, ending: string): Promise<string> {
    const [download] = await Promise.all([
      page.waitForEvent('download', PATIENT),
      page.getByRole('dialog').getByRole('button', { name: button }).click(),
    ])
    assert.equal(download.suggestedFilename(), `প্রতিপালন-প্রতিবেদন.${ending}`)
    const path = join(service.folder, `report.${ending}`)
    await download.saveAs(path)
    return path
  }

  async function threadOf(seat: Seat, id: string, post: string): Promise<string[]> {
    const reply = await seat.ask(`${service.url}/api/threads/${id}/${post}?size=0`)
    assert.equal(reply.status, 200, await reply.clone().text())
    return readBundle(new Uint8Array(await reply.arrayBuffer())).entries.map(({ cose }) => readCose(cose).header.kind)
  }
})

/** A picture as a telephone takes it: large, and with nothing in it that could be left out. */
async function photograph(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(2000, 1500)
    const context = canvas.getContext('2d')!
    const colours = context.createLinearGradient(0, 0, 2000, 1500)
    for (let i = 0; i <= 10; i++) colours.addColorStop(i / 10, `hsl(${i * 36} 60% 50%)`)
    context.fillStyle = colours
    context.fillRect(0, 0, 2000, 1500)
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })
    return new Uint8Array(await blob.arrayBuffer()).toBase64()
  })
  return Buffer.from(base64, 'base64')
}
