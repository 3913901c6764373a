/** Addresses as people write them, to the one form that is kept. Pure. */
import { Refusal } from '../../core/refusal.ts'
import { toLatin } from '../../language/digits.ts'
import type { WrittenChannel } from './channel.ts'

/** What is wrong with a number: a key of `channels.phone`. */
export type PhoneFault = 'letters' | 'short' | 'long' | 'not_mobile' | 'country'

/** The form in which an address is kept. Throws `bad_phone` (details: why, a `PhoneFault`) or `bad_mail`. */
export function normalAddress(channel: WrittenChannel, written: string): string {
  return channel === 'mail' ? normalMail(written) : normalPhone(written)
}

/**
 * A mobile number in E.164: Bangla or Latin digits, with spaces, hyphens, dots and brackets between them, beginning with
 * +880, 880, 00880, 0 or the operator's 1; a number abroad begins with + or 00. Throws `Refusal('bad_phone')`, details: why.
 */
export function normalPhone(written: string): string {
  const plain = toLatin(written.normalize('NFKC')).replace(/[\s\-‐-―.()]|\p{Cf}/gu, '')
  const digits = plain.replace(/^\+/, '')
  if (!/^\d+$/.test(digits)) throw bad(digits === '' ? 'short' : 'letters')
  const abroad = plain.startsWith('+') ? digits : /^00[1-9]/.test(digits) ? digits.slice(2) : undefined
  if (abroad !== undefined && !abroad.startsWith('880')) {
    if (abroad.startsWith('0')) throw bad('country')
    if (abroad.length < 8) throw bad('short')
    if (abroad.length > 15) throw bad('long')
    return `+${abroad}`
  }
  return `+880${national(abroad ?? digits)}`
}

/** The ten digits behind +880. */
function national(digits: string): string {
  const rest = digits.replace(/^880/, '').replace(/^0/, '')
  if (rest.length < 10) throw bad('short')
  if (rest.length > 10) throw bad('long')
  if (!/^1[3-9]/.test(rest)) throw bad('not_mobile')
  return rest
}

/** An e-mail address, its domain in small letters. Throws `Refusal('bad_mail')`. */
export function normalMail(written: string): string {
  const [, local, domain] =
    /^([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64})@([A-Za-z0-9.-]{3,189})$/.exec(written.trim()) ?? []
  const isDomain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i.test(domain ?? '')
  if (!local || !domain || !isDomain || /^\.|\.\.|\.$/.test(local))
    throw new Refusal('bad_mail', 'Not an e-mail address')
  return `${local}@${domain.toLowerCase()}`
}

function bad(why: PhoneFault): Refusal {
  return new Refusal('bad_phone', `Not a mobile number: ${why}`, { why })
}
