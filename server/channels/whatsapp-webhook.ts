/** What Meta tells of messages: statuses, signed over the raw body, twice and in disorder. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Bytes, fromUtf8 } from '../../core/bytes.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Call, Route } from '../routes.ts'
import { RECEIPT_STATES, type Receipt, type ReceiptState } from './channel.ts'

export type WebhookSettings = { appSecret: string; verifyToken: string }

export const WEBHOOK = '/api/whatsapp/webhook'

export function webhookRoutes(
  { appSecret, verifyToken }: WebhookSettings,
  take: (receipts: Receipt[]) => Promise<void>,
): Route[] {
  return [
    { method: 'GET', path: WEBHOOK, who: 'anyone', answer: ({ query }) => ({ text: handshake(query, verifyToken) }) },
    {
      method: 'POST',
      path: WEBHOOK,
      who: 'anyone',
      raw: true,
      perMinute: 6_000,
      async answer({ body, signature }) {
        if (!(body instanceof Uint8Array) || !isSigned(body as Bytes, signature, appSecret))
          throw new Refusal('bad_signature', 'Not signed with the secret of the app')
        // Answered once it is kept: what is not answered, Meta brings again.
        await take(readStatuses(body as Bytes))
        return { json: {} }
      },
    },
  ]
}

function handshake(query: Call['query'], verifyToken: string): string {
  const challenge = query['hub.challenge'] ?? ''
  const mine = query['hub.mode'] === 'subscribe' && sameText(query['hub.verify_token'] ?? '', verifyToken)
  if (!mine || !/^[\w-]{1,200}$/.test(challenge)) throw new Refusal('not_found', 'No such address')
  return challenge
}

/** Whether the header is HMAC-SHA256 of the bytes, in the time it takes for any. */
export function isSigned(body: Bytes, header: string | undefined, secret: string): boolean {
  return sameText(header ?? '', `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

/** The statuses in a notification; whatever else is in it is passed over. Throws `Refusal('bad_input')` for what is no JSON. */
export function readStatuses(body: Bytes): Receipt[] {
  let value: unknown
  try {
    value = JSON.parse(fromUtf8(body))
  } catch (cause) {
    throw Object.assign(new Refusal('bad_input', 'Not JSON'), { cause })
  }
  const receipts: Receipt[] = []
  for (const entry of list(value, 'entry'))
    for (const change of list(entry, 'changes'))
      for (const status of list(member(change, 'value'), 'statuses')) {
        const [message, state] = [member(status, 'id'), member(status, 'status')]
        if (typeof message !== 'string' || message.length > 200 || !isState(state)) continue
        const code = member(list(status, 'errors')[0], 'code')
        receipts.push({
          channel: 'whatsapp',
          message,
          state,
          code: typeof code === 'number' ? `whatsapp_${code}` : null,
        })
      }
  return receipts
}

function isState(value: unknown): value is ReceiptState {
  return RECEIPT_STATES.includes(value as ReceiptState)
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function list(value: unknown, name: string): unknown[] {
  const found = member(value, name)
  return Array.isArray(found) ? found : []
}
