import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { count, formatBytes, formatNumber, toBangla, toLatin } from './digits.ts'

test('digits change script and nothing else does', () => {
  assert.equal(toBangla('নং 05.00.0000-1337'), 'নং ০৫.০০.০০০০-১৩৩৭')
  assert.equal(toLatin('০৫.০০-১৩৩৭ খ্রি:'), '05.00-1337 খ্রি:')
  fc.assert(fc.property(fc.string(), (text) => assert.equal(toLatin(toBangla(text)), toLatin(text))))
})

test('numbers are grouped by lakh and crore', () => {
  assert.equal(formatNumber('bn', 123456789), '১২,৩৪,৫৬,৭৮৯')
  assert.equal(formatNumber('en', 1400000), '14,00,000')
  assert.equal(formatNumber('bn', 999), '৯৯৯')
  assert.equal(formatNumber('bn', -1000), '-১,০০০')
  assert.equal(formatNumber('en', 1.25, 1), '1.3')
  assert.equal(formatNumber('en', -0.4), '0')
  assert.equal(formatNumber('bn', Number.NaN), '–')
})

test('grouping agrees with the platform for every whole number', () => {
  const platform = new Intl.NumberFormat('bn-BD')
  fc.assert(fc.property(fc.maxSafeInteger(), (n) => assert.equal(formatNumber('bn', n), platform.format(n))))
})

test('counts carry their classifier', () => {
  assert.equal(count(9, 'টি'), '৯টি')
  assert.equal(count(3147, 'জন'), '৩,১৪৭ জন')
})

test('sizes are said in kilobytes and megabytes', () => {
  assert.equal(formatBytes('bn', 180_400), '১৮০ কেবি')
  assert.equal(formatBytes('bn', 1_234_000), '১.২ এমবি')
  assert.equal(formatBytes('bn', 42_100_000), '৪২ এমবি')
  assert.equal(formatBytes('en', 12), '1 KB')
  assert.equal(formatBytes('en', 999_900), '1 MB')
})
