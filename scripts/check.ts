/** `npm run check`: form, types and the map, in under a minute. */
import { runChecks } from './checks.ts'
import { runStep, seconds } from './steps.ts'

const tell = ({ name, ok, said, ms }: { name: string; ok: boolean; said: string; ms: number }) => {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds(ms)})`)
  if (!ok) console.log(said.trimEnd())
}
const map = { name: 'the map of the house', command: 'node', args: ['--test', 'test/boundaries.test.ts'] }
const results = await Promise.all([
  runChecks(tell),
  runStep(map).then((done) => {
    tell(done)
    return [done]
  }),
])
process.exitCode = results.flat().every((done) => done.ok) ? 0 : 1
