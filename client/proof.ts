import { toBase64, toBase64url } from '../core/bytes.ts'
import { openCheckpoint } from '../core/checkpoint.ts'
import { verifyInclusion } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import type { Device } from './device.ts'
import type { Proof } from './views.ts'

/** The place of an item in the log, checked here: our own proven leaf, under a checkpoint of the log's key. */
export async function proofOf(device: Device, id: string): Promise<Proof> {
  const { proven, mirror, transport, now } = device
  const placed = mirror.act(id)
  if (!placed) throw new Refusal('not_found', 'No such item here', { id })
  const given = (await transport.json(`/api/proof/${id}`)) as { proof: string[]; checkpoint: string }
  const checkpoint = await openCheckpoint(given.checkpoint, proven.root.logKey)
  if (checkpoint.size < proven.seen.size) throw new Refusal('rollback', 'A proof older than what was seen')
  const path = given.proof.map((hash) => Uint8Array.fromBase64(hash))
  verifyInclusion(placed.leafHash, placed.index, checkpoint, path)
  return {
    index: placed.index,
    size: checkpoint.size,
    leafHash: toBase64(placed.leafHash),
    itemId: id,
    path: given.proof,
    checkpoint: given.checkpoint,
    verifiedAt: now(),
    root: toBase64(checkpoint.root),
    device: toBase64url(placed.header.signer.id),
  }
}
