/** What a merge needs besides tests: form, types, and the map of the house. */
import { type Done, runStep, type Step } from './steps.ts'

// @NOTE Tools of node_modules would run under whatever `node` their first line finds; they are run under ours instead.
const CHECKS: Step[] = [
  { name: 'biome: form and lint', command: 'biome', args: ['check', '--error-on-warnings', '--colors=off', '.'] },
  {
    // Every .ts beside every .svelte in one program, checked by the compiler that is itself compiled.
    name: 'svelte-check: types and screens',
    command: 'node',
    args: [
      'node_modules/svelte-check/bin/svelte-check',
      '--tsgo',
      '--tsconfig',
      'tsconfig.check.json',
      '--fail-on-warnings',
      '--output',
      'human',
    ],
    // It ends before it would need what it throws away: a fifth less work for a tenth more memory.
    env: { GOGC: 'off' },
  },
]

/** Runs all, together; calls `heard` as each ends. */
export function runChecks(heard: (done: Done) => void): Promise<Done[]> {
  return Promise.all(
    CHECKS.map(async (step) => {
      const done = await runStep(step)
      heard(done)
      return done
    }),
  )
}
