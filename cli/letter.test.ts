import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { EXIT } from './command.ts'
import { typed } from './testing.ts'

const ROOT = join(import.meta.dirname, '..')
const ORDER = join(ROOT, 'test/fixtures/mopa-2024-10-22.txt')
const directory = mkdtempSync(join(tmpdir(), 'smarak-cli-'))
after(() => rmSync(directory, { recursive: true }))

/** The real command in a process of its own. */
function smarak(words: string[], input?: string | Uint8Array) {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'smarak'), words, {
    env: { ...process.env, LANG: 'C.UTF-8' },
    ...(input === undefined ? {} : { input }),
  })
  return { code: status, out: String(stdout), err: String(stderr) }
}

// biome-ignore lint/suspicious/noExplicitAny: what was printed, as a reader of JSON finds it
const parsed = (text: string): any => JSON.parse(text)

test('date says both calendars', () => {
  const { code, out } = smarak(['date', '2024-10-22', '--json'])
  assert.equal(code, EXIT.ok)
  assert.deepEqual(parsed(out), {
    iso: '2024-10-22',
    bangla: { year: 1431, month: 7, day: 6 },
    text: 'মঙ্গলবার, ৬ কার্তিক ১৪৩১, ২২ অক্টোবর ২০২৪',
  })
})

test('date reads Bangla digits', async () => {
  assert.equal(parsed((await typed(['date', '২০২৪-১০-২২', '--json'])).out).iso, '2024-10-22')
})

test('the order of 22 October 2024 is read, and its parts have the agreed names', () => {
  const letter = parsed(smarak(['letter', 'read', ORDER, '--json']).out)
  assert.deepEqual(Object.keys(letter), [
    'memo',
    'date',
    'banglaDate',
    'subject',
    'clauses',
    'paragraphs',
    'signatory',
    'byOrderOf',
    'distribution',
    'warnings',
  ])
  assert.deepEqual(letter.memo, {
    raw: '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭',
    file: '05.00.0000.110.99.002.17',
    groups: ['05', '00', '0000', '110', '99', '002', '17'],
    issue: '1337',
    form: '18',
  })
  assert.equal(letter.date, '2024-10-22')
  assert.deepEqual(letter.banglaDate, { year: 1431, month: 7, day: 6 })
  assert.deepEqual(
    letter.clauses.map(({ label }: { label: string }) => label),
    ['ক', 'খ', 'গ', 'ঘ', 'ঙ'],
  )
  assert.equal(letter.paragraphs[1].label, '০২')
  assert.deepEqual(letter.signatory, {
    name: 'মোহাম্মদ নাহির উল্লাহ খান',
    post: 'উপসচিব',
    charge: 'অতিরিক্ত দায়িত্ব',
    phone: '৫৫১০০২১৬',
    email: 'adminint@mopa.gov.bd',
  })
  assert.match(letter.byOrderOf, /^সিনিয়র সচিব/)
  assert.equal(letter.distribution.length, 18)
  assert.deepEqual(Object.keys(letter.distribution[0]), ['n', 'text', 'purpose'])
  for (const warning of letter.warnings) assert.deepEqual(Object.keys(warning), ['code', 'message'])
})

test('the order reaches 8, 64 and 495 posts, and no line is unresolved', () => {
  const { code, out } = smarak(['letter', 'resolve', ORDER, '--json'])
  assert.equal(code, EXIT.ok)
  type Line = { n: string; posts: number; ids: string[]; unresolved: string | null; publish: boolean }
  const lines: Line[] = parsed(out).distribution
  const posts = new Map(lines.map((line) => [line.n, line.posts]))
  assert.deepEqual([posts.get('১০'), posts.get('১৪'), posts.get('১৮')], [8, 64, 495])
  assert.deepEqual(
    lines.filter(({ unresolved, ids, posts }) => unresolved !== null || ids.length !== posts),
    [],
  )
  assert.deepEqual(
    lines.filter(({ publish }) => publish).map(({ n }) => n),
    ['১৭'],
  )
})

test('a letter comes by standard input just as well', () => {
  const text = readFileSync(ORDER)
  assert.equal(smarak(['letter', 'read', '-', '--json'], text).out, smarak(['letter', 'read', ORDER, '--json']).out)
})

