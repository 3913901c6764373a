import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { smsParts, smsPrice } from './sms-parts.ts'

const shape = (text: string) => {
  const { alphabet, parts } = smsParts(text)
  return [alphabet, ...parts.map(({ length }) => length)]
}

test('Bangla goes 70 to a message, and 67 to a part of one', () => {
  assert.deepEqual(shape('ক'.repeat(70)), ['ucs2', 70])
  assert.deepEqual(shape('ক'.repeat(71)), ['ucs2', 67, 4])
  assert.deepEqual(shape('ক'.repeat(134)), ['ucs2', 67, 67])
  assert.deepEqual(shape('ক'.repeat(135)), ['ucs2', 67, 67, 1])
})

test('Latin goes 160 to a message, and 153 to a part of one; one Bangla letter among it changes all', () => {
  assert.deepEqual(shape('a'.repeat(160)), ['gsm7', 160])
  assert.deepEqual(shape('a'.repeat(161)), ['gsm7', 153, 8])
  assert.deepEqual(shape(`${'a'.repeat(160)}ক`), ['ucs2', 67, 67, 27])
})

test('a bracket counts twice, and is not torn in two', () => {
  assert.deepEqual(shape('['.repeat(80)), ['gsm7', 80])
  assert.deepEqual(shape('['.repeat(81)), ['gsm7', 76, 5])
})

test('the dot between kind and office is not in GSM-7, so even an English notice is UCS-2', () => {
  assert.equal(smsParts('Urgent directive · Ministry').alphabet, 'ucs2')
})

test('joined again, the parts are the text, none is too long and none is torn', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      const { alphabet, parts } = smsParts(text)
      assert.equal(parts.join(''), text)
      const most = parts.length === 1 ? (alphabet === 'ucs2' ? 70 : 160) : alphabet === 'ucs2' ? 67 : 153
      for (const part of parts) {
        assert.ok(part.length <= most)
        assert.ok(part.isWellFormed() || !text.isWellFormed())
      }
    }),
  )
})

test('what is counted is what is paid', () => {
  assert.equal(smsPrice('জরুরি নির্দেশনা · জনপ্রশাসন মন্ত্রণালয়', 35), 35)
  assert.equal(smsPrice('ক'.repeat(71), 35), 70)
})
