/**
 * `npm run promises -- [NAME…]`: the tests that need time, load or faults. A module in test/promises/ exports
 * `promise`; each ends in one line on standard output, `kept NAME: figures` or `broken NAME: figures`.
 */
import { modulesOf } from './modules.ts'

export type PromiseTest = {
  name: string
  /** The promise, in a sentence. */
  says: string
  /** Figures in words, on one line. What is thrown is a broken promise too. */
  run(): Promise<{ kept: boolean; figures: string }>
}

const words = process.argv.slice(2)
for (const { name, load } of modulesOf<{ promise: PromiseTest }>('test/promises', words)) {
  const start = performance.now()
  let kept = false
  let figures: string
  try {
    const { promise } = await load()
    console.error(`… ${promise.says}`)
    const outcome = await promise.run()
    kept = outcome.kept
    figures = outcome.figures
  } catch (error) {
    console.error(error)
    figures = `failed with ${String(error).split('\n')[0]}`
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${kept ? 'kept' : 'broken'} ${name}: ${figures.replaceAll('\n', ' ')} (${seconds} s)`)
  if (!kept) process.exitCode = 1
}
