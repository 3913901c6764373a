import type { Reading, SpanName } from '../../../letters/letter.ts'
import type { Span } from '../../../letters/lines.ts'

/** What a stretch of the letter was understood as: a field, a clause (`clause:ক`), a line (`line:৩`). */
export type MarkKey = SpanName | `clause:${string}` | `paragraph:${number}` | `line:${number}`

export type Mark = Span & { key: MarkKey }

/** A stretch with one look: what it was understood as, and what to check there (a warning's place in the list). */
export type Segment = { text: string; key: MarkKey | null; warning: number | null }

/** Where each understood part stands in the text. */
export function marksOf(reading: Reading): Mark[] {
  const marks: Mark[] = []
  for (const [key, span] of Object.entries(reading.spans)) if (span) marks.push({ key: key as SpanName, ...span })
  for (const { label, at } of reading.clauses) if (at) marks.push({ key: `clause:${label}`, ...at })
  for (const [i, { at }] of reading.paragraphs.entries()) if (at) marks.push({ key: `paragraph:${i}`, ...at })
  for (const [i, { at }] of reading.distribution.entries()) if (at) marks.push({ key: `line:${i}`, ...at })
  return marks
}

/**
 * The text cut where its look changes. Where parts lie within one another the smallest counts. Joined again, the
 * segments are the text: nothing is left out or altered.
 */
export function segmentsOf(text: string, marks: readonly Mark[], warnings: readonly { at?: Span }[]): Segment[] {
  const edges = new Set([0, text.length])
  for (const { start, end } of [...marks, ...warnings.flatMap(({ at }) => (at ? [at] : []))]) {
    if (start < end) for (const edge of [start, end]) edges.add(Math.min(Math.max(edge, 0), text.length))
  }
  const bySize = [...marks].sort((a, b) => a.end - a.start - (b.end - b.start))
  const cuts = [...edges].sort((a, b) => a - b)
  const segments: Segment[] = []
  for (const [i, start] of cuts.entries()) {
    const end = cuts[i + 1]
    if (end === undefined) break
    const covers = (span: Span) => span.start <= start && span.end >= end
    const warning = warnings.findIndex(({ at }) => at && covers(at))
    segments.push({
      text: text.slice(start, end),
      key: bySize.find(covers)?.key ?? null,
      warning: warning < 0 ? null : warning,
    })
  }
  return segments
}
