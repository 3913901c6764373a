import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { cpuClock } from '../test/helpers/crowd.ts'
import { type Bytes, concat, randomBytes, toHex, utf8 } from './bytes.ts'
import { type Cbor, type CborMap, decode, encode } from './cbor.ts'
import { type SigningKey, signingKeyFromSeed, verifySign1 } from './cose.ts'
import { sha256 } from './hash.ts'
import {
  audienceHash,
  bodyRoot,
  type Draft,
  type Envelope,
  type Header,
  type Item,
  itemFrom,
  makeItem,
  readCose,
  readEnvelope,
  readHeader,
  type Signer,
  thumbprint,
  wrapsRoot,
  writeEnvelope,
  writeHeader,
} from './item.ts'
import { generateKemKey } from './kem.ts'
import { leafHash } from './merkle.ts'
import { Refusal } from './refusal.ts'
import { newItemKey, sealBody } from './seal.ts'
import { unwrapKey, type Wrap, wrapKey } from './wrap.ts'

let key: SigningKey
let signer: Signer
let wrap: Wrap

before(async () => {
  key = await signingKeyFromSeed(new Uint8Array(32).fill(7))
  signer = { type: 'device', id: thumbprint(key.publicKey) }
  const { publicKey } = await generateKemKey()
  wrap = await wrapKey(newItemKey(), id(), { ring: randomBytes(16), generation: 3, publicKey })
})

const id = () => randomBytes(16)
const draft = (more: Partial<Draft> = {}): Draft => ({
  kind: 'receipt',
  id: id(),
  time: 1_790_000_000_000,
  fields: new Map<number, Cbor>([
    [1, id()],
    [2, id()],
    [3, 1],
  ]),
  ...more,
})

/** An answer of `text`, sealed to `posts` posts. */
async function answer(text: string, posts: number): Promise<Envelope> {
  const [itemKey, item] = [newItemKey(), id()]
  const { sections, commitment } = await sealBody(itemKey, { id: item, signer }, [[{ label: 'note', value: text }]])
  const wraps = await Promise.all(
    Array.from({ length: posts }, async () => {
      const { publicKey } = await generateKemKey()
      return wrapKey(itemKey, item, { ring: id(), generation: 1, publicKey })
    }),
  )
  const fields = new Map<number, Cbor>([
    [1, id()],
    [2, id()],
    [3, ['(ক)', '(খ)']],
    [4, 0],
    [5, null],
  ])
  const more = { id: item, fields, appointment: id(), seen: { size: 120_000, item: id() } }
  return makeItem(draft({ ...more, kind: 'answer', body: sections, wraps, commitment }), signer, key.sign)
}

async function signed(item: Item): Promise<boolean> {
  return verifySign1(item.signed, key.publicKey)
}

