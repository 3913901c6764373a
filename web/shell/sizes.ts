import type { Prefs } from './prefs.svelte.ts'

/** ১৮০ কেবি, ৪.২ এমবি, ৪২ এমবি: in the steps operators bill in, a tenth only where it tells something. */
export function sizeWords(prefs: Pick<Prefs, 'say'>, bytes: number): string {
  const [key, unit] =
    bytes >= 1e9 ? (['gb', 1e9] as const) : bytes >= 1e6 ? (['mb', 1e6] as const) : (['kb', 1e3] as const)
  const n = bytes / unit
  const rounded = n >= 10 || key === 'kb' ? Math.round(n) : Math.round(n * 10) / 10
  return prefs.say(`settings.sizes.${key}`, { n: bytes > 0 ? Math.max(rounded, key === 'kb' ? 1 : 0) : 0 })
}
