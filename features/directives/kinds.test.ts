import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { toBase64url } from '../../core/bytes.ts'
import type { CborMap } from '../../core/cbor.ts'
import type { Header } from '../../core/item.ts'
import { RECORD_ROOM } from '../directory/index.ts'
import {
  ANSWER_STATES,
  ASKS,
  answerFields,
  cancelFields,
  directiveFields,
  type Line,
  PURPOSES,
  RECEIPT_STATES,
  readAnswer,
  readCancel,
  readDirective,
  readReceipt,
  readSupersede,
  readWrapAdd,
  receiptFields,
  supersedeFields,
  wrapAddFields,
} from './entries.ts'
import { idOf, type Made, Service, wrapsTo } from './testing/service.ts'

const toUnos: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'uno' }] }]
const clauses = [
  { label: '', ask: 'acknowledge' as const },
  { label: 'ক', ask: 'once' as const },
  { label: 'খ', ask: 'standing' as const },
]

/** secretary issues; two UNOs under one DC; a bystander; a record room above all. */
let service: Service
beforeEach(() => {
  service = new Service()
  service.post('room', { role: RECORD_ROOM, ring: true })
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('commissioner', { ring: true })
  service.post('dc', { supervisor: 'commissioner', ring: true })
  service.post('uno-1', { role: 'uno', supervisor: 'dc', ring: true })
  service.post('uno-2', { role: 'uno', supervisor: 'dc', ring: true })
  service.post('bystander', { mayIssue: true, ring: true })
})

const refuses = (made: Made, code: string) => assert.throws(() => service.place(made), { code })
const issue = () => service.place(service.directive('secretary', toUnos, { clauses })).id

describe('a directive', () => {
  test('is placed when its audience and its cover are those of the directory', () => {
    const id = issue()
    assert.equal(service.directives.frozen(id)?.count, 2)
    assert.equal(service.directives.head(id)?.issuer, idOf('secretary'))
  })

  test('comes from a post that may issue, by one who holds it', () => {
    refuses(service.directive('dc', toUnos), 'not_allowed')
    refuses(service.directive('secretary', toUnos, { person: 'dc' }), 'not_allowed')
    service.end('secretary', 'secretary')
    refuses(service.directive('secretary', toUnos), 'not_allowed')
  })

  test('to posts that have changed since is refused as such, before its wraps are looked at', () => {
    const made = service.directive('secretary', toUnos)
    service.post('uno-3', { role: 'uno', supervisor: 'dc' })
    refuses(made, 'audience_mismatch')
    refuses(service.directive('secretary', toUnos, { count: 9 }), 'audience_mismatch')
    refuses(service.directive('secretary', toUnos, { audienceHash: new Uint8Array(32) }), 'audience_mismatch')
    service.place(service.directive('secretary', toUnos))
  })

  test('to nobody, or evaluated in the future, is refused', () => {
    refuses(service.directive('secretary', [{ n: 1, purpose: 'action', selectors: [] }]), 'unresolved_line')
    refuses(service.directive('secretary', toUnos, { resolvedAt: 1_000_000 }), 'bad_input')
  })

  test('sealed to a ring that has moved on is refused, naming it', () => {
    const made = service.directive('secretary', toUnos)
    service.ring('uno-1', 'uno-1')
    assert.throws(
      () => service.place(made),
      (error: { code: string; details: { parties: string[] } }) =>
        error.code === 'stale_ring' && error.details.parties.includes(idOf('uno-1')),
    )
    service.place(service.directive('secretary', toUnos))
  })

  test('leaves out nobody: supervisor and issuer are sealed to as well', () => {
    const all = service.directive('secretary', toUnos)
    const rings = new Set(all.wraps.map(({ ring }) => toBase64url(ring)))
    assert.deepEqual(rings, new Set(['uno-1', 'uno-2', 'dc', 'secretary'].map(idOf)))
    for (const i of all.wraps.keys()) {
      refuses({ ...all, wraps: all.wraps.toSpliced(i, 1) }, 'stale_ring')
    }
  })

  test('carries summary and letter, sealed under a commitment', () => {
    refuses({ ...service.directive('secretary', toUnos), sections: 1 }, 'bad_input')
    const open = service.directive('secretary', toUnos)
    const { commitment: _, ...bare } = open.header
    refuses({ ...open, header: bare }, 'bad_input')
  })

  test('to a post nobody reads for is refused only where the record room does not read either', () => {
    service.post('alone', { role: 'alone', holder: '' })
    const alone: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'alone' }] }]
    const cover = (made: Made) => new Set(made.wraps.map(({ ring }) => toBase64url(ring)))
    const made = service.directive('secretary', alone)
    assert.deepEqual(cover(made), new Set(['room', 'secretary'].map(idOf)))
    service.place(made)
    service.end('room', 'room')
    refuses(service.directive('secretary', alone), 'no_reader')
    service.place(service.directive('secretary', toUnos))
  })

  test('by a device that was closed is refused, whatever date it claims', () => {
    service.revoke('secretary')
    refuses(service.directive('secretary', toUnos), 'revoked_device')
  })
})

