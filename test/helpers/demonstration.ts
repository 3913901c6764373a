/** The demonstration that journeys play in: set up once a run, and copied for each that wants one of its own. */
import { cp, mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Served, serve } from './serve.ts'

/** The variable in which `npm test` names a directory of this run; a file run alone sets its own demonstration up. */
export const TEST_DEMONSTRATION = 'SMARAK_TEST_DEMONSTRATION'
/** How many officials the shared one simulates. Those above what a journey asks for have joined, and do nothing. */
const SIMULATED = 30
const PATIENCE = 90_000

/** `./smarak serve --demo` over `dataDir`, which is not there yet. */
export async function serveDemonstration(dataDir: string, simulated: number): Promise<Served> {
  const shared = process.env[TEST_DEMONSTRATION]
  if (shared && simulated <= SIMULATED) {
    const made = await setUpOnce(shared)
    for (const part of ['data', 'data-authority'])
      await cp(join(made, part), part === 'data' ? dataDir : `${dataDir}-authority`, { recursive: true })
  }
  return serve(dataDir, '--demo', '--simulated', String(simulated))
}

/** Whoever comes first sets it up; the others wait until it has its name. */
async function setUpOnce(shared: string): Promise<string> {
  const [made, making] = [join(shared, 'made'), join(shared, 'making')]
  const until = performance.now() + PATIENCE
  while (!(await exists(made))) {
    try {
      await mkdir(making)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (performance.now() > until) throw new Error('The shared demonstration was not set up in time')
      await pause(100)
      continue
    }
    if (await exists(made)) break // it got its name between our two looks
    const served = await serve(join(making, 'data'), '--demo', '--simulated', String(SIMULATED))
    await served.stop()
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
