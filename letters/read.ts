import { formatBanglaDate, formatDate, banglaDate as toBanglaDate } from '../language/calendar.ts'
import { toBangla } from '../language/digits.ts'
import { opensPart, readBody } from './body.ts'
import { findByOrderOf } from './by-order.ts'
import { type FoundDate, findDates, sameDay } from './dates.ts'
import { divide } from './divide.ts'
import { findFaults } from './faults.ts'
import { kindOf } from './kind.ts'
import type { Copies, Reading, ReadWarning } from './letter.ts'
import { joinLines, type Line, spanOf, toLines } from './lines.ts'
import { isListHeading, numberOf, readList } from './list.ts'
import { findMemo, parseMemo } from './memo.ts'
import { addressed, findSignature, namesPost } from './signature.ts'
import { bangla } from './text.ts'

/** Words that only introduce a number or a date. */
const headLabels = bangla(
  '(?<![\\p{L}\\p{M}])(?:[সশ]্মারক|নথি|পত্র|নং|নম্বর|নাম্বার|সংখ্যা|তারিখ|খ্রিস্টাব্দ|খ্রিষ্টাব্দ|খ্রীষ্টাব্দ|খ্রি|খ্রী|বঙ্গাব্দ|বাংলা|ইং|মোতাবেক|date|memo|no)(?![\\p{L}\u0981\u0982\u09bc-\u09cd])',
  'giu',
)

/**
 * Reads an official letter from its text, however noisy. Total: any string gives a reading and nothing is ever thrown.
 * Nothing is invented or repaired: a field the text does not show is absent (or '' for number and subject) and said so
 * in `warnings`; texts are as written but for markdown, bullets and hard wraps. Offsets are UTF-16, into `text`.
 */
export function readLetter(text: string): Reading {
  const lines = toLines(text)
  const reading = emptyReading()
  const { warnings } = reading
  if (lines.every((line) => line.text === '')) {
    warn(reading, 'empty', 'The text is empty')
    return reading
  }
  const parts = divide(lines)
  readHead(reading, parts.head)
  readSubject(reading, parts.subject)
  reading.references = readReferences(parts.references)
  const list = readList(parts.distribution, warnings)
  reading.distribution = list.lines
  const copiesAfter = parts.copies ? readCopies(reading, parts.copies) : []
  const body = readSignature(reading, parts.body, [list.after, copiesAfter])
  readBodyParts(reading, body)
  // Whom a letter goes to may stand under its signature instead: copies alone are then not the whole list.
  const elsewhere = reading.others.some((line) => addressed.test(line))
  if (reading.distribution.length === 0 && (elsewhere || !reading.copies?.lines.length))
    warn(reading, 'distribution_missing', 'No distribution was found')
  for (const { code, word, at } of findFaults(text))
    warnings.push({ code, message: `Suspected: ${word}`, at, params: { word } })
  warnings.sort((a, b) => (a.at?.start ?? 0) - (b.at?.start ?? 0))
  return reading
}

/** The signature stands below the body or, in some letters, below a list. Gives back the lines of the body proper. */
function readSignature(reading: Reading, body: Line[], below: Line[][]): Line[] {
  const places = [body, ...below]
  const found = places.map(findSignature)
  const at = found.findIndex((signature) => signature !== null)
  const signature = found[at]
  if (signature) {
    reading.signatory = signature.signatory
    Object.assign(reading.spans, signature.spans)
    if (signature.unsure)
      warn(reading, 'signatory_unsure', 'A post without a name above it', { at: signature.spans.post })
  } else warn(reading, 'signatory_missing', 'No signature was made out')
  const kept = places.map((lines, i) =>
    signature && i === at ? [...(i > 0 ? lines.slice(0, signature.first) : []), ...signature.rest] : i > 0 ? lines : [],
  )
  if (signature && at === 0) kept[0] = readUnheaded(reading, signature.rest)
  for (const line of kept.flat()) if (line.text !== '') reading.others.push(line.text)
  // A second signature there is what it is.
  const passedOver = kept
    .slice(1)
    .flatMap(withoutSignature)
    .find(({ text }) => namesPost(text))
  if (passedOver)
    warn(reading, 'after_list', `Behind the list, not of it: ${passedOver.text.slice(0, 80)}`, {
      at: spanOf(passedOver),
    })
  return signature && at === 0 ? body.slice(0, signature.first) : body
}

function withoutSignature(lines: Line[]): Line[] {
  const found = findSignature(lines)
  return found ? [...lines.slice(0, found.first), ...found.rest] : lines
}

/**
 * Many letters list whom they go to right under the signature, without a heading. Taken as the distribution is only what
 * counts from one and begins with a post, where no list has a heading. Gives back the lines that do not belong to it.
 */
function readUnheaded(reading: Reading, rest: Line[]): Line[] {
  if (reading.distribution.length > 0) return rest
  const from = rest.findIndex((line) => /^[1১]$/.test(numberOf(line) ?? ''))
  if (from < 0 || !namesPost(rest[from]!.text)) return rest
  const list = readList(rest.slice(from), reading.warnings)
  reading.distribution = list.lines
  return [...rest.slice(0, from), ...list.after]
}

function readBodyParts(reading: Reading, lines: Line[]): void {
  const body = readBody(lines)
  reading.paragraphs = body.paragraphs
  reading.clauses = body.clauses
  reading.warnings.push(...body.warnings)
  for (const line of body.joined) {
    const found = findByOrderOf(line.text)
    if (!found) continue
    reading.byOrderOf = found.by
    reading.spans.byOrderOf = spanOf(line, found.start, found.end)
    return
  }
}

