/**
 * Builds the web app into dist/web when it is absent or older than anything it is made of.
 * `--force` builds in any case.
 */
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runStep, seconds } from './steps.ts'

const STAMP = join(ROOT, 'dist/web/.built') // written last: a build that was killed has none
const SOURCES = ['core', 'language', 'letters', 'features', 'client', 'web', 'verify']
const FILES = ['package-lock.json', 'tsconfig.json', 'vite.config.ts', 'svelte.config.js', 'scripts/build.ts']

/** Returns false when there is nothing to build or the build stands; throws with the tool's words when it fails. */
export async function buildWeb({ force = false } = {}): Promise<boolean> {
  const config = ['web/vite.config.ts', 'vite.config.ts'].find((file) => existsSync(join(ROOT, file)))
  if (!config || (!force && stands())) return false
  const started = Date.now()
  const done = await runStep({
    name: 'vite build',
    command: 'node',
    args: ['node_modules/vite/bin/vite.js', 'build', '--config', config, '--logLevel', 'warn'],
  })
  if (!done.ok) throw new Error(`The web app could not be built:\n${done.said}`)
  writeFileSync(STAMP, `${started}\n`) // files changed during the build are newer than its start: the next start builds
  console.error(`web app built (${seconds(done.ms)})`)
  return true
}

function stands(): boolean {
  const built = existsSync(STAMP) ? Number(readFileSync(STAMP, 'utf8')) : 0
  const sources = SOURCES.flatMap((folder) =>
    globSync(`${folder}/**`, { cwd: ROOT, exclude: (name) => /\.test\.ts$/.test(name) }),
  )
  const newest = Math.max(
    ...[...sources, ...FILES].map((file) => statSync(join(ROOT, file), { throwIfNoEntry: false })?.mtimeMs ?? 0),
  )
  return newest < built
}

/**
 * For a server that starts out of a clone nobody has built: builds the web app where there is none at all, and leaves one that
 * stands, however old, to `npm start` and `npm run build`. Never throws: false, and it is told why, where browsers will find nothing.
 */
export async function buildMissingWeb(tell: (why: string) => void, root = ROOT, build = buildWeb): Promise<boolean> {
  if (existsSync(join(root, 'dist/web/index.html'))) return true
  try {
    await build()
    return true
  } catch (error) {
    tell((error as Error).message)
    return false
  }
}

if (import.meta.main) await buildWeb({ force: process.argv.includes('--force') })
