/** Which Chromium, and how it is started. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
/** Chromium without windows, as Debian packs it. */
const WINDOWLESS = ['chromium-headless-shell', 'chrome-headless-shell']
/** Of `--disable-features` the last one counts, so what playwright-core turns off stands here again. */
const WITHOUT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  // A window without a screen has an address bar all the same, whose suggestions are two pages of their own: a second of
  // work for each window, and nobody types there.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
]
/** How every Chromium of ours is started. */
export const FLAGS = [
  `--disable-features=${WITHOUT.join(',')}`,
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

/** The one named by SMARAK_CHROMIUM, or the first there is. */
export function findChromium(): string | undefined {
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  return process.env.SMARAK_CHROMIUM || firstOf(NAMES) || [mac].find(isExecutable)
}

/**
 * The same browser without what draws its windows, where there is one: a fifth less work for every page. It shows no
 * notifications, and keeps no profile.
 */
export function findWindowless(): string | undefined {
  return process.env.SMARAK_CHROMIUM ? undefined : firstOf(WINDOWLESS)
}

function firstOf(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
