import { sha3_256 } from '@noble/hashes/sha3.js'
import { AEAD_AES_256_GCM, CipherSuite, EncapError, KDF_HKDF_SHA256, type KEM, type Key, type KeyPair } from 'hpke'
import { type Bytes, concat } from './bytes.ts'
import { hkdf } from './hash.ts'
import { Refusal } from './refusal.ts'

/**
 * HPKE (RFC 9180) with X-Wing: ML-KEM-768 (FIPS 203) and X25519 (RFC 7748) combined as in
 * draft-connolly-cfrg-xwing-kem §5.3, then HKDF-SHA256 and AES-256-GCM.
 *
 * @NOTE The two halves are two CryptoKeys, never the platform's combined key: Chromium 156 stores that one in IndexedDB
 * as `null` without a word. Key pairs come from a 96-byte HKDF output rather than SHAKE256, which browsers lack; public
 * keys, encapsulations and shared secrets are X-Wing's own.
 */
export type KemPublic = { mlkem: CryptoKey; x25519: CryptoKey; raw: Bytes }
export type KemPrivate = { mlkem: CryptoKey; x25519: CryptoKey; publicKey: Bytes }

export const PUBLIC_KEY_LENGTH = 1216
export const ENCAPSULATION_LENGTH = 1120

const MLKEM = 'ML-KEM-768'
const MLKEM_PUBLIC = 1184
const MLKEM_CIPHERTEXT = 1088
const LABEL = Uint8Array.fromHex('5c2e2f2f5e5c')
const PKCS8_X25519 = Uint8Array.fromHex('302e020100300506032b656e04220420')

type Encapsulated = { sharedKey: ArrayBuffer; ciphertext: ArrayBuffer }

// @NOTE The ML-KEM calls of WebCrypto are newer than the DOM types: this names just the ones used.
type Subtle = Omit<SubtleCrypto, 'importKey' | 'exportKey' | 'generateKey'> & {
  importKey(format: string, data: Bytes, algorithm: string, extractable: boolean, usages: string[]): Promise<CryptoKey>
  exportKey(format: string, key: CryptoKey): Promise<ArrayBuffer>
  generateKey(algorithm: string, extractable: boolean, usages: string[]): Promise<CryptoKeyPair>
  getPublicKey(key: CryptoKey, usages: string[]): Promise<CryptoKey>
  encapsulateBits(algorithm: string, key: CryptoKey): Promise<Encapsulated>
  decapsulateBits(algorithm: string, key: CryptoKey, ciphertext: Bytes): Promise<ArrayBuffer>
}
const subtle = crypto.subtle as unknown as Subtle

/** A device's own key pair: made here, never leaving, storable in IndexedDB as two CryptoKeys. */
export async function generateKemKey(): Promise<KemPrivate> {
  const mlkem = await subtle.generateKey(MLKEM, false, ['encapsulateBits', 'decapsulateBits'])
  const x25519 = await subtle.generateKey('X25519', false, ['deriveBits'])
  const publicKey = concat(
    new Uint8Array(await subtle.exportKey('raw-public', mlkem.publicKey)),
    new Uint8Array(await subtle.exportKey('raw', x25519.publicKey)),
  )
  return { mlkem: mlkem.privateKey, x25519: x25519.privateKey, publicKey }
}

/** The key pair of a ring generation, from its 32-byte seed (label "kem"). The same seed gives the same keys everywhere. */
export async function kemKeyFromSeed(seed: Bytes): Promise<KemPrivate> {
  const expanded = hkdf(seed, 'kem', new Uint8Array(0), 96)
  return kemKeyFromParts(expanded.slice(0, 64), expanded.slice(64))
}

/** From the 64-byte seed of ML-KEM (FIPS 203 §7.1, d ‖ z) and the X25519 scalar: what X-Wing expands its own key to. */
export async function kemKeyFromParts(pqSeed: Bytes, x25519: Bytes): Promise<KemPrivate> {
  const scalar = concat(PKCS8_X25519, x25519)
  // The public halves can only be read from extractable keys; those do not outlive this function.
  const open = await crypto.subtle.importKey('pkcs8', scalar, 'X25519', true, ['deriveBits'])
  const { x } = await crypto.subtle.exportKey('jwk', open)
  const openPq = await subtle.importKey('raw-seed', pqSeed, MLKEM, true, ['decapsulateBits'])
  const pqPublic = await subtle.exportKey('raw-public', await subtle.getPublicKey(openPq, ['encapsulateBits']))
  return {
    mlkem: await subtle.importKey('raw-seed', pqSeed, MLKEM, false, ['decapsulateBits']),
    x25519: await crypto.subtle.importKey('pkcs8', scalar, 'X25519', false, ['deriveBits']),
    publicKey: concat(new Uint8Array(pqPublic), Uint8Array.fromBase64(x!, { alphabet: 'base64url' })),
  }
}

const Q = 3329
const MLKEM_COEFFICIENTS = 768
/** Points of small order on Curve25519 and their second spellings (RFC 7748 §6.1): every secret agreed with them is zero. */
const SMALL_ORDER = new Set([
  `00${'00'.repeat(31)}`,
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
])

/**
 * Whether anything can be sealed to these bytes: the length, the modulus check of FIPS 203 §7.2, and an X25519 point that is not
 * of small order. A key that fails it must never be admitted: nobody could issue a letter to an audience with its owner in it.
 */
export function isKemKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_LENGTH) return false
  for (let i = 0; i < (MLKEM_COEFFICIENTS * 3) / 2; i += 3) {
    const [a, b, c] = [publicKey[i]!, publicKey[i + 1]!, publicKey[i + 2]!]
    if ((a | ((b & 15) << 8)) >= Q || ((b >> 4) | (c << 4)) >= Q) return false
  }
  const point = publicKey.slice(MLKEM_PUBLIC)
  point[31]! &= 0x7f
  return !SMALL_ORDER.has(point.toHex())
}