describe('an envelope', () => {
  test('is read as it was made, and its signature holds', async () => {
    const full = draft({
      kind: 'ring',
      space: id(),
      appointment: id(),
      body: [utf8('one'), new Uint8Array(0), utf8('three')],
      wraps: [wrap],
      commitment: { counts: [1, 4, 9], root: randomBytes(32) },
      ring: { id: id(), generation: 2 },
      seen: { size: 9, item: null },
    })
    const made = await makeItem(full, signer, key.sign)
    const item = readEnvelope(writeEnvelope(made))
    const { body, wraps, ...rest } = full
    assert.deepEqual(item.header, {
      ...rest,
      signer,
      body: bodyRoot(body!),
      wraps: { count: 1, root: wrapsRoot(wraps!) },
    })
    assert.deepEqual({ cose: item.cose, body: item.body, wraps: item.wraps }, made)
    assert.equal(await signed(item), true)
    assert.deepEqual(readCose(made.cose).header, item.header)
  })

  test('without body and wraps says so in its header', async () => {
    const { header } = readEnvelope(writeEnvelope(await makeItem(draft(), signer, key.sign)))
    assert.deepEqual(Object.keys(header).sort(), ['fields', 'id', 'kind', 'signer', 'time'])
  })

  test('with any byte changed is refused, or the signature fails', async () => {
    const bytes = writeEnvelope(await answer('কাজ শেষ', 1))
    const kinds = { refused: 0, unsigned: 0 }
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1, 0x80]) {
        let item: Item
        try {
          item = readEnvelope(bytes.with(at, bytes[at]! ^ flip))
        } catch (error) {
          assert.ok(error instanceof Refusal, `byte ${at}: ${error}`)
          kinds.refused += 1
          continue
        }
        assert.equal(await signed(item), false, `byte ${at}`)
        kinds.unsigned += 1
      }
    }
    assert.ok(kinds.refused > bytes.length && kinds.unsigned > 64, JSON.stringify(kinds))
  })

  test('cut anywhere, or with something after it, is refused', async () => {
    const bytes = writeEnvelope(await answer('কাজ শেষ', 1))
    for (let end = 0; end < bytes.length; end += 7) {
      assert.throws(() => readEnvelope(bytes.slice(0, end)), { code: 'bad_bytes' })
    }
    assert.throws(() => readEnvelope(concat(bytes, Uint8Array.of(0))), { code: 'bad_bytes' })
  })

  test('is bound to its sections and wraps, their order and their number', async () => {
    const { cose } = await makeItem(draft({ body: [utf8('a'), utf8('b')], wraps: [wrap] }), signer, key.sign)
    const bodies = [[], [utf8('a')], [utf8('b'), utf8('a')], [utf8('a'), utf8('b'), utf8('')], [utf8('ab')]]
    for (const body of bodies) {
      assert.throws(() => readEnvelope(writeEnvelope({ cose, body, wraps: [wrap] })), { code: 'bad_bytes' })
    }
    const moved = { ...wrap, generation: 4 }
    for (const wraps of [[], [moved], [wrap, wrap]]) {
      const body = [utf8('a'), utf8('b')]
      assert.throws(() => readEnvelope(writeEnvelope({ cose, body, wraps })), { code: 'bad_bytes' })
    }
    const bare = await makeItem(draft(), signer, key.sign)
    assert.throws(() => readEnvelope(writeEnvelope({ ...bare, body: [utf8('a')] })), { code: 'bad_bytes' })
    assert.throws(() => readEnvelope(writeEnvelope({ ...bare, wraps: [wrap] })), { code: 'bad_bytes' })
  })

  test('is read the same from the Buffer a database hands out, and keeps nothing of it', async () => {
    const made = await answer('কাজ শেষ', 1)
    const buffer = Buffer.from(writeEnvelope(made))
    const item = readEnvelope(buffer)
    buffer.fill(0)
    assert.deepEqual({ cose: item.cose, body: item.body, wraps: item.wraps }, made)
  })

  test('names a commitment for every section or for none', async () => {
    const commitment = { counts: [1], root: randomBytes(32) }
    for (const body of [[], [utf8('a'), utf8('b')]]) {
      const made = await makeItem(draft({ body, commitment }), signer, key.sign)
      assert.throws(() => readEnvelope(writeEnvelope(made)), { code: 'bad_bytes' })
    }
  })

  test('of another shape is refused', async () => {
    const { cose } = await makeItem(draft(), signer, key.sign)
    const shapes: Cbor[] = [
      0,
      [],
      [cose, []],
      [cose, [], [], []],
      [cose, null, []],
      [cose, [], null],
      [cose, [1], []],
      [cose, [], [1]],
      ['text', [], []],
      new Map([[1, cose]]),
    ]
    for (const shape of shapes) assert.throws(() => itemFrom(shape, 100), { code: 'bad_bytes' })
  })
})

describe('limits', () => {
  test('a receipt is at most half a kilobyte', async () => {
    const made = await makeItem(draft({ appointment: id(), seen: { size: 2_000_000, item: id() } }), signer, key.sign)
    const size = writeEnvelope(made).length
    assert.ok(size <= 512, `${size} bytes`)
  })

  test('an answer of 200 Bangla characters to three posts is at most 5 KB', async () => {
    const text = 'নির্দেশনা অনুযায়ী সকল ইউনিয়নে তালিকা হালনাগাদ করা হয়েছে। '.repeat(4).slice(0, 200)
    const size = writeEnvelope(await answer(text, 3)).length
    assert.ok(size <= 5 * 1024, `${size} bytes`)
  })

  test('an item above 64 KB is refused, a directive above 4 MB', async () => {
    const large = async (kind: string, size: number) =>
      writeEnvelope(await makeItem(draft({ kind, body: [new Uint8Array(size)] }), signer, key.sign))
    const over = { code: 'too_large' }
    const [item, directive] = [64 * 1024, 4 * 1024 * 1024]
    readEnvelope(await large('answer', item - 500))
    const tooLarge = await large('answer', item)
    assert.throws(() => readEnvelope(tooLarge), over)
    readEnvelope(await large('directive', directive - 500))
    const farTooLarge = await large('directive', directive)
    assert.throws(() => readEnvelope(farTooLarge), over)
  })

  test('2,000 wraps are read, fast, and one more is refused', async () => {
    const many = async (count: number) =>
      writeEnvelope(await makeItem(draft({ kind: 'directive', wraps: Array(count).fill(wrap) }), signer, key.sign))
    const most = await many(2000)
    const used = cpuClock()
    assert.equal(readEnvelope(most).wraps.length, 2000)
    assert.ok(used() < 1000, `${used()} ms`)
    const over = await many(2001)
    assert.throws(() => readEnvelope(over), { code: 'too_many_wraps', details: { max: 2000 } })
  })

  test('16 sections are read, and one more is refused', async () => {
    const many = async (count: number) =>
      writeEnvelope(await makeItem(draft({ body: Array(count).fill(utf8('a')) }), signer, key.sign))
    assert.equal(readEnvelope(await many(16)).body.length, 16)
    const over = await many(17)
    assert.throws(() => readEnvelope(over), { code: 'bad_bytes' })
  })

  test('4 MB of empty maps are refused before they fill the memory', () => {
    const count = 4 * 1024 * 1024 - 5
    const head = Uint8Array.of(0x9a, count >>> 24, (count >> 16) & 255, (count >> 8) & 255, count & 255)
    const bytes = concat(head, new Uint8Array(count).fill(0xa0))
    const before = process.memoryUsage().rss
    assert.throws(() => readEnvelope(bytes), { code: 'bad_bytes' })
    assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024)
  })
})

