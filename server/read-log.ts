/**
 * Reading the log: what a device is told, with the proofs by which it believes none of it on our word. Every answer is of
 * one `LogView`, whose checkpoint is on disk; who may read what is decided here and nowhere else.
 */
import { type Bytes, fromBase64url, toBase64, toBase64url } from '../core/bytes.ts'
import type { Cbor } from '../core/cbor.ts'
import { dutyChain, isDirectoryChain, partyChain, SERVICE_CHAIN, threadChain, threadOfChain } from '../core/chain.ts'
import { ID_LENGTH } from '../core/item.ts'
import { decodeLeaf } from '../core/leaf.ts'
import { consistencyProof, inclusionProof } from '../core/merkle.ts'
import { multiproof } from '../core/multiproof.ts'
import { formatProof } from '../core/proof.ts'
import { Refusal } from '../core/refusal.ts'
import type { Read } from './db.ts'
import { type EntryOptions, readChains, readEntries, type Stored } from './entries.ts'
import type { Feature, People } from './feature.ts'
import type { LogView, TileReader } from './log-view.ts'
import type { Viewer } from './routes.ts'

/** By chain id as text: the sequence of the first leaf that is wanted. */
export type Held = ReadonlyMap<string, number>

export type LogReaderNeeds = {
  db: Read
  /** The road's, as it grows. */
  road: { readonly view: LogView; readonly tiles: TileReader }
  people: People
  features: readonly Feature[]
}

/** Entries in one answer of sync; a phone asks again while there are more. */
const SYNC_ENTRIES = 100
const MAX_PARTIES = 2_000
/** Posts whose absences one answer gives. */
const ABSENT_POSTS = 200

export class LogReader {
  readonly #needs: LogReaderNeeds

  constructor(needs: LogReaderNeeds) {
    this.#needs = needs
  }

