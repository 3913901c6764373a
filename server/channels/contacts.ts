/** Where people can be reached. Nobody but the person himself is ever shown an address. */
import { randomInt } from 'node:crypto'
import { type Bytes, fromBase64url, toBase64url, utf8 } from '../../core/bytes.ts'
import { sha256 } from '../../core/hash.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Lang } from '../../language/digits.ts'
import type { Db, Read, Tx } from '../db.ts'
import { normalAddress } from './address.ts'
import { type ChannelName, WRITTEN, type WrittenChannel } from './channel.ts'
import { checkEndpoint, type PushAddress } from './push.ts'

export type Contact = {
  channel: WrittenChannel
  address: string
  /** Given by the office's list. */
  listed: boolean
  added: number
  confirmed: number | null
  dead: number | null
}

export type Subscription = PushAddress & { device: string; lang: Lang }

/** What an officer may keep for one channel. */
const MOST = 3
const CODE_MS = 15 * 60_000
const GUESSES = 5
/** A code costs a message: not one after the other. */
const CODE_PAUSE = 60_000

export async function contactsOf(read: Read, person: string): Promise<Contact[]> {
  return read.many<Contact>(
    `SELECT channel, address, listed, added, confirmed, dead FROM contact WHERE person = $1 ORDER BY channel, added, address`,
    [fromBase64url(person)],
  )
}

/** Keeps an address of one's own, unconfirmed but for a number that is confirmed already for the other channel, and gives it in normal form. Throws `bad_phone`, `bad_mail`, `too_many_contacts`. */
export async function addContact(
  db: Db,
  person: string,
  channel: WrittenChannel,
  written: string,
  now: number,
): Promise<string> {
  const address = normalAddress(channel, written)
  await db.write(async (tx) => {
    const id = fromBase64url(person)
    const known = await tx.many<{ address: string }>(
      'SELECT address FROM contact WHERE person = $1 AND channel = $2 FOR UPDATE',
      [id, channel],
    )
    if (known.some((one) => one.address === address)) return
    if (known.length >= MOST) throw new Refusal('too_many_contacts', 'Remove one first', { most: MOST })
    await tx.query(
      `INSERT INTO contact (person, channel, address, listed, added, confirmed)
       VALUES ($1, $2, $3, false, $4,
         -- Whose number it is was shown once: by SMS for WhatsApp, and the other way round.
         (SELECT $4::bigint FROM contact WHERE person = $1 AND channel <> $2 AND channel IN ('sms', 'whatsapp') AND address = $3
            AND confirmed IS NOT NULL AND dead IS NULL))
       ON CONFLICT DO NOTHING`,
      [id, channel, address, now],
    )
  })
  return address
}

/** Forgets an address of one's own, listed or not. Throws `not_found`. */
export async function removeContact(db: Db, person: string, channel: WrittenChannel, address: string): Promise<void> {
  const { count } = await db.write((tx) =>
    tx.query('DELETE FROM contact WHERE person = $1 AND channel = $2 AND address = $3', [
      fromBase64url(person),
      channel,
      address,
    ]),
  )
  if (count === 0) throw new Refusal('not_found', 'No such address')
}

/** A fresh code for an address of one's own, to be sent to it. Throws `not_found`, `too_fast`. */
export async function newCode(
  db: Db,
  person: string,
  channel: WrittenChannel,
  address: string,
  now: number,
): Promise<string> {
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  await db.write(async (tx) => {
    const row = await tx.one<{ code_at: number | null }>(
      'SELECT code_at FROM contact WHERE person = $1 AND channel = $2 AND address = $3 FOR UPDATE',
      [fromBase64url(person), channel, address],
    )
    if (!row) throw new Refusal('not_found', 'No such address')
    if (row.code_at !== null && row.code_at > now - CODE_PAUSE)
      throw new Refusal('too_fast', 'A code was sent just now')
    await tx.query(
      'UPDATE contact SET code_hash = $4, code_at = $5, code_left = $6 WHERE person = $1 AND channel = $2 AND address = $3',
      [fromBase64url(person), channel, address, hashOf(address, code), now, GUESSES],
    )
  })
  return code
}

