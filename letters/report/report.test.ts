import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../../test/helpers/any-text.ts'
import type { Field } from '../fields.ts'
import { reportCsv } from './csv.ts'
import type { ReportData, ReportRow, ReportStage } from './data.ts'
import { ENGINE_BYTES, type Engine, sheetText } from './render.ts'
import { layOut } from './sheet.ts'
import { TEMPLATE } from './template.ts'
import { installedEngine, sampleReport } from './testing.ts'

const naughty = [
  '#panic("x")',
  '#pagebreak()',
  '$ x^2 $',
  '\\',
  '"',
  '`',
  '*_~@<a>',
  '= h',
  '- a\n+ b',
  '/* x */ // y',
  ']',
  '[',
  '}#{',
  '#eval("1")',
  '#read("/sheet.json")',
  'র‍্যাব ক্‌ষ',
  '\u202eabc',
  '\ud800',
  '\u0000',
  '=HYPERLINK("http://x")',
  '{n}{all}',
  'https://example.com',
  '🇧🇩👩‍👩‍👧',
  '\u2028',
  'ক'.repeat(3000),
  'ক্ষ'.repeat(500),
]

const field = (type: Field['type'], name: string, choices: string[] = []): Field => ({
  key: name.slice(0, 9) || 'k',
  clause: '',
  type,
  name,
  unit: '',
  required: false,
  choices,
})

/** A report of which every text is `text`. */
function everywhere(text: string): ReportData {
  const row: ReportRow = {
    division: text,
    district: text,
    upazila: text,
    office: text,
    post: text,
    state: 'done',
    answeredAt: 0,
    values: new Map([['t', text]]),
  }
  return {
    ...sampleReport(),
    letterhead: [text, text],
    memo: text,
    subject: text,
    mark: text,
    checkpoint: { size: 1, root: text },
    maker: { name: text, post: text, office: text },
    fields: [
      { ...field('text', text), key: 't', unit: text },
      { ...field('choice', text, [text, 'না']), key: 'c' },
    ],
    rows: [row, { ...row, post: `${text}.`, values: null }],
  }
}

/** Lines of cells, by RFC 4180. */
function readCsv(text: string): string[][] {
  const lines: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy)) {
    lines.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'))
    if (end === '\r\n') lines.push([])
    if (end === '') break
  }
  assert.deepEqual(lines.pop(), [''], 'it ends with a line break')
  return lines
}

describe('the table of values', () => {
  const text = reportCsv(sampleReport())
  const [heads, ...lines] = readCsv(text.slice(1))

  test('begins with the mark of UTF-8 and has one line an addressee before the totals', () => {
    assert.equal(text[0], '\ufeff')
    assert.equal(lines.filter(([kind]) => kind === 'প্রাপক').length, 495)
    assert.equal(lines.filter(([kind]) => kind === 'জেলার মোট').length, 64)
    assert.equal(lines.filter(([kind]) => kind === 'বিভাগের মোট').length, 8)
    assert.equal(lines.at(-1)![0], 'সর্বমোট')
    for (const line of lines) assert.equal(line.length, heads!.length)
  })

  test('keeps the order of the directory', () => {
    assert.deepEqual(
      lines.slice(0, 495).map((line) => [line[4], line[5]]),
      sampleReport().rows.map(({ office, upazila }) => [upazila, office]),
    )
  })

  test('adds up to what its own lines say', () => {
    const cost = heads!.indexOf('ব্যয়িত অর্থ (টাকা)')
    const tenths = (cell: string) => Math.round(Number(cell) * 10)
    const sum = lines.slice(0, 495).reduce((all, line) => all + tenths(line[cost]!), 0)
    assert.equal(tenths(lines.at(-1)![cost]!), sum)
    assert.ok(sum > 0)
  })

  test('has no cell that a spreadsheet takes for a formula, and loses no text', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyText(), fc.constantFrom('=1+1', ' =1', '+1', '-2+3', '@x', '\t=1', '-5', '＝1', ...naughty)),
        (said) => {
          const cells = readCsv(reportCsv(everywhere(said)).slice(1)).flat()
          for (const cell of cells) assert.doesNotMatch(cell, /^[\s\u200b-\u200f]*[=+@\uff1d]|^\s*-(?!\d+(\.\d+)?$)/)
          assert.ok(cells.some((cell) => cell === said || cell === `'${said}`))
        },
      ),
    )
  })

  test('leaves a negative number a number', () => {
    const data = { ...sampleReport(), fields: [field('number', 'n')] }
    data.rows = [{ ...data.rows[0]!, values: new Map([['n', '-5']]) }]
    assert.equal(readCsv(reportCsv(data).slice(1))[1]!.at(-1), '-5')
  })
})

