/**
 * The order of 22 October 2024 goes out from the deputy secretary's desk to a UNO's phone and back: real browsers on a
 * real server, in the order it happens. Each test stands on those before it.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { readBundle } from '../../client/messages.ts'
import { openCheckpoint } from '../../core/checkpoint.ts'
import { readCose } from '../../core/item.ts'
import { leafHash, rootOf, verifyInclusion } from '../../core/merkle.ts'
import { toBangla, toLatin } from '../../language/digits.ts'
import { DESKTOP, noBrowser } from '../helpers/browser.ts'
import { crowd } from '../helpers/crowd.ts'
import { readWholeLog } from '../helpers/log-at-rest.ts'
import { logKeyOf } from '../helpers/registrar.ts'
import { look } from './looking.ts'
import { EXPECTED, openStage, Seat, type Stage, type Step, smarak, stepsOf } from './stage.ts'

const ORDER = readFileSync(new URL('../fixtures/mopa-2024-10-22.txt', import.meta.url), 'utf8')
const SUBJECT = 'তথ্য ও যোগাযোগ প্রযুক্তির ব্যবহারে অধিকতর তৎপর হওয়া প্রসঙ্গে'
const NOTE = 'সকাল ৯টা, দুপুর ১টা ও বিকাল ৪টায় দেখা হচ্ছে।'
const DAILY = 'আগামীকাল সকাল ১০টায় সমন্বয় সভায় উপস্থিত থাকবেন।'
const DAILY_CORRECTED = 'আগামীকাল সকাল ১১টায় সমন্বয় সভায় উপস্থিত থাকবেন।'
const REASON = 'বিতরণ তালিকায় ভুল ছিল।'
/** Somebody else must act first: a person above wraps again, a simulated official looks at his regular interval. */
const OTHERS = { timeout: 30_000 }

type Counts = Record<'sent' | 'delivered' | 'opened' | 'acknowledged' | 'answered' | 'late' | 'vacant', number>
type Board = { counts: Counts; groups: { key: string; counts: Counts }[]; filters: Record<string, number> }

