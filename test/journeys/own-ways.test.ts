/**
 * A DC says how his office works, and it holds for whoever works there; a UNO says by which number he is told and when not. Each
 * test stands on those before it.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { digitsOf } from '../../language/digits.ts'
import { dhakaTime, fromDhaka } from '../../language/time.ts'
import { noBrowser } from '../helpers/browser.ts'
import { type HttpEnd, httpEnd } from '../helpers/channel-ends.ts'
import { townLetter } from '../helpers/town.ts'
import { look } from './looking.ts'
import { joinBy, NO_START_PAGE, named, type OwnTown, openOwnTown } from './own-town.ts'
import { EXPECTED, Seat, type Step, stepsOf } from './stage.ts'

const SUBJECT = 'আশ্রয়কেন্দ্রের তালিকা'
const NAMES = {
  dc: named('জেলা প্রশাসক', 'সেলিনা মাহমুদা'),
  uno1: named('উপজেলা নির্বাহী অফিসার, পীরগাছা', 'আরিফা সিদ্দিকা'),
}

describe('an office and an officer say how they want it', { skip: noBrowser, timeout: 120_000 }, () => {
  let gateway: HttpEnd
  let service: OwnTown
  let dc: Seat
  let uno: Seat

  const inTurn = stepsOf(() => [dc, uno])
  const step = (name: string, act: Step) => test(name, inTurn(act))

  before(async () => {
    gateway = await httpEnd({ status: 200, body: 'OK' })
    service = await openOwnTown(
      { upazilas: 1, names: NAMES },
      {
        SMARAK_SMS_URL: `${gateway.url}/send?to={to}&text={text}&id={id}`,
        SMARAK_SMS_METHOD: 'GET',
        SMARAK_SMS_YES: '~OK',
      },
    )
    const { town, url } = service
    ;[dc, uno] = [await Seat.take(), await Seat.take()]
    await joinBy(uno, url, await town.code('uno1'))
    const another = await town.official('dc')
    await another.issue(
      townLetter(town, {
        post: town.id('post', 'dc'),
        form: 'short',
        summary: { memo: '', subject: SUBJECT, date: dhakaTime(Date.now()).date, issuer: NAMES.dc.title.bn },
        // The clocks of an urgent one run on, whatever day this is run on.
        urgency: 1,
        due: fromDhaka(dhakaTime(Date.now() + 5 * 86_400_000).date, 17),
      }),
      () => {},
    )
    await joinBy(dc, url, await town.code('dc', { replacing: true }))
  })
  after(async () => {
    await service?.close()
    await gateway?.close()
  })

  step('the DC changes hours, check times and reminders of his office; what he mistypes is not sent', async () => {
    const { page } = dc
    await page.getByRole('link', { name: 'আরও' }).click()
    await page.getByRole('link', { name: 'কার্যালয়ের নিয়ম' }).click()
    await page.getByRole('button', { name: 'নিয়ম বদলান' }).click()
    for (const part of ['অফিসের সময়', 'দেখার সময়', 'তাগিদ'])
      await page.getByRole('group', { name: part, exact: true }).getByRole('radio', { name: 'নিজের' }).check()
    await page.getByRole('textbox', { name: 'রবিবার, শুরু' }).fill('১০:০০')
    await page.getByRole('textbox', { name: 'রবিবার, শেষ' }).fill('৯:০০')
    const checks = page.getByRole('textbox', { name: 'দেখার সময়, কমা দিয়ে' })
    await checks.fill('দুপুর')
    await page.getByRole('textbox', { name: 'মেয়াদের আগে, ঘণ্টা' }).fill('২')
    const save = page.getByRole('button', { name: 'নিয়ম চালু করুন' })
    await save.click()
    await page.getByText('২টি জায়গা ঠিক করুন; তার আগে কিছু পাঠানো হয়নি।').waitFor()
    await page.getByRole('textbox', { name: 'রবিবার, শেষ' }).fill('১৮:৩০')
    await checks.fill('১৩:৩৭')
    await look(page, 'how an office works, being changed')
    await save.click()
    await page.getByText('নিয়ম চালু হয়েছে।').waitFor()
    const hours = page.getByText('রবিবার: সকাল ১০:০০ – সন্ধ্যা ৬:৩০')
    await hours.waitFor()
    await page.getByText('দুপুর ১:৩৭', { exact: false }).waitFor()
    await page.getByText('মেয়াদের ২ ঘণ্টা আগে').waitFor()
    const { signed } = (await (await dc.ask(`${service.url}/api/about-me`)).json()) as {
      signed: Record<string, number>
    }
    assert.equal(signed.practice, 1, 'once, in the log')
    dc.calm(NO_START_PAGE)
  })

  step('a UNO of that office has its next check time and the reminder it wants before her', async () => {
    const { page } = uno
    await page.reload()
    await page.getByText(/পরবর্তী .*দুপুর ১:৩৭/).waitFor()
    await page.getByRole('link', { name: SUBJECT }).click()
    await page
      .getByRole('region', { name: 'সামনে কী হবে' })
      .getByText(/বিকাল ৩:০০-এ স্মরণ করানো হবে/)
      .waitFor()
    uno.calm(NO_START_PAGE)
  })

  step('she gives her number in Bangla digits; a wrong one is refused in words, and nothing goes to it', async () => {
    const { page } = uno
    await page.getByRole('button', { name: 'ফিরে যান' }).click()
    await page.getByRole('link', { name: 'আরও' }).click()
    await page.getByRole('link', { name: 'সেটিংস' }).click()
    const number = page.getByRole('textbox', { name: 'মোবাইল নম্বর' })
    const keep = page.getByRole('button', { name: 'নম্বর রাখুন' })
    await number.fill('০১২১২ ৩৪৫৬৭৮')
    await keep.click()
    await page.getByText('মোবাইল নম্বর ০১৩ থেকে ০১৯ দিয়ে শুরু হয়').waitFor()
    await number.fill('০১৭১২-৩৪৫ ৬৭৮')
    await keep.click()
    await page.getByText('নিশ্চিত করা বাকি').waitFor()
    await page.getByRole('button', { name: 'কোড পাঠান' }).click()
    const code = page.getByRole('textbox', { name: '৬ অঙ্কের কোড' })
    await code.waitFor()
    const [asked] = gateway.asked
    const { searchParams } = new URL(asked!.path, gateway.url)
    assert.match(searchParams.get('to')!, /8801712345678$/)
    await code.fill(digitsOf('bn', /\d{6}/.exec(digitsOf('en', searchParams.get('text')!))![0]))
    await page.getByRole('button', { name: 'নিশ্চিত করুন' }).click()
    await page.getByText('এখানে জানানো হয়').waitFor()
    assert.equal(gateway.asked.length, 1)
    uno.calm(NO_START_PAGE, EXPECTED.refused)
  })

  step('and quiet hours of her own', async () => {
    const { page } = uno
    const quiet = page.getByRole('region', { name: 'আপনার নীরব সময়' })
    await quiet.getByRole('radio', { name: 'নিজের সময়' }).check()
    await quiet.getByRole('textbox', { name: 'শুরু' }).fill('রাত')
    await quiet.getByRole('textbox', { name: 'শেষ' }).fill('৬:০০')
    await quiet.getByRole('button', { name: 'সময় রাখুন' }).click()
    await quiet.getByText('সময় ২১:০০ বা ৭:৩০ এভাবে লিখুন।').waitFor()
    await quiet.getByRole('textbox', { name: 'শুরু' }).fill('২২:০০')
    await quiet.getByRole('button', { name: 'সময় রাখুন' }).click()
    await quiet.getByText('রাখা হয়েছে।').waitFor()
    await look(page, 'settings: a number and quiet hours')
    const { setting } = (await (await uno.ask(`${service.url}/api/contacts`)).json()) as { setting: { quiet: object } }
    assert.deepEqual(setting.quiet, { from: 22 * 60, to: 6 * 60 })
    uno.calm(NO_START_PAGE)
  })
})
