import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ParsedLine, parseDistributionLine } from './distribution.ts'

const empty = { brackets: [], all: false, wings: [], places: [], segments: [], publish: false }

test('a line comes apart into what it says', () => {
  const cases: [string, Partial<ParsedLine>][] = [
    [
      '১) মহাপরিচালক (সচিব), বাংলাদেশ কর্মচারী কল্যাণ বোর্ড (বিকেকেবি)',
      { title: 'মহাপরিচালক', rank: 'সচিব', segments: ['বাংলাদেশ কর্মচারী কল্যাণ বোর্ড (বিকেকেবি)'] },
    ],
    ['উপজেলা নির্বাহী অফিসার (সকল)।', { title: 'উপজেলা নির্বাহী অফিসার', all: true }],
    ['সকল জেলা প্রশাসক', { title: 'জেলা প্রশাসক', all: true }],
    ['জেলা প্রশাসক, সকল', { title: 'জেলা প্রশাসক', all: true }],
    [
      'অতিরিক্ত সচিব (প্রশাসন/শৃঙ্খলা ও তদন্ত), জনপ্রশাসন মন্ত্রণালয়',
      { title: 'অতিরিক্ত সচিব', wings: ['প্রশাসন', 'শৃঙ্খলা ও তদন্ত'], segments: ['জনপ্রশাসন মন্ত্রণালয়'] },
    ],
    ['বিভাগীয় কমিশনার, ঢাকা/চট্টগ্রাম', { title: 'বিভাগীয় কমিশনার', places: ['ঢাকা', 'চট্টগ্রাম'] }],
    ['মহাপরিচালক (রুটিন দায়িত্ব), বিয়াম ফাউন্ডেশন', { title: 'মহাপরিচালক', charge: 'রুটিন দায়িত্ব', segments: ['বিয়াম ফাউন্ডেশন'] }],
    [
      'সিনিয়র সচিবের একান্ত সচিব, জনপ্রশাসন মন্ত্রণালয় (সিনিয়র সচিব মহোদয়ের সদয় অবগতির জন্য)',
      {
        title: 'একান্ত সচিব',
        fullTitle: 'সিনিয়র সচিবের একান্ত সচিব',
        principal: 'সিনিয়র সচিব',
        segments: ['জনপ্রশাসন মন্ত্রণালয়'],
        purpose: 'সিনিয়র সচিব মহোদয়ের সদয় অবগতির জন্য',
      },
    ],
    [
      'সিস্টেম এনালিস্ট, পিএসিসি (ওয়েবসাইটে প্রকাশের অনুরোধ করা হলো)',
      {
        title: 'সিস্টেম এনালিস্ট',
        segments: ['পিএসিসি'],
        purpose: 'ওয়েবসাইটে প্রকাশের অনুরোধ করা হলো',
        publish: true,
      },
    ],
    ['সচিব, কৃষি মন্ত্রণালয় [সদয় অনুমোদনের জন্য]', { title: 'সচিব', segments: ['কৃষি মন্ত্রণালয়'], purpose: 'সদয় অনুমোদনের জন্য' }],
    ['সহকারী কমিশনার (ভূমি), পীরগাছা', { title: 'সহকারী কমিশনার', brackets: ['ভূমি'], segments: ['পীরগাছা'] }],
    ['(৩) সচিব, কৃষি মন্ত্রণালয়', { title: 'সচিব', segments: ['কৃষি মন্ত্রণালয়'] }],
    ['', { title: '' }],
    ['(সকল', { title: '(সকল' }],
  ]
  for (const [line, expected] of cases)
    assert.deepEqual(
      parseDistributionLine(line),
      { ...empty, fullTitle: expected.fullTitle ?? expected.title, ...expected },
      line,
    )
})

test('no line is too strange', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'()[]/,।-১ সকলপ্রজন্য') }), (line) => {
      assert.equal(typeof parseDistributionLine(line).title, 'string')
    }),
    { numRuns: 2000 },
  )
})
