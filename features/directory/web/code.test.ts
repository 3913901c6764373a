import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newCode, readCode } from '../../../core/ticket.ts'
import { toBangla } from '../../../language/digits.ts'
import { cleanCode, groupCode } from './code.ts'

test('a code is the same typed with Bangla digits, small letters, spaces or from its link', () => {
  const code = newCode()
  const plain = readCode(code)
  for (const typed of [
    code,
    code.toLowerCase(),
    toBangla(code),
    ` ${plain.split('').join(' ')}\n`,
    `https://smarak.test/join#${code}`,
    `https://smarak.test/join/${code}`,
  ]) {
    assert.equal(cleanCode(typed), plain)
    assert.equal(groupCode(typed), code)
  }
})

test('what the field shows is what the client reads', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0oOiIlL19ABZz- ') }), (typed) => {
      const shown = groupCode(typed)
      assert.equal(groupCode(shown), shown)
    }),
  )
})

test('half a link is no link and throws nothing', () => {
  fc.assert(fc.property(fc.string(), (typed) => assert.match(cleanCode(`/join#%${typed}`), /^[0-9A-Z]*$/)))
})
