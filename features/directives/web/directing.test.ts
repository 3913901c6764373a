import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ListedPost } from '../../../client/views.ts'
import { letterFromParts } from '../../../letters/parts.ts'
import { country } from '../../directory/country/country.ts'
import { knownPosts } from '../../directory/country/known-posts.ts'
import { firstWords, personalDraft, postsBelow, reachedBy, rolesAmong, shortDraft } from './directing.ts'

const plan = country()
const above = new Map(plan.posts.map(({ code, supervisor }) => [code, supervisor ?? null]))
const posts: ListedPost[] = knownPosts(plan).map((post) => ({ ...post, supervisor: above.get(post.id) ?? null }))
const dc = postsBelow(posts, 'dc-5585')
const signatory = { name: 'মো. করিম', post: 'জেলা প্রশাসক', office: 'জেলা প্রশাসকের কার্যালয়, রংপুর' }
const writing = {
  below: new Set(dc.map(({ id }) => id)),
  titleOf: (id: string) => posts.find((post) => post.id === id)!.title.bn,
  date: '2026-11-22',
  signatory,
}
const brief = 'আজ বিকাল ৫টার মধ্যে আশ্রয়কেন্দ্রের তালিকা দিন। ফোনে নয়।'
const directing = { post: 'dc-5585', brief, to: ['uno-558573', 'uno-558527'], due: 5, urgency: 1 }

test('a deputy commissioner has his UNOs below him, and takes all of them in one tap', () => {
  const unos = rolesAmong(dc).find(({ role }) => role === 'uno')!
  assert.equal(unos.ids.length, 8)
  assert.ok(unos.ids.every((id) => id.startsWith('uno-5585')))
  assert.deepEqual(
    postsBelow(posts, 'uno-558573').filter(({ role }) => role === 'uno'),
    [],
  )
})

test('posts below end, whatever circle or hole the list has, and never hold the post itself', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const list = fc.uniqueArray(fc.record({ id, supervisor: fc.option(id) }), { selector: (post) => post.id })
  fc.assert(
    fc.property(list, id, (made, post) => {
      const found = postsBelow(made as unknown as ListedPost[], post).map((one) => one.id)
      assert.equal(new Set(found).size, found.length)
      assert.ok(!found.includes(post))
    }),
  )
})

test('a short directive asks one answer of the posts chosen, without a memo number', () => {
  const draft = shortDraft('short', directing, writing)
  assert.equal(draft.form, 'short')
  assert.deepEqual(draft.parts, [{ label: 'paragraph:', value: brief }])
  assert.deepEqual(draft.clauses, [{ label: '', ask: 'once' }])
  assert.deepEqual(draft.lines[0]!.selectors, [{ post: 'uno-558573' }, { post: 'uno-558527' }])
  assert.deepEqual(draft.summary, {
    memo: '',
    subject: 'আজ বিকাল ৫টার মধ্যে আশ্রয়কেন্দ্রের তালিকা দিন।',
    date: '2026-11-22',
    issuer: 'মো. করিম, জেলা প্রশাসক',
  })
})

test('advice asks nothing and is due at no time', () => {
  const draft = shortDraft('advice', directing, writing)
  assert.equal(draft.form, 'advice')
  assert.deepEqual(draft.clauses, [{ label: '', ask: 'nothing' }])
  assert.equal(draft.due, null)
})

test('a short word to who is not below goes as a letter that names everybody it goes to', () => {
  const draft = shortDraft('short', { ...directing, to: ['uno-558573', 'dc-2015'] }, writing)
  assert.equal(draft.form, 'letter')
  const letter = letterFromParts(draft.parts.map(({ label, value }) => ({ label, text: String(value) })))
  assert.deepEqual(
    letter.distribution.map(({ n }) => n),
    ['১', '২'],
  )
  assert.equal(letter.signatory?.name, 'মো. করিম')
  assert.equal(draft.lines.length, 2)
})

test('a demi-official letter goes to persons and says so on paper', () => {
  const persons = [{ id: 'p1', name: { bn: 'মো. রহিম', en: 'Md. Rahim' }, title: 'উপজেলা নির্বাহী অফিসার, পীরগাছা' }]
  const draft = personalDraft(
    {
      post: 'dc-5585',
      subject: '',
      text: 'প্রিয় সহকর্মী,\n\nপ্রথম কথা।\n\n\nদ্বিতীয় কথা।',
      persons,
      reply: 'once',
      due: 7,
      grade: 1,
      urgency: 0,
    },
    writing,
  )
  assert.equal(draft.form, 'do')
  assert.deepEqual(draft.lines, [{ n: 1, purpose: 0, selectors: [[3, 'p1']] }])
  const letter = letterFromParts(draft.parts.map(({ label, value }) => ({ label, text: String(value) })))
  assert.equal(letter.paragraphs.length, 3)
  assert.equal(letter.distribution[0]!.text, 'মো. রহিম, উপজেলা নির্বাহী অফিসার, পীরগাছা')
})

test('a long first sentence is cut after a dozen words', () => {
  assert.equal(firstWords(Array.from({ length: 30 }, () => 'শব্দ').join(' ')).split(' ').length, 13)
  assert.equal(firstWords(''), '')
})

test('lines reach each post once, and persons by their names', () => {
  assert.equal(
    reachedBy([{ selectors: [{ role: 'uno' }] }, { selectors: [{ post: 'uno-558573' }, { post: 'dc-5585' }] }], posts),
    496,
  )
  assert.equal(
    reachedBy(
      [
        { selectors: [[3, 'p1']] },
        {
          selectors: [
            [3, 'p1'],
            [3, 'p2'],
          ],
        },
      ],
      posts,
    ),
    2,
  )
})
