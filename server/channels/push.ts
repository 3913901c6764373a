/** Web Push (RFC 8030, 8188, 8291, 8292): what is sent is encrypted to the browser; its push service carries it unread. */
import webpush from 'web-push'
import { Refusal } from '../../core/refusal.ts'
import { callOut, NoAnswer, retryAfter } from './call-out.ts'
import type { Adapter, Message, Outcome } from './channel.ts'
import type { VapidKeys } from './vapid.ts'

/** Where one browser takes pushes, as its `PushSubscription` says. */
export type PushAddress = { endpoint: string; p256dh: string; auth: string }

export type PushSettings = {
  /** `mailto:` or `https:`, for the push service to complain to. */
  subject: string
  /** Hosts of push services; `*.` at the beginning takes every name below. Of no other host anything is asked. */
  hosts: readonly string[]
  timeout?: number
}

/** Those of Chrome and most Android browsers, Firefox, Edge and Safari. */
export const PUSH_HOSTS = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '*.push.services.mozilla.com',
  '*.notify.windows.com',
  '*.push.apple.com',
] as const

const DAY = 24 * 3600
/** All payloads have one length, so that theirs tells nothing of the office. */
const PADDED = 1024
const TOKEN_MS = 3_600_000

/** @throws `Refusal('bad_push_endpoint')` for an address no push service of these hosts gave. */
export function checkEndpoint(endpoint: string, hosts: readonly string[]): void {
  const url = URL.parse(endpoint)
  const isHere = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost'
  const secure = url?.protocol === 'https:' || (isHere && url?.protocol === 'http:')
  const known = hosts.some((host) =>
    host.startsWith('*.') ? url?.hostname.endsWith(host.slice(1)) : url?.hostname === host,
  )
  if (!url || !secure || !known || url.username || url.password || endpoint.length > 1000)
    throw new Refusal('bad_push_endpoint', 'Not an address of a push service we know')
}

type Needs = { keys: VapidKeys; settings: PushSettings; now: () => number }

export function pushAdapter({ keys, settings, now }: Needs): Adapter<PushAddress> {
  const tokens = new Map<string, { header: string; until: number }>()
  /** One signature an hour for each push service, not one a message; it is good for twelve. */
  const authorization = (endpoint: string) => {
    const { origin } = new URL(endpoint)
    const known = tokens.get(origin)
    if (known && known.until > now()) return known.header
    const made = webpush.getVapidHeaders(origin, settings.subject, keys.publicKey, keys.privateKey, 'aes128gcm') as {
      Authorization: string
    }
    tokens.set(origin, { header: made.Authorization, until: now() + TOKEN_MS })
    return made.Authorization
  }

  return {
    name: 'push',
    width: 64,
    price: () => 0,
    close: async () => {},
    async send({ id, to, text, urgent, opens, about }: Message<PushAddress>): Promise<Outcome> {
      let request: { headers: Record<string, string | number>; body: Buffer | null }
      try {
        checkEndpoint(to.endpoint, settings.hosts)
        const payload = JSON.stringify({ text, tag: about ?? id, urgent, ...(opens ? { opens } : {}) })
        request = webpush.generateRequestDetails(
          { endpoint: to.endpoint, keys: { p256dh: to.p256dh, auth: to.auth } },
          payload + ' '.repeat(Math.max(0, PADDED - Buffer.byteLength(payload))),
          {
            // Older than that it is no news; an urgent one wakes a sleeping phone, and the same one twice is shown once.
            TTL: urgent ? DAY : 3 * DAY,
            urgency: urgent ? 'high' : 'normal',
            topic: topicOf(id),
            contentEncoding: 'aes128gcm',
            vapidDetails: null as never, // ours, below
          },
        ) as never
      } catch {
        return { is: 'gone' } // Keys or an address nobody can push to, and never could.
      }
      try {
        const { 'Content-Length': _, ...given } = request.headers
        const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
        const answer = await callOut(
          to.endpoint,
          {
            method: 'POST',
            headers: { ...headers, Authorization: authorization(to.endpoint) },
            body: Uint8Array.from(request.body!),
          },
          settings.timeout ?? 10_000,
        )
        return outcomeOf(answer, now())
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        // Sent once more it takes the place of the first: they have one topic, and one tag on the screen.
        return { is: 'later', after: 30_000 }
      }
    },
  }
}

function outcomeOf({ status, headers }: { status: number; headers: Headers }, now: number): Outcome {
  if (status >= 200 && status < 300) return { is: 'sent', id: '' }
  if (status === 404 || status === 410) return { is: 'gone' }
  if (status === 429) return { is: 'later', after: retryAfter(headers, now, 60_000), all: true }
  if (status >= 500) return { is: 'later', after: retryAfter(headers, now, 60_000) }
  return { is: 'refused', code: `push_${status}` }
}

/** At most 32 letters of base64url (RFC 8030, 5.4). */
function topicOf(id: string): string {
  return id.replace(/[^\w-]/g, '-').slice(0, 32)
}