/** The address is his who could read the code. Throws `wrong_code`, also for an address that is not his. */
export async function confirmContact(
  db: Db,
  person: string,
  { channel, address, code }: { channel: WrittenChannel; address: string; code: string },
  now: number,
): Promise<void> {
  const key = [fromBase64url(person), channel, address]
  const right = await db.write(async (tx) => {
    // The guess is spent before it is looked at.
    const row = await tx.one<{ code_hash: Bytes }>(
      `UPDATE contact SET code_left = code_left - 1
       WHERE person = $1 AND channel = $2 AND address = $3 AND code_left > 0 AND code_at > $4 RETURNING code_hash`,
      [...key, now - CODE_MS],
    )
    if (!row || !Buffer.from(row.code_hash).equals(hashOf(address, code))) return false
    await tx.query(
      `UPDATE contact SET confirmed = $4, dead = NULL, code_hash = NULL, code_left = 0
       WHERE person = $1 AND channel = $2 AND address = $3`,
      [...key, now],
    )
    return true
  })
  if (!right) throw new Refusal('wrong_code', 'Not the code that was sent')
}

function hashOf(address: string, code: string): Bytes {
  return sha256(utf8(`${address}\n${code}`))
}

/** The one subscription of a device, in the place of its earlier one. Throws `bad_push_endpoint`, `bad_input`. */
export async function subscribe(
  db: Db,
  viewer: { device: string; person: string },
  { endpoint, p256dh, auth }: PushAddress,
  { hosts, lang, now }: { hosts: readonly string[]; lang: Lang; now: number },
): Promise<void> {
  checkEndpoint(endpoint, hosts)
  const isKey = (text: string, bytes: number) => Buffer.from(text, 'base64url').length === bytes
  if (!isKey(p256dh, 65) || !isKey(auth, 16)) throw new Refusal('bad_input', 'Not the keys of a subscription')
  await db.write(async (tx) => {
    // Another person may use this browser now: the address follows the browser.
    await tx.query('DELETE FROM push_subscription WHERE endpoint = $1', [endpoint])
    await tx.query(
      `INSERT INTO push_subscription (device, person, endpoint, p256dh, auth, lang, added) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (device) DO UPDATE SET person = excluded.person, endpoint = excluded.endpoint, p256dh = excluded.p256dh,
         auth = excluded.auth, lang = excluded.lang, added = excluded.added`,
      [fromBase64url(viewer.device), fromBase64url(viewer.person), endpoint, p256dh, auth, lang, now],
    )
  })
}

export async function unsubscribe(tx: Tx, devices: readonly string[]): Promise<void> {
  if (devices.length === 0) return
  await tx.query('DELETE FROM push_subscription WHERE device = any($1::bytea[])', [devices.map(fromBase64url)])
}

export async function subscriptionOf(read: Read, device: string): Promise<Subscription | undefined> {
  const row = await read.one<Omit<Subscription, 'device'>>(
    'SELECT endpoint, p256dh, auth, lang FROM push_subscription WHERE device = $1',
    [fromBase64url(device)],
  )
  return row && { ...row, device }
}

/** Where one person is reached now: of each channel the newest address that is confirmed and not known to be dead. */
export type Reach = {
  push: Subscription[]
  written: Map<WrittenChannel, string>
  lang: Lang
  quiet: { from: number; to: number } | null
  lastAnswered: ChannelName | null
}

const NOWHERE = (): Reach => ({ push: [], written: new Map(), lang: 'bn', quiet: null, lastAnswered: null })

