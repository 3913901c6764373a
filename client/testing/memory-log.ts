import { type Bytes, fromBase64url, randomBytes, toBase64url, utf8 } from '../../core/bytes.ts'
import { type Cbor, decode, encode } from '../../core/cbor.ts'
import { partyChain, SERVICE_CHAIN, threadChain } from '../../core/chain.ts'
import { signCheckpoint } from '../../core/checkpoint.ts'
import { type SigningKey, signingKeyFromSeed, verifyEd25519 } from '../../core/cose.ts'
import { type Item, itemFrom, readEnvelope } from '../../core/item.ts'
import { decodeLeaf } from '../../core/leaf.ts'
import {
  consistencyProof,
  type HashReader,
  hashReaderFromList,
  inclusionProof,
  leafHash,
  treeRoot,
} from '../../core/merkle.ts'
import { multiproof } from '../../core/multiproof.ts'
import { type NoteKey, noteKey } from '../../core/note.ts'
import { Refusal } from '../../core/refusal.ts'
import { TileEdge } from '../../core/tile.ts'
import { wrapLeaf, writeWrap } from '../../core/wrap.ts'
import { DirectiveBook } from '../../features/directives/book.ts'
import { directiveKinds } from '../../features/directives/kinds.ts'
import { directiveReaders } from '../../features/directives/rules.ts'
import { Directory, directoryKinds } from '../../features/directory/index.ts'
import { type Checked, type Head, type Outcome, placeAll } from '../../server/place.ts'
import { kindsByName } from '../fold.ts'
import { writeEntry } from '../messages.ts'
import type { Ask, Reply, Wire } from '../wire.ts'

type Row = { index: number; item: Item; leaf: Bytes; chain: string; kind: string }

/**
 * A log in memory that places items by the sequencer's own rules and serves what `docs/contract.md` says: so that a device can be
 * tested in milliseconds, and a liar can be built by changing what it answers. Everything about durability is missing.
 */
export class MemoryLog {
  readonly origin = 'test.example/log'
  readonly state = { directory: new Directory(), directives: new DirectiveBook() }
  readonly rows: Row[] = []
  readonly key: SigningKey
  readonly note: NoteKey
  /** The server's clock; tests move it. */
  now = Date.UTC(2024, 9, 22, 4)
  /** How many requests were answered, by path's first two parts. */
  readonly asked = new Map<string, number>()
  readonly #kinds = kindsByName(directoryKinds, directiveKinds)
  readonly #heads = new Map<string, Head>()
  readonly #inbox = new Map<string, Set<number>>()
  readonly #devices = new Map<string, Bytes>()
  readonly #sessions = new Map<string, string>()
  #edge = new TileEdge()

  constructor(key: SigningKey) {
    this.key = key
    this.note = noteKey(this.origin, key.publicKey)
  }

  static async open(): Promise<MemoryLog> {
    return new MemoryLog(await signingKeyFromSeed(randomBytes(32)))
  }

  get size(): number {
    return this.rows.length
  }

  /** A wire into this log. */
  wire(): Wire {
    const used = { sent: 0, received: 0 }
    return {
      used,
      ask: async (ask) => {
        used.sent += ask.body?.length ?? 0
        const reply = await this.answer(ask)
        used.received += reply.body.length
        return reply
      },
      live: () => ({ send() {}, close() {} }),
    }
  }

