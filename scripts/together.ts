/**
 * Test files that share a process: each started by itself costs a third of a second before its first test, and most of them
 * are done in less. Their tests run one after another, as they would alone.
 */
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './steps.ts'

/** Hooks of the whole file, mocks, the process's own state, and helpers that hold something open until the file ends. */
const OF_ITS_OWN = [
  /^(before|after|beforeEach|afterEach)\(/m,
  /\bmock\b|\bprocess\./,
  /helpers\/(browser|core-in-browser|database|demonstration|postgres|serve|town)\.ts/,
]

/** As many processes share the others: what they all load, or make once, is so done that often. */
const ROOMS = 3

/** What may run with others, by its room; and what needs a process of its own. */
export function whoGoesTogether(files: readonly string[]): { rooms: Map<string, string[]>; alone: string[] } {
  const rooms = new Map<string, string[]>()
  let next = 0
  const alone: string[] = []
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), 'utf8')
    if (OF_ITS_OWN.some((sign) => sign.test(text))) alone.push(file)
    else {
      const room = `room-${next++ % ROOMS}`
      rooms.set(room, [...(rooms.get(room) ?? []), file])
    }
  }
  return { rooms, alone }
}

/** Writes the module that runs them all. One that cannot be read, or holds no test, fails alone. */
export async function writeTogether(path: string, files: readonly string[]): Promise<void> {
  const urls = files.map((file) => [file, pathToFileURL(join(ROOT, file)).href])
  await writeFile(
    path,
    `import { test } from 'node:test'
for (const [file, url] of ${JSON.stringify(urls)})
  await import(url).catch((error) => test(file, () => { throw error }))
`,
  )
}
