import { type Bytes, equal, fromBase64url, toBase64url } from '../core/bytes.ts'
import { chainTag, isDirectoryChain, partyChain, partyOfChain, SERVICE_CHAIN } from '../core/chain.ts'
import { readCose } from '../core/item.ts'
import { type ChainHead, decodeLeaf, encodeLeaf, verifyChain } from '../core/leaf.ts'
import { verifyMultiproof } from '../core/multiproof.ts'
import { Refusal } from '../core/refusal.ts'
import type { Directory, Post } from '../features/directory/index.ts'
import {
  fold,
  type Kept,
  type Keyring,
  Keyring as Keys,
  type Kinds,
  type Placed,
  type State,
  takeApart,
  type VerifySign1,
} from './fold.ts'
import type { Bundle, Received } from './messages.ts'
import { type Change, indexKey, type Store } from './store.ts'
import type { Transport } from './transport.ts'
import { type Root, rootFromCose, Seen } from './trust.ts'

type ProvenState = State & { directory: Directory }

type Needs<S extends ProvenState> = {
  store: Store
  transport: Transport
  kinds: Kinds
  /** A fresh, empty state; its directory keeps public keys. */
  newState: () => S
  /** `verifySign1` unless many devices in one process share what they found. */
  verify?: VerifySign1 | undefined
}

/** How many parties one request asks for: short enough to get through on 2G, long enough not to take all day. */
const PARTIES_A_REQUEST = 48

/**
 * Everything this device believes of the log (R6): chains of directory entries and acts, each proven under a checkpoint that
 * only moves forward, folded in log order by the kinds' own rules. Public keys come from nowhere else (hazard 3).
 *
 * Cached in the store. What arrives later but stands earlier in the log makes it fold anew from the beginning.
 */
