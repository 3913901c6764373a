/** By which ways people can be told something, without any address: for their superiors, who are to know whom nothing reaches. */
import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import type { Read } from '../db.ts'
import { CHANNELS, type ChannelName } from './channel.ts'

/** `gone`: since when nobody is there any more, by the word of the channel's operator; null while it can be used. */
export type Way = { channel: ChannelName; gone: number | null }

/** Confirmed ways of each of these persons, one a channel, in the order of the channels; nobody for whom there is none. */
export async function waysOf(read: Read, persons: readonly string[]): Promise<Map<string, Way[]>> {
  const rows = await read.many<{ person: Bytes; channel: ChannelName; gone: number | null }>(
    `SELECT person, channel, CASE WHEN bool_or(dead IS NULL) THEN NULL ELSE max(dead) END AS gone
     FROM (
       SELECT person, channel, dead FROM contact WHERE person = any($1::bytea[]) AND confirmed IS NOT NULL
       UNION ALL
       SELECT person, 'push', NULL FROM push_subscription WHERE person = any($1::bytea[])
     ) w GROUP BY person, channel`,
    [[...new Set(persons)].map(fromBase64url)],
  )
  const found = new Map<string, Way[]>()
  for (const { person, ...way } of rows.sort((a, b) => CHANNELS.indexOf(a.channel) - CHANNELS.indexOf(b.channel))) {
    const id = toBase64url(person)
    found.set(id, [...(found.get(id) ?? []), way])
  }
  return found
}
