/**
 * How soon আজ answers a tap with 500 open directives, on a device six times slower than this one: from the touch to the next
 * picture, as the browser itself measures it (Event Timing). The screens are built as they are shipped, over sample data.
 */
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import type { Bench, Row } from '../scripts/bench.ts'

const ROOT = join(import.meta.dirname, '..')
const SLOWDOWN = 6
/** The best of nine counts: what it takes, rather than what else the machine was at. */
const TIMES = 9
/** The browser tells durations in steps of 8 ms, of what took at least 16. */
const STEP = 8

export const bench: Bench = {
  name: 'today',
  async run() {
    const out = await mkdtemp(join(tmpdir(), 'smk-today-'))
    const browser = await chromium.launch({
      executablePath: process.env.SMARAK_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--disable-gpu', '--no-first-run', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    })
    try {
      await buildPreview(out)
      const server = createServer((request, response) => void answer(out, request.url ?? '/', response))
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const rows = await taps(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      server.close()
      server.closeAllConnections()
      return rows
    } finally {
      await browser.close()
      await rm(out, { recursive: true, force: true })
    }
  },
}

async function buildPreview(out: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(ROOT, 'web'),
    publicDir: join(ROOT, 'web/public'),
    plugins: [svelte({ configFile: join(ROOT, 'svelte.config.js') })],
    build: {
      outDir: out,
      emptyOutDir: true,
      target: 'es2023',
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: { input: join(ROOT, 'web/preview/index.html') },
    },
    worker: { format: 'es' },
  })
}

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

async function answer(out: string, url: string, response: import('node:http').ServerResponse): Promise<void> {
  const path = new URL(url, 'http://localhost').pathname
  const file = extname(path) ? path : '/preview/index.html'
  const bytes = await readFile(join(out, file)).catch(() => null)
  if (!bytes) return void response.writeHead(404).end()
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(bytes)
}

async function taps(browser: Browser, origin: string): Promise<Row[]> {
  const taken = { row: [] as number[], back: [] as number[], far: [] as number[], room: [] as number[] }
  let drawn = 0
  for (let i = 0; i < TIMES; i++) {
    const page = await browser.newPage({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true })
    await page.goto(`${origin}/preview/?who=many&at=/`)
    await page.locator('[data-row]').first().waitFor()
    await page.evaluate(watchTaps)
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
    drawn = await page.locator('[data-row]').count()
    taken.row.push(await tap(page, '[data-row] >> nth=1'))
    taken.back.push(await tap(page, '.detail header button >> nth=0'))
    await page.evaluate(scrollFar)
    await page.waitForTimeout(1500)
    taken.far.push(await tap(page, '[data-row] >> nth=60'))
    await tap(page, '.detail header button >> nth=0')
    taken.room.push(await tap(page, 'nav a >> nth=1'))
    await page.close()
  }
  const row = (name: string, all: number[]): Row => ({ name, value: Math.min(...all), unit: 'ms', wanted: '≤ 100' })
  return [
    { name: 'rows of 500 drawn at first', value: drawn, unit: '', wanted: 'shown' },
    row(`a tap on a row opens its letter, ${SLOWDOWN}× slower, best of ${TIMES}`, taken.row),
    row('a tap goes back to the list', taken.back),
    row('a tap on a row far down', taken.far),
    row('a tap opens the other room', taken.room),
    { name: 'the slowest of them all', value: Math.max(...Object.values(taken).flat()), unit: 'ms', wanted: 'shown' },
  ]
}

/** Taps and gives how long the slowest event of that tap took until the next picture, in steps of 8 ms. */
async function tap(page: Page, selector: string): Promise<number> {
  const target = page.locator(selector)
  await target.scrollIntoViewIfNeeded()
  await page.waitForTimeout(300)
  await page.evaluate(() => {
    Reflect.set(globalThis, 'taps', [])
  })
  await target.tap()
  await page.waitForTimeout(900)
  const durations = await page.evaluate(() => (globalThis as unknown as { taps: number[] }).taps)
  return Math.max(STEP * 2, ...durations)
}

function watchTaps(): void {
  const seen = globalThis as unknown as { taps: number[] }
  seen.taps = []
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.taps.push(entry.duration)
  }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit)
}

/** Down the list by screens, as a thumb does, so that what comes near is drawn. */
async function scrollFar(): Promise<void> {
  const pane = document.querySelector('[data-row]')!.closest('.scroll')!
  for (let i = 0; i < 14; i++) {
    pane.scrollTop += 600
    await new Promise((resolve) => setTimeout(resolve, 120))
  }
}
