import { toLatin } from '../language/digits.ts'
import { purposeOf } from './distribution.ts'
import type { DistributionLine, ReadWarning } from './letter.ts'
import { cut, joinLines, type Line, spanOf } from './lines.ts'
import { namesPost } from './signature.ts'
import { bangla } from './text.ts'

/** (জ্যেষ্ঠতার ক্রমানুসারে নয়) and other remarks in a heading's brackets. */
const remark = '(?:\\s?\\([^()]{0,60}\\))?'
const distributionHeading = bangla(
  `^(?:(?:সদয় )?(?:বিতরণ|কার্যার্থে|প্রাপক)|সদয় (?:জ্ঞাতার্থে|অবগতি)\\s?(?:ও|এবং|/)\\s?(?:প্রয়োজনীয় )?কার্যার্থে|distribution)${remark}\\s?[:ঃ：।-]*\\s*`,
  'iu',
)
const copiesHeading = bangla(
  `^(?:অনুলিপি|(?:সদয় )?(?:জ্ঞাতার্থ|অবগতি))(?:[^:ঃ।]{0,120}[:ঃ：]\\s?-?\\s*|[^:ঃ।]{0,60}(?:জ্ঞাতার্থে|কার্যার্থে|অবগতির জন্য|প্রেরণ করা হলো|ক্রমানুসারে নয়\\))\\s?[।-]*\\s*$|$)`,
)
const itemStart = /^\(?([0-9০-৯]{1,4})\s?[).।|৷]\s*(?=\S)/u
/** Latin web furniture glued behind the last line: "।Ad Code". */
const glued = /^(.*[।)\]])\s?([A-Za-z][A-Za-z0-9 ,.:|&!'-]{1,80})$/u

/** Whether a line is the heading of a list of addressees, and which. */
export function isListHeading({ text }: Line): 'distribution' | 'copies' | null {
  if (text.length > 400) return null
  const distribution = distributionHeading.exec(text)
  if (distribution && endsHeading(text, distribution[0])) return 'distribution'
  const copies = copiesHeading.exec(text)
  return copies && endsHeading(text, copies[0]) ? 'copies' : null
}

/** The number a line of a list begins with, as written. */
export function numberOf({ text }: Line): string | undefined {
  return itemStart.exec(text)?.[1]
}

/**
 * The numbered lines of a list, wraps undone, and the lines after it that belong to no number. A list without any
 * numbers takes each line as an entry and numbers them in order; behind a blank line it goes on with what begins with a post.
 */
export function readList(lines: Line[], warnings: ReadWarning[]): { lines: DistributionLine[]; after: Line[] } {
  const all = headless(lines)
  const numbered = all.some((line) => itemStart.test(line.text))
  const entries: { n: string; lines: Line[] }[] = []
  let i = 0
  let gap = false
  for (; i < all.length; i++) {
    const line = all[i]!
    if (line.text === '' || isListHeading(line)) {
      gap ||= line.text === ''
      continue
    }
    const start = itemStart.exec(line.text)
    const open = entries.at(-1)
    if (start) entries.push({ n: start[1]!, lines: [cut(line, start[0].length)] })
    else if (numbered) {
      if (!open) continue
      const ended = gap ? !isOpen(open.lines) : isFull(open.lines)
      if (ended && !goesOn(all, i, open.n)) break
      open.lines.push(line)
    } else {
      if (gap && entries.length > 0 && !namesPost(line.text)) break
      entries.push({ n: String(entries.length + 1), lines: [line] })
    }
    gap = false
  }
  return { lines: finish(entries, warnings, numbered), after: noiseless(all.slice(i), warnings) }
}

/** The heading's own line may already hold the first entry. */
function headless(lines: Line[]): Line[] {
  const first = lines[0]
  if (!first || !isListHeading(first)) return lines
  const heading = (distributionHeading.exec(first.text) ?? copiesHeading.exec(first.text))![0]
  return [cut(first, heading.length), ...lines.slice(1)]
}

function endsHeading(text: string, heading: string): boolean {
  const rest = text.slice(heading.length)
  return rest === '' || itemStart.test(rest) || (/[:ঃ：]\s*$/u.test(heading) && rest.length < 200)
}

function finish(
  entries: { n: string; lines: Line[] }[],
  warnings: ReadWarning[],
  numbered: boolean,
): DistributionLine[] {
  return entries.map(({ n, lines }, i) => {
    const joined = withoutGlued(joinLines(lines), i === entries.length - 1, warnings)
    const at = spanOf(joined)
    const previous = entries[i - 1]
    const expected = previous ? Number(toLatin(previous.n)) + 1 : 1
    if (numbered && Number(toLatin(n)) !== expected)
      warnings.push({ code: 'line_number_gap', message: `Line ${n} where ${expected} was expected`, at })
    const purpose = purposeOf(joined.text)
    return { n, text: joined.text, ...(purpose === undefined ? {} : { purpose }), at }
  })
}

function withoutGlued(line: Line, last: boolean, warnings: ReadWarning[]): Line {
  const match = last ? glued.exec(line.text) : null
  if (!match) return line
  const from = line.text.length - match[2]!.length
  warnings.push({ code: 'trailing_noise', message: `Left out: ${match[2]}`, at: spanOf(line, from) })
  return cut(line, 0, from)
}

/** Web furniture after the letter: lines without a single Bangla letter. They are left out, and said so. */
function noiseless(lines: Line[], warnings: ReadWarning[]): Line[] {
  return lines.filter((line) => {
    if (line.text === '' || /[\u0980-\u09ff@]/.test(line.text)) return true
    warnings.push({ code: 'trailing_noise', message: `Left out: ${line.text.slice(0, 80)}`, at: spanOf(line) })
    return false
  })
}

/** A bracket not yet closed, or a comma at the end: the entry goes on whatever stands between. */
function isOpen(lines: Line[]): boolean {
  const { text } = joinLines(lines)
  return /[,/-]$/.test(text) || text.split(/[([]/).length > text.split(/[)\]]/).length
}

function isFull(lines: Line[]): boolean {
  return /[।]$/.test(joinLines(lines).text)
}

/** Whether the number after `n` still comes: then a blank line is only a gap of the extraction. */
function goesOn(lines: Line[], from: number, n: string): boolean {
  const next = lines
    .slice(from)
    .map(numberOf)
    .find((number) => number !== undefined)
  return next !== undefined && Number(toLatin(next)) === Number(toLatin(n)) + 1
}
