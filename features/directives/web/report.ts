import { Refusal } from '../../../core/refusal.ts'
import type { ReportData, ReportKind, ReportStage } from '../../../letters/report/data.ts'
import { ownScript } from '../../../web/shell/own-script.ts'
import type { Said } from './report-worker.ts'
import workerUrl from './report-worker.ts?worker&url'

/** For so long, in milliseconds, a worker that has all it needs may say nothing: a megabyte takes three minutes on 2G. */
const PATIENCE = 300_000

/**
 * The compliance report as a file. Give `data` as a promise while the answers are still being opened: the engine (8 MB over the
 * network, once) comes meanwhile. The table of values needs no engine.
 *
 * @throws Refusal `load_failed` where the engine or the font cannot be fetched, or nothing more comes of it; whatever `data` fails with.
 */
export async function makeReport(
  data: ReportData | Promise<ReportData>,
  kind: ReportKind,
  onStage: (stage: ReportStage) => void = () => {},
): Promise<Blob> {
  if (kind === 'csv') {
    const [{ reportCsv }, rows] = await Promise.all([import('../../../letters/report/csv.ts'), data])
    return new Blob([reportCsv(rows)], { type: 'text/csv;charset=utf-8' })
  }
  const worker = new Worker(ownScript(workerUrl), { type: 'module' })
  let waiting: ReturnType<typeof setTimeout> | undefined
  try {
    const printed = printBy(worker, onStage)
    // Whichever fails first is told; the other is then nobody's business.
    printed.catch(() => {})
    worker.postMessage(await data)
    const silent = new Promise<never>((_, reject) => {
      const wait = () => {
        clearTimeout(waiting)
        waiting = setTimeout(() => reject(new Refusal('load_failed', 'The report is not getting on')), PATIENCE)
      }
      wait()
      worker.addEventListener('message', wait)
    })
    return new Blob([await Promise.race([printed, silent])], { type: 'application/pdf' })
  } finally {
    clearTimeout(waiting)
    // Its engine holds a hundred megabytes and more.
    worker.terminate()
  }
}

function printBy(worker: Worker, onStage: (stage: ReportStage) => void): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data: said }: MessageEvent<Said>) => {
      if ('stage' in said) onStage(said.stage)
      else if ('pdf' in said) resolve(said.pdf)
      else if ('unreachable' in said) reject(new Refusal('load_failed', said.unreachable))
      else reject(new Error(`The report could not be printed: ${said.fault}`))
    })
    // Its script did not come, or is not ours.
    worker.addEventListener('error', ({ message }) => {
      reject(new Refusal('load_failed', `The report's worker: ${message ?? 'did not start'}`))
    })
  })
}
