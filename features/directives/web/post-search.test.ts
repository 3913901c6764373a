import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListedPost } from '../../../client/views.ts'
import { country } from '../../directory/country/country.ts'
import { knownPosts } from '../../directory/country/known-posts.ts'
import { searchPosts } from './post-search.ts'

const posts: ListedPost[] = knownPosts(country())
const found = (typed: string, limit = 3) =>
  searchPosts(posts, typed, limit).map(({ title, placeName }) => `${title.en}, ${placeName?.en}`)

test('a post is found by the beginnings of words, in Bangla and in English, titles first', () => {
  for (const typed of ['উপজেলা নির্বাহী পীরগাছা', 'ইউএনও পিরগাছা', 'pirgacha uno', 'UNO Pirgac'])
    assert.deepEqual(found(typed), ['Upazila Nirbahi Officer, Pirgacha'], typed)
  assert.deepEqual(found('জেলা প্রশাসক রংপুর', 1), ['Deputy Commissioner, Rangpur'])
  assert.deepEqual(found('  '), [])
})

test('a place typed in Latin letters is found by its sound, where none is spelt so', () => {
  for (const typed of ['pirgachha', 'peergacha uno', 'ইউএনও peergachha'])
    assert.deepEqual(found(typed), ['Upazila Nirbahi Officer, Pirgacha'], typed)
  assert.deepEqual(found('dc rongpur'), ['Deputy Commissioner, Rangpur'])
  assert.deepEqual(found('domtikop'), [])
})