describe('a header', () => {
  const plain = (): Header => ({ kind: 'receipt', id: id(), signer, time: 1, fields: new Map() })
  const changed = (change: (map: CborMap) => void): Bytes => {
    const map = decode(writeHeader(plain())) as CborMap
    change(map)
    return encode(map)
  }

  test('is written in one form and read back', () => {
    const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }) as fc.Arbitrary<Bytes>
    const count = fc.maxSafeNat()
    const record = <T>(of: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(of, { noNullPrototype: true })
    const headers = record({
      kind: fc.stringMatching(/^[a-z-]{1,32}$/),
      id: bytes(16),
      space: some(bytes(16)),
      signer: record({ type: fc.constantFrom('device', 'root', 'ticket', 'log'), id: bytes(32) }),
      appointment: some(bytes(16)),
      time: fc.nat(),
      body: some(bytes(32)),
      commitment: some(
        record({
          counts: fc.array(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 16 }),
          root: bytes(32),
        }),
      ),
      wraps: some(record({ count: fc.integer({ min: 1 }), root: bytes(32) })),
      ring: some(record({ id: bytes(16), generation: count })),
      seen: some(record({ size: count, item: fc.option(bytes(16)) })),
      fields: fc.array(fc.tuple(fc.nat(99), fc.string({ unit: 'grapheme' }))).map((list) => new Map(list)),
    }) as fc.Arbitrary<Header>
    fc.assert(
      fc.property(headers, (header) => {
        const written = writeHeader(header)
        const present = Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined))
        assert.deepEqual(readHeader(written), present)
        assert.deepEqual(writeHeader(readHeader(written)), written)
      }),
    )
  })

  test('with a field missing, unknown or of another shape is refused', () => {
    const root = randomBytes(32)
    const changes: Record<string, (map: CborMap) => void> = {
      'no kind': (map) => map.delete(2),
      'a kind in capitals': (map) => map.set(2, 'Receipt'),
      'a kind with a line end': (map) => map.set(2, 'receipt\n'),
      'no id': (map) => map.delete(3),
      'a short id': (map) => map.set(3, new Uint8Array(15)),
      'a space of another length': (map) => map.set(4, new Uint8Array(17)),
      'no signer': (map) => map.delete(5),
      'an unknown signer': (map) => map.set(5, [4, root]),
      'a signer named by a property of lists': (map) => map.set(5, ['length', root]),
      'a signer named by a method of lists': (map) => map.set(5, ['map', root]),
      'a signer below the first': (map) => map.set(5, [-1, root]),
      'a short thumbprint': (map) => map.set(5, [0, new Uint8Array(31)]),
      'no appointment where one is named': (map) => map.set(6, null),
      'no time': (map) => map.delete(7),
      'a time before 1970': (map) => map.set(7, -1),
      'a time no calendar has': (map) => map.set(7, 8.64e15 + 1),
      'an empty commitment': (map) => map.set(9, [[], root]),
      'a commitment to an empty section': (map) => map.set(9, [[0], root]),
      'a commitment to a negative section': (map) => map.set(9, [[3, -1], root]),
      'a commitment to too many parts': (map) => map.set(9, [[4097], root]),
      'a commitment to too many sections': (map) => map.set(9, [Array(17).fill(1), root]),
      'a commitment to parts without number': (map) => map.set(9, [['a'], root]),
      'a commitment with one sum': (map) => map.set(9, [2, root]),
      'no wraps where some are named': (map) => map.set(10, [0, root]),
      'wraps under a short root': (map) => map.set(10, [1, new Uint8Array(31)]),
      'a ring without generation': (map) => map.set(11, [id(), null]),
      'a ring of another length': (map) => map.set(11, [new Uint8Array(5), 1]),
      'something seen at no size': (map) => map.set(12, [null, null]),
      'no fields': (map) => map.delete(13),
      'fields in a list': (map) => map.set(13, []),
      'an unknown key': (map) => map.set(14, 1),
      'a key below the first': (map) => map.set(-1, 1),
    }
    for (const [what, change] of Object.entries(changes)) {
      assert.throws(() => readHeader(changed(change)), { code: 'bad_bytes' }, what)
    }
    for (const shape of [0, [], null, 'header']) {
      assert.throws(() => readHeader(encode(shape)), { code: 'bad_bytes' })
    }
  })

  test('of a later version says so, whatever else is new in it', () => {
    const later = changed((map) => map.set(1, 2).set(14, 'new'))
    assert.throws(() => readHeader(later), { code: 'newer_version' })
  })
})

