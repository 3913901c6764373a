import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Holding } from '../directory/index.ts'
import { coveredAbsence, coverings, type Declared, orderOf } from './covering.ts'
import { idOf, Service } from './testing/service.ts'

const NOW = 1_000_000
const HOUR = 3_600_000

let service: Service
let declared: Declared[]

beforeEach(() => {
  service = new Service()
  declared = []
  service.post('room')
  service.post('dc', { supervisor: 'room' })
  for (const name of ['adc', 'uno', 'other']) service.post(name, { supervisor: 'dc' })
})

type Saying = { cover?: string | null; from?: number; to?: number | null; by?: string; person?: string }

/** Declares and gives the absence's id. */
function absent(post: string, { cover = 'adc', from = NOW - 1, to = null, by = post, person = by }: Saying = {}) {
  const id = idOf(`absence ${declared.length}`)
  const absence = { post: idOf(post), reason: 'leave' as const, from, to, cover: cover === null ? null : idOf(cover) }
  declared.push({ id, index: declared.length, absence, by: service.directory.holding(idOf(`${person} at ${by}`))! })
  return id
}

/** Gives a charge for an absence, as personnel does. */
function give(person: string, post: string, absence: string): Holding {
  const holding = {
    ...{ appointment: idOf(`${person} at ${post}`), person: idOf(`person ${person}`), post: idOf(post) },
    ...{ charge: 'routine', from: '2026-11-22', memo: orderOf(absence), since: 1, until: null },
  }
  service.directory.appoint(holding)
  return holding
}

/** What is to be done, as `uno give adc` or `uno end adc over`. */
function found(now = NOW, looked: string[] = []): string[] {
  const nameOf = (person: string) => service.directory.person(person)!.code.replace('p-', '')
  return coverings(declared, service.directory, now, new Set(looked.map(idOf))).map((one) => {
    const person = 'person' in one ? one.person : 'holding' in one ? one.holding.person : null
    const words = [service.directory.post(one.post)!.code, one.state, person && nameOf(person), 'why' in one && one.why]
    return words.filter(Boolean).join(' ')
  })
}

describe('a charge is given', () => {
  test('once an absence with a cover has begun, to who holds the covering post', () => {
    absent('uno', { from: NOW + HOUR })
    assert.deepEqual(found(), ['uno later'])
    assert.deepEqual(found(NOW + HOUR), ['uno give adc'])
  })

  test('once, however often it is asked for', () => {
    give('adc', 'uno', absent('uno'))
    assert.deepEqual(found(), ['uno acting adc'])
    absent('uno', { to: NOW + HOUR })
    assert.deepEqual(found(), ['uno acting adc'], 'the same leave, with an end')
  })

  test('never where nobody was named, or it is over', () => {
    absent('uno', { cover: null })
    absent('other', { to: NOW })
    assert.deepEqual(found(), [])
  })

  test('again to who had it before, as another charge', () => {
    give('adc', 'uno', absent('uno', { to: NOW }))
    service.end('adc', 'uno')
    absent('uno')
    const [one] = coverings(declared, service.directory, NOW)
    assert.deepEqual([one?.state, one?.state === 'give' && one.times], ['give', 1])
  })

  test('for a vacant post too: somebody must act', () => {
    absent('uno')
    service.end('uno', 'uno')
    assert.deepEqual(found(), ['uno give adc'])
  })

  test('at the word of the post above only where somebody looked at it', () => {
    absent('uno', { by: 'dc' })
    assert.deepEqual(found(), ['uno cannot by_superior'])
    assert.deepEqual(found(NOW, ['uno']), ['uno give adc'])
  })
})

describe('a charge ends', () => {
  test('when the absence is over, early or by its date', () => {
    give('adc', 'uno', absent('uno', { to: NOW + HOUR }))
    assert.deepEqual(found(NOW + HOUR), ['uno end adc over'])
    absent('uno', { to: NOW })
    assert.deepEqual(found(), ['uno end adc over'])
  })

  test('when it was moved to later, and begins anew then', () => {
    give('adc', 'uno', absent('uno'))
    absent('uno', { from: NOW + HOUR })
    assert.deepEqual(found(), ['uno end adc replaced', 'uno later'])
  })

  test('when another was named, who gets it', () => {
    give('adc', 'uno', absent('uno'))
    absent('uno', { cover: 'other' })
    assert.deepEqual(found(), ['uno end adc cover_changed', 'uno give other'])
  })

  test('when the covering post passed to another, who gets it', () => {
    give('adc', 'uno', absent('uno'))
    service.end('adc', 'adc')
    service.appoint('successor', 'adc')
    assert.deepEqual(found(), ['uno end adc cover_changed', 'uno give successor'])
  })

  test('when the absent post has another holder, and not while it is vacant', () => {
    give('adc', 'uno', absent('uno'))
    service.end('uno', 'uno')
    assert.deepEqual(found(), ['uno acting adc'])
    service.appoint('successor', 'uno')
    assert.deepEqual(found(), ['uno end adc succeeded'])
  })

  test('never when another order gave it', () => {
    absent('uno', { to: NOW })
    service.appoint('adc', 'uno')
    assert.deepEqual(found(), [])
    const routine = { charge: 'routine', memo: '০৫.০০-১২' }
    const additional = { charge: 'additional', memo: orderOf('x') }
    assert.deepEqual([routine, additional].map(coveredAbsence), [null, null])
  })
})

test('who covers cannot prolong his charge, or give it away', () => {
  give('adc', 'uno', absent('uno', { to: NOW + HOUR }))
  absent('uno', { person: 'adc', to: null })
  absent('uno', { person: 'adc', cover: 'other' })
  assert.deepEqual(found(), ['uno acting adc'])
  assert.deepEqual(found(NOW + HOUR), ['uno end adc over'])
})

describe('nobody is given a charge', () => {
  const cases: [string, () => void, string[]][] = [
    [
      'of an abolished post',
      () => service.post('uno', { supervisor: 'dc', abolished: true }),
      ['uno cannot abolished'],
    ],
    ['where the covering post is vacant', () => service.end('adc', 'adc'), ['uno cannot cover_vacant']],
    ['where two hold it', () => service.appoint('second', 'adc'), ['uno cannot cover_two_holders']],
    ['where he holds the absent post too', () => service.appoint('adc', 'uno'), ['uno cannot holds_already']],
    ['where two hold the absent post', () => service.appoint('second', 'uno'), ['uno cannot two_holders']],
    ['where he has no device', () => service.revoke('adc'), ['uno cannot not_joined']],
    [
      'who is away himself',
      () => void absent('adc', { cover: 'other' }),
      ['uno cannot cover_absent', 'adc give other'],
    ],
    [
      'where each names the other',
      () => void absent('adc', { cover: 'uno' }),
      ['uno cannot circle', 'adc cannot circle'],
    ],
  ]
  for (const [name, happens, expected] of cases)
    test(name, () => {
      absent('uno')
      happens()
      assert.deepEqual(found(), expected)
    })

  test('again for the same absence once it was ended, by whatever order', () => {
    give('adc', 'uno', absent('uno'))
    service.end('adc', 'uno')
    assert.deepEqual(found(), ['uno cannot ended_before'])
    absent('uno')
    assert.deepEqual(found(), ['uno give adc'], 'declared anew')
  })

  test('but who will be away later acts until then', () => {
    absent('uno')
    absent('adc', { cover: null, from: NOW + HOUR })
    assert.deepEqual(found(), ['uno give adc'])
  })
})
