/** Looking at a log from outside, as a watcher does: from its public tiles alone. */
import type { Bytes } from '../../core/bytes.ts'
import { equal } from '../../core/bytes.ts'
import { openCheckpoint } from '../../core/checkpoint.ts'
import { decodeLeaf, verifyChain } from '../../core/leaf.ts'
import { leafHash, rootOf } from '../../core/merkle.ts'
import type { NoteKey } from '../../core/note.ts'
import { decodeBundle, TILE_WIDTH, tilePath } from '../../core/tile.ts'

/** Every leaf of the log at `url`; throws unless they are the tree its checkpoint signs and every chain is whole. */
export async function readWholeLog(url: string, key: NoteKey): Promise<Bytes[]> {
  const { size, root } = await openCheckpoint(await (await fetch(`${url}/checkpoint`)).text(), key)
  const leaves: Bytes[] = []
  for (let index = 0; leaves.length < size; index++) {
    const width = Math.min(TILE_WIDTH, size - leaves.length)
    const response = await fetch(`${url}/${tilePath({ level: 'entries', index, width })}`)
    if (!response.ok) throw new Error(`Bundle ${index}: ${response.status}`)
    leaves.push(...decodeBundle(new Uint8Array(await response.arrayBuffer()), width))
  }
  if (!equal(rootOf(leaves.map((leaf) => leafHash(leaf))), root)) throw new Error('The leaves are not the tree signed')
  const decoded = leaves.map(decodeLeaf)
  for (const [i, leaf] of decoded.entries())
    if (i > 0 && leaf.time < decoded[i - 1]!.time) throw new Error(`Time runs backwards at ${i}`)
  for (const chain of Map.groupBy(decoded, ({ chain }) => chain.toHex()).values()) verifyChain(chain)
  return leaves
}
