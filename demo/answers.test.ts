import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClauseAsk } from '../client/views.ts'
import { answersOf } from './answers.ts'

const asks = (...clauses: [string, ClauseAsk['ask']][]) => ({
  clauses: clauses.map(([label, ask]): ClauseAsk => ({ label, ask })),
})

test('a simulated official answers everything that is asked, and leaves nothing owed', () => {
  assert.deepEqual([...answersOf(asks(['', 'acknowledge'], ['ক', 'nothing']), 'done')], [['done', ['']]])
  assert.deepEqual([...answersOf(asks(['', 'acknowledge'], ['গ', 'once']), 'progress')], [['progress', ['গ']]])
  assert.deepEqual(
    [...answersOf(asks(['', 'once'], ['খ', 'standing'], ['গ', 'once']), 'done')],
    [
      ['done', ['', 'গ']],
      ['kept', ['খ']],
    ],
  )
})
