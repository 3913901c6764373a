import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tryCanaries } from './promises/canary.ts'

test('no sealed word, key or code is anywhere the server has been, and an open name is everywhere', {
  timeout: 110_000,
}, async () => {
  const { sealed, read, found, seen, places } = await tryCanaries({ directives: 3, upazilas: 2 })
  assert.deepEqual(found, [])
  assert.deepEqual([sealed, read], [32, 32])
  assert.deepEqual(
    seen,
    Object.keys(places).filter((place) => place !== 'log'),
  )
  for (const place of ['answers to a stranger', 'heap snapshot', 'tables', 'data directory'])
    assert.ok(seen.includes(place))
  assert.ok(places.log!.bytes > 0)
})
