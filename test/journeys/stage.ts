/** The demonstration on a real server, and the people of its start page in browsers of their own. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { freshContext } from '../helpers/browser.ts'
import { serveDemonstration } from '../helpers/demonstration.ts'

const ROOT = join(import.meta.dirname, '../..')

export type Stage = {
  url: string
  /** Gone when closed. */
  folder: string
  /** A joining code of a person of the start page, by the name the demonstration knows him by. */
  codeOf(persona: string): Promise<string>
  close(): Promise<void>
}

/** `./smarak serve --demo` over a directory of its own. */
export async function openStage(simulated: number): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'smarak-journey-'))
  const served = await serveDemonstration(join(folder, 'data'), simulated)
  return {
    url: served.url,
    folder,
    async codeOf(persona) {
      const reply = await fetch(`${served.url}/demo/become`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code: persona }),
      })
      return ((await reply.json()) as { code: string }).code
    },
    async close() {
      await served.stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** What the command prints; throws what it complains of. */
export async function smarak(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(join(ROOT, 'smarak'), args)
  return stdout
}

/** What the network says by itself in the console, by what brought it about. */
export const EXPECTED = {
  offline: /net::ERR_INTERNET_DISCONNECTED/,
  /** Chromium's own words for a service worker it could not fetch. */
  noWorker: /An unknown error occurred when fetching the script/,
  refused: /the server responded with a status of 400/,
  closed: /the server responded with a status of 40[13]/,
}

export type Step = (t: TestContext) => Promise<void>

/**
 * For the steps of one journey, each of which stands on those before it: of a story that broke off the rest is not told, since it
 * would only wait for what never comes. Every seat says where it stood.
 */
export function stepsOf(seats: () => readonly (Seat | undefined)[]): (act: Step) => Step {
  let broken = false
  afterEach(async (t) => {
    if ((t as TestContext).passed) return
    broken = true
    for (const seat of seats()) await seat?.tell(t as TestContext)
  })
  return (act) => async (t) => (broken ? t.skip('an earlier step failed') : act(t))
}

let seats = 0

/** One browser of one person. */
export class Seat {
  readonly context: BrowserContext
  page: Page
  /** The session its page signed in with last, for asking the server what it would tell this person. */
  token = ''
  #faults: string[] = []
  readonly #nth = seats++

  private constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
    context.on('request', (request) => {
      const bearer = request.headers().authorization
      if (bearer) this.token = bearer
    })
    this.#listen(page)
  }

  static async take(options: BrowserContextOptions = {}): Promise<Seat> {
    const context = await freshContext(options)
    context.setDefaultTimeout(15_000)
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        const { violatedDirective, blockedURI, sample } = event as unknown as Record<string, string>
        console.error(`CSP: ${violatedDirective} ${blockedURI} ${sample}`)
      })
    })
    return new Seat(context, await context.newPage())
  }

  #listen(page: Page): void {
    page.on('pageerror', (error) => this.#faults.push(`script: ${error.stack ?? error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error') this.#faults.push(`console: ${message.text()} ${message.location().url}`)
    })
  }

  /** As a phone that is taken up again: the old page is gone without a word. */
  async reopen(): Promise<Page> {
    await this.page.close()
    this.page = await this.context.newPage()
    this.#listen(this.page)
    return this.page
  }

  /** Throws what the browser complained of since the last call: errors, blocked scripts, uncaught rejections. */
  calm(...expected: RegExp[]): void {
    const faults = this.#faults.filter((fault) => !expected.some((one) => one.test(fault)))
    this.#faults = []
    assert.deepEqual(faults, [])
  }

  /** Becomes a person of the start page with one tap, known by the words of the post. */
  async become(url: string, post: string): Promise<void> {
    await this.page.goto(url)
    await this.page.getByRole('list').getByRole('button', { name: post }).click()
    await this.page.getByRole('heading', { name: 'আজ', level: 1 }).waitFor()
  }

  /** Says where it stood when a test failed, and keeps a picture of it. */
  async tell(t: TestContext): Promise<void> {
    const picture = join(tmpdir(), `smarak-failed-${t.name.replace(/\W+/g, '-').slice(0, 40)}-${this.#nth}.png`)
    await this.page.screenshot({ path: picture }).catch(() => {})
    const text = await this.page.locator('body').allInnerTexts().then(String, String)
    t.diagnostic(
      `${this.page.url()} (${picture})\n${text.replace(/\n+/g, ' / ').slice(-700)}\n${[...new Set(this.#faults)].join('\n')}`,
    )
  }

  /** What the server answers this person, beside the screen. */
  async ask(url: string): Promise<Response> {
    return fetch(url, { headers: { authorization: this.token } })
  }
}
