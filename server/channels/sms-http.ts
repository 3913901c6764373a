/** SMS through a local gateway, none of which share a standard: what to ask and what counts as yes are settings. */
import { callOut, NoAnswer, retryAfter } from './call-out.ts'
import { type Adapter, type Message, NO_ANSWER, type Outcome } from './channel.ts'
import { smsPrice } from './sms-parts.ts'

export type HttpGateway = {
  /** May hold {to}, {to_plain} (without +), {text}, {id}, each escaped for where it stands. */
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  /** As `url`; '' sends none. Escaped as the content type asks: JSON, a form, or as it is. */
  body: string
  /** Counts as taken over: a status from 200 to 299, and this. Nothing more where it is empty. */
  yes: { field: string; is: string } | { holds: string } | null
  /** A field of a JSON answer that names the message, or ''. */
  idField: string
  /** Hundredths a part. */
  price: number
  timeout?: number
}

type NeedsClock = { now: () => number }

export function httpSmsAdapter(gateway: HttpGateway, { now }: NeedsClock): Adapter {
  return {
    name: 'sms',
    width: 8,
    price: (text) => smsPrice(text, gateway.price),
    close: async () => {},
    async send(message: Message): Promise<Outcome> {
      const request = requestOf(gateway, message)
      try {
        const answer = await callOut(request.url, request, gateway.timeout ?? 15_000)
        if (answer.status === 429) return { is: 'later', after: retryAfter(answer.headers, now(), 30_000), all: true }
        if (answer.status === 503) return { is: 'later', after: retryAfter(answer.headers, now(), 60_000) }
        if (answer.status < 200 || answer.status > 299) return { is: 'refused', code: `sms_${answer.status}` }
        const json = jsonOf(answer.text)
        if (!isYes(gateway, answer.text, json)) return { is: 'refused', code: 'sms_not_yes' }
        return { is: 'sent', id: gateway.idField ? String(fieldOf(json, gateway.idField) ?? '') : '' }
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        return error.begun ? NO_ANSWER : { is: 'later', after: 60_000 }
      }
    },
  }
}

/** The call a gateway gets for a message. Pure. */
export function requestOf(
  { url, method, headers, body }: HttpGateway,
  { to, text, id }: Pick<Message, 'to' | 'text' | 'id'>,
): { url: string; method: string; headers: Record<string, string>; body?: string } {
  const values: Record<string, string> = { to, to_plain: to.replace(/^\+/, ''), text, id }
  const fill = (template: string, safe: (value: string) => string) =>
    template.replace(/\{(to|to_plain|text|id)\}/g, (_, name: string) => safe(values[name]!))
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const inBody = type.includes('json')
    ? (value: string) => JSON.stringify(value).slice(1, -1)
    : type.includes('x-www-form-urlencoded')
      ? encodeURIComponent
      : type.includes('xml')
        ? escapeXml
        : (value: string) => value
  const asked = { url: fill(url, encodeURIComponent), method, headers }
  return method === 'POST' && body ? { ...asked, body: fill(body, inBody) } : asked
}

function isYes({ yes }: HttpGateway, text: string, json: unknown): boolean {
  if (!yes) return true
  if ('holds' in yes) return text.includes(yes.holds)
  const found = fieldOf(json, yes.field)
  return found !== undefined && String(found) === yes.is
}

/** `response.0.status` of nested objects and lists. */
function fieldOf(value: unknown, path: string): unknown {
  let at = value
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string, unknown>)[step]
  }
  return typeof at === 'object' ? undefined : at
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // Not JSON: then no field of it is yes.
  }
}

const XML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

function escapeXml(value: string): string {
  return value.replace(/[&<>"']/g, (one) => XML[one]!)
}
