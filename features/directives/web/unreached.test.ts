import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Unreached } from '../reach.ts'
import { areasOf } from './unreached.ts'

const HOUR = 3_600_000
const name = { bn: '', en: '' }
const post = (id: string, district: string, hours: number): Unreached => ({
  post: id,
  name,
  office: name,
  place: { division: '55', district },
  since: -hours * HOUR,
  waiting: 1,
  vacant: false,
  ways: [],
  absence: null,
})

test('posts stand by district in the order they came, however long nothing reached them', () => {
  const areas = areasOf(
    [post('a', '5585', 25), post('b', '5527', 90), post('c', '5585', 48), post('d', '', 30)],
    new Map([['5585', { bn: 'রংপুর', en: 'Rangpur' }]]),
    0,
  )
  assert.deepEqual(
    areas.map(({ key, name, day, two, posts }) => [key, name?.bn, day, two, posts.map((one) => one.post)]),
    [
      ['5585', 'রংপুর', 2, 1, ['a', 'c']],
      ['5527', undefined, 1, 1, ['b']],
      ['55', undefined, 1, 0, ['d']],
    ],
  )
})
