import type { Bytes } from '../core/bytes.ts'

/** What the device's own authenticator made for this application. */
export type MadeAuthenticator = {
  id: Bytes
  /** 32 secret bytes that it gives only after it has verified its user; null where it can verify, and give nothing. */
  secret: Bytes | null
}

/**
 * The device's own authenticator (finger, face, screen lock) behind one door: WebAuthn in a browser, nothing elsewhere. It shows
 * a dialog of the system's; where its user turns that away, or it fails, both calls reject with `Refusal('authenticator_failed')`.
 */
export interface Authenticator {
  available(): Promise<boolean>
  /** Makes a credential named `name`; `salt` (32 bytes) goes into the secret. */
  make(name: string, salt: Bytes): Promise<MadeAuthenticator>
  /** Verifies the user by the credential `id`, and gives its secret for `salt` where it has one. */
  ask(id: Bytes, salt: Bytes): Promise<Bytes | null>
}
