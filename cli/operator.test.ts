import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { openFileStore } from '../client/file-store.ts'
import { openDoor } from '../client/smarak.ts'
import { openWire } from '../client/wire.ts'
import type { PracticeView } from '../features/directives/practice-route.ts'
import type { Import } from '../features/directory/country/import-shape.ts'
import type { Db } from '../server/db.ts'
import { testDatabase } from '../test/helpers/database.ts'
import { EXIT } from './command.ts'
import { SERVER } from './profile.ts'
import { Service } from './service.ts'
import { typed } from './testing.ts'

/** A small service of an operator: three who run it, one who works in it. */
const PLAN: Import = {
  service: { bn: 'পরীক্ষার সেবা', en: 'Test service' },
  offices: [
    { code: 'mopa', bn: 'জনপ্রশাসন মন্ত্রণালয়', en: 'Ministry', kind: 'ministry' },
    { code: 'rangpur', bn: 'জেলা প্রশাসকের কার্যালয়', en: 'DC office', kind: 'district', parent: 'mopa' },
  ],
  posts: [
    post('room', 'record-room', 'mopa'),
    post('maker', 'hr-maker', 'mopa', 'room'),
    post('checker', 'hr-checker', 'mopa', 'room'),
    post('dc', 'dc', 'rangpur', 'room'),
  ],
  people: [person('karim', 'room'), person('rahim', 'maker'), person('salma', 'checker'), person('nasrin', 'dc')],
}
const LATER: Import = {
  ...PLAN,
  posts: [...PLAN.posts, post('uno', 'uno', 'rangpur', 'dc')],
  people: [...PLAN.people, person('arif', 'uno')],
}

const dir = mkdtempSync(join(tmpdir(), 'smarak-operator-'))
const at = (name: string) => join(dir, name)
const roots = ['--root-a', at('a/root-a.key'), '--root-b', at('b/root-b.key')]
const profiles = ['--profile-maker', at('rahim'), '--profile-checker', at('salma')]
let server: ChildProcess
let url: string
let db: Db
/** Codes of the staff as `init` gave them, by person. */
let codes: Map<string, string>

before(async () => {
  writeFileSync(at('plan.json'), JSON.stringify(PLAN))
  writeFileSync(at('later.json'), JSON.stringify(LATER))
  const tested = await testDatabase()
  const { url: database } = tested
  db = tested.db
  const words = [
    'serve',
    '--data',
    at('data'),
    '--database-url',
    database,
    '--port',
    '0',
    '--json',
    '--log-level',
    'warn',
  ]
  server = spawn(join(import.meta.dirname, '..', 'smarak'), words, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface(server.stdout!)) {
    const said = JSON.parse(line)
    if (said.ready) {
      url = said.url
      break
    }
  }
})
after(async () => {
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  await ended
  rmSync(dir, { recursive: true })
})

