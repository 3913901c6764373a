import { fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Cbor, CborMap } from '../../core/cbor.ts'
import { dutyChain } from '../../core/chain.ts'
import { Fields } from '../../core/fields.ts'
import { ID_LENGTH } from '../../core/item.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Directory, Id } from '../directory/index.ts'
import { raw } from './entries.ts'
import type { DirectiveKind } from './requiring.ts'

/** When a post cannot answer, and why: its holder's own word, so that nobody takes silence for neglect. */
export const REASONS = ['leave', 'flood', 'power', 'network', 'illness', 'other'] as const
export type Reason = (typeof REASONS)[number]
export type AbsenceEntry = {
  post: Id
  reason: Reason
  /** Milliseconds since 1970; `to` null until it is known. An absence declared anew replaces the one before. */
  from: number
  to: number | null
  /** The post whose holder acts meanwhile. */
  cover: Id | null
}

/** How an office (or, with null, the whole service) works. Null in a field: as the office above, or the default. */
export type PracticeEntry = {
  office: Id | null
  /** Minutes of the day, Sunday first; null for a day off. */
  hours: ([from: number, to: number] | null)[] | null
  /** When messages are looked through, minutes of the day, ascending. */
  checks: number[] | null
  /** Days nobody works: of the service all of them, in the place of the country’s; of an office those it has besides. */
  holidays: { date: string; bn: string; en: string }[] | null
  reminders: ReminderRule | null
  /** Whose approval a post's letters need, in their order. */
  routes: { post: Id; approvers: Id[] }[] | null
  /** Minutes of the day between which only what is urgent rings. */
  quiet: [from: number, to: number] | null
}

/** All in minutes of working time, but for how often. */
export type ReminderRule = {
  before: number[]
  /** After the due date: every so many minutes, at most so many times. */
  every: number
  most: number
  /** Silence past the due date after which the supervisor is told, and after which his. */
  escalate: number[]
}

const DAY = 24 * 60
const ISO = /^\d{4}-\d{2}-\d{2}$/

/** `absence`: declared by the holder, or by the post above where he cannot. */
export const absence: DirectiveKind<AbsenceEntry> = {
  name: 'absence',
  read({ header, body }) {
    const fields = new Fields('absence', header.fields)
    const entry = {
      post: fields.id(1),
      reason: REASONS[fields.count(2, REASONS.length - 1)]!,
      from: fields.count(3),
      to: fields.countOrNull(4),
      cover: fields.idOrNull(5),
    }
    fields.end()
    if (entry.to !== null && entry.to < entry.from) throw fields.bad(4, 'after the beginning')
    if (body.length > 0) throw fields.bad(0, 'no body')
    return entry
  },
  chain: ({ post }) => dutyChain(fromBase64url(post)),
  authority({ post }, header, { directory }, at) {
    const author = directory.author(header, at.index).post
    if (author === null || (author !== post && author !== directory.post(post)?.supervisor)) {
      throw new Refusal('not_allowed', 'Neither that post nor the one above')
    }
  },
  rule({ post, cover }, _header, { directory }) {
    if (cover === post) throw new Refusal('bad_input', 'absence: covered by itself', { field: 5 })
    if (cover !== null && !directory.post(cover)) throw new Refusal('not_found', 'No such post', { post: cover })
  },
  apply: () => {},
}

/** `practice`: by the head of the office, or who registers it. What it does not say is as before it was ever said. */
export const practice: DirectiveKind<PracticeEntry> = {
  name: 'practice',
  read({ header, body }) {
    const fields = new Fields('practice', header.fields)
    const entry: PracticeEntry = {
      office: fields.idOrNull(1),
      hours: optional(header.fields.get(2), () => readHours(fields)),
      checks: optional(header.fields.get(3), () => fields.list(3, 24, (value) => minute(value, fields, 3))),
      holidays: optional(header.fields.get(4), () => fields.list(4, 400, (value) => readHoliday(value, fields))),
      reminders: optional(header.fields.get(5), () => readReminders(fields)),
      routes: optional(header.fields.get(6), () => fields.list(6, 500, (value) => readRoute(value, fields))),
      quiet: optional(header.fields.get(7), () =>
        span(
          fields.list(7, 2, (value) => value),
          fields,
          7,
        ),
      ),
    }
    for (const key of [2, 3, 4, 5, 6, 7]) if (header.fields.get(key) === null) fields.countOrNull(key)
    fields.end()
    if (body.length > 0) throw fields.bad(0, 'no body')
    if (entry.hours?.every((day) => day === null)) throw fields.bad(2, 'some working time')
    return entry
  },
  chain: ({ office }) => dutyChain(office === null ? new Uint8Array(ID_LENGTH) : fromBase64url(office)),
  authority({ office }, header, { directory }, at) {
    const { post } = directory.author(header, at.index)
    if (post !== null && mayPractise(post, office, directory)) return
    throw new Refusal('not_allowed', 'Neither the head of that office nor who registers it')
  },
  rule({ office, routes }, _header, { directory }) {
    if (office !== null && !directory.office(office)) throw new Refusal('not_found', 'No such office', { office })
    for (const { post, approvers } of routes ?? []) {
      const unknown = [post, ...approvers].find((one) => !directory.post(one))
      if (unknown) throw new Refusal('not_found', 'No such post', { post: unknown })
      // A draft by such a route could never be laid before anybody.
      if (approvers.includes(post) || new Set(approvers).size < approvers.length)
        throw new Refusal('bad_input', 'practice: an approver twice, or the post itself', { field: 6 })
    }
  },
  apply: () => {},
}