export type Sealed = { enc: Bytes; ct: Bytes }

/**
 * `HPKE.SealBase` to an X-Wing public key (1,216 bytes). `info` binds the ciphertext to its use. Throws
 * `Refusal('bad_bytes')` for a key nobody can be sealed to: another length, a coefficient past q, a point of small order.
 */
export async function sealTo(publicKey: Bytes, plaintext: Bytes, info: Bytes): Promise<Sealed> {
  const key = await importPublic(publicKey)
  try {
    const { encapsulatedSecret, ciphertext } = await suite.Seal(key, plaintext, { info })
    return { enc: encapsulatedSecret as Bytes, ct: ciphertext as Bytes }
  } catch (cause) {
    if (cause instanceof EncapError) throw notAKey(cause)
    throw cause
  }
}

/** `HPKE.OpenBase`. Throws `Refusal('cannot_open')` when it was not sealed to this key with this `info`. */
export async function openWith(key: KemPrivate, { enc, ct }: Sealed, info: Bytes): Promise<Bytes> {
  try {
    return (await suite.Open(new XWingKey('private', undefined, key), enc, ct, { info })) as Bytes
  } catch (cause) {
    const refusal = new Refusal('cannot_open', 'Not sealed to this key')
    refusal.cause = cause
    throw refusal
  }
}

/** A key as `hpke` passes it through: two CryptoKeys, and the public bytes that the combiner needs. */
export class XWingKey implements Key {
  readonly algorithm = { name: 'X-Wing' }
  readonly extractable = false
  readonly type: 'public' | 'private'
  readonly pub: KemPublic | undefined
  readonly priv: KemPrivate | undefined

  constructor(type: 'public' | 'private', pub?: KemPublic, priv?: KemPrivate) {
    this.type = type
    this.pub = pub
    this.priv = priv
  }
}

async function importPublic(raw: Bytes): Promise<XWingKey> {
  if (raw.length !== PUBLIC_KEY_LENGTH) throw notAKey()
  try {
    const mlkem = await subtle.importKey('raw-public', raw.slice(0, MLKEM_PUBLIC), MLKEM, true, ['encapsulateBits'])
    const x25519 = await crypto.subtle.importKey('raw', raw.slice(MLKEM_PUBLIC), 'X25519', true, [])
    return new XWingKey('public', { mlkem, x25519, raw })
  } catch (cause) {
    throw notAKey(cause)
  }
}

function notAKey(cause?: unknown): Refusal {
  const refusal = new Refusal('bad_bytes', 'Not an X-Wing public key')
  refusal.cause = cause
  return refusal
}

/** The X-Wing combiner: SHA3-256(ss_M ‖ ss_X ‖ ct_X ‖ pk_X ‖ label). */
function combine(ssPq: ArrayBuffer, ssX: ArrayBuffer, ctX: Uint8Array, pkX: Uint8Array): Bytes {
  return sha3_256(concat(new Uint8Array(ssPq), new Uint8Array(ssX), ctX, pkX, LABEL)) as Bytes
}

async function agree(privateKey: CryptoKey, publicKey: CryptoKey): Promise<ArrayBuffer> {
  return crypto.subtle.deriveBits({ name: 'X25519', public: publicKey }, privateKey, 256)
}

/** X-Wing in the form `hpke` asks for; exported so that tests can hold it to published vectors. */
export const xwing: KEM<XWingKey> = {
  id: 0x647a,
  type: 'KEM',
  name: 'X-Wing',
  Nsecret: 32,
  Nenc: ENCAPSULATION_LENGTH,
  Npk: PUBLIC_KEY_LENGTH,
  Nsk: 32,
  async Encap(pkR) {
    const { mlkem, x25519, raw } = pkR.pub!
    const pq = await subtle.encapsulateBits(MLKEM, mlkem)
    const ephemeral = await subtle.generateKey('X25519', false, ['deriveBits'])
    const ctX = new Uint8Array(await subtle.exportKey('raw', ephemeral.publicKey))
    const ssX = await agree(ephemeral.privateKey, x25519)
    return {
      shared_secret: combine(pq.sharedKey, ssX, ctX, raw.subarray(MLKEM_PUBLIC)),
      enc: concat(new Uint8Array(pq.ciphertext), ctX),
    }
  },
  async Decap(enc, skR) {
    const { mlkem, x25519, publicKey } = skR.priv!
    const ctX = enc.slice(MLKEM_CIPHERTEXT) as Bytes
    const ssPq = await subtle.decapsulateBits(MLKEM, mlkem, enc.slice(0, MLKEM_CIPHERTEXT) as Bytes)
    const ssX = await agree(x25519, await crypto.subtle.importKey('raw', ctX, 'X25519', true, []))
    return combine(ssPq, ssX, ctX, publicKey.subarray(MLKEM_PUBLIC))
  },
  async SerializePublicKey(key) {
    return key.pub!.raw
  },
  async DeserializePublicKey(raw) {
    return importPublic(raw as Bytes)
  },
  DeriveKeyPair: unused as () => Promise<KeyPair<XWingKey>>,
  GenerateKeyPair: unused as () => Promise<KeyPair<XWingKey>>,
  SerializePrivateKey: unused as () => Promise<Uint8Array>,
  DeserializePrivateKey: unused as () => Promise<XWingKey>,
}

// Keys are made by the functions above, never through the suite.
async function unused(): Promise<never> {
  throw new TypeError('keys are made by generateKemKey and kemKeyFromSeed')
}

const suite = new CipherSuite(() => xwing, KDF_HKDF_SHA256, AEAD_AES_256_GCM)
