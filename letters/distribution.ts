import { chargeWords } from './signature.ts'
import { bangla } from './text.ts'

/** A distribution line taken apart, every piece as written. Nothing is looked up here. */
export type ParsedLine = {
  /** The post's name, without rank, (সকল), charge and wings. */
  title: string
  /** The same with its principal, if it has one: সিনিয়র সচিবের একান্ত সচিব. */
  fullTitle: string
  /** Brackets after the title that are none of the below: a wing, or part of the post's own name. */
  brackets: string[]
  /** The rank of the holder in brackets: মহাপরিচালক (সচিব). */
  rank?: string
  /** (সকল): every such post. */
  all: boolean
  /** (রুটিন দায়িত্ব) and the like. */
  charge?: string
  /** (প্রশাসন/এপিডি/…): one post for each. */
  wings: string[]
  /** ঢাকা/চট্টগ্রাম/…: one post for each. */
  places: string[]
  /** Whose private secretary is meant: সিনিয়র সচিবের একান্ত সচিব. */
  principal?: string
  /** সকল মন্ত্রণালয়/বিভাগ: of every ministry and division, and of no other office. */
  ministries?: true
  /** What stands after the title, comma by comma: office, unit, place, in the order written. */
  segments: string[]
  purpose?: string
  /** The line asks for publication (on a website). */
  publish: boolean
}

const purposeWords = bangla('অবগতি|জ্ঞাতার্থ|কার্যার্থ|প্রকাশ|অনুমোদন|ব্যবস্থা|অনুরোধ|জন্য|উপস্থাপন|সদয়|দৃষ্টি আকর্ষণ|বিতরণ|নথি|প্রয়োজনীয়')
const publishWords = bangla('প্রকাশ|আপলোড')
const rankWords = bangla(
  '^(?:সিনিয়র |অতিরিক্ত |যুগ্ম ?-?|উপ ?-?|সহকারী |সিনিয়র সহকারী )?সচিব$|^গ্রেড ?-? ?[০-৯0-9]{1,2}$|^(?:প্রতি|উপ)?মন্ত্রী(?:র পদমর্যাদা)?$|পদমর্যাদা',
)
/** Never said of a purpose: the next line ran into this one. */
const allBracket = bangla('[([]\\s?সকল\\s?[)\\]]')
const allWord = bangla('^সকল(?: (?:জেলা|উপজেলা|বিভাগ|দপ্তর|সংশ্লিষ্ট))?$|^সব$|^all$', 'iu')
/** Whether written out or left to be filled in: “সকল মন্ত্রণালয়/বিভাগ”, “……… মন্ত্রণালয়/বিভাগ (সকল)”. */
const everyMinistry = bangla('^[.…_ ]*(সকল )?মন্ত্রণালয়(?: ?/ ?বিভাগ)?(?: ?[([](সকল)[)\\]])?$')
const privateSecretary = bangla('^(.{2,80}?)(?:-?\\s?এর|ের|র|-এঁর)?\\s(একান্ত সচিব|ব্যক্তিগত কর্মকর্তা|সহকারী একান্ত সচিব)$')

/** Takes one line of a distribution apart, with or without its number. Never throws; a text with no title gives title ''. */
export function parseDistributionLine(line: string): ParsedLine {
  const numberless = line.replace(/^\s*\(?[0-9০-৯]{1,4}\s?[).।|৷]\s*/u, '')
  const { body, purpose } = splitPurpose(numberless)
  const segments = topSplit(trimEnds(body), ',').map(trimEnds).filter(Boolean)
  const first = segments.shift() ?? ''
  const parsed: ParsedLine = {
    title: '',
    fullTitle: '',
    brackets: [],
    all: false,
    wings: [],
    places: [],
    segments: [],
    publish: purpose !== undefined && publishWords.test(purpose),
    ...(purpose === undefined ? {} : { purpose }),
  }
  readTitle(first, parsed)
  for (const segment of segments) readSegment(segment, parsed)
  return parsed
}

