/** A thread that checks signatures, and the shape of large requests, so that the main thread never waits for either. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { toBase64url } from '../core/bytes.ts'
import { decode } from '../core/cbor.ts'
import { itemFrom } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { sizeOf } from './envelope-size.ts'
import { type Packed, unpack } from './verify-pack.ts'

export type Question = { id: number } & ({ checks: Packed } | { shapes: Uint8Array<ArrayBuffer> })
/** One byte a check, 1 where the signature holds; or what is wrong with the request as a whole. */
export type Finding = { id: number } & (
  | { good: Uint8Array<ArrayBuffer> }
  | { fault: { code: string; message: string } | null }
)

const KEYS = 5_000
const keys = new Map<string, KeyObject | null>()

function keyOf(raw: Uint8Array): KeyObject | null {
  const x = toBase64url(raw)
  let key = keys.get(x)
  if (key === undefined) {
    key = importKey(x)
    if (keys.size >= KEYS) keys.delete(keys.keys().next().value!)
    keys.set(x, key)
  }
  return key
}

function importKey(x: string): KeyObject | null {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  } catch {
    return null // not a key: nothing can have been signed by it
  }
}

parentPort!.on('message', (question: Question) => {
  if ('checks' in question) {
    const checks = unpack(question.checks)
    const good = Uint8Array.from(checks, ({ publicKey, signature, bytes }) => {
      const key = keyOf(publicKey)
      return key && verify(null, bytes, key, signature) ? 1 : 0
    })
    parentPort!.postMessage({ id: question.id, good } satisfies Finding, [good.buffer])
  } else {
    parentPort!.postMessage({ id: question.id, fault: faultOf(question.shapes) } satisfies Finding)
  }
})

/** What makes the request not worth decoding on the main thread: it is no list, or not one envelope in it has the shape. */
function faultOf(bytes: Uint8Array): { code: string; message: string } | null {
  let first: Refusal | undefined
  try {
    const list = decode(bytes)
    if (!Array.isArray(list)) throw new Refusal('bad_bytes', 'Not a list of items')
    for (const value of list.slice(0, 64)) {
      try {
        itemFrom(value, sizeOf(value))
        return null
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        first ??= error
      }
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    first = error
  }
  return first ? { code: first.code, message: first.message } : null
}
