import type { ByOrderOf } from './letter.ts'
import { bangla } from './text.ts'

const giver =
  '(?:সিনিয়র সচিব|মন্ত্রিপরিষদ সচিব|মুখ্য সচিব|অতিরিক্ত সচিব|যুগ্ম ?সচিব|উপসচিব|সচিব|মহাপরিচালক|রেক্টর|বিভাগীয় কমিশনার|জেলা প্রশাসক|প্রধান উপদেষ্টা|উপদেষ্টা|প্রধানমন্ত্রী|প্রতিমন্ত্রী|মন্ত্রী)'
const office = '[\\p{L}\\p{M}\u200c\u200d -]{2,60}?(?:মন্ত্রণালয়|বিভাগ|কার্যালয়|অধিদপ্তর|দপ্তর|কমিশন|বোর্ড|একাডেমি)'
const gave = '(?:নির্দেশনা|নির্দেশ|আদেশ|অনুশাসন)(?:সমূহ)? (?:প্রদান|দান|জারি)? ?(?:করেছেন|করিয়াছেন|দিয়েছেন|দিয়াছেন)'

const phrase = bangla(
  `(?<![\\p{L}\\p{M}])(${giver})(?: মহোদয়)?(?:, ?(${office}))?(?: মহোদয়)?(?=[ ,][^।]{0,80}?${gave})`,
  'gu',
)

/** রাষ্ট্রপতির আদেশক্রমে, সিনিয়র সচিব মহোদয়ের নির্দেশক্রমে: the giver in the genitive before the formula. */
const formula = bangla(
  `(?<![\\p{L}\\p{M}])(রাষ্ট্রপতি|${giver})(?:(?:ের|র)| মহোদয়ের) (?:আদেশক্রমে|নির্দেশক্রমে|অনুমোদনক্রমে)`,
  'gu',
)

/**
 * By whose order a letter is sent, from wording such as "সিনিয়র সচিব, জনপ্রশাসন মন্ত্রণালয় … নির্দেশনা প্রদান করেছেন".
 * The last such phrase before the verb. A bare নির্দেশক্রমে names nobody and gives null.
 */
export function findByOrderOf(text: string): { by: ByOrderOf; start: number; end: number } | null {
  const match = [...text.matchAll(phrase)].at(-1)
  if (!match) return inFormula(text)
  const by = { text: match[0], post: match[1]!, ...(match[2] === undefined ? {} : { office: match[2] }) }
  return { by, start: match.index, end: match.index + match[0].length }
}

function inFormula(text: string): ReturnType<typeof findByOrderOf> {
  const match = [...text.matchAll(formula)].at(-1)
  if (!match) return null
  const post = match[1]!
  return { by: { text: post, post }, start: match.index, end: match.index + post.length }
}
