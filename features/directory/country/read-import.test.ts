import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../../core/refusal.ts'
import { anyText } from '../../../test/helpers/any-text.ts'
import { parseCsv } from './csv.ts'
import type { Fault } from './faults.ts'
import type { Import } from './import-shape.ts'
import { readImport } from './read-import.ts'

type Files = { name: string; text: string }[]
const names = ['service.csv', 'offices.csv', 'posts.csv', 'people.csv']
const examples: Files = names.map((name) => ({
  name,
  text: readFileSync(new URL(`examples/${name}`, import.meta.url), 'utf8'),
}))

function with_(name: string, change: (text: string) => string): Files {
  return examples.map((file) => (file.name === name ? { name, text: change(file.text) } : file))
}

function faultsOf(files: Files, known?: Import): Fault[] {
  try {
    readImport(files, known)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    assert.equal(error.code, 'bad_input')
    return error.details.faults as Fault[]
  }
  return []
}

/** file, row, column, fault of each, as one line. */
const shown = (faults: Fault[]) => faults.map(({ file, row, column, fault }) => `${file} ${row} ${column} ${fault}`)

test('the example files are a service of three posts', () => {
  const plan = readImport(examples)
  assert.equal(plan.service.en, 'Example District Administration')
  assert.deepEqual(
    plan.posts.map(({ code, order, mayIssue }) => [code, order, mayIssue]),
    [
      ['dc-5585', 1, true],
      ['ac-general-5585', 2, false],
      ['uno-558573', 1, true],
    ],
  )
  assert.equal(plan.offices[0]?.place, '5585')
  assert.deepEqual(plan.offices[1]?.alt, ['সাধারণ', 'General'])
  assert.deepEqual(
    plan.people[1]?.posts.map(({ charge }) => charge),
    ['regular', 'additional'],
  )
})

test('what was read from CSV reads the same from JSON', () => {
  const plan = readImport(examples)
  assert.deepEqual(readImport([{ name: 'mine.json', text: `\uFEFF${JSON.stringify(plan)}` }]), plan)
})

test('a byte-order mark, Windows line ends, blank lines and a path before the name change nothing', () => {
  const files = examples.map(({ name, text }) => ({
    name: `C:\\data\\${name.toUpperCase()}`,
    text: `\uFEFF${text.replaceAll('\n', '\r\n')}\r\n\r\n`,
  }))
  assert.deepEqual(readImport(files), readImport(examples))
})

test('names become NFC, so that both encodings of য় are one name', () => {
  const one = 'কার্যালয়'.normalize('NFC')
  const other = one.replaceAll('\u09AF\u09BC', '\u09DF')
  assert.notEqual(one, other)
  const plan = readImport(with_('offices.csv', (text) => text.normalize('NFC').replaceAll(one, other)))
  assert.ok(plan.offices[0]?.bn.includes(one))
})

test('order and English names may be left to the rows', () => {
  const posts = 'code,role,bn,office,supervisor\na,x,ক,o,\nb,x,খ,o,a\nc,x,গ,o,a\n'
  const files = [
    { name: 'offices.csv', text: 'code,bn,kind\no,দপ্তর,office\n' },
    { name: 'posts.csv', text: posts },
    { name: 'people.csv', text: 'code,bn,post\np,কেউ,\n' },
  ]
  const plan = readImport(files)
  assert.deepEqual(
    plan.posts.map(({ order }) => order),
    [1, 2, 3],
  )
  assert.equal(plan.posts[0]?.en, 'ক')
  assert.deepEqual(plan.people[0]?.posts, [])
})

test('every fault is named at once, by file, row and column', () => {
  const files = with_('posts.csv', (text) =>
    text.replace('5585,,১,হ্যাঁ', '9999,,০,perhaps').replace('dc-office-5585,dc-5585', 'no-office,nobody'),
  ).map((file) => (file.name === 'people.csv' ? { ...file, text: file.text.replace('additional', 'extra') } : file))
  assert.deepEqual(
    shown(faultsOf(files)).sort(),
    [
      'people.csv 4 charge bad_charge',
      'posts.csv 2 mayIssue bad_yes_no',
      'posts.csv 2 order bad_number',
      'posts.csv 3 office unknown_office',
      'posts.csv 3 supervisor unknown_post',
    ].sort(),
  )
})

