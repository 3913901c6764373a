/**
 * An officer's own device is his: it locks, waits out wrong PINs, is cleared and joined anew, and shows all that is held; every
 * step in a real browser against a real server.
 */
import { join } from 'node:path'
import { run } from 'node:test'
import { buildWeb } from '../../scripts/build.ts'
import type { PromiseTest } from '../../scripts/promises.ts'
import { startTestPostgres, TEST_POSTGRES } from '../helpers/postgres.ts'

/** In a process of its own: what opens its browsers and databases lets go of them when the tests of a process end. */
const EVERY_STEP = join(import.meta.dirname, 'device/every-step.ts')
/** Of device/steps.ts: one that was not played is one that does not hold. */
const STEPS = 9

export type DeviceFigures = {
  held: string[]
  broken: string[]
  /** Slowest step, ms. */
  slowest: number
}

/** Plays every step; why one breaks is told on standard error. Without a browser all are broken. */
export async function tryDevice(databaseUrl: string): Promise<DeviceFigures> {
  const figures: DeviceFigures = { held: [], broken: [], slowest: 0 }
  const env = { ...process.env, [TEST_POSTGRES]: databaseUrl, SMARAK_REQUIRE_BROWSER: '1' }
  for await (const { type, data } of run({ files: [EVERY_STEP], env, timeout: 300_000 })) {
    if (type === 'test:diagnostic' && data.nesting > 0) console.error(data.message)
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (type === 'test:fail') console.error(data.name, data.details.error)
    if (data.details.type === 'suite') continue
    const isHeld = type === 'test:pass' && data.skip === undefined && data.todo === undefined
    figures[isHeld ? 'held' : 'broken'].push(data.name)
    figures.slowest = Math.max(figures.slowest, data.details.duration_ms)
  }
  return figures
}

export const promise: PromiseTest = {
  name: 'device',
  says: 'an officer’s own device is his: it locks, waits out wrong PINs, is cleared and joined anew, and shows all that is held',
  async run() {
    await buildWeb()
    const { postgres, stop } = await startTestPostgres()
    const { held, broken, slowest } = await tryDevice(postgres.urlFor('postgres')).finally(stop)
    return {
      kept: held.length === STEPS && broken.length === 0,
      figures: [
        `${held.length} of ${STEPS} steps held, the slowest in ${(slowest / 1000).toFixed(1)} s`,
        ...broken.map((name) => `not: ${name}`),
      ].join('; '),
    }
  },
}
