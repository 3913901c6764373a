import { digitsOf, type Lang, toLatin } from './digits.ts'

/**
 * Minutes after midnight of a clock as people write it: `09:30`, `৯:৩০`, `৯.৩০`, `16`; undefined for anything else. 24:00 is the
 * end of the day.
 */
export function readWallClock(written: string): number | undefined {
  const [, hour, minute] = /^(\d{1,2})(?:[:.ঃ](\d{2}))?$/.exec(toLatin(written.normalize('NFC')).trim()) ?? []
  const minutes = Number(hour) * 60 + Number(minute ?? 0)
  return hour === undefined || Number(minute ?? 0) > 59 || minutes > 24 * 60 ? undefined : minutes
}

/** `09:30`: what `<input type="time">` wants. */
export function wallClock(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** As `wallClock`, in the reader's digits: ০৯:৩০. */
export function sayWallClock(lang: Lang, minutes: number): string {
  return digitsOf(lang, wallClock(minutes))
}
