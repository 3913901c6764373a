/** The road's own routes: docs/contract.md, "HTTP". */
import { type Bytes, toBase64url } from '../core/bytes.ts'
import { type Cbor, decode } from '../core/cbor.ts'
import { ID_LENGTH } from '../core/item.ts'
import { formatVerifierKey } from '../core/note.ts'
import { Refusal } from '../core/refusal.ts'
import { encodeBundle, parseTilePath, tileWidth } from '../core/tile.ts'
import type { Read } from './db.ts'
import type { LogKey } from './log-key.ts'
import type { LogReader } from './read-log.ts'
import type { Road } from './road.ts'
import type { Call, Route, Viewer } from './routes.ts'
import type { Sessions } from './sessions.ts'

export type LogRouteNeeds = {
  db: Read
  road: Road
  reader: LogReader
  sessions: Sessions
  key: LogKey
  demo: boolean
  version: string
  /** The ticket's person and the posts he holds, by the ticket key's thumbprint; undefined where there is no such ticket. */
  ticketParties: (key: string) => string[] | undefined
  onSynced: (seen: { party: string; cursor: number }[]) => void
}

export function logRoutes(needs: LogRouteNeeds): Route[] {
  const { road, reader, sessions } = needs
  return [
    {
      method: 'POST',
      path: '/items',
      who: 'anyone',
      perMinute: 3_000,
      answer: async ({ body }) => ({ cbor: await road.accept(bytesOf(body)) }),
    },
    { method: 'GET', path: '/checkpoint', who: 'anyone', answer: () => ({ text: road.view.checkpoint }) },
    { method: 'GET', path: '/tile/*', who: 'anyone', answer: (call) => answerTile(needs, call) },
    {
      method: 'GET',
      path: '/api/service',
      who: 'anyone',
      answer: async () => ({ cbor: await describeService(needs) }),
    },
    {
      method: 'POST',
      path: '/api/session',
      who: 'anyone',
      perMinute: 600, // a whole office may come from one address
      answer: async ({ body }) => ({ json: await signIn(sessions, body) }),
    },
    {
      method: 'GET',
      path: '/api/tickets/:key',
      who: 'anyone',
      perMinute: 300, // 256 bits are not guessed
      async answer({ params }) {
        const parties = needs.ticketParties(params.key ?? '')
        if (!parties) throw new Refusal('ticket_wrong', 'No ticket has this key')
        return { cbor: await reader.directory(parties, 0) }
      },
    },
    {
      // Public: a device proves the directory before it can sign in, and there is nothing in it but the directory.
      method: 'POST',
      path: '/api/directory',
      who: 'anyone',
      perMinute: 300,
      async answer({ body }) {
        const ask = readMap(body)
        const held = ask.has(3) ? heldOf(listOf(ask.get(3))) : new Map()
        return { cbor: await reader.directory(listOf(ask.get(1)).map(partyOf), countOf(ask.get(2)), held) }
      },
    },
    {
      method: 'POST',
      path: '/api/sync',
      who: 'person',
      async answer({ body, viewer }) {
        const ask = readMap(body)
        const asked = listOf(ask.get(1)).map((value) => {
          const [party, cursor] = listOf(value)
          return { party: partyOf(party), cursor: countOf(cursor) }
        })
        if (asked.length > MAX_CURSORS) throw new Refusal('too_large', 'Too many parties', { max: MAX_CURSORS })
        const reply = await reader.sync(viewer!, asked, countOf(ask.get(2)))
        needs.onSynced(asked.filter(({ party, cursor }) => cursor > 0 && viewer!.parties.includes(party)))
        return { cbor: reply }
      },
    },
    {
      method: 'GET',
      path: '/api/items/:id/sections/:n',
      who: 'person',
      async answer({ params, viewer }) {
        const bytes = await reader.section(viewer!, params.id!, countOf(Number(params.n)))
        return { bytes, type: 'application/octet-stream' }
      },
    },
    {
      method: 'GET',
      path: '/api/threads/:directive/:post',
      who: 'person',
      async answer({ params, query, viewer }) {
        const known = countOf(Number(query.size ?? 0))
        return { cbor: await reader.thread(viewer!, params.directive!, params.post!, known) }
      },
    },
    {
      method: 'GET',
      path: '/api/absences',
      who: 'person',
      async answer({ query, viewer }) {
        const known = countOf(Number(query.size ?? 0))
        return { cbor: await reader.absences(viewer!, query.after ?? '', known) }
      },
    },
    {
      method: 'GET',
      path: '/api/proof/:id',
      who: 'person',
      answer: async ({ params, viewer, query }) => ({ json: await reader.proof(viewer!, params.id!, query.item) }),
    },
    { method: 'GET', path: '/api/me', who: 'person', answer: ({ viewer }) => ({ json: meOf(viewer!) }) },
  ]
}

