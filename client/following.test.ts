import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter, official, settledWorld } from './testing/officials.ts'

const nothing = () => {}
const DUE = 1_900_000_000_000

test('a letter passed on travels as it was signed, and its signature is checked', async () => {
  const world = await settledWorld()
  const [ds, dc] = [await official(world, 'secretary'), await official(world, 'commissioner')]
  const uno = await official(world, 'first')
  const mine = world.id('post', 'dc')
  const { id } = await ds.issue(
    letter(world, { lines: [{ n: 1, purpose: 0, selectors: [[2, mine]] }], due: DUE }),
    nothing,
  )
  await dc.sync()
  await uno.sync()
  assert.equal(uno.rows.length, 0, 'it did not come to him')
  const passed = await dc.issue(
    letter(world, {
      post: mine,
      parent: id,
      summary: { memo: '', subject: 'তিন দিনে প্রতিবেদন দিন', date: '2024-10-23', issuer: 'dc' },
      parts: [{ label: 'paragraph:', value: 'সংযুক্ত পত্র অনুযায়ী ব্যবস্থা নিন' }],
      due: DUE - 1000,
    }),
    nothing,
  )
  await uno.sync()
  const [row] = uno.rows
  assert.equal(row?.parent, id)
  assert.equal(row?.issuer.id, mine)
  const detail = await uno.open(passed.id, world.id('post', 'uno1'))
  assert.equal(detail.enclosed?.checked, true)
  assert.equal(detail.enclosed?.id, id)
  assert.equal(detail.enclosed?.parts.find(({ label }) => label === 'subject')?.value, 'নির্দেশনা প্রতিপালন')
  assert.equal(detail.enclosed?.parts.at(-1)?.value, 'যত্নবান হতে হবে')
  await dc.sync()
  assert.deepEqual(dc.rows.find((one) => one.id === id)?.passedOn, [passed.id])
})

test('a short directive needs no power to issue, and is answered with one word', async () => {
  const world = await settledWorld()
  const [dc, uno] = [await official(world, 'commissioner'), await official(world, 'first')]
  const draft = letter(world, {
    post: world.id('post', 'dc'),
    form: 'short',
    parts: [{ label: 'paragraph:', value: 'আজ বিকালের মধ্যে আশ্রয়কেন্দ্রের তালিকা দিন' }],
    clauses: [{ label: '', ask: 'once' }],
  })
  const { id } = await dc.issue(draft, nothing)
  await uno.sync()
  assert.equal(uno.rows[0]?.form, 'short')
  const post = world.id('post', 'uno1')
  await uno.answer({ directive: id, post, clauses: [''], state: 'problem', until: null, note: 'বিদ্যুৎ নেই' })
  await uno.sync()
  assert.equal(uno.rows[0]?.owed.length, 1, 'a problem still owes an answer')
  await uno.answer({ directive: id, post, clauses: [''], state: 'done', until: null, note: '' })
  await uno.sync()
  assert.equal(uno.rows[0]?.progress, 'answered')
  assert.equal((await dc.thread(id, post))[0]?.state, 'problem')
})

test('a demi-official letter goes to the person, who acknowledges it as himself', async () => {
  const world = await settledWorld()
  const [ds, uno] = [await official(world, 'secretary'), await official(world, 'first')]
  const person = uno.me.person.id
  const draft = letter(world, { form: 'do', lines: [{ n: 1, purpose: 0, selectors: [[3, person]] }] })
  const { id } = await ds.issue(draft, nothing)
  await uno.sync()
  const [row] = uno.rows
  assert.equal(row?.post, person)
  assert.equal(row?.role, 'addressed')
  assert.equal((await uno.open(id, person)).parts?.at(-1)?.value, 'যত্নবান হতে হবে')
  await uno.shown(id, person)
  await uno.acknowledge(id, person)
  await uno.answer({ directive: id, post: person, clauses: ['ক'], state: 'done', until: null, note: 'জানলাম' })
  await uno.sync()
  assert.equal(uno.rows[0]?.progress, 'answered')
  assert.deepEqual(uno.outbox, [])
  assert.equal((await ds.thread(id, person))[0]?.note, 'জানলাম')
})

