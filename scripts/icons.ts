/**
 * The icons that phones want as pictures, drawn from `web/public/icon.svg` by Chromium:
 *
 *     node scripts/icons.ts
 *
 * Run it after the mark was changed, and commit what it writes.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const PUBLIC = join(import.meta.dirname, '..', 'web', 'public')
const GREEN = '#006a4e'

/** `inset`: how much of each side is left to the green. A maskable icon is cut to a circle of 80 %; iOS rounds the corners itself. */
const ICONS = [
  { name: 'icon-192.png', size: 192, inset: 0, whole: false },
  { name: 'icon-512.png', size: 512, inset: 0, whole: false },
  { name: 'icon-maskable-192.png', size: 192, inset: 0.1, whole: true },
  { name: 'icon-maskable-512.png', size: 512, inset: 0.1, whole: true },
  { name: 'apple-touch-icon.png', size: 180, inset: 0, whole: true },
]

const mark = await readFile(join(PUBLIC, 'icon.svg'), 'utf8')
const browser = await chromium.launch({
  executablePath: process.argv[2] ?? '/usr/bin/chromium',
  args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
})
try {
  for (const { name, size, inset, whole } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } })
    const margin = Math.round(size * inset)
    await page.setContent(`<style>
      html { background: ${whole ? GREEN : 'transparent'} }
      body { margin: ${margin}px }
      svg { display: block; width: ${size - 2 * margin}px; height: ${size - 2 * margin}px }
    </style>${mark}`)
    await writeFile(join(PUBLIC, name), await page.screenshot({ omitBackground: true }))
    await page.close()
  }
} finally {
  await browser.close()
}