describe('ending a directive', () => {
  test('whoever holds the issuing post now may cancel it, once', () => {
    const id = issue()
    service.end('secretary', 'secretary')
    service.appoint('successor', 'secretary')
    service.place(service.cancel('secretary', id, 'successor'))
    assert.equal(service.directives.head(id)?.ended?.how, 'cancelled')
    refuses(service.cancel('secretary', id, 'successor'), 'already_done')
  })

  test('another post may not, and what is not there cannot be ended', () => {
    const id = issue()
    refuses(service.cancel('bystander', id), 'not_found')
    refuses(service.cancel('secretary', idOf('nothing')), 'not_found')
  })

  test('its successor stands already and is of the same post', () => {
    const id = issue()
    const successor = issue()
    const stranger = service.place(service.directive('bystander', toUnos)).id
    refuses(service.supersede('secretary', id, idOf('nothing')), 'not_found')
    refuses(service.supersede('secretary', id, stranger), 'not_allowed')
    refuses(service.supersede('secretary', id, id), 'wrong_state')
    service.place(service.supersede('secretary', id, successor))
    assert.equal(service.directives.head(id)?.ended?.successor, successor)
    refuses(service.supersede('secretary', id, successor), 'already_done')
    refuses(service.supersede('secretary', successor, id), 'wrong_state')
    refuses(service.cancel('secretary', id), 'directive_ended')
  })
})

describe('a receipt', () => {
  test('moves forward only; a repeat is done already', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...RECEIPT_STATES), { maxLength: 6 }), (states) => {
        const id = issue()
        let furthest = -1
        for (const state of states) {
          const rank = RECEIPT_STATES.indexOf(state)
          const made = service.receipt('uno-1', id, state)
          if (rank > furthest) service.place(made)
          else refuses(made, 'already_done')
          furthest = Math.max(furthest, rank)
          assert.equal(service.directives.thread(id, idOf('uno-1')).receipt, RECEIPT_STATES[furthest])
        }
        assert.equal(service.directives.thread(id, idOf('uno-2')).receipt, null)
      }),
      { numRuns: 50 },
    )
  })

  test('is signed by a holder of the addressed post alone', () => {
    const id = issue()
    refuses(service.receipt('uno-1', id, 'opened', 'dc'), 'not_allowed')
    refuses(service.receipt('dc', id, 'opened'), 'not_found')
    refuses(service.receipt('uno-1', idOf('nothing'), 'opened'), 'not_found')
  })

  test('is still signed when the directive has ended', () => {
    const id = issue()
    service.place(service.cancel('secretary', id))
    service.place(service.receipt('uno-1', id, 'opened'))
  })
})

describe('an answer', () => {
  test('comes from the addressed, the supervising or the issuing post', () => {
    const id = issue()
    for (const by of ['uno-1', 'dc', 'secretary']) service.place(service.answer('uno-1', id, ['ক'], 'done', { by }))
    for (const by of ['uno-2', 'commissioner', 'bystander']) {
      refuses(service.answer('uno-1', id, ['ক'], 'done', { by }), 'not_found')
    }
    assert.equal(service.directives.thread(id, idOf('uno-1')).answers.length, 3)
  })

  test('is sealed to exactly the three', () => {
    const id = issue()
    const made = service.answer('uno-1', id, ['ক'], 'done')
    const rings = new Set(made.wraps.map(({ ring }) => toBase64url(ring)))
    assert.deepEqual(rings, new Set(['uno-1', 'dc', 'secretary'].map(idOf)))
    for (const i of made.wraps.keys()) refuses({ ...made, wraps: made.wraps.toSpliced(i, 1) }, 'stale_ring')
    service.ring('dc', 'dc')
    refuses(made, 'stale_ring')
  })

  test('fits what was asked', () => {
    const id = issue()
    refuses(service.answer('uno-1', id, ['ঙ'], 'done'), 'bad_input')
    refuses(service.answer('uno-1', id, ['খ'], 'done'), 'wrong_state')
    refuses(service.answer('uno-1', id, ['ক'], 'kept'), 'wrong_state')
    service.place(service.answer('uno-1', id, ['খ'], 'kept'))
    service.place(service.answer('uno-1', id, ['ক', 'খ'], 'notours'))
    service.place(service.answer('uno-1', id, [], 'progress'))
  })

  test('comes too late once the directive has ended', () => {
    const id = issue()
    service.place(service.cancel('secretary', id))
    refuses(service.answer('uno-1', id, ['ক'], 'done'), 'directive_ended')
  })
})

