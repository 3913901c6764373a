import { type Bytes, equal, toBase64 } from './bytes.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { sha256 } from './hash.ts'
import { decodeLeaf, encodeLeaf, type Leaf } from './leaf.ts'
import { HASH_LENGTH, leafHash, verifyInclusion } from './merkle.ts'
import { noteText, parseNote, readBase64 } from './note.ts'
import { openUnderPolicy, type Policy, type WitnessedCheckpoint } from './policy.ts'
import { Refusal } from './refusal.ts'

/**
 * C2SP tlog-proof: a file proving, without a network, that something stands in a log. `.tlog-proof` by name.
 * It is believed only under a policy (`policy.ts`) that the reader has from elsewhere.
 */
export type LogProof = {
  index: number
  /** The inclusion proof, from the leaf up. */
  hashes: Bytes[]
  /** The checkpoint note, byte for byte, with whatever cosignatures it has. */
  checkpoint: string
  /** Vouched for by nobody. In our proofs of items: the leaf data, which the leaf hash then vouches for. */
  extra: Bytes | null
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
/** RFC 6962 needs at most 53 at sizes we count. */
const MAX_HASHES = 64

export function formatProof({ index, hashes, checkpoint, extra }: LogProof): string {
  const lines = [FIRST_LINE]
  if (extra) lines.push(`extra ${toBase64(extra)}`)
  lines.push(`index ${index}`, ...hashes.map(toBase64), '')
  return lines.map((line) => `${line}\n`).join('') + checkpoint
}

/** Reads a proof, verifying nothing. Throws `Refusal('bad_proof')`; `bad_note` where its note or base64 is at fault. */
export function parseProof(proof: Uint8Array | string): LogProof {
  const text = noteText(proof)
  const end = text.indexOf('\n\n')
  if (end < 0) refuse('no checkpoint')
  const checkpoint = text.slice(end + 2)
  parseCheckpoint(parseNote(checkpoint).text)

  const lines = text.slice(0, end).split('\n')
  if (lines.shift() !== FIRST_LINE) refuse('not the first line of a proof')
  const extra = lines[0]?.startsWith('extra ') ? readBase64(lines.shift()!.slice('extra '.length)) : null
  if (extra?.length === 0) refuse('extra data that is none')
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1]
  if (index === undefined || !Number.isSafeInteger(Number(index))) refuse('no index')
  if (lines.length > MAX_HASHES) refuse('too many hashes')
  const hashes = lines.map(readBase64)
  if (hashes.some((hash) => hash.length !== HASH_LENGTH)) refuse('not a hash')
  return { index: Number(index), hashes, checkpoint, extra }
}

/**
 * Refuses unless the leaf with this hash stands in a log, at the proof's index, under a checkpoint the policy accepts;
 * returns that checkpoint. Refusals are `bad_proof`, `bad_note` and `not_witnessed`.
 */
export async function verifyProof(proof: LogProof, leafHash: Uint8Array, policy: Policy): Promise<WitnessedCheckpoint> {
  const checkpoint = await openUnderPolicy(proof.checkpoint, policy)
  verifyInclusion(leafHash, proof.index, checkpoint, proof.hashes)
  return checkpoint
}

/** The proof file of an item: its leaf travels as the extra data. */
export function formatItemProof(leaf: Leaf, proof: Omit<LogProof, 'extra'>): string {
  return formatProof({ ...proof, extra: encodeLeaf(leaf) })
}

export type ProvenItem = { leaf: Leaf; index: number; checkpoint: WitnessedCheckpoint }

/**
 * What a proof file says of an item, given its COSE bytes: when it was accepted and where. Refuses as `verifyProof`
 * does, and with `bad_bytes` where the extra data is no leaf.
 */
export async function verifyItemProof(
  proof: Uint8Array | string,
  item: Uint8Array,
  policy: Policy,
): Promise<ProvenItem> {
  const parsed = parseProof(proof)
  if (!parsed.extra) refuse('no leaf')
  const leaf = decodeLeaf(parsed.extra)
  if (!equal(leaf.item, sha256(item))) refuse('the proof of another item')
  const checkpoint = await verifyProof(parsed, leafHash(parsed.extra), policy)
  return { leaf, index: parsed.index, checkpoint }
}

function refuse(reason: string): never {
  throw new Refusal('bad_proof', `Log proof: ${reason}`)
}