test('a fault says in both languages what to do', () => {
  const [fault] = faultsOf(with_('posts.csv', (text) => text.replace('dc-5585,558573', 'dc-5586,558573')))
  assert.equal(fault?.value, 'dc-5586')
  assert.match(fault?.say.en ?? '', /no post "dc-5586"\. Add it/)
  assert.match(fault?.say.bn ?? '', /“dc-5586”/)
})

const single: [string, string, (text: string) => string, string][] = [
  [
    'a code used twice',
    'offices.csv',
    (text) => text.replace('general-section,', 'dc-office-5585,'),
    'offices.csv 3 code repeated_code',
  ],
  [
    'a post above itself',
    'posts.csv',
    (text) => text.replace('uno-office-558573,dc-5585', 'uno-office-558573,uno-558573'),
    'posts.csv 4 supervisor circle',
  ],
  [
    'a second top',
    'posts.csv',
    (text) => text.replace('uno-office-558573,dc-5585', 'uno-office-558573,'),
    'posts.csv 4 supervisor two_tops',
  ],
  [
    'an office within itself',
    'offices.csv',
    (text) => text.replace('field-district,,', 'field-district,uno-office-558573,'),
    'offices.csv 2 parent circle',
  ],
  ['a place nobody knows', 'offices.csv', (text) => text.replace('৫৫৮৫', '৫৫৮৬'), 'offices.csv 2 place unknown_place'],
  [
    'a wing that is not a unit',
    'posts.csv',
    (text) => text.replace('general-section', 'uno-office-558573'),
    'posts.csv 3 wing not_a_unit',
  ],
  ['a misspelt column', 'posts.csv', (text) => text.replace('wing,', 'wings,'), 'posts.csv 1 wings unknown_column'],
  ['a missing column', 'offices.csv', (text) => text.replace('kind', 'place'), 'offices.csv 1 kind missing_column'],
  ['a comma outside quotation marks', 'offices.csv', (text) => text.replaceAll('"', ''), 'offices.csv 2  wrong_cells'],
  ['an open quotation mark', 'people.csv', (text) => text.replace('রওশন', '"রওশন'), 'people.csv 2  bad_quote'],
  ['an empty name', 'people.csv', (text) => text.replace('রওশন আরা মিতু', ''), 'people.csv 2 bn missing'],
  [
    'a capital letter in a code',
    'people.csv',
    (text) => text.replace('first-officer', 'First'),
    'people.csv 2 code bad_code',
  ],
  [
    'one code with two names',
    'people.csv',
    (text) => text.replace(/Sarkar(?=,uno)/, 'Sarker'),
    'people.csv 4 bn two_names',
  ],
  [
    'one post held twice by one person',
    'people.csv',
    (text) => text.replace('Sarkar,uno-558573', 'Sarkar,ac-general-5585'),
    'people.csv 4 post repeated_holding',
  ],
  [
    'a post nobody made',
    'people.csv',
    (text) => text.replace('Sarkar,uno-558573', 'Sarkar,uno-1'),
    'people.csv 4 post unknown_post',
  ],
  [
    'a file not saved as UTF-8',
    'people.csv',
    (text) => text.replace('রওশন', '\uFFFD\uFFFD'),
    'people.csv 2 bn bad_character',
  ],
]
for (const [what, file, change, expected] of single) {
  test(`${what} is said where it stands`, () => {
    assert.deepEqual(shown(faultsOf(examples)), [])
    assert.ok(shown(faultsOf(with_(file, change))).includes(expected), shown(faultsOf(with_(file, change))).join('\n'))
  })
}

test('what refers to a refused row is not blamed as well', () => {
  const files = with_('posts.csv', (text) => text.replace('জেলা প্রশাসক,Deputy', ',Deputy'))
  assert.deepEqual(shown(faultsOf(files)), ['posts.csv 2 bn missing'])
})

test('supervision that only goes round has no top', () => {
  const files = with_('posts.csv', (text) => text.replace('dc-office-5585,,5585', 'dc-office-5585,uno-558573,5585'))
  assert.deepEqual(shown(faultsOf(files)), ['posts.csv 0 supervisor no_top', 'posts.csv 2 supervisor circle'])
})

