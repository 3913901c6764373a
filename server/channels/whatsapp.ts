/** WhatsApp notices by the Business Cloud API: template messages, approved by Meta beforehand, with one parameter. */
import { callOut, NoAnswer, retryAfter } from './call-out.ts'
import { type Adapter, type Message, NO_ANSWER, type Outcome } from './channel.ts'

export type WhatsAppSettings = {
  /** `https://graph.facebook.com/v23.0`, or a simulator. */
  api: string
  phoneNumberId: string
  token: string
  /** Name and language of the approved template, whose body is one {{1}}. */
  template: string
  language: string
  /** Hundredths a message. */
  price: number
  timeout?: number
}

type NeedsClock = { now: () => number }

export function whatsAppAdapter(settings: WhatsAppSettings, { now }: NeedsClock): Adapter {
  return {
    name: 'whatsapp',
    width: 16,
    price: () => settings.price,
    close: async () => {},
    async send({ to, text }: Message): Promise<Outcome> {
      try {
        const {
          status,
          headers,
          text: said,
        } = await callOut(
          `${settings.api}/${settings.phoneNumberId}/messages`,
          {
            method: 'POST',
            headers: { authorization: `Bearer ${settings.token}`, 'content-type': 'application/json' },
            body: JSON.stringify(templateMessage(settings, to, text)),
          },
          settings.timeout ?? 15_000,
        )
        const answer = read(said)
        const id = answer?.messages?.[0]?.id
        if (status >= 200 && status < 300) return id ? { is: 'sent', id } : NO_ANSWER
        const code = answer?.error?.code
        if (code === undefined) return status >= 500 ? NO_ANSWER : { is: 'refused', code: `whatsapp_http_${status}` }
        const known = outcomeOfCode(code)
        return known.is === 'later' ? { ...known, after: retryAfter(headers, now(), known.after) } : known
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        return error.begun ? NO_ANSWER : { is: 'later', after: 60_000 }
      }
    },
  }
}

/** The documented body of a template message. Pure. */
export function templateMessage({ template, language }: WhatsAppSettings, to: string, text: string): object {
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: to.replace(/^\+/, ''),
    type: 'template',
    template: {
      name: template,
      language: { code: language },
      components: [{ type: 'body', parameters: [{ type: 'text', text }] }],
    },
  }
}

const MINUTE = 60_000

/** Error codes after which the same message may be sent again: nothing was taken over. */
const LATER: Record<number, Outcome> = {
  1: { is: 'later', after: MINUTE }, // unknown, or the API is down
  2: { is: 'later', after: MINUTE }, // service unavailable
  4: { is: 'later', after: 10 * MINUTE, all: true }, // too many calls of the app
  80007: { is: 'later', after: 10 * MINUTE, all: true }, // too many calls of the account
  130429: { is: 'later', after: 10_000, all: true }, // throughput of the number
  131000: { is: 'later', after: MINUTE }, // something went wrong
  131016: { is: 'later', after: 5 * MINUTE }, // overloaded
  131048: { is: 'later', after: 60 * MINUTE, all: true }, // spam rate limit: the number's quality is low
  131056: { is: 'later', after: MINUTE }, // too many to this one person
  131057: { is: 'later', after: 10 * MINUTE, all: true }, // the account is in maintenance
  133004: { is: 'later', after: 5 * MINUTE }, // server temporarily unavailable
}

/**
 * What an error of the API means for a message. Not listed, and so refused with their code: 131026 (no WhatsApp there), 131047
 * (24 hours are over), 132000–132016 (the template is wrong, paused or unknown), 190 (the token has expired), 131042 (payment).
 */
export function outcomeOfCode(code: number): Outcome {
  return LATER[code] ?? { is: 'refused', code: `whatsapp_${code}` }
}

type Answer = { messages?: { id?: string }[]; error?: { code?: number } }

function read(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { messages, error } = value as Record<string, unknown>
    const id = Array.isArray(messages) ? (messages[0] as { id?: unknown } | undefined)?.id : undefined
    const code = (error as { code?: unknown } | undefined)?.code
    return {
      ...(typeof id === 'string' && id ? { messages: [{ id }] } : {}),
      ...(typeof code === 'number' ? { error: { code } } : {}),
    }
  } catch {
    return undefined // Not the API's words: a proxy's page, perhaps. The status says enough.
  }
}
