import { type Bytes, concat, utf8 } from './bytes.ts'
import { sha256 } from './hash.ts'

/**
 * Chains. Every item stands in exactly one, given by the sequencer: its leaf holds the chain's tag, its place in the chain and
 * the hash of the leaf before. Whoever holds the newest leaf can tell that nothing in between is missing. One-way.
 */
export const SERVICE_CHAIN: Bytes = Uint8Array.of(0)

/** Directory entries of one office, post or person. */
export function partyChain(party: Uint8Array): Bytes {
  return concat(Uint8Array.of(1), party)
}

/** What became of one draft letter: itself and its approvals. */
export function draftChain(draft: Uint8Array): Bytes {
  return concat(Uint8Array.of(5), draft)
}

/** The declared absences of a post, or the practice of an office (of the service: sixteen zeros). */
export function dutyChain(party: Uint8Array): Bytes {
  return concat(Uint8Array.of(6), party)
}

/** The party of a party chain; null for any other chain. */
export function partyOfChain(chain: Uint8Array): Bytes | null {
  return chain[0] === 1 ? chain.slice(1) : null
}

/** Whether only directory entries stand in it: the service's chain, or a party's. */
export function isDirectoryChain(chain: Uint8Array): boolean {
  return chain[0]! <= 1
}

/** What a post has issued. */
export function issuedChain(post: Uint8Array): Bytes {
  return concat(Uint8Array.of(2), post)
}

/** What passed between one addressed post and the others about one directive. */
export function threadChain(directive: Uint8Array, post: Uint8Array): Bytes {
  return concat(Uint8Array.of(3), directive, post)
}

/** Directive and post of a thread's chain; null for any other chain. */
export function threadOfChain(chain: Uint8Array): { directive: Bytes; post: Bytes } | null {
  if (chain[0] !== 3) return null
  return { directive: chain.slice(1, 1 + ID_LENGTH), post: chain.slice(1 + ID_LENGTH) }
}

const ID_LENGTH = 16
const TAG = utf8('smarak chain v1\n')

/**
 * What stands for a chain in a leaf (32 bytes): whoever knows the chain can compute it, and whoever only sees the log cannot
 * tell from it which post answered which directive, for a directive's id is 128 random bits that only its readers know.
 */
export function chainTag(chain: Uint8Array): Bytes {
  return sha256(concat(TAG, chain))
}
