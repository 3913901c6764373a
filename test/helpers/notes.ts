/**
 * The smallest service that travels the road: a root, and notes signed by its first root key. What a note says decides how
 * it fares, so that tests can have an item refused, or broken by a fault of ours, where and how they like.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bytes, randomBytes } from '../../core/bytes.ts'
import { type Cbor, decode, encode } from '../../core/cbor.ts'
import { partyChain, SERVICE_CHAIN, threadChain } from '../../core/chain.ts'
import { type SigningKey, signingKeyFromSeed } from '../../core/cose.ts'
import { type Envelope, idText, makeItem, thumbprint, writeEnvelope } from '../../core/item.ts'
import type { Kind } from '../../core/kind.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Wrap } from '../../core/wrap.ts'
import type { Db } from '../../server/db.ts'
import type { Feature, People, State } from '../../server/feature.ts'
import { openLog } from '../../server/log.ts'
import { type LogKey, logKeyFromSeed } from '../../server/log-key.ts'
import { replay } from '../../server/replay.ts'
import { openRoad, type Road, type RoadNeeds } from '../../server/road.ts'

/** What the notes say so far; takes a batch back as every part of the state must. */
export class Notebook {
  /** In the order they were folded. */
  texts: string[] = []
  /** Live devices and whose they are: the party in whose chain the note stood that made them known. Ids as text. */
  devices = new Map<string, string>()
  /** Posts a person holds; set by the test. */
  posts = new Map<string, string[]>()
  #before: { texts: string[]; devices: Map<string, string> } | undefined

  begin(): void {
    this.#before = { texts: [...this.texts], devices: new Map(this.devices) }
  }

  commit(): void {
    this.#before = undefined
  }