test('an operator founds a service, hands over, and runs it by two hands', async (t) => {
  await t.test('before there is a service, others are told to found it', async () => {
    const { code, json } = await run('delegate', ...roots, '--maker', 'maker', '--checker', 'checker')
    assert.deepEqual([code, json().error?.code], [EXIT.refused, 'root_key_missing'])
  })

  await t.test('init makes two keys that nobody else reads, and three codes', async () => {
    const { code, json, err } = await run('init', at('plan.json'), ...roots)
    assert.equal(code, EXIT.ok, err)
    const said = json() as unknown as { root: string; keys: string[]; codes: { person: string; code: string }[] }
    assert.match(said.root, /^[0-9a-f]{64}$/)
    assert.deepEqual(said.keys, [at('a/root-a.key'), at('b/root-b.key')])
    for (const file of said.keys) assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.notEqual(readFileSync(said.keys[0]!, 'utf8'), readFileSync(said.keys[1]!, 'utf8'))
    codes = new Map(said.codes.map(({ person, code }) => [person, code]))
    assert.deepEqual([...codes.keys()].sort(), ['karim', 'rahim', 'salma'])
  })

  await t.test('init again is the same service, with fresh codes', async () => {
    const { code, out } = await run('init', at('plan.json'), ...roots, 'no-json')
    assert.equal(code, EXIT.ok)
    assert.match(out, /Founded: Test service/)
    assert.match(out, /\.\/smarak delegate --server .* --maker maker --checker checker/)
  })

  await t.test('init with other keys is refused, and makes none', async () => {
    const other = ['--root-a', at('x.key'), '--root-b', at('y.key')]
    const { code, json } = await run('init', at('plan.json'), ...other)
    assert.deepEqual([code, json().error?.code], [EXIT.refused, 'root_key_missing'])
    assert.ok(!existsSync(at('x.key')))
    const swapped = ['--root-a', roots[3]!, '--root-b', roots[1]!]
    assert.equal((await run('init', at('plan.json'), ...swapped)).json().error?.code, 'other_root')
  })

  const hand = ['--maker', 'maker', '--checker', 'checker']
  await t.test('the root keys cannot hand over before both have joined', async () => {
    assert.equal((await run('delegate', ...roots, ...hand)).json().error?.code, 'not_joined')
    await join_('rahim')
    assert.equal((await run('delegate', ...roots, ...hand)).json().error?.code, 'not_joined')
    await join_('salma')
    assert.equal(
      (await run('delegate', ...roots, '--maker', 'maker', '--checker', 'maker')).json().error?.code,
      'one_hand',
    )
    assert.equal(
      (await run('delegate', ...roots, '--maker', 'maker', '--checker', 'none')).json().error?.code,
      'no_such_code',
    )
  })

  await t.test('a profile without the power is told so', async () => {
    const { code, json } = await run('import', at('plan.json'), ...profiles)
    assert.deepEqual([code, json().error?.code], [EXIT.refused, 'no_power'])
  })

  await t.test('before handing over, the root keys give codes to whoever was registered', async () => {
    const { code, json } = await run('ticket', ...roots, '--person', 'karim')
    assert.equal(code, EXIT.ok)
    codes.set('karim', (json() as unknown as { code: string }).code)
    await join_('karim')
  })

  await t.test('they hand over, and may repeat it', async () => {
    for (const _ of [1, 2]) {
      const { code, out } = await run('delegate', ...roots, ...hand)
      assert.equal(code, EXIT.ok, out)
    }
    const { json } = await run('import', at('plan.json'), ...roots)
    assert.equal(json().error?.code, 'handed_over')
    assert.equal((await run('ticket', ...roots, '--person', 'karim')).json().error?.code, 'handed_over')
  })

  await t.test('the two hands import the rest; what the root keys made stays', async () => {
    const { code, json, out } = await run('import', at('plan.json'), ...profiles)
    assert.equal(code, EXIT.ok, out)
    const { before, ...counts } = json() as unknown as { before: { code: string }[] }
    assert.deepEqual(counts, { offices: 1, posts: 1, people: 1, charges: 1 })
    assert.deepEqual(
      before.map(({ code }) => code),
      ['mopa', 'room', 'maker', 'checker', 'karim', 'rahim', 'salma', 'karim room', 'rahim maker', 'salma checker'],
    )
  })

  await t.test('the same import again adds nothing to the log, and says so', async () => {
    const size = await logSize()
    const { code, json } = await run('import', at('plan.json'), ...profiles)
    const { before, ...counts } = json() as unknown as { before: unknown[] }
    assert.deepEqual([code, before.length, counts], [EXIT.ok, 14, { offices: 0, posts: 0, people: 0, charges: 0 }])
    const { out } = await run('import', at('plan.json'), ...profiles, 'no-json')
    assert.match(out, /Registered: 0 offices, 0 posts, 0 people, 0 charges\.\n14 entries had been there before/)
    const dated = await run('import', at('plan.json'), ...profiles, '--from', '২০২৪-০৫-০১')
    assert.equal(dated.code, EXIT.ok, 'a date has digits of either script')
    assert.equal(await logSize(), size)
  })

  await t.test('rows added are registered, the others stay', async () => {
    const { json } = await run('import', at('later.json'), ...profiles)
    const { before, ...counts } = json() as unknown as { before: unknown[] }
    assert.deepEqual(counts, { offices: 0, posts: 1, people: 1, charges: 1 })
    assert.equal(before.length, 14)
    const service = await Service.open(url)
    const uno = await service.post('uno')
    assert.equal(uno.holders.length, 1, 'the charge was approved by the second hand')
  })

  await t.test('the maker gives a code to one who has none, and only with the checker to one who has', async () => {
    const alone = profiles.slice(0, 2)
    const first = await run('ticket', ...alone, '--person', 'nasrin', 'no-json')
    assert.match(first.out, /nasrin: ([0-9A-Z]{4}-){4}[0-9A-Z]{4} /)
    codes.set('nasrin', /[0-9A-Z-]{24}/.exec(first.out)![0])
    await join_('nasrin')
    assert.equal((await run('ticket', ...alone, '--person', 'nasrin')).json().error?.code, 'has_device')
    assert.equal((await run('ticket', ...alone, '--person', 'nobody')).json().error?.code, 'no_such_code')

    const lost = await run('ticket', ...profiles, '--person', 'nasrin')
    const { code, replacing } = lost.json() as unknown as { code: string; replacing: boolean }
    assert.equal(replacing, true)
    codes.set('nasrin', code)
    await join_('nasrin', 'nasrin-new-phone')
    const service = await Service.open(url)
    const { devices } = await service.person('nasrin')
    assert.deepEqual(
      devices.map((device) => service.directory.isLive(device)),
      [false, true],
    )
  })

  await t.test('two hands transfer an official: the post is vacant, then its successor’s', async () => {
    const service = () => Service.open(url)
    const holdersOf = async (code: string) => {
      const opened = await service()
      const { holders } = await opened.post(code)
      return holders.map(({ person, charge, from }) => [opened.directory.person(person)?.code ?? person, charge, from])
    }
    const arif = ['transfer', ...profiles, '--person', 'arif']
    for (const [wrong, code] of [
      [[], 'missing_option'],
      [['--from', 'uno', '--charge', 'king'], 'bad_value'],
      [['--from', 'dc'], 'no_charge'],
      [['--from', 'uno', '--to', 'nowhere'], 'no_such_code'],
      [['--to', 'uno'], 'holds_already'],
    ] as const)
      assert.equal((await run(...arif, ...wrong)).json().error?.code, code, wrong.join(' '))
    assert.equal((await holdersOf('uno')).length, 1, 'nothing was changed')

    const moved = [...arif, '--from', 'uno', '--date', '২০২৬-১১-৩০', '--order', '০৫.০০-১২']
    const left = await run(...moved)
    assert.deepEqual(
      [left.code, left.json()],
      [
        EXIT.ok,
        {
          ...{ person: 'arif', from: 'uno', charge: 'regular', date: '2026-11-30', order: '০৫.০০-১২' },
          ...{ vacant: true, joined: false },
        },
      ],
    )
    assert.deepEqual(await holdersOf('uno'), [])
    const size = await logSize()
    assert.equal((await run(...moved)).code, EXIT.ok, 'as after one that was cut off')
    assert.equal(await logSize(), size)
    assert.equal((await run(...arif, '--from', 'uno', '--date', '2026-12-01')).json().error?.code, 'no_charge')

    const nasrin = ['transfer', ...profiles, '--person', 'nasrin', '--to', 'uno', '--charge', 'additional', 'no-json']
    const { out } = await run(...nasrin, '--date', '2026-11-30')
    assert.equal(out.trim(), 'nasrin holds uno.')
    assert.deepEqual(
      (await holdersOf('uno')).map((holder) => holder.slice(1)),
      [['additional', '2026-11-30']],
    )
    const posts = (await run('inbox', '--profile', at('nasrin-new-phone'))).json() as unknown as { error?: object }
    assert.equal(posts.error, undefined)
    await run('transfer', ...profiles, '--person', 'nasrin', '--from', 'uno')
    const back = await run(...arif, '--to', 'uno', 'no-json')
    assert.equal(back.out.trim(), 'arif holds uno.\narif has no device yet; give a joining code.')
  })

  await t.test('a head says how her office works; it holds at once, and nobody else says it', async () => {
    const nasrin = ['--profile', at('nasrin-new-phone')]
    const before = (await run('practice', ...nasrin)).json() as unknown as PracticeView
    assert.deepEqual([before.said, before.holds.checks, before.writers.length], [null, [570, 750, 960], 1])
    writeFileSync(at('days.csv'), '২০২৬-১১-২৫,স্থানীয় মেলা,Local fair\n২০২৬-০২-৩০,ভুল\n')
    const wrong = await run('practice', ...nasrin, '--holidays', at('days.csv'), '--lang', 'bn')
    assert.equal(wrong.json().error?.code, 'bad_holidays')
    assert.match(wrong.json().error!.message, /২|এমন কোনো দিন নেই/)
    writeFileSync(at('days.csv'), '২০২৬-১১-২৫,স্থানীয় মেলা,Local fair\n')
    const words = [
      '--hours',
      'sun-thu=10:00-16:00',
      '--checks',
      '১০:০০,15:00',
      '--quiet',
      '20:00-08:00',
      '--every',
      '240',
    ]
    const said = await run('practice', ...nasrin, ...words, '--holidays', at('days.csv'), '--route', 'dc=maker')
    assert.equal(said.code, EXIT.ok, said.out)
    const { holds, said: own, index, office } = said.json() as unknown as PracticeView & { index: number }
    assert.ok(index > 0)
    assert.deepEqual([holds.checks, holds.quiet, holds.reminders.every], [[600, 900], { from: 1200, to: 480 }, 240])
    assert.deepEqual([own!.holidays!.length, own!.routes!.length], [1, 1])
    const [first, ...changes] = ['practice', ...nasrin, '--as-above', 'quiet', '--as-above', 'routes']
    const less = (await run(first, ...changes)).json() as unknown as PracticeView
    assert.deepEqual(
      [less.holds.quiet, less.said!.routes, less.holds.checks],
      [{ from: 1260, to: 420 }, null, [600, 900]],
    )
    assert.equal(
      (await run('practice', '--profile', at('karim'), '--office', 'rangpur', '--checks', '11:00')).json().error?.code,
      'not_found',
    )
    assert.equal(
      (await run('practice', '--profile', at('salma'), '--checks', '11:00')).json().error?.code,
      'not_allowed',
    )
    const registrar = await run('practice', '--profile', at('rahim'), '--office', 'rangpur', '--most', '2')
    assert.equal(registrar.code, EXIT.ok, 'whoever registers the office may')
    assert.match(
      (await run('practice', ...nasrin, 'no-json', '--lang', 'en')).out,
      /Sunday 10:00–16:00[\s\S]*at most 2 times/,
    )
    assert.match((await run('practice', ...nasrin, 'no-json', '--lang', 'bn')).out, /আগে ৪৮০; .* ঊর্ধ্বতন ৪৮০, ১৪৪০ /)
    const store = await openFileStore(at('nasrin-new-phone'))
    const client = (await openDoor({ store, wire: openWire({ origin: url }), label: 'test' }).saved())!
    const { calendar, checks } = await client.workday(client.me.posts[0]!.id)
    await store.close()
    assert.deepEqual([checks, calendar.holidays.has('2026-11-25')], [[600, 900], true], 'her screens go by it')
    assert.deepEqual(calendar.hours[0], [{ from: 600, to: 960 }])
    assert.ok(office)
  })

  await t.test('the maker gives the list of addresses, whole or not at all', async () => {
    writeFileSync(
      at('contacts.csv'),
      'person,channel,address\nnasrin,sms,০১৭১২ ৩৪৫৬৭৮\narif,sms,0121234567\nnobody,mail,a@b.cd\n',
    )
    const wrong = await run('contacts', at('contacts.csv'), '--profile', at('rahim'), 'no-json')
    assert.equal(wrong.code, EXIT.refused)
    assert.match(
      wrong.err,
      /contacts\.csv[^\n]*3[^\n]*no mobile number[^\n]*0121234567[\s\S]*4[^\n]*Nobody has this code/,
    )
    writeFileSync(
      at('contacts.csv'),
      `person,channel,address\nnasrin,sms,০১৭১২ ৩৪৫৬৭৮\n${'arif,mail,arif@mopa.gov.bd\n'}`,
    )
    writeFileSync(at('empty.csv'), '')
    assert.match((await run('contacts', at('empty.csv'), '--profile', at('rahim'), 'no-json')).err, /empty\.csv[^\n]*1/)
    const foreign = await run('contacts', at('contacts.csv'), '--profile', at('nasrin-new-phone'))
    assert.equal(foreign.json().error?.code, 'not_allowed')
    const taken = await run('contacts', at('contacts.csv'), '--profile', at('rahim'))
    assert.deepEqual(taken.json() as unknown, { n: 2 })
    assert.deepEqual(await db.many('SELECT address FROM contact WHERE listed ORDER BY 1'), [
      { address: '+8801712345678' },
      { address: 'arif@mopa.gov.bd' },
    ])
  })

  await t.test('what waits because of its cost is listed, released and dropped by who pays', async () => {
    const rahim = ['--profile', at('rahim')]
    assert.match((await run('held', 'list', ...rahim, 'no-json')).out, /Nothing waits/)
    for (const kind of ['reminder-late', 'new'])
      await db.write((tx) =>
        tx.query(
          `INSERT INTO held (directive, kind, channel, people, cost, made) VALUES ($1, $2, 'sms', 50000, 1750000, 1)`,
          [new Uint8Array(16), kind],
        ),
      )
    assert.match((await run('held', 'list', ...rahim, 'no-json')).out, /SMS · 50,000 people · 17,500 taka/)
    const { held } = (await run('held', 'list', ...rahim)).json() as unknown as { held: { id: number }[] }
    const [first, second] = held.map(({ id }) => String(id)) as [string, string]
    assert.equal(
      (await run('held', 'release', first, '--profile', at('nasrin-new-phone'))).json().error?.code,
      'not_found',
    )
    assert.match((await run('held', 'release', first, ...rahim, 'no-json')).out, /50,000 people, 17,500 taka/)
    assert.equal((await run('held', 'drop', second, ...rahim)).code, EXIT.ok)
    assert.deepEqual((await run('held', 'list', ...rahim)).json() as unknown, { held: [] })
  })

  await t.test('what is registered gets another name, and every device shows it', async () => {
    const change = ['change', '--profile-maker', at('rahim')]
    const person = [...change, '--person', 'nasrin', '--en', 'Nasrin Sultana']
    assert.deepEqual((await run(...person)).json() as unknown, { kind: 'person', code: 'nasrin', changed: true })
    const size = await logSize()
    assert.deepEqual((await run(...person)).json() as unknown, { kind: 'person', code: 'nasrin', changed: false })
    assert.equal(await logSize(), size, 'what is so already is not written again')
    const dc = ['--post', 'dc', '--bn', 'জেলা প্রশাসক (নতুন)', '--also', 'ডিসি', '--also', 'DC']
    assert.equal((await run(...change, ...dc, 'no-json', '--lang', 'bn')).out.trim(), 'dc: বদলানো হলো।')
    assert.equal((await run(...change, '--office', 'rangpur', '--en', 'Office of the DC')).code, EXIT.ok)
    const { me, names } = await nasrin()
    assert.equal(me.person.name.en, 'Nasrin Sultana')
    const [held] = me.posts
    assert.deepEqual(
      [held!.name.title.bn, held!.name.office.en],
      ['জেলা প্রশাসক (নতুন)'.normalize('NFC'), 'Office of the DC'],
    )
    assert.deepEqual(names.find(({ id }) => id === held!.id)?.titleAlt, ['ডিসি', 'DC'])
    assert.equal((await run('change', '--profile-maker', at('salma'), ...dc)).json().error?.code, 'no_power')
  })

  await t.test('an office and a post are abolished once nobody is left in them, and may be restored', async () => {
    const change = ['change', '--profile-maker', at('rahim')]
    const refused = async (...words: string[]) => (await run(...change, ...words)).json().error
    for (const party of [
      ['--post', 'uno'],
      ['--post', 'room'],
      ['--office', 'rangpur'],
    ])
      assert.equal((await refused(...party, '--abolish'))?.code, 'still_in_use', party.join(' '))
    assert.match((await refused('--post', 'uno', '--abolish'))!.message, /“uno” is still there/)
    await run('transfer', ...profiles, '--person', 'nasrin', '--from', 'dc')
    assert.match((await refused('--post', 'dc', '--abolish'))!.message, /“uno” is still there/, 'it stands below')
    await run('transfer', ...profiles, '--person', 'arif', '--from', 'uno')
    for (const party of [
      ['--post', 'uno'],
      ['--post', 'dc'],
      ['--office', 'rangpur'],
    ])
      assert.deepEqual((await run(...change, ...party, '--abolish')).json().error, undefined, party.join(' '))
    const { names } = await nasrin()
    assert.deepEqual(names.map(({ title }) => title.en).sort(), ['checker', 'maker', 'room'])
    const again = await run('transfer', ...profiles, '--person', 'arif', '--to', 'uno')
    assert.equal(again.json().error?.code, 'not_found', 'nobody is given a post that is no more')
    assert.equal((await run(...change, '--post', 'dc', '--restore')).code, EXIT.ok)
  })
})

