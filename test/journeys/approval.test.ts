/**
 * A deputy secretary lays a draft before the joint secretary, who returns it with a reason; mended, it is approved and issued, then a
 * UNO is reminded of it, it is amended, given more time and withdrawn, and her phone shows each. Each test stands on those before it.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { DESKTOP, noBrowser } from '../helpers/browser.ts'
import { look } from './looking.ts'
import { joinBy, NO_START_PAGE, named, type OwnTown, openOwnTown } from './own-town.ts'
import { Seat, type Step, stepsOf } from './stage.ts'

const SUBJECT = 'বন্যার্তদের তালিকা প্রেরণ প্রসঙ্গে'
const WRONG = 'তালিকা এক মাসের মধ্যে পাঠাতে হবে'
const RIGHT = 'তালিকা তিন দিনের মধ্যে পাঠাতে হবে'
const AMENDED = 'তালিকা ও ছবি তিন দিনের মধ্যে পাঠাতে হবে'
const REMINDED = 'তালিকা এখনো পাওয়া যায়নি।'
const RETURNED = 'এক মাস বেশি; তিন দিন করুন।'
const LETTER = `গণপ্রজাতন্ত্রী বাংলাদেশ সরকার
জনপ্রশাসন মন্ত্রণালয়

নং- ০৫.০০.০০০০.১১০.৯৯.০০২.২৬-৪২

তারিখ: ২২ নভেম্বর, ২০২৬

বিষয় : ${SUBJECT}।

বন্যার্তদের সহায়তার জন্য নিম্নরূপ নির্দেশনা দেওয়া হলো :

(ক) ${WRONG};

(খ) তালিকা নিয়মিত হালনাগাদ রাখতে হবে;

০২। এমতাবস্থায়, প্রয়োজনীয় ব্যবস্থা গ্রহণের জন্য নির্দেশক্রমে অনুরোধ করা হলো।

মোহাম্মদ নাহির উল্লাহ খান
উপসচিব

বিতরণ :

১) উপজেলা নির্বাহী অফিসার, পীরগাছা
`
const NAMES = {
  ds: named('উপসচিব', 'মোহাম্মদ নাহির উল্লাহ খান'),
  js: named('যুগ্মসচিব', 'তাহমিনা বেগম'),
  dc: named('জেলা প্রশাসক', 'সেলিনা মাহমুদা', { name: 'জেলা প্রশাসকের কার্যালয়, রংপুর', place: '5585' }),
  uno1: named('উপজেলা নির্বাহী অফিসার', 'আরিফা সিদ্দিকা', {
    name: 'উপজেলা নির্বাহী অফিসারের কার্যালয়, পীরগাছা',
    place: '558573',
  }),
}
/** Somebody else's device must have heard of it. */
const PATIENT = { timeout: 30_000 }

