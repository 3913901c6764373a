/** E-mail (SMTP). Whoever runs a mail server on the way reads what is in it: kind, urgency, office. */
import { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import { type Adapter, type Message, NO_ANSWER, type Outcome } from './channel.ts'

export type MailSettings = {
  /** `smtp://user:password@host:587`, or `smtps:`. */
  url: string
  from: string
  /** What stands below the line that tells. */
  body: string
  timeout?: number
}

export function mailAdapter({ url, from, body, timeout = 15_000 }: MailSettings): Adapter {
  const transport = createTransport({
    ...optionsOf(url),
    pool: true,
    maxConnections: 4,
    maxRequeues: 0, // a connection that breaks is ours to judge
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as object)
  const domain = from.split('@').at(-1)!.replace(/>$/, '')
  return {
    name: 'mail',
    width: 8,
    price: () => 0,
    close: async () => transport.close(),
    async send({ id, to, text, urgent }: Message): Promise<Outcome> {
      const messageId = `<${id}@${domain}>`
      let begun = false
      /** Read only when the server is ready for the text: whatever breaks before, nothing was taken. */
      const content = Readable.from(
        (function* () {
          begun = true
          yield `${text}\n\n${body}\n`
        })(),
      )
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject: text,
          text: content,
          textEncoding: 'base64',
          messageId,
          priority: urgent ? 'high' : 'normal',
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        return { is: 'sent', id: messageId }
      } catch (error) {
        return outcomeOf(error as Failure, begun)
      }
    },
  }
}

type Failure = Error & { code?: string; responseCode?: number; response?: string }

function outcomeOf({ code, responseCode, response }: Failure, begun: boolean): Outcome {
  if (responseCode === undefined) {
    if (code === 'EAUTH') return { is: 'refused', code: 'mail_auth' }
    return begun ? NO_ANSWER : { is: 'later', after: 60_000 }
  }
  if (code === 'EAUTH') return { is: 'refused', code: 'mail_auth' }
  if (responseCode === 421) return { is: 'later', after: 60_000, all: true }
  if (responseCode >= 400 && responseCode < 500) return { is: 'later', after: 10 * 60_000 }
  // RFC 3463: 5.1.x is about the address. Other 550s are policy, or a full mailbox.
  if (/\b5\.1\.[1-3]\b/.test(response ?? '')) return { is: 'gone' }
  return { is: 'refused', code: `mail_${responseCode}` }
}

function optionsOf(url: string): object {
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  const host = hostname.replace(/^\[|\]$/g, '')
  const isHere = host === '127.0.0.1' || host === 'localhost' || host === '::1'
  return {
    host,
    port: Number(port) || (secure ? 465 : 587),
    secure,
    // In the open only on this machine: a relay elsewhere must speak TLS.
    requireTLS: !secure && !isHere,
    ignoreTLS: !secure && isHere,
    ...(username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
  }
}
