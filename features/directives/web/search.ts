import type { DirectiveRow } from '../../../client/views.ts'
import { fold, foldedWords } from '../../../language/fold.ts'
import { parseMemo } from '../../../letters/memo.ts'

/** The rows in which every word of `words` occurs, however spelt: in subject, memo number or issuer. All when it has none. */
export function searchRows(rows: readonly DirectiveRow[], words: string): DirectiveRow[] {
  const wanted = foldedWords(words)
  if (wanted.length === 0) return [...rows]
  return rows.filter((row) => {
    const { title, office, place } = row.issuer
    const names = [title, office, ...(place ? [place] : [])].flatMap(({ bn, en }) => [bn, en])
    const text = fold([row.subject, row.memo, ...names].join(' '))
    return wanted.every((word) => text.includes(word))
  })
}

/** Other letters of the same file, by the number of the file, newest first; each once, however many posts it came to. */
export function sameFile(rows: readonly DirectiveRow[], of: Pick<DirectiveRow, 'id' | 'memo'>): DirectiveRow[] {
  const file = fileOf(of.memo)
  if (file === '') return []
  const found = new Map<string, DirectiveRow>()
  for (const row of rows)
    if (row.id !== of.id && !found.has(row.id) && fileOf(row.memo) === file) found.set(row.id, row)
  return [...found.values()].sort((a, b) => b.index - a.index)
}

/** Files by memo number: the same few hundred are asked for with every letter opened. */
const files = new Map<string, string>()

function fileOf(memo: string): string {
  const known = files.get(memo)
  if (known !== undefined) return known
  if (files.size > 5000) files.clear()
  const { file } = parseMemo(memo)
  files.set(memo, file)
  return file
}
