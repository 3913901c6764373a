import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepVectors, storedVectors } from '../test/helpers/vectors.ts'
import { type Bytes, equal, fromHex, toHex, utf8 } from './bytes.ts'
import { type Cbor, type CborMap, decode, encode } from './cbor.ts'
import { checkDisclosure, checkSection, commit, disclose, saltOf, writePart } from './commitment.ts'
import { sign1, signingKeyFromSeed, toBeSigned, verifyEd25519, verifySign1 } from './cose.ts'
import { hkdf, sha256 } from './hash.ts'
import { audienceHash, makeItem, readEnvelope, type Signer, thumbprint, writeEnvelope, writeHeader } from './item.ts'
import { ringKey } from './ring.ts'
import { openSection, sealBody } from './seal.ts'
import { unwrapKey, wrapKey } from './wrap.ts'

const fill = (length: number, byte: number): Bytes => new Uint8Array(length).fill(byte)
const hex = (list: Uint8Array[]) => list.map(toHex)
const signingSeed = fill(32, 1)
const signing = await signingKeyFromSeed(signingSeed)
const signer: Signer = { type: 'device', id: thumbprint(signing.publicKey) }
const [item, directive, post, ring] = [fill(16, 0xa1), fill(16, 0xb2), fill(16, 0xc3), fill(16, 0xd4)]
const itemKey = fill(32, 2)
const summary = [
  { label: 'memo', value: '০৫.০০.০০০০.১৩০.১৯.০০১.২৪-৮৫৬' },
  { label: 'subject', value: 'বদলি' },
]
const letter = [
  { label: 'p', value: 'জনস্বার্থে এ আদেশ জারি করা হলো।' },
  { label: 'clause', value: ['(ক)', 1, true, null] },
  { label: 'p', value: '' },
]
const groups = [summary, letter]
const fieldsOf = (...values: Cbor[]): CborMap => new Map(values.map((value, index) => [index + 1, value]))

test('deterministic CBOR is that of vectors/items/cbor.json', () => {
  const encodings: [string, Cbor][] = [
    ['0', 0],
    ['23', 23],
    ['24', 24],
    ['256', 256],
    ['65536', 65536],
    ['4294967296', 4294967296],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-1', -1],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
    ['false', false],
    ['true', true],
    ['null', null],
    ["h''", new Uint8Array(0)],
    ["h'0102'", fromHex('0102')],
    ['"স্মারক"', 'স্মারক'],
    ['[1, [2, "a"], {}]', [1, [2, 'a'], new Map()]],
    [
      '{1: 0, 24: 1, -1: 2}',
      new Map<number, Cbor>([
        [-1, 2],
        [24, 1],
        [1, 0],
      ]),
    ],
  ]
  const refused = {
    'an integer in a longer form': '1817',
    'a length in a longer form': '590001ff',
    'an integer above 2^53 - 1': '1b0020000000000000',
    'an integer below -(2^53 - 1)': '3b001fffffffffffff',
    'a float': 'f93c00',
    undefined: 'f7',
    'a simple value in two bytes': 'f814',
    'a tag': 'c100',
    'an indefinite list': '9f01ff',
    'an indefinite text': '7f6161ff',
    'keys out of order': 'a218180101f5',
    'a key twice': 'a201000101',
    'a key that is text': 'a1616101',
    'text that is not UTF-8': '62c328',
    'a surrogate': '63eda080',
    'a byte after the value': '0000',
    'a value cut short': '4201',
    '17 lists inside one another': '8181818181818181818181818181818181'.concat('80'),
  }
  for (const [what, bytes] of Object.entries(refused)) {
    assert.throws(() => decode(fromHex(bytes)), { code: 'bad_bytes' }, what)
  }
  keepVectors('items/cbor', {
    about: 'RFC 8949 §4.2.1, a subset: integers, bytes, text, lists, maps with integer keys, booleans, null. Depth 16.',
    encodings: encodings.map(([value, cbor]) => ({ value, bytes: toHex(encode(cbor)) })),
    refused,
  })
})

test('derived keys are those of vectors/items/hkdf.json', () => {
  const cases: [string, Uint8Array, number][] = [
    ['salt', encode(0), 32],
    ['salt', encode(300), 32],
    ['section', encode(0), 32],
    ['section', encode(1), 32],
    ['notice', item, 32],
    ['kem', new Uint8Array(0), 96],
    ['prev', encode([ring, 2]), 32],
    ['ticket', new Uint8Array(0), 32],
    ['root', new Uint8Array(0), 32],
  ]
  keepVectors('items/hkdf', {
    about: 'HKDF-SHA256 (RFC 5869), no salt, info = CBOR [label, context]. The key is 32 bytes of 02.',
    cases: cases.map(([label, context, length]) => ({
      label,
      context: toHex(context),
      length,
      info: toHex(encode([label, context as Bytes])),
      output: toHex(hkdf(itemKey, label, context, length)),
    })),
  })
})

