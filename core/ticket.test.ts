import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../test/helpers/any-text.ts'
import { randomBytes } from './bytes.ts'
import { sha256 } from './hash.ts'
import { Refusal } from './refusal.ts'
import { checkRootTag, formatCode, newCode, readCode, rootTag, ticketKey } from './ticket.ts'

const CODE = '7K3M01Q8Z5VWX0T2HJ9A'
const root = sha256(randomBytes(8))

test('a code is read however it is typed', () => {
  const typed = {
    'as given': '7K3M-01Q8-Z5VW-X0T2-HJ9A',
    'small letters': '7k3m-01q8-z5vw-x0t2-hj9a',
    'Bangla digits': '৭K৩M-০১Q৮-Z৫VW-X০T২-HJ৯A',
    'O for 0, I or l for 1': '7k3m-OIq8-z5vw-xoT2-hj9a',
    'L for 1': '7K3M-0lQ8-Z5VW-X0T2-HJ9A',
    'spaces and line ends': ' 7K3M 01Q8\tZ5VW\n X0T2 HJ9A ',
    'dashes that a keyboard makes of hyphens': '7K3M–01Q8—Z5VW‑X0T2−HJ9A',
    'invisible characters of a messenger': '\u200b7K3M\u200d01Q8\ufeffZ5VW\u2060X0T2\u00adHJ9A\u200e',
    'no divider': CODE,
  }
  for (const [what, text] of Object.entries(typed)) assert.equal(readCode(text), CODE, what)
})

test('what is not a code is refused, and nothing in it is passed over', () => {
  const refused = {
    empty: '',
    'one short': CODE.slice(1),
    'one more': `${CODE}7`,
    'a U, which the alphabet has not': `U${CODE.slice(1)}`,
    'a letter more that is no Latin one': `${CODE}ক`,
    'a sign more': `${CODE}!`,
    'a letter whose capital is two': `ß${CODE.slice(2)}`,
    'Cyrillic letters that look alike': CODE.replace('A', '\u0410'),
    'full-width letters': CODE.replace('A', '\uff21'),
  }
  for (const [what, text] of Object.entries(refused)) {
    assert.throws(() => readCode(text), { code: 'ticket_wrong' }, what)
  }
})

test('any text is a code or is refused', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      try {
        assert.match(readCode(text), /^[0-9A-HJKMNP-TV-Z]{20}$/)
      } catch (error) {
        assert.ok(error instanceof Refusal && error.code === 'ticket_wrong', String(error))
      }
    }),
    { numRuns: 1000 },
  )
})

test('a fresh code is read back, and uses the whole alphabet: 100 bits', () => {
  const seen = new Set<string>()
  for (let i = 0; i < 300; i++) {
    const code = newCode()
    assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/)
    assert.equal(formatCode(readCode(code)), code)
    for (const letter of readCode(code)) seen.add(letter)
  }
  assert.equal(seen.size, 32)
  assert.equal(32n ** 20n, 2n ** 100n)
})

test('a code as typed gives the key and tag it was made with', async () => {
  const made = await ticketKey(CODE)
  const typed = await ticketKey('7k3m 01q8 z5vw x0t2 hj9a')
  assert.deepEqual(typed.publicKey, made.publicKey)
  assert.deepEqual(rootTag('7k3m 01q8 z5vw x0t2 hj9a', root), rootTag(CODE, root))
  await assert.rejects(ticketKey(CODE.slice(1)), { code: 'ticket_wrong' })
  const other = await ticketKey(newCode())
  assert.notDeepEqual(other.publicKey, made.publicKey)
})

test('a server that shows another root than the code was made under is found out', () => {
  const tag = rootTag(CODE, root)
  checkRootTag(CODE, root, tag)
  const wrong = { code: 'wrong_root' }
  assert.throws(() => checkRootTag(CODE, sha256(root), tag), wrong)
  assert.throws(() => checkRootTag(newCode(), root, tag), wrong)
  assert.throws(() => checkRootTag(CODE, root, tag.with(0, tag[0]! ^ 1)), wrong)
  assert.throws(() => checkRootTag(CODE, root, tag.slice(0, 8)), wrong)
  assert.throws(() => checkRootTag(CODE, root, new Uint8Array(0)), wrong)
})