test('a draft is approved, issued from, amended and given more time, and everybody sees it', async () => {
  const world = await settledWorld()
  const [ds, keeper] = [await official(world, 'secretary'), await official(world, 'keeper', { replacing: true })]
  const uno = await official(world, 'first')
  const [room, post] = [world.id('post', 'room'), world.id('post', 'uno1')]
  await ds.following.layBefore(letter(world, { due: DUE }), [room])
  await ds.sync()
  await keeper.sync()
  const [laid] = keeper.following.drafts
  assert.equal(laid?.subject, 'নির্দেশনা প্রতিপালন')
  assert.equal(laid?.mineToDo, true)
  const seen = await keeper.following.openDraft(laid!.id)
  assert.deepEqual([seen.parts[0]?.value, seen.due, seen.lines.length], ['যত্নবান হতে হবে', DUE, 1])
  await keeper.following.approve(laid!.id, true, 'ঠিক আছে')
  await keeper.sync()
  await ds.sync()
  const [approved] = ds.following.drafts
  assert.equal(approved?.approved, true)
  assert.equal(approved?.mineToDo, true)
  assert.equal(approved?.approvers[0]?.reason, 'ঠিক আছে')
  const from = { id: approved!.id, approvers: [room] }
  const { id } = await ds.issue({ ...(await ds.following.openDraft(approved!.id)), from }, nothing)
  await ds.sync()
  assert.equal(ds.following.drafts[0]?.directive, id)

  await ds.following.amend(id, 'তারিখ ভুল ছিল', [{ label: 'clause:ক', value: 'আরও যত্নবান হতে হবে' }])
  await ds.sync()
  await ds.following.extend(id, DUE + 1000, 'বন্যার কারণে')
  await ds.sync()
  await ds.following.remind(id, [post], 'জরুরি ভিত্তিতে জানান')
  await ds.sync()
  assert.deepEqual(ds.outbox, [])
  await uno.sync()
  const row = uno.rows.find((one) => one.id === id)!
  assert.equal(row.due, DUE + 1000)
  assert.deepEqual(
    row.changes.map(({ kind, reason }) => [kind, reason]),
    [
      ['amend', 'তারিখ ভুল ছিল'],
      ['extend', 'বন্যার কারণে'],
      ['remind', 'জরুরি ভিত্তিতে জানান'],
    ],
  )
  const [amended] = row.changes
  assert.deepEqual(amended?.kind === 'amend' && amended.parts, [{ label: 'clause:ক', value: 'আরও যত্নবান হতে হবে' }])
  await keeper.sync()
  assert.equal(
    keeper.rows.some((one) => one.id === id),
    true,
    'who approved reads what was issued',
  )
  assert.deepEqual(await keeper.following.differsFromApproved(laid!.id), [])
})

test('a drafter who issues other words than were approved is found out by who approved them', async () => {
  const world = await settledWorld()
  const [ds, keeper] = [await official(world, 'secretary'), await official(world, 'keeper', { replacing: true })]
  const room = world.id('post', 'room')
  await ds.following.layBefore(letter(world, { due: DUE }), [room])
  await ds.sync()
  await keeper.sync()
  const [laid] = keeper.following.drafts
  await keeper.following.approve(laid!.id, true, '')
  await keeper.sync()
  await ds.sync()
  const approved = await ds.following.openDraft(laid!.id)
  const other = {
    ...approved,
    parts: approved.parts.map((part) => (part.label === 'clause:ক' ? { ...part, value: 'অন্য কথা' } : part)),
    lines: [{ n: 1, purpose: 0 as const, selectors: [[2, world.id('post', 'dc')]] }],
    due: DUE - 1000,
    from: { id: laid!.id, approvers: [room] },
  }
  await ds.issue(other, nothing)
  await keeper.sync()
  assert.deepEqual(await keeper.following.differsFromApproved(laid!.id), ['text', 'addressees', 'duties'])
})

test('a returned draft says why, and another takes its place', async () => {
  const world = await settledWorld()
  const [ds, keeper] = [await official(world, 'secretary'), await official(world, 'keeper', { replacing: true })]
  const room = world.id('post', 'room')
  await ds.following.layBefore(letter(world), [room])
  await ds.sync()
  await keeper.sync()
  await keeper.following.approve(keeper.following.drafts[0]!.id, false, 'বিষয় স্পষ্ট করুন')
  await keeper.sync()
  await ds.sync()
  const [returned] = ds.following.drafts
  assert.equal(returned?.returned, true)
  assert.equal(returned?.approvers[0]?.reason, 'বিষয় স্পষ্ট করুন')
  await ds.following.layBefore(letter(world), [room], returned!.id)
  await ds.sync()
  assert.equal(ds.following.drafts.length, 1)
  assert.equal(ds.following.drafts[0]?.returned, false)
})

