/** `node sender.ts DATABASE-URL FOLDER`: sends what is due in that database by push until nothing is, and prints the seconds. */
import { join } from 'node:path'
import { pushAdapter } from '../../server/channels/push.ts'
import { idOf, Telling } from '../../server/channels/testing.ts'
import { openVapidKeys } from '../../server/channels/vapid.ts'
import { openDb } from '../../server/db.ts'

const [url, folder, people] = process.argv.slice(2)
const keys = await openVapidKeys(join(folder!, 'push.key'))
const settings = { subject: 'mailto:bench@example.gov.bd', hosts: ['127.0.0.1'] }
const db = openDb({ url: url! })
const telling = new Telling(db, { push: pushAdapter({ keys, settings, now: Date.now }) })
for (let i = 0; i < Number(people); i++) {
  telling.holders.set(idOf(`post ${i}`), [idOf(`person post ${i}`)])
  telling.owners.set(idOf(`device post ${i}`), idOf(`person post ${i}`))
}
const began = performance.now()
await telling.sender.settle()
process.stdout.write(String((performance.now() - began) / 1000))
await telling.sender.close()
await db.close()