export function absenceFields({ post, reason, from, to, cover }: AbsenceEntry): CborMap {
  return new Map<number, Cbor>([
    [1, raw(post)],
    [2, REASONS.indexOf(reason)],
    [3, from],
    [4, to],
    [5, cover && raw(cover)],
  ])
}

export function practiceFields(entry: PracticeEntry): CborMap {
  const { office, hours, checks, holidays, reminders, routes, quiet } = entry
  return new Map<number, Cbor>([
    [1, office && raw(office)],
    [2, hours],
    [3, checks],
    [4, holidays?.map(({ date, bn, en }): Cbor => [date, bn, en]) ?? null],
    [5, reminders && [reminders.before, reminders.every, reminders.most, reminders.escalate]],
    [6, routes?.map(({ post, approvers }): Cbor => [raw(post), approvers.map(raw)]) ?? null],
    [7, quiet],
  ])
}

/** Whether that post may say how this office (null: the service) works: it registers it, or is its head. */
export function mayPractise(post: Id, office: Id | null, directory: Pick<Directory, 'post' | 'hasPower'>): boolean {
  return directory.hasPower(post, 'register', office) || (office !== null && isHead(post, office, directory))
}

/** A head has nobody above him within the office. */
function isHead(post: Id, office: Id, directory: Pick<Directory, 'post'>): boolean {
  const held = directory.post(post)
  if (held?.office !== office) return false
  return held.supervisor === null || directory.post(held.supervisor)?.office !== office
}

function optional<T>(value: Cbor | undefined, read: () => T): T | null {
  return value === null ? null : read()
}

function readHours(fields: Fields): PracticeEntry['hours'] {
  const hours = fields.list(2, 7, (value) => (value === null ? null : span(value, fields, 2)))
  if (hours.length !== 7) throw fields.bad(2, 'seven days')
  return hours
}

function readHoliday(value: Cbor, fields: Fields) {
  const [date, bn, en] = Array.isArray(value) ? value : []
  const isDate = typeof date === 'string' && ISO.test(date) && new Date(date).toJSON()?.startsWith(date)
  if (!isDate || typeof bn !== 'string' || typeof en !== 'string') throw fields.bad(4, 'a day and its names')
  return { date, bn, en }
}

function readReminders(fields: Fields): ReminderRule {
  const [before, every, most, escalate] = fields.list(5, 4, (value) => value)
  const minutes = (value: Cbor | undefined): number[] => {
    if (!Array.isArray(value) || value.length > 10) throw fields.bad(5, 'lists of minutes')
    return value.map((one) => count(one, fields))
  }
  return {
    before: minutes(before),
    every: count(every, fields),
    most: count(most, fields),
    escalate: minutes(escalate),
  }
}

function readRoute(value: Cbor, fields: Fields) {
  const [post, approvers] = Array.isArray(value) ? value : []
  const isId = (one: Cbor | undefined): one is Uint8Array<ArrayBuffer> =>
    one instanceof Uint8Array && one.length === ID_LENGTH
  if (!isId(post) || !Array.isArray(approvers) || approvers.length > 12 || !approvers.every(isId)) {
    throw fields.bad(6, 'a post and its approvers')
  }
  return { post: toBase64url(post), approvers: (approvers as Uint8Array<ArrayBuffer>[]).map((one) => toBase64url(one)) }
}

function span(value: Cbor, fields: Fields, key: number): [number, number] {
  const [from, to] = Array.isArray(value) && value.length === 2 ? value : []
  const span: [number, number] = [minute(from, fields, key), minute(to, fields, key)]
  if (key === 2 && span[0] >= span[1]) throw fields.bad(key, 'from earlier to later')
  return span
}

function minute(value: Cbor | undefined, fields: Fields, key: number): number {
  if (typeof value !== 'number' || value < 0 || value > DAY) throw fields.bad(key, 'minutes of a day')
  return value
}

function count(value: Cbor | undefined, fields: Fields): number {
  if (typeof value !== 'number' || value < 0 || value > 10 ** 6) throw fields.bad(5, 'a number')
  return value
}
