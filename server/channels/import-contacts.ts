/** An operator's list of telephone numbers and e-mail addresses: person code, channel, address. */
import { fromBase64url } from '../../core/bytes.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Db, Tx } from '../db.ts'
import { normalAddress } from './address.ts'
import type { WrittenChannel } from './channel.ts'
import { isWritten } from './contacts.ts'

/** As a CSV reader gives them: numbered as a spreadsheet numbers rows, from 1. */
export type Row = { row: number; cells: readonly string[] }

export type ContactFault = {
  row: number
  /** `person`, `channel`, `address`, or '' for the row as a whole. */
  column: string
  fault: 'columns' | 'unknown_person' | 'unknown_channel' | 'repeated' | 'bad_mail' | `bad_phone_${string}`
  value: string
}

export type ContactRow = { person: string; channel: WrittenChannel; address: string }

const HEADING = ['person', 'channel', 'address']

/** Reads a list, naming everything that is wrong with it. Pure. `personOf` gives the id of a code. */
export function readContacts(
  rows: readonly Row[],
  personOf: (code: string) => string | undefined,
): { contacts: ContactRow[]; faults: ContactFault[] } {
  const contacts: ContactRow[] = []
  const faults: ContactFault[] = []
  const seen = new Set<string>()
  for (const { row, cells } of rows) {
    const [code = '', channel = '', written = '', ...more] = cells.map((cell) => cell.trim())
    const isBlank = cells.every((cell) => cell.trim() === '')
    const isHeading = row === 1 && HEADING.every((name, i) => cells[i]?.trim().toLowerCase() === name)
    if (isBlank || isHeading) continue
    const fault = (column: string, fault: ContactFault['fault'], value: string) =>
      faults.push({ row, column, fault, value: value.slice(0, 60) })
    if (cells.length < 3 || more.some((cell) => cell !== '')) {
      fault('', 'columns', cells.join(','))
      continue
    }
    const person = personOf(code)
    if (!person) fault('person', 'unknown_person', code)
    if (!isWritten(channel)) {
      fault('channel', 'unknown_channel', channel)
      continue
    }
    try {
      const address = normalAddress(channel, written)
      if (!person) continue
      const key = `${person} ${channel} ${address}`
      if (seen.has(key)) fault('address', 'repeated', written)
      else contacts.push({ person, channel, address })
      seen.add(key)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { code, details } = error
      fault('address', code === 'bad_phone' ? `bad_phone_${String(details.why)}` : 'bad_mail', written)
    }
  }
  return { contacts, faults }
}

/**
 * Puts a list in the place of the one before: what an officer gave himself stays as it is. The office vouches for these, so they
 * need no code. All or nothing: throws `Refusal('bad_contacts')`, details: n, faults (`ContactFault[]`). Gives how many there are.
 */
export async function importContacts(
  db: Db,
  rows: readonly Row[],
  personOf: (code: string) => string | undefined,
  now: number,
): Promise<number> {
  const { contacts, faults } = readContacts(rows, personOf)
  if (faults.length > 0)
    throw new Refusal('bad_contacts', `${faults.length} faults, the first in row ${faults[0]!.row}`, {
      n: faults.length,
      faults,
    })
  await db.write(async (tx) => {
    await takeContacts(tx, contacts, now)
    await endImport(tx, now)
  })
  return contacts.length
}

/** Takes a part of the list whose import began at `at`: all of its parts bear that time. Done twice it is there once. */
export async function takeContacts(tx: Tx, contacts: readonly ContactRow[], at: number): Promise<void> {
  await tx.query(
    `INSERT INTO contact (person, channel, address, listed, added, confirmed)
     SELECT DISTINCT person, channel, address, true, $4::bigint, $4::bigint
     FROM unnest($1::bytea[], $2::text[], $3::text[]) t (person, channel, address)
     -- One that is known to be dead stays dead, and one that he gave himself is still his.
     ON CONFLICT (person, channel, address) DO UPDATE SET confirmed = coalesce(contact.confirmed, excluded.confirmed),
       added = CASE WHEN contact.listed THEN excluded.added ELSE contact.added END`,
    [
      contacts.map(({ person }) => fromBase64url(person)),
      contacts.map(({ channel }) => channel),
      contacts.map(({ address }) => address),
      at,
    ],
  )
}

/** All parts are there: what the list does not name stands no more. */
export async function endImport(tx: Tx, at: number): Promise<void> {
  await tx.query('DELETE FROM contact WHERE listed AND added <> $1', [at])
}
