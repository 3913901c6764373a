/** The ways out of the service, as `app.ts` joins them: adapters that are set, the sender, and routes. */
import { join } from 'node:path'
import { say } from '../../language/words.ts'
import type { Db } from '../db.ts'
import type { Feature } from '../feature.ts'
import type { Log } from '../log.ts'
import { notedOf } from './about.ts'
import type { Receipt } from './channel.ts'
import type { Known } from './facts.ts'
import { mailAdapter } from './mail.ts'
import { pushAdapter } from './push.ts'
import { channelRoutes } from './routes.ts'
import { Sender } from './sender.ts'
import type { ChannelSettings } from './settings.ts'
import { httpSmsAdapter } from './sms-http.ts'
import { smppAdapter } from './sms-smpp.ts'
import type { Adapters } from './tell.ts'
import { openVapidKeys, type VapidKeys } from './vapid.ts'
import { whatsAppAdapter } from './whatsapp.ts'
import { webhookRoutes } from './whatsapp-webhook.ts'

export type { Known } from './facts.ts'
export { confirmHeld, type Held, listHeld } from './held.ts'
export { type ContactFault, importContacts } from './import-contacts.ts'
export { type Way, waysOf } from './ways.ts'

export type ChannelsNeeds = {
  db: Db
  settings: ChannelSettings
  /** Where the key of push is kept. */
  dataDir: string
  known: Known
  now: () => number
  log: Pick<Log, 'error' | 'warn'>
}

export type Channels = {
  /** For its routes and what it notes of people; it has no kinds. */
  feature: Feature
  sender: Sender
  /** Begins to send. Call once the server may write. */
  start(): void
  /** Notices were committed. Nothing is lost where nobody says so: they are found within a second. */
  wake(): void
  close(): Promise<void>
}

/** Throws `Refusal('vapid_key_unreadable')`. */
export async function openChannels({ db, settings, dataDir, known, now, log }: ChannelsNeeds): Promise<Channels> {
  const keys = settings.push && (await openVapidKeys(join(dataDir, 'push.key')))
  const onReceipt = (receipt: Receipt) => {
    sender.receive([receipt]).catch((error: unknown) => log.error({ err: error }, 'a receipt was not kept'))
  }
  const adapters = adaptersOf(settings, keys, now, onReceipt)
  const sender = new Sender({
    db,
    adapters,
    known,
    limits: settings.limits,
    now,
    onError: (error) => log.error({ err: error }, 'telling people failed and is tried again'),
    onTrouble: (channel, code) =>
      log.warn({ channel, code }, 'a channel refuses messages; see docs/operating.md, Channels'),
  })
  const { appSecret, verifyToken } = settings.whatsapp ?? {}
  return {
    feature: {
      name: 'channels',
      kinds: [],
      aboutMe: ({ person }) => notedOf(db, person, now()),
      routes: [
        ...channelRoutes({
          db,
          adapters,
          known,
          push: settings.push && keys && { publicKey: keys.publicKey, hosts: settings.push.hosts },
          now,
        }),
        ...(appSecret && verifyToken
          ? webhookRoutes({ appSecret, verifyToken }, (receipts) => sender.receive(receipts))
          : []),
      ],
    },
    sender,
    start: () => sender.start(),
    wake: () => sender.wake(),
    close: () => sender.close(),
  }
}

function adaptersOf(
  { push, mail, smpp, smsHttp, whatsapp }: ChannelSettings,
  keys: VapidKeys | undefined,
  now: () => number,
  onReceipt: (receipt: Receipt) => void,
): Adapters {
  return {
    ...(push && keys ? { push: pushAdapter({ keys, settings: push, now }) } : {}),
    ...(mail ? { mail: mailAdapter({ ...mail, body: say('bn', 'channels.mail.body') }) } : {}),
    ...(smpp ? { sms: smppAdapter(smpp, { onReceipt }) } : smsHttp ? { sms: httpSmsAdapter(smsHttp, { now }) } : {}),
    ...(whatsapp ? { whatsapp: whatsAppAdapter(whatsapp, { now }) } : {}),
  }
}
