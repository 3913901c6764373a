/** A real Chromium for journeys: the one found, or a reason to skip. */
import { after } from 'node:test'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { FLAGS, findChromium, findWindowless } from './chromium.ts'

const executable = findChromium()
const windowless = findWindowless()

/**
 * Give it to every test that needs a browser: `test('…', { skip: noBrowser }, …)`. A reason where there is none; false
 * where there is one, or where SMARAK_REQUIRE_BROWSER=1 wants its absence to be a failure.
 */
export const noBrowser: string | false =
  executable || process.env.SMARAK_REQUIRE_BROWSER === '1' ? false : 'no Chromium found; set SMARAK_CHROMIUM to one'

const open: (() => Promise<void>)[] = []
after(async () => {
  for (const close of open.reverse()) await close()
})

const launched = new Map<boolean, Promise<Browser>>()

/** One browser a test file, closed when the file ends; without windows where that will do. */
export function browser({ whole = false } = {}): Promise<Browser> {
  const kind = whole || !windowless
  const one = launched.get(kind) ?? launch(kind)
  launched.set(kind, one)
  return one
}

async function launch(whole: boolean): Promise<Browser> {
  const started = await chromium.launch({ executablePath: whole ? needed() : windowless, args: FLAGS })
  open.push(() => started.close())
  return started
}

/**
 * A person's browser: storage of its own, which is gone when it is closed. A phone in Bangladesh unless told otherwise; one that
 * shows notifications if it is permitted to.
 */
export async function freshContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const whole = options.permissions?.includes('notifications') ?? false
  return (await browser({ whole })).newContext({ ...PHONE, ...options })
}

/** As `freshContext`, with its first page. */
export async function freshPage(options: BrowserContextOptions = {}): Promise<Page> {
  return (await freshContext(options)).newPage()
}

/** A browser whose storage outlives it: closing (or killing) and opening `directory` again is a restart of the phone. */
export async function lastingContext(directory: string, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(directory, {
    executablePath: needed(),
    args: FLAGS,
    ...PHONE,
    ...options,
  })
  open.push(() => context.close())
  return context
}

export const PHONE = { viewport: { width: 360, height: 640 }, locale: 'bn-BD', timezoneId: 'Asia/Dhaka' } as const
export const DESKTOP = { ...PHONE, viewport: { width: 1280, height: 800 } } as const

function needed(): string {
  if (executable) return executable
  throw new Error('No Chromium found, and SMARAK_REQUIRE_BROWSER=1 asks for one; install it, or set SMARAK_CHROMIUM')
}
