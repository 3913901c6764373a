/**
 * `npm test`: the web app built, then every *.test.ts against one real PostgreSQL, and the checks beside it all. Words given
 * narrow the tests to paths that contain one of them, without the checks. The last line is always
 * `N passed, N failed, N skipped`.
 */
import { globSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { run } from 'node:test'
import { TEST_SHARED } from '../test/helpers/once.ts'
import { startTestPostgres, TEST_POSTGRES } from '../test/helpers/postgres.ts'
import { buildWeb } from './build.ts'
import { runChecks } from './checks.ts'
import { type Done, ROOT, seconds } from './steps.ts'
import { Tally } from './tally.ts'

// What Node makes of the .ts files is kept: a quarter of a second for each process that a test is or starts.
process.env.NODE_COMPILE_CACHE ??= join(ROOT, 'node_modules/.cache/node')

/** These take longest, so they begin first, in this order; then whatever else opens browsers or whole servers. */
const LONGEST = [
  'test/journeys/the-order',
  'test/journeys/joining',
  'test/journeys/',
  'cli/profile',
  'test/enemy/flood',
  'test/promises/',
  'test/canary',
  'server/faults',
  'server/postgres/',
  'test/',
]

const words = process.argv.slice(2)
const tally = new Tally()
const started = performance.now()

process.on('uncaughtException', (error) => {
  tally.fail('the test run itself', error)
  tally.close()
  process.exit(1)
})

const files = globSync('**/*.test.ts', { cwd: ROOT, exclude: ['node_modules/**', 'dist/**', 'data/**'] })
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))

const checked = words.length === 0 ? runChecks(tellCheck) : undefined
try {
  await buildWeb({ force: false })
} catch (error) {
  tally.fail('the web app is built', error)
}

const server = await startTestPostgres()
const shared = await mkdtemp(join(tmpdir(), 'smarak-shared-'))
const clear = async () => {
  await server.stop()
  await rm(shared, { recursive: true, force: true, maxRetries: 5 })
}
let stopping = false
const stop = async (signal: NodeJS.Signals) => {
  if (stopping) return
  stopping = true
  await clear()
  process.kill(process.pid, signal)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(signal))

const url = server.postgres.urlFor('postgres')
const events = run({
  files: files.map((file) => join(ROOT, file)),
  cwd: ROOT,
  concurrency: 2,
  timeout: 120_000,
  env: { ...process.env, [TEST_POSTGRES]: url, [TEST_SHARED]: shared },
})
for await (const { type, data } of events) {
  const file = data && 'file' in data && data.file ? relative(ROOT, data.file) : ''
  if (type === 'test:pass') tally.passed(data, file)
  else if (type === 'test:fail') tally.failed(data, file)
  else if (type === 'test:stdout' || type === 'test:stderr') tally.heard(file, data.message)
}
await clear()
await checked
tally.close(`${files.length} files in ${seconds(performance.now() - started)}`)
process.exitCode = tally.ok ? 0 : 1

function rank(file: string): number {
  const at = LONGEST.findIndex((start) => file.startsWith(start))
  return at < 0 ? LONGEST.length : at
}

function tellCheck({ name, ok, said, ms }: Done): void {
  tally.count(name, ms)
  if (ok) tally.pass()
  else tally.fail(name, said)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds(ms)})`)
}
