import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../test/helpers/any-text.ts'
import type { KnownPost } from './known-posts.ts'
import { audienceOf, evaluateSelectors, resolveLines, type Selector, sayRemark } from './resolve.ts'

const ministry = { bn: 'জনপ্রশাসন মন্ত্রণালয়', en: 'Ministry of Public Administration' }

function post(id: string, role: string, title: string, office: string, more: Partial<KnownPost> = {}): KnownPost {
  return { id, role, title: { bn: title, en: role }, office, officeName: { bn: office, en: office }, ...more }
}

const wings: [string, string, string[]][] = [
  ['as-admin', 'প্রশাসন', []],
  ['as-apd', 'নিয়োগ, পদোন্নতি ও প্রেষণ (এপিডি)', ['APD']],
  ['as-law', 'শৃঙ্খলা ও তদন্ত', []],
]
const districts: [string, string][] = [
  ['5585', 'রংপুর'],
  ['5594', 'ঠাকুরগাঁও'],
  ['3026', 'ঢাকা'],
]
const upazilas: [string, string, string][] = [
  ['558573', 'পীরগাছা', 'রংপুর'],
  ['558576', 'পীরগঞ্জ', 'রংপুর'],
  ['559482', 'পীরগঞ্জ', 'ঠাকুরগাঁও'],
  ['302614', 'ধামরাই', 'ঢাকা'],
]

const posts: KnownPost[] = [
  ...wings.map(([id, wing, wingAlt]) =>
    post(id, 'additional-secretary', 'অতিরিক্ত সচিব', 'mopa', { officeName: ministry, wing, wingAlt }),
  ),
  post('as-health', 'additional-secretary', 'অতিরিক্ত সচিব', 'স্বাস্থ্য সেবা বিভাগ'),
  post('js-1', 'joint-secretary', 'যুগ্মসচিব', 'mopa', { officeName: ministry, titleAlt: ['যুগ্ম সচিব'] }),
  post('js-2', 'joint-secretary', 'যুগ্মসচিব', 'mopa', { officeName: ministry, titleAlt: ['যুগ্ম সচিব'], vacant: true }),
  post('ps', 'private-secretary', 'সিনিয়র সচিবের একান্ত সচিব', 'mopa', { officeName: ministry }),
  post('rector', 'rector', 'রেক্টর', 'বাংলাদেশ লোক-প্রশাসন প্রশিক্ষণ কেন্দ্র (বিপিএটিসি)'),
  post('dg-biam', 'director-general', 'মহাপরিচালক', 'বাংলাদেশ ইনস্টিটিউট অব অ্যাডমিনিস্ট্রেশন এন্ড ম্যানেজমেন্ট ফাউন্ডেশন'),
  post('dg-press', 'director-general', 'মহাপরিচালক', 'মুদ্রণ ও প্রকাশনা অধিদপ্তর'),
  post('divcom', 'divisional-commissioner', 'বিভাগীয় কমিশনার', 'divcom', {
    place: '55',
    placeName: { bn: 'রংপুর', en: 'Rangpur' },
  }),
  ...districts.map(([place, bn]) =>
    post(`dc-${place}`, 'dc', 'জেলা প্রশাসক', `dc-${place}`, { place, placeName: { bn, en: place } }),
  ),
  ...upazilas.map(([place, bn, district]) =>
    post(`uno-${place}`, 'uno', 'উপজেলা নির্বাহী অফিসার', `uno-${place}`, {
      titleAlt: ['ইউএনও'],
      place,
      placeName: { bn, en: place },
      placeAlt: [`${bn}, ${district}`],
    }),
  ),
  post('ac-land', 'ac-land', 'সহকারী কমিশনার (ভূমি)', 'land', { place: '558573', placeName: { bn: 'পীরগাছা', en: 'x' } }),
]

function resolve(text: string) {
  return resolveLines([{ n: '১', text }], posts)[0]!
}

function assertMeans(text: string, selectors: Selector[], ids: string[], unsure?: string[]) {
  const { selectors: got, ids: gotIds, unresolved, unsure: gotUnsure } = resolve(text)
  assert.deepEqual(
    { got, gotIds, unresolved, gotUnsure },
    { got: selectors, gotIds: ids, unresolved: undefined, gotUnsure: unsure },
    text,
  )
}

