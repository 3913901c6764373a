import type { Bytes } from '../core/bytes.ts'
import { idText, type SignerType } from '../core/item.ts'
import type { Read } from './db.ts'

export type KnownKey = { type: SignerType; publicKey: Bytes }

/** Public keys by thumbprint. A thumbprint is a hash, so what was once read stays true. */
export class SigningKeys {
  readonly #db: Read
  readonly #cache = new Map<string, KnownKey>()
  readonly #limit: number

  constructor(db: Read, limit = 50_000) {
    this.#db = db
    this.#limit = limit
  }

  /** Those of these that are in the log, by thumbprint as text. */
  async find(thumbprints: Iterable<Bytes>): Promise<Map<string, KnownKey>> {
    const found = new Map<string, KnownKey>()
    const unknown = new Map<string, Bytes>()
    for (const thumbprint of thumbprints) {
      const name = idText(thumbprint)
      const key = this.#cache.get(name)
      if (key) found.set(name, key)
      else unknown.set(name, thumbprint)
    }
    if (unknown.size === 0) return found
    const rows = await this.#db.many<{ thumbprint: Bytes; type: SignerType; public_key: Bytes }>(
      'SELECT thumbprint, type, public_key FROM signing_key WHERE thumbprint = any($1::bytea[])',
      [[...unknown.values()]],
    )
    for (const { thumbprint, type, public_key } of rows) {
      const name = idText(thumbprint)
      const key = { type, publicKey: public_key }
      found.set(name, key)
      if (this.#cache.size >= this.#limit) this.#cache.delete(this.#cache.keys().next().value!)
      this.#cache.set(name, key)
    }
    return found
  }
}
