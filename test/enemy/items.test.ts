import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { SmarakClient } from '../../client/client.ts'
import { type Bytes, concat, fromBase64url, randomBytes } from '../../core/bytes.ts'
import { type Cbor, decode, encode } from '../../core/cbor.ts'
import { sign1 } from '../../core/cose.ts'
import { type Envelope, readCose, writeEnvelope, writeHeader } from '../../core/item.ts'
import { directiveFields } from '../../features/directives/entries.ts'
import { townLetter } from '../helpers/town.ts'
import { codeOf, type Enemy, openEnemy, postBytes, refused, revocation, send } from './service.ts'

describe('what an enemy posts as items', () => {
  let enemy: Enemy
  let ds: SmarakClient
  let uno: SmarakClient
  let directive: string
  const post = (code: string) => enemy.id('post', code)

  before(async () => {
    enemy = await openEnemy()
    ds = await enemy.official('ds')
    uno = await enemy.official('uno1')
    directive = (await ds.issue(townLetter(enemy), () => {})).id
    await uno.sync()
  })
  after(() => enemy.close())

  const opened = () => uno.device.acts.receipt(directive, post('uno1'), 'opened')
  const remark = (note: string) =>
    uno.device.acts.answer(directive, post('ds'), {
      post: post('uno1'),
      clauses: [],
      state: 'progress',
      until: null,
      note,
    })

  test('bytes that are no list of items are refused as a whole', async () => {
    const good = encode([decode(writeEnvelope(await opened()))])
    const bad: Record<string, Bytes> = {
      nothing: new Uint8Array(0),
      noise: randomBytes(500),
      text: new TextEncoder().encode('[{"kind":"directive"}]'),
      'no list': encode(new Map([[1, 2]])),
      'an empty list': encode([]),
      'cut short': good.slice(0, -1),
      'something after it': concat(good, Uint8Array.of(0)),
      'a length in its long form': concat(Uint8Array.of(0x98, 1), good.subarray(1)),
      'a list without an end': concat(Uint8Array.of(0x9f), good.subarray(1), Uint8Array.of(0xff)),
      '20,000 lists in each other': new Uint8Array(20_000).fill(0x81),
    }
    for (const [what, bytes] of Object.entries(bad)) {
      const response = await postBytes(enemy, bytes)
      assert.deepEqual([response.status, await codeOf(response)], [400, 'bad_bytes'], what)
    }
  })

  test('an item of another shape is refused by itself, and its neighbours are placed', async () => {
    const [cose, body, wraps] = decode(writeEnvelope(await remark('এক'))) as [Bytes, Cbor[], Cbor[]]
    const bad: Cbor[] = [
      'text',
      [],
      [cose, body],
      [cose, body, wraps, 1],
      [cose, [...body, randomBytes(9)], wraps],
      [cose, body, wraps.slice(1)],
      [cose.slice(1), body, wraps],
    ]
    const good = await opened()
    const answers = await send(enemy, ...bad.map((value) => encode(value)), writeEnvelope(good))
    assert.deepEqual(
      answers.slice(0, -1).map((answer) => 'code' in answer && answer.code),
      bad.map(() => 'bad_bytes'),
    )
    assert.ok('index' in answers.at(-1)!)
  })

  test('a header in another than the one form is refused though its signature fits', async () => {
    const { header } = readCose((await opened()).cose)
    const { keys } = uno.device
    const canonical = writeHeader({ ...header, id: randomBytes(16) })
    assert.deepEqual(canonical.subarray(0, 3), Uint8Array.of(0xa0 | (canonical[0]! & 31), 1, 1))
    const bent: Record<string, Bytes> = {
      'version 1 as two bytes': concat(canonical.subarray(0, 2), Uint8Array.of(0x18, 1), canonical.subarray(3)),
      'a key twice': concat(Uint8Array.of(canonical[0]! + 1, 1, 1), canonical.subarray(1)),
      'a key nobody knows': concat(Uint8Array.of(canonical[0]! + 1), canonical.subarray(1), Uint8Array.of(0x18, 99, 1)),
      'a tag before it': concat(Uint8Array.of(0xc1), canonical),
    }
    for (const [what, payload] of Object.entries(bent)) {
      const envelope: Envelope = { cose: await sign1(payload, keys.sign), body: [], wraps: [] }
      assert.equal(await refused(enemy, envelope), 'bad_bytes', what)
    }
  })

  test('what is reserved for spaces means nothing yet, and is not placed to mean something later', async () => {
    const { header } = readCose((await opened()).cose)
    const reserved = { space: { space: randomBytes(16) }, ring: { ring: { id: randomBytes(16), generation: 1 } } }
    for (const [what, more] of Object.entries(reserved)) {
      const payload = writeHeader({ ...header, id: randomBytes(16), ...more })
      const envelope: Envelope = { cose: await sign1(payload, uno.device.keys.sign), body: [], wraps: [] }
      assert.equal(await refused(enemy, envelope), 'newer_version', what)
    }
  })

  test('too much is refused: a note above 64 KB, a request above 4.5 MB, 65 items', async () => {
    const note = await uno.device.acts.actAs('answer', new Map(), {
      post: post('uno1'),
      body: [new Uint8Array(70_000)],
    })
    const [refusal, placed] = await send(enemy, note, await remark('পাশের'))
    assert.ok(refusal && 'code' in refusal && placed && 'index' in placed)
    assert.equal(refusal.code, 'too_large')
    const large = await postBytes(enemy, new Uint8Array(5_000_000))
    assert.deepEqual([large.status, await codeOf(large)], [413, 'too_large'])
    const one = decode(writeEnvelope(await opened()))
    const many = await postBytes(enemy, encode(Array.from({ length: 65 }, () => one)))
    assert.deepEqual([many.status, await codeOf(many)], [413, 'too_large'])
  })

  test('a signature that does not fit, or of a key nobody knows, is refused', async () => {
    const item = await remark('দুই')
    const bent = { ...item, cose: item.cose.slice() }
    bent.cose[bent.cose.length - 1]! ^= 1
    assert.equal(await refused(enemy, bent), 'bad_signature')
    // The same header under another device's name: signed by us, said to be by the deputy secretary.
    const { header } = readCose(item.cose)
    const signer = { ...header.signer, id: fromBase64url(ds.device.keys.id) }
    const stolen = await sign1(writeHeader({ ...header, signer }), uno.device.keys.sign)
    assert.equal(await refused(enemy, { ...item, cose: stolen }), 'bad_signature')
    const stranger = { ...header.signer, id: randomBytes(32) }
    const unknown = await sign1(writeHeader({ ...header, signer: stranger }), uno.device.keys.sign)
    assert.equal(await refused(enemy, { ...item, cose: unknown }), 'unknown_device')
  })

  test('a device is no root key, and a root key no device', async () => {
    const { header } = readCose((await opened()).cose)
    const signer = { type: 'root' as const, id: header.signer.id }
    const cose = await sign1(writeHeader({ ...header, signer }), uno.device.keys.sign)
    assert.equal(await refused(enemy, { cose, body: [], wraps: [] }), 'unknown_device')
  })

  test('what its author may not write is refused, kind by kind', async () => {
    const { acts } = uno.device
    const raw = (id: string) => fromBase64url(id)
    const [mine, theirs] = [raw(post('uno1')), raw(post('uno2'))]
    const office = raw(enemy.id('office', 'rangpur'))
    const person = raw(enemy.id('person', 'uno1'))
    const fields = (...values: Cbor[]) => new Map(values.map((value, i) => [i + 1, value]))
    const wanted: [string, Envelope, string][] = [
      [
        'office',
        await acts.actAs('office', fields(null, 'x', 'x', 'x', 'district', null, null, [], false)),
        'not_allowed',
      ],
      ['person', await acts.actAs('person', fields(null, 'x', 'x', 'x')), 'not_allowed'],
      ['appoint', await acts.actAs('appoint', fields(person, theirs, 'regular', '2024-01-01', null)), 'not_allowed'],
      [
        'end',
        await acts.actAs('end', fields(enemy.appointment('uno2', 'uno2'), '2024-02-01', null, theirs)),
        'not_allowed',
      ],
      ['ticket', await acts.actAs('ticket', fields(person, randomBytes(32), 2e12, randomBytes(32))), 'not_allowed'],
      ['delegate', await acts.actAs('delegate', fields(mine, ['register'], null)), 'not_allowed'],
      [
        'post',
        await acts.actAs('post', fields(mine, 'uno1', 'uno', 'x', 'x', office, null, null, null, 1, true, [], false)),
        'not_allowed',
      ],
      ['another thread', await receiptAs(theirs), 'not_allowed'],
      ['cancel', await cancelled(), 'not_allowed'],
      ['a kind nobody knows', await acts.actAs('decree', fields(1)), 'unknown_kind'],
      ['a field too many', await acts.actAs('person', fields(null, 'x', 'x', 'x', 'more')), 'bad_input'],
    ]
    for (const [what, envelope, code] of wanted) assert.equal(await refused(enemy, envelope), code, what)
    assert.equal(await refused(enemy, await issuedByUno()), 'not_allowed', 'directive')

    function receiptAs(addressed: Bytes) {
      return acts.actAs('receipt', fields(raw(directive), addressed, 0), { post: post('uno1') })
    }
    // The client itself refuses to act for a post it does not hold; so the enemy writes it by hand.
    function cancelled() {
      const commitment = { counts: [1], root: randomBytes(32) }
      const more = { post: post('uno1'), body: [randomBytes(40)], commitment }
      return acts.actAs('cancel', fields(raw(directive), raw(post('ds'))), more)
    }
    async function issuedByUno() {
      const { envelope } = await acts.issue(
        {
          post: post('uno1'),
          groups: [[{ label: 'memo', value: '১' }], [{ label: 'clause:ক', value: 'x' }]],
          lines: [{ n: 1, purpose: 'action', selectors: [{ by: 'post', post: post('uno2') }] }],
          clauses: [{ label: '', ask: 'acknowledge' }],
          due: null,
          grade: 0,
          urgency: 0,
        },
        [post('uno2')],
        () => {},
      )
      return envelope
    }
  })

  test('a field that only looks like one of a list, or holds what no database keeps, is refused', async () => {
    const good = directiveFields({
      issuer: post('ds'),
      lines: [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'uno' }] }],
      resolvedAt: 0,
      count: 1,
      audienceHash: randomBytes(32),
      clauses: [{ label: '', ask: 'acknowledge' }],
      due: null,
      grade: 0,
      urgency: 0,
    })
    const bad: [number, Cbor][] = [
      [6, [['', 'length']]],
      [6, [['', 'map']]],
      [6, [['', 4]]],
      [6, [['ক\0', 1]]],
      [2, [[1, 'length', [[0, 'uno']]]]],
      [8, 5],
      [9, 'length'],
    ]
    for (const [key, value] of bad) {
      const item = await ds.device.acts.actAs('directive', new Map(good).set(key, value), { post: post('ds') })
      assert.equal(await refused(enemy, item), 'bad_input', `${key} ${JSON.stringify(value)}`)
    }
    const state = new Map<number, Cbor>([...readCose((await opened()).cose).header.fields, [3, 'length']])
    assert.equal(
      await refused(enemy, await uno.device.acts.actAs('receipt', state, { post: post('uno1') })),
      'bad_input',
    )
  })

  test('other bytes under an id that is taken are a conflict, whoever signed the first', async () => {
    const first = await remark('তিন')
    assert.ok('index' in (await send(enemy, first))[0]!)
    const { header } = readCose(first.cose)
    const other = await uno.device.acts.actAs('receipt', new Map(readCose((await opened()).cose).header.fields), {
      post: post('uno1'),
      id: header.id,
    })
    assert.equal(await refused(enemy, other), 'conflict')
  })

  test('a whole request replayed five times gets the same answers, byte by byte, and takes no place', async () => {
    const items = await Promise.all(['চার', 'পাঁচ', 'ছয়'].map(remark))
    const bad = { ...items[0]!, cose: items[1]!.cose } // its body is another's
    const request = encode([...items, bad].map((item) => decode(writeEnvelope(item))))
    const answers = new Set<string>()
    const sizes = new Set<string>()
    for (let i = 0; i < 5; i++) {
      answers.add(Buffer.from(await (await postBytes(enemy, request)).arrayBuffer()).toString('hex'))
      sizes.add((await (await fetch(`${enemy.url}/checkpoint`)).text()).split('\n')[1]!)
    }
    assert.deepEqual([answers.size, sizes.size], [1, 1])
  })

  test('what was sealed to a ring that has moved on is refused, with the parties to look at again', async () => {
    const stale = await remark('সাত')
    // The deputy secretary loses a phone: a second device by two hands, the first closed, new rings.
    const next = await enemy.official('ds', { code: await enemy.code('ds', { replacing: true }) })
    await next.sync()
    const [answer] = await send(enemy, stale)
    assert.ok(answer && 'code' in answer)
    assert.equal(answer.code, 'stale_ring')
    assert.ok((answer.details.parties as string[]).includes(post('ds')))
    assert.equal(await refused(enemy, await revocation(ds)), 'revoked_device')
  })
})
