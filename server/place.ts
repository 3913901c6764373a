import { type Bytes, equal } from '../core/bytes.ts'
import { chainTag } from '../core/chain.ts'
import { sha256 } from '../core/hash.ts'
import { type Item, idText } from '../core/item.ts'
import type { Kind } from '../core/kind.ts'
import { encodeLeaf } from '../core/leaf.ts'
import { leafHash } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import type { Tile, TileEdge } from '../core/tile.ts'
import type { Placed, State } from './feature.ts'

/** An item whose shape and signature were checked: what the sequencer takes. */
// biome-ignore lint/suspicious/noExplicitAny: each kind has an entry of its own
export type Checked = { item: Item; kind: Kind<any, any>; entry: unknown; size: number }

/** What became of one item: its place, or why it has none. A repeat gets the place of the first. */
export type Outcome = { index: number; leaf: Bytes } | Refusal

/** The newest leaf of a chain, for the next one to name. */
export type Head = { sequence: number; leafHash: Bytes; index: number }

/** An item that stands in the log already. */
export type Known = { index: number; leaf: Bytes; cose: Bytes }

/** An item that broke what no item may break: a fault of ours. The batch is tried again without it. */
export class Poisoned extends Error {
  readonly culprit: Checked

  constructor(culprit: Checked, cause: unknown) {
    super(`A ${culprit.item.header.kind} item broke the fold`, { cause })
    this.name = 'Poisoned'
    this.culprit = culprit
  }
}

export type Ground = {
  state: State
  /** A copy: it grows with the batch. */
  edge: TileEdge
  /** Heads of the chains so far; those the batch moves are written back into it. Only `headOf` reads the older ones. */
  heads: Map<string, Head>
  /** Head of a chain not in `heads`, or null where it has none; undefined where nobody looked yet. */
  headOf: (chain: string) => Head | null | undefined
  /** Accepted time of the batch, not before that of the newest leaf. */
  time: number
  log: { publicKey: Bytes; origin: string }
}

export type Placement = { outcomes: Outcome[]; placed: Placed[]; tiles: Tile[] }

/** Thrown where a chain's head must first be read from the database: the batch is decided again once it has been. */
export class HeadNeeded extends Error {
  readonly chain: Bytes

  constructor(chain: Bytes) {
    super('The head of a chain is not at hand')
    this.chain = chain
  }
}

/**
 * Decides a batch in order and folds what it admits into `ground`: repeats, then the kind's authority and rule at that very
 * place, then index, chain and leaf. Synchronous, so nobody sees a half-folded item. `known` holds the items of the batch
 * that are in the log already, by id.
 */
export function placeAll(batch: readonly Checked[], known: ReadonlyMap<string, Known>, ground: Ground): Placement {
  const placed: Placed[] = []
  const tiles: Tile[] = []
  const first = new Map<string, Known>(known)
  const outcomes = batch.map((checked): Outcome => {
    const id = idText(checked.item.header.id)
    const before = first.get(id)
    if (before) return repeatOf(before, checked)
    try {
      const entry = admit(checked, ground, tiles)
      placed.push(entry)
      const outcome = { index: entry.place.index, leaf: entry.leaf }
      first.set(id, { ...outcome, cose: checked.item.cose })
      return outcome
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
  })
  return { outcomes, placed, tiles }
}

/** @NOTE An id is signed over; the same header signed twice by Ed25519 gives the same bytes, so a true retry is equal. */
function repeatOf(before: Known, { item }: Checked): Outcome {
  if (equal(before.cose, item.cose)) return { index: before.index, leaf: before.leaf }
  return new Refusal('conflict', 'Another item with this id stands in the log', { index: before.index })
}

function admit(checked: Checked, ground: Ground, tiles: Tile[]): Placed {
  const { item, kind, entry } = checked
  const { header } = item
  const at = { index: ground.edge.size, time: ground.time }
  judgeRoot(item, at.index, ground)
  const chain = guarded(checked, () => {
    kind.authority(entry, header, ground.state, at)
    kind.rule?.(entry, header, ground.state, at)
    return kind.chain(entry, header, ground.state)
  })
  const name = idText(chain)
  const head = ground.heads.get(name) ?? ground.headOf(name)
  if (head === undefined) throw new HeadNeeded(chain)

  const sequence = head ? head.sequence + 1 : 0
  const previous = head ? head.leafHash : null
  const leaf = encodeLeaf({ item: sha256(item.cose), time: at.time, chain: chainTag(chain), sequence, previous })
  const place = { ...at, leafHash: leafHash(leaf) }
  try {
    kind.apply(entry, header, place, ground.state)
  } catch (error) {
    throw new Poisoned(checked, error) // a half-folded item: only a rollback mends the state
  }
  tiles.push(...ground.edge.append(place.leafHash))
  ground.heads.set(name, { sequence, leafHash: place.leafHash, index: at.index })
  return { kind, entry, header, item, place, chain, sequence, leaf } as Placed
}

/** Rules refuse by `Refusal`; anything else is a fault of ours, of which only this item may suffer. */
function guarded<T>(checked: Checked, judge: () => T): T {
  try {
    return judge()
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Poisoned(checked, error)
  }
}

/** The root is the first item and no other, and names this very log: what a client believes begins there. */
function judgeRoot({ header }: Item, index: number, { log }: Ground): void {
  if (header.kind === 'root' && index > 0) throw new Refusal('conflict', 'The service has a root already')
  if (header.kind !== 'root' && index === 0) throw new Refusal('not_allowed', 'The service has no root yet')
  if (header.kind !== 'root') return
  const [publicKey, origin] = [header.fields.get(4), header.fields.get(5)]
  if (!(publicKey instanceof Uint8Array) || !equal(publicKey, log.publicKey) || origin !== log.origin)
    throw new Refusal('bad_input', 'The root names another log than this one', { field: 4 })
}