describe('a letter that must be approved', { skip: noBrowser, timeout: 220_000 }, () => {
  let service: OwnTown
  let seats: Record<'ds' | 'js' | 'uno1', Seat>

  const inTurn = stepsOf(() => Object.values(seats ?? {}))
  const step = (name: string, act: Step) => test(name, inTurn(act))

  before(
    async () => {
      const more = [{ code: 'js', role: 'joint-secretary', supervisor: 'room' }]
      service = await openOwnTown({ upazilas: 1, names: NAMES, more })
      seats = { ds: await Seat.take(DESKTOP), js: await Seat.take(), uno1: await Seat.take() }
      for (const [code, seat] of Object.entries(seats)) await joinBy(seat, service.url, await service.town.code(code))
    },
    { timeout: 150_000 },
  )
  after(() => service?.close())

  step('is laid before the joint secretary, and goes to nobody', async () => {
    const { page } = seats.ds
    await page.getByRole('button', { name: 'নতুন নির্দেশনা' }).click()
    await page.getByRole('textbox', { name: 'পত্রের লেখা এখানে দিন' }).fill(LETTER)
    await page.getByRole('button', { name: 'পরবর্তী: প্রাপক ও করণীয়' }).click()
    await page.getByRole('button', { name: /→ ১টি পদ/ }).waitFor()
    await page.getByRole('checkbox', { name: 'দফাওয়ারি চাই' }).check()
    await page.getByRole('group', { name: 'দফা ক' }).getByRole('button', { name: 'একবার' }).click()
    await page.getByRole('button', { name: '৩ কর্মদিবস' }).click()
    await page.getByRole('button', { name: 'পরবর্তী: যাচাই ও জারি' }).click()
    await page.getByRole('searchbox', { name: 'অনুমোদনকারী যোগ করুন' }).fill('যুগ্মসচিব')
    await page.getByRole('button', { name: /^যুগ্মসচিব/ }).click()
    await look(page, 'issuing: who must approve')
    await page.getByRole('button', { name: 'অনুমোদনের জন্য পাঠান' }).click()
    await page.waitForURL('**/drafts')
    await page.getByText(/অনুমোদনের অপেক্ষায়: যুগ্মসচিব/).waitFor(PATIENT)
    await look(page, 'drafts: one that waits')
    seats.ds.calm(NO_START_PAGE)
  })

  step('stands in her আজ, and she returns it, which she must give a reason for', async () => {
    const { page } = seats.js
    await draftOf(page, SUBJECT)
    await page.getByRole('article').getByText(WRONG).waitFor()
    await look(page, 'a draft to approve')
    await page.getByRole('button', { name: 'ফেরত দিন' }).click()
    const sheet = page.getByRole('dialog', { name: 'ফেরত দিন' })
    await sheet.getByRole('button', { name: 'ফেরত দিন' }).click()
    await sheet.getByText('কারণ লিখুন').waitFor()
    await sheet.getByRole('textbox', { name: 'কারণ' }).fill(RETURNED)
    await look(page, 'returning a draft')
    await sheet.getByRole('button', { name: 'ফেরত দিন' }).click()
    await sheet.waitFor({ state: 'detached' })
    seats.js.calm(NO_START_PAGE)
  })

  step('comes back with the reason, is mended and laid before her again', async () => {
    const { page } = seats.ds
    await page.getByRole('link', { name: /ফেরত এসেছে/ }).click(PATIENT)
    await page.getByText(RETURNED).waitFor()
    await look(page, 'a draft that was returned')
    await page.getByRole('button', { name: 'সংশোধন করে আবার পাঠান' }).click()
    await page.getByRole('button', { name: 'লেখা বদলান' }).click()
    const text = page.getByRole('textbox', { name: 'পত্রের লেখা এখানে দিন' })
    await text.fill((await text.inputValue()).replace(WRONG, RIGHT))
    await page.getByRole('button', { name: 'পরবর্তী: প্রাপক ও করণীয়' }).click()
    await page.getByRole('button', { name: 'পরবর্তী: যাচাই ও জারি' }).click()
    await page.getByText('আগের খসড়ার জায়গায় এটি যাবে; অনুমোদন আবার নিতে হবে।').waitFor()
    await page.getByRole('button', { name: 'অনুমোদনের জন্য পাঠান' }).click()
    await page.getByText(/অনুমোদনের অপেক্ষায়: যুগ্মসচিব/).waitFor(PATIENT)
    seats.ds.calm(NO_START_PAGE)
  })

  step('she approves what was mended, and nothing else is left before her', async () => {
    const { page } = seats.js
    await page.goto(service.url)
    await draftOf(page, SUBJECT)
    await page.getByRole('article').getByText(RIGHT).waitFor()
    await page.getByRole('button', { name: 'অনুমোদন করুন' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'অনুমোদন করুন' }).click()
    await page.getByRole('button', { name: 'ফিরে যান' }).click()
    await page.getByText('এখন কিছু বাকি নেই।').waitFor(PATIENT)
    seats.js.calm(NO_START_PAGE)
  })

  step('approved it is issued, and its history says by whom', async () => {
    const { page } = seats.ds
    await page.getByRole('link', { name: /অনুমোদিত · জারি করুন/ }).click(PATIENT)
    await page.getByRole('button', { name: 'জারি করুন' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '১টি পদে জারি করুন' }).click()
    await page.waitForURL('**/board/*', PATIENT)
    await page.getByText(/^অনুমোদন: যুগ্মসচিব/).waitFor(PATIENT)
    await look(page, 'board: who approved it')
    seats.ds.calm(NO_START_PAGE)
  })

  step('reaches a UNO, who acknowledges it', async () => {
    const { page } = seats.uno1
    await page.getByRole('link', { name: SUBJECT }).click(PATIENT)
    await page.getByRole('article').getByText(RIGHT).waitFor()
    await page.getByRole('button', { name: 'প্রাপ্তি স্বীকার করুন' }).click()
    await page.getByRole('button', { name: 'প্রতিপালন জানান' }).waitFor()
    seats.uno1.calm(NO_START_PAGE)
  })

  step(
    'she has not answered: reminded from the board, she and the history show it, and everybody is reached',
    async () => {
      const { page } = seats.ds
      await page.getByRole('button', { name: /^তাগিদ দিন/ }).click()
      const sheet = page.getByRole('dialog', { name: 'তাগিদ দিন' })
      await sheet.getByRole('textbox', { name: 'তাগিদের লেখা' }).fill(REMINDED)
      await look(page, 'reminding')
      await sheet.getByRole('button', { name: '১টি পদে তাগিদ দিন' }).click()
      await sheet.waitFor({ state: 'detached' })
      await seats.uno1.page.getByText(/^তাগিদপত্র · /).waitFor(PATIENT)
      await seats.uno1.page.getByText(REMINDED).waitFor()
      const history = page.getByRole('region', { name: 'এ পত্রের ইতিহাস' })
      await history.getByText('তাগিদ দেওয়া হয়েছে').waitFor(PATIENT)
      await history.getByText(REMINDED).waitFor()
      const board = page.url()
      await page.goto(`${service.url}/more/reach`)
      await page.getByText('আপনার অধীনে কোনো পদ নেই, তাই এখানে কারও তালিকা নেই।').waitFor()
      await page.goto(board)
      for (const code of ['ds', 'uno1'] as const) seats[code].calm(NO_START_PAGE)
    },
  )

  step('amended, its new words stand beside the old on her phone, with the reason', async () => {
    const sheet = await act('সংশোধন')
    await sheet.getByRole('combobox').selectOption('clause:ক')
    await sheet.getByRole('textbox', { name: 'নতুন লেখা' }).fill(AMENDED)
    await sheet.getByRole('textbox', { name: 'কেন সংশোধন' }).fill('ছবিও প্রয়োজন।')
    await look(seats.ds.page, 'amending')
    await sheet.getByRole('button', { name: 'সংশোধন দিন' }).click()
    const { page } = seats.uno1
    await page.getByText(/^সংশোধিত · /).waitFor(PATIENT)
    await page.getByText('ছবিও প্রয়োজন।').waitFor()
    await page.getByRole('article').getByText(AMENDED).waitFor()
    await page.getByRole('article').getByText(RIGHT).waitFor()
    await look(page, 'an amended letter')
    seats.uno1.calm(NO_START_PAGE)
  })

  step('given more time, the new hour stands over it', async () => {
    const sheet = await act('সময় বাড়ান')
    await sheet.getByRole('textbox', { name: 'কেন বাড়ানো হলো' }).fill('রাস্তা ডুবে আছে।')
    await look(seats.ds.page, 'giving more time')
    await sheet.getByRole('button', { name: 'সময় বাড়ান' }).click()
    const { page } = seats.uno1
    await page.getByText(/^সময় বাড়ানো হয়েছে: নতুন সময়/).waitFor(PATIENT)
    await page.getByText('রাস্তা ডুবে আছে।').waitFor()
    await look(page, 'a letter with more time')
    seats.uno1.calm(NO_START_PAGE)
  })

  step('withdrawn, it says so and why, and nothing is owed', async () => {
    const sheet = await act('পত্র বাতিল করুন')
    await sheet.getByRole('textbox', { name: 'বাতিলের কারণ' }).fill('পানি নেমে গেছে।')
    await sheet.getByRole('button', { name: 'পত্র বাতিল করুন' }).click()
    const { page } = seats.uno1
    const banner = page.getByRole('alert').filter({ hasText: 'বাতিল করা হয়েছে' })
    await banner.getByText('পানি নেমে গেছে।').waitFor(PATIENT)
    assert.equal(await page.getByRole('button', { name: 'প্রতিপালন জানান' }).count(), 0)
    await look(page, 'a withdrawn letter')
    await seats.ds.page.getByText('বাতিল করা হয়েছে').first().waitFor(PATIENT)
    for (const words of [/^সংশোধন: /, /^সময় বাড়ানো হয়েছে: /, /^বাতিল$/])
      await seats.ds.page.getByRole('region', { name: 'এ পত্রের ইতিহাস' }).getByText(words).waitFor()
    await look(seats.ds.page, 'board: the history of a letter')
    for (const seat of Object.values(seats)) seat.calm(NO_START_PAGE)
  })

  /** Opens an act of the issuer from his board; gives the sheet that asks for what it needs. */
  async function act(name: string): Promise<Locator> {
    const { page } = seats.ds
    await page.getByRole('button', { name: 'আরও কাজ' }).click()
    await page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
    const sheet = page.getByRole('dialog', { name, exact: true })
    await sheet.waitFor()
    return sheet
  }
})

/** Opens from আজ a draft that waits for the reader. */
async function draftOf(page: Page, subject: string): Promise<void> {
  await page
    .getByRole('region', { name: /^আপনার উত্তর চাওয়া হয়েছে/ })
    .getByRole('link', { name: subject })
    .click(PATIENT)
}
