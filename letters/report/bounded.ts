/**
 * What somebody wrote, cut to what a sheet can hold: a heading repeats on every page, and one taller than a page would have no
 * end. The values themselves may run on as long as they like; the table of values has every text whole.
 */
import { clip } from '../../language/clip.ts'
import type { ReportData } from './data.ts'

const MOST_NAME = 200
const MOST_NUMBER = 90
const MOST_SUBJECT = 1000
const MOST_HEAD_LINES = 8

export function bounded(data: ReportData): ReportData {
  const { maker, checkpoint, fields, rows } = data
  return {
    ...data,
    letterhead: data.letterhead.slice(0, MOST_HEAD_LINES).map(nameOf),
    memo: clip(data.memo, MOST_NUMBER),
    subject: breakable(clip(data.subject, MOST_SUBJECT)),
    mark: nameOf(data.mark),
    checkpoint: { ...checkpoint, root: clip(checkpoint.root, MOST_NUMBER) },
    maker: maker && { name: nameOf(maker.name), post: nameOf(maker.post), office: nameOf(maker.office) },
    fields: fields.map((field) => ({
      ...field,
      clause: clip(field.clause, MOST_NUMBER),
      name: nameOf(field.name),
      unit: nameOf(field.unit),
    })),
    rows: rows.map((row) => ({
      ...row,
      division: nameOf(row.division),
      district: nameOf(row.district),
      upazila: nameOf(row.upazila),
      office: nameOf(row.office),
      post: nameOf(row.post),
    })),
  }
}

const clusters = new Intl.Segmenter('bn', { granularity: 'grapheme' })

/** With an unseen place to break in every word too long for a column, between whole conjuncts. */
export function breakable(text: string): string {
  return text.replace(/\S{21,}/g, (word) =>
    [...clusters.segment(word)]
      .map(({ segment }, i) => (i > 0 && i % 10 === 0 ? `\u200b${segment}` : segment))
      .join(''),
  )
}

function nameOf(text: string): string {
  return breakable(clip(text, MOST_NAME).replace(/\s+/g, ' '))
}
