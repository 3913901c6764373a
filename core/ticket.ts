import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { type Bytes, equal, randomBytes, utf8 } from './bytes.ts'
import { type SigningKey, signingKeyFromSeed } from './cose.ts'
import { hkdf } from './hash.ts'
import { Refusal } from './refusal.ts'

/**
 * The code by which a person's device joins: 20 characters of Crockford's base 32, 100 random bits. Its public key is in the
 * log, so anything shorter could be guessed offline. The code is the key: nobody need be online when it is used.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 20

/** A fresh code, in groups of four: `7K3M-…`. */
export function newCode(): string {
  const letters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte & 31])
  return formatCode(letters.join(''))
}

export function formatCode(code: string): string {
  return code.match(/.{1,4}/g)?.join('-') ?? ''
}

/**
 * The 20 characters of what a person typed or pasted: either case, Bangla digits, I and L for 1, O for 0, any spaces,
 * dashes and invisible characters. Throws `Refusal('ticket_wrong')` unless exactly 20 characters of the alphabet are left.
 */
export function readCode(typed: string): string {
  const code = typed
    .replace(/[০-৯]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x09e6 + 0x30))
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/[\s\p{Dash}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
  if (code.length !== LENGTH || [...code].some((letter) => !ALPHABET.includes(letter))) {
    throw new Refusal('ticket_wrong', 'Not a joining code')
  }
  return code
}

// Both derivations read the code first: `7k3m-…` as typed and `7K3M…` as made are one code and must give one key.

/** The key whose public half the ticket names and with which the joining device signs its own keys. Throws as `readCode`. */
export async function ticketKey(code: string): Promise<SigningKey> {
  return signingKeyFromSeed(hkdf(utf8(readCode(code)), 'ticket'))
}

/** HMAC of the root's fingerprint under the code: the joining device knows by it that the server shows the true root. */
export function rootTag(code: string, rootFingerprint: Bytes): Bytes {
  return hmac(nobleSha256, hkdf(utf8(readCode(code)), 'root'), rootFingerprint) as Bytes
}

/** Throws `Refusal('wrong_root')` when the server's root is not the one this code was made under. */
export function checkRootTag(code: string, rootFingerprint: Bytes, tag: Bytes): void {
  if (!equal(rootTag(code, rootFingerprint), tag)) throw new Refusal('wrong_root', 'Another root than the code names')
}
