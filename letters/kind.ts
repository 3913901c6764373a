import type { LetterKind } from './letter.ts'
import { bangla } from './text.ts'

const headings: [RegExp, LetterKind][] = [
  [bangla('^অফিস স্মারক$'), 'memorandum'],
  [bangla('^(?:অফিস|দপ্তর) আদেশ$'), 'order'],
  [bangla('^পরিপত্র(?: নং.*)?$'), 'circular'],
  [bangla('^আধা ?-? ?সরকারি পত্র(?: নং.*)?$|^আধা ?-? ?সরকারী পত্র(?: নং.*)?$'), 'demiOfficial'],
  [bangla('^অনানুষ্ঠানিক নোট$|^ইউ\\.? ?ও\\.? নোট$'), 'unofficialNote'],
  [bangla('^পৃষ্ঠাঙ্কন$'), 'endorsement'],
  [bangla('^প্রজ্ঞাপন$'), 'notification'],
  [bangla('^রেজল্যুশন$|^সিদ্ধান্ত প্রস্তাব$'), 'resolution'],
  [bangla('^প্রেস (?:বিজ্ঞপ্তি|নোট|রিলিজ)$'), 'pressNote'],
  [bangla('^(?:গণ)?বিজ্ঞপ্তি$|^নোটিশ$'), 'notice'],
]

/** The kind a heading names when it stands alone on its line; most official letters have none. */
export function kindOf(line: string): LetterKind | undefined {
  const heading = line.replace(/[“”"'‘’:।\s]+$|^[“”"'‘’\s]+/gu, '')
  return headings.find(([pattern]) => pattern.test(heading))?.[1]
}
