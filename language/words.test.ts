import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bn, en } from './words/index.ts'
import { say, sayIfKnown, sayRefusal } from './words.ts'

/** Latin words that officials themselves write in Latin letters. */
const allowed = /\b(PDF|QR|CSV|JPEG|HEIC|Chrome|https|SMS|WhatsApp)\b/g

const refusalCodes =
  'bad_bytes too_large bad_signature unknown_device revoked_device not_allowed not_found conflict stale_ring wrong_cover too_many_wraps audience_mismatch unresolved_line unknown_kind bad_input bad_commitment disk_full behind_checkpoint ticket_wrong ticket_used ticket_expired ticket_not_needed session_expired too_fast offline no_key_storage in_app_browser newer_version already_done wrong_state insecure_page internal'.split(
    ' ',
  )

function leaves(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : leaves(value as object, `${path}${key}.`),
  )
}

const names = (sentence: string) =>
  [...new Set([...sentence.matchAll(/\{(\w+)(?::[^}]*)?\}/g)].map((m) => m[1]!))].sort()
const inBangla = new Map(leaves(bn))
const inEnglish = new Map(leaves(en))

test('both languages have every word', () => {
  assert.deepEqual([...inEnglish.keys()].sort(), [...inBangla.keys()].sort())
  for (const [key, sentence] of [...inBangla, ...inEnglish]) assert.ok(sentence.trim(), key)
})

test('both languages ask for the same things in a sentence', () => {
  for (const [key, sentence] of inBangla) assert.deepEqual(names(inEnglish.get(key)!), names(sentence), key)
})

test('no Latin letters or digits are left in the Bangla words', () => {
  for (const [key, sentence] of inBangla) {
    const rest = sentence.replace(/\{\w+\}/g, '').replace(allowed, '')
    assert.doesNotMatch(rest, /[A-Za-z0-9]/, `${key}: ${sentence}`)
  }
})

test('no Bangla letters are left in the English words', () => {
  for (const [key, sentence] of inEnglish) assert.doesNotMatch(sentence, /[\u0980-\u09ff]/, key)
})

test('Bangla words are in normal form and every brace is a name', () => {
  for (const [key, sentence] of [...inBangla, ...inEnglish]) {
    assert.equal(sentence, sentence.normalize('NFC'), key)
    assert.doesNotMatch(sentence.replace(/\{\w+(:[^|}]*\|[^|}]*)?\}/g, ''), /[{}]/, key)
  }
})

test('every refusal is worded, and says more than one thing', () => {
  for (const code of refusalCodes) {
    assert.ok(sayIfKnown('bn', `errors.${code}`), code)
    assert.ok(sayIfKnown('bn', `errors.${code}`)!.split(/[।;.]\s/).length >= 2, code)
  }
})

test('numbers take the digits of the language, and English its plural', () => {
  assert.equal(say('bn', 'common.counts.posts', { n: 1400 }), '১,৪০০টি পদ')
  assert.equal(say('en', 'common.counts.posts', { n: 1 }), '1 post')
  assert.equal(say('en', 'common.counts.posts', { n: 64 }), '64 posts')
  assert.equal(say('bn', 'shell.rooms.today'), 'আজ')
  assert.equal(say('bn', 'issue.sheet', { n: 598 }), '৫৯৮টি পদে জারি হবে। জারির পর মোছা যায় না; সংশোধন বা বাতিল পত্র দেওয়া যায়।')
})

test('a refusal nobody worded still reads as a sentence', () => {
  assert.equal(sayRefusal('bn', 'no_such_code'), sayRefusal('bn', 'internal'))
  assert.equal(sayRefusal('bn', 'constructor'), sayRefusal('bn', 'internal'))
  assert.match(sayRefusal('en', 'offline'), /^No connection/)
  assert.match(sayRefusal('bn', 'clock_ahead', {}), /–/)
  assert.equal(sayIfKnown('bn', 'errors'), undefined)
})

test('keys and their parameters are checked by the compiler', () => {
  // @ts-expect-error there is no such word
  assert.equal(say('bn', 'shell.rooms.nowhere'), 'shell.rooms.nowhere')
  // @ts-expect-error the count is missing
  assert.equal(say('bn', 'common.counts.posts'), '–টি পদ')
})
