/** What the channels hold about a person, for himself. Only here does an address leave the server, and only to its owner. */
import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Read } from '../db.ts'
import type { Noted } from '../feature.ts'
import { type ChannelName, RECEIPT_STATES } from './channel.ts'
import { contactsOf, settingOf } from './contacts.ts'

/** Addresses, push subscriptions, habits, each way he was or was to be told something, and sendings he confirmed. */
export async function notedOf(read: Read, person: string, now: number): Promise<Noted[]> {
  const id = fromBase64url(person)
  const all = await Promise.all([
    addresses(read, person),
    subscriptions(read, id),
    setting(read, person, now),
    attempts(read, id),
    sendings(read, id),
    decisions(read, id),
  ])
  return all.flat()
}

async function addresses(read: Read, person: string): Promise<Noted[]> {
  const codes = await read.many<{ channel: ChannelName; address: string; code_at: number }>(
    'SELECT channel, address, code_at FROM contact WHERE person = $1 AND code_at IS NOT NULL',
    [fromBase64url(person)],
  )
  const contacts = await contactsOf(read, person)
  return [
    ...codes.map(({ channel, address, code_at }) => ({ what: 'contact-code', at: code_at, channel, address })),
    ...contacts.flatMap(({ channel, address, listed, added, confirmed, dead }): Noted[] => [
      { what: listed ? 'contact-listed' : 'contact', at: added, channel, address },
      ...(confirmed === null ? [] : [{ what: 'contact-confirmed', at: confirmed, channel, address }]),
      ...(dead === null ? [] : [{ what: 'contact-dead', at: dead, channel, address }]),
    ]),
  ]
}

async function subscriptions(read: Read, person: Bytes): Promise<Noted[]> {
  const rows = await read.many<{ device: Bytes; endpoint: string; added: number }>(
    'SELECT device, endpoint, added FROM push_subscription WHERE person = $1',
    [person],
  )
  return rows.map(({ device, endpoint, added }) => ({
    what: 'subscription',
    at: added,
    device: toBase64url(device),
    channel: 'push',
    address: endpoint,
  }))
}

/** It has no time of its own: it is what stands now. */
async function setting(read: Read, person: string, now: number): Promise<Noted[]> {
  const said = await read.one('SELECT FROM reach_setting WHERE person = $1', [fromBase64url(person)])
  if (!said) return []
  const { lang, quiet, lastAnswered } = await settingOf(read, person)
  const detail = [lang, ...(quiet ? [`${clock(quiet.from)}–${clock(quiet.to)}`] : [])].join(', ')
  return [{ what: 'setting', at: now, detail, ...(lastAnswered ? { channel: lastAnswered } : {}) }]
}

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

async function attempts(read: Read, person: Bytes): Promise<Noted[]> {
  const rows = await read.many<{
    directive: Bytes
    party: Bytes
    channel: ChannelName
    claimed: number
    outcome: string
    code: string | null
    rank: number | null
    told: number | null
  }>(
    `SELECT a.directive, a.party, a.channel, a.claimed, a.outcome, coalesce(r.code, a.code) AS code, r.rank, r.at AS told
     FROM attempt a LEFT JOIN receipt r ON r.channel = a.channel AND r.message = a.message AND a.message <> ''
     WHERE a.person = $1`,
    [person],
  )
  return rows.map(
    ({ directive, party, channel, claimed, outcome, code, rank, told }): Noted => ({
      what: 'attempt',
      at: claimed,
      ...(told === null ? {} : { until: told }),
      directive: toBase64url(directive),
      post: toBase64url(party),
      channel,
      outcome: rank === null ? outcome : RECEIPT_STATES[rank]!,
      ...(code ? { detail: code } : {}),
    }),
  )
}

/** What was to be told and went no way: the attempts are told above. */
async function sendings(read: Read, person: Bytes): Promise<Noted[]> {
  const rows = await read.many<{ directive: Bytes; party: Bytes; made: number; state: string }>(
    `SELECT s.directive, s.party, s.made, s.state FROM sending s
     WHERE s.person = $1 AND NOT EXISTS (SELECT FROM attempt a WHERE a.notice = s.notice AND a.person = s.person)`,
    [person],
  )
  return rows.map(({ directive, party, made, state }) => ({
    what: 'sending',
    at: made,
    directive: toBase64url(directive),
    post: toBase64url(party),
    outcome: state,
  }))
}

async function decisions(read: Read, person: Bytes): Promise<Noted[]> {
  const rows = await read.many<{
    directive: Bytes
    channel: ChannelName
    confirmed: number | null
    dropped: number | null
  }>('SELECT directive, channel, confirmed, dropped FROM held WHERE decider = $1', [person])
  return rows.map(({ directive, channel, confirmed, dropped }) => ({
    what: confirmed === null ? 'held-dropped' : 'held-confirmed',
    at: (confirmed ?? dropped)!,
    directive: toBase64url(directive),
    channel,
  }))
}
