import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postTitle } from './posts.ts'

const words = { lang: 'bn' as const, name: (name?: { bn: string; en: string }) => name?.bn ?? '' }
const both = (bn: string) => ({ bn, en: '' })
const post = (title: string, office: string, place?: string) =>
  postTitle(words, {
    id: 'p',
    title: both(title),
    office: both(office),
    ...(place && { place: both(place) }),
    vacant: false,
    joined: true,
  })

test('a post is named with its place, or with its office, never with the same words twice', () => {
  assert.equal(post('জেলা প্রশাসক', 'জেলা প্রশাসকের কার্যালয়, রংপুর', 'রংপুর'), 'জেলা প্রশাসক, রংপুর')
  assert.equal(post('জেলা প্রশাসক', 'জেলা প্রশাসকের কার্যালয়, রংপুর'), 'জেলা প্রশাসক, রংপুর')
  assert.equal(post('উপজেলা নির্বাহী অফিসার', 'উপজেলা নির্বাহী অফিসারের কার্যালয়, পীরগাছা, রংপুর'), 'উপজেলা নির্বাহী অফিসার, পীরগাছা, রংপুর')
  assert.equal(post('উপসচিব', 'জনপ্রশাসন মন্ত্রণালয়'), 'উপসচিব, জনপ্রশাসন মন্ত্রণালয়')
  assert.equal(post('উপসচিব, জনপ্রশাসন মন্ত্রণালয়', 'জনপ্রশাসন মন্ত্রণালয়'), 'উপসচিব, জনপ্রশাসন মন্ত্রণালয়')
})
