import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../test/helpers/any-text.ts'
import published from '../vectors/log/published.json' with { type: 'json' }
import { utf8 } from './bytes.ts'
import { signCheckpoint } from './checkpoint.ts'
import { signingKeyFromSeed } from './cose.ts'
import { cosign } from './cosignature.ts'
import { leafHash } from './merkle.ts'
import { COSIGNATURE, formatVerifierKey, noteKey, parseVerifierKey } from './note.ts'
import { formatPolicy, openUnderPolicy, parsePolicy, policyOf } from './policy.ts'
import { Refusal } from './refusal.ts'

const ORIGIN = 'smarak.example/log'
const log = await signingKeyFromSeed(new Uint8Array(32).fill(1))
const logKey = noteKey(ORIGIN, log.publicKey)
const otherLog = await signingKeyFromSeed(new Uint8Array(32).fill(9))
const witnesses = await Promise.all(
  [11, 12, 13, 14, 15, 16].map(async (seed, i) => {
    const { publicKey, sign } = await signingKeyFromSeed(new Uint8Array(32).fill(seed))
    return { key: noteKey(`witness.example/${i}`, publicKey, COSIGNATURE), sign }
  }),
)
const vkeys = witnesses.map(({ key }) => formatVerifierKey(key))
const logLine = `log ${formatVerifierKey(logKey)}`
const bare = await signCheckpoint({ size: 5, root: leafHash(utf8('root')) }, logKey, log.sign)

async function cosignedBy(...who: number[]): Promise<string> {
  let note = bare
  for (const i of who) note = await cosign(note, witnesses[i]!.key, 1_790_000_000 + i, witnesses[i]!.sign)
  return note
}

async function refusalOf(act: () => unknown): Promise<string | null> {
  try {
    await act()
    return null
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error))
    return error.code
  }
}

test('with no witness asked, the log alone is believed', async () => {
  const opened = await openUnderPolicy(bare, policyOf(logKey))
  assert.equal(opened.size, 5)
  assert.deepEqual(opened.log, logKey)
  assert.deepEqual(opened.cosignatures, [])
  assert.equal(formatPolicy(logKey), `${logLine}\nquorum none\n`)
})

test('k of n witnesses are k of n', async () => {
  const keys = witnesses.slice(0, 3).map(({ key }) => key)
  for (let k = 0; k <= 3; k++) {
    const policy = policyOf(logKey, keys, k)
    for (const who of [[], [0], [2], [0, 1], [1, 2], [0, 1, 2]]) {
      const expected = who.length >= k ? null : 'not_witnessed'
      assert.equal(await refusalOf(async () => openUnderPolicy(await cosignedBy(...who), policy)), expected)
    }
  }
  const opened = await openUnderPolicy(await cosignedBy(2, 0), policyOf(logKey, keys, 2))
  assert.deepEqual(
    opened.cosignatures.map(({ key, time }) => [key.name, time]),
    [
      ['witness.example/2', 1_790_000_002],
      ['witness.example/0', 1_790_000_000],
    ],
  )
})

test('one witness cannot stand for two', async () => {
  const keys = witnesses.slice(0, 2).map(({ key }) => key)
  assert.equal(
    await refusalOf(async () => openUnderPolicy(await cosignedBy(0, 0, 5), policyOf(logKey, keys, 2))),
    'not_witnessed',
  )
})

test('a real checkpoint is believed under a policy of its real log and witnesses', async () => {
  const keys = published.witnesses.map(parseVerifierKey)
  const opened = await openUnderPolicy(published.note, policyOf(parseVerifierKey(published.log), keys, 4))
  assert.equal(opened.origin, 'arche2025h1.staging.ct.transparency.dev')
  assert.equal(opened.cosignatures.length, 4)
})

test('groups of groups mean what the example of tlog-policy says', async () => {
  const policy = parsePolicy(`${logLine} https://smarak.example/log

# X is one organisation, Y another
witness X1 ${vkeys[0]}
witness X2 ${vkeys[1]} https://witness.example/x2
witness X3 ${vkeys[2]}
group X-witnesses 2 X1 X2 X3

\twitness Y1   ${vkeys[3]}
witness Y2 ${vkeys[4]}
witness Y3 ${vkeys[5]}
  # any of them
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`)
  const cases: [number[], string | null][] = [
    [[0, 1, 3], null],
    [[1, 2, 5], null],
    [[0, 1, 2, 3, 4, 5], null],
    [[0, 3, 4, 5], 'not_witnessed'],
    [[0, 1, 2], 'not_witnessed'],
    [[], 'not_witnessed'],
  ]
  for (const [who, expected] of cases) {
    assert.equal(await refusalOf(async () => openUnderPolicy(await cosignedBy(...who), policy)), expected, String(who))
  }
})

