import { type Bytes, equal, toBase64url } from '../core/bytes.ts'
import { type Cbor, decode, encode } from '../core/cbor.ts'
import type { Part } from '../core/commitment.ts'
import { sha256 } from '../core/hash.ts'
import { leafHash } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import { noticeKey, openSection } from '../core/seal.ts'
import type { Wrap } from '../core/wrap.ts'
import type { DirectiveBook, DirectiveEntry, WrapAddEntry } from '../features/directives/index.ts'
import type { Directory } from '../features/directory/index.ts'
import { type Enclosure, enclosureIn } from './enclosure.ts'
import type { Kept, Placed, State } from './fold.ts'
import type { Locker } from './locker.ts'
import type { Proven } from './proven.ts'
import type { Rings } from './rings.ts'
import { type Change, indexKey, type Store } from './store.ts'

export type ClientState = State & { directory: Directory; directives: DirectiveBook }

/** An act as the store keeps it: with what is needed to open it later. */
export type KeptAct = Kept & { wrap: Wrap | null; sectionHashes: Bytes[] }

/** Why a text is not shown: its key has not reached us yet, or somebody tampered and it never will. */
export type Problem = 'waiting-for-key' | 'bad_commitment' | 'key_reused'

type Needs = { store: Store; proven: Proven<ClientState>; rings: Rings; locker: Locker }

type Opened = { key: Bytes; sections: (Part[] | null)[] }

/** Sections kept in memory: of a directive only what a list shows. */
const SUMMARY = 0
/** The section of a directive that encloses the one it passes on. */
const ENCLOSURE = 2

/**
 * What this device has opened of the acts it holds. An item key is looked for in the item's own wrap and then in every later
 * `wrap-add` of its threads, newest first; whether it is the right one the author's commitment decides (hazard 1). What is
 * opened is kept encrypted under the local key, so a list shows at once when the app starts offline.
 */
