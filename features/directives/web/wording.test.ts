import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PostName } from '../../../client/views.ts'
import { givenWord } from './wording.ts'

const post = (title: string): PostName => ({
  id: 'p',
  title: { bn: title, en: '' },
  office: { bn: '', en: '' },
  vacant: false,
  joined: true,
})

test('what a private secretary has done with a letter is called presenting it; all else as of anybody', () => {
  const secretary = post('সিনিয়র সচিবের একান্ত সচিব')
  assert.equal(givenWord({ by: secretary, state: 'done' }), 'letter.acts.present')
  assert.equal(givenWord({ by: secretary, state: 'impossible' }), 'common.states.impossible')
  assert.equal(givenWord({ by: post('জেলা প্রশাসক'), state: 'done' }), 'common.states.complied')
})