test('a log is believed for its own origin only, and a witness is no log', async () => {
  const otherKey = noteKey('other.example/log', otherLog.publicKey)
  assert.equal(await refusalOf(() => openUnderPolicy(bare, policyOf(otherKey))), 'bad_note')
  const sameName = noteKey(ORIGIN, otherLog.publicKey)
  assert.equal(await refusalOf(() => openUnderPolicy(bare, policyOf(sameName))), 'bad_note')
  const both = parsePolicy(`${logLine}\nlog ${formatVerifierKey(otherKey)}\nquorum none`)
  assert.equal(await refusalOf(() => openUnderPolicy(bare, both)), null)
  const noLog = parsePolicy(`witness w ${vkeys[0]}\nquorum w\n`)
  assert.equal(await refusalOf(async () => openUnderPolicy(await cosignedBy(0), noLog)), 'bad_note')
})

test('what is no policy is refused with the line', async () => {
  const w = (i: number) => `witness w${i} ${vkeys[i]}\n`
  const many = Array.from({ length: 130 }, (_, i) => `group g${i} any ${i === 0 ? 'w0' : `g${i - 1}`}\n`).join('')
  const policies: [string, number][] = [
    ['', 1],
    [`${logLine}\n`, 2],
    ['quorum none\nquorum none\n', 2],
    ['quorum w0\n', 1],
    [`quorum w0\n${w(0)}`, 1],
    [`${w(0)}group g 2 w0\nquorum g\n`, 2],
    [`${w(0)}group g 0 w0\nquorum g\n`, 2],
    [`${w(0)}group g 01 w0\nquorum g\n`, 2],
    [`${w(0)}group g any\nquorum g\n`, 2],
    [`${w(0)}group g any none\nquorum g\n`, 2],
    [`${w(0)}group g any g\nquorum g\n`, 2],
    [`${w(0)}group g any w0 w0\nquorum g\n`, 2],
    [`${w(0)}${w(1)}group g any w0\ngroup h all g w0\nquorum h\n`, 4],
    [`${w(0)}group w0 any w0\nquorum w0\n`, 2],
    [`witness none ${vkeys[0]}\nquorum none\n`, 1],
    [`${w(0)}witness again ${vkeys[0]}\nquorum none\n`, 2],
    [`${logLine}\n${logLine}\nquorum none\n`, 2],
    [`log ${vkeys[0]}\nquorum none\n`, 1],
    [`witness w ${formatVerifierKey(logKey)}\nquorum none\n`, 1],
    [`${logLine} url more\nquorum none\n`, 1],
    ['quorum none # comment\n', 1],
    ['quorum\n', 1],
    ['Quorum none\n', 1],
    ['quorum none\r\n', 1],
    ['quorum\u00a0none\n', 1],
    ['log nonsense\nquorum none\n', 1],
    [`${w(0)}${many}quorum w0\n`, 129],
  ]
  for (const [text, line] of policies) {
    assert.throws(
      () => parsePolicy(text),
      (error) => error instanceof Refusal && error.code === 'bad_policy' && error.details.line === line,
      text.slice(0, 200),
    )
  }
  assert.throws(() => policyOf(logKey, [witnesses[0]!.key], 2), Refusal)
})

test('any text is a policy or is refused', async () => {
  const words = fc.constantFrom(
    'log',
    'witness',
    'group',
    'quorum',
    'none',
    'any',
    'all',
    '1',
    'a',
    'b',
    '#',
    '\n',
    '\n',
    vkeys[0]!,
    formatVerifierKey(logKey),
  )
  const likely = fc.array(words, { maxLength: 20 }).map((some) => some.join(' '))
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyText(), likely), async (text) => {
      assert.ok([null, 'bad_policy'].includes(await refusalOf(() => parsePolicy(text))))
    }),
    { numRuns: 500 },
  )
})
