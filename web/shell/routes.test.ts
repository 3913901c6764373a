import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isScreen } from '../../server/static.ts'
import { outwards, type Place, pathOf, placeOf, roomOf, sameScreen } from './routes.ts'

const id = fc.base64String({ minLength: 1, maxLength: 44 })
const letter = fc.option(fc.record({ id, post: id, panel: fc.constantFrom('answer' as const, 'proof' as const, null) }))
const place: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ at: fc.constantFrom('today' as const, 'directives' as const), letter }),
  fc.record({
    at: fc.constant('issue' as const),
    step: fc.constantFrom('letter' as const, 'addressees' as const, 'check' as const),
  }),
  fc.record({ at: fc.constant('board' as const), id, within: fc.oneof(fc.constant(''), id) }),
  fc.record({ at: fc.constant('drafts' as const), id: fc.option(id) }),
  fc.record({
    at: fc.constant('more' as const),
    page: fc.constantFrom('posts' as const, 'devices' as const, 'settings' as const, null),
  }),
  fc.record({ at: fc.constant('start' as const), code: fc.string() }),
)

test('a reload stands where the reader stood', () => {
  fc.assert(
    fc.property(place, (at) => {
      const url = new URL(pathOf(at), 'https://smarak.test')
      assert.equal(JSON.stringify(placeOf(url.pathname, url.hash)), JSON.stringify(at))
    }),
  )
})

test('the server and the service worker know every room as a page, so that a reload finds it', () => {
  const letter = { id: 'a', post: 'b', panel: 'proof' as const }
  const rooms: Place[] = [
    { at: 'start', code: '' },
    { at: 'today', letter },
    { at: 'directives', letter },
    { at: 'issue', step: 'check' },
    { at: 'board', id: 'a', within: '55' },
    { at: 'drafts', id: 'a' },
    { at: 'more', page: 'reach' },
  ]
  const worker = readFileSync(new URL('../service-worker.ts', import.meta.url), 'utf8')
  const pages = new RegExp(/return \/(.*)\/\.test\(path\)/.exec(worker)![1]!)
  for (const place of rooms) {
    assert.ok(isScreen(pathOf(place)), pathOf(place))
    assert.match(pathOf(place), pages)
  }
})

test('any address at all opens some place', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (path, hash) => assert.ok(roomOf(placeOf(`/${path}`, hash)))))
})

test('a joining code travels behind the hash, which no server sees', () => {
  assert.deepEqual(placeOf('/join', '#ABCD-EFGH'), { at: 'start', code: 'ABCD-EFGH' })
  assert.equal(pathOf({ at: 'start', code: 'ABCD' }).split('#')[0], '/join')
})

test('going outwards always ends at a room', () => {
  fc.assert(
    fc.property(place, (start) => {
      let at: Place | null = start
      for (let steps = 0; at && steps < 4; steps++) at = outwards(at)
      assert.equal(at, null)
    }),
  )
})

test('drilling down a board is the same screen, opening a letter is not', () => {
  assert.ok(sameScreen({ at: 'board', id: 'x', within: '' }, { at: 'board', id: 'x', within: 'y' }))
  assert.ok(!sameScreen({ at: 'today', letter: null }, { at: 'today', letter: { id: 'x', post: 'y', panel: null } }))
})
