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
import { type Room, whoGoesTogether, writeTogether } from './together.ts'
import { Watch } from './watch.ts'

// What Node makes of the .ts files is kept: a quarter of a second for each process that a test is or starts.
process.env.NODE_COMPILE_CACHE ??= join(ROOT, 'node_modules/.cache/node')

/**
 * What takes longest begins first, in this order, so that nothing is waited for at the end. Journeys and the rooms with a database
 * wait much, and those started together wait together: what keeps a processor busy begins between them.
 */
const LONGEST = [
  'test/journeys/approval',
  'test/journeys/the-order',
  'pure-',
  'test/journeys/following',
  'database-0',
  'cli/profile',
  'database-1',
  'test/journeys/silence',
  'database-',
  'test/journeys/',
  'server/channels/sender',
  'server/',
  'test/',
  'web/',
  'scripts/watch',
]
/** A journey mostly waits, for what may be taken back or what others do: more of them than there are processors. */
const TOGETHER = 4
/** Of one file, in milliseconds, on a machine that others use as well. */
const PATIENCE = 300_000
/** When nothing whatever has been heard of any test for so long, something hangs. */
const SILENCE = 180_000

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

const { rooms, alone } = words.length === 0 ? whoGoesTogether(files) : { rooms: new Map<string, Room>(), alone: files }
const grouped = [...rooms.values()].flatMap(({ files }) => files)
const modules: string[] = []
for (const [name, room] of rooms) {
  const module = join(shared, `${name}.test.mjs`)
  await writeTogether(module, room)
  modules.push(module)
}

const watch = new Watch(SILENCE, (running) => {
  tally.fail('the test run itself', `Nothing was heard for ${SILENCE / 1000} s of ${running.map(nameOf).join(', ')}`)
  giveUp.abort()
  // What does not end when it is told to is left to itself.
  setTimeout(finish, 10_000)
})
const giveUp = new AbortController()
const url = server.postgres.urlFor('postgres')
const events = run({
  files: [...alone.map((file) => join(ROOT, file)), ...modules].sort((a, b) => rank(nameOf(a)) - rank(nameOf(b))),
  cwd: ROOT,
  concurrency: TOGETHER,
  timeout: PATIENCE,
  signal: giveUp.signal,
  env: { ...process.env, [TEST_POSTGRES]: url, [TEST_SHARED]: shared },
})
for (const type of ['test:enqueue', 'test:dequeue', 'test:complete'] as const)
  events.on(type, ({ name, file }) => watch.heard(type, name, file))
const told = new Set<string>()
let finished = false
for await (const { type, data } of events) {
  const file = data && 'file' in data && data.file ? nameOf(data.file) : ''
  if (type === 'test:pass' || type === 'test:fail') told.add(file)
  if (type === 'test:pass') tally.passed(data, file)
  else if (type === 'test:fail') tally.failed(data, file)
  else if (type === 'test:stdout' || type === 'test:stderr') tally.heard(file, data.message)
}
watch.end()
for (const file of grouped) if (!told.has(file)) tally.fail(file, 'This file holds no test')
await finish()

/** The last words; a file that was given up may still hold this process. */
async function finish(): Promise<void> {
  if (finished) return
  finished = true
  await clear()
  await checked
  tally.close(`${files.length} files in ${seconds(performance.now() - started)}`)
  process.exitCode = tally.ok ? 0 : 1
  if (giveUp.signal.aborted) process.exit()
}

function nameOf(path: string): string {
  return relative(path.startsWith(shared) ? shared : ROOT, path)
}

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
