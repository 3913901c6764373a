import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { sayIfKnown } from '../language/words.ts'
import { anyText } from '../test/helpers/any-text.ts'
import { cpuClock } from '../test/helpers/crowd.ts'
import type { Letter, Reading } from './letter.ts'
import { letterFromParts, letterParts } from './parts.ts'
import { readLetter } from './read.ts'
import { typeset } from './typeset.ts'

const order = readFileSync(new URL('../test/fixtures/mopa-2024-10-22.txt', import.meta.url), 'utf8')

type Vector = { about: string; lines: string[]; reading: Partial<Letter>; warnings: string[] }
const folder = new URL('../vectors/letters/', import.meta.url)
const vectors = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, ...(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vector) }))
const letters = [order, ...vectors.map(({ lines }) => lines.join('\n'))]

/** A reading without offsets and remarks: the letter itself. */
function letterOf(reading: Reading): Letter {
  const { warnings, spans, ...letter } = JSON.parse(
    JSON.stringify(reading, (key, value) => (key === 'at' ? undefined : value)),
  ) as Reading
  return letter
}

test('the order of 22 October 2024 is understood completely', () => {
  const reading = readLetter(order)
  const letter = letterOf(reading)
  assert.equal(letter.memo.file, '05.00.0000.110.99.002.17')
  assert.equal(letter.memo.issue, '1337')
  assert.equal(letter.date, '2024-10-22')
  assert.deepEqual(letter.banglaDate, { year: 1431, month: 7, day: 6 })
  assert.equal(letter.subject, 'তথ্য ও যোগাযোগ প্রযুক্তির ব্যবহারে অধিকতর তৎপর হওয়া প্রসঙ্গে।')
  assert.deepEqual(
    letter.clauses.map(({ label, after }) => ({ label, after })),
    ['ক', 'খ', 'গ', 'ঘ', 'ঙ'].map((label) => ({ label, after: 0 })),
  )
  assert.ok(letter.clauses[0]!.text.includes('দ্রুত সাড়া (Response) প্রদান করা যায়;'))
  assert.deepEqual(
    letter.paragraphs.map(({ label }) => label),
    ['', '০২'],
  )
  assert.deepEqual(letter.signatory, {
    name: 'মোহাম্মদ নাহির উল্লাহ খান',
    post: 'উপসচিব',
    charge: 'অতিরিক্ত দায়িত্ব',
    phone: '৫৫১০০২১৬',
    email: 'adminint@mopa.gov.bd',
  })
  assert.deepEqual(letter.byOrderOf, {
    text: 'সিনিয়র সচিব, জনপ্রশাসন মন্ত্রণালয়',
    post: 'সিনিয়র সচিব',
    office: 'জনপ্রশাসন মন্ত্রণালয়',
  })
  assert.equal(letter.distribution.length, 18)
  assert.deepEqual(
    letter.distribution.filter(({ purpose }) => purpose).map(({ n, purpose }) => ({ n, purpose })),
    [
      { n: '১৬', purpose: 'সিনিয়র সচিব মহোদয়ের সদয় অবগতির জন্য' },
      { n: '১৭', purpose: 'ওয়েবসাইটে প্রকাশের অনুরোধ করা হলো' },
    ],
  )
  assert.deepEqual(letter.others, [])
  const suspects = reading.warnings.map(({ code, params }) => `${code} ${params?.word}`)
  assert.deepEqual(suspects, ['ocr_suspect পরিহারক়ে', 'ocr_suspect রেষ্টর', 'ocr_suspect রেষ্টর', 'ocr_suspect নাড়া'])
})

for (const { name, about, lines, reading: expected, warnings } of vectors)
  test(`${name}: ${about}`, () => {
    const reading = readLetter(lines.join('\n'))
    const letter = letterOf(reading)
    for (const [field, value] of Object.entries(expected)) assert.deepEqual(letter[field as keyof Letter], value, field)
    assert.deepEqual(reading.warnings.map(({ code }) => code).sort(), [...warnings].sort())
  })

