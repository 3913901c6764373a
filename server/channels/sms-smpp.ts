/** SMS by SMPP 3.4: one bound connection, kept; parts with a header; delivery receipts asked for. */
import { randomInt } from 'node:crypto'
import smpp, { type Pdu, type Session } from 'smpp'
import { type Adapter, type Message, NO_ANSWER, type Outcome, type Receipt, type ReceiptState } from './channel.ts'
import { smsParts, smsPrice } from './sms-parts.ts'

export type SmppSettings = {
  /** `smpp://id:password@host:2775`, or `ssmpp:` over TLS. */
  url: string
  /** The sender shown: a name of up to 11 letters, or a number. */
  from: string
  /** Hundredths a part. */
  price: number
  timeout?: number
}

type Needs = { onReceipt: (receipt: Receipt) => void }

const ENQUIRE_MS = 30_000

/** What the other side says of one message, by command status (SMPP 3.4, 5.1.3). Others: refused. */
const STATUS: Record<number, Outcome> = {
  8: { is: 'later', after: 60_000 }, // system error
  11: { is: 'gone' }, // invalid destination
  20: { is: 'later', after: 10_000, all: true }, // queue full
  88: { is: 'later', after: 5_000, all: true }, // throttled
  100: { is: 'later', after: 60_000 }, // receiver, for now
}

export function smppAdapter(settings: SmppSettings, { onReceipt }: Needs): Adapter {
  const link = new Link(settings, onReceipt)
  return {
    name: 'sms',
    width: 16,
    price: (text) => smsPrice(text, settings.price),
    close: () => link.close(),
    async send({ to, text, urgent }: Message): Promise<Outcome> {
      if (!(await link.open())) return { is: 'later', after: 60_000 }
      const { alphabet, parts } = smsParts(text)
      const reference = randomInt(256)
      let id = ''
      for (const [i, part] of parts.entries()) {
        const encoded = alphabet === 'ucs2' ? Buffer.from(part, 'utf16le').swap16() : part
        const udh = Buffer.from([5, 0, 3, reference, parts.length, i + 1])
        const answer = await link.submit({
          source_addr_ton: /^\+?\d+$/.test(settings.from) ? 1 : 5,
          source_addr: settings.from.replace(/^\+/, ''),
          dest_addr_ton: 1,
          dest_addr_npi: 1,
          destination_addr: to.replace(/^\+/, ''),
          data_coding: alphabet === 'ucs2' ? 8 : 0,
          registered_delivery: 1,
          priority_flag: urgent ? 1 : 0,
          short_message: parts.length > 1 ? { udh, message: encoded } : { message: encoded },
        })
        if (answer?.command_status !== 0) return failed(answer, i > 0)
        // The receipt of the last part stands for the message.
        id = answer.message_id ?? ''
      }
      return { is: 'sent', id }
    },
  }
}

function failed(answer: Pdu | undefined, halfway: boolean): Outcome {
  if (!answer) return NO_ANSWER
  if (halfway) return { is: 'refused', code: 'smpp_partly' } // The first part is out: not once more.
  return STATUS[answer.command_status] ?? { is: 'refused', code: `smpp_${answer.command_status}` }
}

/** A connection that is bound when it is needed, and bound anew when it broke. */
class Link {
  readonly #settings: SmppSettings
  readonly #onReceipt: (receipt: Receipt) => void
  readonly #timeout: number
  #session: Session | undefined
  #opening: Promise<boolean> | undefined
  /** Ends every wait for an answer of the session at hand. */
  #broken: (() => void)[] = []
  #enquiring: NodeJS.Timeout | undefined

  constructor(settings: SmppSettings, onReceipt: (receipt: Receipt) => void) {
    this.#settings = settings
    this.#onReceipt = onReceipt
    this.#timeout = settings.timeout ?? 10_000
  }

  /** Whether there is a bound session now. */
  open(): Promise<boolean> {
    if (this.#session) return Promise.resolve(true)
    this.#opening ??= this.#bind().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  /** The answer, or undefined where none came. */
  submit(message: object): Promise<Pdu | undefined> {
    const session = this.#session
    if (!session) return Promise.resolve(undefined)
    return this.#answer((heard) => session.submit_sm(message, heard))
  }

  async close(): Promise<void> {
    const session = this.#session
    if (!session) return
    await Promise.race([
      this.#answer((heard) => session.unbind(heard)),
      new Promise((resolve) => setTimeout(resolve, 500).unref()),
    ])
    this.#drop(session)
  }

  async #bind(): Promise<boolean> {
    const { protocol, host, username, password } = new URL(this.#settings.url.replace(/^(s?)smpp:/, 'http$1:'))
    const scheme = protocol === 'https:' ? 'ssmpp' : 'smpp'
    const session = smpp.connect({ url: `${scheme}://${host}` })
    session.on('error', () => this.#drop(session)) // Refused, reset, or bytes that are no SMPP.
    session.on('close', () => this.#drop(session))
    session.on('deliver_sm', (pdu: Pdu) => {
      session.send(pdu.response())
      const receipt = receiptOf(pdu)
      if (receipt) this.#onReceipt(receipt)
    })
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
    session.on('unbind', (pdu: Pdu) => {
      session.send(pdu.response())
      this.#drop(session)
    })
    const bound = await this.#answer((heard) =>
      session.bind_transceiver(
        { system_id: decodeURIComponent(username), password: decodeURIComponent(password), interface_version: 0x34 },
        heard,
      ),
    )
    if (bound?.command_status !== 0) {
      this.#drop(session)
      return false
    }
    this.#session = session
    this.#enquiring = setInterval(() => {
      void this.#answer((heard) => session.enquire_link(heard)).then((pdu) => pdu ?? this.#drop(session))
    }, ENQUIRE_MS)
    this.#enquiring.unref()
    return true
  }

  #answer(ask: (heard: (pdu: Pdu) => void) => boolean): Promise<Pdu | undefined> {
    return new Promise((resolve) => {
      const end = (pdu?: Pdu) => {
        clearTimeout(timer)
        this.#broken = this.#broken.filter((one) => one !== end)
        resolve(pdu)
      }
      const timer = setTimeout(end, this.#timeout)
      this.#broken.push(end)
      if (!ask(end)) end()
    })
  }

  #drop(session: Session): void {
    if (this.#session === session || this.#session === undefined) {
      clearInterval(this.#enquiring)
      this.#session = undefined
      for (const end of [...this.#broken]) end()
    }
    session.destroy()
  }
}

/** Final states as a receipt spells them (SMPP 3.4, appendix B). */
const FINAL: Record<string, ReceiptState> = {
  DELIVRD: 'delivered',
  EXPIRED: 'failed',
  DELETED: 'failed',
  UNDELIV: 'failed',
  REJECTD: 'failed',
}

/** What a receipt says, or undefined for an ordinary message and for a state that is not final. Pure. */
export function receiptOf(pdu: Pick<Pdu, 'short_message' | 'receipted_message_id'>): Receipt | undefined {
  const { short_message: text } = pdu
  const message = text instanceof Uint8Array ? text : text?.message
  const said = typeof message === 'string' ? message : Buffer.from(message ?? []).toString('latin1')
  const id = pdu.receipted_message_id ?? /\bid:(\S+)/.exec(said)?.[1]
  const stat = /\bstat:(\w+)/.exec(said)?.[1]
  const state = FINAL[stat ?? '']
  return id && state ? { channel: 'sms', message: id, state, code: state === 'failed' ? stat! : null } : undefined
}
