import { digitsOf, type Lang, toLatin } from '../../../language/digits.ts'
import { type HolidayFault, readHolidays } from '../../../language/holidays.ts'
import { readWallClock, sayWallClock } from '../../../language/wall-clock.ts'
import type { PracticeEntry } from '../duty.ts'
import type { PracticeView, Working } from '../practice-route.ts'

export type OwnPart = 'hours' | 'checks' | 'quiet' | 'reminders'

/** What the head of an office has before him: each part his own or as above, everything as he writes it. Times of rules in hours. */
export type PracticeForm = {
  own: Record<OwnPart, boolean>
  hours: { open: boolean; from: string; to: string }[]
  checks: string
  quiet: { from: string; to: string }
  reminders: { before: string; every: string; most: string; escalate: string }
  routes: { post: string; approvers: string[] }[]
  /** A line each: date, Bangla name, English name. */
  holidays: string
}

/** Where something is to be corrected: a part, or one field of it. */
export type PracticeFault =
  | 'checks'
  | 'quiet'
  | 'noHours'
  | 'before'
  | 'every'
  | 'most'
  | 'escalate'
  | `hours.${number}`
  | `routes.${number}`

export type ReadPractice = {
  practice: Omit<PracticeEntry, 'office'>
  faults: PracticeFault[]
  holidays: HolidayFault[]
}

/** As it stands now, for changing, in the reader’s digits. */
export function formOf({ said, holds }: Pick<PracticeView, 'said' | 'holds'>, lang: Lang): PracticeForm {
  const time = (minutes: number) => sayWallClock(lang, minutes)
  const hours = (minutes: readonly number[]) => digitsOf(lang, hoursOf(minutes))
  const { before, every, most, escalate } = holds.reminders
  return {
    own: {
      hours: Boolean(said?.hours),
      checks: Boolean(said?.checks),
      quiet: Boolean(said?.quiet),
      reminders: Boolean(said?.reminders),
    },
    hours: holds.hours.map(([first]) => ({
      open: first !== undefined,
      from: first ? time(first.from) : '',
      to: first ? time(first.to) : '',
    })),
    checks: holds.checks.map(time).join(', '),
    quiet: holds.quiet ? { from: time(holds.quiet.from), to: time(holds.quiet.to) } : { from: '', to: '' },
    reminders: { before: hours(before), every: hours([every]), most: digitsOf(lang, most), escalate: hours(escalate) },
    routes: (said?.routes ?? []).map(({ post, approvers }) => ({ post, approvers: [...approvers] })),
    holidays: (said?.holidays ?? [])
      .map(({ date, bn, en }) => [digitsOf(lang, date), quoted(bn), quoted(en)].join(', '))
      .join('\n'),
  }
}

/** What was written, and everything that is wrong with it; only without a fault may it be sent. */
export function readForm(form: PracticeForm): ReadPractice {
  const faults: PracticeFault[] = []
  const { own } = form
  const holidays = form.holidays.trim() === '' ? { holidays: [], faults: [] } : readHolidays(form.holidays)
  const practice = {
    hours: own.hours ? readHours(form.hours, faults) : null,
    checks: own.checks ? readTimes(form.checks, faults) : null,
    quiet: own.quiet ? readQuiet(form.quiet, faults) : null,
    reminders: own.reminders ? readRule(form.reminders, faults) : null,
    routes: form.routes.length > 0 ? form.routes.map(({ post, approvers }) => ({ post, approvers })) : null,
    holidays: holidays.holidays.length > 0 ? holidays.holidays.map(({ date, bn, en }) => ({ date, bn, en })) : null,
  }
  for (const [i, { post, approvers }] of form.routes.entries()) {
    const twice = new Set(approvers).size < approvers.length || form.routes.findIndex((one) => one.post === post) < i
    if (!post || approvers.length === 0 || approvers.includes(post) || twice) faults.push(`routes.${i}`)
  }
  return { practice, faults, holidays: holidays.faults }
}

/** Minutes as hours, for reading and for writing again: 480 and 90 are "8, 1.5". */
export function hoursOf(minutes: readonly number[]): string {
  return minutes.map((each) => String(Math.round((each / 60) * 100) / 100)).join(', ')
}

/** Whether two days have the same hours, so that a week is said in few lines. */
export function weekOf(hours: Working['hours']): { from: number; to: number; parts: Working['hours'][number] }[] {
  const week: { from: number; to: number; parts: Working['hours'][number] }[] = []
  for (const [day, parts] of hours.entries()) {
    const last = week.at(-1)
    if (last && JSON.stringify(last.parts) === JSON.stringify(parts)) last.to = day
    else week.push({ from: day, to: day, parts })
  }
  return week
}

function readHours(days: PracticeForm['hours'], faults: PracticeFault[]): PracticeEntry['hours'] {
  const hours = days.map(({ open, from, to }, day): [number, number] | null => {
    if (!open) return null
    const span: [number | undefined, number | undefined] = [readWallClock(from), readWallClock(to)]
    if (span[0] === undefined || span[1] === undefined || span[0] >= span[1]) faults.push(`hours.${day}`)
    return [span[0] ?? 0, span[1] ?? 0]
  })
  if (hours.every((day) => day === null)) faults.push('noHours')
  return hours
}

function readTimes(written: string, faults: PracticeFault[]): number[] {
  const times = listed(written).map(readWallClock)
  if (times.some((time) => time === undefined || time === 1440) || times.length > 24) faults.push('checks')
  return [...new Set(times.map((time) => time ?? 0))].sort((a, b) => a - b)
}

function readQuiet({ from, to }: PracticeForm['quiet'], faults: PracticeFault[]): [number, number] {
  const span = [readWallClock(from), readWallClock(to)] as const
  if (span[0] === undefined || span[1] === undefined) faults.push('quiet')
  return [span[0] ?? 0, span[1] ?? 0]
}

function readRule({ before, every, most, escalate }: PracticeForm['reminders'], faults: PracticeFault[]) {
  const minutes = (name: PracticeFault, written: string, atMost: number): number[] => {
    const found = listed(written).map((one) => (/^\d{1,4}([.]\d{1,2})?$/.test(one) ? Math.round(Number(one) * 60) : -1))
    if (found.length > atMost || found.includes(-1)) faults.push(name)
    return found
  }
  const number = (name: PracticeFault, written: string): number => {
    const latin = toLatin(written).trim()
    if (!/^\d{1,2}$/.test(latin)) faults.push(name)
    return Number(latin) || 0
  }
  const pause = minutes('every', every.trim() || 'x', 1)
  return {
    before: minutes('before', before, 10),
    every: pause[0] ?? 0,
    most: number('most', most),
    escalate: minutes('escalate', escalate, 2),
  }
}

function listed(written: string): string[] {
  return toLatin(written)
    .split(/[,،;]/)
    .map((one) => one.trim())
    .filter(Boolean)
}

function quoted(name: string): string {
  return /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
}
