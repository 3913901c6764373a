import { type Bytes, equal, toBase64, toBase64url } from '../core/bytes.ts'
import { openCheckpoint } from '../core/checkpoint.ts'
import { sha256 } from '../core/hash.ts'
import { decodeLeaf, hashLeaf } from '../core/leaf.ts'
import { verifyInclusion } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import type { Device } from './device.ts'
import { enclosedIn, isSigned } from './enclosure.ts'
import { postName, textOf } from './rows.ts'
import type { EnclosedProof, Proof } from './views.ts'

type Needs = Pick<Device, 'proven' | 'mirror' | 'transport' | 'now'>
type Given = { index: number; leaf: string; proof: string[]; checkpoint: string }

/**
 * The place of an item in the log, checked here: our own proven leaf, under a checkpoint of the log's key; and that of the original
 * it encloses. Throws `Refusal`: `not_found`, `offline`, `rollback`, `bad_proof`, `bad_note`.
 */
export async function proofOf(device: Needs, id: string): Promise<Proof> {
  const { mirror, transport } = device
  const placed = mirror.act(id)
  if (!placed) throw new Refusal('not_found', 'No such item here', { id })
  const given = (await transport.json(`/api/proof/${id}`)) as Given
  const proof = await underCheckpoint(device, given, placed)
  const own: Proof = { ...proof, itemId: id, device: toBase64url(placed.header.signer.id) }
  const enclosed = await enclosedProof(device, id)
  return enclosed ? { ...own, enclosed } : own
}

/**
 * The original is read by those to whom it was addressed, so its leaf is asked of the server by the hash of the enclosed bytes; that
 * the leaf is of these bytes and in the tree is checked here.
 */
async function enclosedProof(device: Needs, id: string): Promise<EnclosedProof | null> {
  const { proven, mirror, transport } = device
  if (!mirror.directive(id)?.entry.parent) return null
  let named = { itemId: mirror.directive(id)!.entry.parent!, issuer: postName('', proven.directory) }
  try {
    const opened = await enclosedIn(device, id)
    if (!opened) return { ...named, verified: false, code: 'cannot_open' }
    named = { ...named, issuer: postName(opened.issuer, proven.directory, textOf(opened.parts, 'issuer')) }
    if (!opened.isParent) return { ...named, verified: false, code: 'bad_commitment' }
    const hash = sha256(opened.cose)
    const given = (await transport.json(`/api/proof/${opened.id}?item=${toBase64url(hash)}`)) as Given
    const leaf = decodeLeaf(Uint8Array.fromBase64(given.leaf))
    if (!equal(leaf.item, hash)) throw new Refusal('bad_proof', 'The leaf is of other bytes')
    const proof = await underCheckpoint(device, given, { index: given.index, leafHash: hashLeaf(leaf) })
    const signed = await isSigned(proven, opened)
    return { ...named, ...proof, verified: true, accepted: leaf.time, signed, device: opened.device }
  } catch (error) {
    if (error instanceof Refusal) return { ...named, verified: false, code: error.code }
    throw error
  }
}

async function underCheckpoint(
  { proven, now }: Needs,
  { proof, checkpoint: note }: Given,
  { index, leafHash }: { index: number; leafHash: Bytes },
): Promise<Omit<Proof, 'itemId' | 'device' | 'enclosed'>> {
  const checkpoint = await openCheckpoint(note, proven.root.logKey)
  if (checkpoint.size < proven.seen.size) throw new Refusal('rollback', 'A proof older than what was seen')
  const path = proof.map((hash) => Uint8Array.fromBase64(hash))
  verifyInclusion(leafHash, index, checkpoint, path)
  return {
    index,
    size: checkpoint.size,
    leafHash: toBase64(leafHash),
    path: proof,
    checkpoint: note,
    verifiedAt: now(),
    root: toBase64(checkpoint.root),
  }
}
