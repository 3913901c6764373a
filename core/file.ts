import { type Bytes, equal, join, randomBytes } from './bytes.ts'
import { encode } from './cbor.ts'
import { hkdf, sha256 } from './hash.ts'
import { Refusal } from './refusal.ts'
import { decrypt, encrypt } from './seal.ts'

/**
 * Sealing of a file. It travels beside the log in chunks of ciphertext, each named by its SHA-256, so that a cut line loses
 * one chunk and a server can hold them without a name, a type or a place. The file has a key of its own, used for it alone;
 * each chunk has a subkey, and is bound to its place among how many: chunks cannot be swapped, left out, added or cut short,
 * nor the file end early. One-way: a chunk sealed once must open for ever.
 *
 * @NOTE AES-GCM does not commit to its key. Whoever names a file signs the names of its chunks and commits to its key, in
 * one item; neither may be taken from anywhere else.
 */
export type Chunk = { hash: Bytes; bytes: Bytes }
export type SealedFile = { key: Bytes; chunks: Chunk[] }

/** A chunk as it travels, the authentication tag included: five seconds of a 50 kbit/s line. */
export const MAX_CHUNK = 32 * 1024
/** How much of the file is in each chunk; the last one takes what is left, and is the only one of an empty file. */
export const CHUNK_PLAIN = MAX_CHUNK - 16
/** Of one file, and of all the files of one item together. */
export const MAX_CHUNKS = 500
/** 16,376,000 bytes. */
export const MAX_FILE = MAX_CHUNKS * CHUNK_PLAIN

export function newFileKey(): Bytes {
  return randomBytes(32)
}

/** How many chunks a file of `size` bytes has. Throws `Refusal('file_too_large')`. */
export function chunkCount(size: number): number {
  const count = Math.max(1, Math.ceil(size / CHUNK_PLAIN))
  if (count > MAX_CHUNKS) throw new Refusal('file_too_large', `A file above ${MAX_FILE} bytes`, { max: MAX_FILE })
  return count
}

/** Seals a file under a fresh key. Throws `Refusal('file_too_large')`. */
export async function sealFile(bytes: Bytes): Promise<SealedFile> {
  const key = newFileKey()
  const count = chunkCount(bytes.length)
  const chunks: Chunk[] = []
  for (let index = 0; index < count; index++) {
    const plain = bytes.subarray(index * CHUNK_PLAIN, (index + 1) * CHUNK_PLAIN)
    chunks.push(await sealChunk(key, index, count, plain))
  }
  return { key, chunks }
}

/**
 * Seals one chunk of a file that is read piece by piece: number `index`, from 0, of `count`. A key seals one file, once: what
 * differs under the same key, index and count would give both away.
 */
export async function sealChunk(key: Bytes, index: number, count: number, plain: Bytes): Promise<Chunk> {
  const isLast = index === count - 1
  if (isLast ? plain.length > CHUNK_PLAIN : plain.length !== CHUNK_PLAIN) throw new RangeError('Not a chunk of a file')
  const bytes = await encrypt(chunkKey(key, index), plain, chunkLabel(index, count))
  return { hash: sha256(bytes), bytes }
}

/**
 * The file whose chunks have these names, in this order. Throws `Refusal('file_altered')` when a chunk is missing, swapped,
 * truncated, added or altered, or sealed under another key.
 */
export async function openFile(key: Bytes, hashes: readonly Bytes[], chunks: readonly Bytes[]): Promise<Bytes> {
  const count = hashes.length
  if (count === 0 || count > MAX_CHUNKS || chunks.length !== count) throw altered('not as many chunks as names')
  const plain: Bytes[] = []
  for (const [index, hash] of hashes.entries()) {
    const chunk = chunks[index]!
    checkChunk(hash, chunk)
    const opened = await decrypt(chunkKey(key, index), chunk, chunkLabel(index, count)).catch((cause: unknown) => {
      throw cause instanceof Refusal ? Object.assign(altered('a chunk of another file or place'), { cause }) : cause
    })
    // One form only: what is not the last is full, and only an empty file has an empty chunk.
    const least = index < count - 1 ? CHUNK_PLAIN : count === 1 ? 0 : 1
    if (opened.length < least) throw altered('a chunk cut short by its author')
    plain.push(opened)
  }
  return join(plain)
}

/** Throws `Refusal('file_altered')` unless these bytes can be the chunk of that name. */
export function checkChunk(hash: Bytes, bytes: Bytes): void {
  if (bytes.length > MAX_CHUNK || !equal(sha256(bytes), hash)) throw altered('a chunk that is not what its name says')
}

function chunkKey(key: Bytes, index: number): Bytes {
  return hkdf(key, 'chunk', encode(index))
}

function chunkLabel(index: number, count: number): Bytes {
  return encode(['chunk/v1', index, count])
}

function altered(what: string): Refusal {
  return new Refusal('file_altered', `File: ${what}`)
}