describe('the sheet', () => {
  test('groups by division and district in the order of the directory, with every row once', () => {
    const data = sampleReport()
    const [detail, ...more] = layOut(data).detail
    assert.equal(more.length, 0)
    const rows = detail!.divisions.flatMap(({ districts }) => districts.flatMap(({ rows }) => rows))
    assert.deepEqual(
      rows.map(([, office]) => office),
      data.rows.map(({ office }) => office),
    )
    assert.equal(rows.at(-1)![0], '৪৯৫')
    assert.equal(detail!.divisions.length, 8)
  })

  test('an office is told apart from those of its name by its upazila', () => {
    const data = sampleReport()
    const [first, second] = data.rows
    const office = 'উপজেলা কৃষি অফিস'
    const rows = [
      { ...first!, office },
      { ...second!, office: `${office}, ${second!.upazila}` },
    ]
    assert.deepEqual(
      layOut({ ...data, rows }).detail[0]!.divisions[0]!.districts[0]!.rows.map(([, name]) => name),
      [`${office}, ${first!.upazila}`, `${office}, ${second!.upazila}`],
    )
  })

  test('names who has not answered, and how far each came', () => {
    const { silent } = layOut(sampleReport())
    const count = silent.divisions.flatMap(({ rows }) => rows).length
    assert.ok(count > 30)
    assert.match(JSON.stringify(silent), /বাবুগঞ্জ \(খোলা হয়েছে\)|বাবুগঞ্জ/)
    assert.deepEqual(layOut({ ...sampleReport(), rows: [] }).silent.divisions, [])
  })

  test('goes on over further sheets when the fields are too many for one, and drops none', () => {
    const fields = Array.from({ length: 21 }, (_, i) => field(i % 3 ? 'number' : 'text', `ঘর ${i}`)).map((one, i) => ({
      ...one,
      key: `k${i}`,
    }))
    const { detail } = layOut({ ...sampleReport(), fields })
    assert.ok(detail.length > 1)
    const heads = detail
      .flatMap(({ columns }) => columns.map(({ head }) => head))
      .filter((head) => head.startsWith('ঘর'))
    assert.deepEqual(
      heads,
      fields.map(({ name }) => name),
    )
    for (const { columns } of detail) assert.ok(columns.reduce((sum, { width }) => sum + width, 0) <= 774)
  })

  test('shows what a field cannot hold as unreadable, and says so under the summary', () => {
    const data = { ...sampleReport(), fields: [field('number', 'n')] }
    data.rows = ['7', 'অনেক'].map((n) => ({ ...data.rows[0]!, values: new Map([['n', n]]) }))
    const sheet = layOut(data)
    assert.deepEqual(
      sheet.detail[0]!.divisions[0]!.districts[0]!.rows.map((row) => row.at(-1)),
      ['৭', 'পড়া যায়নি'],
    )
    assert.equal(sheet.detail[0]!.total.at(-1), '৭')
    assert.match(sheet.notes[0]!, /এমন ৩টি পদের আরও দফা বাকি/)
    assert.match(sheet.notes[1]!, /এমন মান ১টি/)
  })

  test('tells rows as they are set, to the last', () => {
    const heard: number[] = []
    layOut(sampleReport(), (done) => heard.push(done))
    assert.equal(heard.at(-1), 495)
  })
})

