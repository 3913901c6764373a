import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBase64url } from '../../core/bytes.ts'
import { testDatabase } from '../../test/helpers/database.ts'
import { waysOf } from './ways.ts'

test('of each person the confirmed ways, and since when one is gone; no address, and nothing of those not asked for', async () => {
  const { db } = await testDatabase()
  const [asked, silent, other] = [1, 2, 3].map((n) => new Uint8Array(16).fill(n))
  const contact = (
    person: Uint8Array,
    channel: string,
    address: string,
    confirmed: number | null,
    dead: number | null,
  ) =>
    db.write((tx) =>
      tx.query(
        'INSERT INTO contact (person, channel, address, listed, added, confirmed, dead) VALUES ($1, $2, $3, false, 1, $4, $5)',
        [person, channel, address, confirmed, dead],
      ),
    )
  await contact(asked!, 'mail', 'a@b.cd', 2, 7)
  await contact(asked!, 'sms', '+8801711111111', 2, 8)
  await contact(asked!, 'sms', '+8801722222222', 2, null)
  await contact(asked!, 'whatsapp', '+8801711111111', null, null)
  await contact(other!, 'sms', '+8801733333333', 2, null)
  await db.write((tx) =>
    tx.query(`INSERT INTO push_subscription VALUES ($1, $2, 'https://push.invalid', 'p', 'a', 'bn', 1)`, [
      new Uint8Array(32),
      asked,
    ]),
  )
  const found = await waysOf(db, [asked!, silent!].map(toBase64url))
  assert.deepEqual(
    [...found],
    [
      [
        toBase64url(asked!),
        [
          { channel: 'push', gone: null },
          { channel: 'sms', gone: null },
          { channel: 'mail', gone: 7 },
        ],
      ],
    ],
  )
})
