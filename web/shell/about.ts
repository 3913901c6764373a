import type { AboutMe, AboutRow } from '../../client/views.ts'
import type { Lang } from '../../language/digits.ts'
import { sayIfKnown } from '../../language/words.ts'

/** What came of an attempt, or why somebody is away; the word itself where it is newer than this application. */
export function outcomeWords(lang: Lang, outcome: string): string {
  for (const room of ['about.outcomes', 'tracking.attempts.outcomes', 'absence.reasons']) {
    const words = sayIfKnown(lang, `${room}.${outcome}`)
    if (words) return words
  }
  return outcome
}

export type AboutColumn = { head: string; of: (row: AboutRow) => string | number | undefined }

/**
 * A table for a spreadsheet: UTF-8 with its mark, lines ending in CR LF, every field quoted. A field that a spreadsheet would take
 * for a formula begins with an apostrophe.
 */
export function csvOf(columns: readonly AboutColumn[], rows: readonly AboutRow[]): string {
  const lines = [columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ of }) => of(row) ?? ''))]
  return `\uFEFF${lines.map((fields) => fields.map(quoted).join(',')).join('\r\n')}\r\n`
}

/** The same for programs: times as milliseconds since 1970 and as text. */
export function jsonOf({ at, person, rows, complete }: AboutMe): string {
  const plain = rows.map((row) => ({ ...row, time: new Date(row.at).toISOString() }))
  return `${JSON.stringify({ person, taken: new Date(at).toISOString(), complete, rows: plain }, null, 2)}\n`
}

function quoted(field: string | number): string {
  const text = typeof field === 'string' && /^[=+\-@\t\r]/.test(field) ? `'${field}` : String(field)
  return `"${text.replaceAll('"', '""')}"`
}