describe('wrapping again', () => {
  const again = (by: string, directive: string, items: string[], rings: [string, number][]) => {
    const rewraps = rings.flatMap((ring) => items.map((item) => ({ item, wrap: wrapsTo(new Map([ring]))[0]! })))
    const { fields, body } = wrapAddFields(directive, idOf('uno-1'), rewraps)
    return { made: service.make('wrap-add', by, by, fields, 1, []), body }
  }
  const place = ({ made, body }: ReturnType<typeof again>) => {
    const entry = made.kind.read({ header: made.header, body, wraps: [] })
    const at = { index: 100, time: 5_000 }
    made.kind.authority(entry, made.header, service.state, at)
    made.kind.rule?.(entry, made.header, service.state, at)
    made.kind.apply(entry, made.header, { ...at, leafHash: new Uint8Array(32) }, service.state)
  }

  test('a supervisor wraps to a holder who joined later, the directive and the answers of that thread', () => {
    const id = issue()
    const answer = service.place(service.answer('uno-1', id, ['ক'], 'done')).id
    service.ring('uno-1', 'uno-1')
    place(again('dc', id, [id, answer], [[idOf('uno-1'), 2]]))
    assert.equal(service.directives.thread(id, idOf('uno-1')).acts.at(-1)?.kind, 'wrap-add')
  })

  test('a post above wraps for a reader below, a post beside does not', () => {
    const id = issue()
    place(again('commissioner', id, [id], [[idOf('uno-1'), 1]]))
    place(again('room', id, [id], [[idOf('dc'), 1]]))
    for (const by of ['bystander', 'uno-2']) {
      assert.throws(() => place(again(by, id, [id], [[idOf('uno-1'), 1]])), { code: 'not_allowed' })
    }
  })

  test('never to a ring that is no reader’s, or not of its newest generation', () => {
    const id = issue()
    for (const ring of [
      [idOf('bystander'), 1],
      [idOf('uno-1'), 2],
      [idOf('uno-2'), 1],
    ] as [string, number][]) {
      assert.throws(() => place(again('dc', id, [id], [ring])), { code: 'stale_ring' })
    }
  })

  test('only items of that thread', () => {
    const id = issue()
    const other = service.place(service.answer('uno-2', id, ['ক'], 'done')).id
    assert.throws(() => place(again('dc', id, [other], [[idOf('uno-1'), 1]])), { code: 'not_found' })
  })
})

describe('what a batch did is taken back with it', () => {
  test('heads, ends and threads', () => {
    const id = issue()
    service.directives.begin()
    const lost = issue()
    service.place(service.receipt('uno-1', id, 'opened'))
    service.place(service.answer('uno-1', id, ['ক'], 'done'))
    service.place(service.cancel('secretary', id))
    service.directives.rollback()
    assert.equal(service.directives.head(lost), undefined)
    assert.equal(service.directives.frozen(lost), undefined)
    assert.equal(service.directives.head(id)?.ended, null)
    assert.deepEqual(service.directives.thread(id, idOf('uno-1')), { receipt: null, answers: [], acts: [] })
    service.place(service.receipt('uno-1', id, 'opened'))
  })
})

