/** Wrong PINs in a row, and when the last one was given. */
export type PinTries = { wrong: number; last: number }

/** So many are free: a thumb slips. */
const FREE = 4
const WAITS = [30_000, 60_000, 5 * 60_000, 15 * 60_000]
const LONGEST = 3_600_000

/** How long after so many wrong PINs in a row none is tried, in milliseconds. The 10,000 PINs of four digits then take a year. */
export function waitAfter(wrong: number): number {
  return wrong <= FREE ? 0 : (WAITS[wrong - FREE - 1] ?? LONGEST)
}

/** Until when no PIN is tried; null where one may be tried at `now`. */
export function waitsUntil({ wrong, last }: PinTries, now: number): number | null {
  const until = last + waitAfter(wrong)
  return until > now ? until : null
}

/**
 * As it counts at `now`. A clock that went back has made `last` lie ahead: the wait then begins now and is no longer than it
 * was meant to be. One that was put forward ends the wait early, and nothing on the device can tell.
 */
export function settled(tries: PinTries, now: number): PinTries {
  return tries.last > now ? { ...tries, last: now } : tries
}