  async answer(ask: Ask): Promise<Reply> {
    const name = ask.path.split('/').slice(0, 3).join('/')
    this.asked.set(name, (this.asked.get(name) ?? 0) + 1)
    try {
      return { status: 200, body: await this.#route(ask) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { code, message, details } = error
      const status = code === 'session_expired' ? 401 : 400
      return { status, body: utf8(JSON.stringify({ code, message, details })) }
    }
  }

  async #route({ method, path, body, token }: Ask): Promise<Bytes> {
    const [address, query] = path.split('?')
    const parts = address!.split('/').slice(1)
    if (method === 'POST' && path === '/items') return this.#items(decode(body!) as Cbor[])
    if (path === '/api/service') return this.#service()
    if (path === '/checkpoint') return utf8(await this.checkpoint())
    if (path === '/api/session') return this.#session(JSON.parse(new TextDecoder().decode(body)))
    if (parts[1] === 'tickets') {
      const ticket = this.state.directory.ticket(parts[2]!)
      if (!ticket) throw new Refusal('ticket_wrong', 'No such ticket')
      const posts = this.state.directory.postsOf(ticket.person).map(({ post }) => post)
      return this.#directory([ticket.person, ...posts], 0)
    }
    if (path === '/api/directory') {
      const map = decode(body!) as Map<number, Cbor>
      const held = new Map((map.get(3) as [Bytes, number][]).map(([chain, next]) => [toBase64url(chain), next]))
      return this.#directory((map.get(1) as Bytes[]).map(toBase64url), map.get(2) as number, held)
    }
    if (path.startsWith('/api/names')) return utf8(JSON.stringify(this.names()))
    const device = this.#sessions.get(token ?? '')
    if (!device || !this.state.directory.isLive(device)) throw new Refusal('session_expired', 'No session')
    if (path === '/api/me') {
      const { person } = this.state.directory.device(device)!
      return utf8(
        JSON.stringify({ device, person, posts: this.state.directory.postsOf(person).map(({ post }) => post) }),
      )
    }
    if (path === '/api/record-room')
      return utf8(JSON.stringify({ post: this.state.directory.recordRoom()?.id ?? null }))
    if (parts[1] === 'posts') {
      const room = this.state.directory.recordRoom()?.id === parts[2]
      const below = [...this.state.directory.posts()].filter(
        ({ id, supervisor }) => id !== parts[2] && (supervisor === parts[2] || (room && supervisor === null)),
      )
      return utf8(JSON.stringify({ posts: below.map(({ id }) => id) }))
    }
    if (path === '/api/sync') return this.#sync(decode(body!) as Map<number, Cbor>)
    if (parts[1] === 'items') {
      const row = this.rows.find(({ item }) => toBase64url(item.header.id) === parts[2])
      return row!.item.body[Number(parts[4])]!
    }
    if (parts[1] === 'proof') {
      const { index, leaf } = this.rows.find(({ item }) => toBase64url(item.header.id) === parts[2])!
      const proof = inclusionProof(this.#hashes(), index, this.size).map((hash) => hash.toBase64())
      return utf8(JSON.stringify({ index, leaf: leaf.toBase64(), proof, checkpoint: await this.checkpoint() }))
    }
    if (parts[1] === 'threads') {
      const chain = threadChain(fromBase64url(parts[2]!), fromBase64url(parts[3]!))
      const rows = this.rows.filter((row) => row.chain === toBase64url(chain))
      const known = Number(new URLSearchParams(query).get('size') ?? 0)
      const { person } = this.state.directory.device(device)!
      const posts = this.state.directory.postsOf(person).map(({ post }) => post)
      return this.#bundle(rows, rows.length === 0 ? [chain] : [], known, [person, ...posts])
    }
    throw new Refusal('not_found', `No such address: ${path}`)
  }

  /** What `/api/names` gives; the office's own name is enough for tests. */
  names(): unknown {
    const { directory } = this.state
    const isJoined = (person: string) => directory.person(person)?.devices.some((device) => directory.isLive(device))
    const posts = [...directory.posts()].map((post) => ({
      id: post.id,
      role: post.role,
      title: post.name,
      office: post.office,
      officeName: directory.office(post.office)?.name ?? { bn: '', en: '' },
      supervisor: post.supervisor,
      vacant: post.holders.length === 0,
      joined: post.holders.some(({ person }) => isJoined(person)),
    }))
    return { size: this.size, posts }
  }

  async #items(values: Cbor[]): Promise<Bytes> {
    this.now += 1
    const checked = await Promise.all(
      values.map(async (value): Promise<Checked | Refusal> => {
        try {
          const item = itemFrom(value, encode(value).length)
          const kind = this.#kinds.get(item.header.kind)
          if (!kind) throw new Refusal('unknown_kind', item.header.kind)
          return { item, kind, entry: kind.read(item), size: 0 }
        } catch (error) {
          if (error instanceof Refusal) return error
          throw error
        }
      }),
    )
    const batch = checked.filter((one): one is Checked => !(one instanceof Refusal))
    const outcomes = await this.#place(batch)
    return encode(
      checked.map((one): Cbor => {
        const outcome = one instanceof Refusal ? one : outcomes[batch.indexOf(one)]!
        if (outcome instanceof Refusal) return [0, outcome.code, JSON.stringify(outcome.details)]
        return [1, outcome.index, outcome.leaf]
      }),
    )
  }