test('every such post is one short selector', () => {
  assertMeans('জেলা প্রশাসক (সকল)', [{ role: 'dc' }], ['dc-3026', 'dc-5585', 'dc-5594'])
  assertMeans('সকল জেলা প্রশাসক।', [{ role: 'dc' }], ['dc-3026', 'dc-5585', 'dc-5594'])
  assertMeans('যুগ্মসচিব (সকল), জনপ্রশাসন মন্ত্রণালয়', [{ role: 'joint-secretary', office: 'mopa' }], ['js-1', 'js-2'])
  assertMeans(
    'যুগ্ম সচিব (সকল), জনপ্রশাসন মন্ত্রণালয়, বাংলাদেশ সচিবালয়, ঢাকা-১০০০',
    [{ role: 'joint-secretary', office: 'mopa' }],
    ['js-1', 'js-2'],
  )
})

test('a slash list is one post for each', () => {
  assertMeans(
    'অতিরিক্ত সচিব (প্রশাসন/এপিডি/শৃঙ্খলা ও তদন্ত), জনপ্রশাসন মন্ত্রণালয়',
    [{ post: 'as-admin' }, { post: 'as-apd' }, { post: 'as-law' }],
    ['as-admin', 'as-apd', 'as-law'],
  )
  assertMeans('জেলা প্রশাসক, রংপুর/ঢাকা', [{ post: 'dc-5585' }, { post: 'dc-3026' }], ['dc-3026', 'dc-5585'])
  const partly = resolve('জেলা প্রশাসক, রংপুর/কোথাওনা')
  assert.equal(partly.unresolved, 'partNotFound:কোথাওনা')
  assert.deepEqual(partly.ids, ['dc-5585'])
})

test('places joined by ও or এবং are one post for each; commas alone may be an address', () => {
  const three = [{ post: 'dc-5585' }, { post: 'dc-5594' }, { post: 'dc-3026' }]
  const ids = ['dc-3026', 'dc-5585', 'dc-5594']
  assertMeans('জেলা প্রশাসক, রংপুর, ঠাকুরগাঁও ও ঢাকা', three, ids)
  assertMeans('জেলা প্রশাসক, রংপুর, ঠাকুরগাঁও এবং ঢাকা।', three, ids)
  assertMeans('জেলা প্রশাসক, রংপুর ও ঢাকা', [{ post: 'dc-5585' }, { post: 'dc-3026' }], ['dc-3026', 'dc-5585'])
  const district = [{ post: 'uno-558573' }, { post: 'uno-558576' }]
  assertMeans('উপজেলা নির্বাহী অফিসার, পীরগাছা ও পীরগঞ্জ, রংপুর', district, ['uno-558573', 'uno-558576'])
  assertMeans('উপজেলা নির্বাহী অফিসার, রংপুর, পীরগাছা ও পীরগঞ্জ', district, ['uno-558573', 'uno-558576'])
  assert.equal(resolve('উপজেলা নির্বাহী অফিসার, পীরগাছা ও পীরগঞ্জ').unresolved, 'severalPosts:2')
  assert.equal(resolve('জেলা প্রশাসক, রংপুর ও কোথাওনা').unresolved, 'partNotFound:রংপুর ও কোথাওনা')
  assert.equal(resolve('জেলা প্রশাসক, রংপুর, ঢাকা').unresolved, 'partNotFound:ঢাকা')
  assertMeans('অতিরিক্ত সচিব (শৃঙ্খলা ও তদন্ত), জনপ্রশাসন মন্ত্রণালয়', [{ post: 'as-law' }], ['as-law'])
})

