import { type Bytes, concat, randomBytes, utf8 } from '../core/bytes.ts'
import { hkdf } from '../core/hash.ts'
import { Refusal } from '../core/refusal.ts'
import type { Authenticator } from './authenticator.ts'
import { type PinTries, settled, waitsUntil } from './pin-tries.ts'
import type { Change, Store } from './store.ts'

/** What the device's authenticator is to this lock: the secret it gives opens the key, or it only guards a key in memory. */
export type AuthenticatorKind = 'key' | 'gate'

/**
 * The key over everything this device has opened or drafted. It lies in the store wrapped under a key that cannot be
 * extracted and, once a PIN is set, under the PIN as well; it is in memory only while unlocked. Beside the PIN the device's own
 * authenticator may open it: where that gives a secret (WebAuthn's PRF), by a second wrap under the secret; where it does not, it
 * only guards what stays in memory, so a start still asks for the PIN.
 *
 * @NOTE A PIN of a few digits does not withstand somebody who has copied the whole browser profile and can run it; it
 * withstands the person who picks up the phone, and wrong ones make him wait. The device's own keys stay usable to the browser;
 * `revoke` ends those.
 */
export class Locker {
  readonly #store: Store
  readonly #now: () => number
  /** Of PBKDF2, for a PIN that is set from now on. */
  readonly #rounds: number
  #key: CryptoKey | null = null
  /** While unlocked: setting a PIN wraps it anew. */
  #raw: Bytes | null = null
  /** The raw key of a lock that only an authenticator without a secret guards. */
  #guarded: Bytes | null = null
  #hasPin = false
  #tries: PinTries = { wrong: 0, last: 0 }
  #authenticator: KeptAuthenticator | null = null

  private constructor(store: Store, now: () => number, rounds: number) {
    this.#store = store
    this.#now = now
    this.#rounds = rounds
  }

  /**
   * Opens the store's key, making it the first time. Locked afterwards only where a PIN is set. `rounds`: how hard a PIN set from now
   * on is to guess; how hard one set before was is kept beside it.
   */
  static async open(store: Store, now: () => number, rounds: number = ROUNDS): Promise<Locker> {
    const locker = new Locker(store, now, rounds)
    const kept = await store.get<Kept>('key', 'local')
    locker.#authenticator = (await store.get<KeptAuthenticator>('key', 'authenticator')) ?? null
    await locker.#readTries()
    if (!kept) await locker.#keep(randomBytes(32), null)
    else if (kept.salt) locker.#hasPin = true
    else await locker.#take(await locker.#unwrap(kept))
    return locker
  }

  get locked(): boolean {
    return this.#key === null
  }

  get hasPin(): boolean {
    return this.#hasPin
  }

