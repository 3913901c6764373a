import { opensPart } from './body.ts'
import { cut, type Line } from './lines.ts'
import { isListHeading } from './list.ts'
import { findMemo } from './memo.ts'
import { bangla } from './text.ts'

// Whoever types or scans it often has য, শ or স for ষ, and no dot under the last letter; `faults.ts` says so.
const subjectLabel = bangla('(?:^|\\s)বি[ষযশস](?:য়|য)\\s?[:ঃ：।.-]+\\s*|^sub(?:ject)?\\s?[:：.]+\\s*', 'iu')
const referenceLabel = bangla('^সূত্র\\s?(?:নং|নম্বর)?\\s?[:ঃ：।.-]+\\s*')
/** A line that begins with the label of a memo number. */
export const memoLabel = bangla(
  '^(?:স্মারক|নথি|পত্র)?\\s?(?:নং|নম্বর|নাম্বার|সংখ্যা|স্মারক)\\s?(?:[-–:ঃ：.।]|(?=[0-9০-৯]))|^(?:memo\\s?)?no\\s?[.:]',
  'iu',
)
/** A line that begins with the label of a date. */
export const dateLabel = bangla('^তারিখ\\s?[-–:ঃ：.।]*|^date\\s?:', 'iu')

const salutation = bangla('^(?:প্রিয়|জনাব|মহোদয়|মহাত্মন)(?![\\p{L}\\p{M}])')

/** The lines of a letter by part. */
export type Parts = {
  head: Line[]
  subject: Line[]
  references: Line[]
  body: Line[]
  distribution: Line[]
  copies?: Line[]
}

/** Cuts the lines where their labels say; a letter without a subject begins its body at its first long line. */
export function divide(lines: Line[]): Parts {
  const againAt = findOwnNumberAgain(lines)
  // Behind the number written again every list is one of copies, whatever its heading says.
  const mainEnd = againAt < 0 ? lines.length : againAt
  const listAt = lines.slice(0, mainEnd).findIndex((line, i) => isListHeading(line) === 'distribution' && i > 0)
  const copiesAt = findCopies(lines, listAt, againAt)
  const ends = [listAt, copiesAt].filter((i) => i >= 0)
  const bodyEnd = Math.min(lines.length, ...ends)
  const distribution = listAt < 0 ? [] : lines.slice(listAt, copiesAt > listAt ? copiesAt : undefined)
  const copies = copiesAt < 0 ? undefined : lines.slice(copiesAt)
  const tail = { distribution, ...(copies && { copies }) }
  const subjectAt = lines.slice(0, bodyEnd).findIndex((line) => subjectLabel.test(line.text))
  if (subjectAt < 0) {
    const from = firstBodyLine(lines.slice(0, bodyEnd))
    return { head: lines.slice(0, from), subject: [], ...withoutReferences(lines.slice(from, bodyEnd)), ...tail }
  }
  const line = lines[subjectAt]!
  const match = subjectLabel.exec(line.text)!
  const before = cut(line, 0, match.index)
  const after = cut(line, match.index + match[0].length)
  const rest = lines.slice(subjectAt + 1, bodyEnd)
  const more = subjectWraps(after, rest)
  return {
    head: [...lines.slice(0, subjectAt), ...(before.text ? [before] : [])],
    subject: [after, ...rest.slice(0, more)],
    ...withoutReferences(rest.slice(more)),
    ...tail,
  }
}

/** The copies begin at a heading that names them, or at the letter's own file number written again (…/১(৮)). */
function findCopies(lines: Line[], listAt: number, againAt: number): number {
  return lines.findIndex((line, i) => i > Math.max(listAt, 0) && (i === againAt || isListHeading(line) === 'copies'))
}

/** The line where the letter's own file number stands a second time behind its label; -1 where it does not. */
function findOwnNumberAgain(lines: Line[]): number {
  let own: string | undefined
  return lines.findIndex((line) => {
    const memo = findMemo(line.text)?.memo
    if (own !== undefined) return memo !== undefined && memo.file === own && memoLabel.test(line.text)
    own = memo?.file
    return false
  })
}

/** How many lines after the first still belong to the subject. */
function subjectWraps(first: Line, rest: Line[]): number {
  if (/[।.]$/.test(first.text)) return 0
  let length = first.text.length
  for (let i = 0; i < Math.min(4, rest.length); i++) {
    const { text } = rest[i]!
    if (text === '') {
      if (first.text === '' && i === 0) continue
      return i
    }
    if (opensPart(rest[i]!) || referenceLabel.test(text)) return i
    length += text.length
    if (length > 250) return first.text === '' ? i : 0
    if (/।$/.test(text)) return i + 1
  }
  return first.text === '' ? 1 : 0
}

function firstBodyLine(lines: Line[]): number {
  const at = lines.findIndex(
    (line) =>
      !memoLabel.test(line.text) &&
      !dateLabel.test(line.text) &&
      (line.text.length > 60 || opensPart(line) || /।$/.test(line.text) || salutation.test(line.text)) &&
      !findMemo(line.text),
  )
  return at < 0 ? lines.length : at
}

/** সূত্র and the numbered lines under it, up to the first blank line. */
function withoutReferences(lines: Line[]): Pick<Parts, 'references' | 'body'> {
  const at = lines.findIndex((line) => line.text !== '')
  const first = lines[at]
  const match = first && referenceLabel.exec(first.text)
  if (!first || !match) return { references: [], body: lines }
  const blank = lines.findIndex((line, i) => i > at && line.text === '')
  const end = blank < 0 ? wholeReference(lines, at) : blank
  return { references: [cut(first, match[0].length), ...lines.slice(at + 1, end)], body: lines.slice(end) }
}

/** Without a blank line behind it, a reference is its first line and any that begin with a number of their own. */
function wholeReference(lines: Line[], at: number): number {
  let end = at + 1
  while (end < lines.length && /^\(?[০-৯0-9ক-ঙ]{1,2}\s?[).।]\s/u.test(lines[end]!.text)) end++
  return end
}
