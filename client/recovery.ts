import { type Bytes, fromBase64url, randomBytes, utf8 } from '../core/bytes.ts'
import { hkdf } from '../core/hash.ts'
import { makeItem } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { newId } from './act.ts'
import type { Device } from './device.ts'
import { deviceFromSeed } from './device-keys.ts'

/**
 * The recovery code: 130 random bits as 26 characters of Crockford's base 32, from which one more device of the person comes,
 * and 4 characters that vouch for the root, so that whoever types it years later is not shown another service. On paper only.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const SECRET = 26
const TAG = 4
export const RECOVERY_LENGTH = SECRET + TAG
/** The label by which everybody, the person too, sees which of his devices is the paper. */
export const RECOVERY_LABEL = 'recovery'

export function recoverySeed(secret: string): Bytes {
  return hkdf(utf8(secret), 'recovery')
}

/** The four characters: 20 bits of the root's fingerprint, keyed by the secret. */
export function recoveryTag(secret: string, root: Bytes): string {
  return [...hkdf(utf8(secret), 'recovery-root', root, TAG)].map((byte) => ALPHABET[byte & 31]).join('')
}

/** The 30 characters of what was typed. Throws `Refusal('ticket_wrong')`. */
export function readRecoveryCode(typed: string): { secret: string; tag: string } {
  const code = typed
    .replace(/[০-৯]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x09e6 + 0x30))
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
  if (code.length !== RECOVERY_LENGTH || [...code].some((letter) => !ALPHABET.includes(letter))) {
    throw new Refusal('ticket_wrong', 'Not a recovery code')
  }
  return { secret: code.slice(0, SECRET), tag: code.slice(SECRET) }
}

/** Adds the paper as a device of this person and grants it the person's ring. Any earlier paper is closed. */
export async function makeRecoveryCode(device: Device): Promise<string> {
  const { acts, transport, proven, person, upkeep, keys, now } = device
  const { directory, root } = proven
  const before = (directory.person(person)?.devices ?? []).filter(
    (id) => directory.isLive(id) && directory.device(id)?.label === RECOVERY_LABEL,
  )
  const secret = [...randomBytes(SECRET)].map((byte) => ALPHABET[byte & 31]).join('')
  const paper = await deviceFromSeed(recoverySeed(secret))
  const add = await makeItem(
    {
      kind: 'device-add',
      id: newId(),
      time: now(),
      fields: new Map().set(1, fromBase64url(person)).set(2, paper.publicKey).set(3, RECOVERY_LABEL),
      body: [paper.kem.publicKey],
    },
    { type: 'device', id: fromBase64url(keys.id) },
    keys.sign,
  )
  await transport.place(add)
  for (const id of before) {
    const fields = new Map().set(1, fromBase64url(person)).set(2, fromBase64url(id))
    await transport.place(await acts.actAs('device-revoke', fields))
  }
  await proven.refresh([person])
  // The grant, or a new generation where an earlier paper was closed.
  await upkeep.run()
  const code = secret + recoveryTag(secret, root.fingerprint)
  return code.match(/.{5}/g)!.join('-')
}