export class Proven<S extends ProvenState> {
  readonly #store: Store
  readonly #transport: Transport
  readonly #kinds: Kinds
  readonly #newState: () => S
  #state: S
  #root: Root | null = null
  #seen: Seen | null = null
  #last: { index: number; time: number } | null = null
  readonly #keys: Keyring
  readonly #heads = new Map<string, ChainHead>()
  /** Acts folded, by index. */
  readonly #acts = new Map<number, Placed>()
  /** Where the ring and grant items of each party stand: their bodies are read from the store when a seed is wanted. */
  readonly #ringItems = new Map<string, number[]>()
  /** Parties whose acts made other parties' entries: few, and in nearly every proof. */
  readonly #authors = new Set<string>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ store, transport, kinds, newState, verify }: Needs<S>) {
    this.#store = store
    this.#transport = transport
    this.#kinds = kinds
    this.#newState = newState
    this.#state = newState()
    this.#keys = new Keys(verify)
  }

  get state(): S {
    return this.#state
  }

  get directory(): Directory {
    return this.#state.directory
  }

  get root(): Root {
    if (!this.#root) throw new Refusal('unknown_device', 'Not joined yet')
    return this.#root
  }

  /** The newest checkpoint seen. */
  get seen(): Seen {
    if (!this.#seen) throw new Refusal('unknown_device', 'Not joined yet')
    return this.#seen
  }

  /** Takes up what the store holds. False where this device has no root yet. */
  async load(): Promise<boolean> {
    const cose = await this.#store.get<Bytes>('meta', 'root')
    if (!cose) return false
    this.#root = await rootFromCose(cose)
    this.#seen = await Seen.read(this.#root.logKey, await this.#store.get<string>('meta', 'checkpoint'))
    this.#transport.origin = this.#root.origin
    for (const [, kept] of await this.#store.list<Kept>('act')) this.#acts.set(kept.index, takeApart(this.#kinds, kept))
    await this.#foldAll([])
    return true
  }

  /** Takes up what another tab proved and kept since. */
  async takeUp(): Promise<void> {
    const seen = await Seen.read(this.root.logKey, await this.#store.get<string>('meta', 'checkpoint'))
    if (seen.size > this.seen.size) this.#seen = seen
    for (const [, kept] of await this.#store.list<Kept>('act')) {
      if (!this.#acts.has(kept.index)) this.#acts.set(kept.index, takeApart(this.#kinds, kept))
    }
    await this.#foldAll([])
  }

  /**
   * Whether a signed item that came inside another was signed by a device of who holds, or held, one of these posts. Fetches
   * their chains where they are not here. Throws `Refusal`: `unknown_device`, `bad_signature`, `offline`.
   */
  async checks(cose: Bytes, parties: string[]): Promise<boolean> {
    await this.need(parties)
    await this.#keys.check(readCose(cose))
    return true
  }

  /** Acts proven so far, in no order. */
  acts(): Iterable<Placed> {
    return this.#acts.values()
  }

  act(index: number): Placed | undefined {
    return this.#acts.get(index)
  }

  /** When the directory entry at `index` was accepted; 0 where it is not here. */
  async timeOf(index: number): Promise<number> {
    const kept = await this.#store.get<Kept>('directory', indexKey(index))
    return kept ? decodeLeaf(kept.leaf).time : 0
  }

  /** The ring and grant items of a party, in log order. */
  async ringItems(party: string): Promise<Placed[]> {
    const items: Placed[] = []
    for (const index of this.#ringItems.get(party) ?? []) {
      const kept = await this.#store.get<Kept>('directory', indexKey(index))
      if (kept) items.push(takeApart(this.#kinds, kept))
    }
    return items
  }

  /** Believes this root from now on. The caller has checked it against the joining code. */
  pin(root: Root, seen: Seen): Change[] {
    this.#root = root
    this.#seen = seen
    this.#transport.origin = root.origin
    return [
      { table: 'meta', key: 'root', value: root.cose },
      { table: 'meta', key: 'checkpoint', value: seen.note ?? undefined },
    ]
  }

  /**
   * Runs requests whose answers carry a checkpoint one after another: an answer overtaken by a newer one would look like a
   * server going back.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work)
    this.#turn = mine.catch(() => {})
    return mine
  }

  /** Whether this party's chain has been proven here. */
  knows(party: string): boolean {
    return this.#heads.has(tagText(partyChain(fromBase64url(party))))
  }

  /** Fetches and proves the parties not known yet. */
  async need(parties: Iterable<string>, progress?: (done: number, total: number) => void): Promise<void> {
    const unknown = [...new Set(parties)].filter((party) => !this.knows(party))
    if (unknown.length > 0) await this.refresh(unknown, progress)
  }

  /**
   * What sealing to these readers rests on: their chains, and where nobody reads, those of the posts above, up to one who does.
   * The record room, where even the top is unread, is the caller's to know.
   */
  async needCover(readers: Iterable<string>): Promise<void> {
    let wanted = [...new Set(readers)]
    while (wanted.length > 0) {
      await this.need(wanted)
      wanted = [...new Set([...readers].flatMap((reader) => this.#aboveMissing(reader)))]
    }
  }

  /**
   * Fetches and proves these parties' chains as they stand now, with their holders. All or nothing of one round is believed.
   */
  async refresh(parties: Iterable<string>, progress?: (done: number, total: number) => void): Promise<void> {
    await this.inTurn(() => this.#refreshInTurn([...parties], progress))
  }

  /** Proves one bundle fetched elsewhere (a ticket's, at joining). */
  async take(bundle: Bundle, asked: string[] = []): Promise<void> {
    await this.#acceptCheckpoint(bundle)
    const heads = new Map<string, ChainHead>()
    const entries = new Map<number, Received>()
    this.#prove(bundle, asked, heads, entries)
    await this.#keep(heads, entries)
  }

  /**
   * Proves items that arrived each by itself under a multiproof (a sync reply), having fetched whoever signed them, and folds
   * those not known. Returns them in log order. `parties` says whose chains an item's authority rests on.
   */
  async takeActs(
    reply: { checkpoint: string; consistency: Bytes[]; entries: Received[]; proof: Bytes[] },
    parties: (placed: Placed) => string[],
  ): Promise<Placed[]> {
    const checkpoint = await this.seen.accept(reply.checkpoint, reply.consistency)
    const sorted = [...reply.entries].sort((a, b) => a.index - b.index)
    verifyMultiproof(
      sorted.map(({ index, leafHash }) => ({ index, hash: leafHash })),
      checkpoint,
      reply.proof,
    )
    return this.#addActs(sorted, parties)
  }

  /** As `takeActs`, for a whole chain proven by its newest entry (a thread). */
  async takeThread(bundle: Bundle, parties: (placed: Placed) => string[]): Promise<Placed[]> {
    await this.#acceptCheckpoint(bundle)
    this.#proveChains(bundle)
    return this.#addActs(
      [...bundle.entries].sort((a, b) => a.index - b.index),
      parties,
    )
  }

  async #addActs(entries: Received[], parties: (placed: Placed) => string[]): Promise<Placed[]> {
    const all = entries.map((entry) => ({ entry, item: this.#takeApart(entry) }))
    const here = new Set(
      [...this.#acts.values(), ...all.map(({ item }) => item)].flatMap(({ header, entry }) => [
        toBase64url(header.id),
        ...(entry.parent ? [entry.parent] : []),
      ]),
    )
    // What speaks of a directive that is neither here nor within one concerns a post of before; with the post its directives
    // would come as well.
    const placed = all.filter(({ item }) => here.has(aboutOf(item) ?? toBase64url(item.header.id)))
    const fresh = placed.filter(({ entry }) => !this.#acts.has(entry.index))
    const wanted = fresh.flatMap(({ item }) => parties(item))
    await this.#refreshInTurn(wanted.filter((party) => !this.knows(party)))
    // Known parties may have moved on since: a new holder, a new device.
    const unknown = () => fresh.filter(({ item }) => !this.#knowsAuthor(item))
    await this.#refreshInTurn(unknown().flatMap(({ item }) => parties(item)))
    // Or the author holds a post further up: who wraps again for a silent post may be any above it. Those known from before are
    // asked for again too, for there may be somebody new.
    const climbed = new Set<string>()
    for (let above = unknown(); above.length > 0; above = unknown()) {
      const next = above.flatMap(({ item }) => parties(item)).flatMap((party) => this.#nextAbove(party, climbed))
      // Where even the top is unread, the record room wraps again.
      if (next.length === 0) next.push(...(await this.#recordRoom()).filter((room) => !climbed.has(room)))
      if (next.length === 0) break
      for (const party of next) climbed.add(party)
      await this.#refreshInTurn(next)
    }
    await Promise.all(fresh.map(({ entry }) => this.#keys.check(entry)))
    await this.#add(fresh.map(({ item }) => item))
    await this.#store.write([
      ...fresh.map(({ entry }): Change => {
        const { wrap, sectionHashes } = entry
        return { table: 'act', key: indexKey(entry.index), value: { ...keptOf(entry), wrap, sectionHashes } }
      }),
      this.#checkpointChange(),
    ])
    for (const { item } of fresh) this.#acts.set(item.index, item)
    return placed.map(({ entry, item }) => this.#acts.get(entry.index) ?? item)
  }

  #knowsAuthor({ header }: Placed): boolean {
    const device = this.directory.device(toBase64url(header.signer.id))
    const holding = header.appointment && this.directory.holding(toBase64url(header.appointment))
    return device !== undefined && holding !== undefined && holding !== null
  }

  /** `refresh`, from inside a turn. */
  async #refreshInTurn(parties: string[], progress?: (done: number, total: number) => void): Promise<void> {
    let round = [...new Set(parties)]
    while (round.length > 0) {
      const heads = new Map<string, ChainHead>()
      const entries = new Map<number, Received>()
      for (let from = 0; from < round.length; from += PARTIES_A_REQUEST) {
        progress?.(from, round.length)
        const asked = round.slice(from, from + PARTIES_A_REQUEST)
        const bundle = await this.#transport.directory(asked, this.seen.size, this.#heldFor(asked, heads))
        await this.#acceptCheckpoint(bundle)
        this.#prove(bundle, asked, heads, entries)
      }
      progress?.(round.length, round.length)
      await this.#keep(heads, entries)
      round = [...new Set(round.flatMap((party) => this.#holdersMissing(party)))]
    }
  }

  /** Chains the server need not send again: those of who is asked for, and of whoever authored what is here. */
  #heldFor(asked: string[], round: ReadonlyMap<string, ChainHead>): { chain: Bytes; next: number }[] {
    const parties = new Set([...this.directory.closure(asked), ...this.#authors])
    const chains = [SERVICE_CHAIN, ...[...parties].map((party) => partyChain(fromBase64url(party)))]
    return chains.flatMap((chain) => {
      const head = round.get(tagText(chain)) ?? this.#heads.get(tagText(chain))
      return head ? [{ chain, next: head.sequence + 1 }] : []
    })
  }

  /** Proves one bundle into `heads` and `entries`, which are believed together or not at all. */
  #prove(bundle: Bundle, asked: string[], heads: Map<string, ChainHead>, entries: Map<number, Received>): void {
    const known = (tag: string) => heads.get(tag) ?? this.#heads.get(tag)
    for (const entry of bundle.entries) if (!this.#isKnown(entry)) entries.set(entry.index, entry)
    for (const [chain, head] of this.#proveChains(bundle, known)) heads.set(chain, head)
    const empty = new Set(bundle.empty.map(tagText))
    for (const party of asked) {
      const tag = tagText(partyChain(fromBase64url(party)))
      if (known(tag)) continue
      if (empty.has(tag)) throw new Refusal('not_found', 'No such party', { party })
      throw new Refusal('bad_proof', 'A chain asked for was withheld')
    }
    if (!known(tagText(SERVICE_CHAIN))) throw new Refusal('bad_proof', 'The service chain was withheld')
  }

  #takeApart(entry: Received): Placed {
    return takeApart(this.#kinds, keptOf(entry))
  }

  async #acceptCheckpoint({ checkpoint, consistency }: Bundle): Promise<void> {
    await this.seen.accept(checkpoint, consistency)
  }

  /** Chains complete from where we knew them, and the newest entry of each under the checkpoint. */
  #proveChains(
    bundle: Bundle,
    headOf: (chain: string) => ChainHead | undefined = (chain) => this.#heads.get(chain),
  ): Map<string, ChainHead> {
    const heads = new Map<string, ChainHead>()
    const newest: { index: number; hash: Bytes }[] = []
    for (const [chain, entries] of Map.groupBy(bundle.entries, ({ leaf }) => toBase64url(leaf.chain))) {
      entries.sort((a, b) => a.leaf.sequence - b.leaf.sequence)
      const known = headOf(chain)
      const whole = entries[0]!.leaf.sequence === 0
      const head = verifyChain(
        entries.map((entry) => entry.leaf),
        whole ? null : (known ?? null),
      )!
      if (known && head.sequence < known.sequence) throw new Refusal('rollback', 'A chain shorter than it was')
      const same = whole && known ? entries[known.sequence] : undefined
      if (known && same && !equal(same.leafHash, known.hash)) throw new Refusal('forked', 'A chain with another past')
      heads.set(chain, head)
      newest.push({ index: entries.at(-1)!.index, hash: entries.at(-1)!.leafHash })
    }
    newest.sort((a, b) => a.index - b.index)
    verifyMultiproof(newest, this.seen.checkpoint!, bundle.proof)
    return heads
  }

  /** Checks signatures, folds, and only then keeps. */
  async #keep(heads: ReadonlyMap<string, ChainHead>, fresh: ReadonlyMap<number, Received>): Promise<void> {
    const entries = [...fresh.values()].sort((a, b) => a.index - b.index)
    if (entries[0]?.index === 0 && !equal(entries[0].cose, this.root.cose)) {
      throw new Refusal('wrong_root', 'Another root than the one this device joined')
    }
    const placed = entries.map((entry) => this.#takeApart(entry))
    for (const item of placed) this.#keys.learn(item)
    await Promise.all(entries.map((entry) => this.#keys.check(entry)))
    await this.#add(placed)
    await this.#store.write([
      ...entries.map((entry): Change => ({ table: 'directory', key: indexKey(entry.index), value: keptOf(entry) })),
      this.#checkpointChange(),
    ])
    for (const [chain, head] of heads) this.#heads.set(chain, head)
  }

  #isKnown({ leaf }: Received): boolean {
    const head = this.#heads.get(toBase64url(leaf.chain))
    return head !== undefined && leaf.sequence <= head.sequence
  }

  /** Folds on, or from the beginning where something stands earlier than what was folded. */
  async #add(placed: Placed[]): Promise<void> {
    const first = placed[0]
    if (!first) return
    if (!this.#last || first.index > this.#last.index) {
      fold(placed, this.#state, this.#last)
      this.#last = endOf(placed)
      for (const item of placed) this.#noteItem(item)
      return
    }
    await this.#foldAll(placed)
  }

  /** Folds what is kept and `more` from the beginning; on a `Refusal` everything stays as it was. */
  async #foldAll(more: Placed[]): Promise<void> {
    const kept = await this.#store.list<Kept>('directory')
    const all = [...kept.map(([, value]) => takeApart(this.#kinds, value)), ...this.#acts.values(), ...more]
    // Another tab may have kept what has only just come here.
    const items = [...new Map(all.map((item) => [item.index, item])).values()].sort((a, b) => a.index - b.index)
    const state = this.#newState()
    fold(items, state)
    this.#state = state
    this.#last = endOf(items)
    this.#ringItems.clear()
    for (const item of items) {
      this.#noteItem(item)
      this.#keys.learn(item)
      this.#noteHead(item)
    }
  }

  /** Heads of directory chains only: threads and what a post issued come in parts. */
  #noteHead({ kind, entry, header, leaf, leafHash }: Placed): void {
    const { chain, sequence, time } = leaf
    if (!isDirectoryChain(kind.chain(entry, header, this.#state))) return
    this.#heads.set(toBase64url(chain), { chain, sequence, time, hash: leafHash })
  }

  #noteItem({ kind, entry, index, header }: Placed): void {
    const person = this.directory.device(toBase64url(header.signer.id))?.person
    const party = person && partyOfChain(kind.chain(entry, header, this.#state))
    if (person && party && toBase64url(party) !== person) {
      const holding = header.appointment && this.directory.holding(toBase64url(header.appointment))
      if (holding) for (const party of [person, holding.post]) this.#authors.add(party)
    }
    if (kind.name !== 'ring' && kind.name !== 'grant') return
    this.#ringItems.set(entry.party, [...(this.#ringItems.get(entry.party) ?? []), index])
  }

  #checkpointChange(): Change {
    return { table: 'meta', key: 'checkpoint', value: this.seen.note }
  }

  /** Holders of an asked post: usually they come with it. */
  #holdersMissing(party: string): string[] {
    const post = this.directory.post(party)
    return post ? post.holders.map(({ person }) => person).filter((person) => !this.knows(person)) : []
  }

  /** Where the server does not say, nothing; that it is the record room its own chain says. */
  async #recordRoom(): Promise<string[]> {
    const known = this.directory.recordRoom()?.id
    if (known) return [known]
    const { post } = (await this.#transport.json('/api/record-room')) as { post?: unknown }
    return typeof post === 'string' ? [post] : []
  }

  /** The first post above `party` that was not climbed to yet. */
  #nextAbove(party: string, climbed: ReadonlySet<string>): string[] {
    const visited = new Set<string>()
    for (let at = this.directory.post(party)?.supervisor; at && !visited.has(at); ) {
      if (!climbed.has(at)) return [at]
      visited.add(at)
      at = this.directory.post(at)?.supervisor ?? null
    }
    return []
  }

  /** The first post above, on the way to somebody who reads for `party`, that is not here yet. */
  #aboveMissing(party: string): string[] {
    const visited = new Set<string>()
    let post = this.directory.post(party)
    while (post && !visited.has(post.id) && !this.#isRead(post)) {
      visited.add(post.id)
      if (post.supervisor === null) return []
      if (!this.knows(post.supervisor)) return [post.supervisor]
      post = this.directory.post(post.supervisor)
    }
    return []
  }

  /** Whether somebody reads at this very post, so that nothing meant for it falls to the one above. */
  #isRead({ id, holders, abolished }: Post): boolean {
    if (abolished) return false
    const fresh = this.directory.ring(id) !== undefined && !this.directory.isStale(id)
    return fresh || holders.some(({ person }) => this.directory.cover(person).length > 0)
  }
}

/** The directive an act speaks of, or the draft an approval does. */
function aboutOf({ kind, entry }: Placed): string | undefined {
  return kind.name === 'approval' ? entry.draft : entry.directive
}

function tagText(chain: Bytes): string {
  return toBase64url(chainTag(chain))
}

function keptOf({ index, cose, sections, leaf }: Received): Kept {
  return { index, cose, sections, leaf: encodeLeaf(leaf) }
}

function endOf(items: Placed[]): { index: number; time: number } | null {
  const last = items.at(-1)
  return last ? { index: last.index, time: last.leaf.time } : null
}
