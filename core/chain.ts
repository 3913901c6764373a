import { type Bytes, concat } from './bytes.ts'

/**
 * Chain ids. Every item stands in exactly one chain, given by the sequencer: its leaf holds the chain's id, its place in the
 * chain and the hash of the leaf before. Whoever holds the newest leaf can tell that nothing in between is missing. One-way.
 */
export const SERVICE_CHAIN: Bytes = Uint8Array.of(0)

/** Directory entries of one office, post or person. */
export function partyChain(party: Uint8Array): Bytes {
  return concat(Uint8Array.of(1), party)
}

/** What a post has issued. */
export function issuedChain(post: Uint8Array): Bytes {
  return concat(Uint8Array.of(2), post)
}

/** What passed between one addressed post and the others about one directive. */
export function threadChain(directive: Uint8Array, post: Uint8Array): Bytes {
  return concat(Uint8Array.of(3), directive, post)
}
