import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AboutRow } from '../../client/views.ts'
import { type AboutColumn, csvOf, jsonOf, outcomeWords } from './about.ts'

const columns: AboutColumn[] = [
  { head: 'বিষয়', of: ({ subject }) => subject },
  { head: 'লগে নম্বর', of: ({ index }) => index },
]
const row: AboutRow = { what: 'answer', by: 'me', at: Date.parse('2026-11-22T06:00:00Z') }

test('a table opens in a spreadsheet: marked as UTF-8, quoted, and no field runs as a formula', () => {
  const rows = [
    { ...row, subject: 'বাঁধ, "জরুরি"', index: 7 },
    { ...row, subject: '=cmd()' },
    { ...row, subject: 'দুই\nলাইন', index: -1 },
  ]
  assert.equal(
    csvOf(columns, rows),
    '\uFEFF"বিষয়","লগে নম্বর"\r\n"বাঁধ, ""জরুরি""","7"\r\n"\'=cmd()",""\r\n"দুই\nলাইন","-1"\r\n',
  )
})

test('the same is there for programs, with whether it is all', () => {
  const read = JSON.parse(jsonOf({ at: row.at, person: 'p', rows: [row], complete: false }))
  assert.deepEqual(read, {
    person: 'p',
    taken: '2026-11-22T06:00:00.000Z',
    complete: false,
    rows: [{ ...row, time: '2026-11-22T06:00:00.000Z' }],
  })
})

test('what came of it is said in words, and a newer word is not hidden', () => {
  const outcomes = ['nobody', 'delivered', 'flood', 'teleported']
  assert.deepEqual(
    outcomes.map((outcome) => outcomeWords('en', outcome)),
    ['There was no address to send to', 'Delivered', 'Flood', 'teleported'],
  )
})
