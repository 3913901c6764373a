import type { Absence } from '../../../client/views.ts'
import { dhakaTime, fromDhaka } from '../../../language/time.ts'

/** What is written into the form; dates are ISO or ''. */
export type Leaving = { reason: Absence['reason'] | null; from: string; to: string; cover: string | null }

export type LeavingFault = 'reason' | 'from' | 'order'

export function leavingFaults({ reason, from, to }: Leaving): LeavingFault[] {
  const faults: LeavingFault[] = []
  if (reason === null) faults.push('reason')
  if (from === '') faults.push('from')
  else if (to !== '' && to < from) faults.push('order')
  return faults
}

/** From the first moment of its first day, or from now where that is today, to the last moment of its last. */
export function absenceOf({ reason, from, to, cover }: Leaving, post: string, now: number): Absence {
  const today = dhakaTime(now).date
  return {
    post,
    reason: reason ?? 'other',
    from: from <= today ? now : fromDhaka(from),
    to: to === '' ? null : fromDhaka(to, 24) - 1,
    cover,
  }
}

/** The same absence ended now; one that has not begun never will. */
export function ended(absence: Absence, now: number): Absence {
  return { ...absence, to: Math.max(now, absence.from) }
}

/** How it stands: over, to come, or in force. */
export function standing({ from, to }: Absence, now: number): 'over' | 'planned' | 'active' {
  if (to !== null && (to <= now || to <= from)) return 'over'
  return from > now ? 'planned' : 'active'
}