test('what an operator gets wrong is refused before anything is sent', async () => {
  const none = async (words: string[], code: string, exit: number = EXIT.refused) => {
    const said = await run(...words)
    assert.deepEqual([said.json().error?.code, said.code], [code, exit], words.join(' '))
  }
  writeFileSync(at('bad.key'), 'not a key')
  writeFileSync(at('broken.json'), '{')
  writeFileSync(
    at('one.json'),
    JSON.stringify({
      ...PLAN,
      people: [
        {
          ...person('rahim', 'maker'),
          posts: ['maker', 'checker', 'room'].map((post) => ({ post, charge: 'regular' })),
        },
      ],
    }),
  )
  writeFileSync(at('vacant.json'), JSON.stringify({ ...PLAN, people: [] }))
  writeFileSync(at('staffless.json'), JSON.stringify({ ...PLAN, posts: PLAN.posts.slice(0, 1), people: [] }))
  await none(['init', at('plan.json'), '--root-a', at('k'), '--root-b', at('k')], 'one_root_file')
  await none(['init', at('plan.json'), '--root-a', at('k')], 'missing_option', EXIT.usage)
  await none(['init', at('one.json'), ...roots], 'one_hand')
  await none(['init', at('vacant.json'), ...roots], 'vacant_staff_post')
  await none(['init', at('staffless.json'), ...roots], 'no_staff_post')
  await none(['init', at('plan.json'), ...roots, '--maker', 'nothing'], 'bad_value', EXIT.usage)
  await none(['import', at('broken.json'), ...profiles], 'bad_input')
  await none(['import', at('plan.json'), ...profiles, '--from', '2024-13-01'], 'bad_date', EXIT.usage)
  await none(['import', at('plan.json'), ...profiles, '--from', '২০২৪-১৩-০১'], 'bad_date', EXIT.usage)
  await none(['import', at('plan.json'), '--profile-maker', at('rahim')], 'missing_option', EXIT.usage)
  await none(
    ['import', at('plan.json'), '--profile-maker', at('nowhere'), '--profile-checker', at('salma')],
    'no_profile',
  )
  assert.ok(!existsSync(at('nowhere')), 'a profile asked for is not made')
  await none(['ticket', ...profiles], 'missing_option', EXIT.usage)
  await none(
    ['delegate', '--root-a', at('bad.key'), '--root-b', at('bad.key'), '--maker', 'a', '--checker', 'b'],
    'root_key_unreadable',
  )
})

