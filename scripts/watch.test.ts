import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type run, test } from 'node:test'
import type { Watch } from './watch.ts'

test('a file that hangs is named when nothing more is heard, and one that ended is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smarak-watch-'))
  try {
    const [quick, hangs, script] = ['quick.test.ts', 'hangs.test.ts', 'run.ts'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    await writeFile(quick, `import { test } from 'node:test'\ntest('passes', () => {})`)
    await writeFile(
      hangs,
      `import { test } from 'node:test'\ntest('hangs', () => new Promise(() => setInterval(() => {}, 1000)))`,
    )
    // In a process of its own: a test run within a test run does nothing.
    await writeFile(
      script,
      `(${told})(${JSON.stringify([quick, hangs])}, ${JSON.stringify(import.meta.resolve('./watch.ts'))})`,
    )
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], { env })
    let said = ''
    child.stdout.on('data', (text) => {
      said += text
    })
    await once(child, 'close')
    assert.deepEqual(JSON.parse(said), [hangs])
  } finally {
    await rm(folder, { recursive: true })
  }
})

/** Runs in the other process: tells what the watch names, and stops. */
async function told(files: string[], module: string): Promise<void> {
  const { run: start } = (await import('node:test')) as { run: typeof run }
  const { Watch: Watcher } = (await import(module)) as { Watch: typeof Watch }
  const stop = new AbortController()
  const events = start({ files, signal: stop.signal })
  const watch = new Watcher(2_000, (running) => {
    console.log(JSON.stringify(running))
    stop.abort()
  })
  for (const type of ['test:enqueue', 'test:dequeue', 'test:complete'] as const)
    events.on(type, ({ name, file }) => watch.heard(type, name, file))
  events.resume()
}
