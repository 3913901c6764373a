/** Which of the items that were given back are those that were lost: the ones that lead to the tree which was accepted. */
import { equal, toBase64url } from '../core/bytes.ts'
import type { JournalItem } from '../core/journal.ts'
import { leafHash } from '../core/merkle.ts'
import { Refusal } from '../core/refusal.ts'
import type { LogView } from './log-view.ts'

/**
 * The items from `view` up to the target, in order. Where those who gave them disagree about one, some of them are not believed
 * in that, until all lead to the target's root: first each alone, then the most contradicted together. Throws `Refusal`:
 * `still_missing` (details: count and ranges of indexes that nobody gave), `wrong_journal` (details: `disputed` indexes).
 */
export function chooseItems(
  view: LogView,
  target: { size: number; root: Uint8Array },
  journals: ReadonlyMap<number, readonly JournalItem[]>,
): JournalItem[] {
  const places = Array.from({ length: target.size - view.size }, (_, i) => competing(journals.get(view.size + i) ?? []))
  const missing = places.flatMap(({ length }, i) => (length === 0 ? [view.size + i] : []))
  if (missing.length > 0) {
    const ranges = rangesOf(missing)
    const said = `${missing.length} of ${places.length} items are in no journal: ${ranges.join(', ')}. Nothing was changed`
    throw new Refusal('still_missing', said, { ranges, count: missing.length })
  }
  for (const doubted of doubts(places)) {
    const items = places.map((options) => chosen(options, doubted))
    if (items.every((item) => item !== undefined) && leadsTo(items, view, target.root)) return items
  }
  const disputed = places.flatMap(({ length }, i) => (length > 1 ? [view.size + i] : []))
  const about = disputed.length > 0 ? `, and they disagree about ${rangesOf(disputed).join(', ')}` : ''
  const said = `Some of the items are false: they lead to another log than the one accepted${about}. Nothing was changed`
  throw new Refusal('wrong_journal', said, { disputed })
}

/** One item that may stand at an index, and everybody who says so. */
type Option = { item: JournalItem; givers: string[] }

function competing(items: readonly JournalItem[]): Option[] {
  const givers = Map.groupBy(items, ({ leaf }) => toBase64url(leaf))
  return [...givers.values()].map((same) => ({ item: same[0]!, givers: same.map(({ from = '' }) => from) }))
}

/** Whom not to believe where others say otherwise, in the order to try. */
function doubts(places: readonly Option[][]): Set<string>[] {
  const disputes = new Map<string, number>()
  for (const options of places) {
    if (options.length === 1) continue
    for (const giver of new Set(options.flatMap(({ givers }) => givers)))
      disputes.set(giver, (disputes.get(giver) ?? 0) + 1)
  }
  const worst = [...disputes].sort(([, a], [, b]) => b - a).map(([giver]) => giver)
  const together = worst.slice(1).map((_, i) => worst.slice(0, i + 2))
  return [[], ...worst.map((giver) => [giver]), ...together].map((givers) => new Set(givers))
}

function chosen(options: Option[], doubted: ReadonlySet<string>): JournalItem | undefined {
  if (options.length === 1) return options[0]!.item
  const [one, ...others] = options.filter(({ givers }) => givers.some((giver) => !doubted.has(giver)))
  return others.length === 0 ? one?.item : undefined
}

function leadsTo(items: readonly JournalItem[], view: LogView, root: Uint8Array): boolean {
  const edge = view.edge.clone()
  for (const { leaf } of items) edge.append(leafHash(leaf))
  return equal(edge.root(), root)
}

/** `3`, `5–9`. */
function rangesOf(indexes: readonly number[]): string[] {
  const ranges: { from: number; to: number }[] = []
  for (const index of indexes) {
    const last = ranges.at(-1)
    if (last?.to === index - 1) last.to = index
    else ranges.push({ from: index, to: index })
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`))
}
