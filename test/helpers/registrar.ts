/** Items a real server accepts, many and cheap: people registered, and registered anew, by a root key. */
import { type Bytes, randomBytes } from '../../core/bytes.ts'
import { type Cbor, decode, encode } from '../../core/cbor.ts'
import { type SigningKey, signingKeyFromSeed } from '../../core/cose.ts'
import { type Envelope, makeItem, thumbprint } from '../../core/item.ts'
import { type NoteKey, parseVerifierKey } from '../../core/note.ts'
import { fieldMap } from '../../features/directory/drafts.ts'

export type Outcome = { index: number; leaf: Bytes } | { code: string }

/** The log's key, as the server names it. */
export async function logKeyOf(url: string): Promise<NoteKey> {
  const response = await fetch(`${url}/api/service`)
  const service = decode(new Uint8Array(await response.arrayBuffer())) as Map<number, Cbor>
  return parseVerifierKey(service.get(7) as string)
}

/** The founding of a service, and an endless supply of entries about its people. */
export class Registrar {
  readonly key: SigningKey
  readonly #second: Bytes
  #made = 0
  readonly #known: Bytes[] = []

  private constructor(key: SigningKey, second: Bytes) {
    this.key = key
    this.#second = second
  }

  static async open(): Promise<Registrar> {
    const second = await signingKeyFromSeed(randomBytes(32))
    return new Registrar(await signingKeyFromSeed(randomBytes(32)), second.publicKey)
  }

  root(log: NoteKey): Promise<Envelope> {
    return this.sign('root', ['সেবা', 'Service', [this.key.publicKey, this.#second], log.publicKey, log.name])
  }

  /** A new person, and every third time an old one anew, so that chains grow. Only those `settle`d are old. */
  async person(): Promise<Envelope> {
    const n = this.#made++
    const old = n % 3 === 2 ? (this.#known[n % Math.max(1, this.#known.length)] ?? null) : null
    return this.sign('person', [old, `p${n}-${this.key.publicKey.toHex().slice(0, 6)}`, `ব্যক্তি ${n}`, `Person ${n}`])
  }

  /** A person who is in the log for certain. */
  settle(id: Bytes): void {
    if (this.#known.length < 50) this.#known.push(id)
  }

  sign(kind: string, fields: Cbor[], id = randomBytes(16)): Promise<Envelope> {
    const signer = { type: 'root' as const, id: thumbprint(this.key.publicKey) }
    return makeItem({ kind, id, time: Date.now(), fields: fieldMap(fields) }, signer, this.key.sign)
  }
}

/** `POST /items` with envelopes as bytes. Throws when the server is away. */
export async function post(url: string, envelopes: readonly Bytes[]): Promise<Outcome[]> {
  const response = await fetch(`${url}/items`, {
    method: 'POST',
    headers: { 'content-type': 'application/cbor' },
    body: encode(envelopes.map(decode)),
  })
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  const answers = decode(new Uint8Array(await response.arrayBuffer())) as Cbor[][]
  return answers.map(([accepted, a, b]) =>
    accepted === 1 ? { index: a as number, leaf: b as Bytes } : { code: a as string },
  )
}