describe('the order of 2024', { skip: noBrowser, timeout: 220_000 }, () => {
  let stage: Stage
  let issuer: Seat
  let uno: Seat
  let dc: Seat
  /** The order once issued: its id and to how many posts. */
  let order = { id: '', posts: 0 }
  let daily = ''
  let threadsAsked = 0
  /** What the panel of the UNO showed. */
  let proven = { index: 0, size: 0, leafHash: '', root: '' }

  const inTurn = stepsOf(() => [issuer, uno, dc])
  const step = (name: string, act: Step) => test(name, inTurn(act))

  before(
    async () => {
      stage = await openStage(30)
      issuer = await Seat.take({ ...DESKTOP, permissions: ['clipboard-read', 'clipboard-write'] })
      uno = await Seat.take()
      dc = await Seat.take()
    },
    { timeout: 150_000 },
  )
  after(() => stage?.close())

  const api = async <T>(seat: Seat, path: string): Promise<T> => (await seat.ask(`${stage.url}${path}`)).json() as T

  step('one tap enrols this browser as the deputy secretary', async () => {
    await issuer.become(stage.url, 'উপসচিব')
    const { page } = issuer
    await page.getByRole('navigation').getByText('মোহাম্মদ নাহির উল্লাহ খান').waitFor()
    await page.getByText('এখন কিছু বাকি নেই।').waitFor()
    await page.getByText('প্রদর্শনী').first().waitFor()
    await look(page, 'আজ, first day')
    issuer.calm()
  })

  describe('is issued', () => {
    step(
      'pasted, it is understood: memo in groups, both dates, subject, clauses, signatory, by whose order',
      async () => {
        const { page } = issuer
        await page.getByRole('button', { name: 'নতুন নির্দেশনা' }).click()
        await page.evaluate((text) => navigator.clipboard.writeText(text), ORDER)
        await page.getByRole('textbox', { name: 'পত্রের লেখা এখানে দিন' }).focus()
        await page.keyboard.press('Control+V')
        const understood = page.getByRole('complementary', { name: 'যা বোঝা গেছে' })
        await understood.waitFor()
        const parts = await partsOf(understood)
        assert.equal(parts['স্মারক নম্বর'], '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭')
        assert.deepEqual(await understood.getByRole('listitem').allInnerTexts(), [
          'মন্ত্রণালয় ০৫',
          'সংযুক্ত দপ্তর ০০',
          'ভৌগোলিক কোড ০০০০',
          'শাখা ১১০',
          'বিষয় ৯৯',
          'নথির ক্রম ০০২',
          'নথি খোলার বছর ১৭',
          'জারি নম্বর ১৩৩৭',
        ])
        assert.equal(parts['বাংলা তারিখ'], '৬ কার্তিক ১৪৩১')
        assert.equal(parts['খ্রিষ্টীয় তারিখ'], '২২ অক্টোবর ২০২৪')
        assert.equal(parts.বিষয়, `${SUBJECT}।`)
        assert.match(parts['দফা ক']!, /^হোয়াটসঅ্যাপসহ অন্যান্য যোগাযোগ মাধ্যম/)
        assert.match(parts['দফা ঙ']!, /রেকর্ডে তা সংরক্ষণ করতে হবে/)
        const clauses = Object.keys(parts).filter((name) => name.startsWith('দফা'))
        assert.deepEqual(clauses, ['দফা ক', 'দফা খ', 'দফা গ', 'দফা ঘ', 'দফা ঙ'])
        assert.equal(parts.স্বাক্ষরকারী, 'মোহাম্মদ নাহির উল্লাহ খান')
        assert.equal(parts['স্বাক্ষরকারীর পদ'], 'উপসচিব (অতিরিক্ত দায়িত্ব)')
        assert.equal(parts['যাঁর নির্দেশক্রমে'], 'সিনিয়র সচিব, জনপ্রশাসন মন্ত্রণালয়')
      },
    )

    step('a slip of the text recognition is marked in its place, and not a letter is altered', async () => {
      const { page } = issuer
      const paper = page.locator('.paper')
      assert.deepEqual(await paper.locator('[data-warning]').allInnerTexts(), ['পরিহারক়ে', 'রেষ্টর', 'রেষ্টর', 'নাড়া'])
      await page.getByRole('button', { name: 'বানান মিলিয়ে নিন: পরিহারক়ে' }).waitFor()
      assert.equal((await paper.evaluate((element) => element.textContent))!.trim(), ORDER.trim())
      await look(page, 'issuing: the letter')
      issuer.calm()
    })

    step(
      '18 lines in their own order show the posts they mean: 64, 495 and 8, each post once, vacant ones said',
      async () => {
        const { page } = issuer
        await page.getByRole('button', { name: 'পরবর্তী: প্রাপক ও করণীয়' }).click()
        const lines = page
          .getByRole('region', { name: 'বিতরণ' })
          .getByRole('listitem')
          .filter({ has: page.locator('.text') })
        await lines.first().waitFor()
        const texts = await lines.locator('.text').allInnerTexts()
        assert.deepEqual(
          texts.map((text) => toLatin(text.split(')')[0]!.trim())),
          Array.from({ length: 18 }, (_, i) => `${i + 1}`),
        )
        const means = (n: number) => lines.nth(n - 1).getByRole('button', { name: /^→/ })
        assert.match(texts[13]!, /জেলা প্রশাসক \(সকল\)/)
        await says(means(14), /→ ৬৪টি পদ/)
        assert.match(texts[17]!, /উপজেলা নির্বাহী অফিসার \(সকল\)/)
        await says(means(18), /→ ৪৯৫টি পদ/)
        await says(means(10), /→ ৮টি পদ/)
        await page.getByText(/^[০-৯]+টি পদ একাধিক লাইনে আছে; একবারই গোনা হয়েছে$/).waitFor()
        await page
          .getByText(/^[০-৯]+টি শূন্য; ঊর্ধ্বতন পাবেন$/)
          .first()
          .waitFor()
        const website = lines.nth(16)
        assert.equal(await website.getByRole('combobox').inputValue(), '2')
        await says(website.locator('option:checked'), /^প্রকাশের জন্য$/)
        await means(17).click()
        await website
          .getByText(/সিস্টেম এনালিস্ট.*জনপ্রশাসন/)
          .last()
          .waitFor()
        assert.equal(await page.getByText('কোন পদ বোঝা যায়নি').count(), 0)
      },
    )

    step('with a due time and an answer asked to clause গ it is reviewed and issued to so many posts', async () => {
      const { page } = issuer
      await page.getByRole('checkbox', { name: 'দফাওয়ারি চাই' }).check()
      await page.getByRole('group', { name: 'দফা গ' }).getByRole('button', { name: 'একবার' }).click()
      await page.getByRole('button', { name: '৩ কর্মদিবস' }).click()
      await look(page, 'issuing: addressees and duties')
      await page.getByRole('button', { name: 'পরবর্তী: যাচাই ও জারি' }).click()
      await page.getByRole('article').getByText('০২।').waitFor()
      await page.getByText('(গ) একবার').waitFor()
      await look(page, 'issuing: check')
      await page.getByRole('button', { name: 'জারি করুন', exact: true }).click()
      const sheet = page.getByRole('dialog')
      const issue = sheet.getByRole('button', { name: /পদে জারি করুন$/ })
      order.posts = Number(toLatin((await issue.textContent())!.match(/[০-৯]+/)![0]))
      assert.ok(order.posts > 64 + 495 + 8, `${order.posts} posts`)
      await look(page, 'issuing: the last question')
      await issue.click()
      await page.getByRole('treegrid').waitFor(OTHERS)
      order = { ...order, id: page.url().split('/').at(-1)! }
      assert.equal((await api<Board>(issuer, `/api/directives/${order.id}/board`)).counts.sent, order.posts)
      issuer.calm()
    })
  })

  describe('reaches a UNO who joins after it was issued', () => {
    step('আজ shows it once somebody above has wrapped it to her', async () => {
      // Both join now: what it takes others to wrap to the DC passes while the UNO reads.
      await Promise.all([uno.become(stage.url, 'উপজেলা নির্বাহী অফিসার'), dc.become(stage.url, 'জেলা প্রশাসক')])
      const row = uno.page.getByRole('link', { name: SUBJECT })
      await row.waitFor(OTHERS)
      await says(row, /প্রাপ্তি স্বীকার · দফা গ প্রতিপালন/)
      await look(uno.page, 'আজ')
    })

    step('it looks like a letter, and the line that reached her is marked', async () => {
      const { page } = uno
      page.on('request', (request) => request.url().includes('/api/threads/') && threadsAsked++)
      await page.getByRole('link', { name: SUBJECT }).click()
      const paper = page.getByRole('article')
      await paper.getByText('স্মারক নম্বর: ০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭').waitFor()
      for (const part of ['৬ কার্তিক ১৪৩১', '২২ অক্টোবর ২০২৪', 'বিষয়:', '(ক)', '(ঙ)', '০২।', 'উপসচিব (অতিরিক্ত দায়িত্ব)'])
        await paper
          .getByText(part, { exact: part.length < 6 })
          .first()
          .waitFor()
      await paper.getByRole('button', { name: /বিতরণ.*১৮টি লাইন · আপনি: ১৮\)/ }).click()
      const mine = paper.getByRole('listitem').filter({ hasText: 'এ লাইনে আপনাকে পাঠানো' })
      assert.equal(await mine.count(), 1)
      await says(mine, /উপজেলা নির্বাহী অফিসার \(সকল\)/)
    })

    step('she acknowledges it', async () => {
      const { page } = uno
      await page.getByRole('button', { name: 'প্রাপ্তি স্বীকার করুন' }).click()
      await page.getByRole('button', { name: 'প্রতিপালন জানান' }).waitFor()
      await look(page, 'a letter')
      assert.ok(threadsAsked < 20, `an open letter asked ${threadsAsked} times for its thread`)
      uno.calm()
    })

    step('a short directive, typed and not pasted, reaches her without anybody wrapping again', async () => {
      const { page } = issuer
      await page.goto(`${stage.url}/issue`)
      await issueShort(page, DAILY)
      daily = page.url().split('/').at(-1)!
      await uno.page.getByRole('button', { name: 'ফিরে যান' }).click()
      await uno.page.getByRole('link', { name: DAILY }).waitFor(OTHERS)
      await uno.page.getByRole('link', { name: SUBJECT }).click()
      issuer.calm()
    })

    step('the board at the ministry counts her acknowledgement while it is looked at', async () => {
      await issuer.page.goto(`${stage.url}/board/${order.id}`)
      await reaches(issuer.page, 'acknowledged', 1)
      await uno.page
        .getByText(/^পাঠানো হচ্ছে/)
        .first()
        .waitFor({ state: 'detached' })
      issuer.calm()
    })

    step('without a network her answer to clause গ waits in sight', async () => {
      const { page } = uno
      await page.getByRole('button', { name: 'প্রতিপালন জানান' }).click()
      await page.getByRole('radio', { name: 'প্রতিপালিত হয়েছে' }).waitFor() // this screen is here; now the network goes
      const clause = page.getByRole('group', { name: 'দফা গ' })
      await clause.getByText(/^নিয়মিত বিরতিতে/).waitFor()
      await uno.context.setOffline(true)
      await page.getByRole('radio', { name: 'প্রতিপালিত হয়েছে' }).check()
      await page.getByRole('textbox', { name: 'বিবরণ' }).fill(NOTE)
      await page.getByText(/^খসড়া এ যন্ত্রে রাখা হয়েছে/).waitFor()
      await look(page, 'answering')
      await page.getByRole('button', { name: 'প্রতিপালন পাঠান' }).click()
      await page.getByText(NOTE).waitFor()
      const strip = page.getByRole('button', { name: 'সংযোগ নেই · ১টি উত্তর অপেক্ষায়' })
      await strip.waitFor()
      await strip.click()
      await page.getByRole('dialog', { name: 'পাঠানোর অপেক্ষায়' }).getByText(`প্রতিপালন · ${SUBJECT}`).waitFor()
      await look(page, 'outbox')
    })

    step('the tab killed, আজ opens again offline within a second', async (t) => {
      // The machine may be busy with others: the phone is taken up a few times, and the promise is kept if it can be.
      const shown: number[] = []
      while (shown.length < 5 && !shown.some((ms) => ms < 1000)) shown.push((await openAgain()) / crowd())
      t.diagnostic(`আজ offline after ${shown.map(Math.round).join(', ')} ms`)
      assert.ok(Math.min(...shown) < 1000, `${shown} ms`)
      const { page } = uno
      await page.getByRole('button', { name: 'সংযোগ নেই · ১টি উত্তর অপেক্ষায়' }).waitFor()
      await look(page, 'আজ offline')
      await page.getByRole('navigation').getByRole('link', { name: 'নির্দেশনা' }).click()
      const row = page.getByRole('link', { name: SUBJECT })
      await says(row, /সংযোগ পেলে যাবে/)
      await row.click()
      await page.getByRole('article').getByText('বিষয়:').waitFor()
      await page.getByText(NOTE).waitFor()
      await look(page, 'a letter offline')
      uno.calm(EXPECTED.offline)
    })

    step('the network returned, it leaves exactly once', async () => {
      const { page } = uno
      await uno.context.setOffline(false)
      await page.getByText(/^প্রতিপালিত · আজ/).waitFor(OTHERS)
      const post = page.url().split('/').at(-1)!
      await page.reload()
      await page.getByText(/^প্রতিপালিত · আজ/).waitFor()
      const kinds = await threadOf(issuer, post)
      assert.equal(kinds.filter((kind) => kind === 'answer').length, 1, kinds.join())
      assert.equal(kinds.filter((kind) => kind === 'receipt').length <= 2, true, kinds.join())
      uno.calm(EXPECTED.offline)
    })
  })

  describe('is seen from above', () => {
    step('the DC has a duty of her own, and the answers of her upazilas with their notes', async () => {
      const { page } = dc
      await page.getByRole('link', { name: SUBJECT }).click(OTHERS)
      await page.getByRole('button', { name: 'প্রাপ্তি স্বীকার করুন' }).waitFor()
      await page.getByRole('button', { name: /বিতরণ.*আপনি: ১৪\)/ }).waitFor()
      await page.getByRole('button', { name: 'আরও কাজ' }).click()
      await look(page, 'more acts of a letter')
      await page.getByRole('dialog').getByRole('button', { name: 'অগ্রগতি দেখুন' }).click()
      for (const area of ['55', '5585']) {
        await page.getByRole('button', { name: /^রংপুর/ }).click()
        await page.waitForURL(`**/${area}`)
      }
      await page.getByRole('button', { name: /পীরগাছা/ }).click()
      const panel = page.getByRole('dialog')
      await panel.getByText(NOTE).waitFor()
      await panel.getByText('আরিফা সিদ্দিকা').first().waitFor()
      await look(page, 'board: one upazila')
      await panel.getByRole('button', { name: 'বন্ধ করুন' }).click()
      dc.calm()
    })

    step('other districts she sees in no count and no row, and a foreign thread is not found', async () => {
      const seen = await api<Board>(dc, `/api/directives/${order.id}/board`)
      assert.ok(seen.counts.sent < 12, `${seen.counts.sent} posts of one district`)
      const { rows } = await api<{ rows: { post: string }[] }>(issuer, `/api/directives/${order.id}/rows?within=1004`)
      const foreign = rows.at(-1)!.post
      for (const post of [foreign, order.id]) {
        const reply = await dc.ask(`${stage.url}/api/threads/${order.id}/${post}?size=0`)
        assert.equal(reply.status, 404)
        assert.equal(((await reply.json()) as { code: string }).code, 'not_found')
      }
      assert.deepEqual(await threadOf(issuer, foreign), [])
    })
  })

  describe('is tracked at the ministry', () => {
    step(
      'the numbers on the board are the ones the server counts, and they rise by what simulated officials do',
      async () => {
        const { page } = issuer
        // The UNO and the DC have opened it; whoever comes third does not sit in this test.
        await reaches(page, 'opened', 3)
        await agree(async () => {
          const { counts } = await board()
          const { sent, delivered, opened, acknowledged, answered } = counts
          const parts = [sent - delivered, delivered - opened, opened - acknowledged, acknowledged - answered, answered]
          return [await legend(page), parts]
        })
        await look(page, 'board')
      },
    )

    step('it is drilled from division to district to upazila', async () => {
      const { page } = issuer
      const table = page.getByRole('treegrid')
      const line = (name: RegExp, level: number) =>
        table.locator(`tr[aria-level="${level}"]`).filter({ has: page.getByRole('button', { name }) })
      await agree(async () => {
        const { groups } = await board()
        const { counts } = groups.find(({ key }) => key === '55')!
        const cell = await line(/^রংপুর/, 1).getByRole('gridcell').first().textContent()
        return [latin(cell!), `${counts.answered}/${counts.sent}`]
      })
      await line(/^রংপুর/, 1).getByRole('button').click()
      await line(/^রংপুর/, 2).getByRole('button').click()
      const upazila = line(/পীরগাছা/, 3)
      await upazila.getByRole('button').click()
      const panel = page.getByRole('dialog')
      await panel.getByText(NOTE).waitFor()
      await panel.getByRole('button', { name: 'বন্ধ করুন' }).click()
      issuer.calm()
    })

    step('a filter shows as many posts as it says', async () => {
      const { page } = issuer
      await page.getByRole('button', { name: /^শূন্য পদ/ }).click()
      const rows = page.locator('main li button[data-row]')
      await rows.first().waitFor()
      const { filters, counts } = await board()
      assert.equal(filters.vacant, counts.vacant)
      assert.equal(await rows.count(), counts.vacant)
      await look(page, 'board: vacant posts')
      await page.getByRole('button', { name: 'সব', exact: true }).click()
      await page.getByRole('treegrid').waitFor()
    })
  })

  describe('is proven', () => {
    step(
      'প্রমাণ shows its place, the path and the checkpoint, and they hold for whoever checks them elsewhere',
      async () => {
        const { page } = uno
        await page.getByRole('button', { name: 'আরও কাজ' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'প্রমাণ' }).click()
        await page.getByText('যাচাই হয়েছে').waitFor()
        const shown = await page
          .locator('.proof dl > div')
          .evaluateAll((rows) =>
            Object.fromEntries(
              rows.map((row) => [row.querySelector('dt')!.textContent, row.querySelector('dd')!.textContent]),
            ),
          )
        const path = await page.locator('.proof ol li').allTextContents()
        const checkpoint = await openCheckpoint(shown['স্বাক্ষরিত অবস্থা']!, await logKeyOf(stage.url))
        const [index, size] = latin(shown['প্রমাণ-বহিতে স্থান']!).match(/\d+/g)!.map(Number)
        assert.equal(size, checkpoint.size)
        assert.equal(shown['পত্রের পরিচয়'], order.id)
        assert.equal(shown['মূল হ্যাশ'], base64(checkpoint.root))
        assert.ok(shown[`অন্তর্ভুক্তির পথ · ${toBangla(path.length)}টি ধাপ`])
        const leaf = Uint8Array.fromBase64(shown['বহির পাতার হ্যাশ']!)
        verifyInclusion(
          leaf,
          index!,
          checkpoint,
          path.map((hash) => Uint8Array.fromBase64(hash)),
        )
        proven = { index: index!, size: size!, leafHash: shown['বহির পাতার হ্যাশ']!, root: shown['মূল হ্যাশ']! }
        await look(page, 'proof')
        await page.getByRole('button', { name: 'বন্ধ করুন' }).click()
        uno.calm()
      },
    )
  })

  step('./smarak log prove on another device says the same, and so does the public log', async () => {
    const code = await stage.codeOf('ps')
    const profile = join(stage.folder, 'private-secretary')
    await smarak('join', '--server', stage.url, '--code', code, '--profile', profile, '--json')
    const said = JSON.parse(await smarak('log', 'prove', order.id, '--profile', profile, '--json')) as typeof proven
    assert.equal(said.index, proven.index)
    assert.equal(said.leafHash, proven.leafHash)
    const leaves = await readWholeLog(stage.url, await logKeyOf(stage.url))
    const hashes = leaves.map((leaf) => leafHash(leaf))
    assert.equal(base64(hashes[proven.index]!), proven.leafHash)
    for (const { size, root } of [proven, said]) assert.equal(base64(rootOf(hashes.slice(0, size))), root)
  })

  describe('is taken back', () => {
    step('cancelled with a reason, everybody who has it sees so and why', async () => {
      const { page } = issuer
      await page.getByRole('button', { name: 'আরও কাজ' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'পত্রটি পড়ুন' }).click()
      await page.getByRole('article').waitFor()
      await page.getByRole('button', { name: 'আরও কাজ' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'পত্র বাতিল করুন' }).click()
      const sheet = page.getByRole('dialog', { name: 'পত্র বাতিল করুন' })
      await sheet.getByRole('button', { name: 'পত্র বাতিল করুন' }).click()
      await sheet.getByText('কারণ লিখুন').waitFor()
      await sheet.getByRole('textbox', { name: 'বাতিলের কারণ' }).fill(REASON)
      await look(page, 'cancelling')
      await sheet.getByRole('button', { name: 'পত্র বাতিল করুন' }).click()
      await sheet.waitFor({ state: 'detached' })
      // It may be taken back for five seconds; what follows does not wait for that.
      await supersedeDaily()
      const banner = uno.page.getByRole('alert').filter({ hasText: 'বাতিল করা হয়েছে' })
      await banner.getByText(REASON).waitFor(OTHERS)
      assert.equal(await uno.page.getByRole('button', { name: 'সংশোধিত উত্তর দিন' }).count(), 0)
      await look(uno.page, 'a cancelled letter')
      issuer.calm()
    })

    step('superseded by another, the old letter leads to the new one', async () => {
      await uno.page.getByRole('button', { name: 'ফিরে যান' }).click()
      await uno.page.getByRole('link', { name: DAILY_CORRECTED }).waitFor(OTHERS)
      await uno.page.getByRole('link', { name: DAILY }).click()
      const banner = uno.page.getByRole('alert').filter({ hasText: 'সংশোধিত: নতুন পত্র দেখুন' })
      await banner.waitFor(OTHERS)
      await look(uno.page, 'a superseded letter')
      await banner.getByRole('button', { name: 'দেখুন' }).click()
      await uno.page.getByRole('article').getByText(DAILY_CORRECTED).first().waitFor()
      uno.calm()
    })

    async function supersedeDaily(): Promise<void> {
      const { page } = issuer
      await page.goto(`${stage.url}/board/${daily}`)
      await page.getByRole('button', { name: 'আরও কাজ' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'পত্রটি পড়ুন' }).click()
      await page.getByRole('article').waitFor()
      await page.getByRole('button', { name: 'আরও কাজ' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'সংশোধিত পত্র দিন' }).click()
      await page.getByText('এ পত্র জারি হলে আগেরটি বাতিল গণ্য হবে:').waitFor()
      await issueShort(page, DAILY_CORRECTED)
    }
  })

  const board = () => api<Board>(issuer, `/api/directives/${order.id}/board`)

  /** From the step where one writes it to the board of the issued one. */
  async function issueShort(page: Page, text: string): Promise<void> {
    await page.getByRole('button', { name: 'সংক্ষিপ্ত নির্দেশ' }).click()
    await page.getByRole('textbox', { name: 'নির্দেশ' }).fill(text)
    await page.getByRole('searchbox', { name: 'অন্য পদ খুঁজুন' }).fill('ইউএনও পীরগাছা')
    await page.getByRole('button', { name: /উপজেলা নির্বাহী অফিসার.*পীরগাছা/ }).click()
    await page.getByText('এটি সাধারণ পত্র হিসেবে যাবে').waitFor()
    await page.getByRole('button', { name: '১টি পদে দিন' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '১টি পদে দিন' }).click()
    await page.waitForURL('**/board/*')
  }

  /** Milliseconds from the start of the navigation until আজ shows what is owed. */
  async function openAgain(): Promise<number> {
    const page = await uno.reopen()
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('main a[data-row]')) return
        performance.mark('row')
        observer.disconnect()
      }).observe(document, { childList: true, subtree: true })
    })
    await page.goto(stage.url)
    await page.getByRole('link', { name: DAILY }).waitFor()
    return page.evaluate(() => performance.getEntriesByName('row')[0]!.startTime)
  }

  /** The kinds in one post's thread, as the server gives it to this reader. */
  async function threadOf(seat: Seat, post: string): Promise<string[]> {
    const reply = await seat.ask(`${stage.url}/api/threads/${order.id}/${post}?size=0`)
    assert.equal(reply.status, 200, await reply.clone().text())
    return readBundle(new Uint8Array(await reply.arrayBuffer())).entries.map(({ cose }) => readCose(cose).header.kind)
  }
})

