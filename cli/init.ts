import { resolve } from 'node:path'
import { logKeyOf } from '../client/log-key.ts'
import { Transport } from '../client/transport.ts'
import { openWire } from '../client/wire.ts'
import { fromBase64url, toHex } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import type { Import } from '../features/directory/country/import-shape.ts'
import { found, importKeyOf } from '../features/directory/founding.ts'
import { Registrar, type Send } from '../features/directory/registrar.ts'
import { makeRootKey, type RootKey, readRootKey } from '../features/directory/root-key.ts'
import { dhakaTime } from '../language/time.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, type Io, Usage } from './command.ts'
import { checkRoots, rootOptions } from './hands.ts'
import { serverIn } from './profile.ts'
import { readPlan } from './read-plan.ts'
import { Service } from './service.ts'
import { type Staff, staffOf, staffOptions } from './staff.ts'

/**
 * `init`: founds a service on a running server. Makes the root keys where there are none, writes the root, registers what the
 * staff needs to take over, and prints their joining codes. Run again it sends the same bytes, and gives fresh codes to those
 * who have not joined.
 */
export const init: Command = {
  words: { say: 'FILES…', least: 1, most: 100 },
  options: { server: { value: 'URL', says: 'cli.options.server' }, ...rootOptions, ...staffOptions },
  json: true,
  async run(args, io) {
    const server = serverIn(args)
    if (server === undefined) throw new Usage('missing_option', { option: '--server' })
    const files = [resolve(args.needed('root-a')), resolve(args.needed('root-b'))] as const
    if (files[0] === files[1]) throw new Refusal('one_root_file', 'Two keys in one file')
    const plan = await readPlan(args.words, io)
    const staff = staffOf(plan, args)
    const { service, roots } = await foundService(server, files, plan, staff, io)
    const codes = await codesFor(service, roots, staff, io.now())
    io.out(
      io.json
        ? JSON.stringify({ root: toHex(service.root.fingerprint), keys: files, codes })
        : told(plan, files, codes, server, io),
    )
    return EXIT.ok
  },
}

async function foundService(server: string, files: readonly [string, string], plan: Import, staff: Staff, io: Io) {
  const transport = new Transport({ wire: openWire({ origin: server }) })
  const log = await logKeyOf(transport.wire)
  const there = await Service.open(server).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'no_service') return null
    throw error
  })
  // Where there is a service already, fresh keys would be nobody's.
  const make = there ? readRootKey : makeRootKey
  const roots: [RootKey, RootKey] = [await make(files[0]), await make(files[1])]
  if (there) checkRoots(there, roots, files)
  const key = there?.key ?? importKeyOf(log.publicKey, io.now())
  const send: Send = (envelopes) => transport.postItems(envelopes)
  const from = dhakaTime(key.time).date
  await found({ send, roots, log, plan, staff: staff.map(({ post }) => post), key, from }, () => {})
  return { service: there ?? (await Service.open(server)), roots }
}

type StaffCode = { post: string; person: string; name: string; code: string | null }

/** A fresh code for each of the staff who has no device; null for who has, and for all once the root keys have handed over. */
async function codesFor(service: Service, [maker, checker]: [RootKey, RootKey], staff: Staff, now: number) {
  const codes: StaffCode[] = []
  for (const { post, person } of staff) {
    const { id } = await service.person(person.code)
    const needs = !service.hasJoined(id) && !service.directory.hasDelegation()
    const registrar = new Registrar({ send: service.send, maker, checker, key: service.key })
    const [code] = needs ? await registrar.tickets([fromBase64url(id)], service.root.fingerprint, now) : []
    codes.push({ post, person: person.code, name: person.bn, code: code ?? null })
  }
  return codes
}

function told(
  { service }: Import,
  [a, b]: readonly [string, string],
  codes: StaffCode[],
  server: string,
  { lang }: Io,
): string {
  const [maker, checker] = codes
  const keys = `--root-a ${a} --root-b ${b}`
  return [
    say(lang, 'cli.init.founded', { name: service[lang] }),
    say(lang, 'cli.init.keys', { a, b }),
    say(lang, 'cli.init.codes'),
    ...codes.map(({ post, name, code }) => `  ${code ?? say(lang, 'cli.init.noCode')}   ${post}   ${name}`),
    say(lang, 'cli.init.next'),
    `  ./smarak join --server ${server} --code CODE --profile DIR`,
    `  ./smarak delegate --server ${server} ${keys} --maker ${maker!.post} --checker ${checker!.post}`,
  ].join('\n')
}