  rollback(): void {
    if (this.#before) Object.assign(this, this.#before)
    this.#before = undefined
  }

  get people(): People {
    return {
      personOfDevice: (device) => this.devices.get(device),
      devicesOf: (person) => [...this.devices].filter(([, his]) => his === person).map(([device]) => device),
      postsOf: (person) => this.posts.get(person) ?? [],
      holdersOf: (post) => [...this.posts].filter(([, posts]) => posts.includes(post)).map(([person]) => person),
      closure: (parties) => new Set(parties),
    }
  }
}

type Note = { text: string; chain: Bytes; newKey: Bytes | null; readers: Bytes[] }
type Notes = { notes: Notebook }

const rootKind: Kind<{ keys: Bytes[] }, Notes> = {
  name: 'root',
  read: ({ header }) => ({ keys: (header.fields.get(3) as Cbor[]).map((key) => key as Bytes) }),
  keys: ({ keys }) => keys.map((publicKey) => ({ type: 'root', publicKey })),
  chain: () => SERVICE_CHAIN,
  authority() {},
  apply: (_entry, _header, _place, { notes }) => notes.texts.push('root'),
}

/** Fields: 1 text, 2 party whose chain it stands in, 3 a device key it makes known or null, 4 who may read it, 5 its thread. */
const noteKind: Kind<Note, Notes> = {
  name: 'note',
  read({ header: { fields } }) {
    const text = fields.get(1)
    if (typeof text !== 'string') throw new Refusal('bad_input', 'note: field 1 should be text', { field: 1 })
    const chain =
      text === 'in a thread' ? threadChain(...(fields.get(5) as [Bytes, Bytes])) : partyChain(fields.get(2) as Bytes)
    return { text, chain, newKey: fields.get(3) as Bytes | null, readers: fields.get(4) as Bytes[] }
  },
  keys: ({ newKey }) => (newKey ? [{ type: 'device', publicKey: newKey }] : []),
  chain: ({ chain }) => chain,
  authority({ text }, _header, { notes }) {
    if (text === 'not allowed') throw new Refusal('not_allowed', 'As it says')
    if (text === 'breaks the rule') throw new TypeError('a fault in a rule')
    if (text === 'after a rocket' && !notes.texts.includes('a rocket')) throw new Refusal('wrong_state', 'No rocket')
  },
  apply({ text, chain, newKey }, _header, _place, { notes }) {
    notes.texts.push(text)
    if (newKey && text === 'revoked') notes.devices.delete(idText(thumbprint(newKey)))
    else if (newKey) notes.devices.set(idText(thumbprint(newKey)), idText(chain.subarray(1)))
    if (text === 'breaks the fold') throw new TypeError('a fault in a fold')
  },
}

export function notesFeature(notes: Notebook): Feature<Notes> {
  return {
    name: 'notes',
    kinds: [rootKind, noteKind],
    restore: (db) => replay(db, [rootKind, noteKind], { notes }),
    mayReadThread: (_directive, post, parties) => parties.includes(post),
    async project(tx, placed, effects) {
      const texts = placed.map(({ kind, entry }) => (kind.name === 'root' ? 'root' : entry.text))
      await tx.query('INSERT INTO note (index, text) SELECT * FROM unnest($1::bigint[], $2::text[])', [
        placed.map(({ place }) => place.index),
        texts,
      ])
      if (texts.includes('breaks the rows')) await tx.query('SELECT 1 / 0')
      for (const { entry, place } of placed) {
        effects.show(place.index, entry.readers ?? [])
        if (entry.text === 'revoked') effects.revoke([thumbprint(entry.newKey)])
        if (entry.text === 'counts') effects.wakeBoard([partyOf(entry)])
      }
    },
  }
}

function partyOf({ chain }: Note): Bytes {
  return chain.slice(1)
}

/** Adds the feature's own table; a release does this by a migration. */
export async function makeNoteTable(db: Db): Promise<void> {
  await db.write((tx) => tx.query('CREATE TABLE IF NOT EXISTS note (index bigint PRIMARY KEY, text text NOT NULL)'))
}

/** Someone who signs: a root key or a device. */
export type Author = { key: SigningKey; type: 'root' | 'device' }

export async function newAuthor(type: Author['type'] = 'root', seed = randomBytes(32)): Promise<Author> {
  return { key: await signingKeyFromSeed(seed), type }
}

export async function makeRoot(author: Author, second: Author, log: { publicKey: Bytes; origin: string }) {
  const fields = new Map<number, Cbor>([
    [1, 'সেবা'],
    [2, 'Service'],
    [3, [author.key.publicKey, second.key.publicKey]],
    [4, log.publicKey],
    [5, log.origin],
  ])
  return signed(author, { kind: 'root', id: randomBytes(16), time: Date.now(), fields })
}

export type NoteOptions = {
  party?: Bytes
  newKey?: Bytes
  readers?: Bytes[]
  thread?: [Bytes, Bytes]
  body?: Bytes[]
  wraps?: Wrap[]
  id?: Bytes
}
const COMMON_PARTY = new Uint8Array(16)

export function makeNote(author: Author, text: string, options: NoteOptions = {}): Promise<Envelope> {
  const fields = new Map<number, Cbor>([
    [1, text],
    [2, options.party ?? COMMON_PARTY],
    [3, options.newKey ?? null],
    [4, options.readers ?? []],
    [5, options.thread ?? null],
  ])
  const id = options.id ?? randomBytes(16)
  return signed(author, {
    kind: 'note',
    id,
    time: Date.now(),
    fields,
    body: options.body ?? [],
    wraps: options.wraps ?? [],
  })
}

function signed(author: Author, draft: Parameters<typeof makeItem>[0]): Promise<Envelope> {
  return makeItem(draft, { type: author.type, id: thumbprint(author.key.publicKey) }, author.key.sign)
}

/** The body of `POST /items`. */
export function requestOf(envelopes: readonly Envelope[]): Bytes {
  return encode(envelopes.map((envelope) => decode(writeEnvelope(envelope))))
}

export type Answer = { index: number; leaf: Bytes } | { code: string; details: Record<string, unknown> }

export function readAnswers(value: Cbor): Answer[] {
  return (value as Cbor[]).map((answer) => {
    const [accepted, a, b] = answer as [number, never, never]
    return accepted ? { index: a, leaf: b } : { code: a, details: JSON.parse(b) }
  })
}

/** For assertions: the index, or the code. */
export function brief(answers: Answer[]): (number | string)[] {
  return answers.map((answer) => ('index' in answer ? answer.index : answer.code))
}

export type NotesRoad = {
  road: Road
  notes: Notebook
  key: LogKey
  checkpointFile: string
  warnings: string[]
  author: Author
  /** Sends envelopes and returns the answers. */
  send(...envelopes: Envelope[]): Promise<Answer[]>
  close(): Promise<void>
}

export type NotesOptions = Partial<RoadNeeds> & { seed?: Bytes; author?: Author; root?: boolean }

/** Opens the road over `db`, with a root unless told otherwise. `close` leaves the database as it is. */
export async function openNotes(db: Db, options: NotesOptions = {}): Promise<NotesRoad> {
  await makeNoteTable(db)
  const directory = options.checkpointFile ? undefined : await mkdtemp(join(tmpdir(), 'smarak-notes-'))
  const checkpointFile = options.checkpointFile ?? join(directory!, 'checkpoint')
  const key = options.key ?? (await logKeyFromSeed(options.seed ?? randomBytes(32)))
  const notes = new Notebook()
  const warnings: string[] = []
  const road = await openRoad({
    db,
    key,
    checkpointFile,
    state: { notes } satisfies State,
    features: [notesFeature(notes)],
    log: openLog('silent'),
    warn: (message) => warnings.push(message),
    ...options,
  })
  const author = options.author ?? (await newAuthor())
  const send = async (...envelopes: Envelope[]) => readAnswers(await road.accept(requestOf(envelopes)))
  if (options.root !== false && road.view.size === 0) await send(await makeRoot(author, await newAuthor(), key))
  return {
    road,
    notes,
    key,
    checkpointFile,
    warnings,
    author,
    send,
    async close() {
      await road.close()
      if (directory) await rm(directory, { recursive: true, force: true })
    },
  }
}
