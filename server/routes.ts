import type { Bytes } from '../core/bytes.ts'
import type { Cbor } from '../core/cbor.ts'

/** Who may call: anybody; a signed-in person; only this machine, in a demonstration. */
export type Who = 'anyone' | 'person' | 'loopback'

/** One call of the HTTP interface. Features give theirs as plain values, so that `http.ts` alone knows the framework. */
export type Route = {
  method: 'GET' | 'POST' | 'PUT'
  /** `/api/directives/:id/board`; a last `*` takes the rest of the path. */
  path: string
  who: Who
  /** How many calls a minute one caller may make; a usual number where absent. */
  perMinute?: number
  /** The body comes as the bytes that were sent, JSON or not: for a webhook, whose signature is over them. */
  raw?: boolean
  answer(call: Call): Promise<Reply> | Reply
}

export type Call = {
  /** Present where `who` is `person`. */
  viewer: Viewer | undefined
  params: Record<string, string>
  query: Record<string, string>
  /** The raw bytes of a CBOR body or of a chunk, or the value of a JSON one. */
  body: unknown
  /** Header `if-none-match`, for replies with an `etag`. */
  ifNoneMatch: string | undefined
  /** Header `x-hub-signature-256`, for a webhook. */
  signature: string | undefined
  /** `host` as the caller named it. */
  host: string
}

/** Who is asking, and what he may read: as his post's directory stands at this moment. */
export type Viewer = {
  device: string
  person: string
  /** Posts held now. */
  posts: string[]
  /** The posts and the person. */
  parties: string[]
}

export type Reply =
  | { json: unknown; etag?: string }
  | { cbor: Cbor }
  /** `immutable`: kept by every cache, or (`private`) by the caller's own. */
  | { bytes: Bytes; type: string; immutable?: boolean | 'private' }
  | { text: string; type?: string }
