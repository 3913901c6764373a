/** Opened again within so long it is the same visit. */
const SAME_VISIT = 30 * 60_000

/** Which visit this is, from what was kept of those before: `count` and when the last page of it was opened. */
export function visitAt(kept: string | null, now: number): { count: number; kept: string } {
  const [, count = '0', last = '0'] = /^(\d{1,9}) (\d{1,16})$/.exec(kept ?? '') ?? []
  const since = now - Number(last)
  const same = Number(count) > 0 && since >= 0 && since < SAME_VISIT
  const next = Number(count) + (same ? 0 : 1)
  return { count: next, kept: `${next} ${now}` }
}
