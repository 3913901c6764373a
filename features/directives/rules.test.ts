import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { fromBase64url, toBase64url } from '../../core/bytes.ts'
import { audienceHash } from '../../core/item.ts'
import { type Directory, type Post, RECORD_ROOM } from '../directory/index.ts'
import { REACHED } from './audience.ts'
import type { Ask, Line } from './entries.ts'
import { freeze } from './frozen.ts'
import { askOf, audience, canAnswer, coverOf, directiveReaders, linesFor, means, requireCover } from './rules.ts'
import { idOf, Service, wrapsTo } from './testing/service.ts'

const role = (name: string): Line => ({ n: 1, purpose: 'action', selectors: [{ by: 'role', role: name }] })

describe('the audience', () => {
  const service = new Service()
  service.post('dc-1', { role: 'dc', office: 'dhaka' })
  service.post('dc-2', { role: 'dc', office: 'rangpur' })
  service.post('adc-1', { role: 'adc', office: 'dhaka' })
  service.post('adc-2', { role: 'adc', office: 'rangpur' })
  service.post('uno-old', { role: 'uno', abolished: true })
  const names = (lines: Line[]) =>
    audience(lines, service.directory)
      .posts.map((id) => service.directory.post(id)!.code)
      .sort()

  for (const [what, lines, expected] of [
    ['a role means each of its posts', [role('dc')], ['dc-1', 'dc-2']],
    [
      'a role in an office means its posts there',
      [{ n: 1, purpose: 'action', selectors: [{ by: 'office', role: 'adc', office: idOf('rangpur') }] }],
      ['adc-2'],
    ],
    [
      'a post means itself, and one reached by two lines counts once',
      [role('dc'), { n: 2, purpose: 'information', selectors: [{ by: 'post', post: idOf('dc-1') }] }],
      ['dc-1', 'dc-2'],
    ],
    ['an abolished post is not addressed', [role('uno'), role('adc')], ['adc-1', 'adc-2']],
    ['an unknown post is nobody', [{ n: 1, purpose: 'action', selectors: [{ by: 'post', post: idOf('x') }] }], []],
    ['a line for nobody here is kept and means nobody', [{ n: 18, purpose: 'action', selectors: [] }], []],
  ] as [string, Line[], string[]][]) {
    test(what, () => assert.deepEqual(names(lines), expected))
  }

  test('it remembers by which purposes each post was reached', () => {
    const lines: Line[] = [role('dc'), { n: 2, purpose: 'publish', selectors: [{ by: 'post', post: idOf('dc-1') }] }]
    const { posts, reached } = audience(lines, service.directory)
    assert.equal(reached[posts.indexOf(idOf('dc-1'))], REACHED.action | REACHED.publish)
    assert.equal(reached[posts.indexOf(idOf('dc-2'))], REACHED.action)
  })

  test('the same posts give the same hash whatever the order of lines and directory, and the hash is that of core', () => {
    const posts = fc.uniqueArray(fc.tuple(fc.nat(500), fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y')), {
      selector: ([n]) => n,
      maxLength: 60,
    })
    const selector = fc.oneof(
      fc.record({ by: fc.constant('role' as const), role: fc.constantFrom('a', 'b', 'd') }),
      fc.record({
        by: fc.constant('office' as const),
        role: fc.constantFrom('a', 'b'),
        office: fc.constantFrom(idOf('x'), idOf('y')),
      }),
      fc.record({ by: fc.constant('post' as const), post: fc.nat(500).map((n) => idOf(`post ${n}`)) }),
    )
    const line = fc.record({
      n: fc.nat(99),
      purpose: fc.constantFrom('action' as const, 'information' as const),
      selectors: fc.array(selector, { maxLength: 5 }),
    })
    fc.assert(
      fc.property(
        posts,
        fc.array(line, { maxLength: 5 }),
        fc.infiniteStream(fc.double({ noNaN: true })),
        (all, lines, random) => {
          const build = (list: typeof all) => {
            const made = new Service()
            for (const [n, role, office] of list) made.post(`post ${n}`, { role, office, holder: '' })
            return made.directory
          }
          const shuffle = <T>(list: T[]) =>
            list
              .map((value) => [random.next().value, value] as const)
              .sort(([a], [b]) => a - b)
              .map(([, value]) => value)
          const plain = audience(lines, build(all))
          const other = audience(shuffle(lines), build(shuffle(all)))
          assert.deepEqual(other, plain)
          assert.deepEqual(plain.hash, audienceHash(plain.posts.map((id) => fromBase64url(id))))
          // and against the plainest way of saying it
          const directory = build(all)
          const naive = [...directory.posts()].filter((post) => linesFor(post, lines).length > 0)
          assert.deepEqual(new Set(plain.posts), new Set(naive.map((post) => post.id)))
        },
      ),
      { numRuns: 100 },
    )
  })

  test('ids that begin alike are in order all the same', () => {
    const id = fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ minLength: 3, maxLength: 3 }))
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 40, selector: String }), (list) => {
        const ids = list.map(([first, rest]) => Uint8Array.of(7, 7, 7, first, ...new Uint8Array(9), ...rest))
        const posts = ids.map((bytes) => ({ id: toBase64url(bytes), abolished: false }) as Post)
        const { hash } = audience([role('any')], {
          post: () => undefined,
          person: () => undefined,
          postsOfRole: () => posts,
        })
        assert.deepEqual(hash, audienceHash(ids))
      }),
    )
  })

  test('frozen, every post is found at its place, with the area and supervisor it had, and no other post is', () => {
    const made = new Service()
    made.post('commissioner', { role: 'commissioner', place: '55' })
    made.post('dc', { role: 'dc', place: '5585', supervisor: 'commissioner' })
    made.post('uno', { role: 'uno', place: '558576', supervisor: 'dc' })
    made.post('desk', { role: 'desk' })
    const frozen = freeze(audience(['commissioner', 'dc', 'uno', 'desk'].map(role), made.directory), made.directory)
    const areaOf = (name: string) => {
      const { division, district, upazila, supervisor } = frozen.places[frozen.placeOf[frozen.indexOf(idOf(name))]!]!
      return [division, district, upazila, supervisor]
    }
    assert.deepEqual(areaOf('commissioner'), ['55', '', '', null])
    assert.deepEqual(areaOf('dc'), ['55', '5585', '', idOf('commissioner')])
    assert.deepEqual(areaOf('uno'), ['55', '5585', '558576', idOf('dc')])
    assert.deepEqual(areaOf('desk'), ['', '', '', null])
    assert.deepEqual(frozen.supervisors().sort(), [idOf('commissioner'), idOf('dc')].sort())
    assert.equal(frozen.indexOf(idOf('nobody')), -1)
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300), { maxLength: 80 }), (numbers) => {
        const many = new Service()
        for (const n of numbers) many.post(`post ${n}`, { role: 'a', holder: '' })
        const kept = freeze(audience([role('a')], many.directory), many.directory)
        for (let n = 0; n <= 300; n++) {
          const at = kept.indexOf(idOf(`post ${n}`))
          assert.equal(at >= 0, numbers.includes(n))
          if (at >= 0) assert.equal(kept.id(at), idOf(`post ${n}`))
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('the cover', () => {
  /** Posts in a random tree, each vacant, held by one who has not joined, joined, with or without a ring, revoked, abolished. */
  const state = fc.constantFrom('vacant', 'not joined', 'joined', 'ring', 'stale', 'revoked', 'two', 'abolished')
  const tree = fc.array(fc.tuple(state, fc.nat(100)), { minLength: 1, maxLength: 25 })

  function build(posts: [string, number][]): Directory {
    const service = new Service()
    service.post('room', { role: RECORD_ROOM, ring: true })
    for (const [i, [state, above]] of posts.entries()) {
      const name = `p${i}`
      const supervisor = i === 0 ? undefined : `p${above % i}`
      service.post(name, { role: 'p', ...(supervisor && { supervisor }), holder: '' })
      if (state === 'vacant') continue
      service.appoint(name, name, state !== 'not joined')
      if (state === 'ring' || state === 'stale' || state === 'two' || state === 'abolished') service.ring(name, name)
      if (state === 'stale' || state === 'revoked') service.revoke(name)
      if (state === 'two') service.appoint(`${name} second`, name)
      if (state === 'abolished') service.post(name, { role: 'p', ...(supervisor && { supervisor }), abolished: true })
    }
    return service.directory
  }

  test('of many readers is the union of R2 over each of them', () => {
    fc.assert(
      fc.property(tree, fc.array(fc.nat(24), { maxLength: 12 }), (posts, picks) => {
        const directory = build(posts)
        const chosen = picks.map((n) => idOf(`p${n % posts.length}`))
        const readers = directiveReaders(chosen, idOf('p0'), directory)
        const naive = new Map([...readers].flatMap((id) => directory.cover(id).map((m) => [m.id, m.generation])))
        assert.deepEqual(new Map([...coverOf(readers, directory)].sort()), new Map([...naive].sort()))
      }),
      { numRuns: 300 },
    )
  })

  test('is asked for exactly: a wrap missing, doubled, superfluous or of another generation is refused', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (posts, pick) => {
        const directory = build(posts)
        const cover = coverOf(directiveReaders([idOf('p0')], idOf(`p${posts.length - 1}`), directory), directory)
        const wraps = wrapsTo(cover)
        requireCover(wraps, cover)
        const at = pick % wraps.length
        const one = wraps[at]!
        for (const wrong of [
          wraps.toSpliced(at, 1),
          [...wraps, one],
          [...wraps, { ...one, ring: fromBase64url(idOf('stranger')) }],
          wraps.with(at, { ...one, generation: one.generation + 1 }),
        ]) {
          assert.throws(() => requireCover(wrong, cover), { code: 'stale_ring' })
        }
      }),
      { numRuns: 100 },
    )
  })

  test('a refusal names at most 20 of the parties that are wrong', () => {
    const cover = new Map(Array.from({ length: 30 }, (_, i) => [idOf(`ring ${i}`), 1]))
    assert.throws(
      () => requireCover([], cover),
      (error: { details: { parties: string[]; count: number } }) =>
        error.details.parties.length === 20 && error.details.count === 30 && cover.has(error.details.parties[0]!),
    )
    const many = new Map(Array.from({ length: 2001 }, (_, i) => [idOf(`ring ${i}`), 1]))
    assert.throws(() => requireCover(wrapsTo(many), many), { code: 'too_many_wraps' })
  })
})