test('without a server a command exits 3, and says so', async () => {
  const words = ['init', at('plan.json'), '--root-a', at('p'), '--root-b', at('q'), '--server', 'http://127.0.0.1:9']
  const { code, err } = await typed(words)
  assert.equal(code, EXIT.unreachable)
  assert.match(err, /does not answer/)
  assert.ok(!existsSync(at('p')), 'no key is made for a service that is not there')
  assert.equal((await typed(['init', at('plan.json'), ...roots, '--server', 'smarak'])).code, EXIT.usage)
})

/** A command with this server and `--json`; the word `no-json` leaves that out. */
function run(...words: string[]) {
  const asked = words.includes('no-json') ? [] : ['--json']
  return typed([...words.filter((word) => word !== 'no-json'), '--server', url, ...asked])
}

/** Joins as somebody would with `./smarak join`. */
async function join_(who: string, profile = who): Promise<void> {
  const store = await openFileStore(at(profile))
  try {
    await openDoor({ store, wire: openWire({ origin: url }), label: 'test' }).join(codes.get(who)!)
    await store.write([{ ...SERVER, value: url }])
  } finally {
    await store.close()
  }
}

/** What her device knows once it has asked. */
async function nasrin() {
  const store = await openFileStore(at('nasrin-new-phone'))
  try {
    const client = (await openDoor({ store, wire: openWire({ origin: url }), label: 'test' }).saved())!
    await client.sync()
    return { me: client.me, names: await client.names('as they are now') }
  } finally {
    await store.close()
  }
}

async function logSize(): Promise<number> {
  const note = await (await fetch(`${url}/checkpoint`)).text()
  return Number(note.split('\n')[1])
}

function post(code: string, role: string, office: string, supervisor?: string): Import['posts'][number] {
  return { code, role, bn: code, en: code, office, order: 1, mayIssue: true, ...(supervisor ? { supervisor } : {}) }
}

function person(code: string, post: string): Import['people'][number] {
  return { code, bn: code, en: code, posts: [{ post, charge: 'regular' }] }
}