  async #place(batch: Checked[]): Promise<Outcome[]> {
    const known = new Map(
      this.rows.map(({ index, item, leaf }) => [toBase64url(item.header.id), { index, leaf, cose: item.cose }]),
    )
    const { outcomes, placed } = placeAll(batch, known, {
      state: this.state,
      edge: this.#edge,
      heads: this.#heads,
      headOf: () => null,
      time: this.now,
      log: { publicKey: this.key.publicKey, origin: this.origin },
    })
    for (const { item, place, chain, leaf, kind, entry } of placed) {
      const row = { index: place.index, item, leaf, chain: toBase64url(chain), kind: kind.name }
      this.rows.push(row)
      for (const { type, publicKey } of kind.keys?.(entry) ?? []) {
        if (type === 'device') this.#devices.set(await thumbprintText(publicKey), publicKey)
      }
      for (const party of this.#readers(kind.name, entry, item)) {
        this.#inbox.set(party, (this.#inbox.get(party) ?? new Set()).add(place.index))
      }
    }
    return outcomes
  }

  /** Places an item whatever the rules say, as a server would that is in league with its author. */
  async force(envelope: Bytes): Promise<void> {
    const item = readEnvelope(envelope)
    const kind = this.#kinds.get(item.header.kind)!
    const lawless = { ...kind, authority() {}, rule() {} }
    await this.#place([{ item, kind: lawless, entry: kind.read(item), size: 0 }])
  }

  // biome-ignore lint/suspicious/noExplicitAny: each kind has an entry of its own
  #readers(kind: string, entry: any, item: Item): Iterable<string> {
    const { directives, directory } = this.state
    if (kind === 'directive') {
      const frozen = directives.frozen(toBase64url(item.header.id))!
      const addressees = Array.from({ length: frozen.count }, (_, n) => frozen.id(n))
      const readers = directiveReaders(addressees, entry.issuer, directory)
      for (const wrap of item.wraps)
        readers.add(directory.device(toBase64url(wrap.ring))?.person ?? toBase64url(wrap.ring))
      return readers
    }
    if (kind === 'remind') return [entry.issuer, ...entry.posts]
    if (kind === 'draft')
      return [entry.issuer, ...entry.approvers, ...(directives.draft(entry.replaces ?? '')?.approvers ?? [])]
    if (kind === 'approval') {
      const draft = directives.draft(entry.draft)!
      return [draft.issuer, ...draft.approvers]
    }
    if (kind === 'absence') return [entry.post, ...(entry.cover ? [entry.cover] : [])]
    if (['cancel', 'supersede', 'amend', 'extend'].includes(kind)) {
      const row = this.rows.find((one) => toBase64url(one.item.header.id) === entry.directive)!
      return [...this.#inbox].filter(([, indexes]) => indexes.has(row.index)).map(([party]) => party)
    }
    if (kind === 'receipt' || kind === 'answer') return [entry.post]
    if (kind === 'wrap-add') return [entry.post, ...entry.targets.map((target: { ring: string }) => target.ring)]
    return []
  }

  async #service(): Promise<Bytes> {
    const root = this.rows[0]!
    return encode(
      new Map<number, Cbor>([
        [1, root.item.cose],
        [2, root.leaf],
        [3, inclusionProof(this.#hashes(), 0, this.size)],
        [4, await this.checkpoint()],
        [5, true],
        [6, 'test'],
      ]),
    )
  }

  async #session(asked: { device: string; challenge?: string; signature?: string }): Promise<Bytes> {
    const key = this.#devices.get(asked.device)
    if (!key || !this.state.directory.isLive(asked.device)) throw new Refusal('revoked_device', 'No such device')
    if (!asked.signature) return utf8(JSON.stringify({ challenge: `for ${asked.device}` }))
    const bytes = utf8(`smarak sign-in v1\n${this.origin}\n${asked.challenge}`)
    if (!(await verifyEd25519(key, fromBase64url(asked.signature), bytes)))
      throw new Refusal('bad_signature', 'Sign-in')
    const token = toBase64url(randomBytes(16))
    this.#sessions.set(token, asked.device)
    return utf8(JSON.stringify({ token, person: this.state.directory.device(asked.device)!.person }))
  }

  #directory(parties: string[], known: number, held = new Map<string, number>()): Promise<Bytes> {
    const chains = [...this.state.directory.closure(parties)].map((party) =>
      toBase64url(partyChain(fromBase64url(party))),
    )
    const wanted = new Set([toBase64url(SERVICE_CHAIN), ...chains])
    const rows = this.rows.filter(
      ({ chain, leaf }) => wanted.has(chain) && decodeLeaf(leaf).sequence >= (held.get(chain) ?? 0),
    )
    const empty = [...wanted].filter((chain) => !held.has(chain) && !rows.some((row) => row.chain === chain))
    return this.#bundle(rows, empty.map(fromBase64url), known)
  }

  async #bundle(rows: Row[], empty: Bytes[], known: number, parties: string[] = []): Promise<Bytes> {
    const newest = [...new Map(rows.map((row) => [row.chain, row.index])).values()].sort((a, b) => a - b)
    return encode(
      new Map<number, Cbor>([
        [1, await this.checkpoint()],
        [2, this.#consistency(known)],
        [3, rows.map((row) => this.#entry(row, true, parties))],
        [4, empty],
        [5, multiproof(this.#hashes(), newest, this.size)],
      ]),
    )
  }

  async #sync(map: Map<number, Cbor>): Promise<Bytes> {
    const asked = (map.get(1) as [Bytes, number][]).map(([party, cursor]) => [toBase64url(party), cursor] as const)
    const found = new Map<number, string[]>()
    for (const [party, cursor] of asked) {
      for (const index of this.#inbox.get(party) ?? []) {
        if (index >= cursor) found.set(index, [...(found.get(index) ?? []), party])
      }
    }
    const indexes = [...found.keys()].sort((a, b) => a - b)
    return encode(
      new Map<number, Cbor>([
        [1, await this.checkpoint()],
        [2, this.#consistency(map.get(2) as number)],
        [3, asked.map(([party]): Cbor => [fromBase64url(party), this.size, false])],
        [4, indexes.map((index) => this.#entry(this.rows[index]!, false, found.get(index)!))],
        [5, multiproof(this.#hashes(), indexes, this.size)],
      ]),
    )
  }

  /** `whole`: with every section; otherwise a directive's summary alone, and the wrap of whoever of `parties` has one. */
  #entry({ index, item, leaf, kind }: Row, whole: boolean, parties: string[]): Cbor {
    const rings = new Set(parties.flatMap((party) => [party, ...this.#ringsOf(party)]))
    const position = item.wraps.findIndex((wrap) => rings.has(toBase64url(wrap.ring)))
    const wrap = item.wraps[position]
    const read = hashReaderFromList(item.wraps.map((one) => leafHash(wrapLeaf(one))))
    return writeEntry({
      index,
      cose: item.cose,
      sections: item.body.map((section, n) => (whole || kind !== 'directive' || n === 0 ? section : null)),
      sectionHashes: item.body.map((section) => leafHash(section)),
      wrap: wrap ? writeWrap(wrap) : null,
      path: wrap ? inclusionProof(read, position, item.wraps.length) : [],
      position: wrap ? position : 0,
      leafData: leaf,
    })
  }

  #ringsOf(party: string): string[] {
    const { directory } = this.state
    const people = directory.person(party) ? [party] : (directory.post(party)?.holders ?? []).map((held) => held.person)
    return people.flatMap((person) => [person, ...(directory.person(person)?.devices ?? [])])
  }

  checkpoint(): Promise<string> {
    const head = { size: this.size, root: treeRoot(this.#hashes(), this.size) }
    return signCheckpoint(head, this.note, this.key.sign)
  }

  #consistency(known: number): Bytes[] {
    return known > this.size ? [] : consistencyProof(this.#hashes(), known, this.size)
  }

  #hashes(): HashReader {
    return hashReaderFromList(this.rows.map(({ leaf }) => leafHash(leaf)))
  }

  /** The chain of an entry, for tests that tamper. */
  chainOf(index: number): Bytes {
    return decodeLeaf(this.rows[index]!.leaf).chain
  }
}

async function thumbprintText(publicKey: Bytes): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey)))
}
