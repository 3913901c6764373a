import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Refusal } from '../../core/refusal.ts'
import { toBangla } from '../../language/digits.ts'
import { normalMail, normalPhone } from './address.ts'

test('a mobile number is one number, however it is written', () => {
  for (const written of [
    '01712345678',
    '০১৭১২৩৪৫৬৭৮',
    '+880 1712-345678',
    '+৮৮০ ১৭১২ ৩৪৫৬৭৮',
    '8801712345678',
    '00880 1712 345 678',
    '1712345678',
    '(০১৭১২) ৩৪৫.৬৭৮',
    ' 01712‑345678 ',
    '+880 01712345678',
    '\u200e+8801712345678',
  ])
    assert.equal(normalPhone(written), '+8801712345678', written)
})

test('a number abroad is taken with its country', () => {
  assert.equal(normalPhone('+44 7700 900123'), '+447700900123')
  assert.equal(normalPhone('0091 98765 43210'), '+919876543210')
})

test('of a wrong number it says what is wrong', () => {
  const table: [string, string][] = [
    ['', 'short'],
    ['ফোন নেই', 'letters'],
    ['০১৭১২-৩৪৫৬৭', 'short'],
    ['017123456789', 'long'],
    ['+880 1712 345678 9', 'long'],
    ['01212345678', 'not_mobile'],
    ['02-41031234-0', 'not_mobile'],
    ['+0171234567', 'country'],
    ['+44 77', 'short'],
    ['01712345678 ext 4', 'letters'],
    ['01712345678, 01812345678', 'letters'],
  ]
  for (const [written, why] of table)
    assert.throws(
      () => normalPhone(written),
      (refusal: Refusal) => refusal.code === 'bad_phone' && refusal.details.why === why,
      written,
    )
})

test('normal form is stable, in either digits, and nothing but E.164 ever comes out', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^(\+880|880|0)1[3-9]\d{8}$/), (written) => {
      const normal = normalPhone(written)
      assert.match(normal, /^\+8801[3-9]\d{8}$/)
      assert.equal(normalPhone(normal), normal)
      assert.equal(normalPhone(toBangla(written)), normal)
    }),
  )
  fc.assert(
    fc.property(fc.string(), (written) => {
      try {
        assert.match(normalPhone(written), /^\+[1-9]\d{7,14}$/)
      } catch (error) {
        assert.equal((error as Refusal).code, 'bad_phone')
      }
    }),
  )
})

test('an e-mail address is checked, and its domain written small', () => {
  assert.equal(normalMail(' DC.Rangpur@Mopa.GOV.bd '), 'DC.Rangpur@mopa.gov.bd')
  for (const wrong of [
    'dc',
    'dc@',
    '@mopa.gov.bd',
    'a b@c.de',
    'dc@mopa',
    'a..b@c.de',
    'a@b.c\nBcc: x@y.zz',
    'ডিসি@mopa.gov.bd',
    `${'a'.repeat(65)}@b.cd`,
  ])
    assert.throws(() => normalMail(wrong), { code: 'bad_mail' }, wrong)
})
