import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Cbor } from '../../../core/cbor.ts'
import { fieldsFromCbor } from '../../../letters/fields.ts'
import { letterFromParts } from '../../../letters/parts.ts'
import { readLetter } from '../../../letters/read.ts'
import { country } from '../../directory/country/country.ts'
import { knownPosts } from '../../directory/country/known-posts.ts'
import {
  asksOf,
  blocksOf,
  compositionOf,
  directBlocks,
  draftOf,
  dueBlocks,
  emptyComposition,
  fieldsIn,
  inPlaceOrder,
  linesOf,
  type Mode,
  mended,
  otherSigner,
  postOfSignature,
  reachOf,
} from './composing.ts'
import { shortLetter } from './directing.ts'

const order = readFileSync(new URL('../../../test/fixtures/mopa-2024-10-22.txt', import.meta.url), 'utf8')
const posts = knownPosts(country())
const letter = mended(readLetter(order), {})
const plain = emptyComposition('mopa-ds-internal-admin')
const signatory = { name: 'মো. করিম', post: 'উপসচিব', office: 'জনপ্রশাসন মন্ত্রণালয়' }

test('the order reaches 64 deputy commissioners and 495 UNOs, and its website line is for publication', () => {
  const lines = linesOf(letter, plain, posts)
  const by = (n: number) => lines.find((line) => line.n === n)!
  assert.equal(lines.length, 18)
  assert.equal(by(14).ids.length, 64)
  assert.equal(by(18).ids.length, 495)
  assert.equal(by(16).purpose, 1)
  assert.equal(by(17).purpose, 2)
  assert.deepEqual(blocksOf(letter, lines), [])
})

test('a letter signed under an additional charge goes out from that post, any other from the regular one', () => {
  const held = [{ charge: 'regular' }, { charge: 'additional' }]
  assert.equal(postOfSignature(letter.signatory, held)?.charge, 'additional')
  assert.equal(postOfSignature(signatory, held.toReversed())?.charge, 'regular')
  assert.equal(postOfSignature(letter.signatory, held.slice(0, 1))?.charge, 'regular', 'who has no other')
  assert.equal(postOfSignature(undefined, []), undefined)
})

test('the posts of a line are shown district by district, however they came', () => {
  const mixed = posts
    .filter(({ role }) => role === 'uno')
    .toSorted((a, b) => (a.id.slice(-2) < b.id.slice(-2) ? -1 : 1))
  const places = inPlaceOrder(mixed).map(({ place }) => place!)
  assert.equal(places.length, 495)
  assert.deepEqual(places, places.toSorted())
  const districts = places.map((place) => place.slice(0, 4))
  assert.equal(districts.filter((district, i) => district !== districts[i - 1]).length, 64)
})

test('an unresolved line blocks until a post is chosen or it goes on paper', () => {
  const strange = { ...letter, distribution: [...letter.distribution, { n: '১৯', text: 'মহাজাগতিক কমিশনার, শনিগ্রহ' }] }
  const lines = linesOf(strange, plain, posts)
  const key = lines.at(-1)!.key
  assert.deepEqual(blocksOf(strange, lines), ['unresolved'])
  const chosen = linesOf(strange, { ...plain, lines: { [key]: { selectors: [{ post: 'dc-5585' }] } } }, posts)
  assert.deepEqual(chosen.at(-1)!.ids, ['dc-5585'])
  assert.deepEqual(blocksOf(strange, chosen), [])
  const paper = linesOf(strange, { ...plain, lines: { [key]: { paper: true } } }, posts)
  assert.deepEqual(blocksOf(strange, paper), [])
  assert.equal(reachOf(paper, posts).paper, 1)
  assert.equal(draftOf(strange, paper, plain, null, '2024-10-22').lines.length, 18)
})

test('a post on two lines is counted once', () => {
  const twice = linesOf(letter, { ...plain, added: ['জেলা প্রশাসক, রংপুর'] }, posts)
  const once = reachOf(linesOf(letter, plain, posts), posts)
  assert.deepEqual(twice.at(-1)!.ids, ['dc-5585'])
  assert.equal(reachOf(twice, posts).posts, once.posts)
  assert.equal(reachOf(twice, posts).repeated, once.repeated + 1)
})

