/** What comes next for one notice on its way to one person. Pure: facts in, verdict out. */
import { CHANNELS, type ChannelName } from './channel.ts'
import { bringForward, type Habits, planOf } from './plan.ts'
import { isUrgent } from './wording.ts'

export const OUTCOMES = ['claimed', 'sent', 'gone', 'later', 'refused', 'lost'] as const

/** What was tried so far, a channel at most once. */
export type Tried = {
  channel: ChannelName
  outcome: (typeof OUTCOMES)[number]
  /** When it was last tried. */
  claimed: number
  tries: number
  /** When it is tried again, where it is. */
  again: number | null
  /** What its operator told since: an index of `RECEIPT_STATES`. */
  receipt: number | null
}

export type Facts = {
  /** Whoever was to be told has done what the notice is about. */
  seen: boolean
  /** Channels that are on and have an address of this person. */
  reachable: ReadonlySet<ChannelName>
  /** Channels whose cost somebody has yet to confirm. */
  held: ReadonlySet<ChannelName>
  tried: readonly Tried[]
  lastAnswered: ChannelName | null
  habits: Habits
}

export type Verdict =
  /** Over: it was seen; or its delivery was confirmed, which is enough for an ordinary one; or nothing more can be done. */
  | { end: 'seen' | 'told' | 'unseen' }
  /** Nothing is left but what somebody has to confirm first. */
  | { end: 'held' }
  | { send: ChannelName; retry: boolean }
  | { wait: ChannelName | null; until: number }

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** So long after the last message it is looked once more whether it helped, so that it is known what a person answers on. */
const LAST_LOOK = 24 * HOUR
/** Who has no address at all may join meanwhile. */
const NOBODY_YET = 4 * HOUR

const FAILED_RECEIPT = 1
const DELIVERED_RECEIPT = 2

export function decide({ urgency, made }: { urgency: number; made: number }, facts: Facts, now: number): Verdict {
  const { seen, reachable, held, tried, lastAnswered, habits } = facts
  if (seen) return { end: 'seen' }
  if (!isUrgent(urgency) && tried.some(({ receipt }) => (receipt ?? 0) >= DELIVERED_RECEIPT)) return { end: 'told' }
  const flying = tried.find(({ outcome }) => outcome === 'claimed')
  if (flying) return { wait: null, until: Math.max(flying.claimed + HOUR, now + MINUTE) }

  const byChannel = new Map(tried.map((one) => [one.channel, one]))
  const usable = CHANNELS.filter((channel) => reachable.has(channel) || byChannel.has(channel))
  const plan = planOf(urgency, usable, lastAnswered, made, habits)
  const candidates: { channel: ChannelName; at: number; retry: boolean }[] = []
  for (const one of tried) {
    if (one.outcome !== 'later' || one.again === null || !reachable.has(one.channel) || held.has(one.channel)) continue
    candidates.push({ channel: one.channel, at: bringForward(urgency, one.again, habits), retry: true })
  }
  const next = plan.findIndex(({ channel }) => !byChannel.has(channel) && !held.has(channel))
  if (next >= 0) {
    const { channel, at } = plan[next]!
    const before = plan.slice(0, next)
    const futile =
      before.length > 0 && before.every((step) => held.has(step.channel) || failed(byChannel.get(step.channel)))
    candidates.push({ channel, at: futile ? Math.min(at, bringForward(urgency, now, habits)) : at, retry: false })
  }
  const [first] = candidates.toSorted((a, b) => a.at - b.at)
  if (first && first.at <= now) return { send: first.channel, retry: first.retry }
  if (first) return { wait: first.channel, until: first.at }

  const waiting = tried.filter((one) => !failed(one))
  if (waiting.length > 0) {
    const until = Math.max(...waiting.map(({ claimed }) => claimed)) + LAST_LOOK
    return until > now ? { wait: null, until } : { end: 'unseen' }
  }
  if ([...held].some((channel) => reachable.has(channel) && !byChannel.has(channel))) return { end: 'held' }
  if (tried.length === 0 && now < made + LAST_LOOK) return { wait: null, until: now + NOBODY_YET }
  return { end: 'unseen' }
}

function failed(one: Tried | undefined): boolean {
  if (!one) return false
  if (one.outcome === 'later') return one.again === null
  return one.outcome !== 'sent' || one.receipt === FAILED_RECEIPT
}
