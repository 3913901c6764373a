import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openFileStore } from '../client/file-store.ts'
import { parseVerifierKey } from '../core/note.ts'
import { policyOf } from '../core/policy.ts'
import { verifyItemProof } from '../core/proof.ts'
import { serveDemonstration } from '../test/helpers/demonstration.ts'
import type { Served } from '../test/helpers/serve.ts'
import { EXIT } from './command.ts'
import { type Ran, typed } from './testing.ts'

const ORDER = join(import.meta.dirname, '..', 'test', 'fixtures', 'mopa-2024-10-22.txt')
const LAST_LINE = 'উপজেলা নির্বাহী অফিসার (সকল)'
const NOWHERE = 'http://127.0.0.1:9'

type Seen = { id: string; cancelled: { reason: string } | null; supersededBy: string | null }

const dir = mkdtempSync(join(tmpdir(), 'smarak-profile-'))
const at = (name: string) => join(dir, name)
/** The deputy secretary who signs the order, and a UNO to whom it goes. */
const [ds, uno] = [at('ds'), at('uno')]
let server: Served
let url: string
let people: { name: string; post: string; code: string }[]
let busy: Promise<Ran>
let busyStore: Awaited<ReturnType<typeof openFileStore>>

before(async () => {
  // What takes five seconds is done while the country is being made.
  busyStore = await openFileStore(at('busy'))
  writeFileSync(join(at('busy'), 'keys', 'device'), '')
  busy = typed(['inbox', '--profile', at('busy'), '--json'])
  server = await serveDemonstration(at('data'), 4)
  ;({ url, people } = server)
})
after(async () => {
  await busyStore.close()
  await server.stop()
  rmSync(dir, { recursive: true })
})

