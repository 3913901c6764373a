/** The other ends of channels, on ports of this machine: each speaks its real protocol and keeps every byte that came. */
import { createECDH, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo, Server as NetServer } from 'node:net'
import smpp, { type Pdu, type Session } from 'smpp'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

const ece = createRequire(createRequire(import.meta.url).resolve('web-push'))('http_ece') as {
  decrypt(bytes: Buffer, options: object): Buffer
}

export type Asked = { method: string; path: string; headers: IncomingMessage['headers']; body: Buffer }

export type HttpEnd = {
  url: string
  asked: Asked[]
  /** What the next calls are answered with; the last goes on for good. 'silence' answers nothing, 'cut' breaks off. */
  answers: (HttpAnswer | 'silence' | 'cut' | ((asked: Asked) => HttpAnswer))[]
  close(): Promise<void>
}

export type HttpAnswer = { status: number; body?: string; headers?: Record<string, string> }

/** An HTTP server that keeps what it was asked and answers as it is told. */
export async function httpEnd(...answers: HttpEnd['answers']): Promise<HttpEnd> {
  const asked: Asked[] = []
  const end: HttpEnd = { url: '', asked, answers, close: async () => {} }
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one = {
      method: request.method!,
      path: request.url!,
      headers: request.headers,
      body: Buffer.concat(chunks),
    }
    asked.push(one)
    const given = end.answers.length > 1 ? end.answers.shift()! : (end.answers[0] ?? { status: 201 })
    if (given === 'silence') return
    if (given === 'cut') return request.socket.resetAndDestroy()
    const { status, body = '', headers = {} } = typeof given === 'function' ? given(one) : given
    response.writeHead(status, headers).end(body)
  })
  end.url = `http://127.0.0.1:${await listen(server)}`
  end.close = () => closeAll(server)
  return end
}

/** A browser's side of a subscription: its keys, and what it would read. */
export class PushBrowser {
  readonly #ecdh = createECDH('prime256v1')
  readonly #auth = randomBytes(16)
  readonly endpoint: string

  constructor(endpoint: string) {
    this.#ecdh.generateKeys()
    this.endpoint = endpoint
  }

  get address() {
    return {
      endpoint: this.endpoint,
      p256dh: this.#ecdh.getPublicKey().toString('base64url'),
      auth: this.#auth.toString('base64url'),
    }
  }

  read({ body }: Asked): { text: string; tag: string; urgent: boolean; opens?: string } {
    const plain = ece.decrypt(body, {
      version: 'aes128gcm',
      privateKey: this.#ecdh,
      authSecret: this.#auth.toString('base64url'),
    })
    return JSON.parse(plain.toString('utf8'))
  }
}

export type Mail = { from: string; to: string[]; raw: string }

/** A real SMTP server. `refuse` may answer a recipient or a text with an error of the protocol. */
export async function mailEnd(
  refuse: { recipient?: (to: string) => [number, string] | undefined; data?: () => [number, string] | undefined } = {},
  options: SMTPServerOptions = {},
): Promise<{ url: string; mails: Mail[]; close(): Promise<void> }> {
  const mails: Mail[] = []
  const failure = ([responseCode, message]: [number, string]) => Object.assign(new Error(message), { responseCode })
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo({ address }, _session, done) {
      const refused = refuse.recipient?.(address)
      done(refused ? failure(refused) : null)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const refused = refuse.data?.()
        if (refused) return done(failure(refused))
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString('utf8'),
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {}) // a client that went away
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = (server.server as NetServer).address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

export type Sms = { to: string; from: string; text: string; coding: number; id: string; raw: Uint8Array }

export type SmscEnd = {
  url: string
  messages: Sms[]
  /** Statuses for the next submissions (0 is yes); afterwards 0. 'silence' answers nothing. */
  statuses: (number | 'silence')[]
  /** Sends a delivery receipt for a message. */
  receipt(id: string, stat: string): void
  /** Breaks every connection. */
  cut(): void
  binds: number
  close(): Promise<void>
}

/** A short message centre: `smpp`'s own server end. Binds only `smarak`/`secret`. */
export async function smscEnd(): Promise<SmscEnd> {
  const sessions = new Set<Session>()
  let next = 1
  const server = smpp.createServer((session) => {
    sessions.add(session)
    session.on('error', () => {}) // a client that went away
    session.on('close', () => sessions.delete(session))
    session.on('bind_transceiver', (pdu: Pdu) => {
      end.binds++
      const known = pdu.system_id === 'smarak' && pdu.password === 'secret'
      session.send(pdu.response(known ? {} : { command_status: 0x0e }))
    })
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
    session.on('unbind', (pdu: Pdu) => {
      session.send(pdu.response())
      session.close()
    })
    session.on('submit_sm', (pdu: Pdu) => {
      const status = end.statuses.shift() ?? 0
      if (status === 'silence') return
      if (status !== 0) return void session.send(pdu.response({ command_status: status }))
      const id = `m${next++}`
      const message = (pdu.short_message as { message: string | Uint8Array }).message
      end.messages.push({
        to: pdu.destination_addr!,
        from: pdu.source_addr!,
        text: String(message),
        coding: pdu.data_coding!,
        id,
        raw: Buffer.from(JSON.stringify(pdu)),
      })
      session.send(pdu.response({ message_id: id }))
    })
  })
  const end: SmscEnd = {
    url: '',
    messages: [],
    statuses: [],
    binds: 0,
    receipt(id, stat) {
      const text = `id:${id} sub:001 dlvrd:001 submit date:2410221000 done date:2410221001 stat:${stat} err:000 text:`
      for (const session of sessions)
        session.deliver_sm({ esm_class: 4, short_message: text, receipted_message_id: id })
    },
    cut() {
      for (const session of sessions) session.destroy()
    },
    async close() {
      end.cut()
      server.close()
      await once(server, 'close')
    },
  }
  end.url = `smpp://smarak:secret@127.0.0.1:${await listen(server)}`
  return end
}

async function listen(server: NetServer | Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return (server.address() as AddressInfo).port
}

async function closeAll(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
