import type { Signatory, Span } from './letter.ts'
import { cut, type Line, spanOf } from './lines.ts'
import { bangla } from './text.ts'

/** How a charge is written beside a post's name. */
export const chargeWords = bangla(
  '^(?:অতিরিক্ত|চলতি|রুটিন|পূর্ণ)\\s?দায়িত্ব$|^(?:অ|চ|রু)\\.?\\s?দা\\.?$|^ভারপ্রাপ্ত$|^সংযুক্ত$|^প্রেষণে?$|^চুক্তিভিত্তিক$|^দায়িত্বপ্রাপ্ত$',
)

/** The last word of a post's name; a signature's second line must end in one. */
const postEnding = bangla(
  '(?:সচিব|প্রশাসক|কমিশনার|পরিচালক|অফিসার|কর্মকর্তা|রেক্টর|রেষ্টর|এনালিস্ট|অ্যানালিস্ট|প্রোগ্রামার|প্রকৌশলী|চেয়ারম্যান|মহাপরিদর্শক|পরিদর্শক|সুপার|রেজিস্ট্রার|অধ্যক্ষ|উপদেষ্টা|মন্ত্রী|প্রধান|মহাব্যবস্থাপক|ব্যবস্থাপক|নিয়ন্ত্রক|সহকারী|সভাপতি|মহাসচিব|মেয়র|secretary|commissioner|director(?: general)?|officer|analyst|programmer|engineer|chairman)$',
  'iu',
)
/** Said of somebody a letter goes to, never by who signs it. */
export const addressed = bangla(
  '^(?:জনাবা?|বেগম সাহেবা|মাননীয়|বরাবর|প্রতি)(?![\\p{L}\\p{M}])|[([]\\s?(?:সকল|all)\\s?[)\\]]',
  'iu',
)

const contact = bangla(
  '^(ফোন|টেলিফোন|টেলি|মোবাইল|ফ্যাক্স|ই-?\\s?মেইল|ই-?\\s?মেল|phone|tel|telephone|mobile|cell|fax|e-?mail|web|ওয়েবসাইট|ওয়েব)(?:\\s?(?:নং|নম্বর))?\\s?[:ঃ：.।-]+\\s*(.+)$',
  'iu',
)
const email = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}/
const signedMark = bangla(
  '^\\(?স্বাক্ষর(?:িত)?\\)?[\\s/।.:-]*$|^[_.…-]{3,}$|^[০-৯0-9]{1,2}[./-][০-৯0-9]{1,2}[./-][০-৯0-9]{2,4}(?:\\s?খ্রি[.:ঃ]?)?$',
)
const sentence = bangla('[।;:?!,]$|(?:করা|হলো|হল|হইল|গেল|আছে|হবে)\\s?[।.]?$')
const starts = /^(?:\(?[\p{L}0-9০-৯]{1,3}\)|[0-9০-৯]{1,3}\s?[।.|])/u

export type FoundSignature = {
  signatory: Signatory
  spans: Partial<Record<'name' | 'post' | 'charge' | 'phone' | 'email', Span>>
  /** Index of its first line, and the lines after it that are not part of it. */
  first: number
  rest: Line[]
  unsure: boolean
}

/**
 * The signature at the end of some lines: a name, a post under it, then charge, office and ways to reach. Only a pair
 * that looks like one is taken: a post without a name above it needs a telephone or e-mail below it, and is unsure.
 */
export function findSignature(lines: Line[]): FoundSignature | null {
  const filled = lines.map((line, i) => ({ line, i })).filter(({ line }) => line.text !== '')
  for (let k = filled.length - 1; k >= Math.max(0, filled.length - 14); k--) {
    if (!isPost(filled[k]!.line)) continue
    let top = k
    while (top > 0 && filled.length - top < 14 && isPost(filled[top - 1]!.line)) top--
    let above = top - 1
    while (above >= 0 && signedMark.test(filled[above]!.line.text)) above--
    const named = above >= 0 && isName(filled[above]!.line)
    const after = filled.slice(k + 1).map(({ line }) => line)
    const reachable = after.some(({ text }) => contact.test(text) || email.test(text))
    if (!named && !reachable) continue
    const first = filled[named ? signedAbove(filled, above) : top]!.i
    return {
      ...compose(
        named ? filled[above]!.line : undefined,
        filled.slice(top, k + 1).map(({ line }) => line),
        after,
      ),
      first,
      unsure: !named,
    }
  }
  return null
}

function signedAbove(filled: { line: Line }[], name: number): number {
  let top = name
  while (top > 0 && signedMark.test(filled[top - 1]!.line.text)) top--
  return top
}