test('an order goes out, is acknowledged, answered, tracked and proven, all by commands', async (t) => {
  let id: string
  let index: number

  await t.test('a code makes a directory the device of its person; a wrong one makes none', async () => {
    const wrong = await run('join', '--server', url, '--code', 'AAAA-BBBB-CCCC-DDDD-EEEE', '--profile', uno)
    assert.deepEqual(refusal(wrong), ['ticket_wrong', EXIT.refused])
    assert.deepEqual(refusal(await run('inbox', '--profile', uno)), ['no_profile', EXIT.refused])
    const away = await run('join', '--server', NOWHERE, '--code', codeOf('উপজেলা নির্বাহী'), '--profile', uno)
    assert.deepEqual(refusal(away), ['offline', EXIT.unreachable])

    const joined = await done('join', '--server', url, '--code', codeOf('উপজেলা নির্বাহী'), '--profile', uno)
    assert.deepEqual(
      joined.posts.map(({ code }: { code: string }) => code),
      ['uno-558573'],
    )
    const again = ['join', '--server', url, '--code', codeOf('উপজেলা নির্বাহী'), '--profile']
    assert.deepEqual(refusal(await run(...again, at('other'))), ['ticket_used', EXIT.refused])
    assert.deepEqual(refusal(await run(...again, uno)), ['profile_taken', EXIT.refused])
    await done('join', '--server', url, '--code', codeOf('উপসচিব'), '--profile', ds)
  })

  await t.test('a line that means nobody known keeps a letter from being issued, and is named', async () => {
    writeFileSync(at('typo.txt'), readFileSync(ORDER, 'utf8').replace(LAST_LINE, 'গ্রহ কমিশনার (সকল)'))
    const refused = await run('issue', '--profile', ds, '--letter', at('typo.txt'))
    assert.deepEqual(refusal(refused), ['unresolved_line', EXIT.refused])
    assert.match(refused.json().error!.message, /1 line[\s\S]*\n {2}১৮\) গ্রহ কমিশনার \(সকল\)/)
    assert.deepEqual((await done('inbox', '--profile', ds)).directives, [], 'nothing was issued')
    const letter = ['issue', '--profile', ds, '--letter', ORDER]
    assert.deepEqual(refusal(await run(...letter, '--clause', 'ঝ')), ['no_such_clause', EXIT.refused])
    assert.deepEqual(refusal(await run(...letter, '--paper', '19')), ['no_such_line', EXIT.refused])
    assert.deepEqual(refusal(await run(...letter, '--post', 'dc-5585')), ['post_not_held', EXIT.refused])
    assert.deepEqual(refusal(await run(...letter, '--due', '2026-02-30')), ['bad_date', EXIT.usage])
    assert.deepEqual(refusal(await run(...letter, '--server', NOWHERE)), ['offline', EXIT.unreachable])
  })

  await t.test('the order reaches 625 posts, from the charge under which it is signed', async () => {
    const issued = await done('issue', '--profile', ds, '--letter', ORDER, '--due', '2099-10-31', '--clause', 'গ:once')
    assert.equal(issued.addressees, 625)
    ;({ id, index } = issued)
    const [row] = (await done('inbox', '--profile', ds, '--post', 'mopa-ds-internal-admin')).directives
    assert.deepEqual([row.id, row.role, row.post], [id, 'issuing', 'mopa-ds-internal-admin'])
  })

  await t.test(
    'who joins only now finds it waiting, and reads it once a device above has wrapped it to him',
    async () => {
      const dc = at('dc')
      await done('join', '--server', url, '--code', codeOf('জেলা প্রশাসক'), '--profile', dc)
      const [row] = (await done('inbox', '--profile', dc)).directives
      assert.deepEqual([row.id, row.role], [id, 'addressed'])
      for (let tries = 0; tries < 30; tries++) {
        const shown = await run('show', id, '--profile', dc)
        if (shown.code === EXIT.ok) return
        assert.deepEqual(refusal(shown), ['cannot_open', EXIT.refused])
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      assert.fail('nobody wrapped it to him')
    },
  )

  await t.test('the UNO finds it, reads it, acknowledges and answers clause গ', async () => {
    const [row] = (await done('inbox', '--profile', uno)).directives
    assert.deepEqual([row.id, row.role, row.memo], [id, 'addressed', '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭'])
    assert.deepEqual(
      row.owed.map(({ label, ask }: Record<string, string>) => [label, ask]),
      [
        ['', 'acknowledge'],
        ['গ', 'once'],
      ],
    )
    const shown = await done('show', id, '--profile', uno)
    const clause = shown.parts.find(({ label }: { label: string }) => label === 'clause:গ')
    assert.match(clause.value, /হোয়াটসঅ্যাপ মেসেজ পরীক্ষা/)
    const words = await typed(['show', id, '--profile', uno])
    assert.match(words.out, /Subject: তথ্য ও যোগাযোগ[\s\S]*১৮\) উপজেলা নির্বাহী অফিসার/)

    const acknowledged = await done('ack', id, '--profile', uno)
    assert.ok(acknowledged.index > index)
    assert.deepEqual(refusal(await run('ack', id, '--profile', uno)), ['already_done', EXIT.refused])
    const answer = ['answer', id, '--profile', uno, '--state']
    for (const [words, code] of [
      [['impossible'], 'missing_option'],
      [['notours', '--note', ' '], 'missing_option'],
      [['progress'], 'missing_option'],
      [['progress', '--until', '2024-01-01'], 'past_date'],
    ] as const) {
      assert.deepEqual(refusal(await run(...answer, ...words)), [code, EXIT.usage], words.join(' '))
    }
    assert.deepEqual(refusal(await run(...answer, 'kept', '--clause', 'গ')), ['unfit_state', EXIT.refused])
    assert.deepEqual(refusal(await run(...answer, 'done', '--clause', 'ঝ')), ['no_such_clause', EXIT.refused])
    assert.deepEqual(refusal(await run(...answer, 'finished')), ['bad_value', EXIT.usage])
    const value = [...answer, 'done', '--clause', 'গ', '--value', 'n=৫']
    assert.deepEqual(refusal(await run(...value)), ['no_such_field', EXIT.refused])
    const nofile = [...answer, 'done', '--clause', 'গ', '--file', at('none.jpg')]
    assert.deepEqual(refusal(await run(...nofile)), ['file_missing', EXIT.refused])
    writeFileSync(at('film.mp4'), new Uint8Array(17_000_000))
    const film = await run(...answer, 'done', '--clause', 'গ', '--file', at('film.mp4'))
    assert.deepEqual(refusal(film), ['file_too_large', EXIT.refused])
    assert.match(film.json().error!.message, /film\.mp4 is larger than 16\.\d MB/)
    writeFileSync(at('ছাদ.jpg'), new Uint8Array(70_000))
    const said = ['--clause', 'গ', '--note', 'দিনে তিনবার দেখা হয়', '--file', at('ছাদ.jpg')]
    const answered = await done(...answer, 'done', ...said)
    assert.deepEqual([answered.clauses, answered.state, answered.files], [['গ'], 'done', 1])
    assert.deepEqual((await done('inbox', '--profile', uno)).directives[0].owed, [])
  })

  await t.test('the deputy secretary sees how far it came, and reads the answer', async () => {
    const told = await done('track', id, '--profile', ds)
    assert.equal(told.addressees, 625)
    assert.equal(told.vacant, 14)
    for (const count of ['delivered', 'opened', 'acknowledged', 'answered']) assert.ok(told[count] >= 1, count)
    const clause = told.byClause.find(({ label }: { label: string }) => label === 'গ')
    assert.deepEqual([clause.ask, clause.states.done >= 1], ['once', true])
    const { thread } = await done('show', id, '--profile', ds, '--of', 'uno-558573')
    assert.deepEqual(
      thread.map(({ state, note }: Record<string, string>) => [state, note]),
      [['done', 'দিনে তিনবার দেখা হয়']],
    )
    const [file] = thread[0].files
    assert.deepEqual([file.name, file.type, file.size], ['ছাদ.jpg', 'image/jpeg', 70_000])
    assert.deepEqual(refusal(await run('track', id, '--profile', uno)), ['not_found', EXIT.refused])
    assert.match((await typed(['track', id, '--profile', ds], { lang: 'bn' })).out, /প্রাপক পদ: ৬২৫/)
  })

  await t.test('its place in the log is proven here, and to an outsider who has only two files', async () => {
    const files = ['--out', at('order.tlog-proof'), '--item', at('order.item')]
    const proof = await done('log', 'prove', id, '--profile', ds, ...files)
    assert.deepEqual([proof.index, proof.verified], [index, true])
    const policy = policyOf(parseVerifierKey(proof.log))
    const [tlogProof, item] = [readFileSync(at('order.tlog-proof')), new Uint8Array(readFileSync(at('order.item')))]
    assert.equal((await verifyItemProof(tlogProof, item, policy)).index, index)
    item[item.length - 1]! ^= 1
    await assert.rejects(verifyItemProof(tlogProof, item, policy), { code: 'bad_proof' })
    assert.equal((await done('log', 'prove', id, '--profile', uno)).leafHash, proof.leafHash)
    const lost = await run('log', 'prove', id, '--profile', ds, '--out', join(at('order.item'), 'x'))
    assert.deepEqual(refusal(lost), ['file_unwritable', EXIT.refused])
  })

  await t.test('the DC passes it on to his UNOs, and directs and advises them', async () => {
    const dc = at('dc')
    const words = ['--profile', dc, '--text', 'তিন দিনে প্রতিবেদন দিন']
    const late = await run('pass-on', id, ...words, '--to', 'uno', '--due', '2099-11-30')
    assert.deepEqual(refusal(late), ['due_after_parent', EXIT.refused])
    const above = await run('pass-on', id, ...words, '--to', 'mopa-ds-internal-admin')
    assert.deepEqual(refusal(above), ['not_subordinate', EXIT.refused])
    const nobodys = await run('pass-on', id, ...words, '--to', 'uno-558573', '--to', 'nobody')
    assert.deepEqual(refusal(nobodys), ['no_such_addressee', EXIT.refused])
    assert.match(nobodys.json().error!.message, /the roles are: [^.]*\buno\b/)
    const ofRole = await run('direct', ...words, '--to', 'record-room')
    assert.deepEqual(refusal(ofRole), ['not_subordinate', EXIT.refused])
    const past = await run('pass-on', id, ...words, '--to', 'uno-558573', '--due', '2024-10-20')
    assert.deepEqual(refusal(past), ['due_past', EXIT.refused])
    const passed = await done('pass-on', id, ...words, '--to', 'uno-558573', '--due', '২০৯৯-১০-২০')
    assert.deepEqual([passed.addressees, passed.parent], [1, id])
    const [came] = (await done('inbox', '--profile', uno)).directives
    assert.deepEqual([came.id, came.role], [passed.id, 'addressed'])

    const short = await done('direct', '--profile', dc, '--to', 'uno-558573', '--text', 'আজ বিকালে ফোন দিন')
    const advice = await done('direct', '--profile', dc, '--to', 'uno-558573', '--text', 'নৌকা তৈরি রাখুন', '--advice')
    const { directives } = await done('inbox', '--profile', uno)
    const owed = (wanted: string) => directives.find((row: { id: string }) => row.id === wanted).owed.length
    assert.deepEqual([owed(short.id), owed(advice.id)], [1, 0])
    const hurried = ['--to', 'uno-558573', '--text', 'নৌকা', '--advice', '--due', '2099-10-20']
    assert.deepEqual(refusal(await run('direct', '--profile', dc, ...hurried)), ['advice_due', EXIT.usage])
    assert.deepEqual(refusal(await run('withdraw', short.id, '--profile', dc, '--reason', ' ')), [
      'missing_value',
      EXIT.usage,
    ])
    const nobody = await run('direct', '--profile', uno, '--text', 'কেউ নেই')
    assert.deepEqual(refusal(nobody), ['no_addressee', EXIT.refused])
    await done('withdraw', short.id, '--profile', dc, '--reason', 'দরকার নেই')
    const withdrawn = (await done('inbox', '--profile', uno)).directives.find((row: Seen) => row.id === short.id)
    assert.equal(withdrawn.cancelled.reason, 'দরকার নেই')
    const again = await run('withdraw', short.id, '--profile', dc, '--reason', 'অন্য কারণ')
    assert.deepEqual(refusal(again), ['already_done', EXIT.refused])
    for (const late of [
      ['amend', short.id, '--profile', dc, '--due', '2099-10-20', '--reason', 'বন্যা'],
      ['remind', short.id, '--profile', dc, '--text', 'উত্তর দিন'],
      ['pass-on', short.id, '--profile', uno, '--text', 'দেখুন'],
    ] as const) {
      assert.deepEqual(refusal(await run(...late)), ['directive_ended', EXIT.refused], late[0])
    }
  })

  await t.test('a clause is amended, time extended and whoever owes reminded, once a day', async () => {
    const reason = ['--profile', ds, '--reason', 'বন্যার কারণে']
    const early = await run('amend', id, ...reason, '--due', '2099-10-01')
    assert.deepEqual(refusal(early), ['not_later', EXIT.refused])
    assert.deepEqual(refusal(await run('amend', id, ...reason)), ['missing_option', EXIT.usage])
    const gone = await run('amend', id, ...reason, '--due', '2024-10-20')
    assert.deepEqual(refusal(gone), ['past_date', EXIT.usage])
    const nowhere = await run('amend', id, ...reason, '--clause', 'ঝ', '--text', 'নেই')
    assert.deepEqual(refusal(nowhere), ['no_such_clause', EXIT.refused])
    assert.deepEqual(refusal(await run('report', id, '--profile', ds, '--out', 'a.doc')), ['bad_report', EXIT.usage])
    const both = ['--clause', 'গ', '--text', 'দিনে চারবার দেখুন', '--due', '2099-11-15']
    const { changes } = await done('amend', id, ...reason, ...both)
    assert.deepEqual(
      changes.map(({ what }: { what: string }) => what),
      ['amend', 'extend'],
    )
    const strangers = ['--to', 'uno-558573', '--to', 'mopa-hr-maker', '--to', 'no-such-post']
    const astray = await run('remind', id, '--profile', ds, '--text', 'উত্তর দিন', ...strangers)
    assert.deepEqual(refusal(astray), ['not_addressed', EXIT.refused])
    assert.match(astray.json().error!.message, /mopa-hr-maker, no-such-post[^,]*Nobody was reminded/)
    const { reminded } = await done('remind', id, '--profile', ds, '--text', 'উত্তর দিন')
    assert.ok(reminded > 500, `${reminded} owe something`)
    assert.deepEqual((await done('reach', '--profile', ds)).posts, [], 'nobody has waited for a day')
    const [pdf, csv] = [at('report.pdf'), at('report.csv')]
    assert.ok((await done('report', id, '--profile', ds, '--out', pdf)).rows === 625)
    assert.equal(readFileSync(pdf).subarray(0, 5).toString(), '%PDF-')
    await done('report', id, '--profile', ds, '--out', csv)
    assert.match(readFileSync(csv, 'utf8'), /,Rangpur,/)
    assert.deepEqual(refusal(await run('remind', id, '--profile', ds, '--text', 'আবার')), [
      'reminded_today',
      EXIT.refused,
    ])
  })

  await t.test('what is said without a connection is kept, and the next command sends it', async () => {
    const answer = [
      'answer',
      id,
      '--profile',
      uno,
      '--clause',
      'গ',
      '--state',
      'progress',
      '--until',
      '2099-01-01',
      '--note',
      'পথে',
    ]
    assert.deepEqual(refusal(await run(...answer, '--server', NOWHERE)), ['kept_in_outbox', EXIT.unreachable])
    const away = await run('inbox', '--profile', uno, '--server', NOWHERE)
    assert.equal(away.code, EXIT.ok, 'what is known is shown all the same')
    const { online, directives } = JSON.parse(away.out)
    const { queued } = directives.find((row: Seen) => row.id === id)
    assert.deepEqual([online, queued], [false, 1])
    const next = await run('outbox', '--profile', uno)
    assert.match(next.err, /1 act kept earlier went out/)
    assert.deepEqual(next.json().outbox, [])
    assert.deepEqual(await notes(), ['দিনে তিনবার দেখা হয়', 'পথে'])
  })

  await t.test('and what was sent, but whose answer was lost, is there once', async (t) => {
    const proxy = await losingAnswers()
    t.after(() => {
      proxy.closeAllConnections()
      proxy.close()
    })
    const answer = ['answer', id, '--profile', uno, '--clause', 'গ', '--state', 'done', '--note', 'পৌঁছেছে']
    const lost = await run(...answer, '--server', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
    assert.deepEqual(refusal(lost), ['kept_in_outbox', EXIT.unreachable])
    assert.deepEqual(await notes(), ['দিনে তিনবার দেখা হয়', 'পথে', 'পৌঁছেছে'], 'it stands there already')
    const next = await run('inbox', '--profile', uno)
    assert.match(next.err, /1 act kept earlier went out/)
    assert.deepEqual(await notes(), ['দিনে তিনবার দেখা হয়', 'পথে', 'পৌঁছেছে'])
  })

  await t.test('a letter in its stead, and that one called back: everybody who has them sees so', async () => {
    const stead = ['supersede', id, '--profile', ds, '--letter', ORDER, '--paper', '10', '--reason', 'তারিখ ভুল']
    const next = await done(...stead)
    assert.equal(next.addressees, 617, 'the eight of line 10 get it on paper')
    assert.equal(next.supersedes, id)
    const late = await run('answer', id, '--profile', uno, '--clause', 'গ', '--state', 'done')
    assert.deepEqual(refusal(late), ['directive_ended', EXIT.refused])
    for (const words of [
      ['supersede', id, '--letter', ORDER],
      ['cancel', id, '--reason', 'ভুল'],
    ] as const) {
      assert.deepEqual(refusal(await run(...words, '--profile', ds)), ['directive_ended', EXIT.refused], words[0])
    }
    const cancelled = await done('cancel', next.id, '--profile', ds, '--reason', 'আবার আসবে')
    assert.ok(cancelled.index > next.index)
    const foreign = await run('cancel', id, '--profile', uno, '--reason', 'না')
    assert.equal(foreign.code, EXIT.refused)
    const { directives } = await done('inbox', '--profile', uno)
    assert.deepEqual(
      directives
        .filter((row: Seen) => [id, next.id].includes(row.id))
        .map(({ id, cancelled, supersededBy }: Seen) => [id, cancelled?.reason, supersededBy]),
      [
        [next.id, 'আবার আসবে', null],
        [id, undefined, next.id],
      ],
    )
    assert.deepEqual((await done('outbox', '--profile', ds)).outbox, [], 'nothing of it waits')
  })

  await t.test('an id nobody knows is not found, also one that looks like an option', async () => {
    const wrong: [string, ...string[]][] = [
      ['show', 'aaaaaaaaaaaaaaaaaaaaaa'],
      ['ack', '-aaaaaaaaaaaaaaaaaaaaa'],
      ['answer', '--aaaaaaaaaaaaaaaaaaaa', '--state', 'done'],
      ['cancel', '--reason', '-', '-aaaaaaaaaaaaaaaaaaaaa'],
      ['track', 'aaaaaaaaaaaaaaaaaaaaaa'],
      ['log', 'prove', '-aaaaaaaaaaaaaaaaaaaaa'],
    ]
    for (const words of wrong) {
      assert.deepEqual(refusal(await run(...words, '--profile', ds)), ['not_found', EXIT.refused], words[0])
    }
  })

  async function notes(): Promise<string[]> {
    const { thread } = await done('show', id, '--profile', ds, '--of', 'uno-558573')
    return thread.map(({ note }: { note: string }) => note)
  }
})

