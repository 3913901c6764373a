/** When which channel is tried. Pure: the sender asks again at every step, and stops once the directive was opened. */

import { addWorkingTime, type WorkingCalendar } from '../../language/working-time.ts'
import type { ChannelName } from './channel.ts'
import { afterQuiet, type Minutes, nextCheck, type Quiet } from './hours.ts'
import { isUrgent } from './wording.ts'

export type Step = { channel: ChannelName; at: number }

/** How a person and his office want to be told. */
export type Habits = {
  quiet: Quiet | null
  /** When the office looks; what is not জরুরি waits for the next and goes as one message. None: at once, each by itself. */
  checks: readonly Minutes[]
  calendar: WorkingCalendar
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** জরুরি: whatever rings soonest; a message costs little beside a missed order. */
const URGENT_ORDER: readonly ChannelName[] = ['push', 'sms', 'whatsapp', 'mail']
const URGENT_DELAYS = [0, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE]

/** Everything else: what costs nothing or little first. */
const ORDINARY_ORDER: readonly ChannelName[] = ['push', 'whatsapp', 'mail', 'sms']
const ORDINARY_PAUSE = 2 * HOUR

/**
 * The channels of a person in the order in which they are tried for a notice made at `made`, each with its moment, unless the
 * directive is opened before. Push is first where there is push; of the others the one the person last answered on.
 */
export function planOf(
  urgency: number,
  channels: readonly ChannelName[],
  lastAnswered: ChannelName | null,
  made: number,
  { quiet, checks, calendar }: Habits,
): Step[] {
  const urgent = isUrgent(urgency)
  const rank = (channel: ChannelName) =>
    channel === 'push' ? -2 : channel === lastAnswered ? -1 : (urgent ? URGENT_ORDER : ORDINARY_ORDER).indexOf(channel)
  const order = [...new Set(channels)].toSorted((a, b) => rank(a) - rank(b))
  if (urgent) return order.map((channel, i) => ({ channel, at: made + URGENT_DELAYS[i]! }))
  const steps: Step[] = []
  let at = nextCheck(made, checks, quiet, calendar)
  for (const channel of order) {
    steps.push({ channel, at })
    at = nextCheck(addWorkingTime(calendar, at, ORDINARY_PAUSE), checks, quiet, calendar)
  }
  return steps
}

/** When a step that is brought forward, because those before it failed, may be taken. */
export function bringForward(urgency: number, now: number, { quiet }: Habits): number {
  return isUrgent(urgency) ? now : afterQuiet(now, quiet)
}

/** Pauses between the tries of one attempt, unless the other side asked for more. */
const PAUSES = [30_000, 2 * MINUTE, 10 * MINUTE, HOUR]

/** When a try is repeated that failed for now, or undefined when it was tried often enough. @param tries how many there were */
export function retryAt(tries: number, asked: number, now: number): number | undefined {
  const pause = PAUSES[tries - 1]
  return pause === undefined ? undefined : now + Math.min(Math.max(pause, asked), 6 * HOUR)
}
