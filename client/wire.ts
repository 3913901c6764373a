import type { Bytes } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'

/** One request, as bytes. `token` goes out as a bearer. */
export type Ask = {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  body?: Bytes
  type?: 'application/json' | 'application/cbor' | 'application/octet-stream'
  token?: string
  /** Milliseconds until it counts as lost, where that is not the usual. */
  patience?: number
}
/** `date`: the server's clock as its reply names it, in milliseconds since 1970 and whole seconds. */
export type Reply = { status: number; body: Bytes; date?: number }

export type LiveEvents = { onMessage: (text: string) => void; onClose: (code: number) => void }
export type LiveConnection = { send(text: string): void; close(): void }

/**
 * The way to the server and nothing more. Everything above it believes none of what comes back, so tests put a liar here.
 * `ask` rejects with `Refusal('offline')` when no answer came; any answer at all resolves.
 */
export interface Wire {
  ask(ask: Ask): Promise<Reply>
  /** Opens the live connection and sends `hello` first. */
  live(path: string, hello: string, events: LiveEvents): LiveConnection
  /** Bytes sent and received so far, heads of requests reckoned in, for the officer's own account of data used. */
  readonly used: { sent: number; received: number }
}

export type WireNeeds = {
  /** Where the server is: `https://smarak.example`, without a slash at the end. */
  origin: string
  fetch?: typeof fetch
  webSocket?: new (url: string) => WebSocket
  /** Milliseconds until a request counts as lost. 2G needs several seconds for the handshake alone. */
  timeout?: number
}

/**
 * What a browser puts about a request and gets about a reply, which no script can count: with Chromium and our own server 582
 * and 859 bytes on average. A proxy that speaks HTTP/2 makes less of it.
 */
const REQUEST_HEAD = 600
const REPLY_HEAD = 850
/** About the reply that opens the live connection. */
const LIVE_HEAD = 130
/** Of one message on the live connection. */
const FRAME = 6

/** Over the platform's `fetch` and `WebSocket`; the same in Node and a browser. */
export function openWire({ origin, fetch: send = fetch, webSocket = WebSocket, timeout = 30_000 }: WireNeeds): Wire {
  const used = { sent: 0, received: 0 }
  return {
    used,
    async ask({ method, path, body, type, token, patience = timeout }) {
      const headers: Record<string, string> = {}
      if (type) headers['content-type'] = type
      if (token) headers.authorization = `Bearer ${token}`
      used.sent += REQUEST_HEAD + (body?.length ?? 0)
      try {
        const reply = await send(origin + path, {
          method,
          headers,
          ...(body ? { body } : {}),
          signal: AbortSignal.timeout(patience),
          cache: 'no-store',
        })
        const bytes = new Uint8Array(await reply.arrayBuffer())
        used.received += REPLY_HEAD + bytes.length
        const date = Date.parse(reply.headers.get('date') ?? '')
        return { status: reply.status, body: bytes, ...(Number.isNaN(date) ? {} : { date }) }
      } catch (cause) {
        throw Object.assign(new Refusal('offline', `No answer from ${origin}`), { cause })
      }
    },
    live(path, hello, { onMessage, onClose }) {
      const socket = new webSocket(origin.replace(/^http/, 'ws') + path)
      const say = (text: string) => {
        used.sent += FRAME + text.length
        socket.send(text)
      }
      used.sent += REQUEST_HEAD
      socket.addEventListener('open', () => {
        used.received += LIVE_HEAD
        say(hello)
      })
      socket.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string') return
        used.received += FRAME + data.length
        onMessage(data)
      })
      socket.addEventListener('close', ({ code }) => onClose(code))
      return {
        send: (text) => {
          if (socket.readyState === socket.OPEN) say(text)
        },
        close: () => socket.close(),
      }
    },
  }
}
