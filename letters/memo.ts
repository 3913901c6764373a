import { toLatin } from '../language/digits.ts'

/** '18' since about 2013, '22' since 2024, '19' of 2008, 'slash' before; 'unknown' when it fits none of them. */
export type MemoForm = '18' | '22' | '19' | 'slash' | 'unknown'

/** A remark on a memo number. The code is worded in `language/` under `letter.warnings`. */
export type MemoWarning =
  | 'memo_missing'
  | 'memo_unknown_form'
  | 'memo_reversed'
  | 'memo_long_year'
  | 'memo_separator'
  | 'memo_spaces'
  | 'issue_missing'

/** A memo number as read. */
export type Memo = {
  /** As written, without its label; '' when none was found. */
  raw: string
  /** The file it belongs to, in Latin digits, groups in order, a two-digit year: letters of one file thread by it. */
  file: string
  /** The groups of `file`; of a slash form, what stands between the slashes. */
  groups: string[]
  /** The number of this letter within its file, in Latin digits; '' when there is none. */
  issue: string
  form: MemoForm
  /** What `/১(৮)` and `(1055)` say: which issue of copies, and how many. */
  copies?: { part?: string; count?: number }
  warnings: MemoWarning[]
}

/** Where a memo number stands in a text: UTF-16 offsets of its `raw`. */
export type FoundMemo = { memo: Memo; start: number; end: number }

const widths = { '18': [2, 2, 4, 3, 2, 3, 2], '22': [2, 2, 4, 3, 3, 2, 4, 2] } as const

const groupNames = {
  '18': ['ministry', 'office', 'geo', 'section', 'subject', 'serial', 'year'],
  '22': ['ministry', 'office', 'geo', 'subordinate', 'section', 'subject', 'serial', 'year'],
} as const

/** The groups of a number with what each means (words: `letter.memoGroups.<name>`); empty for forms that name none. */
export function namedGroups(memo: Memo): { name: (typeof groupNames)['22'][number]; value: string }[] {
  if (memo.form !== '18' && memo.form !== '22') return []
  const names = groupNames[memo.form]
  return memo.groups.map((value, i) => ({ name: names[i]!, value }))
}

const dash = '[-\u2010-\u2015\u2212]'
const separator = '\\s{0,2}[.,·।৷|]\\s{0,2}'
const before = '(?<![0-9]|[0-9][.,·।৷|])'
// What may follow: an issue number (never the day of a date), then the marks of copies.
const notDate =
  '(?![0-9]|\\s?[/.-]\\s?[0-9]{1,2}\\s?[/.-]\\s?[0-9]{2,4}|\\s?(?:জানু|ফেব্রু|মার্চ|এপ্রি|মে\\s|জুন|জুলা|আগ[সষ]|সেপ্ট|অক্টো|নভে|ডিসে|বৈশা|জ্যৈ|জৈ|আষা|শ্রা|ভাদ্র|আশ্বি|কার্তি|অগ্র|পৌষ|মাঘ|ফাল্গু|চৈত্র))'
const issueAfter = `(?:\\s{0,2}${dash}\\s{0,2}(?<issue>[0-9]{1,7})${notDate}|[.,](?<dotted>[0-9]{1,7})${notDate})?`
const copiesAfter = '(?:\\s?/\\s?(?<part>[0-9]{1,3})(?![0-9/]))?(?:\\s?\\(\\s?(?<count>[0-9]{1,5})\\s?\\))?'
const issueBefore = `(?:(?<issue>[0-9]{1,7})\\s{0,2}(?:${dash}|\\.)\\s{0,2})?`

type Shape = { form: '18' | '22'; reversed: boolean; pattern: RegExp }

/** Tightest first: only when nothing fits as written may a space stand inside a group. */
const shapes: Shape[] = [false, true].flatMap((spaced) =>
  (['22', '18'] as const).flatMap((form) =>
    [false, true].map((reversed) => ({ form, reversed, pattern: shapeOf(widths[form], reversed, spaced) })),
  ),
)

const dotted = new RegExp(
  `${before}(?<groups>[0-9]{2,4}(?:${separator}[0-9]{2,4}){4,8})(?![0-9])${issueAfter}${copiesAfter}`,
  'u',
)

const slashed = new RegExp(
  `[\\p{L}\\p{M}\\p{N}().:\u200c\u200d-]+(?:\\s?/\\s?[\\p{L}\\p{M}\\p{N}().:\u200c\u200d-]+)+(?:\\s?${dash}\\s?[0-9]+)?`,
  'u',
)

const label = /(?:স্মারক|নথি|পত্র)?\s*(?:নং|নম্বর|নাম্বার|সংখ্যা|স্মারক)\s*[-–:ঃ：.।]*\s*|(?:memo\s*)?\bno\s*[.:]\s*/iu

/**
 * Reads a memo number in any of its forms, either script of digits, with or without its label. Never throws: a text
 * without one gives an empty `raw` and the warning `memo_missing`.
 */
export function parseMemo(text: string): Memo {
  return findMemo(text)?.memo ?? slash(text)?.memo ?? missing()
}

