import { type Bytes, concat, equal } from './bytes.ts'
import { type Cbor, decode, encode } from './cbor.ts'
import { Refusal } from './refusal.ts'

/** Makes an Ed25519 signature (64 bytes) of the bytes given: a device, root, ticket or log key. */
export type Sign = (bytes: Bytes) => Promise<Bytes>

/** `{1: -8}`: algorithm EdDSA (RFC 9053 §2.2), the only protected header we write or accept. */
const PROTECTED = encode(new Map<number, Cbor>([[1, -8]]))
const NOTHING = new Uint8Array(0)

/** `Sig_structure` of RFC 9052 §4.4 for COSE_Sign1, with no external data: the bytes a signature is over. */
export function toBeSigned(payload: Bytes): Bytes {
  return encode(['Signature1', PROTECTED, NOTHING, payload])
}

/** An untagged COSE_Sign1 (RFC 9052 §4.2) over `payload`. */
export async function sign1(payload: Bytes, sign: Sign): Promise<Bytes> {
  return encode([PROTECTED, new Map(), payload, await sign(toBeSigned(payload))])
}

export type Sign1 = { payload: Bytes; signature: Bytes }

/** Takes a COSE_Sign1 apart without checking it. Throws `Refusal('bad_bytes')` for any but our one form. */
export function readSign1(bytes: Uint8Array): Sign1 {
  const value = decode(bytes)
  if (!Array.isArray(value) || value.length !== 4) throw bad('not four elements')
  const [protectedHeader, unprotected, payload, signature] = value
  if (!(protectedHeader instanceof Uint8Array) || protectedHeader.toHex() !== PROTECTED.toHex()) {
    throw bad('the algorithm is not EdDSA alone')
  }
  if (!(unprotected instanceof Map) || unprotected.size !== 0) throw bad('unprotected headers')
  if (!(payload instanceof Uint8Array)) throw bad('no payload')
  if (!(signature instanceof Uint8Array) || signature.length !== 64) throw bad('no signature')
  return { payload, signature }
}

/** Whether the signature is by the Ed25519 key (32 raw bytes). */
export async function verifySign1({ payload, signature }: Sign1, publicKey: Uint8Array): Promise<boolean> {
  return verifyEd25519(publicKey, signature, toBeSigned(payload))
}

/**
 * Ed25519 (RFC 8032 §5.1.7, without the cofactor) over raw bytes; `false` also for a key that is not one.
 *
 * @NOTE Points of small order are refused here, as the key and as R, and keys not in canonical form with them: under
 * such a key one signature fits every message. Node refuses them by itself and Chromium does not, so a signature could
 * be good on a phone and bad on the server.
 */
export async function verifyEd25519(publicKey: Uint8Array, signature: Uint8Array, bytes: Bytes): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  if (isWeakPoint(publicKey) || isWeakPoint(signature.subarray(0, 32))) return false
  try {
    const key = await crypto.subtle.importKey('raw', publicKey as Bytes, 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, signature as Bytes, bytes)
  } catch {
    // Not a point on the curve: nothing can have been signed by it.
    return false
  }
}

/** y of the points whose order divides 8, little-endian: 0, 1, p - 1 and the two of order 8. */
const SMALL_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map((hex) => Uint8Array.fromHex(hex))

/** Of small order, or with y ≥ p = 2^255 - 19; the sign of x makes no difference to either. */
function isWeakPoint(point: Uint8Array): boolean {
  const y = point.slice()
  y[31]! &= 0x7f
  if (SMALL_ORDER.some((small) => equal(small, y))) return true
  return y[31] === 0x7f && y[0]! >= 0xed && y.subarray(1, 31).every((byte) => byte === 0xff)
}

export type SigningKey = { publicKey: Bytes; sign: Sign }

/** A fresh Ed25519 key pair; the private half cannot be taken out of it. */
export async function generateSigningKey(): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair
}

const PKCS8_ED25519 = Uint8Array.fromHex('302e020100300506032b657004220420')

/** The Ed25519 key whose RFC 8032 seed is these 32 bytes; used for tickets and the keys an operator keeps in files. */
export async function signingKeyFromSeed(seed: Bytes): Promise<SigningKey> {
  const pkcs8 = concat(PKCS8_ED25519, seed)
  const extractable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
  const { x } = await crypto.subtle.exportKey('jwk', extractable)
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
  return { publicKey: Uint8Array.fromBase64(x!, { alphabet: 'base64url' }), sign: signer(privateKey) }
}

/** The `Sign` of a private key. */
export function signer(privateKey: CryptoKey): Sign {
  return async (bytes) => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, bytes))
}

function bad(why: string): Refusal {
  return new Refusal('bad_bytes', `Not our COSE_Sign1: ${why}`)
}
