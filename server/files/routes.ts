/** Chunks over HTTP: docs/contract.md. Who knows a chunk's name of 256 bits may fetch it; without its file's key it says nothing. */
import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import { MAX_CHUNKS } from '../../core/file.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Route } from '../routes.ts'
import type { ChunkStore } from './store.ts'

export function fileRoutes(store: ChunkStore): Route[] {
  return [
    {
      method: 'PUT',
      path: '/api/chunks/:hash',
      who: 'person',
      perMinute: 1_500,
      async answer({ viewer, params, body }) {
        if (!(body instanceof Uint8Array))
          throw new Refusal('bad_input', 'A chunk as application/octet-stream expected')
        await store.put(fromBase64url(viewer!.person), hashOf(params.hash), body as Bytes)
        return { json: { stored: true } }
      },
    },
    {
      method: 'POST',
      path: '/api/chunks/missing',
      who: 'person',
      async answer({ body }) {
        if (!Array.isArray(body) || body.length > MAX_CHUNKS)
          throw new Refusal('bad_input', 'At most 500 names expected')
        return { json: (await store.missing(body.map(hashOf))).map(toBase64url) }
      },
    },
    {
      method: 'GET',
      path: '/api/chunks/:hash',
      who: 'person',
      perMinute: 3_000,
      async answer({ params }) {
        const bytes = await store.get(hashOf(params.hash))
        return { bytes, type: 'application/octet-stream', immutable: 'private' }
      },
    },
  ]
}

function hashOf(name: unknown): Bytes {
  try {
    const hash = typeof name === 'string' ? fromBase64url(name) : undefined
    if (hash?.length === 32) return hash
  } catch {
    // refused below
  }
  throw new Refusal('bad_input', 'A hash as base64url expected')
}
