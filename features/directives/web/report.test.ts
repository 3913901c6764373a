import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { reportCsv } from '../../../letters/report/csv.ts'
import { ENGINE_BYTES } from '../../../letters/report/render.ts'
import { installedEngine, sampleReport } from '../../../letters/report/testing.ts'
import { freshPage, noBrowser } from '../../../test/helpers/browser.ts'
import { printIn, servePrinter } from '../testing/report-page.ts'

/** How long the whole country takes is measured by `npm run bench -- report`. */
const few = { ...sampleReport(), rows: sampleReport().rows.slice(0, 60) }

describe('a report printed in the browser', { skip: noBrowser }, () => {
  let printer: Awaited<ReturnType<typeof servePrinter>>
  let page: Page
  const asked: string[] = []
  const complaints: string[] = []

  before(async () => {
    printer = await servePrinter()
    page = await freshPage()
    page.context().on('request', (request) => asked.push(new URL(request.url()).pathname))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.goto(printer.url)
    await page.waitForFunction(() => 'makeReport' in window)
  })
  after(() => printer.close())

  test('asks for no engine and no font before it is wanted, nor for a table of values', async () => {
    const { bytes, type } = await printIn(page, few, 'csv')
    assert.equal(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), reportCsv(few))
    assert.match(type, /^text\/csv/)
    assert.deepEqual(
      asked.filter((path) => /wasm|ttf|worker/.test(path)),
      [],
    )
  })

  test('is the report the command line prints, byte for byte, under the policy of the real server', async () => {
    const { bytes, stages, type } = await printIn(page, few)
    assert.deepEqual(complaints, [])
    assert.equal(type, 'application/pdf')
    assert.ok(Buffer.from(bytes).equals((await installedEngine()).render(few)))
    const of = (wanted: string) => stages.filter(({ stage }) => stage === wanted)
    assert.deepEqual(of('engine').at(-1), { stage: 'engine', done: ENGINE_BYTES, of: ENGINE_BYTES })
    assert.ok(of('engine').length > 10, 'the bar moves while it comes')
    assert.deepEqual(of('font').at(-1), { stage: 'font', done: 2, of: 2 })
    assert.deepEqual(of('rows').at(-1), { stage: 'rows', done: 60, of: 60 })
    assert.deepEqual(stages.at(-1), { stage: 'pdf', done: 60, of: 60 })
  })

  test('leaves the page itself unable to compile WebAssembly', async () => {
    const refused = await page.evaluate(() =>
      WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)).then(
        () => 'compiled',
        (error: Error) => error.name,
      ),
    )
    assert.equal(refused, 'CompileError')
  })

  test('says that it could not be fetched, rather than hang, where the network is gone', async () => {
    const offline = await freshPage()
    await offline.goto(printer.url)
    await offline.waitForFunction(() => 'makeReport' in window)
    await offline.context().route(/\.(wasm|ttf)$/, (route) => route.abort())
    await assert.rejects(printIn(offline, few), /wasm|ttf/)
    await offline.context().unroute(/\.(wasm|ttf)$/)
    await offline.context().route(/worker/, (route) => route.abort())
    await assert.rejects(printIn(offline, few), /worker/)
  })

  test('nor does it wait for ever for what does not come', async () => {
    const stalled = await freshPage()
    await stalled.goto(printer.url)
    await stalled.waitForFunction(() => 'makeReport' in window)
    await stalled.clock.install()
    const asked = new Promise<void>((resolve) => {
      void stalled.context().route(/\.wasm$/, () => resolve())
    })
    let over = false
    const refused = assert.rejects(printIn(stalled, few), /not getting on/).finally(() => (over = true))
    await asked
    // Fonts still come, and each word of theirs begins the waiting anew.
    while (!over) await stalled.clock.runFor(60_000)
    await refused
  })
})
