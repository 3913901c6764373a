import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomBytes } from './bytes.ts'
import {
  chainTag,
  isDirectoryChain,
  issuedChain,
  partyChain,
  partyOfChain,
  SERVICE_CHAIN,
  threadChain,
  threadOfChain,
} from './chain.ts'

test('no two chains share an id', () => {
  const [a, b] = [randomBytes(16), randomBytes(16)]
  const chains = [SERVICE_CHAIN, partyChain(a), partyChain(b), issuedChain(a), threadChain(a, b), threadChain(b, a)]
  assert.equal(new Set(chains.map((chain) => chain.toHex())).size, chains.length)
  assert.deepEqual(
    chains.map((chain) => chain.length),
    [1, 17, 17, 17, 33, 33],
  )
})

test('a chain can be taken apart again by who has its name', () => {
  const [a, b] = [randomBytes(16), randomBytes(16)]
  assert.deepEqual(partyOfChain(partyChain(a)), a)
  assert.deepEqual(threadOfChain(threadChain(a, b)), { directive: a, post: b })
  for (const chain of [SERVICE_CHAIN, issuedChain(a)])
    assert.deepEqual([partyOfChain(chain), threadOfChain(chain)], [null, null])
  assert.deepEqual([SERVICE_CHAIN, partyChain(a), issuedChain(a), threadChain(a, b)].map(isDirectoryChain), [
    true,
    true,
    false,
    false,
  ])
})

test('the tag in a leaf is a hash of the whole chain', () => {
  assert.equal(chainTag(SERVICE_CHAIN).toHex(), chainTag(Uint8Array.of(0)).toHex())
  assert.equal(chainTag(SERVICE_CHAIN).length, 32)
  assert.equal(
    new Set(
      [SERVICE_CHAIN, partyChain(randomBytes(16)), partyChain(randomBytes(16))].map((chain) => chainTag(chain).toHex()),
    ).size,
    3,
  )
})
