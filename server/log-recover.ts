/**
 * `smarak log recover`: takes back items that were accepted and are missing from the database, at their very places. What
 * was accepted is known from the checkpoint file; nothing is written unless the items given lead to exactly that tree.
 *
 * @NOTE The other way out, a root-signed `log restart` whose first entry is the old checkpoint, is not built.
 */
import { equal } from '../core/bytes.ts'
import type { JournalItem } from '../core/journal.ts'
import { decodeLeaf } from '../core/leaf.ts'
import { Refusal } from '../core/refusal.ts'
import type { Tile } from '../core/tile.ts'
import type { Kinds } from './accept.ts'
import { readCheckpointFile } from './checkpoint-file.ts'
import { chooseItems } from './choose-items.ts'
import type { Db, Tx } from './db.ts'
import { GatheredEffects } from './effects.ts'
import type { Feature, Placed, State } from './feature.ts'
import { HeadCache } from './head-cache.ts'
import type { LogKey } from './log-key.ts'
import { readHeads, writeGrowth } from './log-store.ts'
import { type LogView, readView, signView } from './log-view.ts'
import { type Checked, type Ground, HeadNeeded, type Placement, placeAll } from './place.ts'

/** Items a transaction; the rules of each batch see those before it. */
const BATCH = 256

export type RecoverNeeds = {
  db: Db
  key: LogKey
  checkpointFile: string
  state: State
  features: readonly Feature[]
}

/**
 * Returns how many items were taken back; 0 when none was missing. Safe to run again after being killed. Throws `Refusal`:
 * as `chooseItems`, `still_missing` (details: index, code) for an item that names files which are not here, `log_in_use`,
 * `not_found` without a checkpoint file.
 */
export async function recoverLog(
  needs: RecoverNeeds,
  journals: ReadonlyMap<number, readonly JournalItem[]>,
): Promise<number> {
  const { db, key, features } = needs
  const lock = await db.lockOnce('sequencer')
  if (!lock) throw new Refusal('log_in_use', 'A server is running on this database; stop it first')
  try {
    const view = await readView(db, key)
    const target = await readCheckpointFile(needs.checkpointFile, key)
    if (!target)
      throw new Refusal('not_found', `There is no ${needs.checkpointFile}, so nothing is known to be missing`)
    if (target.size <= view.size) return 0
    const items = chooseItems(view, target, journals)
    for (const feature of features) await feature.restore?.(db)
    let current = view
    for (let at = 0; at < items.length; at += BATCH)
      current = await takeBack(needs, current, items.slice(at, at + BATCH))
    return items.length
  } finally {
    await lock.release()
  }
}

/** One transaction: placed by the ordinary rules, each at the time and with the leaf it had. */
async function takeBack(needs: RecoverNeeds, view: LogView, items: JournalItem[]): Promise<LogView> {
  const { db, key, state, features } = needs
  const kinds: Kinds = new Map(features.flatMap((feature) => feature.kinds.map((kind) => [kind.name, kind])))
  const parts = Object.values(state)
  for (const part of parts) part.begin()
  try {
    const grown = await db.write(async (tx) => {
      const checked = items.map(({ item, size }): Checked => {
        const kind = kinds.get(item.header.kind)
        if (!kind) throw new Refusal('unknown_kind', `No kind is called ${item.header.kind}`)
        return { item, kind, entry: kind.read(item), size }
      })
      for (const feature of features) {
        const own = checked.filter(({ kind }) => feature.kinds.includes(kind))
        const entries = own.map(({ kind, entry, item }) => ({ kind, entry, header: item.header }))
        if (own.length > 0) await feature.load?.(tx, entries as never)
      }
      const heads = new HeadCache()
      const edge = view.edge.clone()
      const placed: Placed[] = []
      const tiles: Tile[] = []
      for (const [i, one] of checked.entries()) {
        const { leaf, index } = items[i]!
        const ground = { state, edge, heads: heads.moved, time: decodeLeaf(leaf).time, log: key }
        const placement = await placeOne(tx, heads, one, ground)
        const outcome = placement.outcomes[0]!
        if (outcome instanceof Refusal) throw refused(index, outcome)
        if (outcome.index !== index || !equal(outcome.leaf, leaf))
          throw new Refusal('wrong_journal', `Item ${index} does not come to stand where it stood`, { index })
        placed.push(...placement.placed)
        tiles.push(...placement.tiles)
      }
      const next = await signView(edge, placed.at(-1)!.place.time, key)
      const effects = new GatheredEffects()
      await writeGrowth(tx, { placed, tiles, state: next })
      for (const feature of features) {
        const own = placed.filter(({ kind }) => feature.kinds.includes(kind))
        if (own.length > 0) await feature.project?.(tx, own, effects)
      }
      await effects.write(tx)
      return next
    })
    for (const part of parts) part.commit()
    return grown
  } catch (error) {
    for (const part of parts) part.rollback()
    throw error
  }
}

/** It was accepted once, so what it rests on is missing: the files it names, whose chunks lie beside the log. */
function refused(index: number, { code, message }: Refusal): Refusal {
  return new Refusal('still_missing', `Item ${index} cannot stand yet: ${code}, ${message}`, { index, code })
}

/** @NOTE A head is asked for before the item is folded, so trying again is safe. */
async function placeOne(tx: Tx, heads: HeadCache, one: Checked, ground: Omit<Ground, 'headOf'>): Promise<Placement> {
  for (;;) {
    try {
      return placeAll([one], new Map(), { ...ground, headOf: (chain) => heads.get(chain) })
    } catch (error) {
      if (!(error instanceof HeadNeeded)) throw error
      heads.add(await readHeads(tx, [error.chain]))
    }
  }
}
