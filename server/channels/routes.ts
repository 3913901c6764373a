/** What the signed-in officer says of how he is reached, and what an issuer sees and confirms of sendings. */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { Refusal } from '../../core/refusal.ts'
import type { Lang } from '../../language/digits.ts'
import { say } from '../../language/words.ts'
import type { Db } from '../db.ts'
import type { Call, Route, Viewer } from '../routes.ts'
import { attemptsFor, attemptsOf } from './attempts.ts'
import { CHANNELS, WRITTEN } from './channel.ts'
import {
  addContact,
  confirmContact,
  contactsOf,
  forgetPerson,
  newCode,
  removeContact,
  saveSetting,
  settingOf,
  subscribe,
  subscriptionOf,
  unsubscribe,
} from './contacts.ts'
import type { Known } from './facts.ts'
import { confirmHeld, dropHeld, type Held, listHeld } from './held.ts'
import { endImport, readContacts, takeContacts } from './import-contacts.ts'
import type { Adapters } from './tell.ts'

type Needs = {
  db: Db
  adapters: Adapters
  known: Pick<Known, 'issuersOf' | 'isOperator' | 'personByCode'>
  /** Where push is on. */
  push: { publicKey: string; hosts: readonly string[] } | undefined
  now: () => number
}

const written = v.picklist(WRITTEN)
const address = v.pipe(v.string(), v.maxLength(300))
const lang = v.picklist(['bn', 'en'])
const minutes = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(24 * 60 - 1))
const key = v.pipe(v.string(), v.maxLength(200))

const shapes = {
  contact: v.object({ channel: written, address }),
  code: v.object({ channel: written, address, code: v.pipe(v.string(), v.maxLength(20)) }),
  subscription: v.object({ endpoint: v.pipe(v.string(), v.maxLength(2000)), p256dh: key, auth: key, lang }),
  part: v.object({
    rows: v.pipe(
      v.array(v.object({ row: v.pipe(v.number(), v.integer()), cells: v.pipe(v.array(v.string()), v.maxLength(20)) })),
      v.maxLength(1_000),
    ),
    at: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
    last: v.boolean(),
  }),
  setting: v.object({ lang, quiet: v.nullable(v.object({ from: minutes, to: minutes })) }),
}

export function channelRoutes(needs: Needs): Route[] {
  const { db, adapters, known, push, now } = needs
  return [
    get('/api/contacts', async ({ person }) => ({
      contacts: await contactsOf(db, person),
      setting: await settingOf(db, person),
      channels: CHANNELS.filter((channel) => adapters[channel]),
    })),
    post('/api/contacts/add', shapes.contact, async ({ person }, { channel, address }) => ({
      address: await addContact(db, person, channel, address, now()),
    })),
    post('/api/contacts/remove', shapes.contact, async ({ person }, { channel, address }) => {
      await removeContact(db, person, channel, address)
      return {}
    }),
    post('/api/contacts/test', shapes.contact, (viewer, contact) => sendCode(needs, viewer, contact), 5),
    post('/api/contacts/confirm', shapes.code, async ({ person }, given) => {
      await confirmContact(db, person, given, now())
      return {}
    }),
    post('/api/contacts/setting', shapes.setting, async ({ person }, setting) => {
      await saveSetting(db, person, setting)
      return {}
    }),
    get('/api/contacts/export', async ({ person, device }) => ({
      contacts: await contactsOf(db, person),
      setting: await settingOf(db, person),
      subscription: (await subscriptionOf(db, device)) ?? null,
      attempts: await attemptsOf(db, person),
    })),
    post('/api/contacts/forget', v.object({}), async ({ person }) => {
      await forgetPerson(db, person)
      return {}
    }),
    post('/api/contacts/import', shapes.part, (viewer, part) => importPart(needs, viewer, part), 6_000),
    get('/api/push/key', () => ({ key: push?.publicKey ?? null })),
    post('/api/push/subscribe', shapes.subscription, async (viewer, { lang, ...given }) => {
      if (!push) throw new Refusal('channel_off', 'No push here')
      await subscribe(db, viewer, given, { hosts: push.hosts, lang, now: now() })
      return {}
    }),
    post('/api/push/unsubscribe', v.object({}), async ({ device }) => {
      await db.write((tx) => unsubscribe(tx, [device]))
      return {}
    }),
    post('/api/push/test', v.object({}), (viewer) => sendTest(needs, viewer), 10),
    {
      method: 'GET',
      path: '/api/directives/:id/attempts',
      who: 'person',
      async answer({ viewer, params, query }) {
        const [directive, party] = [idOf(params.id), idOf(query.post)]
        const mine = viewer!.parties.includes(party)
        const issued = viewer!.posts.includes((await known.issuersOf(db, [directive])).get(directive) ?? '')
        if (!mine && !issued) throw new Refusal('not_found', 'No such directive')
        return { json: { attempts: await attemptsFor(db, directive, party) } }
      },
    },
    get('/api/sending/held', async (viewer) => ({ held: await heldFor(needs, viewer) })),
    onHeld(needs, 'confirm', async ({ id }, { person }) => {
      await confirmHeld(db, id, person, now())
      return {}
    }),
    onHeld(needs, 'drop', async ({ id }, { person }) => ({ people: await dropHeld(db, id, person, now()) })),
  ]
}