function readHead(reading: Reading, lines: Line[]): void {
  const filled = lines.filter((line) => line.text !== '')
  const dated: { line: Line; date: FoundDate }[] = []
  for (const line of filled) {
    let unread = line
    const found: [number, number][] = []
    const memo = reading.memo.raw === '' ? findMemo(line.text) : null
    if (memo) {
      reading.memo = memo.memo
      reading.spans.memo = spanOf(line, memo.start, memo.end)
      found.push([memo.start, memo.end])
      unread = blanked(line, memo.start, memo.end)
    }
    for (const date of findDates(unread.text)) {
      dated.push({ line, date })
      found.push([date.start, date.end])
    }
    const kind = kindOf(line.text)
    if (kind && !reading.kind) {
      reading.kind = kind
      reading.spans.kind = spanOf(line)
    }
    const rest = residue(line, found)
    if (found.length === 0 && (rest || /[0-9০-৯]/.test(line.text))) reading.letterhead.push(line.text)
    else if (rest && !kind) reading.others.push(rest)
  }
  takeDates(reading, dated)
  if (reading.memo.raw === '') reading.memo = parseMemo('')
  for (const code of reading.memo.warnings)
    warn(reading, code, `Memo number: ${code}`, reading.spans.memo && { at: reading.spans.memo })
}

/** What a line of number or date says besides: its labels and marks are not worth keeping, other words are. */
function residue(line: Line, found: [number, number][]): string {
  const left = found.reduce((rest, [from, to]) => blanked(rest, from, to), line)
  const words = left.text
    .replace(headLabels, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ :ঃ,–-]+/, '')
    .trim()
  return /[\p{L}\p{M}]{3}/u.test(words) ? words : ''
}

/** The line with a stretch made blank, so that its digits are not read as a date; offsets stay. */
function blanked(line: Line, from: number, to: number): Line {
  return { text: line.text.slice(0, from) + ' '.repeat(to - from) + line.text.slice(to), at: line.at }
}

function takeDates(reading: Reading, dated: { line: Line; date: FoundDate }[]): void {
  for (const { line, date } of dated) {
    const at = spanOf(line, date.start, date.end)
    const written = line.text.slice(date.start, date.end)
    if (date.invalid) warn(reading, 'date_invalid', `No such date: ${written}`, { at, params: { written } })
    if (date.iso && !reading.date) {
      reading.date = date.iso
      reading.spans.date = at
    }
    if (date.bangla && !reading.banglaDate) {
      reading.banglaDate = date.bangla
      reading.spans.banglaDate = at
    }
  }
  const { date, banglaDate } = reading
  if (!date) warn(reading, 'date_missing', 'No Gregorian date was found')
  if (date && banglaDate && !sameDay(date, banglaDate)) {
    const params = {
      written: formatBanglaDate(banglaDate),
      right: formatBanglaDate(toBanglaDate(date)),
      gregorian: formatDate('bn', date),
    }
    const message = `${date} is ${toBangla(params.right)}, not ${params.written}`
    warn(reading, 'bangla_date_wrong', message, { at: reading.spans.banglaDate, params })
  }
}

function readSubject(reading: Reading, lines: Line[]): void {
  const subject = joinLines(lines)
  reading.subject = subject.text
  if (subject.text) reading.spans.subject = spanOf(subject)
  else warn(reading, 'subject_missing', 'No subject was found')
}

/** One reference for each line with a number of its own; an unnumbered line continues the one before. */
function readReferences(lines: Line[]): string[] {
  const references: Line[][] = []
  for (const line of lines) {
    if (line.text === '') continue
    if (references.length === 0 || opensPart(line)) references.push([line])
    else references.at(-1)!.push(line)
  }
  return references.map((reference) => joinLines(reference).text)
}

/** Fills `reading.copies`; gives back the lines after its list. */
function readCopies(reading: Reading, lines: Line[]): Line[] {
  const listAt = lines.findIndex((line) => isListHeading(line) !== null || opensPart(line))
  const head = lines.slice(0, listAt < 0 ? lines.length : listAt)
  const copies: Copies = { lines: [] }
  for (const line of head) {
    const memo = copies.memo ? null : findMemo(line.text)
    if (memo) copies.memo = memo.memo
    const dates = findDates(memo ? blanked(line, memo.start, memo.end).text : line.text)
    const date = dates.find(({ iso }) => iso)?.iso
    const banglaDate = dates.find((found) => found.bangla)?.bangla
    if (date) copies.date ??= date
    if (banglaDate) copies.banglaDate ??= banglaDate
    if (!memo && dates.length === 0 && line.text !== '') reading.others.push(line.text)
  }
  const list = readList(listAt < 0 ? [] : lines.slice(listAt), reading.warnings)
  copies.lines = list.lines
  if (copies.memo || copies.date || copies.banglaDate || copies.lines.length > 0) reading.copies = copies
  return list.after
}

function warn(reading: Reading, code: string, message: string, more: Partial<ReadWarning> = {}): void {
  reading.warnings.push({ code, message, ...(more.at && { at: more.at }), ...(more.params && { params: more.params }) })
}

function emptyReading(): Reading {
  return {
    letterhead: [],
    memo: parseMemo(''),
    subject: '',
    references: [],
    paragraphs: [],
    clauses: [],
    distribution: [],
    others: [],
    warnings: [],
    spans: {},
  }
}