test('missing, unknown and repeated files are named', () => {
  assert.deepEqual(
    shown(faultsOf([])),
    ['offices.csv', 'posts.csv', 'people.csv'].map((name) => `${name} 0  missing_file`),
  )
  assert.deepEqual(shown(faultsOf([...examples, { name: 'notes.txt', text: '' }])), ['notes.txt 0  unknown_file'])
  assert.deepEqual(shown(faultsOf([...examples, examples[1]!])), ['offices.csv 0  repeated_file'])
})

test('JSON faults name the list, the place in it and the field', () => {
  const plan = JSON.parse(JSON.stringify(readImport(examples)))
  plan.posts[1].extra = 1
  plan.posts[2].order = '1'
  plan.offices[0].alt = [5]
  delete plan.people[0].bn
  const faults = faultsOf([{ name: 'mine.json', text: JSON.stringify(plan) }])
  assert.deepEqual(shown(faults).sort(), [
    'mine.json 1 alt.0 not_text',
    'mine.json 1 bn missing',
    'mine.json 2 extra unknown_column',
    'mine.json 3 order bad_number',
  ])
  assert.deepEqual(shown(faultsOf([{ name: 'mine.json', text: '{' }])), ['mine.json 0  bad_json'])
  assert.deepEqual(shown(faultsOf([{ name: 'mine.json', text: '[]' }])), ['mine.json 0  not_object'])
})

test('a plan that adds to a service may name its posts, and may not use its codes again', () => {
  const known = readImport(examples)
  const further = [
    { name: 'offices.csv', text: 'code,bn,kind\nnew,নতুন দপ্তর,office\n' },
    { name: 'posts.csv', text: 'code,role,bn,office,supervisor\nnew-1,clerk,সহকারী,new,dc-5585\n' },
    { name: 'people.csv', text: 'code,bn,post\n' },
  ]
  assert.equal(readImport(further, known).posts.length, 1)
  assert.deepEqual(shown(faultsOf(further)), ['posts.csv 0 supervisor no_top', 'posts.csv 2 supervisor unknown_post'])
  assert.ok(shown(faultsOf(examples, known)).includes('offices.csv 2 code repeated_code'))
})

test('a quoted cell keeps commas, line breaks and quotation marks', () => {
  assert.deepEqual(parseCsv('a,"b, ""c""\nd"\r\n,'), {
    rows: [
      { row: 1, cells: ['a', 'b, "c"\nd'] },
      { row: 2, cells: ['', ''] },
    ],
    badQuotes: [],
  })
})

test('whatever cells are written by RFC 4180 are read back', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'ক', ',', '"', '\n', '\r', ' ') })
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (table) => {
      const text = table.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\r\n')
      assert.deepEqual(
        parseCsv(text).rows.map(({ cells }) => cells),
        table,
      )
    }),
  )
})

test('arbitrary text is read or refused, never anything else', () => {
  const wordy = fc.string({
    unit: fc.constantFrom('code', 'bn', 'post', 'office', 'a', ',', '"', '\n', ';', '১', 'ক', '\uFEFF'),
  })
  const text = fc.oneof(fc.string(), anyText(), wordy)
  const file = fc.record({ name: fc.oneof(fc.constantFrom(...names, 'x.json'), fc.string()), text })
  fc.assert(fc.property(fc.array(file, { maxLength: 5 }), (files) => void faultsOf(files)))
  const broken = fc.tuple(fc.nat(3), fc.nat(500), fc.nat(20), text)
  fc.assert(
    fc.property(broken, ([which, at, length, put]) => {
      const cut = (value: string) => value.slice(0, at) + put + value.slice(at + length)
      faultsOf(with_(names[which]!, cut))
    }),
  )
})

test('arbitrary JSON is read or refused, never anything else', () => {
  const loose = fc.record(
    {
      service: fc.oneof(fc.jsonValue(), fc.constant({ bn: 'ক', en: 'a' })),
      offices: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ code: fc.jsonValue(), bn: fc.string(), parent: fc.string() })),
      ),
      posts: fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())),
      people: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ code: fc.constantFrom('a', '__proto__'), posts: fc.jsonValue() })),
      ),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), loose), (value) => {
      const faults = faultsOf([{ name: 'x.json', text: JSON.stringify(value) }])
      for (const { say } of faults) assert.ok(say.bn && say.en)
    }),
  )
})