/** Whether a numbered line begins with the name of a post: ১। জেলা প্রশাসক, কক্সবাজার/ভোলা. */
export function namesPost(text: string): boolean {
  const head = text
    .replace(starts, '')
    .replace(/[([].*$/u, '')
    .split(',')[0]!
  return head.length <= 50 && postEnding.test(head.trim())
}

function isPost({ text }: Line): boolean {
  if (addressed.test(text)) return false
  if (text.length > 90 || starts.test(text) || contact.test(text) || /[।;:]$/.test(text)) return false
  const head = text
    .replace(/[([].*$/u, '')
    .split(',')[0]!
    .trim()
  return head.length <= 50 && postEnding.test(head)
}

function isName({ text }: Line): boolean {
  if (addressed.test(text)) return false
  if (text.length > 60 || text.length < 3) return false
  if (text.split(' ').length > 8) return false
  if (sentence.test(text)) return false
  if (/^\([^()]+\)$/.test(text)) return !chargeWords.test(text.slice(1, -1).trim())
  if (starts.test(text) && !/^\(?মোঃ?[.:]?\)?/u.test(text)) return false
  return !/[0-9০-৯@/;।]/.test(text) && !contact.test(text)
}

function compose(
  nameLine: Line | undefined,
  postLines: Line[],
  after: Line[],
): Pick<FoundSignature, 'signatory' | 'spans' | 'rest'> {
  const spans: FoundSignature['spans'] = {}
  const signatory: Signatory = { name: '', post: '' }
  if (nameLine) {
    const inner = /^\((.+)\)$/.exec(nameLine.text) ? cut(nameLine, 1, nameLine.text.length - 1) : cut(nameLine)
    signatory.name = inner.text
    spans.name = spanOf(inner)
  }
  const posts: Line[] = []
  for (const line of postLines) {
    const { rest, charge } = splitCharge(line)
    posts.push(rest)
    if (charge && signatory.charge === undefined) {
      signatory.charge = charge.text
      spans.charge = spanOf(charge)
    }
  }
  signatory.post = posts.map(({ text }) => text).join(', ')
  spans.post = { start: spanOf(posts[0]!).start, end: spanOf(posts.at(-1)!).end }
  const rest: Line[] = []
  const offices: string[] = []
  let reached = false
  for (const line of after) {
    const { charge } = splitCharge(line)
    const said = contact.exec(line.text)
    const mail = email.exec(line.text)
    if (charge && signatory.charge === undefined && charge.text.length + 2 >= line.text.length) {
      signatory.charge = charge.text
      spans.charge = spanOf(charge)
    } else if (said || mail) {
      reached = true
      reach(line, said, mail, signatory, spans)
    } else if (!reached && rest.length === 0 && isOffice(line)) offices.push(line.text)
    else if (!signedMark.test(line.text)) rest.push(line)
  }
  if (offices.length > 0) signatory.office = offices.join(', ')
  return { signatory, spans, rest }
}

function reach(
  line: Line,
  said: RegExpExecArray | null,
  mail: RegExpExecArray | null,
  signatory: Signatory,
  spans: FoundSignature['spans'],
): void {
  if (mail && signatory.email === undefined) {
    signatory.email = mail[0]
    spans.email = spanOf(line, mail.index, mail.index + mail[0].length)
  }
  const isPhone = said && bangla('^(?:ফোন|টেলি|মোবাইল|phone|tel|mobile|cell)', 'iu').test(said[1]!)
  if (!isPhone || signatory.phone !== undefined) return
  const number = /[+০-৯0-9][০-৯0-9 ()+,/-]*[০-৯0-9]/.exec(said[2]!)
  if (!number) return
  const from = line.text.length - said[2]!.length + number.index
  signatory.phone = number[0]
  spans.phone = spanOf(line, from, from + number[0].length)
}

function isOffice({ text }: Line): boolean {
  return (
    text.length <= 90 &&
    !addressed.test(text) &&
    !sentence.test(text) &&
    !starts.test(text) &&
    !signedMark.test(text) &&
    !/[:ঃ।]/.test(text)
  )
}

/** A line without the charge in its brackets, and that charge. */
function splitCharge(line: Line): { rest: Line; charge?: Line } {
  for (const match of line.text.matchAll(/\s?[([]([^()[\]]{1,40})[)\]]/gu)) {
    const inner = match[1]!.trim()
    if (!chargeWords.test(inner)) continue
    const from = match.index + match[0].indexOf(match[1]!)
    const charge = cut(line, from, from + match[1]!.length)
    const head = cut(line, 0, match.index)
    const tail = line.text.slice(match.index + match[0].length).trim()
    if (tail === '') return { rest: head, charge }
    const to = match.index + match[0].length
    const rest = {
      text: line.text.slice(0, match.index) + line.text.slice(to),
      at: [...line.at.slice(0, match.index), ...line.at.slice(to)],
    }
    return { rest: cut(rest), charge }
  }
  return { rest: line }
}
