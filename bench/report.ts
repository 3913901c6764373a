/**
 * The compliance report of 495 upazilas by 8 fields, printed by the command line's engine and by Chromium's worker, beside
 * Chromium's own printing of the same table as a page. Cold: the first report of a process. Warm: a third, of other answers.
 */
import { openInstalled } from '../cli/write-report.ts'
import { printIn, servePrinter } from '../features/directives/testing/report-page.ts'
import { reportCsv } from '../letters/report/csv.ts'
import { sampleReport } from '../letters/report/testing.ts'
import type { Bench, Row } from '../scripts/bench.ts'
import { browser, freshPage, noBrowser } from '../test/helpers/browser.ts'

const WANTED = '≤ 2000'

export const bench: Bench = {
  name: 'report',
  async run() {
    const rows: Row[] = []
    const add = (name: string, value: number, wanted = '') => rows.push({ name, value, unit: 'ms', wanted })
    const timed = async (act: () => unknown) => {
      const started = performance.now()
      await act()
      return performance.now() - started
    }
    let engine: Awaited<ReturnType<typeof openInstalled>> | undefined
    add('node: engine and font from disk, ready', await timed(async () => (engine = await openInstalled())), 'shown')
    const before = process.threadCpuUsage()
    add('node: first report', await timed(() => engine!.render(sampleReport())), WANTED)
    const { user, system } = process.threadCpuUsage(before)
    // What it takes of one core, however busy the others are with something else.
    add('node: first report, processor time', (user + system) / 1000, WANTED)
    engine!.render(sampleReport({ silentEvery: 5 }))
    add('node: a later report', await timed(() => engine!.render(sampleReport({ silentEvery: 6 }))), WANTED)
    add('node: table of values', await timed(() => reportCsv(sampleReport())), '≤ 200')
    if (noBrowser) return rows

    const printer = await servePrinter()
    try {
      const page = await freshPage()
      await page.goto(printer.url)
      await page.waitForFunction(() => 'makeReport' in window)
      const first = await printIn(page, sampleReport())
      const second = await printIn(page, sampleReport({ silentEvery: 6 }))
      const reference = await chromiumPrint()
      rows.push(
        ...[
          { name: 'chromium: worker, engine ready to PDF, first', value: first.printing, wanted: WANTED },
          { name: 'chromium: the same, second', value: second.printing, wanted: WANTED },
        ].map((row) => ({ ...row, unit: 'ms' })),
        {
          name: 'chromium: tap to file, engine from the network',
          value: first.milliseconds,
          unit: 'ms',
          reference: { name: "Chromium's own print", value: reference },
          wanted: 'shown',
        },
        {
          name: 'chromium: tap to file, engine in its cache',
          value: second.milliseconds,
          unit: 'ms',
          reference: { name: "Chromium's own print", value: reference },
          wanted: 'shown',
        },
      )
    } finally {
      await printer.close()
      await (await browser()).close()
    }
    return rows
  },
}

/** The same cells as a plain HTML table, from setting the page to its PDF. */
async function chromiumPrint(): Promise<number> {
  const page = await freshPage({ javaScriptEnabled: false })
  const lines = reportCsv(sampleReport())
    .slice(1)
    .trim()
    .split('\r\n')
    .map(
      (line) =>
        `<tr>${line
          .split(',')
          .map((cell) => `<td>${cell}</td>`)
          .join('')}</tr>`,
    )
  const started = performance.now()
  await page.setContent(`<meta charset="utf-8" /><table border="1" style="font-size:8px">${lines.join('')}</table>`)
  await page.pdf({ format: 'A4', landscape: true })
  return performance.now() - started
}