test('any bytes are an envelope or are refused', async () => {
  const good = writeEnvelope(await answer('কাজ শেষ', 1))
  const near = fc
    .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((bytes, [at, byte]) => bytes.with(at, byte) as Bytes, good))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), near), (bytes) => {
      for (const read of [readEnvelope, readHeader, readCose]) {
        try {
          read(bytes)
        } catch (error) {
          assert.ok(error instanceof Refusal, String(error))
        }
      }
    }),
    { numRuns: 2000 },
  )
})

test('any header at all is read or refused', () => {
  const value: fc.Arbitrary<Cbor> = fc.letrec<{ any: Cbor }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.integer(),
      fc.constantFrom<Cbor>('length', 'receipt', '__proto__', null, true, new Uint8Array(16), new Uint8Array(32)),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(14), tie('any')), { maxLength: 3 }).map((entries) => new Map(entries)),
    ),
  })).any
  const good = decode(writeHeader({ kind: 'receipt', id: id(), signer, time: 1, fields: new Map() })) as CborMap
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 14 }), value), { maxLength: 3 }), (changes) => {
      const bytes = encode(new Map([...good, ...changes]))
      try {
        assert.deepEqual(writeHeader(readHeader(bytes)), bytes)
      } catch (error) {
        assert.ok(error instanceof Refusal && ['bad_bytes', 'newer_version'].includes(error.code), String(error))
      }
    }),
    { numRuns: 5000 },
  )
})

describe('a wrap', () => {
  test('gives the item key to its ring, for its item and generation alone', async () => {
    const [ringKey, itemKey, item] = [await generateKemKey(), newItemKey(), id()]
    const made = await wrapKey(itemKey, item, { ring: id(), generation: 2, publicKey: ringKey.publicKey })
    assert.deepEqual(await unwrapKey(made, item, ringKey), itemKey)
    const no = { code: 'cannot_open' }
    await assert.rejects(unwrapKey(made, id(), ringKey), no)
    await assert.rejects(unwrapKey({ ...made, generation: 3 }, item, ringKey), no)
    await assert.rejects(unwrapKey({ ...made, ring: id() }, item, ringKey), no)
    await assert.rejects(unwrapKey(made, item, await generateKemKey()), no)
  })

  test('of something that is no item key is refused', async () => {
    const [ringKey, item] = [await generateKemKey(), id()]
    const made = await wrapKey(randomBytes(31), item, { ring: id(), generation: 2, publicKey: ringKey.publicKey })
    await assert.rejects(unwrapKey(made, item, ringKey), { code: 'cannot_open' })
  })
})

test('the hash of an audience does not depend on its order, and takes 100,000', () => {
  const ids = Array.from({ length: 100_000 }, (_, i) => sha256(utf8(String(i))).slice(0, 16))
  assert.deepEqual(audienceHash(ids), audienceHash(ids.toReversed()))
  assert.notDeepEqual(audienceHash(ids), audienceHash(ids.slice(1)))
  assert.equal(toHex(audienceHash([])), toHex(sha256(new Uint8Array(0))))
})

test('an inner node of the body tree does not pass for a section', async () => {
  const [a, b] = [utf8('a'), utf8('b')]
  const { cose } = await makeItem(draft({ body: [a, b] }), signer, key.sign)
  const node = concat(leafHash(a), leafHash(b))
  assert.throws(() => readEnvelope(writeEnvelope({ cose, body: [node], wraps: [] })), { code: 'bad_bytes' })
})