test('a place, an office or a wing says which one is meant', () => {
  assertMeans('জেলা প্রশাসক, রংপুর', [{ post: 'dc-5585' }], ['dc-5585'])
  assertMeans('জেলা প্রশাসক রংপুর', [{ post: 'dc-5585' }], ['dc-5585'])
  assertMeans('রংপুরের জেলা প্রশাসক', [{ post: 'dc-5585' }], ['dc-5585'])
  assertMeans('ইউএনও পীরগাছা', [{ post: 'uno-558573' }], ['uno-558573'])
  assertMeans('উপজেলা নির্বাহী অফিসার, পীরগঞ্জ, রংপুর', [{ post: 'uno-558576' }], ['uno-558576'])
  assertMeans('অতিরিক্ত সচিব (প্রশাসন), জনপ্রশাসন মন্ত্রণালয়', [{ post: 'as-admin' }], ['as-admin'])
  assertMeans('সহকারী কমিশনার (ভূমি), পীরগাছা', [{ post: 'ac-land' }], ['ac-land'])
  assertMeans('রেক্টর (সচিব), বিপিএটিসি', [{ post: 'rector' }], ['rector'])
  assertMeans('মহাপরিচালক, মহাপরিচালক এর দপ্তর, মুদ্রণ ও প্রকাশনা অধিদপ্তর, তেজগাঁও, ঢাকা', [{ post: 'dg-press' }], ['dg-press'])
})

test('every post of a place is named post by post, and a doubtful place says so', () => {
  const ids = ['uno-558573', 'uno-558576']
  assert.deepEqual(resolve('উপজেলা নির্বাহী অফিসার (সকল), রংপুর জেলা').ids, ids)
  assert.deepEqual(resolve('উপজেলা নির্বাহী অফিসার (সকল), রংপুর জেলা').unsure, undefined)
  assert.deepEqual(resolve('উপজেলা নির্বাহী অফিসার (সকল), রংপুর বিভাগ').ids, [...ids, 'uno-559482'])
  assert.deepEqual(resolve('উপজেলা নির্বাহী অফিসার (সকল), রংপুর').unsure, ['asDistrict:রংপুর'])
})

test('a scanning fault resolves but stays unsure', () => {
  assertMeans('রেষ্টর (সচিব), বিপিএটিসি', [{ post: 'rector' }], ['rector'], ['spelling:রেষ্টর'])
  assertMeans(
    'মহাপরিচালক (রুটিন দায়িত্ব), বাংলাদেশ ইনসিটিউট অব অ্যাডমিনিস্ট্রেশন এন্ড ম্যানেজমেন্ট (বিয়াম) ফাউন্ডেশন',
    [{ post: 'dg-biam' }],
    ['dg-biam'],
    ['spelling:বাংলাদেশ ইনসিটিউট অব অ্যাডমিনিস্ট্রেশন এন্ড ম্যানেজমেন্ট (বিয়াম) ফাউন্ডেশন'],
  )
})

test('several posts of an office without (সকল) are all taken, and said so', () => {
  assertMeans(
    'যুগ্মসচিব, জনপ্রশাসন মন্ত্রণালয়',
    [{ role: 'joint-secretary', office: 'mopa' }],
    ['js-1', 'js-2'],
    ['notSaidAll'],
  )
})

test('a place misspelt by a letter is taken and said so, but not where several posts may be meant', () => {
  assertMeans('জেলা প্রশাসক, রংপূর', [{ post: 'dc-5585' }], ['dc-5585'])
  assertMeans('জেলা প্রশাসক, রংপর', [{ post: 'dc-5585' }], ['dc-5585'], ['spelling:রংপর'])
  assertMeans('উপজেলা নির্বাহী অফিসার, পীরগাছ', [{ post: 'uno-558573' }], ['uno-558573'], ['spelling:পীরগাছ'])
  assert.equal(resolve('উপজেলা নির্বাহী অফিসার, পীরগন্জ').unresolved, 'severalPosts:2')
  assert.equal(resolve('উপজেলা নির্বাহী অফিসার (সকল), রংপর').unresolved, 'partNotFound:রংপর')
})

test('what is not understood is never guessed', () => {
  const cases: [string, string][] = [
    ['', 'notInDirectory'],
    ['মহামান্য অমুক', 'notInDirectory'],
    ['জেলা প্রশাসক', 'noPlace'],
    ['জেলা প্রশাসক, কোথাওনা', 'partNotFound:কোথাওনা'],
    ['উপজেলা নির্বাহী অফিসার, পীরগঞ্জ', 'severalPosts:2'],
    ['রেক্টর, অজানা প্রতিষ্ঠান', 'partNotFound:অজানা প্রতিষ্ঠান'],
    ['জেলা প্রশাসক, জনপ্রশাসন মন্ত্রণালয়', 'notInOffice:জনপ্রশাসন মন্ত্রণালয়'],
    ['যুগ্মসচিব (সকল), অজানা মন্ত্রণালয়', 'partNotFound:অজানা মন্ত্রণালয়'],
  ]
  for (const [text, why] of cases) {
    const { unresolved, ids } = resolve(text)
    assert.deepEqual({ unresolved, ids }, { unresolved: why, ids: [] }, text)
  }
  assert.deepEqual(resolve('উপজেলা নির্বাহী অফিসার, পীরগঞ্জ').candidates, ['uno-558576', 'uno-559482'])
})

