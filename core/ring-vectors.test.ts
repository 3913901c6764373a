import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepVectors, storedVectors } from '../test/helpers/vectors.ts'
import { type Bytes, fromHex, toHex, utf8 } from './bytes.ts'
import { encode } from './cbor.ts'
import { hkdf, sha256 } from './hash.ts'
import { makeGrant, openGrant, openPrevious, ringKey, SUITE, sealPrevious } from './ring.ts'
import { checkRootTag, readCode, rootTag, ticketKey } from './ticket.ts'

const fill = (length: number, byte: number): Bytes => new Uint8Array(length).fill(byte)
const ring = fill(16, 0xd4)

test('rings are those of vectors/rings/ring.json', async () => {
  const seeds = [1, 2, 3].map((byte) => fill(32, byte))
  const generations = []
  for (const [i, seed] of seeds.entries()) {
    const previous = i === 0 ? null : await sealPrevious(seed, ring, i + 1, seeds[i - 1]!)
    if (previous) assert.deepEqual(await openPrevious(seed, ring, i + 1, previous), seeds[i - 1])
    generations.push({
      generation: i + 1,
      seed: toHex(seed),
      kem: toHex(hkdf(seed, 'kem', new Uint8Array(0), 96)),
      publicKey: toHex((await ringKey(seed)).publicKey),
      previous: previous && {
        key: toHex(hkdf(seed, 'prev', encode([ring, i + 1]))),
        label: toHex(encode(['prev/v1', ring, i + 1])),
        sealed: toHex(previous),
      },
    })
  }
  keepVectors('rings/ring', {
    about:
      'kem: 64 bytes are the ML-KEM-768 seed (d ‖ z), 32 the X25519 private key; publicKey: ML-KEM-768 ‖ X25519. ' +
      'previous: AES-256-GCM, nonce of zeros, label as additional data.',
    suite: SUITE,
    ring: toHex(ring),
    generations,
  })
})

test('the grant of vectors/rings/grant.json opens', async () => {
  const [seed, member] = [fill(32, 1), fill(16, 0xe5)]
  const memberSeed = fill(32, 9)
  const stored = await storedVectors('rings/grant', async () => {
    const { publicKey } = await ringKey(memberSeed)
    const { enc, ct } = await makeGrant(seed, ring, 1, { ring: member, generation: 4, publicKey })
    return {
      about:
        'HPKE base mode (RFC 9180), KEM 0x647a, KDF 0x0001, AEAD 0x0002, no additional data. Made once; must open.',
      ring: toHex(ring),
      generation: 1,
      publicKey: toHex((await ringKey(seed)).publicKey),
      member: toHex(member),
      memberGeneration: 4,
      memberSeed: toHex(memberSeed),
      info: toHex(encode(['grant/v1', SUITE, ring, 1, member, 4])),
      enc: toHex(enc),
      ct: toHex(ct),
      seed: toHex(seed),
    }
  })
  const { member: of, memberGeneration, enc, ct, generation, publicKey, ...rest } = stored
  const grant = { member: fromHex(of), memberGeneration, enc: fromHex(enc), ct: fromHex(ct) }
  const key = await ringKey(fromHex(rest.memberSeed))
  const opened = await openGrant(grant, fromHex(rest.ring), generation, fromHex(publicKey), key)
  assert.equal(toHex(opened.seed), rest.seed)
  assert.equal(
    rest.info,
    toHex(encode(['grant/v1', SUITE, fromHex(rest.ring), generation, fromHex(of), memberGeneration])),
  )
})

test('joining codes are those of vectors/tickets/ticket.json', async () => {
  const code = '7K3M01Q8Z5VWX0T2HJ9A'
  const typed = [
    '7K3M-01Q8-Z5VW-X0T2-HJ9A',
    '7k3m oiq8 z5vw xot2 hj9a',
    '৭K৩M–০১Q৮—Z৫VW‑X০T২−HJ৯A',
    '\u200b7K3M0lQ8Z5VWX0T2HJ9A\n',
  ]
  const refused = ['', code.slice(1), `${code}7`, `U${code.slice(1)}`, `${code}!`, `${code}ক`, `ß${code.slice(2)}`]
  for (const text of typed) assert.equal(readCode(text), code)
  for (const text of refused) assert.throws(() => readCode(text), { code: 'ticket_wrong' })
  const root = sha256(utf8('a root item'))
  const tag = rootTag(code, root)
  checkRootTag(code, root, tag)
  keepVectors('tickets/ticket', {
    about:
      'The key of HKDF (items/hkdf.json) is the code as 20 bytes of ASCII. Label "ticket" gives the Ed25519 seed, "root" ' +
      'the key of HMAC-SHA256 over the root fingerprint.',
    code,
    typed,
    refused,
    signingSeed: toHex(hkdf(utf8(code), 'ticket')),
    publicKey: toHex((await ticketKey(code)).publicKey),
    rootFingerprint: toHex(root),
    rootTagKey: toHex(hkdf(utf8(code), 'root')),
    rootTag: toHex(tag),
  })
})
