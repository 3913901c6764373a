import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PostName } from '../../../client/views.ts'
import { say } from '../../../language/words.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'
import { answeredName, givenWord } from './wording.ts'

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

test('what an answer is for is said as one says it: the whole letter is no clause', () => {
  const prefs = { say: say.bind(null, 'bn') as Prefs['say'] }
  assert.equal(answeredName(prefs, ['']), 'সম্পূর্ণ পত্র')
  assert.equal(answeredName(prefs, ['খ', 'গ']), 'দফা খ, গ')
  assert.equal(answeredName(prefs, ['', 'খ', 'গ']), 'সম্পূর্ণ পত্র ও দফা খ, গ')
})