describe('what is asked', () => {
  for (const [ask, label, reached, issuer, expected] of [
    ['once', 'ক', REACHED.action, false, 'once'],
    ['once', 'ক', REACHED.action, true, 'nothing'],
    ['once', 'ক', REACHED.information, false, 'nothing'],
    ['once', '', REACHED.information, false, 'acknowledge'],
    ['nothing', '', REACHED.information, false, 'nothing'],
    ['standing', 'ক', REACHED.information | REACHED.action, false, 'standing'],
    ['once', '', REACHED.publish, false, 'once'],
    ['acknowledge', '', REACHED.publish, false, 'once'],
    ['nothing', '', REACHED.publish | REACHED.information, false, 'once'],
    ['standing', '', REACHED.publish, false, 'standing'],
    ['nothing', 'ক', REACHED.publish, false, 'nothing'],
    ['acknowledge', '', REACHED.publish, true, 'nothing'],
  ] as [Ask, string, number, boolean, Ask][]) {
    test(`${ask} of '${label}', reached by ${reached}${issuer ? ', the issuer' : ''}: ${expected}`, () => {
      assert.equal(askOf({ label, ask }, reached, issuer), expected)
    })
  }

  test('a standing clause is kept, never done, and only a standing one is kept', () => {
    const answered = (ask: Ask) =>
      (['done', 'progress', 'impossible', 'notours', 'kept'] as const).filter((state) => canAnswer(ask, state))
    assert.deepEqual(answered('standing'), ['progress', 'impossible', 'notours', 'kept'])
    for (const ask of ['once', 'acknowledge', 'nothing'] as const)
      assert.deepEqual(answered(ask), ['done', 'progress', 'impossible', 'notours'])
  })
})

test('the lines that reached a post are given in their own order', () => {
  const service = new Service()
  service.post('uno', { role: 'uno', office: 'upazila' })
  const post = service.directory.post(idOf('uno')) as Post
  const lines: Line[] = [
    { n: 18, purpose: 'action', selectors: [{ by: 'role', role: 'uno' }] },
    { n: 2, purpose: 'information', selectors: [{ by: 'role', role: 'dc' }] },
    { n: 3, purpose: 'information', selectors: [{ by: 'office', role: 'uno', office: idOf('upazila') }] },
  ]
  assert.deepEqual(
    linesFor(post, lines).map(({ n }) => n),
    [18, 3],
  )
  assert.ok(!means({ by: 'office', role: 'uno', office: idOf('another') }, post))
})
