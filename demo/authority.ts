/**
 * The authority of a demonstration, a process of its own: root keys A and B, the personnel maker and checker, the record room.
 * It makes the country by the same items as anybody, keeps its keys outside the server's data, and stays: to give a code to
 * whoever a visitor becomes, a charge to whoever acts for an absent officer, and to wrap again what nobody else can open.
 *
 * Arguments: where the server listens, its own directory, how many officials to simulate.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SmarakClient } from '../client/client.ts'
import { readDeviceKeys } from '../client/device-keys.ts'
import { openFileStore } from '../client/file-store.ts'
import { logKeyOf } from '../client/log-key.ts'
import { MemoryStore } from '../client/memory-store.ts'
import { openDoor } from '../client/smarak.ts'
import { Transport } from '../client/transport.ts'
import { openWire } from '../client/wire.ts'
import { type Bytes, fromBase64url, fromHex, toHex } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import { country } from '../features/directory/country/country.ts'
import type { ImportPerson } from '../features/directory/country/import-shape.ts'
import { knownPosts } from '../features/directory/country/known-posts.ts'
import { personas } from '../features/directory/country/personas.ts'
import { partFor, without } from '../features/directory/country/sub-plan.ts'
import { appointmentId, importId } from '../features/directory/drafts.ts'
import { found, importKeyOf } from '../features/directory/founding.ts'
import { type Hand, Registrar } from '../features/directory/registrar.ts'
import { makeRootKey } from '../features/directory/root-key.ts'
import { coverByItself } from './covering.ts'
import type { FromAuthority, Offered, ToAuthority } from './messages.ts'
import { Officials } from './officials.ts'

const CHARGES_FROM = '2024-01-01'
const [url, directory, simulated] = process.argv.slice(2) as [string, string, string]
const say = (message: FromAuthority) => process.send?.(message)
const report = (step: string) => (done: number, total: number) => say({ say: 'progress', step, done, total })

/** What must be remembered besides keys: when the import began, so that it can be repeated to the byte. */
type Kept = { time: number; root?: string; imported?: boolean; offered?: true }

const plan = country()
const offered = personas(plan)
const known = new Map(knownPosts(plan).map((post) => [post.id, post]))
const staffPosts = offered.staff.map(({ post }) => post)
const transport = new Transport({ wire: openWire({ origin: url }) })
const send = (envelopes: Bytes[]) => transport.postItems(envelopes)

await mkdir(directory, { recursive: true, mode: 0o700 })
const keptFile = join(directory, 'kept.json')
const kept: Kept = await readFile(keptFile, 'utf8').then(JSON.parse, () => ({ time: Date.now() }))
const keep = (change: Partial<Kept>) =>
  writeFile(keptFile, JSON.stringify(Object.assign(kept, change)), { mode: 0o600 })
await keep({})

const log = await logKeyOf(transport.wire)
const key = importKeyOf(log.publicKey, kept.time)
const staff = new Map<string, { client: SmarakClient; hand: Hand }>()
if (!kept.root) await keep({ root: toHex(await foundService()) })
const root = fromHex(kept.root!)
for (const { person, post } of offered.staff) staff.set(post, await live(person, post))
const hr = new Registrar({ send, key, maker: handOf('mopa-hr-maker'), checker: handOf('mopa-hr-checker') })
if (!kept.imported) {
  await hr.import(without(plan, partFor(plan, staffPosts)), CHARGES_FROM, report('country'))
  await keep({ imported: true })
}
const watchful = above(offered.personas.map(({ post }) => post))
const officials = await Officials.open({
  directory,
  url,
  people: simulatedPeople(),
  watchful,
  tickets: ticketsFor,
  report: report('officials'),
})
const codes = await offerCodes()
// Whoever starts it again is given codes that work; some of those of last time were used.
if (kept.offered) for (const { code } of offered.personas) await codeFor(code)
else await keep({ offered: true })
const people = offered.personas.map(offeredAs)
say({ say: 'ready', people, codes })
process.on('message', ({ ask, become }: ToAuthority) => {
  codeFor(become).then(
    (code) => say({ say: 'code', ask, code }),
    (error: unknown) =>
      say({ say: 'refused', ask, code: error instanceof Refusal ? error.code : 'internal', message: String(error) }),
  )
})
const { transport: asMaker, proven } = staff.get('mopa-hr-maker')!.client.device
const endCovering = coverByItself({ transport: asMaker, root: proven.root, registrar: hr })
const leave = () => {
  endCovering()
  void officials.close().finally(() => process.exit(0))
}
process.on('disconnect', leave)
process.on('SIGTERM', leave)
officials.live()

async function foundService(): Promise<Bytes> {
  const roots = [
    await makeRootKey(join(directory, 'root-a.key')),
    await makeRootKey(join(directory, 'root-b.key')),
  ] as const
  return found({ send, roots: [...roots], log, plan, staff: staffPosts, key, from: CHARGES_FROM }, report('service'))
}

