import { type Bytes, concat, randomBytes, utf8 } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import type { Store } from './store.ts'

/**
 * The key over everything this device has opened or drafted. It lies in the store wrapped under a key that cannot be
 * extracted and, once a PIN is set, under the PIN as well; it is in memory only while unlocked.
 *
 * @NOTE A PIN of a few digits does not withstand somebody who has copied the whole browser profile and can run it; it
 * withstands the person who picks up the phone. The device's own keys stay usable to the browser; `revoke` ends those.
 */
export class Locker {
  readonly #store: Store
  #key: CryptoKey | null = null
  /** While unlocked: setting a PIN wraps it anew. */
  #raw: Bytes | null = null
  #hasPin = false

  private constructor(store: Store) {
    this.#store = store
  }

  /** Opens the store's key, making it the first time. Locked afterwards only where a PIN is set. */
  static async open(store: Store): Promise<Locker> {
    const locker = new Locker(store)
    const kept = await store.get<Kept>('key', 'local')
    if (!kept) await locker.#keep(randomBytes(32), null)
    else if (kept.salt) locker.#hasPin = true
    else await locker.#take(await locker.#unwrap(kept, null))
    return locker
  }

  get locked(): boolean {
    return this.#key === null
  }

  get hasPin(): boolean {
    return this.#hasPin
  }

  /** Throws `Refusal('wrong_pin')`. */
  async unlock(pin: string): Promise<void> {
    const kept = await this.#store.get<Kept>('key', 'local')
    if (!kept) throw new TypeError('a locker without a key')
    await this.#take(await this.#unwrap(kept, pin))
  }

  /** Forgets the key until `unlock`. Nothing happens where no PIN is set: nobody could open it again. */
  lock(): void {
    if (!this.#hasPin) return
    this.#key = null
    this.#raw = null
  }

  /** Sets, changes or (null) removes the PIN. Throws `Refusal('locked')` while locked. */
  async setPin(pin: string | null): Promise<void> {
    if (!this.#raw) throw new Refusal('locked', 'The device is locked')
    await this.#keep(this.#raw, pin)
  }

  /** Throws `Refusal('locked')` while locked. `label` binds the bytes to their place. */
  async seal(plain: Bytes, label: string): Promise<Bytes> {
    const iv = randomBytes(12)
    const algorithm = { name: 'AES-GCM', iv, additionalData: utf8(label) }
    return concat(iv, new Uint8Array(await crypto.subtle.encrypt(algorithm, this.#open(), plain)))
  }

  async open(sealed: Bytes, label: string): Promise<Bytes> {
    const algorithm = { name: 'AES-GCM', iv: sealed.slice(0, 12), additionalData: utf8(label) }
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.#open(), sealed.slice(12)))
  }

  #open(): CryptoKey {
    if (!this.#key) throw new Refusal('locked', 'The device is locked')
    return this.#key
  }

  async #keep(raw: Bytes, pin: string | null): Promise<void> {
    const salt = pin === null ? null : randomBytes(16)
    const inner = pin === null ? raw : await aes('encrypt', await pinKey(pin, salt!), raw)
    const outer = await this.#outerKey()
    const wrapped = await aes('encrypt', outer.key, inner)
    await this.#store.write([...outer.changes, { table: 'key', key: 'local', value: { wrapped, salt } satisfies Kept }])
    this.#hasPin = pin !== null
    await this.#take(raw)
  }

  async #take(raw: Bytes): Promise<void> {
    this.#raw = raw
    this.#key = await importAes(raw)
  }

  async #unwrap({ wrapped, salt }: Kept, pin: string | null): Promise<Bytes> {
    const inner = await aes('decrypt', (await this.#outerKey()).key, wrapped)
    if (!salt) return inner
    try {
      return await aes('decrypt', await pinKey(pin ?? '', salt), inner)
    } catch (cause) {
      throw Object.assign(new Refusal('wrong_pin', 'Not the PIN'), { cause })
    }
  }

  async #outerKey(): Promise<{ key: CryptoKey; changes: { table: 'key'; key: string; value: unknown }[] }> {
    const kept = await this.#store.get<CryptoKey | Bytes>('key', 'outer')
    if (kept) return { key: kept instanceof Uint8Array ? await importAes(kept) : kept, changes: [] }
    const raw = randomBytes(32)
    const key = await importAes(raw)
    return { key, changes: [{ table: 'key', key: 'outer', value: this.#store.keepsKeys ? key : raw }] }
  }
}

type Kept = { wrapped: Bytes; salt: Bytes | null }

/** OWASP's figure for PBKDF2-HMAC-SHA256. */
const ROUNDS = 600_000

async function pinKey(pin: string, salt: Bytes): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveKey'])
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS }
  return crypto.subtle.deriveKey(algorithm, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

async function aes(direction: 'encrypt' | 'decrypt', key: CryptoKey, bytes: Bytes): Promise<Bytes> {
  if (direction === 'encrypt') {
    const iv = randomBytes(12)
    return concat(iv, new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes)))
  }
  const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, 12) }
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, bytes.slice(12)))
}

function importAes(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
}
