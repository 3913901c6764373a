/** What must hold of every screen, however one came to it: nothing is too wide, nothing is in English, nobody is shut out. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Latin words that are right on a Bangla page. */
const WORDS = /\b(PDF|QR|CSV|SMS|Chrome|Chromium|Linux|Android|OTP|Response)\b|\.(jpg|png|pdf)\b/g
const ADDRESSES = /\S+@\S+|https?:\/\/\S+/g

type Axe = {
  run(options: object): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
}

/** Looks at the screen as it stands, and as a 360 and a 320 px wide phone would show it. Throws all it finds, at once. */
export async function look(page: Page, screen: string): Promise<void> {
  const faults = [...(await shutOut(page)), ...(await inEnglish(page))]
  const size = page.viewportSize()!
  for (const width of new Set([size.width, 360, 320])) {
    await page.setViewportSize({ ...size, width })
    faults.push(...(await tooWide(page)).map((what) => `at ${width} px too wide: ${what}`))
  }
  await page.setViewportSize(size)
  assert.deepEqual(faults, [], `faults of the screen "${screen}"`)
}

/** Serious and critical findings of axe-core. */
async function shutOut(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE)
  // Halfway through a fade every contrast is wrong.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  )
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'], preload: false }),
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `axe ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

/** Latin words a Bangla reader sees or hears, but for those marked as another language and for hashes. */
async function inEnglish(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const isBangla = (element: Element | null) => element?.closest('[lang]')?.getAttribute('lang') === 'bn'
    const isHash = (element: Element | null) => element?.closest('.code, pre, code') !== null
    const found: string[] = [document.title]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const { parentElement } = node
      if (parentElement?.closest('script, style, noscript, template')) continue
      if (isBangla(parentElement) && !isHash(parentElement)) found.push(node.textContent ?? '')
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
      if (!isBangla(element)) continue
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(element.getAttribute(name) ?? '')
    }
    return found
  })
  return texts
    .map((text) => text.replace(ADDRESSES, '').replace(WORDS, ''))
    .filter((text) => /[A-Za-z]{2}/.test(text))
    .map((text) => `in English: ${text.trim().slice(0, 120)}`)
}

/** What stands out over the right edge, but for what may be scrolled sideways. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const edge = document.documentElement.clientWidth
    const scrolls = (element: Element | null): boolean => {
      for (let at = element?.parentElement; at; at = at.parentElement) {
        const { overflowX, textOverflow } = getComputedStyle(at)
        // Cut short with dots within a box that is looked at by itself.
        if (overflowX === 'hidden' && textOverflow === 'ellipsis') return true
        if (
          (overflowX === 'auto' || overflowX === 'scroll') &&
          at.scrollWidth > at.clientWidth &&
          at.tagName !== 'BODY'
        )
          return !at.matches('[data-pane] > .scroll')
        if (getComputedStyle(at).clipPath !== 'none') return true
      }
      return false
    }
    const out = [...document.querySelectorAll('body *')].filter((element) => {
      const { right, width, height } = element.getBoundingClientRect()
      return right > edge + 1 && width > 1 && height > 1 && element.checkVisibility() && !scrolls(element)
    })
    const page =
      document.documentElement.scrollWidth > edge ? [`the page, ${document.documentElement.scrollWidth} px`] : []
    return [...page, ...out.slice(0, 3).map((element) => element.outerHTML.slice(0, 120))]
  })
}
