/**
 * `npm run bench -- [NAME…]`: figures beside a reference measured in the same run. A module in bench/ exports `bench`.
 * Prints a table, then every row as a JSON line. A missed figure is marked, and ends the run with 1.
 */

import { judge, type Row, ratioOf, table } from './bench-table.ts'
import { modulesOf } from './modules.ts'

export type Bench = { name: string; run(): Promise<Row[]> }
export type { Row }

const words = process.argv.slice(2)
const rows: (Row & { bench: string })[] = []
for (const { name, load } of modulesOf<{ bench: Bench }>('bench', words)) {
  console.error(`… ${name}`)
  try {
    const { bench } = await load()
    rows.push(...(await bench.run()).map((row) => ({ bench: name, ...row })))
  } catch (error) {
    console.error(error)
    console.log(`${name} failed: ${String(error).split('\n')[0]}`)
    process.exitCode = 1
  }
}
console.log(table(rows))
for (const row of rows) {
  const met = judge(row)
  console.log(JSON.stringify({ ...row, ratio: ratioOf(row), met }))
  if (met === false) process.exitCode = 1
}
