/**
 * The WhatsApp Business Cloud API as it is documented: `POST /{phone-number-id}/messages` with a template, its error codes, its
 * throttling, and signed statuses to a webhook. Refuses what the documentation refuses.
 */
import { createHmac } from 'node:crypto'
import { type Asked, type HttpAnswer, httpEnd } from './channel-ends.ts'

export const WHATSAPP = {
  phoneNumberId: '106540352242922',
  token: 'EAAG-a-token',
  template: 'smarak_notice',
  language: 'bn',
  appSecret: 'app-secret',
  verifyToken: 'verify-me',
}

export type WhatsAppEnd = {
  api: string
  asked: Asked[]
  messages: { id: string; to: string; text: string }[]
  /** Error codes for the next calls; 'silence' and 'garbage' are no answer of the API at all. */
  fails: (number | 'silence' | 'garbage')[]
  /** Most messages a second before 130429; none when undefined. */
  perSecond: number | undefined
  /** The body and signature of a webhook call about a message. */
  status(id: string, state: string, code?: number): { body: string; signature: string }
  close(): Promise<void>
}

type Body = {
  messaging_product?: string
  recipient_type?: string
  to?: string
  type?: string
  template?: {
    name?: string
    language?: { code?: string }
    components?: { type?: string; parameters?: { type?: string; text?: string }[] }[]
  }
}

const STATUS: Record<number, number> = { 190: 401, 10: 403, 131000: 500, 131016: 503, 1: 500, 2: 503 }

export async function whatsAppEnd(): Promise<WhatsAppEnd> {
  const messages: WhatsAppEnd['messages'] = []
  const sentAt: number[] = []
  const fails: WhatsAppEnd['fails'] = []
  let perSecond: number | undefined

  function answer(asked: Asked): HttpAnswer {
    const next = fails.shift()
    if (next === 'garbage') return { status: 200, body: '<html>Welcome</html>' }
    if (typeof next === 'number') return failure(next)
    if (asked.method !== 'POST' || asked.path !== `/v23.0/${WHATSAPP.phoneNumberId}/messages`) return failure(100)
    if (asked.headers.authorization !== `Bearer ${WHATSAPP.token}`) return failure(190)
    const now = Date.now()
    if (perSecond !== undefined && sentAt.filter((at) => at > now - 1000).length >= perSecond) return failure(130429)
    const body = JSON.parse(asked.body.toString('utf8')) as Body
    const { template } = body
    if (body.messaging_product !== 'whatsapp' || body.type !== 'template' || !/^\d{8,15}$/.test(body.to ?? ''))
      return failure(100)
    if (template?.name !== WHATSAPP.template || template.language?.code !== WHATSAPP.language) return failure(132001)
    const parameters = template.components?.find(({ type }) => type === 'body')?.parameters ?? []
    if (parameters.length !== 1) return failure(132000)
    const text = parameters[0]!.text ?? ''
    // Parameters may not be empty, nor hold line breaks, tabs or more than four spaces together.
    if (parameters[0]!.type !== 'text' || text === '' || /[\n\t]| {5}/.test(text)) return failure(132012)
    if (text.length > 1024) return failure(132005)
    sentAt.push(now)
    const id = `wamid.${Buffer.from(`${messages.length + 1}`).toString('base64url')}`
    messages.push({ id, to: body.to!, text })
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        messaging_product: 'whatsapp',
        contacts: [{ input: body.to, wa_id: body.to }],
        messages: [{ id, message_status: 'accepted' }],
      }),
    }
  }

  const end = await httpEnd(answer)
  const silent = await httpEnd('silence')
  return {
    get api() {
      return `${fails[0] === 'silence' ? silent.url : end.url}/v23.0`
    },
    asked: end.asked,
    messages,
    fails,
    get perSecond() {
      return perSecond
    },
    set perSecond(most) {
      perSecond = most
    },
    status(id, state, code) {
      const body = JSON.stringify({
        object: 'whatsapp_business_account',
        entry: [
          {
            id: '102290129340398',
            changes: [
              {
                field: 'messages',
                value: {
                  messaging_product: 'whatsapp',
                  metadata: { display_phone_number: '8801700000000', phone_number_id: WHATSAPP.phoneNumberId },
                  statuses: [
                    {
                      id,
                      status: state,
                      timestamp: '1729570000',
                      recipient_id: '8801712345678',
                      ...(code ? { errors: [{ code, title: 'Message undeliverable' }] } : {}),
                    },
                  ],
                },
              },
            ],
          },
        ],
      })
      const digest = createHmac('sha256', WHATSAPP.appSecret).update(body).digest('hex')
      return { body, signature: `sha256=${digest}` }
    },
    async close() {
      await Promise.all([end.close(), silent.close()])
    },
  }
}

function failure(code: number): HttpAnswer {
  return {
    status: STATUS[code] ?? 400,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      error: {
        message: `(#${code}) Error`,
        type: 'OAuthException',
        code,
        error_data: { messaging_product: 'whatsapp', details: 'As documented' },
        fbtrace_id: 'Az8or2yhqkZfEZ-_4Qn_Bam',
      },
    }),
  }
}