test('a letter is resolved against an operator’s own posts', async () => {
  const letter = 'স্মারক নং-১২৩\nবিষয়: পরীক্ষা\n\nপরীক্ষা।\n\nবিতরণ:\n১। জেলা প্রশাসক (সকল)\n২। মহাপরিচালক, নাই দপ্তর'
  const own = join(ROOT, 'features/directory/country/examples')
  const { code, out } = await typed(['letter', 'resolve', 'letter', '--country', own, '--json'], { files: { letter } })
  assert.equal(code, EXIT.ok)
  const [first, second] = parsed(out).distribution
  assert.ok(first.posts <= 3, 'not the 64 of the shipped country')
  assert.equal(second.posts, 0)
  assert.equal(typeof second.unresolved, 'string')
  const words = await typed(['letter', 'resolve', 'letter', '--country', own], { files: { letter }, lang: 'bn' })
  assert.match(words.out, /মিলিয়ে নিন/)
})

test('faults of an operator’s own files are all said, each with its place', async () => {
  writeFileSync(join(directory, 'offices.csv'), 'code,bn,kind\nBad Code,দপ্তর,office\n')
  writeFileSync(join(directory, 'posts.csv'), 'code,role,bn,office,supervisor\n')
  writeFileSync(join(directory, 'people.csv'), 'code,bn,post\n')
  const { code, err } = await typed(['letter', 'resolve', ORDER, '--country', directory])
  assert.equal(code, EXIT.refused)
  assert.match(err, /offices\.csv, row 2, code: "Bad Code" cannot be a code/)
})

test('a letter in UTF-16, as old Windows saves it, is the same letter', async () => {
  const text = `\ufeff${readFileSync(ORDER, 'utf8')}`
  const files = { wide: Buffer.from(text, 'utf16le') }
  assert.equal(
    (await typed(['letter', 'read', 'wide', '--json'], { files })).out,
    (await typed(['letter', 'read', ORDER, '--json'])).out,
  )
})

test('an empty file is read, and said to be empty', async () => {
  const { code, out } = await typed(['letter', 'read', 'empty', '--json'], { files: { empty: '' } })
  assert.equal(code, EXIT.ok)
  const { memo, date, signatory, distribution, warnings } = parsed(out)
  assert.deepEqual([memo.raw, date, signatory, distribution], ['', null, null, []])
  assert.equal(warnings[0].code, 'empty')
})

test('what is no letter is refused with a code and words that say what to do', async () => {
  const huge = join(directory, 'huge')
  writeFileSync(huge, Buffer.alloc(1_000_001, 0x61))
  const cases: [string, string][] = [
    [join(directory, 'nothing'), 'file_missing'],
    [join(ORDER, 'inside'), 'file_missing'],
    [directory, 'file_unreadable'],
    [huge, 'file_too_large'],
    ['/dev/zero', 'file_too_large'],
    ['bijoy', 'not_utf8'],
  ]
  const files = { bijoy: new Uint8Array([0xd8, 0xff, 0x80]) }
  for (const [file, code] of cases) {
    const json = await typed(['letter', 'read', file, '--json'], { files })
    assert.deepEqual([json.code, json.json().error?.code], [EXIT.refused, code], file)
    const words = await typed(['letter', 'read', file], { files, lang: 'bn' })
    assert.match(words.err, /^smarak: .*[\u0980-\u09ff].*।\n$/, file)
    assert.equal(words.out, '')
  }
})

test('any bytes are read or refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const { code, out } = await typed(['letter', 'resolve', 'any', '--json'], { files: { any: bytes } })
      assert.ok(code === EXIT.ok || code === EXIT.refused)
      assert.equal(typeof parsed(out), 'object')
    }),
    { numRuns: 40 },
  )
})

test('copies are addressees too: they are printed, resolved and counted', async () => {
  const file = join(directory, 'notification.txt')
  const { lines } = parsed(readFileSync(join(ROOT, 'vectors/letters/notification.json'), 'utf8'))
  writeFileSync(file, lines.join('\n'))
  const letter = parsed((await typed(['letter', 'resolve', file, '--json'])).out)
  assert.deepEqual(letter.distribution, [])
  assert.deepEqual(
    letter.copies.map(({ n, posts }: { n: string; posts: number }) => ({ n, posts })),
    [
      { n: '০১', posts: 1 },
      { n: '০২', posts: 1 },
    ],
  )
  const { out } = await typed(['letter', 'resolve', file])
  assert.match(out, /বিভাগীয় কমিশনার, রংপুর বিভাগ/u)
  assert.match(out, /2 posts in all/)
})
