/** 10,000 notices by Web Push to a push service on this machine, from the row of the notice to the outcome on the board. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from '../scripts/bench.ts'
import { idOf, Telling } from '../server/channels/testing.ts'
import { type Db, openDb } from '../server/db.ts'
import { migrate } from '../server/migrate.ts'
import { startPostgres } from '../server/postgres/index.ts'
import { httpEnd, PushBrowser } from '../test/helpers/channel-ends.ts'

const PEOPLE = 10_000
const MOST_SECONDS = 30

export const bench: Bench = {
  name: 'push',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'smarak-push-'))
    const postgres = await startPostgres({ directory: join(folder, 'postgres') })
    const { url } = postgres
    const db = openDb({ url })
    const end = await httpEnd({ status: 201 })
    try {
      await migrate(db)
      const telling = new Telling(db, {})
      await subscribe(telling, end.url)
      await telling.notice(names(), { urgency: 1 })
      const whole = await send(url, folder)
      const seconds = await whole.ended
      const first = countPaths(end.asked.map(({ path }) => path))

      end.asked.length = 0
      await telling.notice(names(), { urgency: 1 })
      const killed = await send(url, folder)
      while (end.asked.length < PEOPLE / 2) await new Promise((resolve) => setTimeout(resolve, 5))
      killed.process.kill('SIGKILL')
      await killed.ended.catch(() => {})
      const before = end.asked.length
      await (await send(url, folder)).ended
      const second = countPaths(end.asked.map(({ path }) => path))
      const lost = await db.one<{ n: number }>(`SELECT count(*)::int AS n FROM attempt WHERE outcome = 'lost'`)
      return [
        { name: `${PEOPLE} notices, each pushed`, value: seconds, unit: 's', wanted: `≤ ${MOST_SECONDS}` },
        { name: 'pushes a second', value: PEOPLE / seconds, unit: '/s', wanted: 'shown' },
        { name: 'not pushed', value: PEOPLE - first.size, unit: '', wanted: '≤ 0' },
        { name: 'killed after', value: before, unit: 'pushes', wanted: 'shown' },
        { name: 'pushed twice over the kill', value: twice(second), unit: '', wanted: '≤ 0' },
        { name: 'lost by the kill, left to the next channel', value: lost!.n, unit: '', wanted: '≤ 256' },
        {
          name: 'neither pushed nor known as lost',
          value: Math.max(0, PEOPLE - second.size - lost!.n),
          unit: '',
          wanted: '≤ 0',
        },
      ]
    } finally {
      await end.close()
      await db.close()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

function names(): string[] {
  return Array.from({ length: PEOPLE }, (_, i) => `post ${i}`)
}

/** One browser's keys do for all: what encrypting to them costs is the same. */
async function subscribe({ db }: { db: Db }, url: string): Promise<void> {
  const { p256dh, auth } = new PushBrowser(url).address
  const bytes = (id: string) => Buffer.from(id, 'base64url')
  await db.write((tx) =>
    tx.query(
      `INSERT INTO push_subscription (device, person, endpoint, p256dh, auth, lang, added)
       SELECT device, person, $3 || '/' || o, $4, $5, 'bn', 0
       FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY t (device, person, o)`,
      [
        names().map((name) => bytes(idOf(`device ${name}`))),
        names().map((name) => bytes(idOf(`person ${name}`))),
        url,
        p256dh,
        auth,
      ],
    ),
  )
}

/** The sender in a process of its own, to be killed; ends by itself, in so many seconds, when nothing is left to send. */
async function send(url: string, folder: string): Promise<{ process: ChildProcess; ended: Promise<number> }> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'push', 'sender.ts'),
      url,
      folder,
      String(PEOPLE),
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let said = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`The sender ended with ${code}`)
    return Number(said)
  })
  return { process: child, ended }
}

function countPaths(paths: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const path of paths) counts.set(path, (counts.get(path) ?? 0) + 1)
  return counts
}

function twice(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].filter((count) => count > 1).length
}