function onHeld(needs: Needs, what: 'confirm' | 'drop', act: (held: Held, viewer: Viewer) => Promise<object>): Route {
  return {
    method: 'POST',
    path: `/api/sending/held/:id/${what}`,
    who: 'person',
    async answer({ viewer, params }) {
      const held = (await heldFor(needs, viewer!)).find(({ id }) => String(id) === params.id)
      if (!held) throw new Refusal('not_found', 'No such sending')
      return { json: await act(held, viewer!) }
    },
  }
}

/** What waits of that which one's posts issued; for an operator, who pays, all of it. */
function heldFor(needs: Needs, viewer: Viewer): Promise<Held[]> {
  if (needs.known.isOperator(viewer.posts)) return listHeld(needs.db)
  return listHeld(needs.db, (directives) => issuedBy(needs, viewer, directives))
}

/** A part of an operator's list: with `at` null it is only looked at. Nothing of a part with a fault is taken. */
async function importPart(
  { db, known, now }: Needs,
  { posts }: Viewer,
  { rows, at, last }: v.InferOutput<typeof shapes.part>,
): Promise<object> {
  if (!known.isOperator(posts)) throw new Refusal('not_allowed', 'Holds no post that registers people')
  const { contacts, faults } = readContacts(rows, known.personByCode)
  if (at === null) return { at: now(), n: contacts.length, faults }
  if (faults.length > 0)
    throw new Refusal('bad_contacts', `${faults.length} faults`, { n: faults.length, faults: faults.slice(0, 100) })
  await db.write(async (tx) => {
    await takeContacts(tx, contacts, at)
    if (last) await endImport(tx, at)
  })
  return { at, n: contacts.length, faults }
}

/** Those among these that the viewer's posts issued. */
async function issuedBy({ db, known }: Needs, { posts }: Viewer, directives: string[]): Promise<Set<string>> {
  const issuers = await known.issuersOf(db, directives)
  return new Set(directives.filter((directive) => posts.includes(issuers.get(directive) ?? '')))
}

async function sendCode(
  { db, adapters, now }: Needs,
  { person }: Viewer,
  { channel, address }: v.InferOutput<typeof shapes.contact>,
): Promise<object> {
  const adapter = adapters[channel]
  if (!adapter) throw new Refusal('channel_off', 'This channel is off')
  const code = await newCode(db, person, channel, address, now())
  const { lang } = await settingOf(db, person)
  const text = say(lang, 'channels.code', { code })
  const outcome = await adapter.send({ id: `code-${randomUUID()}`, to: address, text, urgent: true })
  if (outcome.is !== 'sent') throw new Refusal('channel_failed', `Not sent: ${outcome.is}`, { outcome: outcome.is })
  return {}
}

async function sendTest({ db, adapters }: Needs, { device }: Viewer): Promise<object> {
  const subscription = await subscriptionOf(db, device)
  if (!adapters.push || !subscription) throw new Refusal('channel_off', 'This device takes no push')
  const { lang, endpoint, p256dh, auth } = subscription
  const outcome = await adapters.push.send({
    id: `test-${randomUUID()}`,
    to: { endpoint, p256dh, auth },
    text: say(lang as Lang, 'channels.test'),
    urgent: true,
    opens: '/more/devices',
  })
  if (outcome.is === 'gone') await db.write((tx) => unsubscribe(tx, [device]))
  if (outcome.is !== 'sent') throw new Refusal('channel_failed', `Not sent: ${outcome.is}`, { outcome: outcome.is })
  return {}
}

function get(path: string, answer: (viewer: Viewer) => object | Promise<object>): Route {
  return { method: 'GET', path, who: 'person', answer: async ({ viewer }) => ({ json: await answer(viewer!) }) }
}

function post<T>(
  path: string,
  shape: v.GenericSchema<unknown, T>,
  answer: (viewer: Viewer, given: T) => object | Promise<object>,
  perMinute?: number,
): Route {
  return {
    method: 'POST',
    path,
    who: 'person',
    ...(perMinute ? { perMinute } : {}),
    answer: async ({ viewer, body }: Call) => ({ json: await answer(viewer!, parse(shape, body)) }),
  }
}

function parse<T>(shape: v.GenericSchema<unknown, T>, body: unknown): T {
  const read = v.safeParse(shape, body)
  if (read.success) return read.output
  throw new Refusal('bad_input', read.issues[0].message, { field: v.getDotPath(read.issues[0]) ?? '' })
}

/** An id of 16 bytes as text, or what is nobody's. */
function idOf(text: string | undefined): string {
  if (!/^[\w-]{22}$/.test(text ?? '')) throw new Refusal('not_found', 'No such directive')
  return text!
}