const MAX_CURSORS = 200

function meOf({ device, person, posts }: Viewer): unknown {
  return { device, person, posts }
}

async function answerTile({ db, road }: LogRouteNeeds, { params }: Call) {
  const { level, index, width } = parseTilePath(`tile/${params['*']}`)
  const { view, tiles } = road
  if (tileWidth(level, index, view.size) < width) throw new Refusal('not_found', 'The log is not that long')
  const bytes =
    level === 'entries'
      ? await readBundle(db, index * 256, width)
      : (await tiles.tile(view, level, index, width)).slice(0, width * 32)
  return { bytes: bytes as Bytes, type: 'application/octet-stream', immutable: true }
}

async function readBundle(db: Read, first: number, width: number): Promise<Bytes> {
  const rows = await db.many<{ leaf: Bytes }>('SELECT leaf FROM item WHERE index >= $1 AND index < $2 ORDER BY index', [
    first,
    first + width,
  ])
  return encodeBundle(rows.map(({ leaf }) => leaf))
}

async function describeService({ reader, road, key, demo, version }: LogRouteNeeds): Promise<Cbor> {
  const root = await reader.root()
  return new Map<number, Cbor>([
    [1, root?.cose ?? null],
    [2, root?.leaf ?? null],
    [3, root?.proof ?? []],
    [4, root?.checkpoint ?? road.view.checkpoint],
    [5, demo],
    [6, version],
    [7, formatVerifierKey(key.note)],
  ])
}

async function signIn(sessions: Sessions, body: unknown): Promise<unknown> {
  const { device, challenge, signature } = (body ?? {}) as Record<string, unknown>
  if (typeof device !== 'string' || device.length > 100) throw new Refusal('bad_input', 'Which device?')
  if (challenge === undefined) return { challenge: sessions.challenge(device) }
  if (typeof challenge !== 'string' || typeof signature !== 'string') throw new Refusal('bad_input', 'Not signed')
  return sessions.open(device, challenge, signature)
}

function bytesOf(body: unknown): Bytes {
  if (body instanceof Uint8Array) return body as Bytes
  throw new Refusal('bad_input', 'A CBOR body expected (application/cbor)')
}

function readMap(body: unknown): Map<number, Cbor> {
  const map = decode(bytesOf(body))
  if (map instanceof Map) return map
  throw new Refusal('bad_bytes', 'A map expected')
}

function listOf(value: Cbor | undefined): Cbor[] {
  if (Array.isArray(value)) return value
  throw new Refusal('bad_bytes', 'A list expected')
}

function heldOf(list: Cbor[]): Map<string, number> {
  return new Map(
    list.map((value) => {
      const [chain, next] = listOf(value)
      return [toBase64url(bytesOf(chain)), countOf(next)]
    }),
  )
}

function partyOf(value: Cbor | undefined): string {
  if (value instanceof Uint8Array && value.length === ID_LENGTH) return toBase64url(value)
  throw new Refusal('bad_bytes', 'A party expected')
}

function countOf(value: Cbor | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new Refusal('bad_bytes', 'A count expected')
}