  /** Until when no PIN is tried, after wrong ones; null where one may be tried now. */
  get waitsUntil(): number | null {
    return waitsUntil(this.#tries, this.#now())
  }

  /** Null where none was added. */
  get authenticator(): AuthenticatorKind | null {
    if (!this.#authenticator) return null
    return this.#authenticator.wrapped ? 'key' : 'gate'
  }

  /** Whether the authenticator can open this lock as it stands: a gate cannot after a start, when nothing is behind it. */
  get authenticatorOpens(): boolean {
    return this.locked && (this.authenticator === 'key' || (this.authenticator === 'gate' && this.#guarded !== null))
  }

  /** Throws `Refusal`: `wrong_pin`, or `pin_wait` with `until` while no PIN is tried, however right it is. */
  async unlock(pin: string): Promise<void> {
    await this.#take(await this.#tryPin(pin))
  }

  /** Opens by the device's own authenticator. Throws `Refusal('authenticator_failed')`, and where none can open this lock. */
  async unlockBy(authenticator: Authenticator): Promise<void> {
    const kept = this.#authenticator
    if (!kept || !this.authenticatorOpens) throw new Refusal('authenticator_failed', 'Nothing it could open')
    const secret = await authenticator.ask(kept.id, kept.salt)
    if (!kept.wrapped) return this.#take(this.#guarded!)
    const key = secret && (await secretKey(secret))
    const inner = key && (await aes('decrypt', key, kept.wrapped).catch(() => null))
    if (!inner) throw new Refusal('authenticator_failed', 'Not the secret this key was wrapped under')
    await this.#take(await aes('decrypt', (await this.#outerKey()).key, inner))
    // Who his own phone knows is not the one who tried PINs.
    await this.#keepTries({ wrong: 0, last: 0 })
  }

  /**
   * Adds the device's authenticator beside the PIN. Throws `Refusal`: `locked`, `wrong_state` where no PIN is set (the way in
   * when a finger is not read), `authenticator_failed`.
   */
  async addAuthenticator(authenticator: Authenticator, name: string): Promise<void> {
    const raw = this.#openRaw()
    if (!this.#hasPin) throw new Refusal('wrong_state', 'A PIN first')
    const salt = randomBytes(32)
    const { id, secret } = await authenticator.make(name, salt)
    let wrapped: Bytes | null = null
    if (secret)
      wrapped = await aes('encrypt', await secretKey(secret), await aes('encrypt', (await this.#outerKey()).key, raw))
    const kept: KeptAuthenticator = { id, salt, wrapped }
    await this.#store.write([{ table: 'key', key: 'authenticator', value: kept }])
    this.#authenticator = kept
  }

  async removeAuthenticator(): Promise<void> {
    this.#openRaw()
    await this.#store.write([{ table: 'key', key: 'authenticator', value: undefined }])
    this.#authenticator = null
    this.#guarded = null
  }

  /** Forgets the key until `unlock`. Nothing happens where no PIN is set: nobody could open it again. */
  lock(): void {
    if (!this.#hasPin) return
    if (this.authenticator === 'gate' && this.#raw) this.#guarded = this.#raw
    this.#key = null
    this.#raw = null
  }

  /**
   * Sets, changes or (null) removes the PIN, and with it the authenticator. Throws `Refusal`: `locked`; and where a PIN is set
   * and `current` is not it, as `unlock`.
   */
  async setPin(pin: string | null, current = ''): Promise<void> {
    this.#openRaw()
    const raw = this.#hasPin ? await this.#tryPin(current) : this.#openRaw()
    if (pin === null && this.#authenticator) await this.removeAuthenticator()
    await this.#keep(raw, pin)
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

  #openRaw(): Bytes {
    if (!this.#raw) throw new Refusal('locked', 'The device is locked')
    return this.#raw
  }

  /**
   * The raw key, by the PIN.
   *
   * @NOTE The try is counted before it is made: whoever ends the page in between has used it up.
   */
  async #tryPin(pin: string): Promise<Bytes> {
    const kept = await this.#store.get<Kept>('key', 'local')
    if (!kept) throw new TypeError('a locker without a key')
    // Another tab may have counted.
    await this.#readTries()
    const until = this.waitsUntil
    if (until !== null) throw new Refusal('pin_wait', 'Too many wrong PINs; wait', { until })
    await this.#keepTries({ wrong: this.#tries.wrong + 1, last: this.#now() })
    const raw = await this.#unwrap(kept, pin)
    await this.#keepTries({ wrong: 0, last: 0 })
    return raw
  }

  async #readTries(): Promise<void> {
    const kept = (await this.#store.get<PinTries>('key', 'pin-tries')) ?? { wrong: 0, last: 0 }
    this.#tries = settled(kept, this.#now())
    if (this.#tries !== kept) await this.#keepTries(this.#tries)
  }

  async #keepTries(tries: PinTries): Promise<void> {
    this.#tries = tries
    await this.#store.write([{ table: 'key', key: 'pin-tries', value: tries.wrong > 0 ? tries : undefined }])
  }

  async #keep(raw: Bytes, pin: string | null): Promise<void> {
    const rounds = this.#rounds
    const salt = pin === null ? null : randomBytes(16)
    const inner = pin === null ? raw : await aes('encrypt', await pinKey(pin, salt!, rounds), raw)
    const outer = await this.#outerKey()
    const value: Kept = { wrapped: await aes('encrypt', outer.key, inner), salt, rounds }
    await this.#store.write([...outer.changes, { table: 'key', key: 'local', value }])
    this.#hasPin = pin !== null
    await this.#take(raw)
  }

  async #take(raw: Bytes): Promise<void> {
    this.#raw = raw
    this.#guarded = null
    this.#key = await importAes(raw)
  }

  async #unwrap({ wrapped, salt, rounds = ROUNDS }: Kept, pin = ''): Promise<Bytes> {
    const inner = await aes('decrypt', (await this.#outerKey()).key, wrapped)
    if (!salt) return inner
    try {
      return await aes('decrypt', await pinKey(pin, salt, rounds), inner)
    } catch (cause) {
      throw Object.assign(new Refusal('wrong_pin', 'Not the PIN'), { cause })
    }
  }

  async #outerKey(): Promise<{ key: CryptoKey; changes: Change[] }> {
    const kept = await this.#store.get<CryptoKey | Bytes>('key', 'outer')
    if (kept) return { key: kept instanceof Uint8Array ? await importAes(kept) : kept, changes: [] }
    const raw = randomBytes(32)
    const key = await importAes(raw)
    return { key, changes: [{ table: 'key', key: 'outer', value: this.#store.keepsKeys ? key : raw }] }
  }
}

type Kept = { wrapped: Bytes; salt: Bytes | null; rounds?: number }
/** `wrapped`: the local key under the secret the authenticator gives; null where it gives none. */
type KeptAuthenticator = { id: Bytes; salt: Bytes; wrapped: Bytes | null }

/** OWASP's figure for PBKDF2-HMAC-SHA256. */
const ROUNDS = 600_000

async function pinKey(pin: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveKey'])
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(algorithm, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

function secretKey(secret: Bytes): Promise<CryptoKey> {
  return importAes(hkdf(secret, 'smarak authenticator'))
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
