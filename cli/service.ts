import type { Accepted } from '../client/accepted.ts'
import { KINDS, newState } from '../client/device.ts'
import { MemoryStore } from '../client/memory-store.ts'
import type { ClientState } from '../client/mirror.ts'
import { Proven } from '../client/proven.ts'
import { Transport } from '../client/transport.ts'
import { type Root, readRoot, Seen } from '../client/trust.ts'
import { openWire } from '../client/wire.ts'
import type { Bytes } from '../core/bytes.ts'
import { Fields } from '../core/fields.ts'
import { idText, readCose } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { type ImportKey, importId } from '../features/directory/drafts.ts'
import { importKeyOf } from '../features/directory/founding.ts'
import type { Directory, Id, Office, Person, Post } from '../features/directory/index.ts'
import type { Send } from '../features/directory/registrar.ts'

/** A founded service as an operator's command sees it: nothing of it is believed but what the log proves under its root. */
export class Service {
  readonly root: Root
  readonly rootKeys: Bytes[]
  /** How many entries the log had when this was opened. */
  readonly size: number
  readonly send: Send
  /** Under which an operator's items are made: the time is that of the root, so that the same plan is the same bytes. */
  readonly key: ImportKey
  readonly #proven: Proven<ClientState>

  private constructor(root: Root, size: number, transport: Transport) {
    const { header } = readCose(root.cose)
    this.root = root
    this.size = size
    this.rootKeys = new Fields('root', header.fields).list(3, 2, (key) => key as Bytes)
    this.send = (envelopes) => transport.postItems(envelopes)
    this.key = importKeyOf(root.logKey.publicKey, header.time)
    this.#proven = new Proven({ store: new MemoryStore(), transport, kinds: KINDS, newState })
    this.#proven.pin(root, new Seen(root.logKey))
  }

  /**
   * What is accepted is kept in `accepted`, where a profile makes it. Throws `Refusal`: `offline`, `no_service` (details: help) where
   * nobody has founded one yet.
   */
  static async open(server: string, accepted?: Accepted): Promise<Service> {
    const transport = new Transport({ wire: openWire({ origin: server }) })
    if (accepted) transport.onPlaced = (envelopes, answers) => accepted.keep(envelopes, answers)
    const { root, checkpoint } = await readRoot(await transport.service())
    return new Service(root, checkpoint.size, transport)
  }

  /** What was proven so far. Another object after each of the three below. */
  get directory(): Directory {
    return this.#proven.directory
  }

  /** A post by its code in the lists that were imported, proven as it stands now. Throws `Refusal('no_such_code')`. */
  async post(code: string): Promise<Post> {
    const id = await this.#prove('post', code)
    return this.directory.post(id)!
  }

  /** An office likewise. */
  async office(code: string): Promise<Office> {
    const id = await this.#prove('office', code)
    return this.directory.office(id)!
  }

  /** A person likewise. */
  async person(code: string): Promise<Person> {
    const id = await this.#prove('person', code)
    return this.directory.person(id)!
  }

  /** Whether a device of this person lives, by what was proven so far. */
  hasDevice(person: Id): boolean {
    return this.directory.person(person)?.devices.some((device) => this.directory.isLive(device)) ?? false
  }

  /** Whether he ever joined: from then on a code takes two hands. */
  hasJoined(person: Id): boolean {
    return (this.directory.person(person)?.devices.length ?? 0) > 0
  }

  async #prove(kind: 'office' | 'post' | 'person', code: string): Promise<Id> {
    const id = idText(importId(this.key, kind, code))
    try {
      await this.#proven.refresh([id])
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'not_found') throw error
      throw Object.assign(new Refusal('no_such_code', `No ${kind} ${code}`, { code, kind }), { cause: error })
    }
    return id
  }
}
