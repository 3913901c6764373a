/**
 * How devices give back what was lost: docs/contract.md, "HTTP". Without a session: who joined since the database was as it is
 * now would get none. Each request is signed by its device instead, and may be repeated without harm.
 */
import { type Bytes, toBase64url, utf8 } from '../core/bytes.ts'
import { type Cbor, decode } from '../core/cbor.ts'
import { sha256 } from '../core/hash.ts'
import { idText, thumbprint } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { MAX_ITEMS_PER_REQUEST } from './accept.ts'
import type { GivenBack } from './given-back.ts'
import type { Call, Route } from './routes.ts'
import type { VerifyPool } from './verify-pool.ts'

const MOST_OFFERED = 10_000

type Needs = {
  /** Undefined where nothing is missing. */
  given: GivenBack | undefined
  pool: Pick<VerifyPool, 'verify'>
  /** The log's: what is signed here is worth nothing at another service. */
  origin: string
}

export function givenBackRoutes({ given, pool, origin }: Needs): Route[] {
  const open = async (body: Call['body'], max: number): Promise<{ device: string; rows: Cbor[][] }> => {
    const [publicKey, signature, bytes] = rowOf(body instanceof Uint8Array ? decode(body) : undefined).map(bytesOf)
    if (publicKey?.length !== 32 || signature?.length !== 64 || !bytes)
      throw new Refusal('bad_bytes', 'A key, a signature and rows expected')
    const signed = utf8(`smarak give-back v1\n${origin}\n${toBase64url(sha256(bytes))}`)
    const [good] = await pool.verify([{ publicKey, signature, bytes: signed }])
    if (!good) throw new Refusal('bad_signature', 'The request was signed by another key')
    const rows = rowOf(decode(bytes)).map(rowOf)
    if (rows.length > max) throw new Refusal('too_large', 'Too many at once', { max })
    return { device: idText(thumbprint(publicKey)), rows }
  }
  return [
    {
      method: 'POST',
      path: '/api/lost/offer',
      who: 'anyone',
      async answer({ body }) {
        if (!given) return { cbor: [] }
        const { device, rows } = await open(body, MOST_OFFERED)
        const offers = rows.map(([index, hash]) => ({ index: countOf(index), hash: bytesOf(hash) }))
        return { cbor: given.wanted(device, offers) }
      },
    },
    {
      method: 'POST',
      path: '/api/lost/give',
      who: 'anyone',
      async answer({ body }) {
        if (!given) throw new Refusal('not_found', 'Nothing is missing')
        const { device, rows } = await open(body, MAX_ITEMS_PER_REQUEST)
        const entries = rows.map(([index, leaf, envelope]) => ({
          index: countOf(index),
          leaf: bytesOf(leaf),
          envelope: bytesOf(envelope),
        }))
        return { cbor: await given.give(device, entries) }
      },
    },
  ]
}

function rowOf(value: Cbor | undefined): Cbor[] {
  if (Array.isArray(value)) return value
  throw new Refusal('bad_bytes', 'A list expected')
}

function countOf(value: Cbor | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new Refusal('bad_bytes', 'An index expected')
}

function bytesOf(value: Cbor | undefined): Bytes {
  if (value instanceof Uint8Array) return value as Bytes
  throw new Refusal('bad_bytes', 'Bytes expected')
}