test('what is sealed is the letter as it was written, with lines added by hand at its end', () => {
  const lines = linesOf(letter, { ...plain, added: ['জেলা প্রশাসক, রংপুর'] }, posts)
  const draft = draftOf(letter, lines, plain, null, '2024-10-22')
  const sealed = letterFromParts(draft.parts.map(({ label, value }) => ({ label, text: String(value) })))
  assert.equal(sealed.distribution.length, 19)
  assert.equal(sealed.distribution.at(-1)!.text, 'জেলা প্রশাসক, রংপুর')
  assert.deepEqual(
    sealed.clauses.map(({ text }) => text),
    letter.clauses.map(({ text }) => text),
  )
  assert.equal(draft.summary.date, '2024-10-22')
  assert.match(draft.summary.issuer, /উপসচিব/)
})

test('every line has a number of its own', () => {
  const line = fc.record({
    n: fc.constantFrom('', '১', '২', '3', '০', 'ক', '১৮'),
    text: fc.constantFrom('জেলা প্রশাসক (সকল)', 'কে জানে'),
  })
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(line, { maxLength: 5 }), (distribution, copies) => {
      const lines = linesOf({ distribution, copies: { lines: copies } }, plain, posts)
      assert.equal(new Set(lines.map(({ n }) => n)).size, lines.length)
    }),
    { numRuns: 30 },
  )
})

test('one acknowledgement of the whole letter is asked unless clauses are switched on', () => {
  const nothing = (...labels: string[]) => labels.map((label) => ({ label, ask: 'nothing' }))
  assert.deepEqual(asksOf(letter, plain), [{ label: '', ask: 'acknowledge' }, ...nothing('ক', 'খ', 'গ', 'ঘ', 'ঙ')])
  const asked = asksOf(letter, { acknowledge: true, perClause: true, asks: { গ: 'once', খ: 'standing', ক: 'nothing' } })
  assert.deepEqual(asked, [
    { label: '', ask: 'acknowledge' },
    ...nothing('ক'),
    { label: 'খ', ask: 'standing' },
    { label: 'গ', ask: 'once' },
    ...nothing('ঘ', 'ঙ'),
  ])
})

test('a directive names each label once, and of very many clauses only those asked for', () => {
  const clauses = (n: number) => Array.from({ length: n }, (_, i) => ({ label: String(i % 150), text: 'কাজ', after: 0 }))
  assert.equal(asksOf({ clauses: [...clauses(2), ...clauses(2)] }, plain).length, 3)
  assert.deepEqual(asksOf({ clauses: clauses(150) }, { ...plain, perClause: true, asks: { 7: 'once' } }), [
    { label: '', ask: 'acknowledge' },
    { label: '7', ask: 'once' },
  ])
})

test('a daily order of one line is a letter with a subject, a date and a signatory', () => {
  const short = shortLetter('আজ বিকাল ৫টার মধ্যে আশ্রয়কেন্দ্রের তালিকা পাঠান। ফোনে নয়।', '2024-10-22', signatory)
  assert.equal(short.subject, 'আজ বিকাল ৫টার মধ্যে আশ্রয়কেন্দ্রের তালিকা পাঠান।')
  assert.equal(short.paragraphs[0]!.text, 'আজ বিকাল ৫টার মধ্যে আশ্রয়কেন্দ্রের তালিকা পাঠান। ফোনে নয়।')
  const lines = linesOf(short, { ...plain, added: ['জেলা প্রশাসক (সকল)'] }, posts)
  assert.equal(reachOf(lines, posts).posts, 64)
  assert.deepEqual(blocksOf(shortLetter(' ', '2024-10-22', signatory), []), ['subject', 'nobody'])
})

test('any saved draft opens', () => {
  fc.assert(fc.property(fc.anything(), (saved) => assert.equal(typeof compositionOf(saved, 'p').text, 'string')))
  const kept = { ...plain, text: 'পত্র', due: { kind: 'date' as const, date: '2024-10-30' }, added: ['ক'] }
  assert.deepEqual(compositionOf(JSON.parse(JSON.stringify(kept)), 'p'), kept)
})

const number = {
  key: 'f1',
  clause: 'গ',
  type: 'number' as const,
  name: 'কতটি',
  unit: 'টি',
  required: true,
  choices: [],
}

