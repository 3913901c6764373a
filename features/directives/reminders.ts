import {
  addWorkingTime,
  nextWorkingMoment,
  subtractWorkingTime,
  type WorkingCalendar,
} from '../../language/working-time.ts'
import type { Directory, Id } from '../directory/index.ts'
import type { ReminderRule } from './duty.ts'

export type ReminderKind = 'reminder-before' | 'reminder-due' | 'reminder-late' | 'escalation-1' | 'escalation-2'

/** What of a directive decides its reminders. `issued` and `due` are milliseconds since 1970. */
export type Timed = { issued: number; due: number | null; urgency: number; ended: boolean }

/** One addressee as he stands. */
export type Debtor = {
  /** A post, or of a demi-official letter a person. */
  id: Id
  /** Whether anything that was asked of him is unfulfilled. */
  owes: boolean
  /** His own last answer, whatever it said; null where there is none. */
  heard: number | null
  /** The post that acts for him now; null where he is there himself. */
  cover: Id | null
  /** Who is told of his silence, nearest first (`toldAbove`). */
  above: readonly Id[]
}

/** A moment at which something is said to everybody who still owes. `nth` from 1 within its kind. */
export type Stage = { kind: ReminderKind; nth: number; at: number }

export type Reminder = Stage & { to: Id }

/** Where no office said otherwise: one working day before, daily for a week after; the supervisor on the next working day. */
export const DEFAULT_RULE: ReminderRule = { before: [480], every: 480, most: 5, escalate: [480, 1440] }

/** Nobody is reminded more often than hourly, or of one directive more than so many times, whatever a rule says. */
const LEAST_PAUSE = 60
const MOST_LATE = 30
const ESCALATIONS = ['escalation-1', 'escalation-2'] as const
const MINUTE = 60_000

/**
 * Every moment planned for an addressee who stays silent, ascending, none at or before the issue. A directive without a due date
 * has none. Clocks run in working time, and day and night from urgency 1 on: a rule's minutes then count plainly.
 */
export function stagesOf(
  { issued, due, urgency, ended }: Timed,
  rule: ReminderRule,
  calendar: WorkingCalendar,
): Stage[] {
  if (due === null || ended) return []
  const clock = clockOf(urgency, calendar)
  const before = [...new Set(rule.before)].filter((minutes) => minutes > 0).sort((a, b) => b - a)
  const every = Math.max(rule.every, LEAST_PAUSE)
  const most = rule.every > 0 ? Math.min(rule.most, MOST_LATE) : 0
  const reminders: Stage[] = [
    ...before.map((minutes, i) => stage('reminder-before', i + 1, clock.subtract(due, minutes))),
    stage('reminder-due', 1, clock.open(due)),
    ...Array.from({ length: most }, (_, i) => stage('reminder-late', i + 1, clock.add(due, every * (i + 1)))),
  ]
  const escalations = ESCALATIONS.flatMap((kind) => {
    const at = escalatesAt(kind, { issued, due, urgency }, null, rule, calendar)
    return at === null ? [] : [stage(kind, 1, at)]
  })
  return [...reminders.filter(({ at }) => at > issued), ...escalations].sort((a, b) => a.at - b.at)
}

/**
 * When silence is told to those above: so much clock time after the due date, or after the addressee's own last answer where
 * that came later (`heard`). Null where the rule does not escalate so far.
 */
export function escalatesAt(
  kind: (typeof ESCALATIONS)[number],
  { issued, due, urgency }: Omit<Timed, 'ended'>,
  heard: number | null,
  rule: ReminderRule,
  calendar: WorkingCalendar,
): number | null {
  const minutes = rule.escalate.toSorted((a, b) => a - b)[ESCALATIONS.indexOf(kind)]
  if (due === null || minutes === undefined) return null
  return clockOf(urgency, calendar).add(Math.max(due, issued, heard ?? due), Math.max(minutes, LEAST_PAUSE))
}

export function isEscalation(kind: string): kind is (typeof ESCALATIONS)[number] {
  return (ESCALATIONS as readonly string[]).includes(kind)
}

/** Whom a stage is said to: the addressee or who acts for him; of an escalation the post above, null where nobody is. */
export function toldAt(kind: ReminderKind, { id, cover, above }: Pick<Debtor, 'id' | 'cover' | 'above'>): Id | null {
  if (isEscalation(kind)) return above[ESCALATIONS.indexOf(kind)] ?? null
  return cover ?? id
}

/**
 * Everything one addressee and those above him will be told if nothing more happens, ascending. Whoever owes nothing any more, and
 * a directive that has ended, earn nothing.
 */
export function remindersOf(
  directive: Timed,
  debtor: Debtor,
  rule: ReminderRule,
  calendar: WorkingCalendar,
): Reminder[] {
  if (!debtor.owes) return []
  return stagesOf(directive, rule, calendar)
    .flatMap((stage): Reminder[] => {
      const to = toldAt(stage.kind, debtor)
      if (to === null) return []
      if (!isEscalation(stage.kind)) return [{ ...stage, to }]
      const at = escalatesAt(stage.kind, directive, debtor.heard, rule, calendar)
      return at === null ? [] : [{ ...stage, at, to }]
    })
    .sort((a, b) => a.at - b.at)
}

/** What comes after `now`: what the screens tell the addressee beforehand (`notices.planned` has the sentences). */
export function planFor(
  directive: Timed,
  debtor: Debtor,
  rule: ReminderRule,
  calendar: WorkingCalendar,
  now: number,
): Reminder[] {
  return remindersOf(directive, debtor, rule, calendar).filter(({ at }) => at > now)
}

/**
 * The two posts that hear of silence, nearest first: going up from `post`, whoever is there to hear. A vacant or abolished post is
 * passed over; where the chain ends, or comes back to a post it was at, it ends here too.
 */
export function toldAbove(post: Id, directory: Pick<Directory, 'post'>): Id[] {
  const told: Id[] = []
  const seen = new Set<Id>([post])
  for (let at = directory.post(post)?.supervisor; at && !seen.has(at); at = directory.post(at)?.supervisor) {
    seen.add(at)
    const known = directory.post(at)
    if (known && !known.abolished && known.holders.length > 0) told.push(at)
    if (told.length === ESCALATIONS.length) break
  }
  return told
}

type Clock = {
  add(at: number, minutes: number): number
  subtract(at: number, minutes: number): number
  /** `at` itself, or the next moment at which one may be disturbed. The close of a day is still part of it. */
  open(at: number): number
}

function clockOf(urgency: number, calendar: WorkingCalendar): Clock {
  if (urgency > 0) {
    return {
      add: (at, minutes) => at + minutes * MINUTE,
      subtract: (at, minutes) => at - minutes * MINUTE,
      open: (at) => at,
    }
  }
  return {
    add: (at, minutes) => addWorkingTime(calendar, at, minutes * MINUTE),
    subtract: (at, minutes) => subtractWorkingTime(calendar, at, minutes * MINUTE),
    open: (at) => (nextWorkingMoment(calendar, at - 1) === at - 1 ? at : nextWorkingMoment(calendar, at)),
  }
}

function stage(kind: ReminderKind, nth: number, at: number): Stage {
  return { kind, nth, at }
}
