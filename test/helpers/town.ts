/** A small service on a real server: a ministry and two districts, made by the same items an operator makes one by. */

import type { SmarakClient } from '../../client/client.ts'
import { logKeyOf } from '../../client/log-key.ts'
import { MemoryStore } from '../../client/memory-store.ts'
import { openDoor } from '../../client/smarak.ts'
import type { Store } from '../../client/store.ts'
import { Transport } from '../../client/transport.ts'
import type { IssueDraft } from '../../client/views.ts'
import { openWire, type Wire } from '../../client/wire.ts'
import { type Bytes, randomBytes, toBase64url } from '../../core/bytes.ts'
import { signingKeyFromSeed } from '../../core/cose.ts'
import { thumbprint } from '../../core/item.ts'
import type { Import } from '../../features/directory/country/import-shape.ts'
import { appointmentId, importId } from '../../features/directory/drafts.ts'
import { found, importKeyOf } from '../../features/directory/founding.ts'
import { type Hand, Registrar } from '../../features/directory/registrar.ts'

const FROM = '2024-01-01'

export type Town = {
  url: string
  /** The root keys, which make and check everything here. */
  roots: [Hand, Hand]
  transport: Transport
  /** The id of a party of the plan, as text. */
  id(kind: 'office' | 'post' | 'person', code: string): string
  /** The appointment by which a person of the plan holds a post. */
  appointment(person: string, post: string): Bytes
  /** A joining code; `replacing` for a person who has a device. */
  code(person: string, options?: { replacing?: boolean }): Promise<string>
  /** A person of the plan on a device of his own. Nothing happens on it by a timer: `sync` sends and fetches. */
  official(person: string, options?: { store?: Store; wire?: Wire; code?: string }): Promise<SmarakClient>
}

export type TownOptions = {
  /** How many upazilas the first district has; the second has one. */
  upazilas?: number
  /** Names the first district's office: what an open canary stands in. */
  office?: Names
  /** Titles and holders of posts, their places and offices of their own, by their codes; those not named here go by their codes. */
  names?: Readonly<Record<string, { title: Names; holder: Names; place?: string; office?: Names }>>
  /** Posts of the ministry besides, each with a holder of the same code. */
  more?: readonly { code: string; role: string; supervisor: string }[]
}

type Names = { bn: string; en: string }

/**
 * Founds the service whose server listens at `url`. Every post has a holder of its own name; only the record keeper has
 * joined, who reads for all that nobody else reads for.
 */
export async function foundTown(url: string, options: TownOptions = {}): Promise<Town> {
  const transport = new Transport({ wire: openWire({ origin: url }) })
  const log = await logKeyOf(transport.wire)
  const plan = townPlan(options)
  const roots = [await newRoot(), await newRoot()] as const
  const send = (envelopes: Bytes[]) => transport.postItems(envelopes)
  const key = importKeyOf(log.publicKey, Date.now())
  const staff = plan.posts.map(({ code }) => code)
  const root = await found({ send, roots: [...roots], log, plan, staff, key, from: FROM }, () => {})
  const registrar = new Registrar({ send, maker: roots[0], checker: roots[1], key })
  const code: Town['code'] = async (person, { replacing = false } = {}) => {
    const [made] = await registrar.tickets([importId(key, 'person', person)], root, Date.now(), { replacing })
    return made!
  }
  const town: Town = {
    url,
    roots: [...roots],
    transport,
    id: (kind, name) => toBase64url(importId(key, kind, name)),
    appointment: (person, post) => appointmentId(key, person, post, FROM),
    code,
    async official(person, { store = new MemoryStore(), wire = openWire({ origin: url }), code: given } = {}) {
      const door = openDoor({ store, wire, label: 'test', later: () => () => {}, undoFor: 0 })
      return (await door.join(given ?? (await code(person)))) as SmarakClient
    },
  }
  await (await town.official('room')).sync()
  return town
}

/** A letter to all UNOs of the first district: acknowledge it, answer clause ক, keep to clause খ. */
export function townLetter(town: Town, more: Partial<IssueDraft> = {}): IssueDraft {
  return {
    post: town.id('post', 'ds'),
    summary: { memo: '05.00.0000.110.99.002.17-1337', subject: 'নির্দেশনা প্রতিপালন', date: '2024-10-22', issuer: 'ds' },
    parts: [{ label: 'clause:ক', value: 'যত্নবান হতে হবে' }],
    lines: [{ n: 1, purpose: 0, selectors: [[1, 'uno', town.id('office', 'rangpur')]] }],
    clauses: [
      { label: '', ask: 'acknowledge' },
      { label: 'ক', ask: 'once' },
    ],
    due: null,
    grade: 0,
    urgency: 0,
    ...more,
  }
}

function townPlan({ upazilas = 2, office, names = {}, more = [] }: TownOptions): Import {
  const rangpur = { bn: 'জেলা প্রশাসকের কার্যালয়, রংপুর', en: 'DC office, Rangpur', ...office }
  const numbers = Array.from({ length: upazilas }, (_, i) => `uno${i + 1}`)
  return {
    service: { bn: 'পরীক্ষার সেবা', en: 'Test service' },
    offices: [
      { code: 'mopa', bn: 'জনপ্রশাসন মন্ত্রণালয়', en: 'Ministry of Public Administration', kind: 'ministry' },
      { code: 'rangpur', ...rangpur, kind: 'district' },
      { code: 'barishal', bn: 'জেলা প্রশাসকের কার্যালয়, বরিশাল', en: 'DC office, Barishal', kind: 'district' },
      ...Object.entries(names).flatMap(([code, { office }]) => (office ? [{ code, ...office, kind: 'upazila' }] : [])),
    ],
    posts: [
      post('room', 'record-room', 'mopa'),
      post('ds', 'deputy-secretary', 'mopa', 'room'),
      post('dc', 'dc', 'rangpur', 'room'),
      ...numbers.map((code) => post(code, 'uno', 'rangpur', 'dc')),
      post('dc-far', 'dc', 'barishal', 'room'),
      post('uno-far', 'uno', 'barishal', 'dc-far'),
      ...more.map(({ code, role, supervisor }) => post(code, role, 'mopa', supervisor)),
    ].map((one) => {
      const { title, place, office } = names[one.code] ?? {}
      return { ...one, ...title, ...(place && { place }), ...(office && { office: one.code }) }
    }),
    people: ['room', 'ds', 'dc', ...numbers, 'dc-far', 'uno-far', ...more.map(({ code }) => code)].map((code) => ({
      code,
      bn: code,
      en: code,
      ...names[code]?.holder,
      posts: [{ post: code, charge: 'regular' as const }],
    })),
  }
}

function post(code: string, role: string, office: string, supervisor?: string): Import['posts'][number] {
  const mayIssue = role !== 'uno'
  return { code, role, bn: code, en: code, office, order: 1, mayIssue, ...(supervisor ? { supervisor } : {}) }
}

async function newRoot() {
  const { publicKey, sign } = await signingKeyFromSeed(randomBytes(32))
  return { signer: { type: 'root' as const, id: thumbprint(publicKey) }, sign, publicKey }
}