/**
 * The first memo number in a text, or null. A slash form counts only behind its label (নং, স্মারক নম্বর …), for a
 * date or a list of places looks much the same.
 */
export function findMemo(text: string): FoundMemo | null {
  const latin = toLatin(text)
  for (const { form, reversed, pattern } of shapes) {
    const match = pattern.exec(latin)
    if (match) return grouped(text, match, form, reversed)
  }
  const match = dotted.exec(latin)
  if (match) return ungrouped(text, match)
  const labelled = label.exec(text)
  if (!labelled) return null
  const from = labelled.index + labelled[0].length
  const found = slash(text.slice(from))
  if (!found || found.start > 2) return null
  // A label written twice would be taken for part of the number: what is found must read the same alone.
  const inner = findMemo(found.memo.raw) ?? { ...found, start: 0, end: found.memo.raw.length }
  const start = from + found.start + inner.start
  return { memo: inner.memo, start, end: start + inner.memo.raw.length }
}

function shapeOf(forward: readonly number[], reversed: boolean, spaced: boolean): RegExp {
  const gap = spaced ? '\\s?' : ''
  const digits = (n: number) => Array(n).fill('[0-9]').join(gap)
  const groups = forward.map((width, i) => (i === forward.length - 1 ? `(?:${digits(4)}|${digits(2)})` : digits(width)))
  if (reversed) groups.reverse()
  const body = `(?<groups>${groups.join(separator)})(?![0-9])`
  return new RegExp(before + (reversed ? issueBefore + body : body + issueAfter) + copiesAfter, 'u')
}

function grouped(text: string, match: RegExpExecArray, form: '18' | '22', reversed: boolean): FoundMemo {
  const written = match.groups!.groups!
  const warnings: MemoWarning[] = []
  const groups = written.split(/[.,·।৷|]/).map((group) => group.replace(/\s/g, ''))
  if (reversed) {
    groups.reverse()
    warnings.push('memo_reversed')
  }
  const year = groups.at(-1)!
  if (year.length === 4) {
    groups[groups.length - 1] = year.slice(2)
    warnings.push('memo_long_year')
  }
  return found(text, match, { form, groups, file: groups.join('.') }, warnings)
}

/** The 19 digits of 2008 had no one grouping, so only their number is checked and their year stays as written. */
function ungrouped(text: string, match: RegExpExecArray): FoundMemo {
  const groups = match.groups!.groups!.split(/[.,·।৷|]/).map((group) => group.replace(/\s/g, ''))
  const form = groups.join('').length === 19 ? ('19' as const) : ('unknown' as const)
  return found(text, match, { form, groups, file: groups.join('.') }, form === 'unknown' ? ['memo_unknown_form'] : [])
}

function found(
  text: string,
  match: RegExpExecArray,
  read: Pick<Memo, 'form' | 'groups' | 'file'>,
  warnings: MemoWarning[],
): FoundMemo {
  const { groups: written = '', issue, dotted: dottedIssue, part, count } = match.groups ?? {}
  if (/[,·।৷|]/.test(written)) warnings.push('memo_separator')
  if (/\s/.test(written)) warnings.push('memo_spaces')
  const number = issue ?? dottedIssue ?? ''
  if (number === '') warnings.push('issue_missing')
  const start = match.index
  const end = start + match[0].length
  const copies = copiesOf(part, count)
  return { memo: { raw: text.slice(start, end), ...read, issue: number, ...copies, warnings }, start, end }
}

function copiesOf(part: string | undefined, count: string | undefined): Pick<Memo, 'copies'> {
  if (part === undefined && count === undefined) return {}
  return {
    copies: { ...(part === undefined ? {} : { part }), ...(count === undefined ? {} : { count: Number(count) }) },
  }
}

function slash(text: string): FoundMemo | null {
  const latin = toLatin(text)
  const match = slashed.exec(latin)
  if (!match || !/[0-9]/.test(match[0])) return null
  if (/^[0-9]{1,4}\s?\/\s?[0-9]{1,2}\s?\/\s?[0-9]{2,4}$/.test(match[0])) return null
  const written = match[0].replace(/\s+/g, '')
  const marks = /(?:\/([0-9]{1,3}))?\(([0-9]{1,5})\)$/.exec(written)
  const number = marks ? written.slice(0, marks.index) : written
  const last = /[-\u2010-\u2015\u2212/]([0-9]{1,7})$/.exec(number)
  // A last group that is a year belongs to the file: no issue number was written.
  const issue = last && !/^(19|20)[0-9]{2}$/.test(last[1]!) ? last[1]! : ''
  const file = issue && last ? number.slice(0, last.index) : number
  const memo: Memo = {
    raw: text.slice(match.index, match.index + match[0].length),
    file,
    groups: file.split('/'),
    issue,
    form: 'slash',
    ...copiesOf(marks?.[1], marks?.[2]),
    warnings: issue ? [] : ['issue_missing'],
  }
  return { memo, start: match.index, end: match.index + match[0].length }
}

function missing(): Memo {
  return { raw: '', file: '', groups: [], issue: '', form: 'unknown', warnings: ['memo_missing'] }
}
