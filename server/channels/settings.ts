/** The channels' settings, out of the environment. Each channel is off until its settings are given. */

import type { Limits } from './held.ts'
import type { Minutes, Quiet } from './hours.ts'
import type { MailSettings } from './mail.ts'
import { PUSH_HOSTS, type PushSettings } from './push.ts'
import type { HttpGateway } from './sms-http.ts'
import type { SmppSettings } from './sms-smpp.ts'
import type { WhatsAppSettings } from './whatsapp.ts'
import type { WebhookSettings } from './whatsapp-webhook.ts'

export type ChannelSettings = {
  push: PushSettings | undefined
  mail: Omit<MailSettings, 'body'> | undefined
  smpp: SmppSettings | undefined
  smsHttp: HttpGateway | undefined
  whatsapp: (WhatsAppSettings & Partial<WebhookSettings>) | undefined
  limits: Limits
  /** Of an office that said nothing of its own. */
  checks: readonly Minutes[]
  quiet: Quiet | null
}

/** As `ConfigFault` of `server/config.ts`; a value that may hold a password is never repeated. */
export type SettingFault = { code: string } & Record<string, string | number>

type Env = Record<string, string | undefined>

export const NO_CHANNELS: ChannelSettings = {
  push: undefined,
  mail: undefined,
  smpp: undefined,
  smsHttp: undefined,
  whatsapp: undefined,
  limits: { sending: 50_000, daily: 500_000 },
  checks: [9 * 60 + 30, 12 * 60 + 30, 16 * 60],
  quiet: { from: 21 * 60, to: 7 * 60 },
}

/** Reads all of them; what is wrong is added to `faults`, and that channel stays off. */
export function readChannels(env: Env, faults: SettingFault[]): ChannelSettings {
  const read = new Reader(env, faults)
  const money = (name: string, otherwise: number) => read.money(`SMARAK_${name}`) ?? otherwise
  const { limits, checks, quiet } = NO_CHANNELS
  const smsPrice = money('SMS_PRICE', 0)
  const sending = money('SENDING_LIMIT', limits.sending)
  return {
    push: readPush(read),
    mail: readMail(read),
    smpp: readSmpp(read, smsPrice),
    smsHttp: readGateway(read, smsPrice),
    whatsapp: readWhatsApp(read),
    limits: { sending, daily: money('SENDING_DAILY', sending * 10) },
    checks: read.times('SMARAK_CHECK_TIMES') ?? checks,
    quiet: read.span('SMARAK_QUIET') ?? quiet,
  }
}

function readPush(read: Reader): PushSettings | undefined {
  const subject = read.matching(
    'SMARAK_PUSH_SUBJECT',
    /^(mailto:\S+@\S+|https:\/\/\S+)$/,
    'mailto:operator@example.gov.bd',
  )
  const hosts = read.text('SMARAK_PUSH_HOSTS')?.split(/[\s,]+/)
  return subject ? { subject, hosts: hosts ?? PUSH_HOSTS } : undefined
}

function readMail(read: Reader): ChannelSettings['mail'] {
  const url = read.secretUrl('SMARAK_MAIL_URL', ['smtp:', 'smtps:'])
  const from = read.matching('SMARAK_MAIL_FROM', /^[^\r\n<>]*<?[^\s<>@]+@[^\s<>@]+>?$/, 'smarak@example.gov.bd')
  return read.both('SMARAK_MAIL_URL', url, 'SMARAK_MAIL_FROM', from) ? { url: url!, from: from! } : undefined
}

function readSmpp(read: Reader, price: number): SmppSettings | undefined {
  const url = read.secretUrl('SMARAK_SMPP_URL', ['smpp:', 'ssmpp:'])
  const from = read.text('SMARAK_SMS_FROM') ?? 'Smarak'
  if (url && read.text('SMARAK_SMS_URL')) read.alone('SMARAK_SMS_URL', 'SMARAK_SMPP_URL')
  return url ? { url, from, price } : undefined
}

function readGateway(read: Reader, price: number): HttpGateway | undefined {
  const url = read.secretUrl('SMARAK_SMS_URL', ['http:', 'https:'])
  const method = read.matching('SMARAK_SMS_METHOD', /^(GET|POST)$/, 'GET, POST') ?? 'POST'
  const headers = read.headers('SMARAK_SMS_HEADERS') ?? {}
  const yes = read.yes('SMARAK_SMS_YES') ?? null
  return url
    ? {
        url,
        method: method as 'GET' | 'POST',
        headers,
        body: read.text('SMARAK_SMS_BODY') ?? '',
        yes,
        idField: read.text('SMARAK_SMS_ID') ?? '',
        price,
      }
    : undefined
}