describe('the fields', () => {
  const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => toBase64url(bytes))
  const plain = { noNullPrototype: true }
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  const label = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  const selector = fc.oneof(
    fc.record({ by: fc.constant('role' as const), role: text }, plain),
    fc.record({ by: fc.constant('office' as const), role: text, office: id }, plain),
    fc.record({ by: fc.constant('post' as const), post: id }, plain),
  )
  const line = fc.record(
    { n: fc.nat(999), purpose: fc.constantFrom(...PURPOSES), selectors: fc.array(selector) },
    plain,
  )
  const carried = { sections: 0, wraps: undefined }
  const header = (fields: CborMap) => ({ header: { fields } as Header, body: [] })

  test('read back as they were written', () => {
    const clauses = fc
      .tuple(
        fc.constantFrom(...ASKS),
        fc.uniqueArray(fc.tuple(label, fc.constantFrom(...ASKS)), { selector: ([l]) => l }),
      )
      .map(([whole, others]) => [{ label: '', ask: whole }, ...others.map(([label, ask]) => ({ label, ask }))])
    const directive = fc.record({
      issuer: id,
      lines: fc.array(line, { maxLength: 5 }),
      resolvedAt: fc.nat(),
      count: fc.nat(),
      audienceHash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes)),
      clauses,
      due: fc.option(fc.nat()),
      grade: fc.nat(4),
      urgency: fc.nat(3),
      form: fc.constantFrom('letter' as const, 'short' as const),
      parent: fc.option(id),
      draft: fc.option(id),
    })
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes))
    const answer = fc.record({
      directive: id,
      post: id,
      clauses: fc.uniqueArray(label),
      state: fc.constantFrom(...ANSWER_STATES),
      until: fc.option(fc.nat()),
      files: fc.array(fc.array(hash, { minLength: 1, maxLength: 4 }), { maxLength: 3 }),
    })
    const receipt = fc.record({ directive: id, post: id, state: fc.constantFrom(...RECEIPT_STATES) })
    const supersede = fc.record({ directive: id, issuer: id, successor: id })
    fc.assert(
      fc.property(directive, answer, receipt, supersede, (d, a, r, s) => {
        assert.deepEqual(readDirective(header(directiveFields(d))), { ...carried, ...d })
        assert.deepEqual(readAnswer(header(answerFields(a))), { ...carried, ...a })
        assert.deepEqual(readReceipt(header(receiptFields(r))), { ...carried, ...r })
        assert.deepEqual(readSupersede(header(supersedeFields(s))), { ...carried, ...s })
        const { successor: _, ...c } = s
        assert.deepEqual(readCancel(header(cancelFields(c))), { ...carried, ...c })
      }),
      { numRuns: 50 },
    )
  })

  test('of another shape are refused, an unknown key among them', () => {
    const good = directiveFields({
      issuer: idOf('a'),
      lines: toUnos,
      resolvedAt: 1,
      count: 1,
      audienceHash: new Uint8Array(32),
      clauses,
      due: null,
      grade: 0,
      urgency: 0,
    })
    readDirective(header(good))
    for (const [key, value] of [
      [1, new Uint8Array(15)],
      [2, [[1, 3, []]]],
      [2, [[1, 0, [[0, 'uno', 1]]]]],
      [2, [[1, 0, [[3, 'uno']]]]],
      [2, [[1, 0, [[2, 'uno']]]]],
      [5, new Uint8Array(31)],
      [6, [['ক', 4]]],
      [
        6,
        [
          ['ক', 1],
          ['ক', 2],
        ],
      ],
      [8, 5],
      [9, 4],
      [10, 4],
      [11, new Uint8Array(15)],
      [13, 1],
    ] as [number, never][]) {
      assert.throws(() => readDirective(header(new Map(good).set(key, value))), { code: 'bad_input' }, `field ${key}`)
    }
  })

  test('a letter nothing is asked of still has its row for the whole', () => {
    const fields = directiveFields({
      issuer: idOf('a'),
      lines: toUnos,
      resolvedAt: 1,
      count: 1,
      audienceHash: new Uint8Array(32),
      clauses: [{ label: 'ক', ask: 'once' }],
      due: null,
      grade: 0,
      urgency: 0,
    })
    assert.deepEqual(readDirective(header(fields)).clauses, [
      { label: '', ask: 'nothing' },
      { label: 'ক', ask: 'once' },
    ])
  })

  test('of a wrap-add name the very wraps in its section', () => {
    const wrap = wrapsTo(new Map([[idOf('ring'), 3]]))[0]!
    const { fields, body } = wrapAddFields(idOf('d'), idOf('p'), [{ item: idOf('d'), wrap }])
    const entry = readWrapAdd({ header: { fields } as Header, body })
    assert.deepEqual(entry.targets, [{ item: idOf('d'), ring: idOf('ring'), generation: 3 }])
    assert.deepEqual(entry.rewraps, [{ item: idOf('d'), wrap }])
    const other = wrapAddFields(idOf('d'), idOf('p'), [{ item: idOf('x'), wrap }])
    assert.throws(() => readWrapAdd({ header: { fields } as Header, body: other.body }), { code: 'bad_input' })
    assert.equal(readWrapAdd({ header: { fields } as Header, body: [] }).rewraps, undefined)
  })
})