/** A member of the authority's staff: its device joins by a root key's ticket the first time, and is taken up again later. */
async function live(person: string, post: string): Promise<{ client: SmarakClient; hand: Hand }> {
  const store = await openFileStore(join(directory, person))
  const door = openDoor({ store, wire: openWire({ origin: url }), label: 'authority', live: true })
  const client = ((await door.saved()) ?? (await door.join(await firstTicket(person)))) as SmarakClient
  await client.sync()
  const keys = await readDeviceKeys(store)
  if (!keys) throw new Refusal('unknown_device', `No device for ${person}`)
  const appointment = appointmentId(key, person, post, CHARGES_FROM)
  return { client, hand: { signer: { type: 'device', id: fromBase64url(keys.id) }, sign: keys.sign, appointment } }
}

async function firstTicket(person: string): Promise<string> {
  const [a, b] = [await makeRootKey(join(directory, 'root-a.key')), await makeRootKey(join(directory, 'root-b.key'))]
  const registrar = new Registrar({ send, maker: a, checker: b, key })
  const [code] = await registrar.tickets([importId(key, 'person', person)], root, Date.now())
  if (offered.staff.at(-1)?.person === person) {
    await registrar.delegate('mopa-hr-maker', ['register', 'make', 'ticket'])
    await registrar.delegate('mopa-hr-checker', ['check', 'ticket'])
  }
  return code!
}

function handOf(post: string): Hand {
  return staff.get(post)!.hand
}

/**
 * Who holds a post and is neither offered to visitors nor on the staff: as many as were asked for, the watchful first, the
 * rest from all over the country.
 */
function simulatedPeople(): ImportPerson[] {
  const lived = new Set([...offered.personas, ...offered.staff].map(({ person }) => person))
  const others = plan.people.filter(({ code }) => !lived.has(code))
  const first = others.filter(({ code }) => watchful.has(code))
  const rest = others.filter(({ code }) => !watchful.has(code))
  if (simulated === 'all') return [...first, ...rest]
  const left = Math.min(rest.length, Math.max(0, Number(simulated) - first.length))
  const spread = Array.from({ length: left }, (_, i) => rest[Math.floor((i * rest.length) / left)]!)
  return [...first, ...spread].slice(0, Number(simulated))
}

/** Who holds the posts above these, up to the top. */
function above(posts: string[]): Set<string> {
  const supervisors = new Map(plan.posts.map(({ code, supervisor }) => [code, supervisor]))
  const upper = new Set<string>()
  for (const post of posts) {
    for (let one = supervisors.get(post); one !== undefined; one = supervisors.get(one)) upper.add(one)
  }
  return new Set(
    plan.people.filter((person) => person.posts.some(({ post }) => upper.has(post))).map(({ code }) => code),
  )
}

function ticketsFor(people: ImportPerson[]): Promise<string[]> {
  return hr.tickets(
    people.map(({ code }) => importId(key, 'person', code)),
    root,
    Date.now(),
  )
}

/** A code for each person offered. Those whose ticket was used already get another when a visitor asks. */
async function offerCodes(): Promise<string[]> {
  const file = join(directory, 'codes.json')
  const known = await readFile(file, 'utf8').then(JSON.parse, () => null)
  if (known) return known
  const fresh = await hr.tickets(
    offered.personas.map(({ person }) => importId(key, 'person', person)),
    root,
    Date.now(),
  )
  await writeFile(file, JSON.stringify(fresh), { mode: 0o600 })
  return fresh
}

/** The code of an unused ticket; when it was used, a new ticket by two hands, which stands for a lost device. */
async function codeFor(persona: string): Promise<string> {
  const at = offered.personas.findIndex(({ code }) => code === persona)
  const one = offered.personas[at]
  if (!one) throw new Refusal('not_found', 'Nobody of that name is offered')
  const door = openDoor({ store: new MemoryStore(), wire: openWire({ origin: url }), label: 'look' })
  const usable = await door.look(codes[at]!).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Refusal && error.code.startsWith('ticket_')) return false
      throw error
    },
  )
  if (usable) return codes[at]!
  const [code] = await hr.tickets([importId(key, 'person', one.person)], root, Date.now(), { replacing: true })
  codes[at] = code!
  await writeFile(join(directory, 'codes.json'), JSON.stringify(codes), { mode: 0o600 })
  return code!
}

function offeredAs({ code, person, post, why }: (typeof offered.personas)[number]): Offered {
  const { bn, en } = plan.people.find((one) => one.code === person)!
  const { title, placeName, officeName } = known.get(post)!
  const where = placeName ?? officeName
  return { code, name: { bn, en }, post: { bn: `${title.bn}, ${where.bn}`, en: `${title.en}, ${where.en}` }, why }
}