function readWhatsApp(read: Reader): ChannelSettings['whatsapp'] {
  const token = read.text('SMARAK_WHATSAPP_TOKEN')
  const phoneNumberId = read.matching('SMARAK_WHATSAPP_NUMBER_ID', /^\d{5,20}$/, '106540352242922')
  const template = read.text('SMARAK_WHATSAPP_TEMPLATE')
  const api = read.secretUrl('SMARAK_WHATSAPP_API', ['http:', 'https:']) ?? 'https://graph.facebook.com/v23.0'
  const [appSecret, verifyToken] = [read.text('SMARAK_WHATSAPP_SECRET'), read.text('SMARAK_WHATSAPP_VERIFY')]
  read.both('SMARAK_WHATSAPP_SECRET', appSecret, 'SMARAK_WHATSAPP_VERIFY', verifyToken)
  if (!read.both('SMARAK_WHATSAPP_TOKEN', token, 'SMARAK_WHATSAPP_NUMBER_ID', phoneNumberId)) return undefined
  if (!read.both('SMARAK_WHATSAPP_TOKEN', token, 'SMARAK_WHATSAPP_TEMPLATE', template)) return undefined
  return {
    api: api.replace(/\/$/, ''),
    token: token!,
    phoneNumberId: phoneNumberId!,
    template: template!,
    language: read.text('SMARAK_WHATSAPP_LANGUAGE') ?? 'bn',
    price: read.money('SMARAK_WHATSAPP_PRICE') ?? 0,
    ...(appSecret && verifyToken ? { appSecret, verifyToken } : {}),
  }
}

class Reader {
  readonly #env: Env
  readonly #faults: SettingFault[]

  constructor(env: Env, faults: SettingFault[]) {
    this.#env = env
    this.#faults = faults
  }

  text(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined
  }

  matching(name: string, shape: RegExp, example: string): string | undefined {
    const given = this.text(name)
    return given === undefined || shape.test(given) ? given : this.#bad(name, given, example)
  }

  /** Without a word of what was given: there may be a password in it. */
  secretUrl(name: string, protocols: readonly string[]): string | undefined {
    const given = this.text(name)
    if (given === undefined) return undefined
    const { protocol, hostname } = URL.parse(given.replace(/\{\w+\}/g, 'x')) ?? {}
    return protocol && protocols.includes(protocol) && hostname
      ? given
      : this.#bad(name, '…', `${protocols[0]}//user:password@host`)
  }

  /** Taka with up to two decimals, in hundredths. */
  money(name: string): number | undefined {
    const given = this.matching(name, /^\d{1,9}(\.\d{1,2})?$/, '0.35')
    return given === undefined ? undefined : Math.round(Number(given) * 100)
  }

  times(name: string): Minutes[] | undefined {
    const given = this.text(name)
    if (given === undefined) return undefined
    if (given === 'none') return []
    const times = given.split(/[\s,]+/).map(minutesOf)
    return times.every((one) => one !== undefined) ? (times as Minutes[]) : this.#bad(name, given, '09:30,12:30,16:00')
  }

  span(name: string): Quiet | undefined {
    const given = this.text(name)
    if (given === undefined) return undefined
    const [from, to, more] = given.split(/[-–]/).map((one) => minutesOf(one.trim()))
    if (from === undefined || to === undefined || more !== undefined) return this.#bad(name, given, '21:00-07:00')
    return { from, to }
  }

  headers(name: string): Record<string, string> | undefined {
    const given = this.text(name)
    if (given === undefined) return undefined
    try {
      const value: unknown = JSON.parse(given)
      const entries = Object.entries(value as object)
      const fit = entries.every(([key, one]) => /^[\w-]+$/.test(key) && typeof one === 'string' && !/[\r\n]/.test(one))
      if (fit && !Array.isArray(value)) return Object.fromEntries(entries)
    } catch {
      // said below
    }
    return this.#bad(name, '…', '{"content-type":"application/json"}')
  }

  /** `field=value` of a JSON answer, or `~words` that it holds. */
  yes(name: string): HttpGateway['yes'] | undefined {
    const given = this.text(name)
    if (given === undefined) return undefined
    if (given.length > 1 && given.startsWith('~')) return { holds: given.slice(1) }
    const [, field, is] = /^([\w.-]+)=(.+)$/.exec(given) ?? []
    return field && is ? { field, is } : this.#bad(name, given, 'status=200, ~SUCCESS')
  }

  /** Whether both are there; one without the other is a fault. */
  both(a: string, one: unknown, b: string, other: unknown): boolean | undefined {
    if (one && other) return true
    if (one || other) this.alone(one ? a : b, one ? b : a)
    return undefined
  }

  alone(option: string, other: string): void {
    this.#faults.push({ code: 'setting_alone', option, other })
  }

  #bad(option: string, value: string, list: string): undefined {
    this.#faults.push({ code: 'bad_setting', option, value, wanted: 'like', list })
  }
}

function minutesOf(text: string): Minutes | undefined {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute)
}
