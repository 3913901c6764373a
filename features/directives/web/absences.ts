import type { Absence } from '../../../client/views.ts'

/** Those that hold at `now`; without an end they hold until they are ended. */
export function activeAbsences(absences: readonly Absence[], now: number): Absence[] {
  return absences.filter(({ from, to }) => from <= now && (to === null || to > now))
}
