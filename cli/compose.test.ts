import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keysOnPaper } from './compose.ts'

test('of a line and a copy with the same number the one goes on paper that is not understood', () => {
  const line = (key: string, label: string, unresolved?: string) => ({
    key,
    label,
    n: 1,
    ...(unresolved && { unresolved }),
  })
  const lines = [line('police', '১', 'notInDirectory'), line('dc', '৩'), line('copy', '৩', 'notInDirectory')]
  assert.deepEqual(keysOnPaper(['3'], lines), ['copy'])
  assert.deepEqual(keysOnPaper(['৩', '1', '3'], lines), ['copy', 'police', 'dc'])
  assert.throws(() => keysOnPaper(['3', '3', '3'], lines), { code: 'no_such_line' })
})