test('a form makes its clause one that is to be answered, and a faulty one blocks', () => {
  const asked = asksOf(letter, { ...plain, fields: [number, { ...number, key: 'f2', clause: '' }] })
  assert.deepEqual(asked[0], { label: '', ask: 'once' })
  assert.deepEqual(asked[3], { label: 'গ', ask: 'once' })
  const standing = asksOf(letter, { acknowledge: true, perClause: true, asks: { গ: 'standing' }, fields: [number] })
  assert.equal(standing[3]!.ask, 'standing')
  const lines = linesOf(letter, plain, posts)
  assert.deepEqual(blocksOf(letter, lines, [number]), [])
  assert.deepEqual(blocksOf(letter, lines, [{ ...number, name: '' }]), ['fields'])
})

test('what is asked for travels sealed with the letter', () => {
  const draft = draftOf(letter, linesOf(letter, plain, posts), { ...plain, fields: [number] }, null, '2024-10-22')
  assert.deepEqual(fieldsFromCbor(draft.parts.at(-1)!.value as Cbor), [number])
  assert.equal(draft.parts.at(-1)!.label, 'fields')
})

test('a form for a clause that was taken out asks of the whole letter', () => {
  assert.equal(fieldsIn([number], ['', 'ক'])[0]!.clause, '')
  assert.equal(fieldsIn([number], ['', 'গ'])[0]!.clause, 'গ')
})

test('a short directive needs words and somebody; a demi-official letter, a person', () => {
  const short = { ...plain, mode: 'short' as const }
  assert.deepEqual(directBlocks(short), ['text', 'nobody'])
  assert.deepEqual(directBlocks({ ...short, brief: 'আসুন', to: ['uno-558573'] }), [])
  const personal = { ...plain, mode: 'do' as const, personal: 'প্রিয় সহকর্মী', to: ['uno-558573'] }
  assert.deepEqual(directBlocks(personal), ['nobody'])
})

test('a due date that is over blocks, but where none goes along', () => {
  const due = { kind: 'today' } as const
  const at = (mode: Mode, reply: 'nothing' | 'once' = 'once') => dueBlocks({ mode, reply, due }, 1_000, 1_000)
  for (const mode of ['letter', 'short', 'do'] as const) assert.deepEqual(at(mode), ['duePast'])
  assert.deepEqual(at('letter', 'nothing'), ['duePast'])
  assert.deepEqual(at('advice'), [])
  assert.deepEqual(at('do', 'nothing'), [])
  assert.deepEqual(dueBlocks({ mode: 'short', reply: 'once', due }, 1_000, 999), [])
  assert.deepEqual(dueBlocks({ mode: 'short', reply: 'once', due: { kind: 'none' } }, null, 999), [])
})

test('a date that is wanted and not given blocks: without it the letter would be due at no time', () => {
  const due = { kind: 'date', date: '' } as const
  const at = (mode: Mode, reply: 'nothing' | 'once' = 'once') => dueBlocks({ mode, reply, due }, null, 1_000)
  for (const mode of ['letter', 'short', 'do'] as const) assert.deepEqual(at(mode), ['noDate'])
  assert.deepEqual(at('advice'), [])
  assert.deepEqual(at('do', 'nothing'), [])
  const given = { kind: 'date', date: '2026-11-30' } as const
  assert.deepEqual(dueBlocks({ mode: 'letter', reply: 'once', due: given }, 1_001, 1_000), [])
})

test('a letter that somebody else signs is noticed, the same name spelt otherwise is not', () => {
  const me = { bn: 'মোহাম্মদ নাহির উল্লাহ খান', en: 'Mohammad Nahir Ullah Khan' }
  const signedBy = (name: string) => otherSigner({ name, post: 'উপসচিব' }, me)
  for (const mine of ['মোহাম্মদ নাহির উল্লাহ খান', 'মো: নাহির উল্লাহ খান', 'Nahir Ullah Khan', ''])
    assert.equal(signedBy(mine), null, mine)
  assert.equal(signedBy('আরিফা সিদ্দিকা'), 'আরিফা সিদ্দিকা')
  assert.equal(otherSigner(undefined, me), null)
})
