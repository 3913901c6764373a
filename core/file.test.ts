import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { keepVectors } from '../test/helpers/vectors.ts'
import { type Bytes, randomBytes, toHex } from './bytes.ts'
import { encode } from './cbor.ts'
import {
  CHUNK_PLAIN,
  type Chunk,
  chunkCount,
  MAX_CHUNK,
  MAX_CHUNKS,
  MAX_FILE,
  newFileKey,
  openFile,
  sealChunk,
  sealFile,
} from './file.ts'
import { hkdf, sha256 } from './hash.ts'
import { encrypt } from './seal.ts'

const altered = { code: 'file_altered' }
const hashesOf = (chunks: readonly Chunk[]) => chunks.map(({ hash }) => hash)
const bytesOf = (chunks: readonly Chunk[]) => chunks.map(({ bytes }) => bytes)
const open = (key: Bytes, chunks: readonly Chunk[]) => openFile(key, hashesOf(chunks), bytesOf(chunks))
/** A file anybody can make again: byte n is n modulo 251. */
const countingFile = (size: number): Bytes => Uint8Array.from({ length: size }, (_, n) => n % 251)

test('a file of any length comes back, in chunks no longer than they may be', async () => {
  for (const size of [0, 1, CHUNK_PLAIN - 1, CHUNK_PLAIN, CHUNK_PLAIN + 1, 2 * CHUNK_PLAIN, 200_000]) {
    const file = countingFile(size)
    const { key, chunks } = await sealFile(file)
    assert.equal(chunks.length, chunkCount(size))
    assert.ok(chunks.every(({ bytes }) => bytes.length <= MAX_CHUNK))
    assert.deepEqual(await open(key, chunks), file)
  }
})

test('the same file sealed twice has no name in common', async () => {
  const file = countingFile(70_000)
  const [a, b] = [await sealFile(file), await sealFile(file)]
  const names = new Set([...a.chunks, ...b.chunks].map(({ hash }) => toHex(hash)))
  assert.equal(names.size, 6)
})

test('a file larger than 500 chunks is refused before anything is sealed', async () => {
  assert.equal(chunkCount(MAX_FILE), MAX_CHUNKS)
  await assert.rejects(sealFile(new Uint8Array(MAX_FILE + 1)), { code: 'file_too_large', details: { max: MAX_FILE } })
})

describe('what was done to a file is noticed, also where every chunk has its right name', async () => {
  const { key, chunks } = await sealFile(countingFile(3 * CHUNK_PLAIN + 5))
  const [a, b, c, d] = chunks as [Chunk, Chunk, Chunk, Chunk]
  const other = await sealFile(countingFile(3 * CHUNK_PLAIN + 5))
  const cases: Record<string, Chunk[]> = {
    'no chunk': [],
    'the last missing': [a, b, c],
    'the first missing': [b, c, d],
    'one in the middle missing': [a, c, d],
    'two swapped': [b, a, c, d],
    'the last one swapped': [a, b, d, c],
    'one twice': [a, b, b, d],
    'one added': [a, b, c, d, d],
    "one of another file's": [a, other.chunks[1]!, c, d],
  }
  for (const [what, list] of Object.entries(cases)) test(what, () => assert.rejects(open(key, list), altered))

  test('another key', () => assert.rejects(open(newFileKey(), chunks), altered))

  test('a chunk under the name of another', () =>
    assert.rejects(openFile(key, hashesOf(chunks), [a.bytes, c.bytes, b.bytes, d.bytes]), altered))

  test('fewer or more chunks than names', async () => {
    await assert.rejects(openFile(key, hashesOf(chunks), bytesOf([a, b, c])), altered)
    await assert.rejects(openFile(key, hashesOf(chunks), bytesOf([...chunks, d])), altered)
  })

  test('any bit turned, and any end cut off or added', async () => {
    const turned = fc.tuple(fc.nat(3), fc.nat(), fc.nat(7)).map(([n, at, bit]) => {
      const bytes = chunks[n]!.bytes.slice()
      bytes[at % bytes.length]! ^= 1 << bit
      return { n, bytes }
    })
    const cut = fc.tuple(fc.nat(3), fc.nat()).map(([n, at]) => {
      const { bytes } = chunks[n]!
      return { n, bytes: bytes.slice(0, at % bytes.length) }
    })
    const longer = fc.tuple(fc.nat(3), fc.uint8Array({ minLength: 1, maxLength: 20 })).map(([n, more]) => ({
      n,
      bytes: Uint8Array.from([...chunks[n]!.bytes, ...more]),
    }))
    await fc.assert(
      fc.asyncProperty(fc.oneof(turned, cut, longer), async ({ n, bytes }) => {
        await assert.rejects(openFile(key, hashesOf(chunks), bytesOf(chunks).with(n, bytes)), altered)
        // An author who lies of his own file names what he sends: only the seal is left to notice.
        const hashes = hashesOf(chunks).with(n, sha256(bytes))
        await assert.rejects(openFile(key, hashes, bytesOf(chunks).with(n, bytes)), altered)
      }),
      { numRuns: 60 },
    )
  })

  test('chunks that are not full, and an empty end, though sealed as they should be', async () => {
    const seal = async (index: number, count: number, size: number) => {
      const label = encode(['chunk/v1', index, count])
      const bytes = await encrypt(hkdf(key, 'chunk', encode(index)), countingFile(size), label)
      return { hash: sha256(bytes), bytes }
    }
    assert.equal((await open(key, [await seal(0, 2, CHUNK_PLAIN), await seal(1, 2, 1)])).length, CHUNK_PLAIN + 1)
    await assert.rejects(open(key, [await seal(0, 2, CHUNK_PLAIN - 1), await seal(1, 2, 9)]), altered)
    await assert.rejects(open(key, [await seal(0, 2, CHUNK_PLAIN), await seal(1, 2, 0)]), altered)
    await assert.rejects(open(key, [await seal(0, 1, CHUNK_PLAIN + 1)]), altered)
  })
})

test('what is no chunk is never sealed', async () => {
  await assert.rejects(sealChunk(newFileKey(), 0, 2, countingFile(9)), RangeError)
  await assert.rejects(sealChunk(newFileKey(), 0, 1, randomBytes(CHUNK_PLAIN + 1)), RangeError)
})

test('files are those of vectors/files/file.json', async () => {
  const key = new Uint8Array(32).fill(7)
  const files = []
  for (const size of [0, 5, CHUNK_PLAIN, CHUNK_PLAIN + 5]) {
    const file = countingFile(size)
    const count = chunkCount(size)
    const chunks = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        sealChunk(key, index, count, file.slice(index * CHUNK_PLAIN, (index + 1) * CHUNK_PLAIN)),
      ),
    )
    assert.deepEqual(await open(key, chunks), file)
    files.push({
      size,
      chunks: chunks.map(({ hash, bytes }, index) => ({
        key: toHex(hkdf(key, 'chunk', encode(index))),
        label: toHex(encode(['chunk/v1', index, count])),
        length: bytes.length,
        hash: toHex(hash),
        ...(bytes.length < 100 ? { bytes: toHex(bytes) } : { ends: toHex(bytes.slice(-16)) }),
      })),
    })
  }
  keepVectors('files/file', {
    about:
      'Byte n of each file is n modulo 251; 32,752 bytes of it are in each chunk but the last. A chunk is AES-256-GCM under ' +
      'its key (HKDF of the file key, label "chunk", context CBOR of its number), nonce of twelve zero bytes, label as ' +
      'additional data: CBOR ["chunk/v1", number from 0, how many]. hash: SHA-256 of the chunk, its name.',
    key: toHex(key),
    files,
  })
})
