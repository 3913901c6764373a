/** The demonstration that journeys play in: set up once a run, and copied for each that wants one of its own. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { madeOnce, TEST_SHARED } from './once.ts'
import { type Served, serve } from './serve.ts'

/** How many officials the shared one simulates. Those above what a journey asks for have joined, and do nothing. */
const SIMULATED = 30

/** `./smarak serve --demo` over `dataDir`, which is not there yet. */
export async function serveDemonstration(dataDir: string, simulated: number): Promise<Served> {
  if (process.env[TEST_SHARED] && simulated <= SIMULATED) {
    const { directory } = await madeOnce('demonstration', async (making) => {
      const served = await serve(join(making, 'data'), '--demo', '--simulated', String(SIMULATED))
      await served.stop()
    })
    for (const part of ['data', 'data-authority'])
      await cp(join(directory, part), part === 'data' ? dataDir : `${dataDir}-authority`, { recursive: true })
  }
  return serve(dataDir, '--demo', '--simulated', String(simulated))
}
