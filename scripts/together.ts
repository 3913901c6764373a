/**
 * Test files that share a process: each started by itself costs a third of a second before its first test, and most of them
 * are done in less. Each is a suite of its own there, with its own hooks; their tests run one after another, as they would alone.
 */
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './steps.ts'

/** Mocks, the process's own state, and helpers that hold something large open until the file ends. */
const OF_ITS_OWN = [/\bmock\b|\bprocess\./, /helpers\/(browser|core-in-browser|demonstration|postgres|serve)\.ts/]
/** What hands out databases, to be closed again with each file. */
const DATABASE = 'test/helpers/database.ts'
const USES_DATABASE = /helpers\/(database|town)\.ts/

/** As many processes share the files of one kind: what all of them load, or make once, is so done that often. */
const ROOMS = 3

export type Room = { files: string[]; usesDatabase: boolean }

/** What may run with others, by the room's name; and what needs a process of its own. */
export function whoGoesTogether(files: readonly string[]): { rooms: Map<string, Room>; alone: string[] } {
  const rooms = new Map<string, Room>()
  const alone: string[] = []
  const counts = { pure: 0, database: 0 }
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), 'utf8')
    if (OF_ITS_OWN.some((sign) => sign.test(text))) {
      alone.push(file)
      continue
    }
    const usesDatabase = USES_DATABASE.test(text)
    const kind = usesDatabase ? 'database' : 'pure'
    const name = `${kind}-${counts[kind]++ % ROOMS}`
    const room = rooms.get(name) ?? { files: [], usesDatabase }
    rooms.set(name, room)
    room.files.push(file)
  }
  return { rooms, alone }
}

/** Writes the module that runs them all. One that cannot be read, or holds no test, fails alone. */
export async function writeTogether(path: string, { files, usesDatabase }: Room): Promise<void> {
  const url = (file: string) => pathToFileURL(join(ROOT, file)).href
  await writeFile(
    path,
    `import { after, describe } from 'node:test'
${usesDatabase ? `import { closeDatabases } from ${JSON.stringify(url(DATABASE))}` : ''}
for (const [file, url] of ${JSON.stringify(files.map((file) => [file, url(file)]))})
  describe(file, async () => {
    await import(url)
    ${usesDatabase ? 'after(closeDatabases)' : ''}
  })
`,
  )
}
