import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gatherAnswers } from './gather.ts'
import type { Answer } from './views.ts'

const post = { id: 'p', title: { bn: '', en: '' }, office: { bn: '', en: '' }, vacant: false, joined: true }
const answer = (more: Partial<Answer>): Answer => ({
  by: post,
  person: { bn: '', en: '' },
  clauses: [''],
  state: 'done',
  until: null,
  note: '',
  accepted: 1,
  clientTime: 1,
  ...more,
})
const row = (id: string, answered: number | null) => ({
  post: id,
  name: { bn: id, en: id },
  office: null,
  place: { division: '55', district: '5585', upazila: '558573' },
  holders: [],
  vacant: false,
  delivered: 1,
  opened: 1,
  acknowledged: 1,
  answered,
  late: false,
  clauses: [
    { label: '', ask: 'once', state: answered ? 'done' : null, by: null, answered, owed: !answered, late: false },
  ],
})

function clientOf(rows: ReturnType<typeof row>[], threads: Record<string, Answer[]>) {
  const asked: string[] = []
  return {
    asked,
    board: async (_id: string, { group, cursor }: { group?: string; cursor?: string }) => {
      const keys = { division: ['55', 'Rangpur'], district: ['5585', 'Rangpur'], upazila: ['558573', 'Pirgachha'] }
      const [key, en] = keys[group as keyof typeof keys] ?? []
      if (group) return { groups: [{ key, name: { bn: '', en } }] }
      return cursor ? { rows: rows.slice(1), cursor: null } : { rows: rows.slice(0, 1), cursor: 'next' }
    },
    thread: async (_id: string, post: string) => {
      asked.push(post)
      return threads[post] ?? []
    },
  }
}

test('every addressee stands there once, in order, with the newest value of every field he filled in', async () => {
  const client = clientOf([row('a', 5), row('b', null)], {
    a: [
      answer({ values: { n: '7', note: 'x' } }),
      answer({ clauses: [], state: 'progress', note: 'a remark' }),
      answer({ state: 'progress', values: { n: '9' } }),
      answer({ state: 'done' }),
    ],
  })
  const told: string[] = []
  const rows = await gatherAnswers(client as never, 'd', (done, total) => void told.push(`${done}/${total}`))
  assert.deepEqual(
    rows.map(({ post, answer: given, division, upazila }) => [
      post,
      given?.state,
      given?.values,
      `${upazila.en}, ${division.en}`,
    ]),
    [
      ['a', 'done', { n: '9', note: 'x' }, 'Pirgachha, Rangpur'],
      ['b', undefined, undefined, 'Pirgachha, Rangpur'],
    ],
  )
  assert.deepEqual([client.asked, told], [['a'], ['1/2', '2/2']])
})

test('a thread is opened again only when it has a newer answer', async () => {
  const kept = new Map()
  const threads = { a: [answer({ values: { n: '1' } })] }
  await gatherAnswers(clientOf([row('a', 5)], threads) as never, 'd', () => {}, kept)
  const again = clientOf([row('a', 5)], threads)
  assert.equal((await gatherAnswers(again as never, 'd', () => {}, kept))[0]?.answer?.values?.n, '1')
  assert.deepEqual(again.asked, [])
  const newer = clientOf([row('a', 6)], { a: [...threads.a, answer({ values: { n: '2' } })] })
  assert.equal((await gatherAnswers(newer as never, 'd', () => {}, kept))[0]?.answer?.values?.n, '2')
})
