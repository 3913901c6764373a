/** A real server in a process of its own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = join(import.meta.dirname, '..', '..')

export type Served = {
  url: string
  /** Of a demonstration: whom one can be, each with a joining code. */
  people: { name: string; post: string; code: string }[]
  process: ChildProcess
  /** Kills the server at once, without a farewell, and waits for its end. Its PostgreSQL lives on. */
  kill(): Promise<void>
  /** Asks it to stop, as an operator does. */
  stop(): Promise<number | null>
}

const living = new Set<ChildProcess>()
/** A test that runs out of time, or breaks off, leaves no server behind. */
process.once('exit', () => {
  for (const child of living) child.kill('SIGTERM')
})
process.once('SIGTERM', () => process.exit(143))

/** Starts `./smarak serve` over a data directory, with more flags if given; resolves once it is ready. */
export async function serve(dataDir: string, ...flags: string[]): Promise<Served> {
  const args = ['serve', '--data', dataDir, '--port', '0', '--json', '--log-level', 'fatal', ...flags]
  const child = spawn(join(ROOT, 'smarak'), args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  living.add(child)
  child.once('exit', () => living.delete(child))
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-10_000)
  })
  const exit = once(child, 'exit')
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', resolve)
    void exit.then(([code]) => reject(new Error(`The server ended with ${code}: ${said}`)))
  })
  const { url, people } = readReady(line)
  if (!url) {
    child.kill()
    throw new Error(`The server did not start: ${line} ${said}`)
  }
  return {
    people: people ?? [],
    url: url.replace('localhost', '127.0.0.1'),
    process: child,
    async kill() {
      child.kill('SIGKILL')
      await exit
    },
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exit
      return code as number | null
    },
  }
}

function readReady(line: string): Partial<Pick<Served, 'url' | 'people'>> {
  try {
    return JSON.parse(line)
  } catch {
    return {} // something else was said first
  }
}

/** The PostgreSQL of a data directory, or undefined where none has left its note. */
export async function postgresPid(dataDir: string): Promise<number | undefined> {
  const note = await readFile(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').catch(() => '')
  return Number(note.split('\n')[0]) || undefined
}