test('every remark is a sentence', () => {
  assert.equal(sayRemark('bn', 'spelling:রেষ্টর'), 'বানান মিলিয়ে নিন: রেষ্টর')
  assert.equal(sayRemark('bn', 'severalPosts:2'), 'এ কথায় ২টি পদ বোঝায়; একটি বেছে নিন')
  for (const remark of [
    'notInDirectory',
    'notInOffice:x',
    'noPlace',
    'notSaidAll',
    'partNotFound:x',
    'spelling:x',
    'asDistrict:x',
    'severalPosts:3',
  ])
    for (const lang of ['bn', 'en'] as const) assert.notEqual(sayRemark(lang, remark), remark)
})

test('purposes, publication and vacant posts are reported', () => {
  const line = resolve('সিনিয়র সচিবের একান্ত সচিব, জনপ্রশাসন মন্ত্রণালয় (সিনিয়র সচিব মহোদয়ের সদয় অবগতির জন্য)')
  assert.deepEqual(line.ids, ['ps'])
  assert.equal(line.purpose, 'সিনিয়র সচিব মহোদয়ের সদয় অবগতির জন্য')
  assert.equal(line.publish, false)
  assert.equal(resolve('রেক্টর, বিপিএটিসি (ওয়েবসাইটে প্রকাশের অনুরোধ করা হলো)').publish, true)
  assert.equal(resolve('যুগ্মসচিব (সকল), জনপ্রশাসন মন্ত্রণালয়').vacant, 1)
})

test('a post on two lines counts once', () => {
  const lines = resolveLines(
    [
      { n: '১', text: 'অতিরিক্ত সচিব, জনপ্রশাসন মন্ত্রণালয়' },
      { n: '২', text: 'অতিরিক্ত সচিব (প্রশাসন/এপিডি), জনপ্রশাসন মন্ত্রণালয়' },
    ],
    posts,
  )
  assert.deepEqual(audienceOf(lines), { ids: ['as-admin', 'as-apd', 'as-law'], repeated: 2 })
})

test('selectors give each post once, sorted, and never one that does not exist', () => {
  const selectors: Selector[] = [
    { post: 'ps' },
    { role: 'dc' },
    { post: 'dc-5585' },
    { post: 'nobody' },
    { role: 'uno', office: 'uno-302614' },
  ]
  assert.deepEqual(evaluateSelectors(selectors, posts), ['dc-3026', 'dc-5585', 'dc-5594', 'ps', 'uno-302614'])
  assert.deepEqual(evaluateSelectors([], posts), [])
})

test('any line gives an answer that its own selectors reproduce', () => {
  const words = [
    'জেলা প্রশাসক',
    'অতিরিক্ত সচিব',
    '(সকল)',
    ',',
    '/',
    'রংপুর',
    'ঢাকা',
    'ও',
    'জনপ্রশাসন মন্ত্রণালয়',
    '(',
    ')',
    '[',
    ' ',
    'প্রশাসন',
    '।',
    'এর',
    'কার্যালয়',
    '১)',
  ]
  const line = fc.oneof(
    anyText(),
    fc.array(fc.constantFrom(...words)).map((parts) => parts.join(' ')),
  )
  fc.assert(
    fc.property(line, (text) => {
      const { ids, selectors, unresolved, posts: n } = resolve(text)
      assert.deepEqual(evaluateSelectors(selectors, posts), ids)
      assert.equal(n, ids.length)
      assert.ok(ids.length > 0 || unresolved !== undefined, 'nothing was resolved and nothing was said')
    }),
    { numRuns: 1000 },
  )
})
