import type { SmarakClient } from '../client/client.ts'
import type { KeptAct } from '../client/mirror.ts'
import { indexKey } from '../client/store.ts'
import { fromBase64 } from '../core/bytes.ts'
import { formatVerifierKey } from '../core/note.ts'
import { formatItemProof } from '../core/proof.ts'
import { Refusal } from '../core/refusal.ts'
import { digitsOf } from '../language/digits.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT } from './command.ts'
import { atDesk, deskOptions } from './desk.ts'
import { requireOnline } from './issue.ts'

/**
 * `log prove ID`: the place in the log of a letter or act this profile has, proven under a checkpoint of today. `--out` and
 * `--item` write what an outsider needs to check it without us: a C2SP tlog-proof, and the item it is about.
 */
export const logProve: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: {
    ...deskOptions,
    out: { value: 'FILE', says: 'cli.options.out' },
    item: { value: 'FILE', says: 'cli.options.item' },
  },
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    return atDesk(args, io, async (desk) => {
      requireOnline(desk)
      const { client } = desk
      const { index, size, leafHash, path, checkpoint, root } = await client.proof(id)
      const { placed, cose } = await itemOf(id, client)
      const hashes = path.map(fromBase64)
      const [out, item] = [args.text('out'), args.text('item')]
      if (out !== undefined) await io.writeFile(out, formatItemProof(placed.leaf, { index, hashes, checkpoint }))
      if (item !== undefined) await io.writeFile(item, cose)
      const log = formatVerifierKey(client.device.proven.root.logKey)
      const proof = { id, verified: true, index, leafHash, path, size, root, checkpoint, log }
      if (io.json) io.out(JSON.stringify(proof))
      else {
        io.out(say(io.lang, 'cli.prove.done', { index: digitsOf(io.lang, index), size: digitsOf(io.lang, size) }))
        io.out([`leaf  ${leafHash}`, ...path.map((hash) => `path  ${hash}`), `log   ${log}`, '', checkpoint].join('\n'))
      }
      return EXIT.ok
    })
  },
}

async function itemOf(id: string, { device: { mirror, store } }: SmarakClient) {
  const placed = mirror.act(id)
  const kept = placed && (await store.get<KeptAct>('act', indexKey(placed.index)))
  if (!placed || !kept) throw new Refusal('not_found', 'No such item here', { id })
  return { placed, cose: kept.cose }
}
