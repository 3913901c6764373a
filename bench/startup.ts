/**
 * How long until a demonstration is ready: the first time, with every official joined, and afterwards; and what an idle server
 * holds. Beside them what the bare Node takes to start, and the seconds of CPU, which other work on the machine moves less.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import type { Bench, Row } from '../scripts/bench.ts'

const run = promisify(execFile)
const SMARAK = join(import.meta.dirname, '..', 'smarak')
const STARTS = 3
/** Looked at so often whether the server does anything; it is idle after three looks at nothing, and within so many. */
const LOOK_EVERY = 5_000
const MOST_LOOKS = 24

export const bench: Bench = {
  name: 'startup',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'smk-startup-'))
    const data = join(directory, 'data')
    try {
      const rows: Row[] = [{ name: 'node -e 0', value: await bareNode(), unit: 's', wanted: 'shown' }]
      const first = await start(data)
      rows.push({ name: 'first start, every official joined', value: first.seconds, unit: 's', wanted: '≤ 60' })
      rows.push(...cpuRows('until then', await processes(first.process)))
      await stop(first.process)

      const again: number[] = []
      for (let i = 0; i < STARTS; i++) {
        const { seconds, process } = await start(data)
        again.push(seconds)
        if (i < STARTS - 1) await stop(process)
        else {
          const { seen, after } = await whenIdle(process)
          await stop(process)
          const best = Math.min(...again)
          rows.push({ name: `later start, best of ${STARTS}`, value: best, unit: 's', wanted: '≤ 3' })
          rows.push({ name: 'server, idle', value: seen.server.rss, unit: 'MB', wanted: '≤ 200' })
          rows.push({ name: 'authority and officials, idle', value: seen.authority.rss, unit: 'MB', wanted: 'shown' })
          rows.push(...cpuRows(`until idle, ${after} s after it`, seen))
        }
      }
      return rows
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
}

type Seen = { rss: number; cpu: number }
type Seens = { server: Seen; authority: Seen }

/** The server and its authority: memory in MB, CPU in seconds. PostgreSQL is another's work. */
async function processes(server: ChildProcess): Promise<Seens> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=,args='])
  const found = stdout.split('\n').map((line) => {
    const [, pid, parent, rss, time, args] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)/.exec(line) ?? []
    return { pid: Number(pid), parent: Number(parent), rss: Number(rss) / 1000, cpu: secondsOf(time ?? '0'), args }
  })
  const own = found.find(({ pid }) => pid === server.pid)
  const authority = found.find(({ parent, args }) => parent === server.pid && args?.includes('demo/authority.ts'))
  if (!own || !authority) throw new Error('The server or its authority is gone')
  return { server: own, authority }
}

/** Once the server has nothing to do: every official comes back after a start. Throws where that takes too long. */
async function whenIdle(server: ChildProcess): Promise<{ seen: Seens; after: number }> {
  let before = await processes(server)
  for (let look = 1, quiet = 0; look <= MOST_LOOKS; look++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
    const seen = await processes(server)
    quiet = seen.server.cpu > before.server.cpu ? 0 : quiet + 1
    if (quiet === 3) return { seen, after: (look * LOOK_EVERY) / 1000 }
    before = seen
  }
  throw new Error(`The server was not idle within ${(MOST_LOOKS * LOOK_EVERY) / 1000} s`)
}

/** `[[days-]hours:]minutes:seconds`, as `ps` writes it. */
function secondsOf(time: string): number {
  return time.split(/[-:]/).reduce((sum, part) => sum * 60 + Number(part), 0)
}

function cpuRows(when: string, { server, authority }: Seens): Row[] {
  return [
    { name: `CPU of the server ${when}`, value: server.cpu, unit: 's', wanted: 'shown' },
    { name: `CPU of authority and officials ${when}`, value: authority.cpu, unit: 's', wanted: 'shown' },
  ]
}

async function start(data: string): Promise<{ seconds: number; process: ChildProcess }> {
  const began = performance.now()
  const words = ['serve', '--demo', '--data', data, '--port', '0', '--json', '--log-level', 'fatal']
  const child = spawn(SMARAK, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
    once(child, 'exit').then(([code]) => `ended with ${code}`),
  ])
  if (!line.includes('"ready":true')) throw new Error(`The server did not start: ${line}`)
  return { seconds: (performance.now() - began) / 1000, process: child }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** The middle of five. */
async function bareNode(): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < 5; i++) {
    const began = performance.now()
    await run(process.execPath, ['-e', '0'])
    times.push((performance.now() - began) / 1000)
  }
  return times.sort((a, b) => a - b)[2]!
}
