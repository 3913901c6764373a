import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toBase64url } from '../../core/bytes.ts'
import type { Refusal } from '../../core/refusal.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import { addContact, contactsOf, reachOf } from './contacts.ts'
import { type ContactFault, importContacts, readContacts } from './import-contacts.ts'
import { idOf } from './testing.ts'

const personOf = (code: string) => (code.startsWith('p-') ? idOf(code) : undefined)
const rows = (...lines: string[]) => lines.map((line, i) => ({ row: i + 1, cells: line.split(',') }))

test('every faulty line is named, with what is wrong in it', () => {
  const { contacts, faults } = readContacts(
    rows(
      'person,channel,address',
      'p-1,sms,০১৭১২৩৪৫৬৭৮',
      '',
      'p-2,fax,02-12345',
      'nobody,mail,a@b.cd',
      'p-3,sms,0171234567',
      'p-3,mail,a at b',
      'p-1,sms,+880 1712 345678',
      'p-4,sms',
      'x,whatsapp,abc',
    ),
    personOf,
  )
  assert.deepEqual(contacts, [{ person: idOf('p-1'), channel: 'sms', address: '+8801712345678' }])
  assert.deepEqual(
    faults.map(({ row, column, fault }) => [row, column, fault]),
    [
      [4, 'channel', 'unknown_channel'],
      [5, 'person', 'unknown_person'],
      [6, 'address', 'bad_phone_short'],
      [7, 'address', 'bad_mail'],
      [8, 'address', 'repeated'],
      [9, '', 'columns'],
      [10, 'person', 'unknown_person'],
      [10, 'address', 'bad_phone_letters'],
    ],
  )
})

describe('a list', () => {
  test('is taken whole or not at all', async () => {
    const { db } = await testDatabase()
    await assert.rejects(
      importContacts(db, rows('p-1,sms,01712345678', 'p-2,sms,12'), personOf, 1),
      (error: Refusal) => {
        const { n, faults } = error.details as { n: number; faults: ContactFault[] }
        return error.code === 'bad_contacts' && n === 1 && faults[0]!.row === 2
      },
    )
    assert.deepEqual(await contactsOf(db, idOf('p-1')), [])
  })

  test('takes the place of the one before, and leaves what an officer gave himself', async () => {
    const { db } = await testDatabase()
    const me = toBase64url(Buffer.from(idOf('p-1'), 'base64url'))
    await addContact(db, me, 'mail', 'own@mopa.gov.bd', 1)
    assert.equal(await importContacts(db, rows('p-1,sms,01712345678', 'p-2,sms,01812345678'), personOf, 2), 2)
    assert.equal(await importContacts(db, rows('p-1,sms,01712345679'), personOf, 3), 1)
    const addresses = async (person: string) =>
      (await contactsOf(db, person)).map(({ address, listed }) => [address, listed])
    assert.deepEqual(await addresses(me), [
      ['own@mopa.gov.bd', false],
      ['+8801712345679', true],
    ])
    assert.deepEqual(await addresses(idOf('p-2')), [])
    const reach = (await reachOf(db, [me])).get(me)!
    assert.deepEqual([...reach.written], [['sms', '+8801712345679']])
  })
})
