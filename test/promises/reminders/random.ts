/** Chances that come out the same for the same seed. */
export function randomOf(seed: number) {
  let state = seed >>> 0
  /** Mulberry32. */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (from: number, to: number) => Math.floor(from + next() * (Math.max(from, to) - from + 1))
  return {
    /** A whole number from `from` to `to`. */
    between,
    chance: (p: number) => next() < p,
    pick: <T>(list: readonly T[]): T => list[between(0, list.length - 1)]!,
    /** At least one of them. */
    some<T>(list: readonly T[]): T[] {
      const found = list.filter(() => next() < 0.6)
      return found.length > 0 ? found : list.slice(0, 1)
    },
  }
}
