import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HeldPost } from '../../../client/views.ts'
import { sayIfKnown } from '../../../language/words.ts'
import type { KnownPost } from '../../../letters/resolve.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'
import { postOptions } from './issuing-posts.ts'

const prefs = {
  lang: 'bn',
  name: (name?: { bn: string }) => name?.bn ?? '',
  say: (key: string) => sayIfKnown('bn', key) ?? '',
} as unknown as Prefs
const words = (bn: string) => ({ bn, en: bn })
const ministry = words('জনপ্রশাসন মন্ত্রণালয়')

function held(id: string, over: Partial<HeldPost> = {}, office = ministry): HeldPost {
  const name = { id, title: words('উপসচিব'), office, vacant: false, joined: true }
  return { id, name, charge: 'regular', from: '2024-01-01', orderMemo: null, count: 0, mayIssue: true, ...over }
}
function known(...posts: [id: string, wing: string, wingAlt: string[]][]): Map<string, KnownPost> {
  const base = { role: 'ds', title: words('উপসচিব'), office: 'mopa', officeName: ministry }
  return new Map(posts.map(([id, wing, wingAlt]) => [id, { ...base, id, wing, wingAlt }]))
}
const hints = (posts: HeldPost[], names: Map<string, KnownPost>) =>
  postOptions(prefs, posts, names).map(({ hint }) => hint)

test('two posts called alike say their wings, and which is an additional charge', () => {
  const posts = [held('a'), held('b', { charge: 'additional' })]
  const names = known(['a', 'প্রেষণ অনুবিভাগ', ['এপিডি']], ['b', 'প্রশাসন অনুবিভাগ', ['প্রশাসন']])
  assert.deepEqual(hints(posts, names), ['প্রেষণ অনুবিভাগ', 'প্রশাসন অনুবিভাগ · অতিরিক্ত দায়িত্ব'])
  assert.deepEqual(hints(posts, new Map()), [undefined, 'অতিরিক্ত দায়িত্ব'], 'before the list of names is here')
})

test('two posts of one wing say their branches', () => {
  const names = known(
    ['a', 'প্রশাসন অনুবিভাগ', ['প্রশাসন', 'অভ্যন্তরীণ প্রশাসন অধিশাখা']],
    ['b', 'প্রশাসন অনুবিভাগ', ['প্রশাসন', 'প্রশাসন-১ অধিশাখা']],
  )
  assert.deepEqual(hints([held('a'), held('b')], names), ['অভ্যন্তরীণ প্রশাসন অধিশাখা', 'প্রশাসন-১ অধিশাখা'])
})

test('a post that is called like no other of mine says no more', () => {
  const names = known(['a', 'প্রশাসন অনুবিভাগ', []], ['b', 'প্রশাসন অনুবিভাগ', []])
  assert.deepEqual(hints([held('a'), held('b', {}, words('ভূমি মন্ত্রণালয়'))], names), [undefined, undefined])
})
