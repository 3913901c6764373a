/** How devices give back what was lost: docs/contract.md, "HTTP". They answer while the server takes nothing new. */
import { type Cbor, decode } from '../core/cbor.ts'
import { Refusal } from '../core/refusal.ts'
import { MAX_ITEMS_PER_REQUEST } from './accept.ts'
import type { GivenBack } from './given-back.ts'
import type { Call, Route } from './routes.ts'

const MOST_OFFERED = 10_000

/** `given` is undefined where nothing is missing. */
export function givenBackRoutes(given: GivenBack | undefined): Route[] {
  return [
    {
      method: 'POST',
      path: '/api/lost/offer',
      who: 'person',
      perMinute: 60,
      answer({ body, viewer }) {
        const offers = rowsOf(body, MOST_OFFERED).map(([index, hash]) => ({ index: count(index), hash: bytes(hash) }))
        return { cbor: given?.wanted(viewer!.device, offers) ?? [] }
      },
    },
    {
      method: 'POST',
      path: '/api/lost/give',
      who: 'person',
      perMinute: 60,
      async answer({ body, viewer }) {
        const entries = rowsOf(body, MAX_ITEMS_PER_REQUEST).map(([index, leaf, envelope]) => ({
          index: count(index),
          leaf: bytes(leaf),
          envelope: bytes(envelope),
        }))
        if (!given) throw new Refusal('not_found', 'Nothing is missing')
        return { cbor: await given.give(viewer!.device, entries) }
      },
    },
  ]
}

function rowsOf(body: Call['body'], max: number): Cbor[][] {
  const list = body instanceof Uint8Array ? decode(body) : undefined
  if (!Array.isArray(list) || !list.every((row) => Array.isArray(row))) throw new Refusal('bad_bytes', 'Rows expected')
  if (list.length > max) throw new Refusal('too_large', 'Too many at once', { max })
  return list
}

function count(value: Cbor | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new Refusal('bad_bytes', 'An index expected')
}

function bytes(value: Cbor | undefined): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array) return value as Uint8Array<ArrayBuffer>
  throw new Refusal('bad_bytes', 'Bytes expected')
}
