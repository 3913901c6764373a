/** What more than one test file needs and takes seconds to make: made once a run, by whoever comes first. */
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** The variable in which `npm test` names a directory of this run; a file run alone makes its own. */
export const TEST_SHARED = 'SMARAK_TEST_SHARED'
const PATIENCE = 90_000

export type Made = {
  /** Only to be read: others do so too. */
  directory: string
  /** To be called when it is no longer needed; the run's own stays for whoever comes next. */
  close(): Promise<void>
}

/** The directory of that name which `make` filled. */
export async function madeOnce(name: string, make: (directory: string) => Promise<void>): Promise<Made> {
  const shared = process.env[TEST_SHARED]
  if (shared) return { directory: await inRun(join(shared, name), make), close: async () => {} }
  const directory = await mkdtemp(join(tmpdir(), `smarak-${name}-`))
  await make(directory)
  return { directory, close: () => rm(directory, { recursive: true, force: true }) }
}

/** Whoever comes first makes it; the others wait until it has its name. */
async function inRun(made: string, make: (directory: string) => Promise<void>): Promise<string> {
  const making = `${made}.making`
  const until = performance.now() + PATIENCE
  while (!(await exists(made))) {
    try {
      await mkdir(making)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (performance.now() > until) throw new Error(`${made} was not made in time`)
      await pause(100)
      continue
    }
    if (await exists(made)) break // it got its name between our two looks
    await make(making)
    await rename(making, made)
  }
  return made
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