test('a profile that another command uses is left alone', async () => {
  assert.deepEqual(refusal(await busy), ['profile_busy', EXIT.refused])
})

/** A command with `--json`. */
function run(...words: string[]): Promise<Ran> {
  return typed([...words, '--json'])
}

/** The same, which must succeed: what it says. */
// biome-ignore lint/suspicious/noExplicitAny: each command says something else
async function done(...words: string[]): Promise<any> {
  const { code, out, err } = await run(...words)
  assert.equal(code, EXIT.ok, `${words.join(' ')}: ${out}${err}`)
  return JSON.parse(out)
}

function refusal({ code, json }: Ran): [string | undefined, number] {
  return [json().error?.code, code]
}

function codeOf(post: string): string {
  return people.find((one) => one.post.startsWith(post))!.code
}

/** Hands everything on to the server, and drops its answer to whatever was to be placed. */
async function losingAnswers(): Promise<Server> {
  const proxy = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const { method, url: path, headers } = request
    const { 'content-type': type, authorization } = headers
    const reply = await fetch(url + path, {
      method: method!,
      headers: { ...(type && { 'content-type': type }), ...(authorization && { authorization }) },
      ...(method === 'POST' && { body }),
    })
    const bytes = Buffer.from(await reply.arrayBuffer())
    if (path === '/items') request.socket.destroy()
    else response.writeHead(reply.status).end(bytes)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return proxy
}