describe('the paper', () => {
  let engine: Engine
  before(async () => {
    engine = await installedEngine()
  })
  const pagesOf = (pdf: Uint8Array) => latin(pdf).match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0
  const latin = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)

  test('is a PDF with its pages, the font within it and the table of values attached', () => {
    const stages: ReportStage[] = []
    const data = sampleReport()
    const pdf = engine.render(data, (stage) => stages.push(stage))
    const text = latin(pdf)
    const pages = pagesOf(pdf)
    assert.ok(pages >= 15 && pages <= 32, `${pages} pages`)
    const wanted = [
      /^%PDF-1\.7/,
      /%%EOF\s*$/,
      new RegExp(`/Count ${pages}\\b`),
      /\+NotoSansBengali-Regular/,
      /\+NotoSansBengali-SemiBold/,
      /\/FontFile2/,
      /\/EmbeddedFile/,
      /report\.csv/,
    ]
    for (const one of wanted) assert.ok(one.test(text), String(one))
    assert.deepEqual([...new Set(stages.map(({ stage }) => stage))], ['rows', 'pdf'])
    assert.deepEqual(stages.at(-1), { stage: 'pdf', done: 495, of: 495 })
  })

  test('is the same, byte for byte, of the same data', () => {
    const data = { ...sampleReport(), rows: sampleReport().rows.slice(0, 30) }
    const first = engine.render(data)
    engine.render({ ...data, subject: 'অন্য' })
    assert.deepEqual(engine.render(data), first)
  })

  test('can be made where nobody is addressed, nobody has answered and nothing is asked', () => {
    const data = sampleReport()
    assert.equal(pagesOf(engine.render({ ...data, rows: [] })), 2)
    assert.equal(pagesOf(engine.render({ ...data, fields: [], rows: data.rows.slice(0, 5) })), 2)
    const bare = { ...data, letterhead: [], memo: '', subject: '', issued: null, due: null, maker: null }
    assert.equal(pagesOf(engine.render({ ...bare, rows: data.rows.slice(0, 5) })), 2)
    assert.equal(pagesOf(engine.render({ ...data, lang: 'en', mark: 'Secret', rows: data.rows.slice(0, 5) })), 2)
  })

  test('has no page for the silent alone where few or none are', () => {
    const data = sampleReport()
    for (const rows of [data.rows.slice(0, 12), data.rows.slice(0, 12).filter(({ values }) => values)])
      assert.equal(pagesOf(engine.render({ ...data, rows })), 2)
  })

  for (const text of naughty)
    test(`nothing anybody wrote is read as markup: ${JSON.stringify(text).slice(0, 40)}`, () => {
      const pages = pagesOf(engine.render(everywhere(text)))
      if (text.length < 100) assert.equal(pages, 2)
      else assert.ok(pages >= 2 && pages < 10, `${pages} pages`)
    })

  test('nor any other text', () => {
    const sign = fc.oneof(
      fc.constantFrom(...naughty.slice(0, -2)),
      fc.constantFrom(...'#$\\"`[]{}()*_=-+/@<>~\u200d\u200c'),
      anyText({ maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 5 }), (parts) => {
        assert.equal(pagesOf(engine.render(everywhere(parts.join('')))), 2)
      }),
      { numRuns: 40 },
    )
  })

  test('the template reads data and nothing else', () => {
    assert.doesNotMatch(TEMPLATE, /eval\(|import |include |plugin\(|[\u0980-\u09ff]/)
    assert.equal(JSON.parse(sheetText(layOut(everywhere('#x')))).mark, '#x')
  })

  test('the size shown while the engine comes is its size', () => {
    const path = createRequire(import.meta.url).resolve('@myriaddreamin/typst-ts-web-compiler/wasm')
    assert.equal(statSync(path).size, ENGINE_BYTES)
  })
})
