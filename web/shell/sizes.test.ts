import assert from 'node:assert/strict'
import { test } from 'node:test'
import { say } from '../../language/words.ts'
import { sizeWords } from './sizes.ts'

test('sizes are said as a bill says them', () => {
  const prefs = { say: ((key: 'settings.sizes.kb', params: { n: number }) => say('bn', key, params)) as never }
  const said = [0, 3, 999, 180_000, 4_230_000, 42_100_000, 1_250_000_000].map((bytes) => sizeWords(prefs, bytes))
  assert.deepEqual(said, ['০ কেবি', '১ কেবি', '১ কেবি', '১৮০ কেবি', '৪.২ এমবি', '৪২ এমবি', '১.৩ জিবি'])
})
