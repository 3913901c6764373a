import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { reportCsv } from '../letters/report/csv.ts'
import type { ReportStage } from '../letters/report/data.ts'
import { sampleReport } from '../letters/report/testing.ts'
import { writeFile } from './io.ts'
import { writeReport } from './write-report.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smarak-report-'))
})
after(() => rm(folder, { recursive: true }))

const few = { ...sampleReport(), rows: sampleReport().rows.slice(0, 20) }

test('a report is written as its name ends', async () => {
  await writeReport(few, join(folder, 'a.CSV'), { writeFile })
  assert.equal(await readFile(join(folder, 'a.CSV'), 'utf8'), reportCsv(few))
  const stages: ReportStage[] = []
  await writeReport(few, join(folder, 'a.pdf'), { writeFile }, (stage) => stages.push(stage))
  const pdf = await readFile(join(folder, 'a.pdf'), 'latin1')
  assert.ok(pdf.startsWith('%PDF-1.7') && /\+NotoSansBengali-Regular/.test(pdf))
  assert.deepEqual([...new Set(stages.map(({ stage }) => stage))], ['engine', 'font', 'rows', 'pdf'])
  assert.deepEqual(stages.at(-1), { stage: 'pdf', done: 20, of: 20 })
})

test('another name, and a place that cannot be written, are refused', async () => {
  await assert.rejects(writeReport(few, join(folder, 'a.docx'), { writeFile }), { code: 'bad_input' })
  await assert.rejects(writeReport(few, join(folder, 'none', 'a.csv'), { writeFile }), { code: 'file_unwritable' })
})
