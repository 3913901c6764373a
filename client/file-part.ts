import { type Bytes, fromBase64url, toBase64url } from '../core/bytes.ts'
import type { Cbor } from '../core/cbor.ts'
import type { Part } from '../core/commitment.ts'
import { CHUNK_PLAIN } from '../core/file.ts'
import type { KeptFile } from './views.ts'

/**
 * How an answer names its files: the chunks in its open field 6, so that the server keeps them, and everything that says what
 * they are in its sealed part `files`, in the same order: [name, media type, size, key, taken in ms or null, [latitude,
 * longitude] in millionths of a degree or null]. One-way.
 */
export const FILES_PART = 'files'

const LONGEST_NAME = 200
const MILLIONTH = 1_000_000
/** No sign anybody sees, no path, nothing that turns the direction of reading: a name must look like what it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const UNFIT = /[\u0000-\u001f\u007f/\\\u202a-\u202e\u2066-\u2069]/g

export function writeFiles(files: readonly KeptFile[]): { hashes: Bytes[][]; part: Part } {
  const hashes = files.map(({ chunks }) => chunks.map(fromBase64url))
  const value = files.map(({ name, type, size, key, taken, place }): Cbor => {
    const where = place?.map((degrees) => Math.round(degrees * MILLIONTH))
    return [fitName(name), type, size, fromBase64url(key), taken, where ?? null]
  })
  return { hashes, part: { label: FILES_PART, value } }
}

/** The other way. What another client wrote otherwise than it should is left out, and the rest of the answer shown. */
export function readFiles(hashes: readonly Bytes[][], value: unknown): KeptFile[] {
  if (!Array.isArray(value)) return []
  return hashes.flatMap((chunks, n) => readFile(chunks, value[n]) ?? [])
}

function readFile(chunks: readonly Bytes[], value: unknown): KeptFile | undefined {
  if (!Array.isArray(value)) return undefined
  const [name, type, size, key, taken, place] = value as unknown[]
  if (typeof name !== 'string' || typeof type !== 'string' || !(key instanceof Uint8Array) || key.length !== 32) {
    return undefined
  }
  if (!isCount(size) || Math.max(1, Math.ceil(size / CHUNK_PLAIN)) !== chunks.length) return undefined
  return {
    name: fitName(name),
    type: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream',
    size,
    key: toBase64url(key),
    chunks: chunks.map(toBase64url),
    taken: isCount(taken) ? taken : null,
    place: readPlace(place),
  }
}

function readPlace(value: unknown): [number, number] | null {
  const [latitude, longitude] = Array.isArray(value) ? (value as unknown[]) : []
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return null
  if (Math.abs(latitude) > 90 * MILLIONTH || Math.abs(longitude) > 180 * MILLIONTH) return null
  return [latitude / MILLIONTH, longitude / MILLIONTH]
}

function fitName(name: string): string {
  const fit = [...name.toWellFormed().replace(UNFIT, '')].slice(0, LONGEST_NAME).join('')
  return fit.trim() || 'file'
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