/** By person; everybody asked for is in it. */
export async function reachOf(read: Read, persons: readonly string[]): Promise<Map<string, Reach>> {
  const unique = [...new Set(persons)]
  const ids = unique.map(fromBase64url)
  const found = new Map(unique.map((person) => [person, NOWHERE()]))
  const [contacts, subscriptions, settings] = await Promise.all([
    read.many<{ person: Bytes; channel: WrittenChannel; address: string }>(
      `SELECT person, channel, address FROM contact
       WHERE person = any($1::bytea[]) AND confirmed IS NOT NULL AND dead IS NULL
       ORDER BY confirmed, address`, // the last one stays
      [ids],
    ),
    read.many<PushAddress & { device: Bytes; person: Bytes; lang: Lang }>(
      'SELECT device, person, endpoint, p256dh, auth, lang FROM push_subscription WHERE person = any($1::bytea[])',
      [ids],
    ),
    read.many<{
      person: Bytes
      lang: Lang
      quiet_from: number | null
      quiet_to: number | null
      last_answered: ChannelName | null
    }>('SELECT person, lang, quiet_from, quiet_to, last_answered FROM reach_setting WHERE person = any($1::bytea[])', [
      ids,
    ]),
  ])
  for (const { person, channel, address } of contacts) found.get(toBase64url(person))!.written.set(channel, address)
  for (const { person, device, ...address } of subscriptions)
    found.get(toBase64url(person))!.push.push({ ...address, device: toBase64url(device) })
  for (const { person, lang, quiet_from: from, quiet_to: to, last_answered: lastAnswered } of settings) {
    const quiet = from === null || to === null ? null : { from, to }
    Object.assign(found.get(toBase64url(person))!, { lang, quiet, lastAnswered })
  }
  return found
}

/** An operator says that nobody is at an address: it is kept for its owner to see, and used no more. */
export async function markDead(
  tx: Tx,
  gone: readonly { person: string; channel: WrittenChannel; address: string }[],
  now: number,
): Promise<void> {
  if (gone.length === 0) return
  await tx.query(
    `UPDATE contact c SET dead = $4 FROM unnest($1::bytea[], $2::text[], $3::text[]) t (person, channel, address)
     WHERE c.person = t.person AND c.channel = t.channel AND c.address = t.address`,
    [
      gone.map(({ person }) => fromBase64url(person)),
      gone.map(({ channel }) => channel),
      gone.map(({ address }) => address),
      now,
    ],
  )
}

/** Remembers after which channel each of these persons opened what he was told of. */
export async function rememberAnswered(tx: Tx, answered: ReadonlyMap<string, ChannelName>): Promise<void> {
  if (answered.size === 0) return
  await tx.query(
    `INSERT INTO reach_setting (person, last_answered) SELECT * FROM unnest($1::bytea[], $2::text[])
     ON CONFLICT (person) DO UPDATE SET last_answered = excluded.last_answered`,
    [[...answered.keys()].map(fromBase64url), [...answered.values()]],
  )
}

export type ReachSetting = { lang: Lang; quiet: { from: number; to: number } | null; lastAnswered: ChannelName | null }

export async function settingOf(read: Read, person: string): Promise<ReachSetting> {
  const { lang, quiet, lastAnswered } = (await reachOf(read, [person])).get(person)!
  return { lang, quiet, lastAnswered }
}

export async function saveSetting(
  db: Db,
  person: string,
  { lang, quiet }: Pick<ReachSetting, 'lang' | 'quiet'>,
): Promise<void> {
  await db.write((tx) =>
    tx.query(
      `INSERT INTO reach_setting (person, lang, quiet_from, quiet_to) VALUES ($1, $2, $3, $4)
       ON CONFLICT (person) DO UPDATE SET lang = excluded.lang, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to`,
      [fromBase64url(person), lang, quiet?.from ?? null, quiet?.to ?? null],
    ),
  )
}

/**
 * Deletes every address, subscription and habit of a person. Attempts stay: they hold no address, and belong to the record of
 * what a post was told.
 */
export async function forgetPerson(db: Db, person: string): Promise<void> {
  await db.write(async (tx) => {
    for (const table of ['contact', 'push_subscription', 'reach_setting'])
      await tx.query(`DELETE FROM ${table} WHERE person = $1`, [fromBase64url(person)])
  })
}

export function isWritten(channel: unknown): channel is WrittenChannel {
  return WRITTEN.includes(channel as WrittenChannel)
}
