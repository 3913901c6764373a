import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { country } from '../features/directory/country/country.ts'
import { knownPosts } from '../features/directory/country/known-posts.ts'
import { toBangla, toLatin } from '../language/digits.ts'
import { readLetter } from '../letters/read.ts'
import { audienceOf, evaluateSelectors, resolveLines } from '../letters/resolve.ts'

const order = readFileSync(new URL('./fixtures/mopa-2024-10-22.txt', import.meta.url), 'utf8')
const posts = knownPosts(country())
const lines = resolveLines(readLetter(order).distribution, posts)
const byNumber = new Map(lines.map((line) => [line.n, line]))
const titled = (id: string) => posts.find((post) => post.id === id)!

test('every line of the order finds its posts in the shipped country', () => {
  for (const { n, unresolved, posts: count } of lines)
    assert.ok(unresolved === undefined && count > 0, `${n}: ${unresolved}`)
  assert.equal(byNumber.get('১০')!.posts, 8)
  assert.equal(byNumber.get('১৪')!.posts, 64)
  assert.equal(byNumber.get('১৮')!.posts, 495)
  for (const n of ['১', '২', '৩', '৪', '৫', '৬', '৯', '১১', '১২', '১৬', '১৭'])
    assert.equal(byNumber.get(n)!.posts, 1, n)
})

test('the eight wings of line 8 are among the additional secretaries of line 7, and count once', () => {
  const seven = byNumber.get('৭')!
  const eight = byNumber.get('৮')!
  assert.equal(eight.posts, 8)
  assert.ok(eight.ids.every((id) => seven.ids.includes(id)))
  assert.ok(seven.ids.every((id) => titled(id).wing !== undefined && titled(id).office === 'mopa'))
  const { ids, repeated } = audienceOf(lines)
  assert.equal(repeated, 8)
  assert.deepEqual(
    ids,
    evaluateSelectors(
      lines.flatMap(({ selectors }) => selectors),
      posts,
    ),
  )
})

test('only the misread words and the missing (সকল) are left to a person', () => {
  const unsure = lines.flatMap(({ n, unsure: doubts }) => (doubts ? [`${n} ${doubts.join()}`] : []))
  assert.deepEqual(unsure, ['৩ spelling:রেষ্টর', '৪ spelling:রেষ্টর', '৭ notSaidAll'])
})

test('line 17 asks for publication and no other does', () => {
  assert.deepEqual(
    lines.filter(({ publish }) => publish).map(({ n }) => n),
    ['১৭'],
  )
})

test('what goes to the server for a whole role is one selector', () => {
  assert.equal(byNumber.get('১৮')!.selectors.length, 1)
  assert.deepEqual(byNumber.get('১৩')!.selectors, [{ role: 'joint-secretary', office: 'mopa' }])
})

test('all ministries and divisions are their heads, however the line leaves the name open, and no other office', () => {
  for (const text of [
    'সিনিয়র সচিব/সচিব, সকল মন্ত্রণালয়/বিভাগ',
    'সিনিয়র সচিব/সচিব (সকল), ........ মন্ত্রণালয়/বিভাগ',
    'সিনিয়র সচিব/সচিব, মন্ত্রণালয়/বিভাগ (সকল)',
  ]) {
    const [line] = resolveLines([{ n: '১', text }], posts)
    const offices = posts.filter(({ id }) => line!.ids.includes(id)).map(({ officeName }) => officeName.bn)
    assert.equal(line!.unresolved, undefined, text)
    assert.ok(offices.length > 50 && offices.includes('অর্থ বিভাগ') && !offices.includes('রাষ্ট্রপতির কার্যালয়'), text)
  }
  const [open] = resolveLines([{ n: '১', text: 'সচিব, ........ মন্ত্রণালয়' }], posts)
  assert.equal(open!.unresolved, 'partNotFound:মন্ত্রণালয়', 'a name left out is not all of them')
})

test('a line whose number the scanner lost is not swallowed by the one before it', () => {
  const resolved = (text: string) => resolveLines(readLetter(text).distribution, posts)
  for (const [written, read] of [
    ['- ১৮) ', '১৮ '],
    ['- ১৮) ', 'ঌ৮) '],
    ['- ১৮) ', ''],
  ] as const) {
    const last = resolved(order.replace(written, read)).at(-1)!
    assert.equal(last.n, '১৭')
    assert.match(last.unresolved ?? '', /^partNotFound:.*উপজেলা নির্বাহী অফিসার/, read)
  }
  for (const [n, read] of [
    ['১৪', ' - সদয় কার্যার্থে ১৪ '],
    ['১০', ' '],
  ] as const) {
    const lines = resolved(order.replace(`\n- ${n}) `, read))
    assert.ok(lines.find((line) => line.n === toBangla(Number(toLatin(n)) - 1))?.unresolved, read)
  }
})

test('a list that lost its numbers and has blank lines between is read to its end', () => {
  const bare = order.replace(/^- [০-৯]+\) /gm, '')
  for (const text of [bare, bare.replaceAll('\n', '\n\n'), order.replace(/^- [০-৯]+\) /gm, '- ')]) {
    const found = resolveLines(readLetter(text).distribution, posts)
    assert.deepEqual(
      found.map(({ posts, unresolved }) => unresolved ?? posts),
      lines.map(({ posts }) => posts),
    )
  }
})

test('what stands below a list and may name a post is said, a second signature is not', () => {
  const warned = (below: string) =>
    readLetter(`${order}\n\n${below}`).warnings.some(({ code }) => code === 'after_list')
  assert.ok(warned('দ্রষ্টব্য নিচে।\nজেলা প্রশাসক, রংপুর'))
  assert.ok(!warned('মোঃ আব্দুল করিম\nসহকারী সচিব\nফোন: ৯৫৫০০০০'))
})
