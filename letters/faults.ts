import type { Span } from './lines.ts'

/** A fault of scanning, typing or encoding seen in the text; the text itself is left alone. */
export type Fault = { code: 'ocr_suspect' | 'bijoy'; word: string; at: Span; meant?: string }

/** Misreadings met in real letters, and what they stand for. Only whole words, or whole bracketed abbreviations. */
const misreadings: [RegExp, string][] = [
  [/(?<![\p{L}\p{M}])রেষ্টর(?![\p{L}\p{M}])/gu, 'রেক্টর'],
  [/(?<=\()না(?:\u09dc|\u09a1\u09bc)া(?=\))/gu, 'নাডা'],
  [/মন্ত্রা?[নণ]াল(?:\u09df|\u09af\u09bc)/gu, 'মন্ত্রণালয়'],
  [/প্রসাশন|প্রশাষন|প্রসাসন/gu, 'প্রশাসন'],
  [/(?<![\p{L}\p{M}])(?:উপজেল|উপেজলা)(?![\p{L}\p{M}])/gu, 'উপজেলা'],
  [/কমিশনর|কমিশানার/gu, 'কমিশনার'],
  [/(?<![\p{L}\p{M}])বি(?:[যশস](?:\u09df|\u09af\u09bc?)|ষ\u09af(?!\u09bc))(?=\s?[:ঃ])/gu, 'বিষয়'],
]

const strayNukta = /[\p{L}\p{M}\u200c\u200d]{0,40}(?<![যডঢ])\u09bc[\p{L}\p{M}\u200c\u200d]{0,40}/gu
const brokenSigns =
  /[\p{L}\p{M}\u200c\u200d]{0,40}(?:([\u09be-\u09cd])\1|\u09be\u09c7|(?<![\p{L}\p{M}\u200c\u200d])[\u09be-\u09cd])[\p{L}\p{M}\u200c\u200d]{0,40}/gu

const bijoyPair = /[A-Za-z][†‡ˆ‰Š‹¨©«¬¯°±²³µ¶¸¹º¼½¾À-ÿ•™š›œžŸ¡¢£¤¥¦§]|[†‡ˆ‰Š¨©«¯•¡-ÿ][A-Za-z`]/g
const bijoySign = /[†‡ˆ‰Š¨©«¯¶µ•]/

/** The suspected faults of a text, in order of place, at most one for a stretch. */
export function findFaults(text: string): Fault[] {
  const faults: Fault[] = []
  for (const [pattern, meant] of misreadings)
    for (const match of text.matchAll(pattern))
      if (match[0].normalize('NFC') !== meant.normalize('NFC')) faults.push({ ...suspect(match), meant })
  for (const pattern of [strayNukta, brokenSigns])
    for (const match of text.matchAll(pattern)) faults.push(suspect(match))
  faults.push(...bijoyLines(text))
  faults.sort((a, b) => a.at.start - b.at.start)
  return faults.filter((fault, i) => i === 0 || fault.at.start >= faults[i - 1]!.at.end)
}

function suspect(match: RegExpExecArray): Fault {
  return { code: 'ocr_suspect', word: match[0], at: { start: match.index, end: match.index + match[0].length } }
}

/** Lines with letters of a legacy font (SutonnyMJ and its kin): Latin letters next to signs no Latin text has there. */
function bijoyLines(text: string): Fault[] {
  const faults: Fault[] = []
  let start = 0
  for (const line of text.split('\n')) {
    const pairs = [...line.matchAll(bijoyPair)]
    if (pairs.length >= 4 || (pairs.length >= 2 && bijoySign.test(line))) {
      const from = line.lastIndexOf(' ', pairs[0]!.index) + 1
      const next = line.indexOf(' ', pairs.at(-1)!.index + 2)
      const to = next === -1 ? line.length : next
      faults.push({ code: 'bijoy', word: line.slice(from, to), at: { start: start + from, end: start + to } })
    }
    start += line.length + 1
  }
  return faults
}
