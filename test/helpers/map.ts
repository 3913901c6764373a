/** The map of the house as rules over imports and a few words. `test/boundaries.test.ts` holds the tree to them. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** `target`: a path in the tree where it is one of ours, else the package's or module's name as written. */
export type Import = { target: string; ours: boolean; typeOnly: boolean }
export type Source = { path: string; code: string; imports: Import[] }
export type Fault = { path: string; says: string }

const SKIPPED = ['node_modules/**', 'dist/**', 'data/**', '.git/**']
const IMPORT = /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?['"]([^'"\n]+)['"]/gm
const DYNAMIC = /\bimport\(\s*['"]([^'"\n]+)['"]/g

/** Reads every .ts and .svelte file under `root`. */
export function readTree(root: string): Source[] {
  const paths = globSync('**/*.{ts,svelte}', { cwd: root, exclude: SKIPPED }).sort()
  return paths.map((path) => readSource(root, path, readFileSync(join(root, path), 'utf8')))
}

export function readSource(root: string, path: string, text: string): Source {
  const code = withoutComments(text)
  const imports: Import[] = []
  const add = (name: string, typeOnly: boolean) => {
    const ours = name.startsWith('.')
    imports.push({ target: ours ? relative(root, join(root, dirname(path), name)) : name, ours, typeOnly })
  }
  for (const [, type, name] of code.matchAll(IMPORT)) add(name!, type !== undefined)
  for (const [, name] of code.matchAll(DYNAMIC)) add(name!, false)
  return { path, code, imports }
}

/** Everything in `tree` that breaks the map, in the order of its files. */
export function findFaults(tree: Source[]): Fault[] {
  return [...tree.flatMap((source) => faultsOf(source)), ...unfitForBrowser(tree)]
}

/** Pairs of files that import each other, types aside: neither can be understood without the other. */
export function findPairs(tree: Source[]): string[] {
  const imports = new Map(
    tree.map(({ path, imports }) => [
      path,
      new Set(imports.filter(({ ours, typeOnly }) => ours && !typeOnly).map(({ target }) => target)),
    ]),
  )
  return [...imports].flatMap(([path, targets]) =>
    [...targets].filter((to) => path < to && imports.get(to)?.has(path)).map((to) => `${path} and ${to}`),
  )
}

/** Tests, and what only tests and tools use, may reach anywhere. */
export function isTestOrTool(path: string): boolean {
  return /\.test\.ts$|(^|\/)testing(\.ts$|\/)|^(test|scripts|bench)\/|^web\/(build|preview)\/|(^|\/)vite\.config\.ts$/.test(
    path,
  )
}

function faultsOf({ path, code, imports }: Source): Fault[] {
  if (isTestOrTool(path)) return []
  const faults: Fault[] = []
  const fault = (says: string) => faults.push({ path, says })
  for (const item of imports) {
    const says = importFault(path, item)
    if (says) fault(says)
  }
  const pure = /^(core|letters)\//.test(path) || /(^|\/)(rules|kinds)(\.ts$|\/)/.test(path)
  const clock = pure && /\bDate\.now\s*\(|\bnew Date\s*(\(\s*\)|(?=[^\w\s(]))|\bperformance\.now\s*\(/.exec(code)
  if (clock) fault(`reads the clock (${clock[0]}); take the time as a value`)
  const mayReadSettings = path === 'server/config.ts' || path === 'main.ts'
  if (!mayReadSettings && /\bprocess\.env\b/.test(code)) fault('reads process.env; settings come from server/config.ts')
  return faults
}

function importFault(path: string, { target, ours, typeOnly }: Import): string | undefined {
  const room = path.split('/')[0]!
  const node = target.startsWith('node:')
  if (room === 'core') {
    if (node) return `core/ does no I/O, so it may not import ${target}`
    if (ours && !target.startsWith('core/')) return `core/ may import core/ alone, not ${target}`
    if (!ours && !/^(@noble\/hashes|hpke)(\/|$)/.test(target))
      return `core/ may use @noble/hashes and hpke alone, not ${target}`
  }
  const pureRooms: Record<string, string[]> = {
    language: ['language', 'core'],
    letters: ['letters', 'language', 'core'],
    verify: ['verify', 'core', 'language'],
  }
  const allowed = pureRooms[room]
  if (allowed) {
    if (node && room !== 'verify') return `${room}/ is pure, so it may not import ${target}`
    if (ours && !allowed.includes(target.split('/')[0]!))
      return `${room}/ may import ${allowed.join('/, ')}/ alone, not ${target}`
  }
  const mine = featureOf(path)
  const theirs = ours ? featureOf(target) : undefined
  if (mine && theirs && mine !== theirs && !/^features\/[^/]+\/(web\/)?index\.ts$/.test(target))
    return `features meet at the door: import features/${theirs}/index.ts (screens: web/index.ts), not ${target}`
  if (mine && isScreen(path) && /^features\/[^/]+\/(store|routes)\.ts$/.test(target))
    return `a screen may not import ${target}`
  if (isScreen(path) && target.startsWith('server/')) return `a screen may not import ${target}`
  if (isScreen(path) && node) return `a screen runs in a browser and may not import ${target}`
  if (room === 'client' && target.startsWith('server/')) return `client/ runs on a device and may not import ${target}`
  if (room === 'server' && theirs && !typeOnly)
    return `server/ is what features stand on; app.ts joins them, so not ${target}`
  return undefined
}

/** What a screen imports, however far away, ends up in the browser. */
function unfitForBrowser(tree: Source[]): Fault[] {
  const byPath = new Map(tree.map((source) => [source.path, source]))
  const faults: Fault[] = []
  const seen = new Set<string>()
  const visit = (path: string, trail: string[]) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const { target, ours, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (typeOnly) continue
      const unfit =
        target.startsWith('node:') ||
        target.startsWith('server/') ||
        /^features\/[^/]+\/(store|routes)\.ts$/.test(target)
      if (unfit && trail.length > 0)
        faults.push({
          path: trail[0]!,
          says: `brings ${target} into the browser, by way of ${[...trail.slice(1), path].join(' → ')}`,
        })
      else if (ours) visit(target, [...trail, path])
    }
  }
  for (const { path } of tree) if (isScreen(path) && !isTestOrTool(path)) visit(path, [])
  return faults
}

/** Relative imports that lead nowhere: the scanner would be blind behind them. */
export function findDeadEnds(root: string, tree: Source[]): Fault[] {
  return tree.flatMap(({ path, imports }) =>
    imports
      .filter(({ target, ours }) => ours && !existsSync(join(root, target.replace(/\?.*$/, ''))))
      .map(({ target }) => ({ path, says: `imports ${target}, which is not there` })),
  )
}

function isScreen(path: string): boolean {
  return path.startsWith('web/') || /^features\/[^/]+\/web\//.test(path)
}

function featureOf(path: string): string | undefined {
  return /^features\/([^/]+)\//.exec(path)?.[1]
}

function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
    .replace(/<!--[\s\S]*?-->/g, '')
}
