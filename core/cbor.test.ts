import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, equal, fromHex, toHex } from './bytes.ts'
import { type Cbor, type CborMap, decode, encode } from './cbor.ts'
import { Refusal } from './refusal.ts'

const value: fc.Arbitrary<Cbor> = fc.letrec<{ any: Cbor }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.maxSafeInteger().map((n) => (Object.is(n, -0) ? 0 : n)),
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array().map((b) => b as Bytes),
    fc.array(tie('any'), { maxLength: 5 }),
    fc.array(fc.tuple(fc.integer(), tie('any')), { maxLength: 5 }).map((entries) => new Map(entries)),
  ),
})).any

test('the published examples of RFC 8949 appendix A encode and decode', () => {
  const examples: [Cbor, string][] = [
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [1000, '1903e8'],
    [1000000, '1a000f4240'],
    [1000000000000, '1b000000e8d4a51000'],
    [-1, '20'],
    [-1000, '3903e7'],
    [false, 'f4'],
    [true, 'f5'],
    [null, 'f6'],
    [fromHex('01020304'), '4401020304'],
    ['IETF', '6449455446'],
    ['水', '63e6b0b4'],
    [[1, [2, 3], [4, 5]], '8301820203820405'],
    [
      new Map([
        [1, 2],
        [3, 4],
      ]),
      'a201020304',
    ],
  ]
  for (const [from, hex] of examples) {
    assert.equal(toHex(encode(from)), hex)
    assert.deepEqual(decode(fromHex(hex)), from)
  }
})

test('what is encoded decodes to the same value', () => {
  fc.assert(fc.property(value, (v) => assert.deepEqual(decode(encode(v)), v)))
})

test('any bytes decode to a value that encodes to the same bytes, or are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        assert.ok(equal(encode(decode(bytes)), bytes))
      } catch (error) {
        assert.ok(error instanceof Refusal && error.code === 'bad_bytes', String(error))
      }
    }),
    { numRuns: 5000 },
  )
})

test('every second way of writing a value is refused', () => {
  const refused = {
    'a longer integer': '1800',
    'a longer length': '580100',
    'a float': 'f90000',
    'a tag': 'c000',
    undefined: 'f7',
    'an indefinite array': '9fff',
    'keys out of order': 'a202000100',
    'a doubled key': 'a201000100',
    'a text key': 'a1616100',
    'text that is not UTF-8': '61ff',
    'a byte too many': '0000',
    'an integer above 2^53': '1bffffffffffffffff',
    'a negative integer below -2^53': '3b0020000000000000',
  }
  for (const [what, hex] of Object.entries(refused)) {
    assert.throws(() => decode(fromHex(hex)), { code: 'bad_bytes' }, what)
  }
})

test('20,000 nested arrays are refused, not overflowed', () => {
  assert.throws(() => decode(new Uint8Array(20_000).fill(0x81)), { code: 'bad_bytes' })
})

test('a byte that would become 200 in memory is not repeated without end', () => {
  const many = (count: number, byte: number) => {
    const head = Uint8Array.of(0x9a, count >>> 24, (count >> 16) & 255, (count >> 8) & 255, count & 255)
    return new Uint8Array([...head, ...new Uint8Array(count).fill(byte)])
  }
  for (const empty of [0x40, 0x60, 0x80, 0xa0]) {
    assert.throws(() => decode(many(300_000, empty)), { code: 'bad_bytes' })
    assert.equal((decode(many(200_000, empty)) as Cbor[]).length, 200_000)
  }
  assert.equal((decode(many(1_000_000, 0)) as Cbor[]).length, 1_000_000)
})

test('bytes from a Buffer are copied out of it, as plain Uint8Arrays', () => {
  const buffer = Buffer.from(encode([fromHex('0102')]))
  const [bytes] = decode(buffer) as [Bytes]
  buffer.fill(0)
  assert.deepEqual(bytes, fromHex('0102'))
})

test('a map whose keys are not integers is not written', () => {
  for (const key of ['1', 1.5, null]) {
    assert.throws(() => encode(new Map([[key, 1]]) as unknown as CborMap), TypeError)
  }
})

test('a list of 300,000 numbers is written without overflowing the stack', () => {
  const list = Array.from({ length: 300_000 }, (_, i) => i)
  assert.equal((decode(encode(list)) as Cbor[]).at(-1), 299_999)
})
