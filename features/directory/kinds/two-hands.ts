import { fromBase64url, toBase64url } from '../../../core/bytes.ts'
import { partyOfChain } from '../../../core/chain.ts'
import { Fields } from '../../../core/fields.ts'
import type { Header } from '../../../core/item.ts'
import type { At, Kind, Place } from '../../../core/kind.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { Directory, Pending } from '../directory.ts'
import type { Id, Power } from '../model.ts'

/** The part of the road's state that directory kinds look at. */
export type DirectoryState = { directory: Directory }
export type DirectoryKind<E> = Kind<E, DirectoryState>

/** A null for the whole service, an id for one office, as far as a power must reach. */
export type Scope = Id | null

/**
 * Root keys author the directory until the first delegation is in effect; from then on a post with this power over the
 * office. Throws `Refusal('not_allowed')` or what `directory.author` throws.
 */
export function requirePower(header: Header, directory: Directory, power: Power, scope: Scope, at: At): void {
  if (header.signer.type === 'root') {
    const known = directory.service()?.rootKeys.includes(toBase64url(header.signer.id))
    if (!known || directory.hasDelegation()) throw new Refusal('not_allowed', 'The root keys have handed over')
    return
  }
  const { post } = directory.author(header, at.index)
  if (post === null || !directory.hasPower(post, power, scope)) {
    throw new Refusal('not_allowed', `The author's post may not ${power}`, { power })
  }
}

/** One of the service's two root keys. Throws `Refusal('not_allowed')`. */
export function requireRoot(header: Header, directory: Directory): void {
  const known = directory.service()?.rootKeys.includes(toBase64url(header.signer.id))
  if (header.signer.type !== 'root' || !known) throw new Refusal('not_allowed', 'Only a root key may')
}

/** Makes `enact` happen at the place of the approving item rather than now; `second` says whose approval it takes. */
export function awaitApproval(
  header: Header,
  place: Place,
  chain: Uint8Array,
  directory: Directory,
  second: Pending['second'],
  enact: (directory: Directory, at: number) => void,
): void {
  directory.await({
    second,
    index: place.index,
    leafHash: toBase64url(place.leafHash),
    chain: toBase64url(chain),
    maker: handOf(header, directory),
    enact,
  })
}

/** Whose hand it is: a root key, or the person behind a device, so that two devices of one person are one hand. */
export function handOf(header: Header, directory: Directory): Id {
  const id = toBase64url(header.signer.id)
  return header.signer.type === 'root' ? id : (directory.device(id)?.person ?? id)
}

/** Links a party to the author of its entries, so that proofs of it include his. */
export function linkAuthor(header: Header, party: Id, directory: Directory): void {
  if (header.signer.type !== 'device') return
  const holding = header.appointment && directory.holding(toBase64url(header.appointment))
  directory.link(party, directory.device(toBase64url(header.signer.id))?.person ?? null, holding ? holding.post : null)
}

type Approve = { index: number; leafHash: Id; chain: Id }

/** `approve`: the second hand. It names exactly what it approves: index, leaf hash and chain. */
export const approve: DirectoryKind<Approve> = {
  name: 'approve',
  read({ header }) {
    const fields = new Fields('approve', header.fields)
    const index = fields.count(1)
    const leafHash = toBase64url(fields.bytes(2, 32))
    const chain = toBase64url(fields.bytes(3))
    fields.end()
    return { index, leafHash, chain }
  },
  chain: ({ chain }) => fromBase64url(chain),
  authority(entry, header, { directory }, at) {
    const pending = directory.pending(entry.index)
    if (!pending) throw new Refusal('not_found', 'Nothing waits for approval there')
    if (pending.leafHash !== entry.leafHash || pending.chain !== entry.chain) {
      throw new Refusal('bad_input', 'Not what is to be approved')
    }
    if (handOf(header, directory) === pending.maker) throw new Refusal('not_allowed', 'Nobody approves his own act')
    if (pending.second === 'root') requireRoot(header, directory)
    else requirePower(header, directory, pending.second, null, at)
  },
  apply(entry, header, place, { directory }) {
    const party = partyOfChain(fromBase64url(entry.chain))
    if (party) linkAuthor(header, toBase64url(party), directory)
    directory.settle(entry.index, place.index)
    directory.advance(place.index)
  },
}