test('hard wraps, missing or doubled blank lines and markdown change nothing', () => {
  const plain = order.replace(/\*\*|^- | +$/gm, '').replace(/\[(.*?)\]\(.*?\)/g, '$1')
  const wrap = (width: number) =>
    plain.replace(new RegExp(`(?=[^\\n]{${width}})([^\\n]{1,${width}}) `, 'g'), '$1\n').replace(/ +$/gm, '')
  const whole = letterParts(readLetter(order))
  const forms = [plain, plain.replace(/\n+/g, '\n'), plain.replace(/\n/g, '\r\n'), plain.replace(/\n/g, '\n\n')]
  for (const width of [40, 60, 80, 100]) forms.push(wrap(width), wrap(width).replace(/\n+/g, '\n'))
  assert.notEqual(wrap(60), plain)
  for (const form of forms) assert.deepEqual(letterParts(readLetter(form)), whole)
})

test('a wrong Bangla date is told with the right one, and stays as written', () => {
  const reading = readLetter(order.replace('০৬ কার্তিক, ১৪৩১', '০৬ কার্তিক, ১৪৩০'))
  const warning = reading.warnings.find(({ code }) => code === 'bangla_date_wrong')!
  assert.deepEqual(reading.banglaDate, { year: 1430, month: 7, day: 6 })
  assert.equal(warning.params!.right, '৬ কার্তিক ১৪৩১')
  assert.equal(warning.params!.gregorian, '২২ অক্টোবর ২০২৪')
})

test('each field points to its place in the text', () => {
  const { spans, clauses, distribution } = readLetter(order)
  const at = ({ start, end }: { start: number; end: number }) => order.slice(start, end)
  assert.equal(at(spans.memo!), '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭')
  assert.equal(at(spans.date!), '২২ অক্টোবর, ২০২৪')
  assert.equal(at(spans.banglaDate!), '০৬ কার্তিক, ১৪৩১')
  assert.equal(at(spans.name!), 'মোহাম্মদ নাহির উল্লাহ খান')
  assert.equal(at(spans.email!), 'adminint@mopa.gov.bd')
  assert.equal(at(spans.phone!), '৫৫১০০২১৬')
  assert.equal(at(spans.charge!), 'অতিরিক্ত দায়িত্ব')
  assert.equal(at(spans.byOrderOf!), 'সিনিয়র সচিব, জনপ্রশাসন মন্ত্রণালয়')
  for (const part of [...clauses, ...distribution]) assert.equal(at(part.at!), part.text)
})

test('a letter laid out on paper keeps the order of its parts', () => {
  const blocks = typeset(readLetter(order))
  assert.deepEqual(
    blocks.map((block) => ('label' in block ? `${block.type} ${block.label}` : block.type)),
    'number,subject,paragraph ,clause ক,clause খ,clause গ,clause ঘ,clause ঙ,paragraph ০২,signature,distribution'.split(
      ',',
    ),
  )
  const [number] = blocks
  assert.deepEqual(number, {
    type: 'number',
    memo: '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭',
    banglaDate: '৬ কার্তিক ১৪৩১',
    date: '২২ অক্টোবর ২০২৪',
  })
  assert.deepEqual(
    blocks.find(({ type }) => type === 'signature'),
    {
      type: 'signature',
      lines: ['মোহাম্মদ নাহির উল্লাহ খান', 'উপসচিব (অতিরিক্ত দায়িত্ব)'],
      contacts: [
        { name: 'phone', value: '৫৫১০০২১৬' },
        { name: 'email', value: 'adminint@mopa.gov.bd' },
      ],
    },
  )
})

test('the parts of the order are its leaves, in order', () => {
  const parts = letterParts(readLetter(order))
  assert.equal(parts.length, 4 + 7 + 5 + 18)
  assert.deepEqual(parts.slice(0, 3), [
    { label: 'memo', text: '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭' },
    { label: 'bangla-date', text: '1431-07-06' },
    { label: 'date', text: '2024-10-22' },
  ])
  assert.equal(parts.find(({ label }) => label === 'clause:ঘ')!.text.startsWith('হোয়াটসঅ্যাপ বা অন্য কোনো'), true)
  assert.equal(parts.at(-1)!.label, 'line:১৮')
})

