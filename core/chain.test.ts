import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomBytes } from './bytes.ts'
import { issuedChain, partyChain, SERVICE_CHAIN, threadChain } from './chain.ts'

test('no two chains share an id', () => {
  const [a, b] = [randomBytes(16), randomBytes(16)]
  const chains = [SERVICE_CHAIN, partyChain(a), partyChain(b), issuedChain(a), threadChain(a, b), threadChain(b, a)]
  assert.equal(new Set(chains.map((chain) => chain.toHex())).size, chains.length)
  assert.deepEqual(
    chains.map((chain) => chain.length),
    [1, 17, 17, 17, 33, 33],
  )
})
