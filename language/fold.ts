import { toLatin } from './digits.ts'

/**
 * The search key of a text: equal for every way the same words are commonly spelt or encoded. Never shown, never
 * signed. NFC; joiners dropped; long and short ই উ, ন ণ, স শ ষ, ত ৎ made one; ঁ dropped; misordered, doubled and stray
 * signs repaired; Latin digits, lower case; every run of anything that is not a letter or digit is one space.
 */
export function fold(text: string): string {
  // What is dropped first lets signs meet that belong together: each step sees what those before it left.
  return toLatin(text.normalize('NFC'))
    .replace(/ত্\u200d/g, 'ত')
    .replace(/[\u0981\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/ব\u09bc/g, 'র')
    .replace(/(?<![যডঢ])\u09bc/g, '')
    .replace(/[ঈঊীূণশষৎ]/g, (letter) => twins.get(letter)!)
    .replace(DOUBLED, '$1')
    .normalize('NFC')
    .replace(/\u09be\u09c7/g, '\u09cb')
    .replace(DOUBLED, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}

const DOUBLED = /([\u09be-\u09cd])\1+/g
const twins = new Map([...'ঈইঊউীিূুণনশসষসৎত'].map((letter, i, all) => [letter, all[i + 1]!]))

/** The folded words of a text, in order. */
export function foldedWords(text: string): string[] {
  const folded = fold(text)
  return folded === '' ? [] : folded.split(' ')
}

// Longest first, in folded spelling (সমূহ is সমুহ). At least three code points of the word must remain.
const suffixes = [
  'গুলোর',
  'গুলো',
  'সমুহের',
  'সমুহ',
  'গনের',
  'গন',
  'দের',
  'টির',
  'টি',
  'টা',
  'ের',
  'কে',
  'তে',
  'এর',
  'র',
  'ে',
  'য়',
].map((suffix) => suffix.normalize('NFC'))

/** A folded word without one common ending (ের র কে তে এ গণ গণের দের সমূহ গুলো টি টা). Short words stay whole. */
export function stem(word: string): string {
  const ending = suffixes.find((suffix) => word.endsWith(suffix) && [...word].length - [...suffix].length >= 3)
  return ending ? word.slice(0, -ending.length) : word
}

/** The words to index a text under: each folded word, and its stem when that differs. Sorted, without repeats. */
export function searchTerms(text: string): string[] {
  return [...new Set(foldedWords(text).flatMap((word) => [word, stem(word)]))].sort()
}

/**
 * How well `text` answers a typed `query`, for ranking: 4 the same, 3 begins with it, 2 contains every word as a
 * beginning, 1 the same by sound (Banglish) or by stem, 0 not at all. An empty query matches nothing.
 */
export function matchRank(query: string, text: string): 0 | 1 | 2 | 3 | 4 {
  const wanted = fold(query)
  if (wanted === '') return 0
  const found = fold(text)
  if (found === wanted) return 4
  if (found.startsWith(wanted)) return 3
  const asked = wanted.split(' ')
  const words = found.split(' ')
  if (asked.every((word) => words.some((other) => other.startsWith(word)))) return 2
  const sounds = words.length > 0 ? soundsOf(text) : []
  const heard = asked.every(
    (word) =>
      words.some((other) => other.startsWith(stem(word))) ||
      (/^[a-z]/.test(word) && sounds.some((sound) => sound.startsWith(soundOfLatin(word)))),
  )
  return heard ? 1 : 0
}

/** The sounds of every word of a text, each once: Bangla words with and without ঁ heard as n, Latin words as they are. */
export function soundsOf(text: string): string[] {
  const nasal = text.normalize('NFC').replace(/\u0981/g, '\u0982')
  return [...new Set([...foldedWords(text), ...foldedWords(nasal)].map(soundOf))]
}

function soundOf(word: string): string {
  return /^[a-z]/.test(word) ? soundOfLatin(word) : soundOfBangla(word)
}

const banglaSounds: Record<string, string> = {}
for (const [sound, letters] of [
  ['k', 'কখ'],
  ['g', 'গঘ'],
  ['n', 'ঙঞনং'],
  ['c', 'চছ'],
  ['j', 'জঝয'],
  ['t', 'টঠতথ'],
  ['d', 'ডঢদধ'],
  ['p', 'পফ'],
  ['b', 'বভ'],
  ['m', 'ম'],
  ['r', 'র'],
  ['l', 'ল'],
  ['s', 'স'],
] as const)
  for (const letter of letters) banglaSounds[letter] = sound

/**
 * The consonant skeleton of a folded Bangla word, comparable with `soundOfLatin`: পিরগাছা → prgc. Vowels count only at
 * the beginning (all alike), aspiration and হ, য় not at all.
 */
export function soundOfBangla(word: string): string {
  const plain = word
    .replace(/ক্স/g, 'ক') // ক্ষ, folded
    .replace(/ঙ্গ/g, 'ঙ')
    .replace(/[ডঢ]\u09bc/g, 'র')
    .replace(/য\u09bc/g, '')
    .replace(/্য/g, '')
  const letters = [...plain].map((letter) => banglaSounds[letter] ?? (/[0-9]/.test(letter) ? letter : ''))
  const opening = /^[অ-ঔ]/.test(plain) ? 'a' : ''
  return collapse(opening + letters.join(''))
}

/** The consonant skeleton of a word typed in Latin letters ("Banglish" or English): Pirgacha, peergachha → prgc. */
export function soundOfLatin(word: string): string {
  const plain = word
    .toLowerCase()
    .replace(/^[wy](?=[aeiou])|^[aeiou]+/, '*')
    .replace(/ksh?|kkh|x/g, 'k')
    .replace(/ngh?/g, 'n')
    .replace(/ch+/g, '1')
    .replace(/[cq]/g, 'k')
    .replace(/1/g, 'c')
    .replace(/z/g, 'j')
    .replace(/[vw]/g, 'b')
    .replace(/f|ph/g, 'p')
    .replace(/[aeiouyh]/g, '')
  return collapse(plain.replace('*', 'a').replace(/[^a-z0-9]/g, ''))
}

function collapse(sound: string): string {
  return sound.replace(/([a-z])\1+/g, '$1')
}
