/** The printing of a report as a browser does it: built as for a release, behind the real server with its real policy. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { Refusal } from '../../../core/refusal.ts'
import type { ReportData, ReportKind, ReportStage } from '../../../letters/report/data.ts'
import { buildHttp } from '../../../server/http.ts'
import { openLog } from '../../../server/log.ts'
import { readStatic } from '../../../server/static.ts'

const ROOT = join(import.meta.dirname, '../../..')

export type Printed = {
  bytes: Uint8Array
  stages: ReportStage[]
  type: string
  /** From asking to the file, and the part of it since the engine was ready. */
  milliseconds: number
  printing: number
}

/** The address of a page that can do nothing but print. */
export async function servePrinter(): Promise<{ url: string; folder: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'smarak-printer-'))
  const door = JSON.stringify(join(ROOT, 'features/directives/web/report.ts'))
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><link rel="icon" href="data:," /><script type="module" src="/main.ts"></script>',
  )
  await writeFile(
    join(folder, 'main.ts'),
    `import { makeReport } from ${door}\nObject.assign(window, { makeReport })\n`,
  )
  const out = join(folder, 'out')
  await build({
    configFile: false,
    root: folder,
    logLevel: 'silent',
    worker: { format: 'es' },
    build: { outDir: out, target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  })
  const app = await buildHttp({
    routes: [],
    viewer: async () => {
      throw new Refusal('session_expired', 'Nobody is signed in here')
    },
    live: { upgrade: (_request, socket) => void socket.destroy() },
    files: await readStatic(out),
    log: openLog('silent'),
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    folder: out,
    async close() {
      await app.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Prints in the page, which stands at `servePrinter`'s address. Throws what the page's door throws, by its code or words. */
export async function printIn(page: Page, data: ReportData, kind: ReportKind = 'pdf'): Promise<Printed> {
  const plain = { ...data, rows: data.rows.map((row) => ({ ...row, values: row.values && [...row.values] })) }
  const printed = await page.evaluate(
    async ([given, what]) => {
      const { makeReport } = window as unknown as {
        makeReport(data: unknown, kind: string, onStage: (stage: ReportStage) => void): Promise<Blob>
      }
      const rows = given.rows.map((row) => ({ ...row, values: row.values && new Map(row.values) }))
      const stages: ReportStage[] = []
      const started = performance.now()
      let ready = started
      const blob = await makeReport({ ...given, rows }, what, (stage) => {
        // The first row stands a few milliseconds after the engine does.
        if (stage.stage === 'rows' && !stages.some((one) => one.stage === 'rows')) ready = performance.now()
        stages.push(stage)
      })
      const milliseconds = performance.now() - started
      const printing = performance.now() - ready
      const text = await new Promise<string>((resolve) => {
        const reader = new FileReader()
        reader.onload = () => resolve(reader.result as string)
        reader.readAsDataURL(blob)
      })
      return { base64: text.slice(text.indexOf(',') + 1), stages, milliseconds, printing, type: blob.type }
    },
    [plain, kind] as const,
  )
  const { base64, ...rest } = printed
  return { ...rest, bytes: Uint8Array.from(Buffer.from(base64, 'base64')) }
}
