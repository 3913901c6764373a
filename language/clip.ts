const clusters = new Intl.Segmenter('bn', { granularity: 'grapheme' })

/**
 * A text of at most `most` UTF-16 units for where no style sheet can clip it (an option of a list, a cell of a printed table): a
 * longer one ends in … after a whole conjunct, and after a whole word where one ends in its second half.
 */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text
  let end = 0
  let wordEnd = 0
  for (const { index, segment } of clusters.segment(text.slice(0, most + 16))) {
    if (index + segment.length > most - 1) break
    if (segment.trim() === '') wordEnd = index
    end = index + segment.length
  }
  return `${text.slice(0, wordEnd > most / 2 ? wordEnd : end)}…`
}
