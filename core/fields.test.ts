import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Bytes } from './bytes.ts'
import type { Cbor } from './cbor.ts'
import { Fields } from './fields.ts'
import { Refusal } from './refusal.ts'

const of = (...entries: [number, Cbor][]) => new Fields('answer', new Map(entries))

test('each shape is read, and null only where it may be', () => {
  const id = new Uint8Array(16).fill(255)
  const fields = of([1, id], [2, null], [3, 'নাম'], [4, null], [5, 7], [6, null], [7, true], [8, [1, 2]], [9, id])
  assert.equal(fields.id(1), '_____________________w')
  assert.equal(fields.idOrNull(2), null)
  assert.equal(fields.text(3), 'নাম')
  assert.equal(fields.textOrNull(4), null)
  assert.equal(fields.count(5, 7), 7)
  assert.equal(fields.countOrNull(6), null)
  assert.equal(fields.flag(7), true)
  assert.deepEqual(
    fields.list(8, 2, (value) => value),
    [1, 2],
  )
  assert.deepEqual(fields.bytes(9), id)
  fields.end()
})

test('a missing field is not null, and a field nobody reads is refused', () => {
  const bad = { code: 'bad_input' }
  assert.throws(() => of().idOrNull(1), bad)
  assert.throws(() => of().textOrNull(1), bad)
  assert.throws(() => of().countOrNull(1), bad)
  assert.throws(() => of([1, 0]).end(), { code: 'bad_input', details: { kind: 'answer', field: 1 } })
})

test('a field of another shape is refused', () => {
  const bad = { code: 'bad_input' }
  assert.throws(() => of([1, new Uint8Array(15)]).id(1), bad)
  assert.throws(() => of([1, '']).text(1), bad)
  assert.throws(() => of([1, 'abc']).text(1, 2), bad)
  assert.throws(() => of([1, -1]).count(1), bad)
  assert.throws(() => of([1, 8]).count(1, 7), bad)
  assert.throws(() => of([1, 0]).flag(1), bad)
  assert.throws(() => of([1, [1, 2]]).list(1, 1, (value) => value), bad)
})

test('any value is read or refused', () => {
  const value: fc.Arbitrary<Cbor> = fc.oneof(
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array().map((bytes) => bytes as Bytes),
    fc.array(fc.integer()),
    fc.constant(new Map<number, Cbor>()),
  )
  const reads = ['id', 'idOrNull', 'bytes', 'text', 'textOrNull', 'count', 'countOrNull', 'flag'] as const
  fc.assert(
    fc.property(value, fc.constantFrom(...reads), (given, read) => {
      try {
        of([1, given])[read](1)
      } catch (error) {
        assert.ok(error instanceof Refusal && error.code === 'bad_input', String(error))
      }
    }),
  )
})