test('laid anew before others, a draft is gone from the list of who was to approve it', async () => {
  const world = await settledWorld()
  const [ds, dc] = [await official(world, 'secretary'), await official(world, 'commissioner')]
  await official(world, 'keeper', { replacing: true })
  const [room, district] = [world.id('post', 'room'), world.id('post', 'dc')]
  await ds.following.layBefore(letter(world), [district])
  await ds.sync()
  await dc.sync()
  const [laid] = dc.following.drafts
  assert.equal(laid?.mineToDo, true)
  await ds.following.layBefore(letter(world), [room], laid!.id)
  await ds.sync()
  await dc.sync()
  assert.deepEqual(dc.following.drafts, [], 'neither the old one nor the one that is not for him')
  assert.equal(ds.following.drafts.length, 1)
})

test('an absence is declared by the holder, or by the one above for him', async () => {
  const world = await settledWorld()
  const [dc, uno] = [await official(world, 'commissioner'), await official(world, 'first')]
  const absence = { post: world.id('post', 'uno1'), reason: 'flood' as const, from: 1, to: null, cover: null }
  await uno.following.declareAbsent(absence)
  assert.equal(uno.following.absences[0]?.reason, 'flood', 'it shows while it waits')
  await dc.following.declareAbsent({ ...absence, reason: 'leave' })
  for (const client of [uno, dc]) {
    await client.sync()
    assert.deepEqual(client.outbox, [])
  }
  await uno.sync()
  assert.deepEqual(
    uno.following.absences.map(({ post, reason, to }) => [post, reason, to]),
    [[absence.post, 'leave', null]],
    'the newest stands, whoever of the two declared it',
  )
})

test('how an office works is said by its head, once for all its people', async () => {
  const world = await settledWorld()
  const [dc, uno] = [await official(world, 'commissioner'), await official(world, 'first')]
  const said = { hours: null, holidays: null, reminders: null, routes: null, quiet: null }
  const post = world.id('post', 'dc')
  const office = dc.device.proven.directory.post(post)!.office
  await dc.following.sayPractice({ ...said, office, checks: [600] }, post)
  await dc.sync()
  assert.deepEqual(dc.outbox, [])
  assert.ok(world.log.rows.some(({ item }) => item.header.kind === 'practice'))
  await assert.rejects(uno.following.sayPractice({ ...said, office, checks: [600] }, post), { code: 'not_allowed' })
  const own = world.id('post', 'uno1')
  await uno.following.sayPractice({ ...said, office, checks: [600] }, own)
  await uno.sync()
  assert.equal(uno.outbox[0]?.code, 'not_allowed', 'the log refuses who is not its head')
})

test('a remark of the issuer asks the addressee something, until he has said a word', async () => {
  const world = await settledWorld()
  const [ds, uno] = [await official(world, 'secretary'), await official(world, 'first')]
  const { id } = await ds.issue(letter(world), nothing)
  await uno.sync()
  const post = world.id('post', 'uno1')
  const remark = { directive: id, post, clauses: [], state: 'progress' as const, until: null }
  await uno.answer({ ...remark, note: 'কোন মাসের হিসাব?' })
  await uno.sync()
  assert.equal(uno.rows[0]?.asked, undefined, 'his own question asks nothing of him')
  await ds.answer({ ...remark, note: 'অক্টোবরের। হিসাবটি কি হয়েছে?' })
  await ds.sync()
  await uno.sync()
  assert.ok(uno.rows[0]?.asked)
  assert.deepEqual(
    (await uno.open(id, post)).thread.map(({ note }) => note),
    ['কোন মাসের হিসাব?', 'অক্টোবরের। হিসাবটি কি হয়েছে?'],
  )
  await uno.answer({ ...remark, note: 'হয়েছে' })
  assert.equal(uno.rows[0]?.asked, undefined)
})