  /**
   * Everything the viewer's parties may see from their cursors on. A party he does not read for is passed over: its cursor
   * comes back as it was, for he may have lost the post a moment ago and not know it yet.
   */
  async sync(viewer: Viewer, asked: { party: string; cursor: number }[], known: number): Promise<Cbor> {
    const { view } = this.#needs.road
    const own = asked.filter(({ party }) => viewer.parties.includes(party))
    const found = await this.#visible(own, view.size)
    const more = found.length > SYNC_ENTRIES
    const indexes = found.slice(0, SYNC_ENTRIES)
    const cursor = more ? indexes.at(-1)! + 1 : view.size
    const entries = await readEntries(this.#needs.db, indexes, { whole: false, rings: ringsOf(viewer) })
    const { consistency, proof } = await this.#proofs(view, known, indexes)
    return new Map<number, Cbor>([
      [1, view.checkpoint],
      [2, consistency],
      [
        3,
        asked.map((ask): Cbor => {
          const party = fromBase64url(ask.party)
          return own.includes(ask) ? [party, Math.max(cursor, ask.cursor), more] : [party, ask.cursor, false]
        }),
      ],
      [4, entries.map(({ entry }) => entry)],
      [5, proof],
    ])
  }

  /** Indexes from the cursors up to `size`, ascending; one more than an answer holds, to tell that there are more. */
  async #visible(asked: { party: string; cursor: number }[], size: number): Promise<number[]> {
    const pending = this.#needs.features.flatMap((feature) =>
      asked.flatMap(({ party, cursor }) => feature.inbox?.(party, cursor, size, SYNC_ENTRIES + 1) ?? []),
    )
    const rows = await this.#needs.db.many<{ index: number }>(
      `SELECT DISTINCT i.index
         FROM unnest($1::bytea[], $2::bigint[]) AS asked (party, cursor)
         JOIN inbox i ON i.party = asked.party AND i.index >= asked.cursor
        WHERE i.index < $3
        ORDER BY i.index LIMIT $4`,
      [asked.map(({ party }) => fromBase64url(party)), asked.map(({ cursor }) => cursor), size, SYNC_ENTRIES + 1],
    )
    const all = new Set([...pending, ...rows.map(({ index }) => index)])
    return [...all].sort((a, b) => a - b).slice(0, SYNC_ENTRIES + 1)
  }

  /**
   * The chains of these parties and of everybody whose acts prove them, the service's first. Anybody may ask. `held` says from
   * which sequence on a chain is wanted, where the asker has its beginning.
   */
  directory(parties: string[], known: number, held: Held = new Map()): Promise<Cbor> {
    if (parties.length > MAX_PARTIES) throw new Refusal('too_large', 'Too many parties at once', { max: MAX_PARTIES })
    const chains = [...this.#needs.people.closure(parties)].map((party) => partyChain(fromBase64url(party)))
    return this.#bundle([SERVICE_CHAIN, ...chains], known, { whole: true, rings: [] }, held)
  }

  /** Throws `Refusal('not_found')` for who may not read the thread, as for a thread of nothing. */
  async thread(viewer: Viewer, directive: string, post: string, known: number): Promise<Cbor> {
    const chain = threadChain(idOf(directive), idOf(post))
    if (!(await this.#mayReadThread(viewer, directive, post))) throw notFound()
    return this.#bundle([chain], known, { whole: true, rings: ringsOf(viewer) })
  }

  /**
   * The absences of posts on whose cover the viewer decides, whole chains of at most `ABSENT_POSTS` posts whose ids come after
   * `after`. Throws `Refusal('not_found')` for who decides on none.
   */
  async absences(viewer: Viewer, after: string, known: number): Promise<Cbor> {
    if (after !== '') idOf(after)
    const found = await Promise.all(
      this.#needs.features.map((feature) => feature.absent?.(viewer, after, ABSENT_POSTS) ?? null),
    )
    if (found.every((posts) => posts === null)) throw notFound()
    const chains = found.flatMap((posts) => posts ?? []).map((post) => dutyChain(fromBase64url(post)))
    return this.#bundle(chains, known, { whole: true, rings: [] })
  }

  async #bundle(chains: Bytes[], known: number, options: EntryOptions, held: Held = new Map()): Promise<Cbor> {
    const { view } = this.#needs.road
    const wanted = chains.map((chain) => ({ chain, from: held.get(toBase64url(chain)) ?? 0 }))
    const entries = await readChains(this.#needs.db, wanted, view.size, options)
    const newest = new Map(entries.map(({ chain, index }) => [toBase64url(chain), index]))
    const indexes = [...newest.values()].sort((a, b) => a - b)
    const { consistency, proof } = await this.#proofs(view, known, indexes)
    return new Map<number, Cbor>([
      [1, view.checkpoint],
      [2, consistency],
      [3, entries.map(({ entry }: Stored) => entry)],
      [4, wanted.filter(({ chain, from }) => from === 0 && !newest.has(toBase64url(chain))).map(({ chain }) => chain)],
      [5, proof],
    ])
  }

  /** `known` beyond our size gives no proof: whoever asks has seen a longer log, and will see that this one is behind. */
  async #proofs(view: LogView, known: number, indexes: number[]): Promise<{ consistency: Bytes[]; proof: Bytes[] }> {
    const from = Math.min(known, view.size)
    return this.#needs.road.tiles.read(view, (read) => ({
      consistency: consistencyProof(read, from, view.size),
      proof: multiproof(read, indexes, view.size),
    }))
  }

  /** One section as it was sealed. Throws `Refusal('not_found')`, also for who may not read it. */
  async section(viewer: Viewer, id: string, n: number): Promise<Bytes> {
    const item = await this.#itemFor(viewer, id)
    const row = await this.#needs.db.one<{ bytes: Bytes | null }>(
      'SELECT bytes FROM section WHERE index = $1 AND n = $2',
      [item.index, n],
    )
    if (!row?.bytes) throw notFound()
    return row.bytes
  }

  /** Where an item stands, and a C2SP tlog-proof of it. Throws as `section`. */
  async proof(viewer: Viewer, id: string, item?: string): Promise<unknown> {
    const { index, leaf } = await this.#itemFor(viewer, id, item)
    const { view, tiles } = this.#needs.road
    const hashes = await tiles.read(view, (read) => inclusionProof(read, index, view.size))
    return {
      index,
      leaf: toBase64(leaf),
      proof: hashes.map(toBase64),
      checkpoint: view.checkpoint,
      tlogProof: formatProof({ index, hashes, checkpoint: view.checkpoint, extra: leaf }),
    }
  }

  /** The root item with its proof; null where there is none yet. */
  async root(): Promise<{ cose: Bytes; leaf: Bytes; proof: Bytes[]; checkpoint: string } | null> {
    const { view, tiles } = this.#needs.road
    if (view.size === 0) return null
    const row = await this.#needs.db.one<{ cose: Bytes; leaf: Bytes }>('SELECT cose, leaf FROM item WHERE index = 0')
    const proof = await tiles.read(view, (read) => inclusionProof(read, 0, view.size))
    return { ...row!, proof, checkpoint: view.checkpoint }
  }

  /** `hash`, base64url: who can name the item's SHA-256 holds the item, as in an enclosure, and would find it among the public leaves. */
  async #itemFor(viewer: Viewer, id: string, hash?: string): Promise<{ index: number; leaf: Bytes }> {
    const item = await this.#needs.db.one<{ index: number; chain: Bytes; leaf: Bytes }>(
      'SELECT index, chain, leaf FROM item WHERE id = $1',
      [idOf(id)],
    )
    if (!item) throw notFound()
    if (item.index >= this.#needs.road.view.size) throw notFound()
    if (hash !== undefined && hash === toBase64url(decodeLeaf(item.leaf).item)) return item
    if (await this.#mayRead(viewer, item)) return item
    throw notFound()
  }

  async #mayRead(viewer: Viewer, { index, chain }: { index: number; chain: Bytes }): Promise<boolean> {
    if (isDirectoryChain(chain)) return true
    const rows = await this.#needs.db.many(
      'SELECT 1 FROM inbox WHERE party = any($1::bytea[]) AND index = $2 LIMIT 1',
      [viewer.parties.map(fromBase64url), index],
    )
    if (rows.length > 0) return true
    const pending = (party: string, feature: Feature) => feature.inbox?.(party, index, index + 1, 1).includes(index)
    if (this.#needs.features.some((feature) => viewer.parties.some((party) => pending(party, feature)))) return true
    const thread = threadOfChain(chain)
    if (!thread) return false
    return this.#mayReadThread(viewer, toBase64url(thread.directive), toBase64url(thread.post))
  }

  async #mayReadThread(viewer: Viewer, directive: string, post: string): Promise<boolean> {
    for (const feature of this.#needs.features)
      if (await feature.mayReadThread?.(directive, post, viewer.parties)) return true
    return false
  }
}

/** Rings whose wrap the viewer's device can open, the surest first: his own, then those he holds. */
function ringsOf({ person, device, posts }: Viewer): Bytes[] {
  return [person, device, ...posts].map(fromBase64url)
}

/** Throws `Refusal('not_found')` for what is no id: nothing has it. */
function idOf(text: string): Bytes {
  try {
    const id = fromBase64url(text)
    if (id.length === ID_LENGTH) return id
  } catch {
    // not base64url: refused below
  }
  throw notFound()
}

function notFound(): Refusal {
  return new Refusal('not_found', 'Nothing here by that id')
}