test('parts alone give the letter back', () => {
  for (const text of letters) {
    const reading = readLetter(text)
    assert.deepEqual(letterFromParts(letterParts(reading)), letterOf(reading))
  }
})

test('disclosed parts make a letter of just those parts', () => {
  const some = letterParts(readLetter(order)).filter(({ label }) => ['memo', 'clause:গ'].includes(label))
  const letter = letterFromParts([...some, { label: 'nonsense', text: 'x' }, { label: 'date', text: 'soon' }])
  assert.deepEqual(letterParts(letter), [...some, { label: 'other', text: 'x' }, { label: 'other', text: 'soon' }])
})

/** What reading promises for any text whatever. */
function assertSound(text: string): void {
  const reading = readLetter(text)
  const spans = [
    ...Object.values(reading.spans),
    ...[...reading.paragraphs, ...reading.clauses, ...reading.distribution, ...reading.warnings].flatMap(
      ({ at }) => at ?? [],
    ),
  ]
  for (const { start, end } of spans) assert.ok(start >= 0 && start <= end && end <= text.length)
  for (const { code, params } of reading.warnings)
    for (const lang of ['bn', 'en'] as const) {
      const sentence = sayIfKnown(lang, `letter.warnings.${code}`, params)
      assert.ok(sentence && !sentence.includes('–'), `${code} is worded`)
    }
  const labels = reading.clauses.map(({ label }) => label)
  assert.equal(new Set(labels).size, labels.length, 'clause labels are unique')
  assert.deepEqual(letterFromParts(letterParts(reading)), letterOf(reading))
  const written = new Set(text)
  for (const { label, text: said } of letterParts(reading))
    if (!/^kind$|date$/.test(label))
      for (const sign of said)
        assert.ok(written.has(sign) || sign === ' ' || sign === ',', `invented ${sign} in ${label}`)
}

test('no text is too strange to read', () => {
  fc.assert(fc.property(anyText({ maxLength: 300 }), assertSound), { numRuns: 300 })
  const signs = [
    ...'।:,;()[]*_-/.<>|\n\n\n  ০১২৩১০৫কখগঘঙ',
    'বিষয়',
    'নং',
    'তারিখ',
    'বিতরণ',
    'সূত্র:',
    'অনুলিপি',
    'উপসচিব',
    'ফোন:',
    '২২ অক্টোবর ২০২৪',
    '০২।',
    '(ক)',
    '১)',
    '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭',
    '(সকল)',
  ]
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...signs), { maxLength: 80 }).map((parts) => parts.join('')),
      assertSound,
    ),
    { numRuns: 500 },
  )
})

test('a real letter damaged anywhere still reads', () => {
  const damage = fc.record({
    letter: fc.constantFrom(...letters),
    cuts: fc.array(
      fc.record({
        at: fc.nat(),
        length: fc.nat({ max: 40 }),
        put: fc.constantFrom('', '\n', '\n\n', ' ', '।', ')', '(', '\u09bc', '১', 'x', '**', '\r\n', '\ud800'),
      }),
      { maxLength: 6 },
    ),
  })
  fc.assert(
    fc.property(damage, ({ letter, cuts }) => {
      let text = letter
      for (const { at, length, put } of cuts) {
        const from = at % (text.length + 1)
        text = text.slice(0, from) + put + text.slice(from + length)
      }
      assertSound(text)
    }),
    { numRuns: 300 },
  )
})

test('marks nobody sees among the digits of a memo number change nothing', () => {
  for (const mark of ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff'])
    assert.deepEqual(
      readLetter(order.replace('০৫.০০.০০০০', `০৫.${mark}০০.০${mark}০০০`)).memo,
      readLetter(order).memo,
      mark.codePointAt(0)!.toString(16),
    )
})

test('a very long text without any line is read in a moment', () => {
  const used = cpuClock()
  for (const unit of ['ক', 'ক ', '(', '১', '০৫.', '/', '* ', 'a', 'সচিব ', '<b ', '[', '১২ '])
    readLetter(unit.repeat(Math.ceil(50_000 / unit.length)))
  assert.ok(used() < 10_000, `${used()} ms`)
})
