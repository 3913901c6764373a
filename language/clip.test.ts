import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clip } from './clip.ts'

test('what fits stands as it is; what does not ends after a whole word', () => {
  assert.equal(clip('সকল কর্মকর্তা', 60), 'সকল কর্মকর্তা')
  assert.equal(clip('সকল কর্মকর্তাকে সতর্ক থাকতে হবে', 20), 'সকল কর্মকর্তাকে…')
})

test('a word longer than the room is cut between conjuncts, never inside one', () => {
  const word = 'ষ্ট্রূ'.repeat(9)
  assert.match(clip(word, 20), /^(ষ্ট্রূ)+…$/)
  assert.equal(clip('😀'.repeat(9), 6), '😀😀…')
})

test('it is never longer than asked, and begins as the text does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 1, max: 60 }), (text, most) => {
      const clipped = clip(text, most)
      return clipped.length <= Math.max(most, 1) && text.startsWith(clipped.replace(/…$/, ''))
    }),
  )
})