/** The purpose at the end of a line, if any: the last brackets when they say what for, or what follows a dash. */
export function purposeOf(line: string): string | undefined {
  return splitPurpose(line).purpose
}

function readTitle(first: string, parsed: ParsedLine): void {
  let title = withoutBrackets(first, (inner) => readBracket(inner, parsed))
  const every = bangla('^সকল (?=\\S)').exec(title)
  if (every) {
    parsed.all = true
    title = title.slice(every[0].length)
  }
  const tail = bangla('\\s(?:সকল|গণ)$').exec(title)
  if (tail) {
    parsed.all = true
    title = title.slice(0, tail.index)
  }
  parsed.fullTitle = trimEnds(title)
  const secretary = privateSecretary.exec(title)
  if (secretary) {
    parsed.principal = secretary[1]!.trim()
    title = secretary[2]!
  }
  parsed.title = trimEnds(title)
}

function readBracket(inner: string, parsed: ParsedLine): void {
  if (allWord.test(inner)) parsed.all = true
  else if (chargeWords.test(inner)) parsed.charge ??= inner
  else if (rankWords.test(inner)) parsed.rank ??= inner
  else if (inner.includes('/')) parsed.wings.push(...slashList(inner))
  else parsed.brackets.push(inner)
}

function readSegment(segment: string, parsed: ParsedLine): void {
  if (allWord.test(segment)) {
    parsed.all = true
    return
  }
  const every = everyMinistry.exec(segment)
  if (every && (parsed.all || every[1] || every[2])) {
    parsed.all = true
    parsed.ministries = true
    return
  }
  if (topSplit(segment, '/').length > 1 && parsed.places.length === 0) {
    parsed.places = slashList(segment)
    return
  }
  // "(সকল)" behind an office says the same as behind the post; other brackets belong to the office's name.
  const everybody = /^(.*\S)\s?[([]([^()[\]]+)[)\]]$/u.exec(segment)
  if (everybody && allWord.test(everybody[2]!.trim())) {
    parsed.all = true
    parsed.segments.push(everybody[1]!)
  } else parsed.segments.push(segment)
}

function splitPurpose(line: string): { body: string; purpose?: string } {
  const text = line.replace(/[\s।;,.৷]+$/u, '')
  const bracket = lastBracket(text)
  if (bracket && purposeWords.test(bracket.inner))
    return { body: text.slice(0, bracket.start), purpose: bracket.inner.trim() }
  const dash = /\s[-–—]\s?([^-–—]+)$/u.exec(text)
  if (dash && purposeWords.test(dash[1]!) && !allBracket.test(dash[1]!))
    return { body: text.slice(0, dash.index), purpose: dash[1]!.trim() }
  return { body: text }
}

/** The bracket a text ends with, nested ones inside it. A missing opening bracket gives null. */
function lastBracket(text: string): { start: number; inner: string } | null {
  if (!/[)\]]$/.test(text)) return null
  let depth = 0
  for (let i = text.length - 1; i >= 0; i--) {
    if (text[i] === ')' || text[i] === ']') depth++
    if (text[i] === '(' || text[i] === '[') depth--
    if (depth === 0) return { start: i, inner: text.slice(i + 1, -1) }
  }
  return null
}

function withoutBrackets(text: string, take: (inner: string) => void): string {
  return text
    .replace(/[([]([^()[\]]*)[)\]]/gu, (_, inner: string) => {
      if (inner.trim()) take(inner.trim())
      return ' '
    })
    .replace(/\s+/g, ' ')
    .trim()
}

function slashList(text: string): string[] {
  return text.split('/').map(trimEnds).filter(Boolean)
}

/** Splits at a sign that stands outside all brackets. */
function topSplit(text: string, sign: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(' || text[i] === '[') depth++
    else if (text[i] === ')' || text[i] === ']') depth = Math.max(0, depth - 1)
    else if (text[i] === sign && depth === 0) {
      parts.push(text.slice(from, i))
      from = i + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}

function trimEnds(text: string): string {
  return text.replace(/^[\s।;,.৷]+|[\s।;,.৷]+$/gu, '')
}
