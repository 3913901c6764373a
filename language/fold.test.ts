import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sortBangla } from './collate.ts'
import { fold, foldedWords, matchRank, searchTerms, soundOfBangla, soundOfLatin, stem } from './fold.ts'

const banglish = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0x980, max: 0x9fe }).map((code) => String.fromCodePoint(code)),
    fc.constantFrom('\u200c', '\u200d', ' ', '-', 'a', 'K', '5'),
  ),
})

test('one word spelt or encoded in different ways has one key', () => {
  const alike = [
    ['জানুয়ারী', 'জানুয়ারি'],
    ['\u09af\u09bc', '\u09df'],
    ['সোনা', 'স\u09beে\u09a8া'.replace('\u09beে', '\u09be\u09c7')],
    ['সৎ', 'সত্\u200d'],
    ['অগ্রহায়ণ', 'অগ্রহায়ন'],
    ['শাসন', 'ষাশণ'],
    ['চাঁদপুর', 'চাদপুর'],
    ['নং ০৫', 'নং 05'],
    ['লোক-প্রশাসন', 'লোক প্রশাসন'],
    ['পরিহারক়ে', 'পরিহারকে'],
    ['ক\u200dষ', 'কষ'],
  ] as const
  for (const [one, other] of alike) assert.equal(fold(one), fold(other), `${one} / ${other}`)
})

test('words that only look alike keep apart', () => {
  assert.notEqual(fold('নাড়া'), fold('নাডা'))
  assert.notEqual(fold('কর'), fold('খর'))
})

test('folding a folded text changes nothing', () => {
  for (const text of ['ুূ', 'ীি', 'কুঁু', 'ে\u200cা', 'ে\u09bcা', 'া\u200cে', 'াাে', '\u09fe\u200c্'])
    assert.equal(fold(fold(text)), fold(text), JSON.stringify(text))
  fc.assert(fc.property(banglish, (text) => assert.equal(fold(fold(text)), fold(text))))
})

test('only common endings come off, and short words stay whole', () => {
  const cases = [
    ['সচিবের', 'সচিব'],
    ['উপজেলায়', 'উপজেলা'],
    ['কর্মকর্তাগণের', 'কর্মকর্তা'],
    ['নির্দেশনাসমূহ', 'নির্দেশনা'],
    ['কর', 'কর'],
    ['মন্ত্রণালয়', 'মন্ত্রণালয়'],
  ] as const
  for (const [word, rest] of cases) {
    if (word === rest) assert.ok(searchTerms(word).includes(fold(rest)))
    else assert.equal(stem(fold(word)), fold(rest), word)
  }
})

test('an inflected word is found by its plain form', () => {
  assert.ok(searchTerms('জনপ্রশাসন মন্ত্রণালয়ের সচিবকে').includes(fold('সচিব')))
  assert.deepEqual(foldedWords('  — ।'), [])
})

test('a place typed in Latin letters is heard as its Bangla name', () => {
  const heard = [
    ['Pirgacha', 'পীরগাছা'],
    ['peergachha', 'পীরগাছা'],
    ['rongpur', 'রংপুর'],
    ['chittagong', 'চিটাগাং'],
    ['Chattogram', 'চট্টগ্রাম'],
    ['jessore', 'যশোর'],
    ['cumilla', 'কুমিল্লা'],
    ['mymensingh', 'ময়মনসিংহ'],
    ['sylhet', 'সিলেট'],
    ['rangamati', 'রাঙ্গামাটি'],
    ['upazila', 'উপজেলা'],
    ['Lakshmipur', 'লক্ষ্মীপুর'],
    ['dhaka', 'ঢাকা'],
    ['gopalganj', 'গোপালগঞ্জ'],
    ['chandpur', 'চাঁদপুর'],
    ['chadpur', 'চাঁদপুর'],
  ] as const
  for (const [typed, name] of heard) {
    assert.ok(matchRank(typed, name) === 1, `${typed} / ${name}`)
  }
  assert.equal(soundOfBangla(fold('পীরগাছা')), soundOfLatin('pirgacha'))
})

test('better matches rank higher', () => {
  const name = 'উপজেলা নির্বাহী অফিসার, পীরগাছা'
  assert.equal(matchRank(name, name), 4)
  assert.equal(matchRank('উপজেলা নির্বাহি', name), 3)
  assert.equal(matchRank('পিরগাছা উপজেলা', name), 2)
  assert.equal(matchRank('pirgacha', name), 1)
  assert.equal(matchRank('পীরগাছার', name), 1)
  assert.equal(matchRank('মিঠাপুকুর', name), 0)
  assert.equal(matchRank('mithapukur', name), 0)
  assert.equal(matchRank('', name), 0)
})

test('searching never throws', () => {
  fc.assert(fc.property(banglish, banglish, (query, text) => matchRank(query, text) >= 0))
})

test('a Bangla list is in dictionary order', () => {
  const list = ['হ', '\u09dc', 'ড', 'ঢ', '\u09df', 'য', 'র', 'অ', 'আ', 'কা', 'ক', 'কি']
  const plain = [...list].sort()
  const sorted = sortBangla(list, (word) => word)
  assert.deepEqual(sorted, ['অ', 'আ', 'ক', 'কা', 'কি', 'ড', '\u09dc', 'ঢ', 'য', '\u09df', 'র', 'হ'])
  assert.notDeepEqual(sorted, plain)
})