test('commitments, their proofs and disclosures are those of vectors/items/commitment.json', () => {
  const parts = groups.map((group) => group.map(writePart))
  const { commitment, proofs } = commit(itemKey, parts)
  const all = parts.flat()
  for (const [section, own] of parts.entries()) checkSection(itemKey, commitment, section, own, proofs[section]!)
  const disclosures = all.map((_, index) => disclose(itemKey, all, index))
  for (const disclosure of disclosures) checkDisclosure(commitment, disclosure)
  keepVectors('items/commitment', {
    about: 'The item key is 32 bytes of 02. A leaf is the RFC 6962 leaf hash of SHA-256(salt ‖ part).',
    sections: parts.map((own, section) => ({
      parts: own.map((bytes, i) => ({
        part: toHex(bytes),
        salt: toHex(saltOf(itemKey, (section === 0 ? 0 : parts[0]!.length) + i)),
      })),
      proof: hex(proofs[section]!),
    })),
    counts: commitment.counts,
    root: toHex(commitment.root),
    disclosures: disclosures.map(({ index, part, salt, proof }) => ({
      index,
      part: toHex(part),
      salt: toHex(salt),
      proof: hex(proof),
    })),
  })
})

test('a receipt, and an item with every header key, are those of vectors/items/item.json', async () => {
  const receipt = await makeItem(
    {
      kind: 'receipt',
      id: item,
      appointment: fill(16, 0xe5),
      time: 1_790_000_000_000,
      seen: { size: 120_000, item: directive },
      fields: fieldsOf(directive, post, 1),
    },
    signer,
    signing.sign,
  )
  const everything = await makeItem(
    {
      kind: 'answer',
      id: item,
      space: fill(16, 0xf6),
      appointment: fill(16, 0xe5),
      time: 1_790_000_000_000,
      body: [utf8('first section'), utf8('second section')],
      commitment: commit(
        itemKey,
        groups.map((group) => group.map(writePart)),
      ).commitment,
      wraps: [{ ring, generation: 3, enc: fill(1120, 7), ct: fill(48, 8) }],
      ring: { id: ring, generation: 3 },
      seen: { size: 0, item: null },
      fields: fieldsOf(directive, post, ['(ক)'], 0, null),
    },
    signer,
    signing.sign,
  )
  const items = []
  for (const envelope of [receipt, everything]) {
    const bytes = writeEnvelope(envelope)
    const { header, signed } = readEnvelope(bytes)
    assert.equal(await verifySign1(signed, signing.publicKey), true)
    items.push({
      header: toHex(writeHeader(header)),
      signed: toHex(toBeSigned(signed.payload)),
      cose: toHex(envelope.cose),
      coseHash: toHex(sha256(envelope.cose)),
      bodyRoot: header.body ? toHex(header.body) : null,
      wrapsRoot: header.wraps ? toHex(header.wraps.root) : null,
      envelope: toHex(bytes),
    })
  }
  keepVectors('items/item', {
    about:
      'COSE_Sign1 over the header; the wrap and sections of the second are not real ciphertexts. Header: core/item.ts.',
    signingSeed: toHex(signingSeed),
    publicKey: toHex(signing.publicKey),
    thumbprint: toHex(signer.id),
    items,
    audience: { ids: hex([post, directive, item]), hash: toHex(audienceHash([post, directive, item])) },
  })
})

test('what vectors/items/refused.json holds is refused, each with its code', async () => {
  const good: CborMap = new Map<number, Cbor>([
    [1, 1],
    [2, 'receipt'],
    [3, item],
    [5, [0, signer.id]],
    [7, 1_790_000_000_000],
    [13, fieldsOf(directive, post, 1)],
  ])
  const wrap: Cbor = [ring, 3, fill(1120, 7), fill(48, 8)]
  const root = sha256(item)
  const envelope = async (changes: [number, Cbor][], body: Cbor = [], wraps: Cbor = []) =>
    encode([await sign1(encode(new Map([...good, ...changes])), signing.sign), body, wraps])
  assert.equal(readEnvelope(await envelope([])).header.kind, 'receipt')

  const cases: [string, string, Bytes][] = [
    [
      'a later version',
      'newer_version',
      await envelope([
        [1, 2],
        [14, 0],
      ]),
    ],
    ['an unknown header key', 'bad_bytes', await envelope([[14, 0]])],
    ['a kind in capitals', 'bad_bytes', await envelope([[2, 'Receipt']])],
    ['an id of 15 bytes', 'bad_bytes', await envelope([[3, fill(15, 1)]])],
    ['a signer of no type', 'bad_bytes', await envelope([[5, [4, signer.id]]])],
    ['a signer typed by a word', 'bad_bytes', await envelope([[5, ['length', signer.id]]])],
    ['a time no calendar has', 'bad_bytes', await envelope([[7, 8.64e15 + 1]])],
    ['a section the header does not name', 'bad_bytes', await envelope([], [item])],
    ['a section missing', 'bad_bytes', await envelope([[8, root]])],
    ['another section', 'bad_bytes', await envelope([[8, root]], [item])],
    ['a commitment without sections', 'bad_bytes', await envelope([[9, [[1], root]]])],
    ['a commitment with an empty section', 'bad_bytes', await envelope([[9, [[0], root]]])],
    ['a wrap the header does not name', 'bad_bytes', await envelope([], [], [wrap])],
    ['a wrap missing', 'bad_bytes', await envelope([[10, [1, root]]])],
    ['another wrap', 'bad_bytes', await envelope([[10, [1, root]]], [], [wrap])],
    ['no envelope', 'bad_bytes', encode([item, []])],
    [
      'an unprotected header',
      'bad_bytes',
      encode([encode([encode(new Map([[1, -8]])), new Map([[4, item]]), encode(good), fill(64, 0)]), [], []]),
    ],
    [
      'another algorithm',
      'bad_bytes',
      encode([encode([encode(new Map([[1, -7]])), new Map(), encode(good), fill(64, 0)]), [], []]),
    ],
  ]
  for (const [what, code, bytes] of cases) assert.throws(() => readEnvelope(bytes), { code }, what)
  keepVectors('items/refused', {
    about: 'Envelopes to refuse. Signatures are those of the key in item.json, and good where there is one.',
    envelopes: cases.map(([what, code, bytes]) => ({ what, code, envelope: toHex(bytes) })),
  })
})