export class Mirror {
  readonly #needs: Needs
  /** By item id: the sections a list needs. */
  readonly #texts = new Map<string, Part[]>()
  readonly #problems = new Map<string, Problem>()
  /** Fingerprint of every item key seen → the item it belongs to (hazard 10). */
  readonly #keyOwners = new Map<string, string>()
  /** By id: directives that are here within others, opened. */
  readonly #enclosed = new Map<string, Enclosure>()
  /** Act index by item id. */
  readonly #indexes = new Map<string, number>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Takes up what was opened before. Nothing while locked. */
  async load(): Promise<void> {
    for (const placed of this.#needs.proven.acts()) this.#note(placed)
    if (this.#needs.locker.locked) return
    for (const [item] of await this.#needs.store.list('opened')) {
      const opened = await this.#read(item)
      if (opened) this.#remember(item, opened)
    }
    // What waited for a key when this device was last used still does: a wrap that comes later must find it waiting.
    for (const { header } of this.#needs.proven.acts()) {
      const id = toBase64url(header.id)
      if (header.commitment && !this.#texts.has(id)) this.#problems.set(id, 'waiting-for-key')
    }
  }

  /** Forgets every text: the device was locked. */
  forget(): void {
    this.#texts.clear()
    this.#enclosed.clear()
    this.#keyOwners.clear()
  }

  directive(id: string): Placed<DirectiveEntry> | undefined {
    const placed = this.act(id)
    return placed?.kind.name === 'directive' ? placed : undefined
  }

  directives(): Placed<DirectiveEntry>[] {
    return [...this.#needs.proven.acts()].filter(({ kind }) => kind.name === 'directive')
  }

  act(id: string): Placed | undefined {
    const index = this.#indexes.get(id)
    return index === undefined ? undefined : this.#needs.proven.act(index)
  }

  /** What a list shows of an item: a directive's summary, an answer's note, a notice's reason. Null until it is opened. */
  text(id: string): Part[] | null {
    return this.#texts.get(id) ?? null
  }

  problem(id: string): Problem | null {
    return this.#problems.get(id) ?? null
  }

  /** Opens whatever of these acts can be opened now, and what waits for a key. */
  async absorb(placed: readonly Placed[]): Promise<void> {
    for (const item of placed) this.#note(item)
    if (this.#needs.locker.locked) return
    const waiting = [...this.#problems].filter(([, problem]) => problem === 'waiting-for-key').map(([id]) => id)
    const fresh = placed.map(({ header }) => toBase64url(header.id)).filter((id) => !this.#texts.has(id))
    for (const id of new Set([...waiting, ...fresh])) await this.#open(id)
  }

  /** The item key, for those who wrap again or end a directive. Throws `Refusal('no_key')`. */
  async keyOf(id: string): Promise<Bytes> {
    const opened = await this.#read(id)
    if (opened) return opened.key
    throw new Refusal('no_key', 'This device has no key to that item', { id })
  }

  /** The directive as it was signed, all its sections, and its key: what is enclosed when it is passed on. Throws `no_key`. */
  async sealed(
    id: string,
    fetch: (n: number) => Promise<Bytes>,
  ): Promise<{ cose: Bytes; sections: Bytes[]; key: Bytes }> {
    const placed = this.act(id)
    const row = placed && (await this.#row(placed))
    if (!row) throw new Refusal('not_found', 'No such item here', { id })
    const sections = await Promise.all(
      row.sectionHashes.map(async (hash, n) => {
        const section = row.sections[n] ?? (await fetch(n))
        if (!equal(leafHash(section), hash)) throw new Refusal('bad_proof', 'Not the section its header names')
        return section
      }),
    )
    return { cose: row.cose, sections, key: await this.keyOf(id) }
  }

  /** Section `n` opened, fetched by `fetch` where it is not here yet. Throws `Refusal`: `no_key`, `bad_commitment`, `bad_proof`. */
  async section(id: string, n: number, fetch: () => Promise<Bytes>): Promise<Part[]> {
    const opened = await this.#read(id)
    const kept = opened?.sections[n]
    if (kept) return kept
    const placed = this.act(id)
    const row = placed && (await this.#row(placed))
    if (!placed || !row) throw new Refusal('not_found', 'No such item here', { id })
    if (!opened) throw new Refusal('no_key', 'This device has no key to that item', { id })
    const section = row.sections[n] ?? (await fetch())
    if (!equal(leafHash(section), row.sectionHashes[n] ?? new Uint8Array(0))) {
      throw new Refusal('bad_proof', 'Not the section its header names')
    }
    const parts = await openSection(opened.key, placed.header, n, section)
    const sections = [...opened.sections]
    sections[n] = parts
    await this.#keep(id, { key: opened.key, sections })
    // What was said of an enclosed directive waited for the key that came with it.
    if (n === ENCLOSURE) await this.absorb([])
    return parts
  }

  #note({ header, index }: Placed): void {
    this.#indexes.set(toBase64url(header.id), index)
  }

  async #open(id: string): Promise<void> {
    const placed = this.act(id)
    if (!placed?.header.commitment) return
    const row = await this.#row(placed)
    const section = row?.sections[SUMMARY]
    if (!row || !section) return
    const keys = placed.header.wraps ? this.#wrappedKeys(id, row, placed) : this.#noticeKeys(placed)
    let problem: Problem = 'waiting-for-key'
    for await (const key of keys) {
      const owner = this.#keyOwners.get(fingerprint(key))
      if (owner !== undefined && owner !== id) {
        problem = 'key_reused'
        continue
      }
      try {
        const parts = await openSection(key, placed.header, SUMMARY, section)
        await this.#keep(id, { key, sections: [parts] })
        this.#problems.delete(id)
        return
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        // A wrong key opens nothing and is a nuisance; one that opens another text than was signed is an attack.
        if (error.code === 'bad_commitment') problem = 'bad_commitment'
      }
    }
    this.#problems.set(id, problem)
  }

  /** Candidates for an item's key: later wraps first, then its own. */
  async *#wrappedKeys(id: string, row: KeptAct, placed: Placed): AsyncGenerator<Bytes> {
    for (const wrap of [...this.#laterWraps(id), ...(row.wrap ? [row.wrap] : [])]) {
      try {
        yield await this.#needs.rings.unwrap(wrap, placed.header.id)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
      }
    }
  }

  #laterWraps(id: string): Wrap[] {
    return [...this.#needs.proven.acts()]
      .filter(({ kind }) => kind.name === 'wrap-add')
      .sort((a, b) => b.index - a.index)
      .flatMap(({ entry }) => (entry as WrapAddEntry).rewraps ?? [])
      .filter(({ item }) => item === id)
      .map(({ wrap }) => wrap)
  }

  /** The reason of a notice about a directive, and of an approval, opens with a key made from that item's. */
  async *#noticeKeys({ entry, header }: Placed): AsyncGenerator<Bytes> {
    const about: unknown = entry.directive ?? entry.draft
    if (typeof about !== 'string') return
    const key = (await this.#read(about))?.key ?? this.#enclosed.get(about)?.key
    if (key) yield noticeKey(key, header.id)
  }

  async #row({ index }: Placed): Promise<KeptAct | undefined> {
    return this.#needs.store.get<KeptAct>('act', indexKey(index))
  }

  async #read(id: string): Promise<Opened | null> {
    const sealed = await this.#needs.store.get<Bytes>('opened', id)
    if (!sealed) return null
    return readOpened(await this.#needs.locker.open(sealed, id))
  }

  async #keep(id: string, opened: Opened): Promise<void> {
    const value = await this.#needs.locker.seal(writeOpened(opened), id)
    await this.#needs.store.write([{ table: 'opened', key: id, value } satisfies Change])
    this.#remember(id, opened)
  }

  #remember(id: string, { key, sections }: Opened): void {
    this.#keyOwners.set(fingerprint(key), id)
    const summary = sections[SUMMARY]
    if (summary) this.#texts.set(id, summary)
    const enclosure = sections[ENCLOSURE] && soundEnclosure(sections[ENCLOSURE])
    if (enclosure) this.#enclosed.set(toBase64url(enclosure.header.id), enclosure)
  }

  /** The post that issued a directive which is here within another, once that was opened. */
  issuerWithin(id: string): string | null {
    return this.#enclosed.get(id)?.issuer ?? null
  }
}

/** Null also where it is not one: whoever opens the letter is told. */
function soundEnclosure(parts: readonly Part[]): Enclosure | null {
  try {
    return enclosureIn(parts)
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

function fingerprint(key: Bytes): string {
  return toBase64url(sha256(key))
}

function writeOpened({ key, sections }: Opened): Bytes {
  // A later section may be opened before an earlier one: `map` would pass over the hole.
  return encode([
    key,
    Array.from(sections, (parts): Cbor => parts?.map(({ label, value }): Cbor => [label, value]) ?? null),
  ])
}

function readOpened(bytes: Bytes): Opened {
  const [key, sections] = decode(bytes) as [Bytes, ([string, Cbor][] | null)[]]
  return { key, sections: sections.map((parts) => parts?.map(([label, value]) => ({ label, value })) ?? null) }
}
