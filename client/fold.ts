import { type Bytes, equal, toBase64url } from '../core/bytes.ts'
import { chainTag } from '../core/chain.ts'
import { verifySign1 } from '../core/cose.ts'
import { type Header, readCose, thumbprint } from '../core/item.ts'
import type { Kind } from '../core/kind.ts'
import { decodeLeaf, type Leaf } from '../core/leaf.ts'
import { leafHash } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import type { Received } from './messages.ts'

/** A placed item as a device keeps it. `sections` may lack some of an act's; a directory entry has all of its own. */
export type Kept = { index: number; cose: Bytes; sections: (Bytes | null)[]; leaf: Bytes }

/** The same, taken apart. */
// biome-ignore lint/suspicious/noExplicitAny: each kind has entries and a state of its own
type AnyKind<E> = Kind<E, any>

// biome-ignore lint/suspicious/noExplicitAny: as above
export type Placed<E = any> = {
  kind: AnyKind<E>
  entry: E
  header: Header
  index: number
  leaf: Leaf
  leafHash: Bytes
}

/** The parts of the state the rules look at; each can take a batch back. */
export type StatePart = { begin(): void; commit(): void; rollback(): void }
export type State = Record<string, StatePart>

// biome-ignore lint/suspicious/noExplicitAny: as above
export type Kinds = ReadonlyMap<string, Kind<any, any>>

// biome-ignore lint/suspicious/noExplicitAny: as above
export function kindsByName(...lists: Iterable<Kind<any, any>>[]): Kinds {
  return new Map(lists.flatMap((list) => [...list].map((kind) => [kind.name, kind] as const)))
}

/** Throws `Refusal`: `newer_version` for a kind this client does not know, and what its `read` throws. */
export function takeApart(kinds: Kinds, { index, cose, sections, leaf }: Kept): Placed {
  const { header } = readCose(cose)
  return placedOf(kinds, header, sections, index, decodeLeaf(leaf), leafHash(leaf))
}

export function takeApartReceived(kinds: Kinds, { index, header, sections, leaf, leafHash }: Received): Placed {
  return placedOf(kinds, header, sections, index, leaf, leafHash)
}

function placedOf(
  kinds: Kinds,
  header: Header,
  sections: (Bytes | null)[],
  index: number,
  leaf: Leaf,
  leafHash: Bytes,
): Placed {
  const kind = kinds.get(header.kind)
  if (!kind) throw new Refusal('newer_version', `A kind this client does not know: ${header.kind}`)
  // An absent section leaves a hole: kinds count sections, and read only those that are there.
  const body = sections.map((section) => section ?? undefined) as Bytes[]
  return { kind, entry: kind.read({ header, body }), header, index, leaf, leafHash }
}

/**
 * Folds placed items in log order, asking each kind whether its author might write it *there* (R5: order is time). All or
 * none: on the first that may not, everything since is taken back and its `Refusal` thrown. `after` is the last one folded.
 */
export function fold(
  items: readonly Placed[],
  state: State,
  after: { index: number; time: number } | null = null,
): void {
  const parts = Object.values(state)
  for (const part of parts) part.begin()
  try {
    let last = after
    for (const item of items) {
      const at = { index: item.index, time: item.leaf.time }
      if (last && at.index <= last.index) throw new RangeError('items out of order')
      if (last && at.time < last.time) throw new Refusal('bad_proof', 'Accepted earlier than an item before it')
      if (!equal(chainTag(item.kind.chain(item.entry, item.header, state)), item.leaf.chain)) {
        throw new Refusal('bad_proof', `A ${item.kind.name} in another chain than its own`)
      }
      item.kind.authority(item.entry, item.header, state, at)
      item.kind.apply(item.entry, item.header, { ...at, leafHash: item.leafHash }, state)
      last = at
    }
  } catch (error) {
    for (const part of parts) part.rollback()
    throw error
  }
  for (const part of parts) part.commit()
}

/** Whether a signature holds: `verifySign1`, or something that answers exactly as it does. */
export type VerifySign1 = typeof verifySign1

/** Public keys by thumbprint, as entries bring them into being. A thumbprint is the hash of its key, so none can be swapped. */
export class Keyring {
  readonly #keys = new Map<string, Bytes>()
  readonly #verify: VerifySign1

  constructor(verify: VerifySign1 = verifySign1) {
    this.#verify = verify
  }

  learn({ kind, entry }: Placed): void {
    for (const { publicKey } of kind.keys?.(entry) ?? []) this.#keys.set(toBase64url(thumbprint(publicKey)), publicKey)
  }

  /** Throws `Refusal`: `unknown_device` where the key was never logged, `bad_signature`. */
  async check({ header, signed }: Pick<Received, 'header' | 'signed'>): Promise<void> {
    const key = this.#keys.get(toBase64url(header.signer.id))
    if (!key) throw new Refusal('unknown_device', 'Signed by a key that is not in the directory')
    if (!(await this.#verify(signed, key))) throw new Refusal('bad_signature', 'A false signature')
  }
}