test('the signatures of vectors/items/signatures.json are good or bad', async () => {
  const message = utf8('স্মারক')
  const good = await signing.sign(message)
  const identity = fill(32, 0).with(0, 1)
  const eight = fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')
  const noncanonical = fill(32, 0xff).with(0, 0xee).with(31, 0x7f)
  const zeroS = (r: Bytes) => new Uint8Array([...r, ...fill(32, 0)])
  const cases: [string, Bytes, Bytes, boolean][] = [
    ['a good one', signing.publicKey, good, true],
    ['a bit of R changed', signing.publicKey, good.with(0, good[0]! ^ 1), false],
    ['a bit of S changed', signing.publicKey, good.with(40, good[40]! ^ 1), false],
    ['the identity as key and R, fits every message', identity, zeroS(identity), false],
    ['a key of order 8', eight, zeroS(identity), false],
    ['R of small order', signing.publicKey, zeroS(identity), false],
    ['the identity in another form', noncanonical, zeroS(identity), false],
    ['no point of the curve', fill(32, 2), zeroS(identity), false],
  ]
  for (const [what, key, signature, valid] of cases) {
    assert.equal(await verifyEd25519(key, signature, message), valid, what)
  }
  keepVectors('items/signatures', {
    about:
      'Ed25519 (RFC 8032, without the cofactor); points of small order and forms other than the canonical are bad.',
    message: toHex(message),
    signatures: cases.map(([what, key, signature, valid]) => ({
      what,
      publicKey: toHex(key),
      signature: toHex(signature),
      valid,
    })),
  })
})

test('the sealed answer of vectors/items/sealed.json opens', async () => {
  const ringSeed = fill(32, 3)
  const key = await ringKey(ringSeed)
  const stored = await storedVectors('items/sealed', async () => {
    const { sections, commitment } = await sealBody(itemKey, { id: item, signer }, groups)
    const wraps = [await wrapKey(itemKey, item, { ring, generation: 3, publicKey: key.publicKey })]
    const fields = fieldsOf(directive, post, ['(ক)'], 0, null)
    const draft = { kind: 'answer', id: item, time: 1_790_000_000_000, body: sections, commitment, wraps, fields }
    return {
      about:
        'An answer sealed to one ring. Made once: deflate and HPKE give other bytes each time, but these must open.',
      publicKey: toHex(signing.publicKey),
      ringSeed: toHex(ringSeed),
      itemKey: toHex(itemKey),
      sectionKeys: [0, 1].map((n) => toHex(hkdf(itemKey, 'section', encode(n)))),
      sectionLabels: [0, 1].map((n) => toHex(encode(['section/v1', item, signer.id, n]))),
      wrapInfo: toHex(encode(['wrap/v1', item, ring, 3])),
      parts: groups.map((group) => hex(group.map(writePart))),
      envelope: toHex(writeEnvelope(await makeItem(draft, signer, signing.sign))),
    }
  })
  const { header, signed, body, wraps } = readEnvelope(fromHex(stored.envelope))
  assert.equal(await verifySign1(signed, fromHex(stored.publicKey)), true)
  const opened = await unwrapKey(wraps[0]!, header.id, await ringKey(fromHex(stored.ringSeed)))
  assert.equal(toHex(opened), stored.itemKey)
  for (const [n, section] of body.entries()) {
    const parts = await openSection(opened, header, n, section)
    assert.deepEqual(hex(parts.map(writePart)), stored.parts[n])
    assert.equal(toHex(hkdf(opened, 'section', encode(n))), stored.sectionKeys[n])
    assert.equal(toHex(encode(['section/v1', header.id, header.signer.id, n])), stored.sectionLabels[n])
  }
  assert.ok(equal(wraps[0]!.ring, ring))
})