/** What stands in a list of terms, by term; the first words under it. */
async function partsOf(list: Locator): Promise<Record<string, string>> {
  const pairs = await list
    .locator('dl > div')
    .evaluateAll((rows) =>
      rows.map((row) => [
        row.querySelector('dt')!.textContent!.trim(),
        row.querySelector('dd button')!.textContent!.trim(),
      ]),
    )
  return Object.fromEntries(pairs)
}

/** Waits until it says so. */
const says = (what: Locator, words: RegExp) => what.filter({ hasText: words }).waitFor({ state: 'attached' })
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const latin = (text: string) =>
  toLatin(text)
    .replace(/[\s,]+/g, ' ')
    .trim()

/** The five numbers over the board, as read. */
async function legend(page: Page): Promise<number[]> {
  const texts = await page.locator('main .legend strong').allInnerTexts()
  return texts.map((text) => Number(latin(text).replace(/ /g, '')))
}

/** Both sides move; they have to agree once both stand still. */
async function agree(sides: () => Promise<[unknown, unknown]>): Promise<void> {
  const end = performance.now() + 15_000
  for (;;) {
    const [shown, counted] = await sides()
    if (isDeepStrictEqual(shown, counted)) return
    if (performance.now() > end) assert.deepEqual(shown, counted)
    await pause(200)
  }
}

/** Waits until the board on the screen counts so many posts that came at least so far. */
async function reaches(page: Page, stage: 'opened' | 'acknowledged', least: number): Promise<void> {
  const from = { opened: 2, acknowledged: 3 }[stage]
  await page.waitForFunction(
    ([from, least]) => {
      const latin = (text: string) =>
        text.replace(/[০-৯]/g, (digit) => String(digit.charCodeAt(0) - 0x9e6)).replace(/\D/g, '')
      const numbers = [...document.querySelectorAll('main .legend strong')].map((each) =>
        Number(latin(each.textContent!)),
      )
      return numbers.slice(from).reduce((sum, n) => sum + n, 0) >= least
    },
    [from, least] as const,
    { timeout: 45_000, polling: 200 },
  )
}
